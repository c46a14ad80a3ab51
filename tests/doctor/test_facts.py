"""facts.json agrees with constraints.txt and with itself, and is read without Apprenti."""

import ast
import re
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from apprenti.doctor import facts
from apprenti.doctor.decisions import decide
from apprenti.doctor.machine import Card, Machine, Package, numbers
from apprenti.doctor.plan import Plan

ROOT = Path(__file__).parents[2]
BEFORE_ANYTHING = ("machine", "facts", "plan", "gpus", "installed", "nearest", "decisions")
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


@pytest.mark.parametrize("name", BEFORE_ANYTHING)
def test_an_old_python_can_read_what_start_py_reads(name):
    path = Path(facts.__file__).with_name(f"{name}.py")
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in imported:
        names = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for each in names:
            top = each.partition(".")[0]
            assert top in sys.stdlib_module_names or each.startswith("apprenti.doctor"), each
            if top == "apprenti":
                parts = (
                    [each.rpartition(".")[2]]
                    if each.count(".") > 1
                    else [alias.name for alias in node.names]
                )
                assert set(parts) <= set(BEFORE_ANYTHING)
    assert any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in imported)


def test_the_facts_are_in_the_package():
    assert Path(facts.__file__).with_name("facts.json").is_file()


# ---- Descriptions of machines


def test_a_machine_is_read_back_as_it_was_written():
    machine = Machine.from_json(
        {
            "system": "Windows",
            "nvidia": [{"name": "RTX 4070", "driver": "581.29", "compute": "8.9"}],
            "packages": {"torch": "2.13.0+cpu", "numpy": {"version": "2.4.6"}},
            "amd": ["Radeon"],
        }
    )
    assert machine.packages["torch"] == Package("2.13.0", "cpu")
    assert Machine.from_json(machine.to_json()) == machine


@pytest.mark.parametrize(
    "wrong",
    [
        {"sytem": "Linux"},
        {"python": {"versoin": "3.12"}},
        {"nvidia": [{"nom": "RTX"}]},
        {"packages": {"torch": {"versoin": "1"}}},
    ],
)
def test_a_key_that_means_nothing_is_refused_by_its_name(wrong):
    with pytest.raises(ValueError, match=r"sytem|versoin|nom"):
        Machine.from_json(wrong)


def test_what_is_not_said_is_that_of_a_healthy_machine_of_the_system():
    assert Machine.from_json({}).libc == "glibc"
    assert Machine.from_json({"system": "Windows"}).vc_runtime
    assert Machine.from_json({"system": "Darwin"}).architecture == "arm64"
