"""What a run will be, before it exists: checked data, chosen blocks, an assembled script."""

from collections.abc import Iterable
from typing import NamedTuple

from apprenti import __version__, optional
from apprenti.data.sources import Source, open_source
from apprenti.errors import ApprentiError
from apprenti.language import current, say, subject
from apprenti.model import catalogue
from apprenti.project import Choices, Project
from apprenti.script.assemble import Script, assemble
from apprenti.script.translate import translate

DEFAULT_TEST = 0.15
"""The share put aside for the test where the data bring no test part of their own."""


class Plan(NamedTuple):
    """Everything a run will be, before it exists."""

    choices: Choices
    source: Source
    script: Script


def plan(project: Project, overridden: Iterable[str] = (), parity: bool = False) -> Plan:
    """Check the data and assemble the script, without leaving anything on disk.

    `overridden` are the settings given on the command line (full names): one that the script would
    not use is refused, for it would seem to have been obeyed. With `parity` the script is the one
    that learns in several ways from one start.
    """
    framework, model = project.choices.train.framework, project.choices.model.kind
    optional.require(framework)
    source = open_source(project.choices.data.source, project.folder)
    choices = _resolve(project.choices, source)
    make_blocks = catalogue.parity_blocks if parity else catalogue.blocks
    blocks = make_blocks(framework, model, source.kind, source.shape)
    script = assemble(blocks, flat_settings(choices, source), _title(choices, source))
    text = translate(script.text, subject("script", current())["words"])
    planned = Plan(choices, source, script._replace(text=text))
    check_effects(overridden, [planned])
    return planned


def check_effects(overridden: Iterable[str], plans: list[Plan]) -> None:
    """Refuse a setting given on the command line that none of the planned scripts would use."""
    known = flat_settings(plans[0].choices, plans[0].source)
    for key in overridden:
        name = flat_name(key)
        if name in known and not any(name in planned.script.used_settings for planned in plans):
            models = {planned.choices.model.kind for planned in plans}
            frameworks = {planned.choices.train.framework for planned in plans}
            values = {
                "model": ", ".join(sorted(models)),
                "framework": ", ".join(sorted(frameworks)),
            }
            raise ApprentiError("no_effect", key=key, **values)


def _resolve(choices: Choices, source: Source) -> Choices:
    """Write out what was left open, and refuse a split that leaves a part empty."""
    split = choices.data.split
    test = split.test
    if source.has_test_part and test:
        raise ApprentiError("test_part_given", source=choices.data.source, test=test)
    if test is None:
        test = 0 if source.has_test_part else DEFAULT_TEST
    amounts = {"valid": split.valid, "test": test}
    kept = {part: _rows(amount, source.rows) for part, amount in amounts.items()}
    left = source.rows - sum(kept.values())
    if left < source.classes or kept["valid"] < 1:
        raise ApprentiError("split_impossible", rows=source.rows, left=left, **kept)
    train = 1.0 if split.train is None else split.train
    split = split.model_copy(update={"test": test, "train": train})
    return choices.model_copy(update={"data": choices.data.model_copy(update={"split": split})})


def _rows(amount: float, rows: int) -> int:
    return amount if isinstance(amount, int) else round(amount * rows)


def flat_settings(choices: Choices, source: Source) -> dict[str, object]:
    """Return the settings under the names they have at the top of a script."""
    split = choices.data.split
    return {
        "data": source.name,
        **source.settings,
        "train": split.train,
        "valid": split.valid,
        "test": split.test,
        "split_seed": split.seed,
        "hidden_units": choices.model.hidden_units,
        **choices.train.model_dump(exclude={"framework"}),
    }


def flat_name(key: str) -> str:
    """Return the name a setting of apprenti.toml has at the top of a script."""
    return "split_seed" if key == "data.split.seed" else key.rpartition(".")[2]


def _title(choices: Choices, source: Source) -> str:
    framework = choices.train.framework
    return say(
        "script.title",
        source=source.name or choices.data.source,
        model=say(f"words.model_{choices.model.kind}"),
        framework=say(f"words.framework_{framework}"),
        needs=", ".join(catalogue.requirements(framework, source.kind)),
        version=__version__,
    )
