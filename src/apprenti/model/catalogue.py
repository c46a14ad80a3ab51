"""The catalogue: which blocks make which script. Only this file knows the names of theirs."""

import re
from pathlib import Path
from typing import NamedTuple

from apprenti.errors import ApprentiError

BACKENDS = Path(__file__).parent.parent / "backends"

NETWORKS = ("pytorch", "tensorflow")
"""The frameworks that train the same networks, and that are compared."""

FRAMEWORKS = (*NETWORKS, "sklearn")
MODELS = (
    "trivial",
    "linear",
    "tree",
    "forest",
    "boosting",
    "svm",
    "knn",
    "mlp",
    "cnn",
    "resnet",
    "gru",
    "conv1d",
)

OF_IMAGES = ("cnn", "resnet")
"""The models that look at neighbouring points, and so need images."""

OF_TEXTS = ("gru", "conv1d")
"""The models that read words one after the other, and so need texts."""


class Recipe(NamedTuple):
    """How one model is trained in one framework: the blocks for its model, training and main."""

    model: str
    train: str = "train"
    main: str = "main"


RECIPES = {
    ("pytorch", "linear"): Recipe("linear"),
    ("pytorch", "mlp"): Recipe("mlp"),
    ("pytorch", "cnn"): Recipe("cnn"),
    ("pytorch", "resnet"): Recipe("resnet"),
    ("pytorch", "gru"): Recipe("gru"),
    ("pytorch", "conv1d"): Recipe("conv1d"),
    ("tensorflow", "linear"): Recipe("linear"),
    ("tensorflow", "mlp"): Recipe("mlp"),
    ("tensorflow", "cnn"): Recipe("cnn"),
    ("tensorflow", "resnet"): Recipe("resnet"),
    ("tensorflow", "gru"): Recipe("gru"),
    ("tensorflow", "conv1d"): Recipe("conv1d"),
    ("sklearn", "trivial"): Recipe("trivial"),
    ("sklearn", "linear"): Recipe("linear"),
    ("sklearn", "tree"): Recipe("tree"),
    ("sklearn", "forest"): Recipe("forest"),
    ("sklearn", "boosting"): Recipe("boosting"),
    ("sklearn", "svm"): Recipe("svm"),
    ("sklearn", "knn"): Recipe("knn"),
    ("sklearn", "mlp"): Recipe("mlp", "train_epochs", "main_epochs"),
}

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
}
"""What to install for each package that a script imports."""

READING = {
    "digits": ("digits",),
    "idx": ("idx",),
    "arrays": ("arrays",),
    "image_folder": ("image_folder",),
}
"""The blocks that read each kind of source; a table has besides what its columns are for."""

TABLES = ("csv_table", "csv_dialect_table", "parquet_table", "built_in_table")


class Material(NamedTuple):
    """What a script learns from, as far as it decides which blocks the script is made of."""

    reading: str
    """The kind of the source: digits, idx, arrays, csv_table ..."""
    shape: tuple[int, ...]
    """The shape of one row: rows of one dimension are columns, each scaled by itself; the others
    are images."""
    task: str = "classification"
    split: str = "random"
    """How the rows are shared out: random, groups or time."""
    converted: bool = False
    """Whether the columns of a table are not all in the file what they are for a model."""
    texts: bool = False
    """Whether the one input is a column of texts."""
    images: bool = False
    """Whether the one input is a column of names of image files."""
    streamed: bool = False
    """Whether the rows go to the disk once and are read from there, batch by batch."""


def blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of a training script, in the order of its sections."""
    recipe = _recipe(framework, model)
    if model in OF_IMAGES and len(material.shape) not in (2, 3):
        raise ApprentiError("not_images", model=model, shape=material.shape)
    if model in OF_TEXTS and not material.texts:
        raise ApprentiError("not_texts", model=model)
    return [
        *_before_training(framework, recipe, material),
        *_after_training(recipe, material),
        _block(f"{framework}/{recipe.main}"),
    ]


def parity_blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of the script that learns from one start in several ways, to compare."""
    recipe = _recipe(framework, model)
    return [
        *_before_training(framework, recipe, material),
        *_after_training(recipe, material),
        _block("common/parity"),
        _block(f"{framework}/parity"),
    ]


