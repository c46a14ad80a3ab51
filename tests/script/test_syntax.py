"""The syntax tree of a piece of code: parsed once, and each node found again as it is written."""

import ast

import pytest

from apprenti.script.syntax import nodes_of, parsed, source_of

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
