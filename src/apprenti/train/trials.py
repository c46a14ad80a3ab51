"""Many trials of one project with other settings and seeds, in a few processes.

The data are opened once and one script is assembled, in which the branches of the settings that
vary stay open; each process loads it once (see `apprenti.script.workers`).
"""

import contextlib
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import NamedTuple

from apprenti import optional, runs
from apprenti.data.source import Source, open_source
from apprenti.data.split.parts import counted
from apprenti.data.split.written import share_out
from apprenti.errors import ApprentiError
from apprenti.language import speaking
from apprenti.model import catalogue
from apprenti.model.catalogue import Material
from apprenti.project import Choices, Project, changed, full_name
from apprenti.runs import SCRIPT
from apprenti.script.workers import AsksEpoch, Fit, History, Terms, fit_all
from apprenti.train.check_split import check_split
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.train.corrected_labels import corrections
from apprenti.train.effects import check_effects
from apprenti.train.flat_settings import flat_settings
from apprenti.train.plan import Plan, check_batches, placed, resolve, with_untaught, write
from apprenti.train.several import at_once
from apprenti.writing import as_json, write_text

FIXED = ("data.source", "model.kind", "train.framework", "train.threads")
"""The settings that cannot vary among trials that share a script and its processes."""


class Trial(NamedTuple):
    """One trial: what was tried, and how it ended."""

    number: int
    """Its place among the trials asked for, from 0 on."""
    settings: Mapping[str, object]
    """Those given for it, under their full names."""
    seed: int
    status: str = runs.RUNNING
    """running, while it is; then finished, stopped early, diverged, failed or timed out."""
    history: History = ()
    """One row an epoch, until it ended."""
    seconds: float = 0.0
    error: ApprentiError | None = None
    """Why it failed or was ended."""
    details: str = ""
    """The whole traceback of a failure."""
    memory: int = 0
    """Bytes that its process took after it."""
    folder: Path | None = None
    early_stopping: int = 0
    """The patience with which it stops by its own rule; 0 where it does not."""

    @property
    def kept(self) -> dict[str, float]:
        """The row of the history that counts: that of the epoch whose model is kept."""
        epoch = runs.best_epoch(self.history) if self.early_stopping else None
        return runs.kept_row(self.history, epoch)

    @property
    def diverged(self) -> bool:
        """Whether a loss is no longer a number, or beyond all measure: steps too large, mostly."""
        return any(map(runs.has_diverged, self.history))


OnEpoch = Callable[[Trial, History], bool]
"""Hears of each epoch of each trial, with the history until then, and says whether to stop it."""

OnEnd = Callable[[Trial], None]

Opened = dict[str, Source]
"""Data that are open already, by their settings: they are read once, whoever looks at them."""


def trials(
    project: Project,
    settings: Sequence[Mapping[str, object]],
    workers: int | None = None,
    time_limit: float | None = None,
    on_epoch: OnEpoch | None = None,
    folder: Path | None = None,
    on_end: OnEnd | None = None,
) -> list[Trial]:
    """Train once for each of `settings`, and return the trials in their order.

    Each of `settings` replaces some of the project's, by their short or full names. `workers` is
    how many processes train at once (one a core for each of `train.threads`, as far as the memory
    goes); `time_limit` is in seconds, of each trial; `on_end` hears of each that has ended. With a
    `folder`, each trial leaves there what a run leaves, with its own script, in a folder of its
    own: 000, 001, ...

    A crash, an exception or a hang in a trial is its result. Raises ApprentiError, before anything
    is started, for settings that do not exist, cannot have that value, have no effect, or would
    make another script.
    """
    if not settings:
        return []
    asked = ask(project, settings, workers, folder)
    ended = list(asked.trials)
    with contextlib.closing(train(asked, time_limit, on_epoch)) as made:
        for trial in made:
            ended[trial.number] = trial
            if on_end:
                on_end(trial)
    return ended


class Asked(NamedTuple):
    """Trials that were found possible, before any of them begins."""

    plan: Plan
    trials: Sequence[Trial]
    fits: Sequence[Fit]
    workers: int
    beside: Mapping[str, str]
    """What stands in the files that the script reads beside its data."""


