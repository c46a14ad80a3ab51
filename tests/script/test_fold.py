"""A decided branch goes out of a script, with its comments; what is open, and all else, stays."""

import ast
import textwrap
from itertools import product

import pytest

from apprenti.script.fold import fold, settings_in


def folded(text, **fixed):
    return fold(textwrap.dedent(text).strip("\n"), fixed)


def expect(text, wanted, **fixed):
    assert folded(text, **fixed).text == textwrap.dedent(wanted).strip("\n")


# if, elif, else

CHAIN = """
def build(config):
    first()
    # Of the chain
    if config.kind == "a":
        # Of a
        a()
        more()
    # Of b's question
    elif config.kind == "b":
        # Of b
        b()
    else:
        # Of the rest
        other()
    last()
"""


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("a", ["# Of the chain", "# Of a", "a()", "more()"]),
        ("b", ["# Of b", "b()"]),
        ("c", ["# Of the rest", "other()"]),
    ],
)
def test_of_a_chain_the_branch_of_the_value_stays_with_its_own_comments(kind, lines):
    found = folded(CHAIN, kind=kind)
    written = [line.strip() for line in found.text.splitlines()]
    assert written[:2] == ["def build(config):", "first()"]
    assert [line for line in written[2:-1] if line in lines] == lines
    assert written[-1] == "last()"
    assert found.decided == {"kind"}
    # No comment of a branch that is not there
    assert not {"# Of a", "# Of b", "# Of the rest"} & {*written} - {*lines}
    ast.parse(found.text)


def test_a_branch_without_else_goes_with_the_comments_above_and_inside_it():
    text = """
    def work(config):
        before()
        # Why it is rare
        # and what it costs
        if config.rare:
            # What it does
            rare()
        # Of what follows
        after()
    """
    expect(text, "def work(config):\n    before()\n    # Of what follows\n    after()", rare=False)
    expect(
        text,
        """
        def work(config):
            before()
            # Why it is rare
            # and what it costs
            # What it does
            rare()
            # Of what follows
            after()
        """,
        rare=True,
    )


def test_a_section_that_begins_with_a_decided_branch_keeps_its_title():
    text = """
    def work(config):
        one()
        # %% Training: here
        # Why
        if config.many:
            some()
        two()
    """
    expect(text, "def work(config):\n    one()\n    # %% Training: here\n    two()", many=False)


def test_an_elif_that_is_decided_leaves_the_open_question_before_it():
    text = """
    if config.open:
        one()
    elif config.fixed:
        # Of two
        two()
    else:
        three()
    """
    expect(text, "if config.open:\n    one()\nelse:\n    # Of two\n    two()", fixed=True)
    expect(text, "if config.open:\n    one()\nelse:\n    three()", fixed=False)


def test_an_elif_without_else_that_is_false_goes_alone():
    text = "if config.open:\n    one()\nelif config.fixed:\n    two()\nthree()"
    expect(text, "if config.open:\n    one()\nthree()", fixed=False)


def test_the_question_after_a_false_one_becomes_the_first():
    text = """
    def work(config):
        if config.fixed:
            one()
        elif config.open:
            two()
        elif config.other:
            three()
        else:
            four()
    """
    expect(
        text,
        """
        def work(config):
            if config.open:
                two()
            elif config.other:
                three()
            else:
                four()
        """,
        fixed=False,
    )


def test_a_question_that_is_true_ends_the_chain():
    text = """
    if config.open:
        one()
    elif config.fixed:
        two()
    elif config.other:
        three()
    """
    expect(text, "if config.open:\n    one()\nelse:\n    two()", fixed=True)


def test_a_word_of_the_code_that_looks_like_a_keyword_is_no_keyword():
    text = 'if config.a:\n    one()\nelif config.b == "elif":\n    two("elif")'
    expect(text, 'if config.b == "elif":\n    two("elif")', a=False)


def test_branches_inside_a_branch_are_decided_too():
    text = """
    def work(config):
        if config.a:
            if config.b:
                both()
            else:
                # Of a alone
                one()
        else:
            if config.b:
                other()
        end()
    """
    wanted = {
        (True, True): "    both()\n",
        (True, False): "    # Of a alone\n    one()\n",
        (False, True): "    other()\n",
        (False, False): "",
    }
    for (a, b), lines in wanted.items():
        found = folded(text, a=a, b=b)
        assert found.text == f"def work(config):\n{lines}    end()"
        assert found.decided == {"a", "b"}


def test_several_settings_leave_what_depends_on_neither():
    text = """
    x = config.a
    if config.a == 1 and config.b == 2:
        one()
    if unknown:
        two(config.b)
    """
    expect(text, "x = config.a\none()\nif unknown:\n    two(config.b)", a=1, b=2)
    expect(text, "x = config.a\nif unknown:\n    two(config.b)", a=1, b=3)
    assert folded(text, a=1, b=2).decided == {"a", "b"}


