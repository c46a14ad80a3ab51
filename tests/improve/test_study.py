"""Arms and pairs: what is trained, what is left out, and what is said of what went wrong."""

import pytest

from apprenti.improve.study import AS_IS, Arm, Result, Study, kept_epoch
from apprenti.measures import measure_named

ONE, OTHER = Arm("one", {"a": 1}), Arm("other", {"b": 1})


def history(*accuracies, loss=None, seconds=1.0):
    losses = loss or [1 - one for one in accuracies]
    return [
        {
            "epoch": number,
            "train_loss": 0.1,
            "train_accuracy": 1.0,
            "valid_loss": lost,
            "valid_accuracy": one,
            "seconds": seconds * number,
        }
        for number, (one, lost) in enumerate(zip(accuracies, losses, strict=True), start=1)
    ]


def ended(study, arm, values, status="finished"):
    for pair, value in zip(study.pairs, values, strict=True):
        rows = history(value) if isinstance(value, float) else value
        study.add(arm, pair, Result(status, rows))


@pytest.fixture
def study():
    return Study([ONE, OTHER], range(4), measure_named("accuracy"))


def test_pairs_come_one_after_the_other_the_project_as_it_is_first(study):
    assert study.order[:4] == [(AS_IS, 0), (ONE, 0), (OTHER, 0), (AS_IS, 1)]


def test_what_helps_and_what_harms(study):
    ended(study, AS_IS, [0.80, 0.81, 0.79, 0.80])
    ended(study, ONE, [0.85, 0.865, 0.84, 0.85])
    ended(study, OTHER, [0.70, 0.712, 0.69, 0.70])
    one, other = study.judged()
    assert one.verdict == "helps" and one.measure.mean == pytest.approx(0.05125)
    assert one.gap.mean == pytest.approx(-0.05125) and one.loss.mean == pytest.approx(-0.05125)
    assert other.verdict == "harms"


def test_curves_that_are_the_same_bit_for_bit_are_found(study):
    ended(study, AS_IS, [0.80, 0.81, 0.79, 0.80])
    ended(study, ONE, [0.80, 0.81, 0.79, 0.80])
    ended(study, OTHER, [0.80, 0.81, 0.79, 0.80000001])
    one, other = study.judged()
    assert (one.verdict, one.twin) == ("no_effect", "as_is")
    assert (other.verdict, other.twin) == ("same", "")


def test_the_time_does_not_make_curves_differ(study):
    ended(study, AS_IS, [history(0.8, seconds=1)] * 4)
    ended(study, ONE, [history(0.8, seconds=3)] * 4)
    one = study.judged()[0]
    assert one.twin == "as_is" and one.time == 3


def test_a_remedy_that_fails_is_never_said_to_help(study):
    ended(study, AS_IS, [0.80, 0.81, 0.79, 0.80])
    ended(study, ONE, [0.95, 0.96, 0.94, 0.95])
    study.add(ONE, 2, Result("failed", [], "out of memory"))
    one = study.judged()[0]
    assert (one.verdict, one.error) == ("failed", "out of memory") and one.measure.pairs == 3


def test_a_remedy_that_fails_twice_is_stopped(study):
    for pair in range(2):
        study.add(ONE, pair, Result("failed", [], "?"))
    assert not study.wants(ONE, 2) and study.wants(OTHER, 2)


def test_pairs_in_which_the_project_itself_failed_count_for_nobody(study):
    ended(study, AS_IS, [0.80, 0.81, 0.79, 0.80])
    ended(study, ONE, [0.85, 0.865, 0.84, 0.85])
    study.add(AS_IS, 3, Result("failed", [], "?"))
    assert study.judged()[0].measure.pairs == 3


def test_a_remedy_that_rescues_from_divergence_is_counted():
    study = Study([ONE], range(8), measure_named("accuracy"))
    lost = [{"train_loss": float("nan"), "valid_loss": float("nan"), "valid_accuracy": 0.1}]
    ended(study, AS_IS, [lost] * 8, "diverged")
    ended(study, ONE, [0.9] * 8)
    one = study.judged()[0]
    assert one.verdict == "helps" and one.measure.mean is None


def test_a_remedy_that_diverges_has_lost_its_pairs(study):
    lost = [{"train_loss": float("nan"), "valid_accuracy": 0.1}]
    ended(study, AS_IS, [0.80, 0.81, 0.79, 0.80])
    ended(study, ONE, [lost] * 4, "diverged")
    one = study.judged()[0]
    assert (one.verdict, one.lost) == ("same", 4)


def test_what_is_stopped_has_no_numbers():
    study = Study([ONE], range(6), measure_named("accuracy"))
    for pair in range(4):
        study.add(AS_IS, pair, Result("finished", history(0.8 + pair / 100)))
        study.add(ONE, pair, Result("finished", history(0.7 + pair / 101)))
    assert not study.wants(ONE, 4) and study.wants(AS_IS, 4)
    one = study.judged()[0]
    assert (one.verdict, one.measure.mean, one.time) == ("stopped", None, None)


def test_early_stopping_is_read_in_the_trainings_of_the_project_as_it_is():
    stopping = Arm("early_stopping", {"train.early_stopping": 2}, patience=2)
    study = Study([stopping], range(4), measure_named("accuracy"))
    assert study.trained == [AS_IS]
    ended(study, AS_IS, [history(0.7, 0.9, 0.8, 0.8, 0.75 + pair / 1000) for pair in range(4)])
    one = study.judged()[0]
    assert one.verdict == "helps" and one.measure.mean == pytest.approx(0.9 - 0.7515)
    assert one.time == pytest.approx(4 / 5)


@pytest.mark.parametrize(
    ("losses", "patience", "kept"),
    [
        ([3, 2, 1], 2, (2, 2)),
        ([3, 1, 2, 2, 0], 2, (1, 3)),
        ([3, 1, 2, 2, 0], 3, (4, 4)),
        ([1, 1, 1, 1], 2, (2, 2)),
        ([float("nan")] * 3, 5, (2, 2)),
    ],
)
def test_the_best_epoch_is_kept(losses, patience, kept):
    assert kept_epoch([{"valid_loss": loss} for loss in losses], patience) == kept
