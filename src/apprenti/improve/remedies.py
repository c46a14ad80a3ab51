"""The remedies, one a row: what it sets for a project, and which findings propose it.

Whether a setting exists, and has an effect with the model, the framework and the data, is asked of
the project itself (`apprenti.train.trials.look`); a row only says what it would set, or why not.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from apprenti.errors import ApprentiError, nearest
from apprenti.improve.study import Arm, History, kept_epoch
from apprenti.measures import VALID
from apprenti.model.catalogue import BOOSTING, Material
from apprenti.model.initial_weights import suited
from apprenti.model.smaller import USUAL_LEAF, smaller
from apprenti.project import Choices, Project, value_of
from apprenti.train.trials import Look, Opened, look

ANY = "any"
"""Proposes a remedy where findings propose hardly any."""

LARGE = "large"
"""Proposes a remedy where the training began with large initial weights, whatever was found."""


class Seen(NamedTuple):
    """What a row decides by."""

    choices: Choices
    material: Material
    history: History
    """Of the run that was diagnosed."""
    rows_left: bool = False
    """Whether there are rows beyond those that it learned from."""

    @property
    def is_boosting(self) -> bool:
        return self.choices.model.kind in BOOSTING

    def now(self, key: str) -> Any:
        """Return what a setting (full name) is in the project."""
        return value_of(self.choices, key)


Sets = Callable[[Seen], Mapping[str, object] | str]
"""The settings of a remedy for a project, or the name of the reason why it has none."""


class Remedy(NamedTuple):
    name: str
    """In improve.toml of the texts, under `remedies`."""
    codes: tuple[str, ...]
    sets: Sets


def value(key: str, wanted: object) -> Sets:
    """Set something that is not so yet."""
    return lambda seen: "already" if seen.now(key) == wanted else {key: wanted}


def switched_on(**wanted: object) -> Sets:
    """Set what is off in the project; whoever uses it already has chosen its strength."""
    keys = {name.replace("__", "."): one for name, one in wanted.items()}
    return lambda seen: "already" if any(map(seen.now, keys)) else keys


def by_rate(key: str, share: float) -> Sets:
    """Switch on what is multiplied by the learning rate: each update takes such a share."""

    def sets(seen: Seen) -> Mapping[str, object] | str:
        wanted = float(f"{share / seen.choices.train.learning_rate:.1g}")
        return "already" if seen.now(key) else {key: wanted}

    return sets


def times(key: str, factor: float, digits: int = 2) -> Sets:
    """Multiply a number; one that is whole stays so."""

    def sets(seen: Seen) -> Mapping[str, object] | str:
        now = seen.now(key)
        if isinstance(now, int):
            wanted: float = max(1, round(now * factor))
        else:
            wanted = float(f"{now * factor:.{digits}g}")
        return "at_limit" if wanted == now else {key: wanted}

    return sets


def smaller_model(seen: Seen) -> Mapping[str, object] | str:
    """Make the model about four times smaller, or as much simpler."""
    task, inputs = seen.material.task, math.prod(seen.material.shape)
    return smaller(seen.choices, task, inputs) or "at_limit"


def larger_model(seen: Seen) -> Mapping[str, object] | str:
    """Make the layers of a network twice as wide."""
    of_filters = seen.choices.model.kind in ("cnn", "resnet")
    key = "model.filters" if of_filters else "model.hidden_units"
    return {key: tuple(2 * size for size in seen.now(key))} if seen.now(key) else "at_limit"


def larger_leaves(seen: Seen) -> Mapping[str, object] | str:
    """Ask for more rows in each leaf, where a smaller model is not just that."""
    if seen.choices.model.kind in ("forest", "extra_trees"):
        return "already"
    usual = USUAL_LEAF.get(seen.choices.model.kind, 1)
    return {"model.min_samples_leaf": 5 * (seen.choices.model.min_samples_leaf or usual)}


def of_images(sets: Sets, colours: int = 0) -> Sets:
    """Of images alone; with `colours` so many channels."""

    def asked(seen: Seen) -> Mapping[str, object] | str:
        shape = seen.material.shape
        if len(shape) < 2 or seen.material.texts:
            return "no_images"
        return sets(seen) if not colours or shape[2:] == (colours,) else "no_photographs"

    return asked


def suited_weights(seen: Seen) -> Mapping[str, object] | str:
    """Draw the initial weights as the activation wants them."""
    model = seen.choices.model
    wanted = suited(model.activation)
    return "already" if model.initial_weights == wanted else {"model.initial_weights": wanted}


def other_optimizer(seen: Seen) -> Mapping[str, object] | str:
    """Take the other optimizer, with the learning rate that is usual for it."""
    rate, adam = seen.choices.train.learning_rate, seen.choices.train.optimizer == "adam"
    wanted = float(f"{min(1.0, rate * 30) if adam else rate / 30:.2g}")
    return {"train.optimizer": "sgd" if adam else "adam", "train.learning_rate": wanted}


def more_rows(seen: Seen) -> Mapping[str, object] | str:
    """Learn from all the rows, where only a part of them is learned from."""
    return {"data.split.train": None} if seen.rows_left else "all_rows"


def fewer_epochs(seen: Seen) -> Mapping[str, object] | str:
    """Stop at the epoch with the lowest validation loss."""
    kept = kept_epoch(seen.history, len(seen.history))[0] + 1
    if kept >= len(seen.history):
        return "at_limit"
    if seen.is_boosting:
        return {"model.n_estimators": math.ceil(kept / BOOSTING[seen.choices.model.kind])}
    return {"train.epochs": kept}


def early_stopping(seen: Seen) -> Mapping[str, object] | str:
    """Wait longer than this history ever went without a new lowest loss before it turned."""
    if seen.now("train.early_stopping"):
        return "already"
    if seen.is_boosting:
        return {"train.early_stopping": PATIENCE_OF_BOOSTING}
    if len(seen.history) < 2:
        return "one_call"
    return {"train.early_stopping": patience(seen.history)}


LEAST_PATIENCE = 3

PATIENCE_OF_BOOSTING = 10
"""For boosting: while it does not stop early, its history has one row that tells of none."""


def patience(history: History) -> int:
    best = kept_epoch(history, len(history))[0]
    lowest, since, longest = float("inf"), 0, 0
    for row in history[: best + 1]:
        loss = row.get(f"{VALID}loss", float("inf"))
        since = 0 if loss < lowest else since + 1
        lowest, longest = min(lowest, loss), max(longest, since)
    return max(LEAST_PATIENCE, longest + 2)


REMEDIES = (
    Remedy("early_stopping", ("R02", "R08"), early_stopping),
    Remedy("more_data", ("R02",), more_rows),
    Remedy("initial_weights", ("R18", "R19", LARGE), suited_weights),
    Remedy("weight_decay", ("R02", ANY), by_rate("train.weight_decay", 1e-4)),
    Remedy("lower_rate", ("R05", ANY), times("train.learning_rate", 1 / 3)),
    Remedy("higher_rate", ("R06", "R07", "R03", ANY), times("train.learning_rate", 3)),
    Remedy("more_epochs", ("R07", "R03", "R06", ANY), times("train.epochs", 2)),
    Remedy("fewer_epochs", ("R08",), fewer_epochs),
    Remedy("class_weights", ("R11", "R13"), value("train.class_weights", "balanced")),
    Remedy(
        "augmentation",
        ("R02",),
        of_images(switched_on(train__shift=0.08, train__rotation=10.0)),
    ),
    Remedy("zoom", (), of_images(switched_on(train__zoom=0.1))),
    # Mirrored letters, digits and road signs are others: photographs in colour may be
    Remedy("flip", (), of_images(switched_on(train__flip=True), colours=3)),
    Remedy("word_dropout", ("R02",), switched_on(train__word_dropout=0.1)),
    Remedy("dropout", ("R02",), switched_on(model__dropout=0.3)),
    Remedy("smaller_model", ("R02", "R15", ANY), smaller_model),
    Remedy("larger_model", ("R03", "R04", ANY), larger_model),
    Remedy("noise", ("R02",), switched_on(train__noise=0.1)),
    Remedy("mixup", ("R02",), switched_on(train__mixup=0.2)),
    Remedy("label_smoothing", ("R02", "R12", "R14"), switched_on(train__label_smoothing=0.1)),
    Remedy("l1", ("R02",), by_rate("train.l1", 1e-5)),
    Remedy("batch_norm", ("R03", "R06"), switched_on(model__batch_norm=True)),
    Remedy("clipping", ("R05",), switched_on(train__clip_norm=1.0)),
    Remedy("warm_up", ("R05",), switched_on(train__warm_up=1)),
    Remedy("activation", ("R03", "R06"), value("model.activation", "relu")),
    Remedy("optimizer", ("R03", "R06"), other_optimizer),
    Remedy("cosine", ("R05",), value("train.schedule", "cosine")),
    Remedy("constant", ("R06", "R07"), value("train.schedule", "constant")),
    Remedy("step", (), value("train.schedule", "step")),
    Remedy("one_cycle", (), value("train.schedule", "one_cycle")),
    Remedy("deeper", ("R03", "R04", ANY), times("model.max_depth", 2)),
    Remedy("larger_leaves", ("R02",), larger_leaves),
    Remedy("more_trees", ("R03", "R07", ANY), times("model.n_estimators", 3)),
    Remedy("smaller_steps", ("R02", ANY), times("model.shrinkage", 1 / 3)),
    Remedy("higher_cost", ("R03", "R04", ANY), times("model.C", 10)),
    Remedy("fewer_neighbours", ("R03", "R04", ANY), times("model.n_neighbors", 1 / 3)),
    Remedy("more_iterations", ("R03",), times("train.iterations", 5)),
)
"""The most promising first: where there are too many, the last are left out."""


class LeftOut(NamedTuple):
    """A remedy that is not tried, and why."""

    name: str
    reason: str
    why: str = ""
    """What refused it, in words."""


class Offer(NamedTuple):
    """The remedies that are tried, and those that are not."""

    arms: Sequence[Arm]
    left_out: Sequence[LeftOut]
    looks: Mapping[str, Look]
    """Of each that is tried, what would become of it."""

    def and_(self, more: "Offer") -> "Offer":
        """Return the remedies of both."""
        looks = {**self.looks, **more.looks}
        return Offer([*self.arms, *more.arms], [*self.left_out, *more.left_out], looks)


FEWEST, MOST = 3, 8
"""So many remedies are tried unless they are named: with fewer that findings propose, usual ones
too."""


def names() -> list[str]:
    return [one.name for one in REMEDIES]


def offer(
    project: Project,
    seen: Seen,
    codes: Collection[str],
    only: Sequence[str] = (),
    opened: Opened | None = None,
) -> Offer:
    """Return the remedies for what was found, or those that were named."""
    opened = {} if opened is None else opened
    for name in only:
        if name not in names():
            raise ApprentiError("unknown_remedy", name=name, nearest=nearest(name, names()))
    large = [LARGE] if seen.choices.model.initial_weights == "normal" else []
    wanted = [one for one in REMEDIES if _is_proposed(one, [*codes, *large], only)]
    offered = _possible(project, seen, codes, wanted, opened)
    if not only and len(offered.arms) < FEWEST:
        more = [one for one in REMEDIES if ANY in one.codes and one not in wanted]
        offered = offered.and_(_possible(project, seen, codes, more, opened))
    if only:
        return offered
    too_many = [LeftOut(arm.name, "too_many") for arm in offered.arms[MOST:]]
    left_out = [*offered.left_out, *too_many]
    return offered._replace(arms=offered.arms[:MOST], left_out=left_out)


def _possible(
    project: Project,
    seen: Seen,
    codes: Collection[str],
    wanted: Sequence[Remedy],
    opened: Opened,
) -> Offer:
    """Return those of some remedies that would change something, and why others would not."""
    said = {one.name: one.sets(seen) for one in wanted}
    asked = {name: one for name, one in said.items() if not isinstance(one, str)}
    looks = dict(zip(asked, look(project, list(asked.values()), opened), strict=True))
    arms = [
        Arm(one.name, asked[one.name], _because(one, codes), _patience(asked[one.name], seen))
        for one in wanted
        if one.name in asked and not looks[one.name].error
    ]
    return Offer(arms, [*_refused(said, looks)], {arm.name: looks[arm.name] for arm in arms})


def _is_proposed(remedy: Remedy, codes: Collection[str], only: Sequence[str]) -> bool:
    return remedy.name in only if only else any(code in codes for code in remedy.codes)


def _because(remedy: Remedy, codes: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in remedy.codes if code in codes)


def _patience(given: Mapping[str, object], seen: Seen) -> int:
    """Return the patience of what is read in other trainings; a history of one row tells none."""
    return 0 if seen.is_boosting else int(str(given.get("train.early_stopping", 0)))


def _refused(
    said: Mapping[str, Mapping[str, object] | str], looks: Mapping[str, Look]
) -> Iterable[LeftOut]:
    for name, one in said.items():
        if isinstance(one, str):
            yield LeftOut(name, one)
        elif error := looks[name].error:
            yield LeftOut(
                name, "no_effect" if error.key == "no_effect" else "refused", _what(error)
            )


def _what(error: ApprentiError) -> str:
    return error.parts()[0]