def predict_blocks(framework: str, model: str, material: Material) -> list[Path]:
    """Return the blocks of the script that opens a model again and answers for new rows."""
    recipe = _recipe(framework, model)
    material = material._replace(streamed=False)
    reading = _reading(material)
    names = [
        "common/settings",
        "common/data",
        *(f"common/{name}" for name in reading),
        f"common/new_{reading[-1]}",
        *(f"common/{name}" for name in _preparation(recipe, material)),
        f"{framework}/{recipe.model}",
        f"{framework}/{material.task}",
        "common/report",
        f"common/answers_{material.task}",
        f"{framework}/predict",
    ]
    return [_block(name) for name in names]


def name_of(model: str, task: str | None) -> str:
    """Return the key of the words for a model; a linear one is called after what it predicts."""
    return (
        "model_linear_regression" if (model, task) == ("linear", "regression") else f"model_{model}"
    )


def _recipe(framework: str, model: str) -> Recipe:
    if (framework, model) not in RECIPES:
        offered = ", ".join(name for backend, name in RECIPES if backend == framework)
        raise ApprentiError("model_not_offered", framework=framework, model=model, offered=offered)
    return RECIPES[framework, model]


def _before_training(framework: str, recipe: Recipe, material: Material) -> list[Path]:
    names = [
        "common/settings",
        "common/data",
        f"common/split_{material.split}",
        *(f"common/{name}" for name in _reading(material)),
        *(f"common/{name}" for name in _preparation(recipe, material)),
        f"common/{material.task}",
        f"{framework}/{recipe.model}",
        f"{framework}/{material.task}",
        *_batches(framework, material),
        f"{framework}/{recipe.train}",
    ]
    return [_block(name) for name in names]


def _batches(framework: str, material: Material) -> tuple[str, ...]:
    if framework not in NETWORKS:
        return ()
    if material.streamed:
        return ("common/pools", f"{framework}/batches_streamed")
    return (f"{framework}/batches",)


def _after_training(recipe: Recipe, material: Material) -> list[Path]:
    arrays = {"pixels", "columns", "image_points"} & {*_preparation(recipe, material)}
    describe = "arrays" if arrays else "kept"
    names = (
        "measure",
        f"measure_{material.task}",
        "report",
        f"report_{material.task}",
        f"describe_{describe}",
    )
    return [_block(f"common/{name}") for name in names]


def _reading(material: Material) -> tuple[str, ...]:
    if material.texts:
        return (material.reading, "text_column")
    if material.images:
        return (material.reading, "image_column")
    if material.reading in TABLES and material.streamed:
        return ("parquet_pieces", "convert", "on_disk", "table_streamed")
    if material.reading in TABLES:
        plain = material.split == "random" and not material.converted
        return (material.reading, *(("table",) if plain else ("convert", "table_converted")))
    return READING[material.reading]


def _preparation(recipe: Recipe, material: Material) -> tuple[str, ...]:
    if material.texts:
        return ("tokens" if recipe.model in OF_TEXTS else "tfidf",)
    if material.images or material.reading == "image_folder":
        streamed = ("on_disk", "image_files_streamed")
        return ("image_points", *(streamed if material.streamed else ("image_files",)))
    if material.reading in TABLES:
        return ("mixed",)
    return ("columns" if len(material.shape) == 1 else "pixels",)


def _block(name: str) -> Path:
    return BACKENDS / f"{name}.py"


def requirements(script: str) -> list[str]:
    """Return the distributions that a script needs installed, without versions."""
    imported = set(re.findall(r"^(?:import|from) (\w+)", script, re.MULTILINE))
    needed = [name for module, name in DISTRIBUTIONS.items() if module in imported]
    # pandas imports it by itself where it reads Parquet
    alone = "read_parquet" in script and "pyarrow" not in needed
    return [*needed, "pyarrow"] if alone else needed
