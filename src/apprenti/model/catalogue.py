"""The catalogue: which blocks make which script. Only this file knows the names of theirs."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

from apprenti import optional
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.project import ModelSettings

BACKENDS = Path(__file__).parent.parent / "backends"
SHORT = "_short"
"""Ends the name of a block of short forms, which prepares training and validation rows together."""

NETWORKS = ("pytorch", "tensorflow")
"""The frameworks that train the same networks, and that are compared."""

FRAMEWORKS = (*NETWORKS, "sklearn")
MODELS = get_args(ModelSettings.model_fields["kind"].annotation)
"""Every kind of model, in the order in which the settings name them."""

OF_IMAGES = ("cnn", "resnet")
"""The models that look at neighbouring points, and so need images."""

OF_TEXTS = ("gru", "conv1d")
"""The models that read words one after the other, and so need texts."""

DRAWN = ("mlp", "cnn", "resnet", "conv1d")
"""The networks whose initial weights can be drawn in several ways; a linear model begins with
zeros, and the layers of gru are for a scale of their own."""

NORMALISED = ("mlp", "cnn", "conv1d")
"""The networks to which batch normalisation can be added; resnet has it, gru has no place for it.
"""

IN_EPOCHS = (("sklearn", "mlp"),)
"""What goes through the rows epoch by epoch, though its framework usually trains in one call."""

BOOSTING: Mapping[str, int] = {"boosting": 1, "stochastic_boosting": 2}
"""The models that grow tree by tree, which can be stopped early, and the iterations that each of
`n_estimators` is."""

UNWEIGHTED = ("trivial", "knn")
"""The models of scikit-learn, among those that are trained in one call, whose rows all count the
same: a baseline, and one that learns nothing."""

OFFERED: Mapping[str, tuple[str, ...]] = {
    "pytorch": ("linear", "mlp", "cnn", "resnet", "gru", "conv1d"),
    "tensorflow": ("linear", "mlp", "cnn", "resnet", "gru", "conv1d"),
    "sklearn": (
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
    ),
}
"""The models of each framework; each has a block of its name in the framework's folder."""

RECIPES = tuple((framework, model) for framework, models in OFFERED.items() for model in models)
"""Every pair of a framework and one of its models."""

DRAWS = "matplotlib"
"""What notebooks draw with; no script does."""

DISTRIBUTIONS = {
    "torch": "torch",
    "tensorflow": "tensorflow",
    "keras": "keras",
    "sklearn": "scikit-learn",
    "skops": "skops",
    "threadpoolctl": "threadpoolctl",
    "numpy": "numpy",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "PIL": "pillow",
    DRAWS: DRAWS,
}
"""What to install for each package that a script, or its notebook, imports."""

READS = {"read_parquet": "pyarrow", "read_feather": "pyarrow", "read_excel": "python-calamine"}
"""What to install for what pandas reads by the help of others."""

TABLES = (
    "csv_table",
    "excel_table",
    "json_table",
    "parquet_table",
    "feather_table",
    "built_in_table",
)

NAMES_COLUMNS = ("csv_table", "excel_table", "json_table")
"""The tables whose columns may need other names than the file has."""

READINGS = ("digits", "idx", "arrays", "image_folder", *TABLES)
"""The blocks that read data, one for each kind of source."""

BUILT_IN = ("digits", "built_in_table")
"""What comes with scikit-learn, and is looked for nowhere."""

FLAT_MODELS = ("linear", "mlp", "cnn")
"""The networks of which there is a short form, besides every model of scikit-learn."""


