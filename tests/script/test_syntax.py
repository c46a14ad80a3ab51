"""The syntax tree of a piece of code: parsed once, and each node found again as it is written."""

import ast

import pytest

from apprenti.script.syntax import branches_of, nodes_of, parsed, source_of

TEXT = """def tell(name):
    print(f"été {name}", sep="à")
    values = [
        name,
        len("œuf"),
    ]
    return values
"""


@pytest.mark.parametrize("text", [TEXT, "x = 'é' + y", "x = (1,\n  'é', 2)[0]\n"])
def test_a_node_is_returned_as_it_is_written(text):
    nodes = [node for node in nodes_of(text) if isinstance(node, ast.expr | ast.stmt)]
    assert [source_of(text, node) for node in nodes] == [
        ast.get_source_segment(text, node) for node in nodes
    ]


def test_a_text_has_one_tree_and_the_nodes_of_that_tree():
    assert parsed(TEXT) is parsed("".join(TEXT))
    assert nodes_of(TEXT)[0] is parsed(TEXT)


def test_the_nodes_are_those_of_the_standard_library_in_their_order():
    assert list(nodes_of(TEXT)) == list(ast.walk(parsed(TEXT)))


def test_statements_that_stand_together_are_found_however_deep():
    text = """def tell(name):
    try:
        for word in name:
            print(word)
        else:
            print(1)
    except OSError:
        print(2)
    finally:
        with name:
            print(3)
    return lambda: 4 if name else 5
"""
    tree = parsed(text)
    every = [getattr(n, name, None) for n in ast.walk(tree) for name in ("body", "orelse")]
    every += [n.finalbody for n in ast.walk(tree) if isinstance(n, ast.Try)]
    wanted = [found for found in every if isinstance(found, list) and found]
    statements = [found for found in branches_of(text) if isinstance(found[0], ast.stmt)]
    assert len(statements) == len(wanted) == 8
    assert all(any(one is other for other in statements) for one in wanted)
