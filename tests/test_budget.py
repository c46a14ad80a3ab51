"""The budgets of the test files: seconds go to the right account, and too many are told."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import budget

TESTS = Path(budget.__file__).parent


@pytest.fixture
def meter():
    """A meter whose clock stands where it is put: meter.now."""
    made = budget.Meter(clock=lambda: made.now)
    made.now = 0
    return made


def test_what_passes_within_goes_to_the_inner_account_alone(meter):
    meter.now = 5
    with meter.on("outer"):
        meter.now = 7
        with meter.on("inner"):
            meter.now = 10
        meter.now = 11
    meter.now = 50
    assert meter.spent == {"outer": 3, "inner": 3}


def test_an_error_closes_its_account(meter):
    with pytest.raises(ValueError, match="oh"), meter.on("one"):
        meter.now = 2
        raise ValueError("oh")
    meter.now = 9
    assert meter.spent == {"one": 2}


def test_a_file_is_over_its_budget_beyond_twice_of_it():
    assert budget.over_budget(Counter({"tests/x.py": 2 * budget.budget_of("tests/x.py")})) == []
    dear = {"tests/x.py": 1000, "tests/test_start.py": 2000, "tests/test_errors.py": 1}
    assert budget.over_budget(Counter(dear)) == ["tests/test_start.py", "tests/x.py"]


def test_every_file_with_a_budget_is_there_and_needs_one():
    for name, seconds in budget.BUDGETS["files"].items():
        assert (TESTS.parent / name).is_file(), name
        assert seconds > budget.BUDGETS["each"], name


@pytest.mark.skipif(os.name == "nt", reason="Windows does not add up the time of children")
def test_the_time_of_children_counts():
    before = budget.cpu_seconds()
    code = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert budget.cpu_seconds() - before > 0.2


RUN = """
import pytest

@pytest.mark.slow
def test_slow():
    pass

@pytest.mark.parametrize("number", range(3))
def test_dear(number):
    sum(range(2_000_000))
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_tells_the_dearest_files_and_a_full_one_fails_over_budget(pytester_of, workers):
    fast = pytester_of("-n", workers)
    assert fast.returncode == 0, fast.stdout
    assert "3 passed" in fast.stdout
    assert " of     0  tests/test_one.py" in fast.stdout
    full = pytester_of("-n", workers, "--full")
    assert full.returncode == 1
    assert "4 passed" in full.stdout
    assert "tests/test_one.py is over twice its budget of 0" in full.stdout


@pytest.mark.slow
def test_workers_begin_with_the_dearest_files(pytester_of, tmp_path):
    for name in ("test_cheap.py", "test_zz.py"):
        shutil.copyfile(tmp_path / "tests" / "test_one.py", tmp_path / "tests" / name)
    told = '[files]\n"tests/test_zz.py" = 9\n"tests/test_one.py" = 3\n'
    (tmp_path / "tests" / "budget.toml").write_text(f"each = 0\n{told}", encoding="utf-8")
    said = pytester_of("-n", "1", "-v").stdout
    begun = re.findall(r"^tests/(test_\w+)\.py::\S+ $", said, re.MULTILINE)
    assert list(dict.fromkeys(begun)) == ["test_zz", "test_one", "test_cheap"]


@pytest.fixture
def pytester_of(tmp_path):
    """pytester_of("--full"): run pytest on a file of its own, with no budget at all."""
    tests = tmp_path / "tests"
    tests.mkdir()
    for name in ("conftest.py", "budget.py", "fork_server.py", "sizes.py"):
        shutil.copyfile(TESTS / name, tests / name)
    (tests / "budget.toml").write_text("each = 0\n[files]\n", encoding="utf-8")
    (tests / "test_one.py").write_text(RUN, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow: long\n", encoding="utf-8")

    def run(*words):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words, "tests"]
        variables = {n: v for n, v in os.environ.items() if not n.startswith("PYTEST")}
        return subprocess.run(
            command, cwd=tmp_path, env=variables, capture_output=True, encoding="utf-8"
        )

    return run
