"""What was planted in a project is found in its run, and hardly anything in healthy ones."""

import sys
from collections import Counter

import planted
import pytest
import troubles
from troubles import HEALTHY, KINDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="scripts are copies of a process")

RECALL, FALSE_ALARMS = 0.95, 0.05


def test_a_project_is_the_same_whenever_it_is_made():
    for kind in KINDS:
        one, again = (troubles.make(kind, 3)[0] for _ in range(2))
        assert one.settings == again.settings
        assert (one.data.inputs == again.data.inputs).all()
        assert (one.data.target == again.data.target).all()


def test_kinds_are_enough_and_each_is_trained_in_both_frameworks():
    assert len(KINDS) > 12
    for known in KINDS.values():
        assert {"pytorch", "tensorflow"} <= {*known.frameworks}
    assert {*troubles.FRENCH} > {*KINDS} - {HEALTHY}


@pytest.mark.slow
def test_a_project_of_each_kind_shows_what_was_planted():
    outcomes = list(planted.campaign(1, 3))
    assert [one for one in outcomes if one.is_missed] == []
    assert [one for one in outcomes if one.kind == HEALTHY and one.problems] == []


@pytest.mark.slow
def test_what_was_planted_is_found_and_healthy_projects_are_left_alone():
    outcomes = list(planted.campaign())
    missed = Counter(one.kind for one in outcomes if one.is_missed)
    assert all(count <= (1 - RECALL) * planted.COUNT + 1e-9 for count in missed.values()), missed
    healthy = [one for one in outcomes if one.kind == HEALTHY]
    alarms = [one for one in healthy if one.problems]
    assert len(healthy) == planted.HEALTHY_COUNT
    assert len(alarms) <= FALSE_ALARMS * len(healthy), alarms
    others = [one for one in outcomes if one.odd and one.kind != HEALTHY]
    assert len(others) <= FALSE_ALARMS * len(outcomes), others
