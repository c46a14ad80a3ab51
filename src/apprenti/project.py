"""A project: the folder, and its apprenti.toml read into frozen settings.

The settings, their limits and their defaults are declared here; a new project may begin with other
values (`apprenti.new.starting_values`), and whether a setting has an effect in a script is found
out when that is planned (`apprenti.train.effects`). Their help is the entry of the same name in
texts/<language>/settings.toml.
"""

import csv
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from apprenti.command_line import written
from apprenti.errors import ApprentiError, Near, nearest
from apprenti.language import say
from apprenti.outside import read_text, read_toml

FILE = "apprenti.toml"

Share = Annotated[float, Field(ge=0, lt=1)]
Rows = Annotated[int, Field(strict=True, ge=0)]
Amount = Rows | Share
"""How many rows: 0.15 is a share of them, 10000 is that many."""


class Section(BaseModel):
    """One section of apprenti.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _without_brackets(cls, given: Any) -> Any:
        """Read a single number or text where a list is meant: hidden_units = 64."""
        if not isinstance(given, Mapping):
            return given
        fields = cls.model_fields
        return {
            name: _as_list(fields[name].annotation, value) if name in fields else value
            for name, value in given.items()
        }


class Split(Section):
    """How the rows are shared out; the test rows are for the very end."""

    train: Amount | None = None
    valid: Annotated[int, Field(ge=1)] | Annotated[float, Field(gt=0, lt=1)] = 0.15
    test: Amount | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    folds: Annotated[int, Field(ge=0, le=1000)] = 0
    fold: Annotated[int, Field(ge=0, lt=1000)] = 0
    draw: Annotated[int, Field(ge=0, lt=2**32)] = 0


def _one_form(name: str) -> str:
    """Return a name with its accents in one form, as those of columns are when they are read."""
    return unicodedata.normalize("NFC", name)


ColumnName = Annotated[str, Field(min_length=1), AfterValidator(_one_form)]
ColumnNames = Annotated[tuple[ColumnName, ...], Field(strict=False)]

Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)]

Spellings = dict[
    Annotated[str, Field(min_length=1)],
    Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)],
]
"""The word that counts, and the others that stand for it."""

FindingName = Annotated[str, Field(pattern=r"^[A-Z]\d{2,3}( .+)?$")]
"""The code of a finding (D011), or a code with its subject (D011 id)."""

FindingNames = Annotated[tuple[FindingName, ...], Field(strict=False)] | dict[FindingName, str]
"""Findings alone, or each with the reason why it is known and accepted."""

ImageSize = Annotated[
    tuple[Annotated[int, Field(ge=1, le=4096)], Annotated[int, Field(ge=1, le=4096)]],
    Field(strict=False),
]
"""Height and width."""


class DataSettings(Section):
    source: Annotated[str, Field(min_length=1)]
    target: ColumnName | None = None
    text: ColumnName | None = None
    image: ColumnName | None = None
    task: Literal["classification", "regression"] | None = None
    ignore: ColumnNames = ()
    categorical: ColumnNames = ()
    missing: Words = ()
    unite: Spellings = {}
    sensitive: ColumnNames = ()
    group: ColumnName | None = None
    time: ColumnName | None = None
    header: bool | None = None
    skip_rows: Annotated[int, Field(ge=0, le=1000)] | None = None
    sheet: Annotated[str, Field(min_length=1)] | None = None
    image_size: ImageSize | None = None
    skip_images: ColumnNames = ()
    streamed: bool | None = None
    muted: FindingNames = ()
    labels: str | None = None
    split: Split = Split()


class ModelSettings(Section):
    kind: Literal[
        "trivial",
        "linear",
        "tree",
        "forest",
        "extra_trees",
        "boosting",
        "stochastic_boosting",
        "svm",
        "knn",
        "mlp",
        "cnn",
        "resnet",
        "gru",
        "conv1d",
    ] = "mlp"
    hidden_units: Annotated[
        tuple[Annotated[int, Field(ge=1, le=100_000)], ...], Field(max_length=50, strict=False)
    ] = (128,)
    activation: Literal["relu", "sigmoid", "tanh"] = "relu"
    initial_weights: Literal["default", "glorot", "he", "normal"] = "default"
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    batch_norm: bool = False
    filters: Annotated[
        tuple[Annotated[int, Field(ge=1, le=4096)], ...],
        Field(min_length=1, max_length=10, strict=False),
    ] = (16, 32)
    residual_blocks: Annotated[int, Field(ge=1, le=50)] = 2
    vocabulary: Annotated[int, Field(ge=1, le=1_000_000)] = 5000
    max_tokens: Annotated[int, Field(ge=1, le=10_000)] = 100
    embedding_size: Annotated[int, Field(ge=1, le=4096)] = 32
    max_depth: Annotated[int, Field(ge=1, le=1000)] = 6
    min_samples_leaf: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    n_estimators: Annotated[int, Field(ge=1, le=100_000)] = 100
    shrinkage: Annotated[float, Field(gt=0, le=1)] = 0.1
    n_neighbors: Annotated[int, Field(ge=1, le=100_000)] = 5
    kernel: Literal["linear", "rbf"] = "rbf"
    C: Annotated[float, Field(gt=0, le=1e6)] = 1.0


class TrainSettings(Section):
    framework: Literal["pytorch", "tensorflow", "sklearn"] = "pytorch"
    epochs: Annotated[int, Field(ge=1, le=100_000)] = 5
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] = 32
    shift: Share = 0.0
    rotation: Annotated[float, Field(ge=0, le=180)] = 0.0
    zoom: Share = 0.0
    flip: bool = False
    noise: Annotated[float, Field(ge=0, le=10)] = 0.0
    mixup: Annotated[float, Field(ge=0, le=10)] = 0.0
    word_dropout: Share = 0.0
    learning_rate: Annotated[float, Field(gt=0, le=100)] = 0.001
    schedule: Literal["cosine", "constant", "step", "one_cycle"] = "cosine"
    warm_up: Annotated[int, Field(ge=0, le=100_000)] = 0
    early_stopping: Annotated[int, Field(ge=0, le=100_000)] = 0
    record_updates: bool = False
    optimizer: Literal["adam", "sgd"] = "adam"
    weight_decay: Annotated[float, Field(ge=0, le=100)] = 0.0
    l1: Annotated[float, Field(ge=0, le=100)] = 0.0
    clip_norm: Annotated[float, Field(ge=0)] = 0.0
    loss: Literal["cross_entropy", "binary_cross_entropy"] = "cross_entropy"
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    class_weights: Literal["none", "balanced"] = "none"
    iterations: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    threads: Annotated[int, Field(ge=1, le=1024)] = 1


MeasureOfClasses = Literal[
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "auc",
    "average_precision",
    "log_loss",
    "brier",
]
MeasureOfNumbers = Literal["r2", "mae", "rmse", "median_error"]
LOWER_IS_BETTER = ("log_loss", "brier", "mae", "rmse", "median_error")


class Goal(Section):
    """What the project is for, and how good is good enough."""

    use: Annotated[str, Field(min_length=1)] | None = None
    measure: MeasureOfClasses | MeasureOfNumbers | None = None
    of: Annotated[str, Field(min_length=1)] | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def task(self) -> str:
        """The task that the measure is of."""
        return "classification" if self.measure in get_args(MeasureOfClasses) else "regression"

    @property
    def bound(self) -> str:
        """The setting that says how good is good enough: the measure decides on which side."""
        return "at_most" if self.measure in LOWER_IS_BETTER else "at_least"

    @property
    def threshold(self) -> float | None:
        found: float | None = getattr(self, self.bound)
        return found


class Answer(Section):
    """What a person said, when, and why."""

    answer: str
    on: Annotated[date, Field(strict=False)]
    because: str = ""


class YesOrNo(Answer):
    answer: Literal["yes", "no"]


class InWords(Answer):
    answer: Annotated[str, Field(min_length=1)]


class ListedField(Answer):
    """The field of the European regulation on AI that a use falls under, if any."""

    answer: Literal[
        "none",
        "product",
        "biometrics",
        "infrastructure",
        "education",
        "employment",
        "essential_services",
        "law_enforcement",
        "migration",
        "justice",
    ]


class Answers(Section):
    """What only a person can say, for the checklist; each question has its text in the settings."""

    data_origin: InWords | None = None
    mistakes: InWords | None = None
    personal_data: YesOrNo | None = None
    sensitive_traits: YesOrNo | None = None
    cnil_1: YesOrNo | None = None
    cnil_2: YesOrNo | None = None
    cnil_3: YesOrNo | None = None
    cnil_4: YesOrNo | None = None
    cnil_5: YesOrNo | None = None
    cnil_6: YesOrNo | None = None
    cnil_7: YesOrNo | None = None
    ai_act_literacy: YesOrNo | None = None
    ai_act_prohibited: YesOrNo | None = None
    ai_act_field: ListedField | None = None


class Choices(Section):
    """Everything that was asked for, complete: what a run is made of.

    What is excluded is asked of the project and not of a run: none of them keeps it.
    """

    data: DataSettings
    model: ModelSettings = ModelSettings()
    train: TrainSettings = TrainSettings()
    goal: Goal = Field(default=Goal(), exclude=True)
    answers: Answers = Field(default=Answers(), exclude=True)


class Project(NamedTuple):
    """A folder with an apprenti.toml that was read and found right."""

    folder: Path
    choices: Choices

    @property
    def runs_folder(self) -> Path:
        return self.folder / "runs"


class Setting(NamedTuple):
    """One line of the settings: where it stands, its type in words, its default."""

    section: str
    name: str
    field: Any

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def is_of_runs(self) -> bool:
        """Whether a run is made of it, and not something that is asked of the project."""
        return self.section.partition(".")[0] not in BESIDE_RUNS


def settings() -> Iterator[Setting]:
    """Yield every setting of apprenti.toml, in the order of the file."""
    for section, model in SECTIONS.items():
        for name, field in model.model_fields.items():
            if f"{section}.{name}" not in SECTIONS:
                yield Setting(section, name, field)


def _sections(model: type[Section], within: str = "") -> Iterator[tuple[str, type[Section]]]:
    """Yield every section of apprenti.toml with its full name, in the order of the file."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            yield f"{within}{name}", inner
            yield from _sections(inner, f"{within}{name}.")


