"""What a run will be, before it exists: checked data, chosen blocks, an assembled script."""

from collections.abc import Iterable
from typing import NamedTuple

from apprenti import __version__, optional
from apprenti.data.shared_out import Shares, share_out
from apprenti.data.sources import Source, check_memory, open_source
from apprenti.data.split import counts
from apprenti.errors import ApprentiError
from apprenti.language import current, say, subject
from apprenti.model import catalogue
from apprenti.project import Choices, Project
from apprenti.script.assemble import Script, assemble, entitle
from apprenti.script.translate import translate

WIDEST_TITLE = 97
"""With the three quotation marks around it, as wide as a line of a script may be."""


class Plan(NamedTuple):
    """Everything a run will be, before it exists."""

    choices: Choices
    source: Source
    script: Script
    material: catalogue.Material
    shares: Shares
    """The part of each row of the data."""


def plan(
    project: Project,
    overridden: Iterable[str] = (),
    parity: bool = False,
    source: Source | None = None,
    shares: Shares | None = None,
) -> Plan:
    """Check the data and assemble the script, without leaving anything on disk.

    `overridden` are the settings given on the command line (full names): one that the script would
    not use is refused, for it would seem to have been obeyed. With `parity` the script is the one
    that learns in several ways from one start. `source` is the project's data, where they are open
    already, and `shares` how they are shared out, where that is known; a table is not kept.
    """
    framework, model = project.choices.train.framework, project.choices.model.kind
    optional.require(framework)
    source = source or open_source(project.choices.data, project.folder)
    choices = _resolve(project.choices, source)
    if model == "gru" and not choices.model.hidden_units:
        raise ApprentiError("no_layers", model=model)
    make_blocks = catalogue.parity_blocks if parity else catalogue.blocks
    converted = bool(source.table and source.table.converted)
    columns = source.table.columns if source.table else None
    texts, of_images = bool(columns and columns.text), bool(columns and columns.image)
    # Networks alone learn batch by batch, and parity looks at whole arrays
    streamed = source.streamed and framework in catalogue.NETWORKS and not parity
    if source.streamed and not streamed:
        check_memory(source, model)
    material = catalogue.Material(
        source.kind,
        source.shape,
        source.task,
        source.split,
        converted,
        texts,
        of_images,
        streamed,
    )
    blocks = make_blocks(framework, model, material)
    if model == "resnet":
        _check_batches(choices, source)
    script = assemble(blocks, flat_settings(choices, source), "")
    text = entitle(script.text, _title(choices, source, script.text))
    text = translate(text, subject("script", current())["words"])
    kept = source._replace(table=None, contents=())
    shares = shares or share_out(source, choices.data)
    planned = Plan(choices, kept, script._replace(text=text), material, shares)
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
    if source.has_test_part and split.test:
        raise ApprentiError("test_part_given", source=choices.data.source, test=split.test)
    parts = counts(split, source.rows, source.has_test_part)
    left = source.rows - parts["valid"] - parts["test"]
    if left < max(1, source.classes) or parts["valid"] < 1:
        kept = {name: parts[name] for name in ("valid", "test")}
        raise ApprentiError("split_impossible", rows=source.rows, left=left, **kept)
    found: dict[str, object] = {"split": split.model_copy(update=parts)}
    if source.table:
        columns = source.table.columns
        found |= {"target": columns.target, "text": columns.text, "image": columns.image}
        found["task"] = source.task
    if "image_size" in source.settings:
        found["image_size"] = source.settings["image_size"]
    return choices.model_copy(update={"data": choices.data.model_copy(update=found)})


def _check_batches(choices: Choices, source: Source) -> None:
    """Refuse batches of one row of one point: normalisation by batch has nothing to compare."""
    size = choices.train.batch_size
    halved = 2 ** len(choices.model.filters)
    last = int(choices.data.split.train or 0) % size or size
    if last == 1 and max(source.shape[:2]) <= halved:
        raise ApprentiError("batch_of_one", size=size, rows=choices.data.split.train)


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
        **choices.model.model_dump(exclude={"kind"}),
        **choices.train.model_dump(exclude={"framework"}),
    }


def flat_name(key: str) -> str:
    """Return the name a setting of apprenti.toml has at the top of a script."""
    return "split_seed" if key == "data.split.seed" else key.rpartition(".")[2]


def _title(choices: Choices, source: Source, text: str) -> str:
    framework = choices.train.framework
    title = say(
        "script.title",
        source=source.name or choices.data.source,
        model=say(f"words.{catalogue.name_of(choices.model.kind, source.task)}"),
        framework=say(f"words.framework_{framework}"),
        needs=", ".join(catalogue.requirements(text)),
        version=__version__,
    )
    lines = title.splitlines()
    return "\n".join(s if len(s) <= WIDEST_TITLE else s.replace(". ", ".\n") for s in lines)
