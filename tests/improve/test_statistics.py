"""What pairs show, by simulation, without a framework: few false alarms, and effects are found."""

import math

import numpy as np
import pytest

from apprenti.improve.statistics import LEVEL, holm, is_lost, student
from apprenti.improve.study import AS_IS, Arm, Result, Study
from apprenti.measures import measure_named

PROJECTS, PAIRS, ROWS = 200, 8, 1000
REMEDIES = [f"remedy{number}" for number in range(8)]


def simulated(effects, random, rows=ROWS):
    """Return a study of a project whose validation accuracy is 0.9, plus what each arm adds.

    Both of a pair are measured on the same rows: most of them are right, or wrong, for both.
    """
    study = Study(
        [Arm(name, {"x": name}) for name in effects], range(PAIRS), measure_named("accuracy")
    )
    of_rows = random.random((PAIRS, rows))
    for arm, pair in study.order:
        if study.wants(arm, pair):
            mixed = np.where(random.random(rows) < 0.05, random.random(rows), of_rows[pair])
            right = float((mixed < 0.9 + effects.get(arm.name, 0.0)).mean())
            row = {"valid_accuracy": right, "valid_loss": 1 - right, "train_accuracy": 1.0}
            study.add(arm, pair, Result("finished", [{**row, "train_loss": 0.1, "seconds": 1.0}]))
    return study


@pytest.mark.slow
def test_remedies_that_do_nothing_seldom_seem_to_help(capsys):
    random, effects = np.random.default_rng(0), dict.fromkeys(REMEDIES, 0.0)
    said = [simulated(effects, random).judged() for _ in range(PROJECTS)]
    helps = sum(any(one.verdict == "helps" for one in project) for project in said) / PROJECTS
    wrong = [any(one.verdict in ("helps", "harms") for one in project) for project in said]
    intervals = [(one.measure.low, one.measure.high) for project in said for one in project]
    # An arm that was stopped as lost has none
    covered = np.mean([low <= 0 <= high for low, high in intervals if low is not None])
    with capsys.disabled():
        print(
            f"\n8 remedies without effect, {PROJECTS} projects: any helps in {helps:.1%}, any",
            end="",
        )
        print(f" wrong verdict in {np.mean(wrong):.1%}; an interval holds 0 in {covered:.1%}")
    assert helps <= 0.05 and np.mean(wrong) <= 0.08


@pytest.mark.slow
def test_a_point_of_accuracy_is_found_where_the_noise_allows_it(capsys):
    random = np.random.default_rng(1)
    effects = {**dict.fromkeys(REMEDIES, 0.0), REMEDIES[3]: 0.01}
    power = {}
    for rows in (1000, 5000):
        said = [simulated(effects, random, rows).judged()[3] for _ in range(PROJECTS)]
        spread = np.mean([one.measure.high - one.measure.low for one in said]) / 2
        power[rows] = np.mean([one.verdict == "helps" for one in said])
        with capsys.disabled():
            print(f"\none point among 8 remedies, {rows} validation rows: found in", end="")
            print(f" {power[rows]:.1%}, interval ± {100 * spread:.2f} points", end="")
    assert power[5000] >= 0.8


def test_a_remedy_that_harms_is_stopped_and_one_that_helps_is_not(capsys):
    random, stopped = np.random.default_rng(2), []
    for _ in range(100):
        study = simulated({"harmful": -0.03, "helpful": 0.01}, random)
        stopped.append([one.verdict == "stopped" for one in study.judged()])
        trained = [pair for name, pair in study.results if name == "harmful"]
        assert len(trained) < PAIRS or not stopped[-1][0]
    assert np.mean(stopped, axis=0)[0] > 0.9 and not np.any(stopped, axis=0)[1]


def test_an_interval_leaves_nought_out_exactly_where_holm_shows_a_difference():
    random = np.random.default_rng(3)
    for _ in range(200):
        differences = random.normal(random.normal(0, 1, 6)[:, None], 1, (6, 8))
        said = holm([student(one).p for one in differences])
        for one, verdict in zip(differences, said, strict=True):
            found = student(one, verdict.level)
            assert verdict.is_shown == (found.low > 0 or found.high < 0)


def test_holm_is_the_published_step_down():
    said = holm([0.01, 0.04, 0.03, 0.005])
    assert [one.is_shown for one in said] == [True, False, False, True]
    assert [round(one.level, 4) for one in said] == [0.0167, 0.025, 0.025, 0.0125]


def test_student_is_that_of_the_tables():
    found = student([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.high - found.mean == pytest.approx(3.182446 * math.sqrt(5 / 3) / 2)


def test_a_lost_training_is_counted_as_lost_and_has_no_interval():
    found = student([math.inf] * 8)
    assert (found.mean, found.low, found.p) == (None, None, 2 / 2**8)
    assert student([math.inf, -math.inf, -math.inf, math.inf]).p == 1
    assert is_lost([-math.inf] * 4) and not is_lost([-math.inf] * 3)


def test_differences_without_spread_are_judged_by_their_sign():
    assert student([0.0] * 8).p == 1 and student([0.0] * 8).low == 0
    same = student([0.01] * 8)
    assert same.p == 2 / 2**8 and same.low == same.mean
    assert student([0.01] * 4).low is None and LEVEL == 0.05


def test_few_pairs_give_no_verdict():
    study = Study([Arm("a", {})], range(2), measure_named("accuracy"))
    for arm, pair in study.order:
        study.add(arm, pair, Result("finished", [{"valid_accuracy": 0.5, "train_loss": 1.0}]))
    assert study.judged()[0].verdict == "unmeasured"
    assert AS_IS in study.trained