SECTIONS: Mapping[str, type[Section]] = dict(_sections(Choices))

BESIDE_RUNS = tuple(name for name, field in Choices.model_fields.items() if field.exclude)
"""The sections of which no run is made."""


def around(folder: Path) -> Path:
    """Return the folder of the project that a folder is in: itself, or the nearest above it.

    Where there is none it is the folder itself.
    """
    if (folder / FILE).exists():
        return folder
    above = folder.absolute().parents
    found = next((one for one in above if (one / FILE).exists()), None)
    return Path(os.path.relpath(found)) if found and not folder.is_absolute() else found or folder


def load(folder: Path, overrides: Mapping[str, object] | None = None) -> Project:
    """Read the project in `folder`, with some settings replaced (full names: "train.epochs")."""
    path = folder / FILE
    try:
        source = read_text(path)
    except FileNotFoundError:
        raise ApprentiError("no_project", folder=folder) from None
    content = read_toml(source, path)
    for key, value in (overrides or {}).items():
        put(content, key, value)
    return Project(folder, check(content, source, set(overrides or {})))


def changed(project: Project, overrides: Mapping[str, object]) -> Project:
    """Return a project with some settings replaced (full names), checked as those of a file are."""
    beside = {name: getattr(project.choices, name).model_dump() for name in BESIDE_RUNS}
    content = {**project.choices.model_dump(), **beside}
    for key, value in overrides.items():
        put(content, key, value)
    return project._replace(choices=check(content, overridden=set(overrides)))


