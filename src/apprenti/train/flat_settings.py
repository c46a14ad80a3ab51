"""The settings of a project under the names that they have at the top of a script."""

from apprenti.data.source import Source
from apprenti.model.catalogue import DRAWN, OF_TEXTS, UNWEIGHTED, can_stop_early
from apprenti.project import Choices
from apprenti.train.corrected_labels import FILE

MOST_COLUMNS = 20
"""Up to so many classes, each has a column of its probabilities in predictions.csv."""


def flat_settings(choices: Choices, source: Source) -> dict[str, object]:
    """Return the settings under the names they have at the top of a script."""
    split, framework, model = choices.data.split, choices.train.framework, choices.model.kind
    return {
        # What comes with scikit-learn is looked for nowhere
        "data": source.name if source.folder else "",
        **({} if source.folder or not source.name else {"built_in": source.name}),
        "untaught": False,
        **source.settings,
        "grey": len(source.shape) == 2,
        "embedded": model in OF_TEXTS,
        "regression": source.task == "regression",
        "labels": FILE if choices.data.labels else "",
        "many_classes": source.classes > MOST_COLUMNS,
        "train": split.train,
        "valid": split.valid,
        "test": split.test,
        "split_seed": split.seed,
        "folds": split.folds,
        "fold": split.fold,
        "draw": split.draw,
        **choices.model.model_dump(exclude={"kind"}),
        **choices.train.model_dump(exclude={"framework"}),
        **({"class_weights": "none"} if model in UNWEIGHTED else {}),
        **({} if can_stop_early(framework, model) else {"early_stopping": 0}),
        **({} if has_neurons(choices) else {"dropout": 0.0}),
        **({} if model in DRAWN else {"initial_weights": "default"}),
    }


def has_neurons(choices: Choices) -> bool:
    """Say whether a network has neurons between its inputs and its output, which can be dropped."""
    model = choices.model
    return model.kind != "linear" and (model.kind != "mlp" or bool(model.hidden_units))


def flat_name(key: str) -> str:
    """Return the name a setting of apprenti.toml has at the top of a script."""
    return "split_seed" if key == "data.split.seed" else key.rpartition(".")[2]
