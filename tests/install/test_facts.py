"""facts.json agrees with constraints.txt and with itself, and is read without Apprenti."""

import ast
import re
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from apprenti.install import facts
from apprenti.install.decisions import decide
from apprenti.install.plan import Plan
from apprenti.machine.machine import Card, Machine, Package, numbers

ROOT = Path(__file__).parents[2]
DECISIONS = ("facts", "plan", "gpus", "installed", "nearest", "decisions", "pip_or_uv")
BEFORE_ANYTHING = ("machine.machine", *(f"install.{name}" for name in DECISIONS))
"""The modules that start.py reads, with the Python that it happens to be given."""


def pins():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE))


def test_the_tested_versions_are_those_of_the_constraints():
    assert {name: pins().get(name) for name in facts.TESTED} == facts.TESTED


def test_the_facts_know_the_pinned_frameworks_for_every_python_of_the_project():
    oldest, newest = (numbers(line) for line in facts.APPRENTI_PYTHON)
    for framework, package in facts.PACKAGES.items():
        known = [r for r in facts.releases(framework) if r.version == pins()[package]]
        assert len(known) == 1, f"{package} {pins()[package]} is not in facts.json"
        least, most = (numbers(line) for line in known[0].python)
        assert least <= oldest and newest <= most
    assert pins()["tensorflow"] == pins()["tensorflow-cpu"]


def test_the_python_of_the_project_is_that_of_the_facts():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (oldest, newest) = facts.APPRENTI_PYTHON
    after = "{}.{}".format(*numbers(newest)[:1], numbers(newest)[1] + 1)
    assert project["requires-python"] == f">={oldest},<{after}"
    assert set(facts.SAFEST_PYTHON) <= {"3.11", "3.12", "3.13"}


def test_no_pair_of_pinned_versions_is_said_not_to_go_together():
    packages = {name: Package(version) for name, version in pins().items()}
    assert facts.broken_pairs(packages) == []


def test_no_pinned_version_is_newer_than_the_facts():
    newer = {n: v for n, v in pins().items() if facts.is_newer_than_the_facts(n, v)}
    assert newer == {}


@pytest.mark.parametrize("system", ["Linux", "Windows", "Darwin"])
@pytest.mark.parametrize("python", ["3.11.9", "3.12.8", "3.13.1"])
def test_every_python_of_the_project_gets_the_pinned_versions(system, python):
    plan = decide(Machine.from_json({"system": system, "python": {"version": python}}))
    assert isinstance(plan, Plan)
    assert {part.version for part in plan.parts} == {pins()["torch"], pins()["tensorflow"]}


def test_the_facts_have_their_day_and_their_sources():
    assert date.fromisoformat(facts.AS_OF) >= date(2026, 11, 22)
    rows = [*facts.FACTS["cuda"], *facts.FACTS["pairs"], *facts.FACTS["sizes"]]
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_releases_go_from_the_newest_to_the_oldest(framework):
    found = [facts.numbers_of_release(r.version) for r in facts.releases(framework)]
    assert found == sorted(found, reverse=True)
    final = [r.version for r in facts.releases(framework) if not r.prerelease]
    assert final[0] == facts.LATEST[facts.PACKAGES[framework]]


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("6.31.1", ">=6.31.1,<8", True),
        ("8.0", ">=6.31.1,<8", False),
        ("2.22.0rc0", ">=2.22", True),
        ("2.13.0+cu130", "==2.13", True),
        ("82", "<82", False),
        ("1.26.4", "!=1.26.4", False),
        ("2", "<=2.0.0", True),
        ("2.1", ">2.1.0", False),
    ],
)
def test_a_version_is_compared_with_a_range(version, wanted, expected):
    assert facts.satisfies(version, wanted) is expected


def test_a_range_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="about 2"):
        facts.satisfies("2.0", "about 2")


@pytest.mark.parametrize(
    ("kernel", "card", "expected"),
    [("8.6", "8.9", True), ("9.0", "8.9", False), ("6.0", "6.1", True), ("12.0", "10.0", False)],
)
def test_code_runs_on_later_cards_of_the_same_generation(kernel, card, expected):
    assert facts.runs_on(kernel, card) is expected


def test_a_blackwell_card_needs_a_later_driver_for_cuda_12():
    old, new = (Card("RTX 5090", driver, "12.0") for driver in ("560.1", "575.1"))
    assert not facts.driver_suffices(old, "12.8", "Linux")
    assert facts.driver_suffices(new, "12.8", "Linux")
    assert not facts.driver_suffices(new, "13.0", "Linux")


# ---- What start.py reads before anything is installed


def imported_by(tree):
    """The modules that a file imports, `from package import module` written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module.count(".") == 1:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("name", BEFORE_ANYTHING)
def test_an_old_python_can_read_what_start_py_reads(name):
    path = ROOT / "src" / "apprenti" / f"{name.replace('.', '/')}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    modules = list(imported_by(tree))
    assert "__future__" in modules
    for each in modules:
        ours = each.removeprefix("apprenti.") in BEFORE_ANYTHING
        assert ours or each.partition(".")[0] in sys.stdlib_module_names, each


def test_the_facts_are_in_the_package():
    assert Path(facts.__file__).with_name("facts.json").is_file()
