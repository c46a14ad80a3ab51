"""The catalogue: which blocks make which script. Only this file knows the names of theirs."""

from pathlib import Path
from typing import NamedTuple

from apprenti.errors import ApprentiError

BACKENDS = Path(__file__).parent.parent / "backends"

NETWORKS = ("pytorch", "tensorflow")
"""The frameworks that train the same networks, and that are compared."""

FRAMEWORKS = (*NETWORKS, "sklearn")
MODELS = ("trivial", "linear", "mlp")


class Recipe(NamedTuple):
    """How one model is trained in one framework: the blocks for its model, training and main."""

    model: str
    train: str = "train"
    main: str = "main"


RECIPES = {
    ("pytorch", "linear"): Recipe("linear"),
    ("pytorch", "mlp"): Recipe("mlp"),
    ("tensorflow", "linear"): Recipe("linear"),
    ("tensorflow", "mlp"): Recipe("mlp"),
    ("sklearn", "trivial"): Recipe("trivial"),
    ("sklearn", "linear"): Recipe("linear"),
    ("sklearn", "mlp"): Recipe("mlp", "train_epochs", "main_epochs"),
}

REQUIREMENTS = {
    "pytorch": ("torch", "numpy"),
    "tensorflow": ("tensorflow", "keras", "numpy"),
    "sklearn": ("scikit-learn", "skops", "threadpoolctl", "numpy"),
}
"""What a script of each framework needs installed; the digits need scikit-learn besides."""


def blocks(framework: str, model: str, reading: str, shape: tuple[int, ...]) -> list[Path]:
    """Return the blocks of a training script, in the order of its sections.

    `reading` is the kind of the source (digits, idx, arrays), `shape` that of one row: rows of one
    dimension are columns, each scaled by itself; the others are images.
    """
    recipe = _recipe(framework, model)
    return [
        *_before_training(framework, recipe, reading, shape),
        _block("common/measure"),
        _block("common/report"),
        _block(f"{framework}/{recipe.main}"),
    ]


def parity_blocks(framework: str, model: str, reading: str, shape: tuple[int, ...]) -> list[Path]:
    """Return the blocks of the script that learns from one start in several ways, to compare."""
    return [
        *_before_training(framework, _recipe(framework, model), reading, shape),
        _block("common/measure"),
        _block("common/report"),
        _block("common/parity"),
        _block(f"{framework}/parity"),
    ]


def _recipe(framework: str, model: str) -> Recipe:
    if (framework, model) not in RECIPES:
        offered = ", ".join(name for backend, name in RECIPES if backend == framework)
        raise ApprentiError("model_not_offered", framework=framework, model=model, offered=offered)
    return RECIPES[framework, model]


def _before_training(
    framework: str, recipe: Recipe, reading: str, shape: tuple[int, ...]
) -> list[Path]:
    preparation = "columns" if len(shape) == 1 else "pixels"
    return [
        _block("common/settings"),
        _block("common/data"),
        _block(f"common/{reading}"),
        _block(f"common/{preparation}"),
        _block(f"{framework}/{recipe.model}"),
        _block(f"{framework}/{recipe.train}"),
    ]


def _block(name: str) -> Path:
    return BACKENDS / f"{name}.py"


def requirements(framework: str, reading: str) -> list[str]:
    """Return the distributions an ejected script needs, without versions."""
    needed = [*REQUIREMENTS[framework]]
    if reading == "digits" and "scikit-learn" not in needed:
        needed.append("scikit-learn")
    return needed
