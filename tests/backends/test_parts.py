"""The file of a model holds the parts of that model, and nothing that could run."""

import contextlib
import importlib
import json
import sys
import zipfile

import numpy as np
import pytest
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn import linear
from apprenti.backends.sklearn.parts import open_parts
from apprenti.model.catalogue import OFFERED

SETTINGS = Config(n_estimators=3, hidden_units=(4,), iterations=20)
STARTS = ("sklearn.utils._testing", "check_output")
"""A function that starts a program, where scikit-learn has it for its own tests."""


def fitted(kind, task, columns=3):
    block = importlib.import_module(f"apprenti.backends.sklearn.{kind}")
    random = np.random.default_rng(0)
    inputs = random.normal(size=(300, columns)).astype(np.float32)
    targets, classes = random.normal(size=300).astype(np.float32), {}
    if task == "classifier":
        targets = random.integers(0, 3, 300)
        classes = {"classes": np.arange(3)} if kind == "mlp" else {}
    model = block.build_model(SETTINGS._replace(regression=task == "regressor"), 300)
    learn = model.partial_fit if kind == "mlp" else model.fit
    return learn(inputs, targets, **classes), block.PARTS, inputs


@pytest.mark.parametrize("task", ["classifier", "regressor"])
@pytest.mark.parametrize("kind", OFFERED["sklearn"])
def test_every_model_is_opened_again(kind, task, tmp_path):
    for columns in (3, 20):
        model, parts, inputs = fitted(kind, task, columns)
        skops.io.dump(model, tmp_path / "model.skops")
        opened = open_parts(tmp_path / "model.skops", parts)
        np.testing.assert_array_equal(opened.predict(inputs), model.predict(inputs))


def test_the_model_of_another_kind_is_refused(tmp_path):
    model, _, _ = fitted("tree", "classifier")
    skops.io.dump(model, tmp_path / "model.skops")
    with pytest.raises(UntrustedTypesFoundException, match="DecisionTreeClassifier"):
        open_parts(tmp_path / "model.skops", linear.PARTS)


# Files made to do harm


def node(loader, module, name, **more):
    return {"__loader__": loader, "__module__": module, "__class__": name, "__id__": 0, **more}


def plain(value):
    return node("JsonNode", "builtins", "str", content=json.dumps(value), is_json=True)


def several(*nodes, loader="TupleNode", name="tuple", module="builtins"):
    return node(loader, module, name, content=list(nodes))


def named(content, **more):
    keys = several(*[node("TypeNode", "builtins", "str")] * len(content), loader="ListNode")
    keys["__class__"] = "list"
    return node("DictNode", "builtins", "dict", content=content, key_types=keys, **more)


def unnumbered(value):
    """Number the nodes, for skops takes two of one number for one."""
    nodes = [value]
    for number, one in enumerate(nodes, start=1):
        if isinstance(one, dict) and one.get("__id__") == 0:
            one["__id__"] = number
        nodes += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
    return value


def trap(command, module=STARTS[0], name=STARTS[1]):
    return node("ConstructorFromReduceNode", module, name, content=several(plain(command)))


def model_with(**attributes):
    """Return a model whose attributes are given as skops writes them."""
    content = named(attributes)
    return node(
        "ObjectNode", "sklearn.linear_model._logistic", "LogisticRegression", content=content
    )


def loss(command):
    content = {"args": several(plain(command))}
    return node("LossNode", *STARTS, __reduce__=content, content=named({}))


FUNCTION = node("FunctionNode", *STARTS)

HARMFUL = {
    "itself": trap,
    "as an attribute": lambda command: model_with(coef_=trap(command)),
    "in a dict": lambda command: model_with(coef_=named({"a": trap(command)})),
    "in a list": lambda command: several(trap(command), loader="ListNode", name="list"),
    "in a tuple": lambda command: model_with(coef_=several(plain(1), several(trap(command)))),
    "in a set": lambda command: several(trap(command), loader="SetNode", name="set"),
    "in an array of objects": lambda command: node(
        "NdArrayNode",
        "numpy",
        "ndarray",
        type="json",
        content=[trap(command)],
        shape=several(plain(1)),
    ),
    "in the shape of an array": lambda command: node(
        "NdArrayNode", "numpy", "ndarray", type="json", content=[], shape=trap(command)
    ),
    "as the class of an array": lambda command: node(
        "NdArrayNode", *STARTS, type="json", content=[plain(command)], shape=plain([1])
    ),
    "as the class of a list": lambda command: several(
        *map(plain, command), loader="ListNode", module=STARTS[0], name=STARTS[1]
    ),
    "as the class of a set": lambda command: several(
        *map(plain, command), loader="SetNode", module=STARTS[0], name=STARTS[1]
    ),
    "as the type of a key": lambda command: node(
        "DictNode",
        "builtins",
        "dict",
        content={command[-1]: plain(0)},
        key_types=several(node("TypeNode", *STARTS)),
    ),
    "as a loss": loss,
    "as a partial": lambda command: node(
        "PartialNode",
        "functools",
        "partial",
        content={
            "func": FUNCTION,
            "args": several(plain(command)),
            "kwds": named({}),
            "namespace": plain(None),
        },
    ),
    "as a function": lambda command: FUNCTION,
    "as a function of protocol 0": lambda command: {
        **FUNCTION,
        "content": {"module_path": STARTS[0], "function": STARTS[1]},
        "protocol": 0,
    },
    "as a method": lambda command: node(
        "MethodNode",
        "sklearn.linear_model._logistic",
        "LogisticRegression",
        content={"func": "fit", "obj": model_with()},
    ),
    "as an operator": lambda command: node(
        "OperatorFuncNode", "operator", "methodcaller", attrs=several(plain("system"))
    ),
    "as a factory": lambda command: node(
        "DefaultDictNode",
        "collections",
        "defaultdict",
        content={"main": named({}), "default_factory": FUNCTION},
    ),
    "as a reduction": lambda command: node(
        "ReduceNode", *STARTS, __reduce__={"args": several(plain(command))}, content=named({})
    ),
    "as a generator of random numbers": lambda command: node(
        "RandomGeneratorNode",
        "numpy.random._generator",
        "Generator",
        content={"bit_generator": named({"bit_generator": plain("seed")}), "seed_seq": named({})},
    ),
    "behind a reference": lambda command: several(
        trap(command), {**node("CachedNode", "builtins", "str"), "__id__": 2}
    ),
    "under a number that was seen": lambda command: several(
        plain(1), {**trap(command), "__id__": 2}
    ),
    "by another way through the module": lambda command: trap(
        command, "sklearn.utils", "_testing.check_output"
    ),
    "in capitals": lambda command: trap(command, "SKLEARN.utils._testing"),
    "from the module that has it": lambda command: trap(command, "subprocess"),
    "with the name of a part": lambda command: {
        **model_with(),
        "__module__": STARTS[0],
        "content": several(plain(command)),
    },
    "with a list for a name": lambda command: {**trap(command), "__class__": [STARTS[1]]},
    "with a list for a way": lambda command: {**trap(command), "__loader__": ["ObjectNode"]},
    "with nothing for a way": lambda command: {**trap(command), "__loader__": None},
    "with a node for a way": lambda command: named({"__loader__": trap(command)}),
    "under a name of its own": lambda command: {
        **model_with(),
        "hidden": [{"deep": trap(command)}],
    },
}


