"""What a run will be, before anything is written: its settings, its data and its scripts."""

import textwrap
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from apprenti import __version__, optional
from apprenti.data.describe import drawings
from apprenti.data.kinds import memory, needs
from apprenti.data.source import Source, open_source
from apprenti.data.split.parts import TRAIN, check_folds, check_left, counted, counts
from apprenti.data.split.written import Shares, share_out
from apprenti.errors import ApprentiError
from apprenti.findings import Finding
from apprenti.language import current, say, subject
from apprenti.model import catalogue
from apprenti.model.catalogue import Material
from apprenti.project import Choices, Project, Split, default
from apprenti.runs import ESSENTIAL, EVALUATE, PREDICT, SCRIPT
from apprenti.script.assemble import Script, assemble, entitle
from apprenti.standing import looked_at
from apprenti.tasks import CLASSIFICATION
from apprenti.train.check_split import check_split
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.train.corrected_labels import corrections, without_corrections
from apprenti.train.effects import check_effects
from apprenti.train.flat_settings import flat_settings, has_neurons

BY_VALUE = ("groups", "time")
"""The splits of which it is known afterwards how many rows each part has."""

WIDEST_TITLE = 97
"""With the three quotation marks around it, as wide as a line of a script may be."""


class Plan(NamedTuple):
    """Everything a run will be, before it exists."""

    choices: Choices
    source: Source
    script: Script
    """The one that runs."""
    material: Material
    shares: Shares | None = None
    """The part of each row of the data, where somebody is to be told."""
    files: Mapping[str, str] = {}
    """The text of each script of the run, under the name of its file."""
    remarks: tuple[Finding, ...] = ()
    """What is to be told of the data, and of their split, before they are learned from."""


def plan(
    project: Project,
    overridden: Iterable[str] = (),
    agreement: bool = False,
    source: Source | None = None,
    shares: Shares | None = None,
) -> Plan:
    """Check the data and assemble the scripts, without leaving anything of a run on disk.

    `overridden` are the settings given on the command line (full names): one that the script would
    not use is refused, for it would seem to have been obeyed; a framework that was not given is
    changed for one that has the model. With `agreement` the script is that which learns in several
    ways from one start. `source` is the project's data, where they are open already, and `shares`
    how they are split, where that is known; a table is not kept.
    """
    overridden = set(overridden)
    if agreement:
        project = without_corrections(project)
    chosen = project.choices if "train.framework" in overridden else placed(project.choices)
    framework, model = chosen.train.framework, chosen.model.kind
    optional.require(framework)
    source = source or open_source(chosen.data, project.folder)
    choices, material = resolve(chosen, source, whole=agreement)
    # How far frameworks agree is asked of a part of the rows, and is no score
    known = [] if agreement or shares else looked_at(project, source)
    grave = [one for one in known if one.is_serious]
    shares = shares or share_out(source, choices.data)
    source, material = with_untaught(source, material, shares.untaught)
    check_batches(choices, source, counted(shares.parts)["train"])
    source = needs.of_training(source, shares.parts == TRAIN)
    source = source if agreement else _with_drawings(source, shares)
    train = write(choices, source, material, "agreement" if agreement else "train")
    files = {SCRIPT: train.text}
    for name in (PREDICT, EVALUATE) if not agreement else ():
        files[name] = write(choices, source, material, name.removesuffix(".py")).text
    if not agreement and catalogue.has_essential(framework, model, material):
        files[ESSENTIAL] = write(choices, source, material, "essential").text
    kept = source._replace(table=None, contents=())
    if (corrected := corrections(choices, source, project.folder, shares)) is not None:
        files[CORRECTIONS] = corrected
    remarks = (*grave, *check_split(source, shares, choices.data))
    planned = Plan(choices, kept, train, material, shares, files, remarks)
    check_effects(overridden, [planned])
    return planned


def placed(chosen: Choices) -> Choices:
    """Return the choices with a framework that has their model, which implies it."""
    framework = catalogue.framework_of(chosen.model.kind, chosen.train.framework)
    return chosen.model_copy(
        update={"train": chosen.train.model_copy(update={"framework": framework})}
    )


