"""What the verbs return: values that print themselves, in a notebook too, and draw themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from apprenti import drawing
from apprenti.errors import ApprentiError
from apprenti.listing import find_among
from apprenti.runs import Run, read

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from apprenti.checklist import Judged
    from apprenti.data.source import Source
    from apprenti.diagnose import Diagnosis
    from apprenti.diagnose.label_decisions import Standing
    from apprenti.diagnose.label_effect import Effect
    from apprenti.diagnose.label_suspects import Suspects
    from apprenti.diagnose.learning_curve import LearningCurve as FoundCurve
    from apprenti.evaluate.agreement import Agreement as Found
    from apprenti.evaluate.cross_validated import CrossValidated
    from apprenti.evaluate.evaluation import Evaluation
    from apprenti.evaluate.explanations import Explanations
    from apprenti.evaluate.leaderboard import Board
    from apprenti.evaluate.test_set import TestEvaluation
    from apprenti.evaluate.verdict import Verdict
    from apprenti.improve import Improvement
    from apprenti.improve.curve import Curve
    from apprenti.project import Project
    from apprenti.report import Written
    from apprenti.track.reproduce import Reproduction


class Shown:
    """Something that is a table: it prints as one, and a notebook shows it as one."""

    @property
    def frame(self) -> pd.DataFrame:
        raise NotImplementedError

    def __repr__(self) -> str:
        return str(self.frame.to_string())

    def _repr_html_(self) -> str:
        return str(self.frame.to_html())


class Drawn(Shown):
    """A table with a picture: a notebook shows both."""

    def plot(self) -> Figure:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return super()._repr_html_() + drawing.as_html(self.plot())


class TrainedRun(Drawn):
    """A run: its folder, its status, and what came of it; read anew at each question."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TrainedRun) and other.run == self.run

    def __hash__(self) -> int:
        return hash(self.run)

    @property
    def name(self) -> str:
        return self.run.name

    @property
    def folder(self) -> Path:
        return self.run.folder

    @property
    def status(self) -> str:
        return self.run.status

    @property
    def summary(self) -> dict[str, Any]:
        """What the run is, and the row of its history that counts."""
        return read(self.run).summary()

    @property
    def frame(self) -> pd.DataFrame:
        return RunList([self.run]).frame

    @property
    def history(self) -> pd.DataFrame:
        """One row an epoch."""
        history = self.run.history
        numbered = [{**row, "epoch": number} for number, row in enumerate(history, start=1)]
        return _frame(numbered, "epoch")

    @property
    def predictions(self) -> pd.DataFrame:
        """What the model said of the validation rows."""
        import pandas as pd

        return pd.read_csv(self.run.folder / "predictions.csv", index_col="row")

    @property
    def evaluation(self) -> Evaluation | None:
        """How good it is on the validation rows, and where it is most wrong.

        `.measures`, `.matrix`, `.mistakes`, or of numbers `.measures` and `.worst`; None where the
        run left no predictions.
        """
        from apprenti.evaluate.evaluation import evaluate

        return evaluate(self.run)

    @property
    def folds(self) -> CrossValidated | None:
        """What came of its folds; None where it was not cross-validated.

        `.score` is their mean with its interval, `.folds` each of them.
        """
        from apprenti.evaluate import cross_validated

        return cross_validated.read(self.run)

    @property
    def out_of_fold(self) -> pd.DataFrame:
        """What was said of each row, but those of the test, by a model that had not seen it."""
        import pandas as pd

        return pd.read_csv(self.run.folder / "out_of_fold.csv", index_col="row")

    def plot(self) -> Figure:
        """Draw the learning curves."""
        return RunList([self.run]).plot()


class RunList(Shown, Sequence[TrainedRun]):
    """Some runs of a project; `[0]`, `[-1]`, `["5"]` and `["a part of the name"]` are single."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = tuple(runs)

    def __len__(self) -> int:
        return len(self._runs)

    @overload
    def __getitem__(self, which: int | str) -> TrainedRun: ...
    @overload
    def __getitem__(self, which: slice) -> RunList: ...
    def __getitem__(self, which: int | str | slice) -> TrainedRun | RunList:
        if isinstance(which, slice):
            return RunList(self._runs[which])
        if isinstance(which, int):
            return TrainedRun(self._runs[which])
        try:
            found = find_among(self._runs, which)
        except ApprentiError as error:
            raise KeyError(which) from error
        if found is None:
            raise KeyError(which)
        return TrainedRun(found)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a run: what it is, how well it does, what it cost."""
        from apprenti.train.settle import read_all

        told = [(facts.kept, facts.summary()) for facts in read_all(self._runs)]
        rows = [{**facts, **measured, **facts} for measured, facts in told]
        left_out = ("path", "own_measures")
        return _frame([{n: v for n, v in row.items() if n not in left_out} for row in rows], "run")

    def plot(self) -> Figure:
        """Draw the learning curves of all of them."""
        from apprenti.train import curves

        return curves.figure(self._runs)