class Material(NamedTuple):
    """What a script learns from, as far as it decides which blocks the script is made of."""

    reading: str
    """The kind of the source: digits, idx, arrays, csv_table ..."""
    shape: tuple[int, ...]
    """The shape of one row: rows of one dimension are columns, each scaled by itself; the others
    are images."""
    task: str = "classification"
    split: str = "random"
    """How the rows are split: random, groups, time or folders."""
    texts: bool = False
    """Whether the one input is a column of texts."""
    texts_beside: bool = False
    """Whether some of the columns hold texts."""
    images: bool = False
    """Whether the one input is a column of names of image files."""
    streamed: bool = False
    """Whether the rows go to the disk once and are read from there, batch by batch."""
    untaught: bool = False
    """Whether a class of the validation set is in no row of the training set."""

    @property
    def of_files(self) -> bool:
        """Whether each row is the file of an image."""
        return self.images or self.reading == "image_folder"

    @property
    def pictured(self) -> bool:
        """Whether a row can be shown as a picture: grey, in colour, or with transparency."""
        return len(self.shape) == 2 or (len(self.shape) == 3 and self.shape[2] in (1, 3, 4))


def framework_of(model: str, preferred: str) -> str:
    """Return the framework that trains a model: the preferred one, or else one that has it.

    Of several that have it, the first that is installed.
    """
    having = [name for name, models in OFFERED.items() if model in models]
    if preferred in having:
        return preferred
    return next((name for name in having if optional.version(name)), having[0])


def check(framework: str, model: str, material: Material) -> None:
    """Refuse a model that a framework does not have, or that cannot learn from these data."""
    if (framework, model) not in RECIPES:
        values = {"framework": framework, "model": model, "having": framework_of(model, framework)}
        raise ApprentiError("model_not_offered", **values, offered=", ".join(OFFERED[framework]))
    if model in OF_IMAGES and len(material.shape) not in (2, 3):
        raise ApprentiError("not_images", model=model, shape=material.shape)
    if model in OF_TEXTS and not material.texts:
        raise ApprentiError("not_texts", model=model)


def blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of a training script, in the order of its sections."""
    in_epochs = "_epochs" if (framework, model) in IN_EPOCHS else ""
    return _paths(
        *_until_training(framework, model, material),
        *(_opening(framework) if in_epochs else []),
        "common/early_stopping",
        f"{framework}/train{in_epochs}",
        *([f"{framework}/trees"] if model in BOOSTING else []),
        *_measures(material),
        *(["common/updates", f"{framework}/updates"] if framework in NETWORKS else []),
        "common/leave",
        f"{framework}/fit{in_epochs}",
        "common/main",
    )


def agreement_blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of the script that learns from one start in several ways, to compare."""
    return _paths(
        *_until_training(framework, model, material),
        "common/early_stopping",
        f"{framework}/train",
        *_measures(material),
        "common/updates",
        f"{framework}/updates",
        "common/agreement",
        f"{framework}/agreement",
    )


def is_in_epochs(framework: str, model: str) -> bool:
    """Say whether a model goes through the rows epoch by epoch."""
    return framework in NETWORKS or (framework, model) in IN_EPOCHS


def can_stop_early(framework: str, model: str) -> bool:
    """Say whether a training can end before its time: by epochs, or by iterations of boosting."""
    return is_in_epochs(framework, model) or model in BOOSTING


