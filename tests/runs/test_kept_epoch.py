"""The score of a run is that of the epoch whose model is kept, wherever it is shown."""

import pytest

from apprenti import diagnose, listing, runs
from apprenti.cli import show, show_runs
from apprenti.diagnose.evidence import Evidence
from apprenti.evaluate import leaderboard, learned, overlaid_curves, side_by_side, too_good
from apprenti.measures import R2
from apprenti.train import curves
from apprenti.writing import write_json, write_text

HEAD = "epoch,train_loss,train_accuracy,valid_loss,valid_accuracy,seconds"
LOSSES = [0.9, 0.5, 0.4, 0.5, 0.7, 0.9]
KEPT = 3


@pytest.fixture
def made(tmp_path):
    """made(LOSSES, kept=3): a run whose validation accuracy is one minus half of its losses."""

    def make(losses=LOSSES, kept=KEPT, status="stopped early", wrong=0, head=HEAD):
        run = runs.create(tmp_path / "runs", "mlp", "pytorch")
        rows = [
            [n, loss / n**2, 0.95, loss, 1 - loss / 2, n] for n, loss in enumerate(losses, start=1)
        ]
        lines = [head, *(",".join(map(str, row)) for row in rows)]
        write_text(run.folder / "history.csv", "\n".join(lines) + "\n")
        truth = ["a", "b"] * 60
        said = ["b" if place < wrong else one for place, one in enumerate(truth)]
        answers = [
            f"{n},{t},{p},0.9,0.9,0.1" for n, (t, p) in enumerate(zip(truth, said, strict=True))
        ]
        head_of_answers = "row,truth,predicted,confidence,probability_a,probability_b"
        write_text(run.folder / "predictions.csv", "\n".join([head_of_answers, *answers, ""]))
        described = {"parameters": 5, **({"epoch": kept} if kept else {})}
        (run.folder / "model").mkdir()
        write_json(run.folder / "model" / "model.json", described)
        facts = {"status": status, "number": run.number, "split": "same"}
        write_json(run.folder / "environment.json", facts)
        text = '[data]\nsource = "a.csv"\ntarget = "y"\n[model]\nkind = "mlp"\n'
        write_text(run.folder / "choices.toml", f'{text}[train]\nframework = "pytorch"\n')
        return run

    return make


def test_its_facts_have_the_row_that_counts_and_how_far_it_came(made):
    facts = runs.read(made())
    assert facts.kept["valid_loss"] == min(LOSSES)
    assert (facts.kept_epoch, facts.last["epoch"]) == (KEPT, len(LOSSES))
    told = facts.summary()
    assert (told["epoch"], told["kept_epoch"], told["seconds"]) == (len(LOSSES), KEPT, len(LOSSES))
    assert (told["train_loss"], told["valid_accuracy"]) == (pytest.approx(0.4 / 9), 0.8)


def test_without_early_stopping_the_last_row_counts_and_nothing_more_is_said(made):
    facts = runs.read(made(kept=None, status="finished"))
    assert facts.kept == facts.last
    assert facts.kept_epoch is None
    assert "kept_epoch" not in facts.summary()
    assert show.ending(facts) == ""


def test_while_a_run_goes_on_the_last_row_counts(made, monkeypatch):
    run = made()
    monkeypatch.setattr(runs.run, "status_of", lambda *facts: runs.RUNNING)
    assert run.kept == run.history[-1]
    # Its script has said its end: the model that is there is the one that it keeps
    write_json(run.folder / "status.json", {"status": "stopped early", "epochs": 6})
    assert run.kept == run.history[KEPT - 1]


def test_an_epoch_that_never_was_is_not_believed(made):
    assert runs.read(made(kept=99)).kept["epoch"] == len(LOSSES)


def test_the_best_run_and_the_order_are_by_the_row_that_counts(made):
    kept, other = made(), made([0.9, 0.45], kept=None, status="finished")
    assert listing.best([other, kept]).run == kept
    assert listing.best([other, kept]).value == 0.8
    facts = listing.read_all([other, kept])
    assert [one.run for one in listing.in_order(facts, "loss")] == [kept, other]
    # Read again, from what was kept of them
    assert listing.best([other, kept]).value == 0.8


def test_the_leaderboard_and_the_verdicts_take_it(made):
    kept, other = made(), made([0.9, 0.45], kept=None, status="finished", wrong=40)
    board = leaderboard.of_runs([other, kept], "classification")
    assert [(one.run, one.score, one.loss) for one in board.entries] == [
        (kept.name, 0.8, 0.4),
        (other.name, 0.775, 0.45),
    ]
    found = side_by_side.side_by_side([other, kept])
    assert [(verdict.run, verdict.other) for verdict in found.verdicts] == [(kept.name, other.name)]
    assert learned.best_network([other, kept]) == kept


def test_a_score_that_is_too_good_is_that_of_the_epoch_that_is_kept(made):
    head = HEAD.replace("accuracy", R2)
    perfect = made([0.9, 0.0005, 0.9], kept=2, head=head)
    found = too_good.too_good([perfect])
    assert found.values["score"] == pytest.approx(0.99975)
    assert too_good.too_good([made([0.9, 0.0005, 0.9], kept=None, head=head)]) is None


def test_the_list_says_which_epoch_is_kept_of_how_many(made):
    facts = runs.read(made())
    assert show_runs._cells(facts, None)["epoch"] == "3/6"
    assert "epoch 6" in show.ending(facts)
    assert "epoch 3" in show.ending(facts)
    finished = show.ending(runs.read(made(status="finished")))
    assert "Stopped" not in finished
    assert "epoch 3 of 6" in finished


def test_the_diagnosis_judges_the_model_that_is_kept(made):
    run = made()
    evidence = Evidence(run)
    assert evidence.score("valid_") == 0.8
    answers = {one.code: one for one in diagnose.diagnose(run).answers}
    # Its loss rose only after that epoch
    assert answers["R02"].outcome == "passed"
    assert answers["R07"].outcome == "not_applicable"
    same_without = {one.code: one for one in diagnose.diagnose(made(kept=None)).answers}
    assert same_without["R02"].is_found


@pytest.mark.parametrize(
    "figure", [curves.figure, lambda made: overlaid_curves.figure({made[0]: "1"})]
)
def test_a_ring_is_drawn_around_the_epoch_that_is_kept(made, figure):
    drawn = figure([made()])
    rings = [
        line
        for axes in drawn.axes[:2]
        for line in axes.lines
        if line.get_marker() == "o" and len(line.get_xdata()) == 1
    ]
    assert [list(ring.get_xdata()) for ring in rings] == [[KEPT], [KEPT]]
    assert [list(ring.get_ydata()) for ring in rings] == [[0.4], [0.8]]
    assert "kept: epoch 3 of 6" in {text.get_text() for text in drawn.legends[0].get_texts()}
