"""The short form of a script computes what its long form does, and calls nothing only once."""

import ast
import textwrap

import pytest

from apprenti.script.flatten import Definition, flatten


def definitions(text):
    """Return what stands at the top of a module, each with the comments above it."""
    text = textwrap.dedent(text).strip("\n")
    lines, found, end = text.splitlines(), {}, 0
    for node in ast.parse(text).body:
        names = [getattr(node, "name", None)]
        if isinstance(node, ast.Assign):
            names = [n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)]
        above = "\n".join(lines[end : node.end_lineno]).strip("\n")
        end = node.end_lineno
        for name in names:
            found[name] = Definition(above, f"Section of {name}.")
    return found


def flat(text):
    return "\n".join(piece.text for piece in flatten(definitions(text)))


def result(text, config=None):
    """Run a flat script, and return its names."""
    seen = {"config": config, "NamedTuple": __import__("typing").NamedTuple}
    exec(flat(text), seen)
    return seen


def defined(text):
    tree = ast.parse(flat(text))
    return [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]


# Functions that are called once


def test_the_lines_of_a_function_stand_where_it_was_called():
    text = """
    def double(number):
        # Twice as much
        larger = number * 2
        return larger


    def main(config):
        start = 3
        larger = double(start)
        end = larger + 1
    """
    assert flat(text) == ("start = 3\n# Twice as much\nlarger = start * 2\nend = larger + 1")
    assert result(text)["end"] == 7


def test_a_function_that_is_called_twice_stays_and_stands_first():
    text = '''
    def main(config):
        one = double(1)
        two = double(one)


    def double(number):
        """Return twice as much."""
        larger = number * 2
        return larger
    '''
    assert defined(text) == ["double"]
    assert flat(text).startswith("def double(number):\n    larger")
    assert result(text)["two"] == 4


def test_a_function_that_is_one_expression_becomes_it_wherever_it_is_called():
    text = """
    def as_rows(inputs, width):
        # A long row
        return [x * width for x in inputs]


    def main(config):
        one = as_rows(range(2), 3)
        two = as_rows(one, 5)
    """
    assert defined(text) == []
    # What is said of it is said once
    assert flat(text) == (
        "# A long row\none = [x * 3 for x in range(2)]\ntwo = [x * 5 for x in one]"
    )
    assert result(text)["two"] == [0, 15]


def test_an_expression_that_is_a_call_is_put_in_place_too():
    text = """
    def build(width):
        # What it is made of
        parts = [width] * 2
        return sum(parts)


    def build_model(config, width):
        return build(width)


    def main(config):
        model = build_model(config, 4)
    """
    assert flat(text) == "# What it is made of\nparts = [4] * 2\nmodel = sum(parts)"


def test_calls_inside_calls_are_put_in_place_too():
    text = """
    def inner(a):
        b = a + 1
        return b


    def outer(a):
        b = inner(a)
        c = b * 10
        return c


    def main(config):
        a = 1
        c = outer(a)
    """
    assert defined(text) == []
    assert flat(text) == "a = 1\nb = a + 1\nc = b * 10"


def test_an_argument_keeps_its_value_beside_what_binds_closer():
    text = """
    def nearest(places, wanted):
        return min(places, key=lambda place: abs(place - wanted))


    def main(config):
        before = [1, 4, 7]
        first = nearest(before, 9 - 4)
        last = nearest([1, 4, 7], max(before) - 1)
    """
    assert result(text)["first"] == 4
    # Brackets stand where they change something
    assert "abs(place - (9 - 4))" in flat(text)
    assert result(text)["last"] == 7


def test_an_expression_that_a_function_calls_too_stays_a_function_for_it():
    text = """
    def halved(size):
        return size // 2


    def shrink(size):
        while size > 3:
            size = max(1, halved(size))
        return size


    def main(config):
        first = halved(20)
        sizes = [shrink(first), shrink(9)]
    """
    assert defined(text) == ["halved", "shrink"]
    assert result(text)["sizes"] == [2, 2]


def test_an_argument_that_is_needed_once_is_written_in_its_place():
    text = """
    def area(width, height):
        small = width < 3
        return small, width * height


    def main(config):
        small, size = area(config.width, 7 + 2)
    """
    assert "height = " not in flat(text)
    # What is needed twice gets its name
    assert "width = config.width" in flat(text)


def test_the_lines_of_a_function_stand_in_the_loop_that_calls_it():
    text = """
    def double(number):
        larger = number * 2
        return larger + 1


    def main(config):
        found = {}
        for number in range(3):
            found[number] = double(number)
    """
    assert defined(text) == []
    assert result(text)["found"] == {0: 1, 1: 3, 2: 5}


def test_what_a_function_returns_from_another_one_is_put_in_place_too():
    text = """
    def read(path):
        rows = [path, path]
        return tidy(rows)


    def tidy(rows):
        kept = rows[:1]
        return kept + kept


    def main(config):
        table = read("a")
        found = table * 2
    """
    assert defined(text) == []
    assert result(text)["found"] == ["a"] * 4


def test_what_is_inside_a_larger_expression_stays_a_function():
    text = """
    def double(number):
        larger = number * 2
        return larger


    def main(config):
        found = []
        for number in range(3):
            found.append(double(number))
    """
    assert defined(text) == ["double"]
    assert result(text)["found"] == [0, 2, 4]


@pytest.mark.parametrize(
    "body",
    [
        "if number:\n            return 1\n        return 2",
        "yield number",
        "for i in range(3):\n            return i",
    ],
)
def test_a_function_with_several_ends_stays_a_function(body):
    text = f"""
    def chosen(number):
        {body}


    def main(config):
        kept = chosen(3)
    """
    assert defined(text) == ["chosen"]


