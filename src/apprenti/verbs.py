"""What Apprenti does, as functions: the names and the settings are those of the command line.

    import apprenti

    apprenti.new("flowers", "iris")
    run = apprenti.train("flowers", kind="tree", framework="sklearn")
    print(run, run.history)

A setting of apprenti.toml is a keyword (`epochs=10`, `hidden_units=[64]`); one whose short name is
not enough has its full one (`**{"data.split.seed": 1}`). Paths may be texts. What goes wrong is an
ApprentiError, whose text says what happened, why, and what to do.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.listing import find
from apprenti.results import (
    Agreement,
    Checklist,
    Checkup,
    Comparison,
    Description,
    Diagnosed,
    DoubtfulLabels,
    Evaluated,
    ExplainedModel,
    FirstModel,
    Improved,
    LabelDecisions,
    LabelEffect,
    Leaderboard,
    LearningCurve,
    MadeProject,
    Reproduced,
    RunList,
    TrainedRun,
    ValidationCurve,
    WrittenReport,
)
from apprenti.runs import Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apprenti.explain import Explanation
    from apprenti.export.eject import Ejected
    from apprenti.new.change import Change
    from apprenti.project import Project
    from apprenti.script.run_local import Watcher
    from apprenti.train.audience import Audience

AnyPath = str | os.PathLike[str]
AnyRun = str | TrainedRun | Run


def start(
    directory: AnyPath = "first-model",
    data: AnyPath = "",
    *,
    framework: str = "",
    again: bool = False,
    audience: Audience | None = None,
    **settings: Any,
) -> FirstModel:
    """Train the guide's first model, from nothing, in both frameworks beside two baselines.

    `data` is what `apprenti start --data` takes; without it MNIST, where it can be had, or else the
    digits of scikit-learn. A project that is in `directory` already keeps its own.
    """
    from apprenti.errors import ApprentiError, nearest
    from apprenti.model.catalogue import NETWORKS
    from apprenti.new import first_model
    from apprenti.train.audience import Nobody
    from apprenti.train.comparison import contestants
    from apprenti.train.several import train_all

    if framework not in ("", *NETWORKS):
        near = nearest(framework, NETWORKS)
        raise ApprentiError("unknown_framework", name=framework, nearest=near)
    folder, overrides = first_model.home(Path(directory)), _full_names(settings)
    found = first_model.choose_data(os.fspath(data) or None, folder, lambda share: None)
    first_model.prepare(folder, found.source)
    project = first_model.reload(folder, overrides)
    entered = list(contestants(project, (framework,) if framework else NETWORKS))
    made = train_all(entered, audience or Nobody(), overrides, again)
    return FirstModel(project, RunList(made))


def new(
    directory: AnyPath,
    data: AnyPath,
    *,
    target: str | None = None,
    task: str | None = None,
    skip_broken: bool = False,
    download: bool = False,
) -> MadeProject:
    """Make a project in `directory`, with a commented apprenti.toml, after checking its data.

    `data` is what `apprenti new --data` takes: a file, a folder, a known set, an address; `target`
    is the column to predict in a table, `task` what it is (classification or regression). With
    `skip_broken`, images of a folder that cannot be read are left out by name; with `download`,
    data that are not here are fetched. What is seriously wrong with the data is a warning.
    """
    from apprenti.data.fetch import addresses
    from apprenti.new.template import create, refuse_project
    from apprenti.standing import serious
    from apprenti.train.audience import Nobody

    folder, source = Path(directory), os.fspath(data)
    if download:
        refuse_project(folder)
        addresses.download(source, folder, lambda share: None)
    made = MadeProject(*create(folder, source, target or None, task or None, skip_broken))
    for finding in serious(folder):
        Nobody().remarked(finding)
    return made


def data(
    project: AnyPath = ".",
    *,
    picture: bool = True,
    read_as: Sequence[str] = (),
    download: bool = False,
    ignore: Sequence[str] = (),
    use: Sequence[str] = (),
    mute: Sequence[str] = (),
    unmute: Sequence[str] = (),
    because: str = "",
) -> Description:
    """Describe the data of a project, say what is wrong with them, and write data.json.

    With `picture`, they are drawn in data.png too. `read_as` is what `apprenti data --as` takes:
    how columns are read from now on ("day=date %d/%m/%Y"). Before that, columns are left out
    (`ignore`) or in `use` again; findings ("D020", "D020 alive") are muted, `because` of something,
    or heard of again (`unmute`).
    """
    from apprenti.data.fetch import addresses
    from apprenti.data.look import look
    from apprenti.new import mend

    mend.change(Path(project), ignore, use, mute, unmute, because, read_as)
    loaded = _load(project)
    if download:
        addresses.download(loaded.choices.data.source, loaded.folder, lambda share: None)
    looked = look(loaded.folder, loaded.choices, picture, read_as)
    return Description(looked.facts, looked.files)


def set(project: AnyPath = ".", *, undo: bool = False, **settings: Any) -> list[Change]:
    """Change settings of a project for good, and return what changed; None restores a default.

    All are checked first, against their limits and the data; the rest of apprenti.toml stays as it
    is. With `undo`, the last change is taken back.
    """
    from apprenti.errors import ApprentiError
    from apprenti.new import change

    if undo and settings:
        raise ApprentiError("set_usage")
    folder = Path(project)
    return change.undo(folder) if undo else change.change(folder, _full_names(settings))


def explain(words: str) -> list[Explanation]:
    """Say what a code (D020, F14), a term or a setting means, or the text of a failure."""
    from apprenti.explain import explain

    return explain(words)


def train(
    project: AnyPath = ".",
    *,
    script: AnyPath | None = None,
    resume: AnyRun | None = None,
    trust: bool = False,
    folds: int = 0,
    time_limit: float = 0,
    audience: Audience | None = None,
    **settings: Any,
) -> TrainedRun:
    """Train once, with the settings of the project and those given here, and return the run.

    `script` is your own, instead of one made from the settings; `resume` a run that was stopped or
    killed, to go on with; `trust` its script, if neither this version nor this machine wrote it.
    With `folds`, the model is then trained once more for each of so many folds of the rows, and
    `.folds` of the run says what came of them. `time_limit` is in seconds; 0 is none.
    """
    from apprenti.errors import ApprentiError
    from apprenti.model.catalogue import framework_of
    from apprenti.script.preload import Preloaded
    from apprenti.train.audience import Nobody

    overrides = _full_names(settings)
    if overrides and (script or resume):
        raise ApprentiError("settings_fixed", key=", ".join(overrides))
    if folds and (script or resume):
        raise ApprentiError("folds_need_settings")
    loaded, heard, limit = _load(project, overrides), audience or Nobody(), time_limit or None
    if script:
        return _train_script(Path(script), loaded, heard, limit)
    if resume:
        return _resume(_find(project, resume), loaded, heard, limit, trust)
    chosen = loaded.choices
    framework = framework_of(chosen.model.kind, chosen.train.framework)
    with contextlib.closing(Preloaded(framework)) as preloaded:
        # What these import takes long too
        from apprenti.evaluate import cross_validation
        from apprenti.train import several

        asked = cross_validation.ask(loaded, folds) if folds else None
        made = several.train_one(loaded, heard, overrides, limit, preloaded)
    if asked and made.complete:
        cross_validation.cross_validate(loaded, made, asked, heard, limit)
    return TrainedRun(made)


def _train_script(
    script: Path, project: Project, audience: Audience, time_limit: float | None
) -> TrainedRun:
    from apprenti.train import one_run
    from apprenti.train.audience import Watched

    watcher = audience.watch(Watched(script.name))
    return TrainedRun(one_run.train_script(script, project, watcher, time_limit))


def _resume(
    run: Run, project: Project, audience: Audience, time_limit: float | None, trust: bool
) -> TrainedRun:
    from apprenti.model.catalogue import longest_history
    from apprenti.train import one_run
    from apprenti.train.audience import Watched

    watched = Watched(run.model, run.framework, run.task, longest_history(run.choices))
    return TrainedRun(one_run.resume(run, project, audience.watch(watched), time_limit, trust))


def compare(
    project: AnyPath = ".",
    *,
    parity: bool | None = None,
    again: bool = False,
    audience: Audience | None = None,
    **settings: Any,
) -> Comparison:
    """Train in both frameworks and the baselines, side by side, and hold them against each other.

    What is there already with the same script, data and versions is not trained `again`. How far
    the frameworks agree is told by `agree`; `parity`, which asked for it here, is going away.
    """
    from apprenti.evaluate.verdict import verdicts
    from apprenti.train.audience import Nobody
    from apprenti.train.comparison import contestants
    from apprenti.train.several import train_all

    if parity is not None:
        from apprenti.language import say

        warnings.warn(say("cli.compare.moved", option="parity"), FutureWarning, stacklevel=2)
    overrides, heard = _full_names(settings), audience or Nobody()
    loaded = _load(project, overrides)
    made = train_all(list(contestants(loaded)), heard, overrides, again)
    found = agree(project, audience=heard, **settings) if parity else None
    return Comparison(RunList(made), tuple(verdicts(made)), found)


def compare_all(
    project: AnyPath = ".",
    *,
    again: bool = False,
    audience: Audience | None = None,
    **settings: Any,
) -> Leaderboard:
    """Train every model that suits the data, and rank them: `apprenti compare --all`.

    What is there already is not trained `again`; what goes wrong with one model leaves the others.
    """
    from apprenti.evaluate import leaderboard
    from apprenti.train.audience import Nobody

    overrides = _full_names(settings)
    chosen = leaderboard.choose(_load(project, overrides), list(overrides))
    return Leaderboard(leaderboard.make(chosen, audience or Nobody(), again))


def agree(
    project: AnyPath = ".",
    *,
    all_rows: bool = False,
    audience: Audience | None = None,
    **settings: Any,
) -> Agreement:
    """Measure how far PyTorch and TensorFlow agree from one start and on the same batches, and why.

    It takes a minute at most, on a sample of the rows and steps if need be; with `all_rows` they
    are all learned from, however long it takes. The report and the scripts stay in the project's
    folder agreement.
    """
    from apprenti.evaluate import agreement
    from apprenti.language import say
    from apprenti.train.audience import Nobody, Watched

    overrides, heard = _full_names(settings), audience or Nobody()

    @contextlib.contextmanager
    def watch(framework: str, steps: int) -> Iterator[Watcher]:
        name = say("evaluate.agreement.watched", framework=say(f"words.framework_{framework}"))
        watcher = heard.watch(Watched(name))
        yield watcher
        heard.leave(watcher)

    loaded = _load(project, overrides)
    return Agreement(agreement.measure(loaded, watch, all_rows, overridden=overrides))


def diagnose(run: AnyRun = "last", *, project: AnyPath = ".") -> Diagnosed:
    """Say what is wrong with a training, and what to try, by what its run left.

    No framework is imported, and the test set is not looked at. The rules: docs/diagnosis.md.
    """
    from apprenti import diagnose as rules

    return Diagnosed(rules.diagnose(_find(project, run)))


def learning_curve(run: AnyRun = "last", *, project: AnyPath = ".") -> LearningCurve:
    """Say whether more data would help: `apprenti diagnose --learning-curve`.

    The model of the run is trained on growing parts of its rows, five times; the test rows are in
    none of them.
    """
    from apprenti.diagnose.learning_curve import learning_curve as measure

    return LearningCurve(measure(_find(project, run)))


def improve(
    run: AnyRun = "last",
    *,
    one: Mapping[str, Sequence[Any]] | None = None,
    only: Sequence[str] = (),
    pairs: int = 8,
    minutes: float = 0,
    trials: int = 0,
    project: AnyPath = ".",
) -> Improved | ValidationCurve:
    """Try what the diagnosis of a run proposes, each remedy alone, and measure what it is worth.

    `only` names remedies instead. With `one` ({"dropout": [0, 0.2, 0.4]}) it is the validation
    curve of one setting. `pairs` is how many splits and seeds there are; `minutes` or `trials` the
    budget. What has been trained is kept in the project, and not trained again.
    """
    from apprenti.errors import ApprentiError
    from apprenti.improve import Wishes
    from apprenti.improve import improve as measure
    from apprenti.improve.curve import validation_curve

    project = _around(project, run)
    wishes, loaded = Wishes(pairs, minutes, trials, tuple(only)), _load(project)
    if one is None:
        return Improved(measure(loaded, _find(project, run), wishes))
    if len(one) != 1:
        raise ApprentiError("one_usage", text=", ".join(one))
    ((name, values),) = _full_names(dict(one)).items()
    of = _find(project, run) if run != "last" or runs(project) else None
    return ValidationCurve(validation_curve(loaded, of, name, list(values), wishes))  # type: ignore[call-overload]


def explain_model(
    run: AnyRun = "last", *, project: AnyPath = ".", trust: bool = False
) -> ExplainedModel:
    """Say what a model relies on, on the validation set: `apprenti diagnose RUN --importance`.

    Permutation importance and partial dependence of columns, or the words of texts that count; they
    are kept in explanations.json of the run. `trust` is as in `predict`.
    """
    from apprenti.evaluate.explanations import explain
    from apprenti.train.audience import Nobody, Watched

    found, heard = _find(project, run), Nobody()
    watcher = heard.watch(Watched(found.name))
    return ExplainedModel(explain(found, watcher, trust))


def diagnose_labels(run: AnyRun = "last", *, project: AnyPath = ".") -> DoubtfulLabels:
    """Return the labels that may be wrong, and propose them in labels.csv: `diagnose --labels`.

    The model of the run is trained for each of five folds of the rows that are not test rows; the
    suspects are found by cleanlab.
    """
    from apprenti.diagnose import label_decisions, label_suspects

    found = label_suspects.look(_find(project, run))
    return DoubtfulLabels(found, label_decisions.propose(found).path)


def decide_labels(
    project: AnyPath = ".",
    *,
    accept: Sequence[str | int] = (),
    keep: Sequence[str | int] = (),
    relabel: Mapping[str | int, str | int] | None = None,
    accept_all: bool = False,
    undo: bool = False,
    by: str | None = None,
) -> LabelDecisions:
    """Decide on rows of labels.csv, and return all decisions.

    What is suggested is taken (`accept`), the label kept, or another class given (`relabel`: the
    class by the row). `by` is who decides. With `undo`, the last decision is taken back.
    """
    from apprenti.diagnose import label_decisions as decisions
    from apprenti.errors import ApprentiError

    folder = _load(project).folder
    if undo and (accept or keep or relabel or accept_all or by is not None):
        raise ApprentiError("labels_usage")
    if undo:
        return LabelDecisions(decisions.undo(folder))
    others = [f"{row}={now}" for row, now in (relabel or {}).items()]
    taken, kept = ([str(row) for row in rows] for rows in (accept, keep))
    return LabelDecisions(decisions.decide(folder, taken, kept, others, accept_all, by))


def compare_labels(run: AnyRun = "last", *, project: AnyPath = ".") -> LabelEffect:
    """Hold a run with corrected labels against the one before, on rows that nobody corrected."""
    from apprenti.diagnose import label_effect

    return LabelEffect(label_effect.compare(_find(project, run)))


def checklist(
    project: AnyPath = ".",
    *,
    answers: Mapping[str, str] | None = None,
    because: str = "",
    undo: bool = False,
) -> Checklist:
    """Judge the guide's eleven items by what is there, and say what to do next.

    `answers` to open questions ({"personal_data": "no"}) are kept in apprenti.toml first, with
    their date and `because` of something; with `undo`, the last ones are taken back.
    """
    from apprenti import checklist as items
    from apprenti.checklist import questions
    from apprenti.errors import ApprentiError

    if (undo and answers) or (because and not answers):
        raise ApprentiError("checklist_usage")
    folder = _load(project).folder
    if answers:
        questions.answer(folder, answers, because)
    if undo:
        questions.undo(folder)
    return Checklist(items.judge(_load(project)))


def predict(
    run: AnyRun,
    given: Any,
    *,
    project: AnyPath = ".",
    text: bool = False,
    out: AnyPath | None = None,
    force: bool = False,
    trust: bool = False,
    as_is: bool = False,
) -> Any:
    """Predict new rows with the model of a run.

    `given` is a table (pandas.DataFrame, or rows that are dictionaries), an array of rows or of
    images, a list of texts, or as on the command line the path of a file or folder, or one text; or
    a list of several paths. Returns a DataFrame under the index of the table where one was given: a
    column named as the target is (`predicted` where it has no name), for classes `confidence` and
    `probability_NAME` of each class, and `doubts` where rows hold what the model cannot know, which
    is told as a warning too. Its `attrs` have `score` (how right it is, where the target was given;
    else None), `known` (how many rows the model has learned from) and `notes`. For an array, it
    returns the array of what is predicted.

    With `text`, what is given is a text, whatever it looks like. `out` is a file that gets all that
    was given and the predictions; with `force` it is replaced. `trust` the script of the run, if
    neither this version nor this machine wrote it. Images of drawings are shown to the model like
    those of the training, or `as_is`.
    """
    from apprenti.evaluate.new_rows import score
    from apprenti.predict import drawn_picture, new_rows, output
    from apprenti.predict.as_python import as_python
    from apprenti.train.audience import Nobody

    found, given = _find(project, run), _table_of(given)
    if out is not None:
        output.check(Path(out), new_rows.paths(given), found.folder.parent.parent, force)
    predictions = new_rows.predict(found, [given], Nobody(), trust, text, as_is)
    for told in filter(None, (*(note.told() for note in predictions.notes), predictions.told)):
        warnings.warn(told, stacklevel=3)
    drawn_picture.show_in_notebook(found.folder, predictions.drawn, predictions.rows)
    if out is not None:
        output.save(predictions, Path(out))
    measured = score(predictions)
    return as_python(predictions, given, measured.as_json() if measured else None)


def runs(project: AnyPath = ".") -> RunList:
    """Return the runs of a project, the oldest first."""
    from apprenti.runs import all_runs

    return RunList(all_runs(_load(project).runs_folder))


def evaluate(
    run: AnyRun = "best",
    *,
    costs: Mapping[str, float] | None = None,
    positive: str | None = None,
    sensitive: Sequence[str] = (),
    by: str | None = None,
    trust: bool = False,
    project: AnyPath = ".",
) -> Evaluated:
    """Open the test set for a run, which the ledger of the project records, and say how it does.

    The script that was written with the run is executed. `costs` are those of an error
    ({"missed": 10, "false_alarm": 1}), by which a threshold is chosen on the validation rows;
    `positive` is the class that is looked for, where it is not the rarer of two; `sensitive` are
    columns by whose groups it is measured, beside those that the project declares. `by` is who
    opens it; `trust` the script, if neither this version nor this machine wrote it.
    """
    from apprenti.evaluate import costs as stated
    from apprenti.evaluate.test_set import open_test_set

    found = _find(project, run)
    words = ",".join(f"{name}={value}" for name, value in (costs or {}).items())
    asked = stated.parse(words) if costs else None
    made = open_test_set(
        found, costs=asked, positive=positive, sensitive=sensitive, by=by, trusted=trust
    )
    return Evaluated(made)


def report(
    project: AnyPath = ".",
    *,
    run: AnyRun | None = None,
    out: AnyPath | None = None,
    pdf: bool = False,
    card: bool = False,
) -> WrittenReport:
    """Write the report of a project: one HTML file by which others can judge it.

    It is about `run`, or else the best. `out` is the file (.html, .pdf or .md, the model card);
    with `pdf` and `card` these are written too. What is not there yet is named in `.missing`.
    """
    from apprenti import report as reports

    loaded = _load(project if run is None else _around(project, run))
    wanted = "" if run is None else _find(project, run).name
    where = None if out is None else Path(out)
    return WrittenReport(reports.write(loaded, where, wanted, pdf=pdf, card=card))


def reproduce(
    run: AnyRun = "last",
    *,
    trust: bool = False,
    audience: Audience | None = None,
    project: AnyPath = ".",
) -> Reproduced:
    """Run a recorded run again, with its own script, and say whether the same comes of it.

    Identical, equal within a tolerance, or different; it is kept in `reproduced.json` of the run,
    of which nothing else is touched. `trust` its script, if neither this version nor this machine
    wrote it.
    """
    from apprenti.track import reproduce as again
    from apprenti.train.audience import Nobody

    found = _find(project, run)
    loaded = _load(_around(project, run))
    return Reproduced(again.reproduce(found, loaded, audience or Nobody(), trust))


def eject(
    run: AnyRun,
    destination: AnyPath,
    *,
    essential: bool = False,
    notebook: bool = False,
    project: AnyPath = ".",
) -> Ejected:
    """Write the script of a run and what it needs into `destination`.

    With `essential`, its short form; with `notebook`, cells made of the short form where there is
    one.
    """
    from apprenti.export import eject as export

    return export.eject(
        _find(project, run), Path(destination), essential=essential, notebook=notebook
    )


def doctor(*, quick: bool = False, compile_too: bool = False) -> Checkup:
    """Find out what is wrong with this machine, and whether the frameworks train on it.

    With `quick`, the frameworks are not tried; with `compile_too`, their compiled paths are.
    """
    from apprenti.doctor.as_json import as_json
    from apprenti.doctor.examination import examine
    from apprenti.doctor.prove import prove
    from apprenti.install.installed import DISTRIBUTIONS, version_of
    from apprenti.machine.look import this_machine

    machine = this_machine()
    wanted = ("training", "compile") if compile_too else ("training",)
    there = [] if quick else [name for name in DISTRIBUTIONS if version_of(machine, name)]
    card = bool(machine.nvidia)
    proofs = [prove(name, wanted=wanted, has_card=card) for name in there]
    return Checkup(as_json(examine(machine, proofs)))


def _load(project: AnyPath, overrides: dict[str, object] | None = None) -> Project:
    from apprenti import project as projects

    return projects.load(projects.around(Path(project)), overrides)


def _table_of(given: Any) -> Any:
    """Return rows that are dictionaries as a table, a single one too; all else as it is."""
    rows = [given] if isinstance(given, Mapping) else given
    if not isinstance(rows, list | tuple) or not rows:
        return given
    if not all(isinstance(row, Mapping) for row in rows):
        return given
    import pandas as pd

    return pd.DataFrame([*rows])


def _around(project: AnyPath, run: AnyRun) -> AnyPath:
    """Return the project of a run that is given itself: its own, whatever folder one works in.

    A project that is named stays, and so does the folder where a run lies in no project.
    """
    from apprenti import project as projects

    if project != "." or not isinstance(run, Run | TrainedRun):
        return project
    folder = projects.around(_find(project, run).folder.absolute())
    return folder if (folder / projects.FILE).exists() else project


def _full_names(settings: dict[str, Any]) -> dict[str, object]:
    from apprenti.project import full_name

    return {full_name(name): value for name, value in settings.items()}


def _find(project: AnyPath, run: AnyRun) -> Run:
    """Return a run that is given itself, or by its name, a part or its number, `last` or `best`."""
    if isinstance(run, TrainedRun):
        return run.run
    return run if isinstance(run, Run) else find(_load(project).runs_folder, run)