def with_untaught(source: Source, material: Material, untaught: bool) -> tuple[Source, Material]:
    """Return the data and what a script learns from, with what is known of its classes."""
    settings = {**source.settings, "untaught": untaught}
    return source._replace(settings=settings), material._replace(untaught=untaught)


def _with_drawings(source: Source, shares: Shares) -> Source:
    """Return the data with what their new images are made like, where they are drawings."""
    found = drawings.settings_of(source, shares)
    return source._replace(new_rows={**source.new_rows, **found})


def resolve(chosen: Choices, source: Source, whole: bool = False) -> tuple[Choices, Material]:
    """Write out what was left open, and refuse a model that cannot learn from these data."""
    framework, model = chosen.train.framework, chosen.model.kind
    choices = _split_and_columns(chosen, source)
    material = material_of(source, framework, model, whole)
    catalogue.check(framework, model, material)
    _check_model(choices, source)
    return choices, material


def material_of(source: Source, framework: str, model: str, whole: bool = False) -> Material:
    """Return what a script learns from; with `whole`, all the rows at once, whatever their size."""
    columns = source.table.columns if source.table else None
    # Networks alone learn batch by batch
    streamed = source.streamed and framework in catalogue.NETWORKS and not whole
    if source.streamed and not streamed:
        memory.check(source, model)
    return Material(
        reading=source.kind,
        shape=source.shape,
        task=source.task,
        split=source.split,
        texts=bool(columns and columns.text),
        texts_beside=bool(columns and columns.texts),
        images=bool(columns and columns.image),
        streamed=streamed,
    )


BLOCKS = {
    "train": catalogue.blocks,
    "essential": catalogue.essential_blocks,
    "predict": catalogue.predict_blocks,
    "evaluate": catalogue.evaluate_blocks,
    "agreement": catalogue.agreement_blocks,
}
"""The blocks of each kind of script."""

LEFT_OPEN: Mapping[str, Collection[str]] = {
    "agreement": ("optimizer",),
    # New rows need not be written as those of the training
    "predict": ("encoding", "delimiter", "decimal", "as_is", "seen"),
}
"""The settings that a script tries several values of: their branches stay."""


OPENS = ("predict", "evaluate")
"""The scripts that open a model again."""

OF_KNOWN_ROWS = ("image_needs", "endings", "ascii_classes", "all_answered", *needs.SETTINGS)
"""The settings that leave out of a script what the rows of the training do not need."""


def write(
    choices: Choices,
    source: Source,
    material: Material,
    kind: str,
    left_open: Collection[str] | None = None,
) -> Script:
    """Return one of the scripts of a run, in the current language.

    The branches of the settings `left_open` stay in it, so that it can be run with other values.
    """
    blocks = BLOCKS[kind](choices.train.framework, choices.model.kind, material)
    settings = settings_of_kind(kind, flat_settings(choices, source), source.new_rows)
    unused = _unused(choices, source, kind)
    settings |= dict.fromkeys(unused, 0.0)
    settings["at_once"] = catalogue.prepares_at_once(blocks)
    words = subject("script", current())["words"]
    script = assemble(
        blocks,
        settings,
        "",
        left_open=LEFT_OPEN.get(kind, ()) if left_open is None else left_open,
        words=words,
        flat=kind == "essential",
    )
    text = entitle(script.text, _title(choices, source, kind, script.text))
    return script._replace(text=text, used_settings=script.used_settings - unused)