@pytest.fixture
def armed(tmp_path):
    """Return a command that leaves a mark, and the mark."""
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    return [str(program)], mark


def write(path, *schemas, members=()):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
        for schema in schemas:
            archive.writestr("schema.json", schema)
    return path


def text_of(schema):
    return json.dumps({"protocol": 2, "_skops_version": "0.16.0", **unnumbered(schema)})


@pytest.mark.skipif(sys.platform == "win32", reason="the program that leaves the mark is of sh")
@pytest.mark.filterwarnings("ignore:Trying to unpickle")
@pytest.mark.parametrize("where", ["itself", "as the class of a list", "as an attribute"])
def test_without_the_look_at_its_parts_a_harmful_file_runs_a_program(where, armed, tmp_path):
    command, mark = armed
    made = write(tmp_path / "model.skops", text_of(HARMFUL[where](command)))
    foreign = skops.io.get_untrusted_types(file=made)
    with contextlib.suppress(AttributeError):
        skops.io.load(made, trusted=[name for name in foreign if name.startswith("sklearn.")])
    assert mark.exists()


@pytest.mark.parametrize("where", HARMFUL)
def test_nothing_in_a_harmful_file_is_run(where, armed, tmp_path):
    command, mark = armed
    made = write(tmp_path / "model.skops", text_of(HARMFUL[where](command)))
    with pytest.raises(UntrustedTypesFoundException):
        open_parts(made, linear.PARTS)
    assert not mark.exists()


def test_of_a_key_that_is_there_twice_the_one_that_counts_is_looked_at(armed, tmp_path):
    command, mark = armed
    honest = '"__loader__": "JsonNode", "__module__": "builtins", "__class__": "str"'
    harmful = text_of(trap(command))[1:]
    made = write(tmp_path / "model.skops", f"{{{honest}, {harmful}")
    with pytest.raises(UntrustedTypesFoundException):
        open_parts(made, linear.PARTS)
    made = write(tmp_path / "model.skops", f'{{{harmful[:-1]}, {honest}, "content": "1"}}')
    assert open_parts(made, linear.PARTS) == 1
    assert not mark.exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_schemas_the_one_that_counts_is_looked_at(armed, tmp_path):
    command, mark = armed
    honest, harmful = text_of(plain(1)), text_of(trap(command))
    with pytest.raises(UntrustedTypesFoundException):
        open_parts(write(tmp_path / "model.skops", honest, harmful), linear.PARTS)
    assert open_parts(write(tmp_path / "model.skops", harmful, honest), linear.PARTS) == 1
    assert not mark.exists()


def test_a_file_that_would_grow_is_refused(tmp_path):
    path, array = tmp_path / "model.skops", b"\x93NUMPY" + bytes(1_000_000)
    node_of_it = node("NdArrayNode", "numpy", "ndarray", type="numpy", file="a.npy")
    many = text_of(several(*[dict(node_of_it) for _ in range(100)]))
    with pytest.raises(zipfile.BadZipFile):
        open_parts(write(path, many, members=[("a.npy", array)]), linear.PARTS)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", text_of(plain("0" * 10_000_000)))
    with pytest.raises(zipfile.BadZipFile):
        open_parts(path, linear.PARTS)


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04.", bytes(100)])
def test_what_is_no_such_file_is_an_error(content, tmp_path):
    (tmp_path / "model.skops").write_bytes(content)
    with pytest.raises(zipfile.BadZipFile):
        open_parts(tmp_path / "model.skops", linear.PARTS)


@pytest.mark.parametrize(
    "schema", ["", "[]", "1", "{", "[" * 100_000, '{"__loader__": "JsonNode"}']
)
def test_a_schema_that_is_none_is_an_error(schema, tmp_path):
    with pytest.raises((ValueError, KeyError, RecursionError, TypeError, AttributeError)):
        open_parts(write(tmp_path / "model.skops", schema), linear.PARTS)