def test_a_setting_that_decides_nothing_is_not_among_those_that_decided():
    found = folded("if config.a:\n    one()\nprint(config.b, config.c)", a=True, b=1)
    assert found.decided == {"a"}
    assert found.text == "one()\nprint(config.b, config.c)"


def test_nothing_changes_where_nothing_is_fixed():
    for text in (CHAIN, "x = 1 if config.a else 2\nfor i in config.b:\n    use(i)\n"):
        assert fold(text, {}).text == text
        assert fold(text, {"elsewhere": 1}).text == text


def test_settings_of_something_else_are_not_touched():
    text = "if other.a:\n    one()\nif self.config.a:\n    two()\nif config.a():\n    three()"
    assert folded(text, a=False).text == text


# Comparisons


@pytest.mark.parametrize("value", [0, 1, 2, 3, 10_000])
@pytest.mark.parametrize(
    "test",
    [
        "config.a == 1",
        "config.a != 1",
        "config.a < 2",
        "config.a <= 2",
        "config.a > 2",
        "config.a >= 2",
        "2 > config.a",
        "config.a in (1, 2)",
        "config.a not in [1, 2]",
        "not config.a",
        "not (config.a == 1 or config.a > 2)",
        "config.a > 1 and config.a < 10_000",
    ],
)
def test_what_is_decided_is_what_python_would_decide(test, value):
    class config:  # noqa: N801
        a = value

    text = f"if {test}:\n    said = True\nelse:\n    said = False"
    found = folded(text, a=value)
    assert found.text == f"said = {bool(eval(test, {'config': config}))}"


def test_a_test_that_asks_for_more_than_settings_stays():
    for test in ("len(config.a) > 2", "config.a == width", "1 < config.a < 3", "config.a.real"):
        text = f"if {test}:\n    one()"
        assert folded(text, a=2).text == text, test


# and, or


@pytest.mark.parametrize("fixed", [{}, {"a": True}, {"a": False}, {"a": True, "b": False}])
@pytest.mark.parametrize(
    "test",
    [
        "config.a and config.b and config.c",
        "config.a or config.b or config.c",
        "config.a and (config.b or config.c)",
        "(config.a or config.b) and config.c",
        "config.c and not config.a",
        "config.c or (config.a and config.b)",
    ],
)
def test_open_parts_are_asked_and_mean_what_the_whole_meant(test, fixed):
    text = f"if {test}:\n    said = 1\nelse:\n    said = 2"
    found = folded(text, **fixed).text
    for a, b, c in product((False, True), repeat=3):
        values = {"a": a, "b": b, "c": c, **fixed}
        assert ran(text, values) == ran(found, values), (found, values)


def ran(text, values):
    seen = {"config": type("config", (), values)}
    exec(text, seen)
    return seen["said"]


def test_a_decided_part_of_a_test_is_no_longer_asked():
    text = "if config.a and ready:\n    one()"
    expect(text, "if ready:\n    one()", a=True)
    expect(text, "", a=False)
    expect("if config.a or ready:\n    one()", "if ready:\n    one()", a=False)
    expect("if config.a or ready:\n    one()", "one()", a=True)
    expect("if a() and config.b and c():\n    one()", "if a() and c():\n    one()", b=True)


# Expressions


def test_a_choice_inside_a_line_is_made():
    text = 'x = [one("é") if config.a else two(config.b), "é" if config.c else "ü"]  # Said'
    expect(text, 'x = [one("é"), "é" if config.c else "ü"]  # Said', a=True)
    expect(text, 'x = [two(config.b), "ü"]  # Said', a=False, c=False)
    assert folded(text, a=False, c=False).decided == {"a", "c"}


def test_a_choice_inside_a_choice_is_made():
    expect("x = 1 if config.a else 2 if config.b else 3", "x = 3", a=False, b=False)
    expect("x = 1 if config.a else 2 if config.b else 3", "x = 2 if config.b else 3", a=False)


def test_a_choice_over_several_lines_is_made():
    text = """
    x = call(
        one(
            1,
        )
        if config.a
        else two(),
        3,
    )
    """
    for a in (True, False):
        found = folded(text, a=a).text
        assert ast.unparse(ast.parse(found)) == f"x = call({'one(1)' if a else 'two()'}, 3)"


# for


def test_a_loop_over_a_setting_that_is_empty_goes_with_its_comments():
    text = """
    start()
    # For each of them
    for name, kind in config.columns:
        use(name, kind)
    end()
    """
    expect(text, "start()\nend()", columns=())
    full = textwrap.dedent(text).strip("\n")
    assert folded(text, columns=(("a", "b"),)).text == full
    assert folded(text, columns=()).decided == {"columns"}