class Comparison(Drawn):
    """Models side by side: their runs, whether each beats the simple ones, and, where it was asked
    for, how far the two frameworks agree."""

    def __init__(
        self, runs: RunList, verdicts: tuple[Verdict, ...], agreement: Agreement | None = None
    ) -> None:
        self.runs, self.verdicts, self.agreement = runs, verdicts, agreement

    @property
    def frame(self) -> pd.DataFrame:
        return self.runs.frame

    @property
    def gains(self) -> pd.DataFrame:
        """What each model gains over each simple one, with the interval that holds it."""
        rows = [verdict.as_json() for verdict in self.verdicts]
        return _frame(rows, "run")

    def plot(self) -> Figure:
        return self.runs.plot()


class Leaderboard(Shown):
    """Every model that suits the data, the best first; `.board` also has what is left out."""

    def __init__(self, board: Board) -> None:
        self.board = board

    @property
    def runs(self) -> RunList:
        """The runs, the best first."""
        return RunList(self.board.runs)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a model: its score with its interval, how it stands, what it cost."""
        return _frame([one._asdict() for one in self.board.entries], "run")

    def plot(self) -> Figure:
        """Draw a dot for each model, with the interval of its score."""
        from apprenti.evaluate import leaderboard

        return leaderboard.figure(self.board)


class FirstModel(Drawn):
    """A first model: its project, its runs beside the baselines, and what the best one learned."""

    def __init__(self, project: Project, runs: RunList) -> None:
        from apprenti.evaluate import learned

        self.project, self.runs = project, runs
        shown = learned.best_network([one.run for one in runs])
        self.learned = learned.look(shown, project) if shown else None

    @property
    def frame(self) -> pd.DataFrame:
        return self.runs.frame

    @property
    def confusions(self) -> pd.DataFrame:
        """Which class is taken for which other in the validation set, the most frequent first."""
        found = self.learned.confusions if self.learned else ()
        return _frame([one._asdict() for one in found])

    def plot(self) -> Figure:
        """Draw the learning curves, and of images ten predictions and ten mistakes."""
        from apprenti.evaluate import picture

        return picture.figure([one.run for one in self.runs], self.learned)

    def save(self, path: Path) -> Path:
        """Write what `plot` draws as a PNG."""
        from apprenti.evaluate import picture

        return picture.draw([one.run for one in self.runs], self.learned, path)


class Agreement(Drawn):
    """How far PyTorch and TensorFlow agree from one start, and what separates them."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def agrees(self) -> bool:
        """Whether both models do the same for whoever uses them, within the usual bounds."""
        return self.found.last.close

    @property
    def frame(self) -> pd.DataFrame:
        """How far they are apart after so many steps, with the settings of the project."""
        return self.way("chosen")

    def way(self, name: str) -> pd.DataFrame:
        """The same for one of the ways to learn: chosen, sgd, float64, keras_adam..."""
        return _frame(self.facts["ways"][name], "step")

    def plot(self) -> Figure:
        """Draw the largest weight difference in each way, and the losses of both frameworks."""
        from apprenti.evaluate import agreement_picture

        return agreement_picture.figure(self.found)


class Diagnosed(Drawn):
    """What the rules say of a run: one row a finding; the curves with the places marked."""

    def __init__(self, found: Diagnosis) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def is_healthy(self) -> bool:
        """Whether no problem was found; hints may have been."""
        return self.found.is_healthy

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        return list(self.facts["findings"])

    @property
    def frame(self) -> pd.DataFrame:
        wanted = ("code", "severity", "what", "todo")
        return _frame([{name: one[name] for name in wanted} for one in self.findings])

    def plot(self) -> Figure:
        """Draw the curves with the epochs marked of which a finding speaks."""
        from apprenti.diagnose import marked_curve

        return marked_curve.figure(self.found)


class LearningCurve(Drawn):
    """Whether more rows would help: one row a part of them, and what is expected of more."""

    def __init__(self, found: FoundCurve) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def verdict(self) -> str:
        """Whether twice the rows would help: helps, little, or unknown."""
        return self.found.verdict

    @property
    def frame(self) -> pd.DataFrame:
        """The means over the trainings of each part, and their standard deviations (spread)."""
        return _frame(self.facts["parts"], "rows")

    @property
    def ahead(self) -> pd.DataFrame:
        """What is expected at twice and at ten times the rows, with its interval."""
        return _frame(self.facts["ahead"], "rows")

    def plot(self) -> Figure:
        """Draw the loss and the score by rows, and how the score goes on."""
        from apprenti.diagnose import learning_curve_picture

        return learning_curve_picture.figure(self.found)


