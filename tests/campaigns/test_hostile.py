"""Hostile inputs are refused with a message or accepted, and nothing else."""

import contextlib
import re
import sys

import hostile
import pytest

from apprenti import language, outside
from apprenti.cli import show
from apprenti.data import source
from apprenti.data.kinds import arrays

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="pipes, devices and copies of Linux"),
    # A command tells a warning, and goes on
    pytest.mark.filterwarnings("default"),
]

FEW, MANY = 104, 1300


def faults(outcomes):
    return {
        f"{one.kind}-{one.number} {one.name!a}: {one.what}\n{one.said}"
        for one in outcomes
        if one.what in hostile.FAULTS
    }


@pytest.mark.slow
def test_hostile_inputs_are_refused_or_accepted():
    outcomes = hostile.campaign(FEW)
    assert not faults(outcomes)
    assert {one.what for one in outcomes} == {hostile.ACCEPTED, hostile.REFUSED}


@pytest.mark.slow
def test_over_a_thousand_hostile_inputs_are_refused_or_accepted():
    assert not faults(hostile.campaign(MANY, seed=1))


def test_without_the_cleaner_of_what_is_shown_the_campaign_finds_raw_signs(monkeypatch):
    monkeypatch.setattr(language, "printable", str)
    monkeypatch.setattr(show, "printable", str)
    monkeypatch.setattr(show, "UNPRINTABLE", re.compile("(?!)"))
    outcomes = hostile.campaign(40, kinds=["names"])
    assert "raw signs" in {one.what for one in outcomes}


def test_without_the_boundary_of_readers_the_campaign_finds_tracebacks(monkeypatch):
    @contextlib.contextmanager
    def nothing(path, damaged, **values):
        yield

    for module in (outside, arrays, source):
        monkeypatch.setattr(module, "reading", nothing)
    outcomes = hostile.campaign(30, kinds=["arrays"])
    assert "traceback" in {one.what for one in outcomes}