def value_of(choices: "Choices", key: str) -> Any:
    """Return what a setting (full name: train.epochs) is in some choices."""
    return attrgetter(key)(choices)


def check(
    content: Mapping[str, Any],
    source: str = "",
    overridden: Set[str] = frozenset(),
    given: str = "--set",
) -> Choices:
    """Turn what the file says into settings, or say which line is wrong and how to put it right.

    Those that are `overridden` come from where they were `given`.
    """
    try:
        return Choices.model_validate(dict(content))
    except ValidationError as error:
        raise _explain(error.errors()[0], source, overridden, given) from None


def _explain(problem: Any, source: str, overridden: Set[str], given: str) -> ApprentiError:
    path = [str(step) for step in problem["loc"] if str(step) in _words()] or [
        str(problem["loc"][0])
    ]
    if problem["type"] == "extra_forbidden":
        path = [str(step) for step in problem["loc"]]
    key = ".".join(path)
    place = given if key in overridden else _place(path, source)
    if problem["type"] == "extra_forbidden":
        siblings = _names_in(".".join(path[:-1]))
        return ApprentiError(
            "unknown_setting", key=key, nearest=nearest(path[-1], siblings), place=place
        )
    if key == "data.target" and isinstance(problem["input"], list | tuple) and problem["input"]:
        names = list(map(str, problem["input"]))
        return ApprentiError("several_targets", names=", ".join(names), first=written(names[0]))
    if problem["type"] == "missing":
        return ApprentiError("setting_missing", key=key, place=place)
    within = ".".join(path)
    allowed = f"[{within}]" if within in SECTIONS else limits(_field(path))
    return ApprentiError(
        "wrong_value", key=key, value=problem["input"], allowed=allowed, place=place
    )