def test_a_decorated_function_stays_a_function():
    text = """
    def loud(function):
        return function


    @loud
    def double(number):
        larger = number * 2
        return larger


    def main(config):
        kept = double(2)
    """
    assert "double" in defined(text)
    assert result(text)["kept"] == 4


def test_constants_stand_before_what_uses_them():
    text = """
    TRAIN, VALID = range(2)
    # How far
    LIMIT = 3
    UNUSED = 4


    def within(number):
        inside = number < LIMIT
        return inside


    def main(config):
        number = VALID
        inside = within(number)
    """
    made = flat(text)
    assert "UNUSED" not in made
    assert made.index("TRAIN, VALID = range(2)") < made.index("number = VALID")
    assert made.index("# How far\nLIMIT = 3") < made.index("inside = ")
    assert made.count("TRAIN, VALID") == 1
    assert result(text)["inside"] is True


def test_letters_that_are_several_bytes_are_counted_as_one():
    text = """
    def named(letter):
        # é à 🎈
        return {"é🎈": letter, "ü": letter}


    def main(config):
        kept = named("ö" * 2)
    """
    assert result(text)["kept"] == {"é🎈": "öö", "ü": "öö"}


# Sections


def test_pieces_go_under_the_section_of_the_function_they_come_from():
    text = """
    def double(number):
        larger = number * 2
        return larger


    def main(config):
        number = 3
        larger = double(number)
        # %% Training: here it is
        end = larger
        last = double_again(end)


    def double_again(end):
        last = end * 2
        return last
    """
    pieces = [piece for piece in flatten(definitions(text)) if piece.text]
    sections = {piece.text: piece.section for piece in pieces}
    assert sections["larger = number * 2"] == "Section of double."
    assert sections["end = larger"] == "Training: here it is"
    # What main has named holds for all that follows
    assert sections["last = end * 2"] == "Training: here it is"


def test_of_several_values_only_those_with_another_name_are_written():
    text = """
    def read(path):
        values = [path, 1]
        return values, [2], path


    def main(config):
        values, labels, _ = read("here")
        last = labels[-1] + len(values)
    """
    made = flat(text)
    assert "labels = [2]" in made
    assert "values, labels" not in made and "_ =" not in made
    assert result(text)["last"] == 4


# Names


def test_a_name_in_two_senses_is_refused():
    text = """
    def inner(a):
        total = a + 1
        return total * 2


    def main(config):
        total = 5
        other = inner(total)
        last = total + other
    """
    with pytest.raises(ValueError, match=r"total of .*inner.* is read in main"):
        flat(text)


def test_a_name_that_both_mean_alike_is_accepted():
    text = """
    def inner(total):
        larger = total + 1
        return larger


    def main(config):
        total = 5
        larger = inner(total)
        last = total + larger
    """
    assert result(text)["last"] == 11


def test_a_constant_that_no_line_reads_is_left_out():
    text = """
    def read(path):
        values = [1]
        return values


    def main(config):
        path = None
        values = read(path)
        last = values[-1]
    """
    assert flat(text) == "values = [1]\nlast = values[-1]"
    # What is computed stays: it may do something besides
    assert "path = str(config)" in flat(text.replace("None", "str(config)"))


def test_a_constant_that_is_put_into_a_dictionary_stays():
    text = """
    def build(size):
        options = {"size": size}
        options["kind"] = "small"
        return options


    def main(config):
        made = build(config.size)
        print(made)
    """
    assert 'options["kind"] = "small"' in flat(text)


def test_a_dictionary_of_constants_that_no_line_reads_is_left_out():
    text = """
    def fit(rows):
        return {"scale": 255.0}


    def prepare(rows, fitted):
        return [row * 2 for row in rows]


    def main(config):
        rows = [1]
        fitted = fit(rows)
        prepared = prepare(rows, fitted)
    """
    assert flat(text) == "rows = [1]\nprepared = [row * 2 for row in rows]"
    # One that is computed stays
    assert "fitted = {" in flat(text.replace("255.0", "len(rows)"))


def test_a_comment_beside_a_value_goes_with_it_where_there_is_room():
    text = """
    def fit(rows):
        return max(rows)  # The largest


    def main(config):
        first = fit([1])
        second = fit([2])
        print(first, second)
    """
    lines = flat(text).splitlines()
    assert lines[:2] == ["first = max([1])  # The largest", "second = max([2])"]
    long = flat(text.replace("The largest", "The largest " * 10)).splitlines()
    assert long[0] == "first = max([1])"


# Real scripts


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow", "sklearn"])
def test_a_flat_script_of_the_blocks_begins_with_what_is_called_often(framework):
    from apprenti.model.catalogue import Material, essential_blocks
    from apprenti.script.assemble import assemble

    blocks = essential_blocks(framework, "mlp", Material("digits", (8, 8)))
    text = assemble(blocks, {"train": 1000}, "T", flat=True).text
    tree = ast.parse(text)
    kinds = [isinstance(n, ast.FunctionDef) for n in tree.body]
    # After the first line that computes, no function is defined any more
    first = next(i for i, n in enumerate(tree.body) if ast.unparse(n) == "config = Config()")
    assert not any(kinds[first:])
    assert "def main" not in text
    assert "__main__" not in text


def test_the_few_lines_of_the_target_are_no_section_of_their_own():
    from apprenti.model.catalogue import Material, essential_blocks
    from apprenti.script.assemble import assemble

    blocks = essential_blocks("pytorch", "mlp", Material("digits", (8, 8)))
    lines = assemble(blocks, {"train": 1000}, "T", flat=True).text.splitlines()
    (place,) = (n for n, line in enumerate(lines) if line.startswith("# Target: a class."))
    assert lines[place - 1] != ""
    assert not any(line.startswith("# %% Target") for line in lines)
