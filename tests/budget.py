"""What each test file takes of the processors, child processes included, against its budget.

The budgets are in budget.toml, in seconds. The ten dearest files are told at the end of a run; in a
full one, a file that takes more than twice its budget makes it fail. Machines differ: a budget says
what a file may cost, not how fast it is.

A fixture of the whole session counts as the file that makes it, not as the first test that asks for
it, nor as the last, which sees it end.
"""

import contextlib
import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import fork_server

TESTS = Path(__file__).parent
BUDGETS = tomllib.loads((TESTS / "budget.toml").read_text(encoding="utf-8"))
SHOWN, TOLERANCE = 10, 2


def cpu_seconds():
    """Return the processor time of this process, of its children that have ended, and of copies."""
    return sum(os.times()[:4]) + fork_server.spent()


def budget_of(name):
    """Return the seconds that a file may take, named as tests/data/test_images.py is."""
    return BUDGETS["files"].get(name, BUDGETS["each"])


def over_budget(spent):
    """Return the files that took more than they may, the dearest first."""
    dearest = sorted(spent, key=spent.get, reverse=True)
    return [name for name in dearest if spent[name] > TOLERANCE * budget_of(name)]


class Meter:
    """Counts seconds on accounts; what one account spends within another is not counted twice."""

    def __init__(self, clock=cpu_seconds):
        self.spent, self.clock, self.within = Counter(), clock, []

    @contextlib.contextmanager
    def on(self, account):
        self._settle()
        self.within.append(account)
        try:
            yield
        finally:
            self._settle()
            self.within.pop()

    def _settle(self):
        now = self.clock()
        if self.within:
            self.spent[self.within[-1]] += now - self.since
        self.since = now


METER = Meter()
"""Of this process: `with METER.on("tests/conftest.py"):` counts what follows as that file's."""


class Budget:
    """The plugin: each worker counts, the process that started them adds up and tells."""

    def __init__(self, config):
        self.config, self.spent = config, Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        with METER.on(item.nodeid.partition("::")[0]):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        if fixturedef.scope != "session":
            return (yield)
        with METER.on(_named(fixturedef.func.__code__.co_filename)):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session):
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["spent"] = dict(METER.spent)
            return (yield)
        self.spent.update(METER.spent)
        told = yield
        if self.config.getoption("full") and over_budget(self.spent) and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return told

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.spent.update(getattr(node, "workeroutput", {}).get("spent", {}))

    def pytest_terminal_summary(self, terminalreporter):
        dearest = [(name, seconds) for name, seconds in self.spent.most_common(SHOWN) if seconds]
        if not dearest:
            return
        terminalreporter.section("processor seconds of the dearest files, and their budgets")
        for name, seconds in dearest:
            terminalreporter.line(f"{seconds:8.1f} of {budget_of(name):5}  {name}")
        for name in over_budget(self.spent) if self.config.getoption("full") else ():
            allowed = f"over twice its budget of {budget_of(name)}: {self.spent[name]:.1f}"
            terminalreporter.line(f"{name} is {allowed}", red=True)


def _named(path):
    path = Path(path)
    return path.relative_to(TESTS.parent).as_posix() if path.is_relative_to(TESTS) else path.name
