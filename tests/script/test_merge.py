"""Short functions that are called once become lines of their caller, and compute the same."""

import ast
import textwrap

import pytest

from apprenti.script.merge import merge, without_unread_fields


def merged(**texts):
    """Return the functions, each dedented, after those that are called once were put in place."""
    return merge({name: textwrap.dedent(text).strip("\n") for name, text in texts.items()})


CALLER = """
    def caller(table):
        found = {call}
        return found, table
"""


def caller(call, **texts):
    return merged(caller=CALLER.replace("{call}", call), **texts)["caller"]


def test_the_lines_of_a_function_stand_where_it_is_called():
    called = """
        def called(path, size):
            # Halved
            half = size // 2
            return path, half
    """
    assert caller("called(table, 4)", called=called) == textwrap.dedent("""
        def caller(table):
            # Halved
            half = 4 // 2
            found = table, half
            return found, table
    """).strip("\n")


def test_what_is_returned_by_a_call_is_returned_by_its_lines():
    found = merged(
        caller="def caller(table):\n    table.sort()\n    return called(table)",
        called="def called(rows):\n    half = len(rows) // 2\n    return rows[:half]",
    )
    assert found["caller"] == textwrap.dedent("""
        def caller(table):
            table.sort()
            half = len(table) // 2
            return table[:half]
    """).strip("\n")


def test_what_a_merged_function_calls_is_merged_after_it():
    found = merged(
        caller="def caller(x):\n    found = first(x)\n    return found, x",
        first="def first(x):\n    kept = second(x)\n    return kept",
        second="def second(x):\n    return x.copy()",
    )
    assert "x.copy()" in found["caller"]


def test_a_value_stands_in_the_middle_of_an_expression():
    called = """
        def called(rows, known):
            return sorted(rows, key=known.index)
    """
    assert "found = [sorted(part, key=table.index) for part in table]" in caller(
        "[called(part, table) for part in table]", called=called
    )


def test_a_statement_without_a_value_is_put_in_place_too():
    called = """
        def called(folder, loss):
            with open(folder) as file:
                file.write(f"{loss:.4f}")
    """
    found = merged(
        caller="def caller(x, y):\n    if x:\n        called(x, y.item())", called=called
    )
    assert 'file.write(f"{y.item():.4f}")' in found["caller"]
    assert "        with open(x) as file:" in found["caller"]


@pytest.mark.parametrize(
    "called",
    [
        "def called(a):\n    table = a + 1\n    return table * 2",
        "def called(a):\n    if a:\n        return 1\n    return 2",
        "def called(a):\n    yield a",
        "@cache\ndef called(a):\n    b = a\n    return b",
        "def called(a):\n    b = called(a)\n    return b",
        "def called(a):\n" + "    a += 1\n" * 15 + "    return a",
    ],
    ids=["a name of two meanings", "two ends", "yields", "decorated", "itself", "long"],
)
def test_other_functions_are_called_as_before(called):
    assert "called(3)" in caller("called(3)", called=called)


def test_a_name_of_the_script_is_not_taken_for_one_of_the_caller():
    called = "def called(a):\n    b = table(a)\n    return b"
    assert "called(3)" in caller("called(3)", called=called, table="def table(a):\n    return a")


def test_what_is_called_twice_is_called():
    called = "def called(a):\n    return a + 1"
    assert caller("called(1) + called(2)", called=called).count("called(") == 2


def test_an_argument_that_is_read_often_is_computed_once():
    called = "def called(a):\n    b = a * a\n    return b"
    found = caller("called(len(table))", called=called)
    assert "    a = len(table)\n    b = a * a\n" in found


def test_a_sentence_keeps_the_name_under_which_it_is_translated():
    called = """
        def called(name):
            if not name:
                raise SystemExit(f"{name} is not here.")
            return name
    """
    found = caller("called(table.name)", called=called)
    assert "name = table.name" in found
    assert "{name} is not here." in found


def test_the_names_of_a_comprehension_stay_inside_it():
    called = "def called(part):\n    b = [part for table in range(3)]\n    return b"
    # The table of the caller is not that of the comprehension
    assert "part = table" in caller("called(table)", called=called)


def test_the_last_fields_that_nobody_reads_are_left_out():
    text = "class Data(NamedTuple):\n    a: int\n    b: int = 0  # why\n    c: int = 0"
    shorter = text.removesuffix("\n    c: int = 0")
    for used, left in {
        "data.c": text,
        "Data(1, 2, 3)": text,
        "data.b": shorter,
        "Data(1, 2)": shorter,
        "data.a": "class Data(NamedTuple):\n    a: int",
    }.items():
        assert without_unread_fields(text, [*ast.walk(ast.parse(used))]) == left


def test_a_merged_function_computes_the_same():
    texts = {
        "caller": "def caller(n):\n    rows = [*range(n)]\n    all = add(rows, 3)\n    return all",
        "add": "def add(values, more):\n    end = values[-1]\n    return sum(values) + end + more",
    }
    found = merge(texts)
    assert "add(" not in found["caller"]
    seen = [{}, {}]
    exec("\n\n".join(texts.values()), seen[0])
    exec(found["caller"], seen[1])
    assert seen[0]["caller"](5) == seen[1]["caller"](5) == 17
    assert isinstance(ast.parse(found["caller"]).body[0], ast.FunctionDef)


@pytest.mark.parametrize(("value", "there"), [('{"scale": 255.0}', False), ("dict(a=rows)", True)])
def test_a_function_known_by_its_name_stays_unless_it_gives_a_constant(value, there):
    found = merged(
        fit_preparation=f"def fit_preparation(rows):\n    return {value}  # Bytes",
        caller="def caller(rows):\n    known = fit_preparation(rows)\n    return known",
    )["caller"]
    assert ("fit_preparation" in found) == there
    assert ('known = {"scale": 255.0}  # Bytes' in found) == (not there)


def test_what_a_merged_function_calls_is_called_in_its_new_place_alone():
    found = merged(
        caller="def caller(x):\n    for y in x:\n        first(y)",
        first="def first(y):\n    second(y)\n    print(y)",
        second="def second(y):\n    print(-y)",
    )
    assert [*found] == ["caller"]
    assert found["caller"].splitlines()[2:] == ["        print(-y)", "        print(y)"]


INNER = """
    def called(rows, size):
        half = size // 2
        return rows.map(lambda row: row[:half])
"""


def test_a_function_inside_a_merged_one_reads_what_stays():
    assert "lambda row: row[:half]" in caller("called(table, 4)", called=INNER)


def test_a_function_inside_a_merged_one_reads_nothing_that_changes_in_a_loop():
    looping = """
        def caller(tables, size):
            for table in tables:
                found = called(table, size)
            return found
    """
    # Of each round its own half: all would read that of the last
    assert "called(table, size)" in merged(caller=looping, called=INNER)["caller"]
    reads_what_stays = INNER.replace("half = size // 2", "rows.sort()").replace("half", "size")
    assert "row[:size]" in merged(caller=looping, called=reads_what_stays)["caller"]


def test_a_constant_is_the_same_wherever_it_is_read():
    caller = """
        def caller(names):
            WORDS = "a b"
            found = called(names)
            return found
    """
    called = """
        def called(names):
            known = set(names)
            return known & {*WORDS.split()}
    """
    assert "known & {*WORDS.split()}" in merged(caller=caller, called=called)["caller"]
