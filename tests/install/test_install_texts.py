"""Every refusal and every note of an installation is said, and no text of it is left over."""

import ast
import json
import re
from pathlib import Path

import pytest

from apprenti import language
from apprenti.cli import show_install
from apprenti.install import facts, guide, pip_or_uv
from apprenti.install.decisions import decide, refused_environment
from apprenti.install.plan import Plan
from apprenti.machine.machine import Machine

DECIDE = ("decisions", "gpus", "installed", "nearest", "plan")


def constants(name):
    path = Path(facts.__file__).with_name(f"{name}.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


BUILT = {
    *(f"tensorflow_gpu_{system}" for system in ("windows", "arm")),
    *(f"{name}_has_the_card" for name in ("pytorch", "tensorflow")),
    *(f"only_{name}" for name in ("pytorch", "tensorflow")),
    "another_environment",
    "not_beside_apprenti",
}
"""The names that the code puts together, and those of the command itself."""


def test_no_text_of_the_installation_is_left_over():
    used = BUILT.union(*map(constants, DECIDE))
    texts = language.subject("install", "en")
    for group in ("refusal", "note", "nearest"):
        assert set(texts[group]) - used == set(), group
    assert set(texts["failure"]) == {*pip_or_uv.FAILURES, "pip_failed"}
    assert set(texts["device"]) == {"cpu", "cuda", "mps", "metal", "rocm"}


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_machine_is_told_everything_in_both_languages(lang):
    language.choose(lang)
    systems = {machine: name for name, machine in guide.SYSTEMS.items()}
    said = []
    for path in sorted((Path(__file__).parents[1] / "machine" / "machines").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        machine = Machine.from_json(content["machine"])
        for wanted in (["pytorch"], ["tensorflow"], ["pytorch", "tensorflow"]):
            found = refused_environment(machine) or decide(machine, wanted, content.get("gpu"))
            if isinstance(found, Plan):
                said += [language.say(f"install.note.{n.key}", **n.values) for n in found.notes]
            else:
                error = show_install.refuse(found, systems[machine.system], wanted[0])
                assert all(error.parts()), path.name
                said += error.parts()
    assert len(said) > 200
    assert not [text for text in said if re.search(r"[{}]|None", text)]