def ask(
    project: Project,
    settings: Sequence[Mapping[str, object]],
    workers: int | None = None,
    folder: Path | None = None,
    opened: Opened | None = None,
) -> Asked:
    """Check what `trials` is asked, and assemble its script; nothing is started."""
    project = project._replace(choices=placed(project.choices))
    optional.require(project.choices.train.framework)
    versions = _versions(project, settings, opened)
    planned = _plan(versions)
    open_there = planned.script.used_settings & _varied(versions)
    fits = [_fit(version, open_there, folder) for version in versions]
    asked = [
        Trial(
            version.number,
            version.given,
            version.choices.train.seed,
            folder=fit.folder,
            early_stopping=version.choices.train.early_stopping,
        )
        for version, fit in zip(versions, fits, strict=True)
    ]
    if folder:
        _fill(folder, versions)
    at_most = min(len(fits), workers or at_once([planned]))
    return Asked(planned, asked, fits, at_most, _beside(versions))


class Look(NamedTuple):
    """What would become of the settings of a trial, without training."""

    error: ApprentiError | None
    """Why they are refused."""
    version: "Version | None" = None
    """The project as that trial sees it, where they are not."""

    def script(self) -> str:
        """Return the script that trains so by itself, in English."""
        if self.version is None:
            return ""
        with speaking("en"):
            one = self.version
            return write(one.choices, one.source, one.material, "train").text


def look(
    project: Project, settings: Sequence[Mapping[str, object]], opened: Opened | None = None
) -> list[Look]:
    """Say of each of `settings` whether it could be tried beside the project as it is.

    Data that are `opened` are not read again, and those that are read are put there.
    """
    project = project._replace(choices=placed(project.choices))
    sources: Opened = {} if opened is None else opened
    return [_look(project, given, sources) for given in settings]


def _look(project: Project, given: Mapping[str, object], sources: Opened) -> Look:
    try:
        versions = _versions(project, [{}, given], sources)
        if given:
            _plan(versions)
    except ApprentiError as error:
        return Look(error)
    return Look(None, versions[-1])


# Planning


class Version(NamedTuple):
    """The project as one trial sees it, with what was left open written out."""

    number: int
    given: Mapping[str, object]
    """The settings given for the trial, under their full names."""
    choices: Choices
    source: Source
    material: Material
    corrections: str | None = None
    """The labels that are corrected, as the script reads them."""

    @property
    def settings(self) -> dict[str, object]:
        """The settings under the names they have in the script."""
        return flat_settings(self.choices, self.source)

    def with_untaught(self, untaught: bool) -> "Version":
        source, material = with_untaught(self.source, self.material, untaught)
        return self._replace(source=source, material=material)

    def within(self, folder: Path) -> Path:
        """Return the folder of the trial in that of all trials."""
        return folder / f"{self.number:03}"


def _versions(
    project: Project,
    settings: Sequence[Mapping[str, object]],
    sources: Opened | None = None,
) -> list[Version]:
    """Check all settings before anything is read, and the data once for all that agree on them.

    `sources` are those that are open already.
    """
    seen = [_as_seen(project, number, given) for number, given in enumerate(settings)]
    sources = {} if sources is None else sources
    learned: dict[str, int] = {}
    corrected: dict[str, str | None] = {}
    versions, untaught = [], False
    for number, (given, choices) in enumerate(seen):
        # The split changes nothing about what there is to read
        key = choices.data.model_dump_json(exclude={"split"})
        if key not in sources:
            sources[key] = open_source(choices.data, project.folder)
        resolved, material = resolve(choices, sources[key])
        if (shared := resolved.data.model_dump_json()) not in learned:
            shares = share_out(sources[key], resolved.data)
            check_split(sources[key], shares, resolved.data)
            learned[shared] = counted(shares.parts)["train"]
            untaught = untaught or shares.untaught
            corrected[shared] = corrections(resolved, sources[key], project.folder, shares)
        check_batches(resolved, sources[key], learned[shared])
        kept = sources[key]._replace(table=None, contents=())
        versions.append(Version(number, given, resolved, kept, material, corrected[shared]))
    # One script fits all of them
    return [one.with_untaught(untaught) for one in versions]


def _as_seen(
    project: Project, number: int, given: Mapping[str, object]
) -> tuple[dict[str, object], Choices]:
    """Return the settings of a trial under their full names, and all that follow from them."""
    try:
        overrides = {full_name(name): value for name, value in given.items()}
        for key in FIXED:
            if key in overrides:
                raise ApprentiError("fixed_in_trials", key=key)
        return overrides, changed(project, overrides).choices
    except ApprentiError as error:
        place = {"place": f"trials[{number}]"}
        raise ApprentiError(error.key, **{**error.values, **place}) from None


