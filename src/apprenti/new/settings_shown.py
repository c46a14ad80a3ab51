"""Which settings stand in the file of a new project: those that matter for its data and model."""

import re

from apprenti.data.source import Source
from apprenti.errors import ApprentiError
from apprenti.project import Choices, Setting
from apprenti.train import plan

ALWAYS = ("data.source", "data.split", "model.kind", "train.framework")

CHOOSE_CODE = ("optimizer", "schedule")
"""What people change although a script shows it by its code alone. All else that a script does not
name is off: dropout, smallest leaf..."""

OF_COLUMNS = ("target", "task", "ignore", "categorical", "missing", "sensitive", "group", "time")
OF_TEXTS = ("target", "text", "task", "missing", "group", "time")
OF_NAMED_IMAGES = ("target", "image", "task", "ignore", "image_size", "group", "time")
OF_IMAGE_FILES = ("image_size",)
"""The settings of the data that people change, by what the data are."""


def that_matter(choices: Choices, source: Source) -> set[str] | None:
    """Return their full names; None, all of them, where no run could be made as it is.

    Of the model and the training they are the settings that its script has.
    """
    try:
        resolved, material = plan.resolve(choices, source)
        script = plan.write(resolved, source, material, "train")
    except ApprentiError:
        return None
    named = {name for name in script.used_settings if _is_named(name, script.text)}
    used = {f"{part}.{name}" for part in ("model", "train") for name in named}
    return {*ALWAYS, *(f"data.{name}" for name in _of_data(source)), *used}


def _is_named(name: str, script: str) -> bool:
    """Say whether a setting stands at the top of a script, or chooses code that people change."""
    return name in CHOOSE_CODE or re.search(rf"^    {name}: ", script, re.MULTILINE) is not None


def stands(setting: Setting, matter: set[str] | None, given: dict[str, object]) -> bool:
    """Say whether a setting stands in the file: it matters, or has not its default."""
    usual = setting.field.default
    return matter is None or setting.key in matter or (given.get(setting.key) or usual) != usual


def _of_data(source: Source) -> tuple[str, ...]:
    if source.table is None:
        return OF_IMAGE_FILES if source.contents else ()
    columns = source.table.columns
    return OF_TEXTS if columns.text else OF_NAMED_IMAGES if columns.image else OF_COLUMNS