class Improved(Drawn):
    """What each remedy changes, one row each, and how sure that is."""

    def __init__(self, found: Improvement) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def best(self) -> Mapping[str, object]:
        """The settings of what helps most, under their full names; none where nothing does."""
        return self.found.applied

    @property
    def command(self) -> str | None:
        """The command that applies the best to apprenti.toml."""
        return self.found.command

    @property
    def frame(self) -> pd.DataFrame:
        rows = [*self.facts["remedies"], *filter(None, [self.facts["together"]])]
        return _frame([_changed(one) for one in rows], "name")

    def plot(self) -> Figure:
        """Draw a dot for each remedy, with its interval."""
        from apprenti.improve import pictures

        return pictures.figure(self.found)


class ValidationCurve(Drawn):
    """One setting: what each value gives on the training and the validation set."""

    def __init__(self, found: Curve) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def command(self) -> str | None:
        """The command that applies the best value, where one is shown to help."""
        return self.found.command

    @property
    def frame(self) -> pd.DataFrame:
        rows = [
            {
                "value": one["value"],
                **{part: one[part]["mean"] for part in ("train", "valid")},
                "low": one["valid"]["low"],
                "high": one["valid"]["high"],
                "verdict": (one["against_now"] or {}).get("verdict", "as_is"),
            }
            for one in self.facts["values"]
        ]
        return _frame(rows)

    def plot(self) -> Figure:
        """Draw both measures over the values, with bands."""
        from apprenti.improve import pictures

        return pictures.curve_figure(self.found)