def _plan(versions: Sequence[Version]) -> Plan:
    """Return the plan of the first trial, with a script that fits all of them."""
    first, *others = versions
    for other in others:
        if _blocks(other) != _blocks(first):
            settings = ", ".join(other.given)
            raise ApprentiError("other_script", number=other.number, settings=settings)
    given = {key for version in versions for key in version.given}
    left_open = _varied(versions)
    script = write(first.choices, first.source, first.material, "train", left_open)
    planned = Plan(first.choices, first.source, script, first.material)
    check_effects(sorted(given), [planned])
    return planned


def _blocks(version: Version) -> list[Path]:
    choices = version.choices
    return catalogue.blocks(choices.train.framework, choices.model.kind, version.material)


def _varied(versions: Sequence[Version]) -> set[str]:
    """Return the settings that are not the same in all trials, under their names in the script."""
    first = versions[0].settings
    return {
        name
        for version in versions
        for name, value in version.settings.items()
        if value != first[name]
    }


def _fit(version: Version, names: Set[str], folder: Path | None) -> Fit:
    settings = {name: value for name, value in version.settings.items() if name in names}
    return Fit(settings, version.within(folder) if folder else None)


def _fill(folder: Path, versions: Sequence[Version]) -> None:
    """Make the folder of each trial, with its own script."""
    if folder.exists() and any(folder.iterdir()):
        raise ApprentiError("trials_folder_used", folder=folder)
    left_open = _varied(versions)
    for version in versions:
        script = write(version.choices, version.source, version.material, "train", left_open)
        version.within(folder).mkdir(parents=True)
        write_text(version.within(folder) / SCRIPT, script.text)
        for name, text in _beside([version]).items():
            write_text(version.within(folder) / name, text)


def _beside(versions: Sequence[Version]) -> dict[str, str]:
    """Return the files that scripts read beside their data, with what stands in them."""
    found = {version.corrections for version in versions if version.corrections is not None}
    if len(found) > 1:
        raise ApprentiError("fixed_in_trials", key="data.labels")
    return dict.fromkeys([CORRECTIONS], found.pop()) if found else {}


# Training


def train(
    asked: Asked,
    time_limit: float | None = None,
    on_epoch: OnEpoch | None = None,
    wanted: Callable[[int], bool] = lambda number: True,
) -> Generator[Trial, None, None]:
    """Yield the trials as they end; close the generator to end those under way.

    Whether a trial is `wanted` is asked when there is a process for it: what has ended by then may
    have decided it.
    """
    planned, places = asked.plan, list[int]()
    with tempfile.TemporaryDirectory() as name:
        script = Path(name, SCRIPT)
        write_text(script, planned.script.text)
        threads = planned.choices.train.threads
        of_data = planned.script.data_settings
        terms = Terms(script, of_data, planned.source.folder, threads, asked.beside)
        fits = _chosen(asked.fits, wanted, places)
        asks = _asks(on_epoch, asked.trials, places)
        endings = fit_all(terms, fits, asked.workers, time_limit, asks)
        with contextlib.closing(endings):
            for number, ending in endings:
                trial = asked.trials[places[number]]._replace(**ending._asdict())
                _say_failed(trial)
                yield trial


def _chosen(fits: Sequence[Fit], wanted: Callable[[int], bool], places: list[int]) -> Iterator[Fit]:
    """Yield the fits that are wanted, and note the place of each among all."""
    for place, fit in enumerate(fits):
        if wanted(place):
            places.append(place)
            yield fit


def _asks(
    on_epoch: OnEpoch | None, asked: Sequence[Trial], places: Sequence[int]
) -> AsksEpoch | None:
    if on_epoch is None:
        return None
    return lambda number, history: on_epoch(
        asked[places[number]]._replace(history=history), history
    )


def _say_failed(trial: Trial) -> None:
    """Say in the folder of a trial that it failed, as a script does that runs by itself."""
    if trial.folder and trial.status in (runs.FAILED, "timed out"):
        status = {"status": runs.FAILED}
        write_text(trial.folder / runs.STATUS, as_json(status))