def settings_of_kind(
    kind: str, settings: Mapping[str, Any], new_rows: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the settings of one of the scripts of a run, from those of its training."""
    if kind not in OPENS:
        return dict(settings)
    # The next rows may need it
    found = {name: value for name, value in settings.items() if name not in OF_KNOWN_ROWS}
    # The lines of one file are not those of another
    ways = {**new_rows, "labelled": False, "skip_lines": ()} if kind == "predict" else {}
    return found | ways


def _unused(choices: Choices, source: Source, kind: str) -> set[str]:
    """Return the settings that a loop asks for, and that change nothing in such a script."""
    # Neither numbers of words nor the rows of a comparison are blended: no target is either
    is_blended = kind != "agreement" and choices.model.kind not in catalogue.OF_TEXTS
    used = {
        "mixup": is_blended,
        "dropout": has_neurons(choices),
        "label_smoothing": source.task == CLASSIFICATION,
        "loss": source.task == CLASSIFICATION,
    }
    return {name for name, is_used in used.items() if not is_used}


def _split_and_columns(choices: Choices, source: Source) -> Choices:
    """Write out what was left open, and refuse a split that leaves a part empty."""
    split = choices.data.split
    if source.has_test_part and split.test:
        raise ApprentiError("test_part_given", source=choices.data.source, test=split.test)
    if source.valid_part and split.valid not in (Split().valid, source.valid_part):
        raise ApprentiError("valid_part_given", source=choices.data.source, valid=split.valid)
    check_folds(split, source.split)
    parts = counts(split, source.rows, source.has_test_part, source.valid_part, source.split)
    left = source.rows - parts["valid"] - parts["test"]
    if left < max(1, source.classes) or parts["valid"] < 1:
        kept = {name: parts[name] for name in ("valid", "test")}
        raise ApprentiError("split_impossible", rows=source.rows, left=left, **kept)
    check_left(split, source.rows, parts)
    if split.folds and source.table and source.split != "random":
        # A fold of groups or of times has the rows that it has
        parts = counted(share_out(source, choices.data).parts)
    found: dict[str, object] = {"split": split.model_copy(update=parts)}
    if source.table:
        columns = source.table.columns
        found |= {"target": columns.target, "text": columns.text, "image": columns.image}
        found["task"] = source.task
    if "image_size" in source.settings:
        found["image_size"] = source.settings["image_size"]
    return choices.model_copy(update={"data": choices.data.model_copy(update=found)})


def _check_model(choices: Choices, source: Source) -> None:
    """Refuse a model that its own settings, or those of the training, make impossible."""
    if choices.model.kind == "gru" and not choices.model.hidden_units:
        raise ApprentiError("no_layers", model=choices.model.kind)
    if source.split not in BY_VALUE:
        check_batches(choices, source, int(choices.data.split.train or 0))
    for name in OF_CLASSES if source.task != CLASSIFICATION else ():
        value, setting = getattr(choices.train, name), f"train.{name}"
        if value != default(setting):
            raise ApprentiError("only_for_classes", key=setting, name=name, value=value)


OF_CLASSES = ("loss", "label_smoothing", "class_weights")
"""The settings of training that need classes to predict."""


def check_batches(choices: Choices, source: Source, rows: int) -> None:
    """Refuse a batch of one row where batch normalisation has one number to find a variance of."""
    model, size = choices.model, choices.train.batch_size
    if (rows % size or size) != 1:
        return
    other = next((n for n in range(size + 1, size + 9) if rows % n != 1), rows)
    smallest = 2 ** len(model.filters)
    if model.kind == "resnet" and max(source.shape[:2]) <= smallest:
        raise ApprentiError("batch_of_one", size=size, rows=rows, other=other)
    of_points = model.kind == "cnn" and max(source.shape[:2]) <= smallest // 2
    of_neurons = model.kind in ("mlp", "cnn") and model.hidden_units
    of_words = model.kind == "conv1d" and model.max_tokens == 1
    of_network = model.batch_norm and choices.train.framework in catalogue.NETWORKS
    if of_network and (of_points or of_neurons or of_words):
        raise ApprentiError("batch_norm_of_one", size=size, rows=rows, other=other)


def _title(choices: Choices, source: Source, kind: str, text: str) -> str:
    title = say(
        f"script.{kind}",
        source=" ".join((source.name or choices.data.source).split()),
        model=say(f"words.{catalogue.name_of(choices.model.kind, source.task)}"),
        framework=say(f"words.framework_{choices.train.framework}"),
        needs=", ".join(catalogue.requirements(text)),
        version=__version__,
    )
    return "\n".join(line for sentences in title.splitlines() for line in _narrow(sentences))


def _narrow(line: str) -> list[str]:
    """Return a line, or the sentences of one that is too wide, as many lines as they need."""
    if len(line) <= WIDEST_TITLE:
        return [line]
    sentences = line.replace(". ", ".\n").splitlines()
    wrapped = (textwrap.wrap(s, WIDEST_TITLE, break_on_hyphens=False) for s in sentences)
    return [part for parts in wrapped for part in parts]