def test_a_question_whether_a_list_is_empty_is_decided():
    text = "if config.a or config.b:\n    one()\ntwo()"
    expect(text, "two()", a=(), b=[])
    expect(text, "one()\ntwo()", a=(), b=("x",))


# What is never reached


def test_what_follows_a_return_that_is_always_reached_goes():
    text = """
    def work(config):
        # Plain
        if config.plain:
            return 1
        # The long way
        x = 2
        return x
    """
    expect(text, "def work(config):\n    # Plain\n    return 1", plain=True)
    expect(text, "def work(config):\n    # The long way\n    x = 2\n    return x", plain=False)


@pytest.mark.parametrize("end", ["raise ValueError", "continue", "break", "return"])
def test_what_follows_an_end_inside_a_loop_goes_and_what_follows_the_loop_stays(end):
    text = f"""
    def work(config):
        for i in range(3):
            if config.a:
                {end}
            use(i)
        after()
    """
    wanted = f"def work(config):\n    for i in range(3):\n        {end}\n    after()"
    assert folded(text, a=True).text == wanted


def test_an_open_return_keeps_what_follows():
    text = "def f(config):\n    if ready:\n        return 1\n    return 2"
    assert folded(text, a=1).text == text


# What must stay for Python


def test_what_would_be_left_empty_says_pass():
    text = "def work(config):\n    if config.a:\n        one()"
    expect(text, "def work(config):\n    pass", a=False)
    text = (
        "def f():\n    if ready:\n        if config.a:\n            one()\n    else:\n        two()"
    )
    expect(text, "def f():\n    if ready:\n        pass\n    else:\n        two()", a=False)
    # A false elif leaves nothing empty, and so does a docstring
    text = "def f():\n    if ready:\n        two()\n    elif config.a:\n        one()"
    expect(text, "def f():\n    if ready:\n        two()", a=False)
    expect(
        'def f():\n    """F."""\n    if config.a:\n        one()', 'def f():\n    """F."""', a=False
    )


def test_brackets_stay_where_they_are_needed():
    expect("if config.a and (x or y) and z:\n    one()", "if (x or y) and z:\n    one()", a=True)
    expect("if config.a and x or config.b:\n    one()", "if config.a and x:\n    one()", b=False)
    expect("if config.a and x or config.b:\n    one()", "if x or config.b:\n    one()", a=True)
    expect("x = 3 * (a + b if config.a else 2)", "x = 3 * (a + b)", a=True)


# All blocks


def blocks_that_branch():
    from apprenti.model.catalogue import BACKENDS

    for path in sorted(BACKENDS.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.stem != "settings" and "config." in text:
            yield path.stem, text


def names_in(test):
    return {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}


def test_every_block_folds_to_code_whatever_the_settings_are():
    from apprenti.backends.common.settings import Config

    values = {
        bool: (True, False),
        int: (0, 20_000),
        float: (0.0, 1.0),
        str: ("adam", "cosine", ""),
        tuple: ((), ("x", "y")),
    }
    folds = 0
    for name, text in blocks_that_branch():
        for place in range(3):
            kinds = {field: values[type(v)] for field, v in Config._field_defaults.items()}
            fixed = {field: kind[place % len(kind)] for field, kind in kinds.items()}
            found = fold(text, fixed)
            compile(found.text, name, "exec")
            folds += bool(found.decided)
            tests = (n.test for n in ast.walk(ast.parse(found.text)) if isinstance(n, ast.If))
            # What the numbers of a training decide, compared with a setting, stays
            alone = [test for test in tests if settings_in(test) and names_in(test) == {"config"}]
            assert not [ast.unparse(test) for test in alone], name
    assert folds > 20


@pytest.mark.parametrize(
    ("test", "fixed", "asked"),
    [
        ("config.texts and config.hidden", {"texts": (), "hidden": 0.2}, {"texts"}),
        ("config.texts and config.hidden", {"texts": ("a",), "hidden": 0.2}, {"texts", "hidden"}),
        ("config.noise or config.mixup", {"noise": 0.1, "mixup": 0.2}, {"noise"}),
        (
            "(config.texts and config.hidden) or config.noise",
            {"texts": (), "hidden": 0.2, "noise": 0.1},
            {"texts", "noise"},
        ),
        ("config.texts and config.hidden or open()", {"texts": (), "hidden": 0.2}, {"texts"}),
    ],
)
def test_a_setting_behind_one_that_settles_a_test_is_not_asked_for(test, fixed, asked):
    assert folded(f"if {test}:\n    change()", **fixed).decided == asked