def _changed(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a remedy as one flat row."""
    change, told = one["change"], ("name", "verdict", "pairs", "times_as_long")
    row = {name: one[name] for name in told}
    means = {f"{name}_change": one[name]["mean"] for name in ("loss", "gap")}
    return {**row, "change": change["mean"], "low": change["low"], "high": change["high"], **means}


class ExplainedModel(Drawn):
    """What a model relies on: one row a column or a word, the most important first."""

    def __init__(self, found: Explanations) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def frame(self) -> pd.DataFrame:
        """What shuffling each column costs, or what each word adds, with its interval."""
        if self.found.words:
            return _frame(self.facts["words"], "word")
        names = ("mean", "low", "high")
        rows = [*self.facts["columns"], *self.facts["groups"]]
        told = [
            {"column": " + ".join(one["columns"]), **{n: one[n] for n in names}} for one in rows
        ]
        return _frame(told, "column")

    @property
    def dependence(self) -> pd.DataFrame:
        """The partial dependence: one row a column, a class and a value."""
        return _frame([*_dependence(self.facts["dependence"])])

    def plot(self) -> Figure:
        """Draw the importance of each column, or of each word."""
        from apprenti.evaluate import explanation_pictures

        return explanation_pictures.figure(self.found)


def _dependence(told: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield partial dependence as flat rows."""
    for one in told:
        for curve in one["curves"]:
            for place, value in enumerate(one["values"]):
                ends = {name: curve[name][place] for name in ("mean", "low", "high")}
                yield {"column": one["column"], "class": curve["class"], "value": value, **ends}


class DoubtfulLabels(Shown):
    """The labels that may be wrong, the worst first; `.path` is the file in which to decide."""

    def __init__(self, found: Suspects, path: Path) -> None:
        self.found, self.path = found, path

    @property
    def frame(self) -> pd.DataFrame:
        """One row a suspect: its label, what is suggested, how probable each is."""
        return _frame(self.found.as_json()["suspects"], "row")


class LabelDecisions(Shown):
    """What was decided of labels; `.standing` has what is undecided, too."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    @property
    def frame(self) -> pd.DataFrame:
        """One row a decision: what the label was, what it is, and who decided."""
        return _frame(self.standing.as_json()["decisions"], "row")


class LabelEffect(Shown):
    """What corrected labels were worth: two runs on rows whose labels nobody changed."""

    def __init__(self, effect: Effect) -> None:
        self.effect = effect

    @property
    def frame(self) -> pd.DataFrame:
        """The difference with its 95 % interval, in points of accuracy."""
        verdict = self.effect.verdict
        return _frame([{**verdict._asdict(), "outcome": verdict.outcome}], "run")


class Checklist(Shown):
    """The eleven items of a project; `.facts` is what --json says, `.items` the items."""

    def __init__(self, items: Sequence[Judged]) -> None:
        from apprenti import checklist

        self.items = tuple(items)
        self.facts: Mapping[str, Any] = checklist.as_json(items)

    @property
    def is_settled(self) -> bool:
        """Whether every item is done, or not applicable."""
        return bool(self.facts["settled"])

    @property
    def frame(self) -> pd.DataFrame:
        """One row an item: how it stands, what shows it, what to do next."""
        rows = [
            {
                **{name: one[name] for name in ("item", "title", "state")},
                "evidence": [told["sentence"] for told in one["evidence"]],
                "commands": one["commands"],
            }
            for one in self.facts["items"]
        ]
        return _frame(rows, "item")


class Evaluated(Drawn):
    """What a run says of the test set; `.found` has all of it, `.facts` as --json says it."""

    def __init__(self, found: TestEvaluation) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def selected_on_test(self) -> bool:
        """Whether the run was made, or first evaluated, after another had been on the test set."""
        return self.found.selected_on_test

    @property
    def frame(self) -> pd.DataFrame:
        """One row a measure: its value, and the 95 % interval."""
        return _frame(self.facts["measures"], "name")

    @property
    def by_group(self) -> pd.DataFrame:
        """One row a sensitive column, a group and a measure; empty where no column is sensitive."""
        told = (self.facts["fairness"] or {"columns": ()})["columns"]
        return _frame([*_by_group(told)])

    def plot(self) -> Figure:
        """Draw the confusion matrix, or the predicted numbers against the true ones."""
        return self.found.figure()


def _by_group(told: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield measures by group as flat rows."""
    for one in told:
        for group in one["groups"]:
            facts = {name: group[name] for name in ("name", "low", "high", "rows")}
            facts = {"column": one["column"], "group": facts.pop("name"), **facts}
            facts |= {"from": facts.pop("low"), "to": facts.pop("high")}
            for name, figure in group["measures"].items():
                yield {**facts, "measure": name, **(figure or {})}


class WrittenReport(Shown):
    """What was written by `report`: `.files` by what they are (page, pdf, card)."""

    def __init__(self, written: Written) -> None:
        self.files: Mapping[str, Path] = written.files
        self.facts: Mapping[str, Any] = written.as_json()

    @property
    def missing(self) -> list[str]:
        """The sections that lack something; the report says which command adds it."""
        return list(self.facts["missing"])

    @property
    def frame(self) -> pd.DataFrame:
        return _frame([{"what": kind, "path": str(path)} for kind, path in self.files.items()])


class Reproduced(Shown):
    """A run that was run again: whether the same came of it; `.found` has all that is known."""

    def __init__(self, found: Reproduction) -> None:
        self.found = found
        self.facts: Mapping[str, Any] = found.as_json()

    @property
    def outcome(self) -> str:
        """One of identical, within_tolerance and different."""
        return self.found.outcome

    @property
    def first_epoch(self) -> int | None:
        """The first epoch that differs; None where none does."""
        return self.found.first_epoch

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each thing that was compared: whether it is identical."""
        compared = {name: self.facts[name] for name in ("history", "predictions", "weights")}
        rows = [{"part": n, "identical": one["identical"]} for n, one in compared.items() if one]
        return _frame(rows, "part")


class MadeProject(NamedTuple):
    """A new project, and what its data are."""

    project: Project
    source: Source

    def __repr__(self) -> str:
        from apprenti.new.template import next_step

        return next_step(self.project.folder)


class Description(Shown):
    """The data of a project: what data.json says, one row a finding, and the files written."""

    def __init__(self, facts: Mapping[str, Any], files: Sequence[Path]) -> None:
        self.facts, self.files = facts, tuple(files)

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        return list(self.facts["findings"])

    @property
    def frame(self) -> pd.DataFrame:
        wanted = ("severity", "columns", "what", "todo")
        rows = [{n: v for n, v in found.items() if n in wanted} for found in self.findings]
        return _frame(rows)

    @drawing.our_settings()
    def plot(self) -> Figure:
        """Show data.png, where one was drawn."""
        from matplotlib.image import imread

        (picture,) = (path for path in self.files if path.suffix == ".png")
        image = imread(picture)
        figure = drawing.new_figure(image.shape[1] / 100, image.shape[0] / 100)
        figure.add_axes((0, 0, 1, 1)).imshow(image)
        figure.axes[0].set_axis_off()
        return figure


class Checkup(Shown):
    """What the doctor found, as `apprenti doctor --json` says it."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way of training here."""
        return bool(self.facts["ok"])

    @property
    def frame(self) -> pd.DataFrame:
        """One row a topic: how it stands, and what was found."""
        return _frame(self.facts["topics"], "topic")


def _frame(rows: Sequence[Mapping[str, Any]], index: str | None = None) -> pd.DataFrame:
    import pandas as pd

    found = pd.DataFrame([*rows])
    return found.set_index(index) if index in found.columns else found