def _words() -> set[str]:
    models: tuple[type[Section], ...] = (Choices, *SECTIONS.values())
    return {name for model in models for name in model.model_fields}


def _names_in(section: str) -> list[str]:
    model: type[Section] = SECTIONS.get(section, Choices)
    return list(model.model_fields)


def _field(path: list[str]) -> Any:
    return SECTIONS[".".join(path[:-1])].model_fields[path[-1]]


def _place(path: list[str], source: str) -> str:
    """Return "apprenti.toml:7", the line where a setting stands, or the file alone."""
    section = ""
    for number, line in enumerate(source.splitlines(), start=1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header:
            section = header[1].strip()
            if section == ".".join(path):
                return f"{FILE}:{number}"
        named = re.search(rf'(^|[\s{{,."]){re.escape(path[-1])}"?\s*[.=]', line.split("#")[0])
        within = ".".join(path[:-1])
        if named and (within.startswith(section) if section else not within):
            return f"{FILE}:{number}"
    return FILE


def limits(field: Any) -> str:
    """Say in symbols what a setting may be: `adam | sgd`, `1 <= whole number <= 100000`."""
    return " | ".join(dict.fromkeys(_limits(field.annotation, field.metadata)))


def _limits(annotation: Any, metadata: Any) -> Iterator[str]:
    inner = get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        constraints = [
            m for item in annotation.__metadata__ for m in getattr(item, "metadata", [item])
        ]
        yield from _limits(inner[0], constraints)
    elif get_origin(annotation) is Literal:
        yield " | ".join(inner)
    elif get_origin(annotation) is dict:
        key, value = (next(_limits(one, [])) for one in inner)
        yield f"{{ {key} = {value} }}"
    elif get_origin(annotation) is tuple:
        yield f"[{next(_limits(inner[0], []))}, ...]"
    elif inner:
        for choice in inner:
            if choice is not type(None):
                yield from _limits(choice, [])
    elif isinstance(annotation, type) and issubclass(annotation, Section):
        fields = annotation.model_fields.items()
        said = (f"{name} = {limits(one)}" for name, one in fields if one.is_required())
        yield f"{{ {', '.join(said)} }}"
    elif annotation is bool:
        yield from ("true", "false")
    else:
        low = _bound(metadata, "ge", "{} <= ") or _bound(metadata, "gt", "{} < ")
        high = _bound(metadata, "le", " <= {}") or _bound(metadata, "lt", " < {}")
        yield f"{low}{say(f'words.type_{annotation.__name__}')}{high}"


def _bound(metadata: Any, name: str, shape: str) -> str:
    return next((shape.format(getattr(m, name)) for m in metadata if hasattr(m, name)), "")


def default(key: str) -> Any:
    """Return what a setting (full name) is where nothing is said; None: it is left open."""
    field = _field(key.split("."))
    return None if field.is_required() else field.get_default(call_default_factory=True)


def full_name(name: str, given: str = "--set") -> str:
    """Return "train.epochs" for "epochs"; of two settings of one name the less deep is meant.

    `given` says where the name comes from, for whoever misspelt it.
    """
    keys = [setting.key for setting in settings()]
    matching = [key for key in keys if key == name or key.endswith(f".{name}")]
    if matching:
        return min(matching, key=lambda key: key.count("."))
    near = nearest(name.rpartition(".")[2], [key.rpartition(".")[2] for key in keys])
    if "." in name and near.is_near:
        near = Near(full_name(str(near)))
    raise ApprentiError("unknown_setting", key=name, nearest=near, place=given)


def parse_override(assignment: str, given: str = "--set") -> tuple[str, object]:
    """Read `epochs=10` or `model.hidden_units=[64, 32]`; a bare word is a text.

    A list needs no brackets, and its texts no quotes: `hidden_units=64`, `ignore=alive,deck`.
    """
    name, equals, written = assignment.partition("=")
    if not equals:
        raise ApprentiError("not_an_assignment", text=assignment)
    key = full_name(name.strip(), given)
    values, is_list = _values(written), holds_list(key)
    if values is None or (_holds_words(key) and any(map(_is_bare, values))):
        # A column may be called 2020, and -999 stand for what is not known
        is_list = is_list and not set(written) & set("[]{}\n")
        values = _words_in(written) if is_list else [written.strip()]
    if is_list:
        return key, as_list(key, values[0]) if len(values) == 1 else values
    return key, values[0] if len(values) == 1 else written.strip()


def _is_bare(value: object) -> bool:
    return not isinstance(value, str | list | dict)


def _words_in(written: str) -> list[str]:
    """Return the words between commas; one that stands in quotes may hold commas."""
    found = next(csv.reader([written], skipinitialspace=True), [])
    return [word.strip() for word in found or [""]]


def _values(written: str) -> list[Any] | None:
    """Return the values that a text has, as TOML writes them; None where it has none."""
    try:
        # Brackets around it: nothing but values stands between them
        ((*values,),) = read_toml(f"value = [{written}\n]", Path(FILE)).values()
    except (ApprentiError, ValueError):
        return None
    return values or None


def holds_list(key: str) -> bool:
    """Say if a setting (full name) is a list."""
    return _is_list(_field(key.split(".")).annotation)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(map(_is_list, get_args(annotation)))


def _holds_words(key: str) -> bool:
    """Say if a setting (full name) is a text, or a list of texts, whatever they look like."""
    return {*_types(_field(key.split(".")).annotation)} <= {str, InWords}


def asked_as(key: str) -> type[Answer] | None:
    """Return the kind of answer that a setting (full name) holds; None where it holds none."""
    kinds = _types(_field(key.split(".")).annotation)
    return next((one for one in kinds if issubclass(one, Answer)), None)


SAID = {"oui": "yes", "non": "no", "aucun": "none"}
"""Answers as French has them."""


def as_held(key: str, value: object, because: str = "") -> object:
    """Return a value as a setting holds it: a number alone as a list, an answer with its date."""
    kind = asked_as(key)
    if kind is None or value is None or value == "" or isinstance(value, Mapping):
        return as_list(key, value)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    said = written if kind is InWords else SAID.get(written.lower(), written)
    return {"answer": said, "on": date.today(), **({"because": because} if because else {})}


def _types(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and annotation is not type(None):
        yield annotation
    for inner in get_args(annotation):
        yield from _types(inner)


def as_list(key: str, value: object) -> object:
    """Return a single number or text as the list that a setting holds; all else as it is."""
    return _as_list(_field(key.split(".")).annotation, value)


def _as_list(annotation: Any, value: object) -> object:
    alone = isinstance(value, int | float | str) and not isinstance(value, bool)
    return [value] if alone and value != "" and _is_list(annotation) else value


def put(content: dict[str, Any], key: str, value: object) -> None:
    """Put a value under its full name (train.epochs) into the content of apprenti.toml."""
    *sections, name = key.split(".")
    for section in sections:
        inner = content.setdefault(section, {})
        content = inner if isinstance(inner, dict) else {}
    content[name] = value
