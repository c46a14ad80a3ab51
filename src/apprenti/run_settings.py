"""The settings of a run, whoever wrote its script, and what tells several runs apart."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from apprenti import ledger
from apprenti.errors import ApprentiError
from apprenti.project import default, full_name, settings
from apprenti.runs import Run, RunFacts

OWN_SCRIPT = "script"
"""The table of choices.toml that has what stands at the top of somebody's own script."""

NAMED_BY_SPLIT = {"train": "data.split.train", "valid": "data.split.valid"}
NAMED_BY_SPLIT |= {"test": "data.split.test", "split_seed": "data.split.seed"}
"""The settings of the split by the names that they have at the top of a script."""


class Difference(NamedTuple):
    """A setting that is not the same in some runs."""

    name: str
    values: tuple[Any, ...]
    """One for each run; None where it has no such setting."""


def settings_of(run: Run | RunFacts) -> dict[str, Any]:
    """Return the settings of a run under their full names: `train.epochs`, `data.split.seed`.

    Of somebody's own script: what stands at its top, under those names too where they have one.
    """
    choices = dict(run.choices)
    own: Mapping[str, Any] = choices.pop(OWN_SCRIPT, {})
    return {**flat(choices), **{_full_name(name): value for name, value in own.items()}}


def as_json(facts: RunFacts) -> dict[str, Any]:
    """Return what --json says of a run: its facts, its number, its note and its settings."""
    settings = {} if facts.damage else settings_of(facts)
    more = {"number": facts.number, "started": facts.started, "note": facts.note}
    selected = ledger.read(facts.folder.parent.parent).selected(facts)
    return {**facts.summary(), **more, "selected_on_test": selected, "settings": settings}


def value(run: Run | RunFacts, name: str) -> Any:
    """Return the value of a setting, under its full name or a short one; None where it has none."""
    settings = settings_of(run)
    return settings.get(name, settings.get(_full_name(name)))


def is_own_script(run: Run | RunFacts) -> bool:
    """Say whether the script of a run was written, or changed, by somebody else."""
    return OWN_SCRIPT in run.choices


def differences(runs: Sequence[Run | RunFacts]) -> list[Difference]:
    """Return the settings that tell these runs apart, sorted by their names.

    A setting that did not exist when a run was made had its default: new settings do nothing there.
    Where one has somebody's own script, only what all of them have: the rest is said by the scripts
    themselves, and the kind of its model is but the name of its script.
    """
    theirs = [settings_of(run) for run in runs]
    names = set().union(*theirs)
    if any(map(is_own_script, runs)):
        names = names.intersection(*theirs) - {"model.kind"}
    every = [
        Difference(name, tuple(one.get(name, _default(name)) for one in theirs))
        for name in sorted(names)
    ]
    return [one for one in every if any(value != one.values[0] for value in one.values)]


def changes(first: Run | RunFacts, others: Sequence[Run | RunFacts]) -> list[dict[str, Any]]:
    """Return what each of others has otherwise than the first, under the names it is set by.

    Its model and its framework are in its name. Of own scripts see `differences`.
    """
    named = ("model.kind", "train.framework")
    return [
        {
            short_name(one.name): one.values[1]
            for one in differences([first, run])
            if one.name not in named
        }
        for run in others
    ]


def flat(content: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in content.items():
        inner = flat(value, f"{within}{name}.") if isinstance(value, Mapping) else None
        found |= {f"{within}{name}": value} if inner is None else inner
    return found


@cache
def _full_name(name: str) -> str:
    if name in NAMED_BY_SPLIT:
        return NAMED_BY_SPLIT[name]
    try:
        return full_name(name)
    except ApprentiError:
        return name


@cache
def _default(name: str) -> Any:
    """Return the default of a setting, as choices.toml has it; None where it has none."""
    found = default(name) if name in {one.key for one in settings()} else None
    return list(found) if isinstance(found, tuple) else found


@cache
def short_name(name: str) -> str:
    """Return the last part of a full name, where that is enough to set it."""
    last = name.rpartition(".")[2]
    return last if _full_name(last) == name else name