def longest_history(choices: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many rows the history of a training has at most: one where it is one call."""
    model, train = choices["model"], choices["train"]
    if is_in_epochs(train["framework"], model["kind"]):
        return int(train.get("epochs", 1))
    stops = train.get("early_stopping") and model["kind"] in BOOSTING
    return BOOSTING[model["kind"]] * int(model["n_estimators"]) if stops else 1


def has_essential(framework: str, model: str, material: Material) -> bool:
    """Say whether there is a short form of a training script."""
    short = framework not in NETWORKS or model in FLAT_MODELS
    return short and not material.streamed and not material.texts


def essential_blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of the short form of a training script (see `has_essential`)."""
    in_epochs = "_epochs" if (framework, model) in IN_EPOCHS else ""
    return _paths(
        "common/settings",
        "common/find",
        *_reading(material),
        *_splitting(material),
        "common/correct",
        *_preparation(model, material, SHORT),
        f"common/{material.task}",
        *_model(framework, model, material),
        *_augmentation(framework, model, material),
        *(["common/schedule", f"{framework}/optimizer"] if framework in NETWORKS else []),
        "common/early_stopping",
        f"common/measure_{material.task}",
        f"{framework}/essential{in_epochs}",
    )


def prepares_at_once(blocks: Iterable[Path]) -> bool:
    """Say whether a block among these prepares the rows of training and validation together."""
    return any(path.stem.endswith(SHORT) for path in blocks)


def notebook_blocks(
    framework: str, model: str, material: Material, augmented: bool = False, stops: bool = False
) -> list[Path]:
    """Return what is added to the short form where it becomes a notebook, in that order."""
    in_one_call = not (is_in_epochs(framework, model) or (stops and model in BOOSTING))
    shown = "table" if material.reading in TABLES else "columns"
    if material.pictured:
        shown = "images"
    return _paths(
        "notebook/packages",
        *([] if material.reading in BUILT_IN else ["notebook/own_data"]),
        f"notebook/samples_{shown}",
        "notebook/bars" if in_one_call else "notebook/curve",
        *(["notebook/samples_augmented"] if augmented and material.pictured else []),
        f"notebook/predictions_{material.task}",
        f"notebook/predictions_{'images' if material.pictured else 'rows'}",
    )


def whole_notebook_blocks() -> list[Path]:
    """Return what is added where a script without a short form becomes a notebook."""
    return _paths("notebook/no_file")


def predict_blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of the script that opens a model again and predicts new rows."""
    return _paths(
        "common/settings",
        "common/find",
        *_reading_new(material),
        *_preparation(model, material._replace(streamed=False)),
        *_model(framework, model, material),
        *_opening(framework),
        f"{framework}/open_model",
        "common/report",
        f"common/answers_{material.task}",
        "common/predict",
    )


def evaluate_blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of the script that opens a model again and measures it on the test set."""
    streamed_table = material.streamed and not material.of_files
    return _paths(
        "common/settings",
        "common/find",
        *_reading(material),
        *_splitting(material),
        *_preparation(model, material._replace(streamed=False)),
        f"common/{material.task}",
        *(["common/table_streamed"] if streamed_table else []),
        f"common/held_out{'_streamed' if streamed_table else ''}",
        *_model(framework, model, material),
        *_opening(framework),
        f"{framework}/open_model",
        f"common/measure_{material.task}",
        "common/report",
        f"common/report_{material.task}",
        "common/evaluate",
    )


def words_for(model: str, task: str | None = None) -> str:
    """Return the words for a model; somebody's own script keeps its name."""
    return say(f"words.{name_of(model, task)}") if model in MODELS else model


def name_of(model: str, task: str | None) -> str:
    """Return the key of the words for a model; a linear one is called after what it predicts."""
    return (
        "model_linear_regression" if (model, task) == ("linear", "regression") else f"model_{model}"
    )


def _until_training(framework: str, model: str, material: Material) -> list[str]:
    streamed_table = material.streamed and not material.of_files
    return [
        "common/settings",
        "common/find",
        *_reading(material),
        *_splitting(material),
        "common/correct",
        *_preparation(model, material),
        f"common/{material.task}",
        "common/data",
        "common/table_streamed" if streamed_table else "common/load",
        *_model(framework, model, material),
        *_batches(framework, model, material),
    ]


def _model(framework: str, model: str, material: Material) -> list[str]:
    initial = [f"{framework}/initial_weights"] if framework in NETWORKS else []
    # What learns in epochs is told of all classes
    knows_all = framework in NETWORKS or (framework, model) in IN_EPOCHS
    untaught = "_untaught" if material.untaught and not knows_all else ""
    return [f"{framework}/{model}", *initial, f"{framework}/{material.task}{untaught}"]


def _opening(framework: str) -> list[str]:
    """Return what a file passes before it is opened, where the framework does not see to that."""
    return [] if framework in NETWORKS else [f"{framework}/parts"]


def _batches(framework: str, model: str, material: Material) -> list[str]:
    if framework not in NETWORKS:
        return []
    streamed = ["common/pools", f"{framework}/batches_streamed"]
    batches = streamed if material.streamed else [f"{framework}/batches"]
    augmentation = _augmentation(framework, model, material)
    return [*batches, *augmentation, "common/schedule", f"{framework}/optimizer"]


def _augmentation(framework: str, model: str, material: Material) -> list[str]:
    """Return what changes the training rows a little, each kind of them in its own ways."""
    if framework not in NETWORKS:
        return []
    if material.texts:
        kind = "tokens" if model in OF_TEXTS else "words"
    else:
        kind = "images" if len(material.shape) > 1 else "columns"
    shared = ["common/random_views"] if kind == "images" else []
    shared += [f"{framework}/augment"] if kind != "tokens" else []
    return [*shared, f"{framework}/augment_{kind}"]


def _measures(material: Material) -> list[str]:
    names = (f"measure_{material.task}", "report", f"report_{material.task}")
    return [f"common/{name}" for name in names]


def _splitting(material: Material) -> list[str]:
    return [f"common/split_{material.split}"]


def _reading(material: Material) -> list[str]:
    """Return the blocks that read the data of a project."""
    if material.texts:
        return [*_table(material.reading), *CONVERTING, "common/text_column"]
    if material.images:
        return [
            *_table(material.reading),
            "common/moments",
            "common/convert",
            "common/image_column",
        ]
    if material.reading in TABLES and material.streamed:
        return ["common/parquet_pieces", *CONVERTING, "common/on_disk"]
    if material.reading in TABLES:
        return [*_table(material.reading), *CONVERTING, "common/table"]
    idx_file = ["common/idx_file"] if material.reading == "idx" else []
    return [*idx_file, f"common/{material.reading}"]


def _reading_new(material: Material) -> list[str]:
    """Return the blocks that read new rows, in whatever file they come."""
    # Rows for a model of a table in Parquet, or of none, come as text too
    of_text = material.reading not in ("excel_table", "json_table")
    read = [*_table("csv_table" if of_text else material.reading), "common/new_table"]
    if material.of_files:
        return [*read, "common/new_images", *DRAWINGS]
    if material.texts:
        return [*read, *CONVERTING, "common/text_column"]
    if material.reading in TABLES:
        return [*read, *CONVERTING, "common/table"]
    return ["common/idx_file", "common/image_points", *DRAWINGS, "common/new_arrays"]


DRAWINGS = ("common/ink", "common/drawing")
"""What draws new images again like those of the training, where these are drawings."""


CONVERTING = ("common/moments", "common/convert")
"""What makes numbers, dates and categories of the cells of a table."""


WORDS = ("common/word_columns",)
"""What makes columns of the words of texts."""


def _table(reading: str) -> list[str]:
    names = ["common/column_names"] if reading in NAMES_COLUMNS else []
    return [*names, f"common/{reading}"]


def _preparation(model: str, material: Material, form: str = "") -> list[str]:
    if material.texts:
        return ["common/tokens"] if model in OF_TEXTS else [*WORDS, "common/tfidf"]
    if material.of_files and material.streamed:
        return ["common/image_points", "common/on_disk", "common/image_files_streamed"]
    if material.of_files:
        return ["common/image_points", "common/image_files"]
    if material.reading in TABLES:
        words = WORDS if material.texts_beside else []
        return [*words, f"common/impute_scale_encode{form}"]
    return ["common/columns" if len(material.shape) == 1 else f"common/pixels{form}"]


def _paths(*names: str) -> list[Path]:
    return [BACKENDS / f"{name}.py" for name in names]


def requirements(script: str) -> list[str]:
    """Return the distributions that a script needs installed, without versions."""
    imported = set(re.findall(r"^(?:import|from) (\w+)", script, re.MULTILINE))
    needed = [name for module, name in DISTRIBUTIONS.items() if module in imported]
    # What pandas imports by itself, by what it is asked to read
    for reads, name in READS.items():
        if reads in script and name not in needed:
            needed.append(name)
    return needed
