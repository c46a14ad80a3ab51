"""What the rules are given of a training: only what its run left. No framework is needed for it."""

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.command_line import written
from apprenti.evaluate import row_contents
from apprenti.evaluate.mistakes import Prediction, predictions
from apprenti.evaluate.probabilities import number
from apprenti.evaluate.regression_measures import Estimate, estimates
from apprenti.evaluate.segments import Segments, weak_segments
from apprenti.evaluate.verdict import Verdict, verdicts
from apprenti.findings import Finding, not_applicable
from apprenti.listing import name_in_command
from apprenti.measures import VALID, Measure, main_score, of_task
from apprenti.model.catalogue import BOOSTING, NETWORKS
from apprenti.model.initial_weights import suited
from apprenti.run_files import read_json
from apprenti.run_settings import is_own_script
from apprenti.runs import DIVERGED, IN_MODEL, MODEL, Run, kept_row, read_rows
from apprenti.train.next_change import words_with

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

TRAIN = "train_"

MEASURED = 10_000
"""Of more training rows so many are measured (backends/common/data)."""

SMOOTHED = 20
"""A curve is smoothed by the median of a window of one in so many of its epochs."""


SCHEDULES: Mapping[str | None, Callable[["Array"], "Array"]] = {
    "cosine": lambda done: (1 + _numpy().cos(math.pi * done)) / 2,
    "step": lambda done: _numpy().select([done < 0.5, done < 0.75], [1, 0.1], 0.01),
    "one_cycle": lambda done: _numpy().minimum(0.04 + 0.96 * done / 0.3, (1 - done) / 0.7),
}
"""What share of the rate is left where this share of the epochs is done (backends/schedule)."""


def _numpy() -> Any:
    import numpy

    return numpy


class Update(NamedTuple):
    """What an epoch did to one layer (backends/common/updates), in shares of its weights."""

    update: float
    gradient: float
    stuck: float
    """Of its units, at the end of the epoch; below 0 where that is not known."""


class Evidence:
    """A run as the rules see it; `baselines` are the simple models judged on the same rows."""

    def __init__(self, run: Run, baselines: Sequence[Run] = ()) -> None:
        self.run, self.baselines = run, baselines
        self.history, kept_epoch = run.history, run.kept_epoch
        self.kept = kept_row(self.history, kept_epoch)
        kept = kept_epoch or self.epochs
        self.end = min(kept, self.epochs) - 1
        """The place of the epoch whose model is kept, counted from 0: the last, usually."""
        last = self.history[-1] if self.history else {}
        self.measure: Measure = main_score(last) or of_task(None)

    @property
    def epochs(self) -> int:
        """How many were gone through: one, where a model is trained in one call."""
        return len(self.history)

    @property
    def is_boosting(self) -> bool:
        """Whether each of its epochs is an iteration of boosting, which adds trees."""
        return self.run.model in BOOSTING

    @property
    def in_epochs(self) -> bool:
        return self.epochs > 1

    def try_again(self, change: str) -> str:
        """Return the command that trains as the run was trained, but for a change: epochs=20."""
        return written("apprenti", *words_with(self.run, change))

    def trained_for(self, epochs: int) -> tuple[str, ...]:
        """Return the command that trains for so many epochs, or iterations."""
        if self.is_boosting:
            trees = math.ceil(epochs / BOOSTING[self.run.model])
            return (self.try_again(f"n_estimators={trees}"),)
        return (self.try_again(f"epochs={epochs}"),)

    def without_rate(self, code: str) -> Finding | None:
        """Return why a question about the learning rate makes no sense: it has no steps."""
        return not_applicable(code, "is_boosting") if self.is_boosting and self.in_epochs else None

    def without_curves(self, code: str, fewest: int) -> Finding | None:
        """Return why a question about the curves makes no sense, None where it makes some.

        It needs both losses, over so many epochs at least.
        """
        if self.has_diverged:
            return not_applicable(code, "no_end")
        if not self.in_epochs:
            return not_applicable(code, "one_call")
        if self.epochs < fewest:
            return not_applicable(code, "few_epochs", epochs=self.epochs)
        return None if self.has_losses else not_applicable(code, "no_losses")

    @property
    def learning_rate(self) -> float | None:
        rate = self.run.choices.get("train", {}).get("learning_rate")
        return float(rate) if isinstance(rate, int | float) and rate else None

    @property
    def rates(self) -> "Array":
        """The learning rate of each epoch, in its middle, as shares of the highest."""
        import numpy as np

        planned = self.run.choices.get("train", {})
        if self.is_boosting:
            return np.ones(self.epochs)
        schedule, warm_up = planned.get("schedule"), planned.get("warm_up", 0)
        middles, epochs = np.arange(self.epochs) + 0.5, max(self.epochs, planned.get("epochs", 0))
        done = np.clip((middles - warm_up) / max(1, epochs - warm_up), 0, 1)
        found: Array = SCHEDULES.get(schedule, np.ones_like)(done)
        return np.where(middles < warm_up, middles / max(1, warm_up), found)

    def with_rate(self, factor: float) -> tuple[str, ...]:
        """Return the command that trains with a learning rate so many times as large."""
        rate = self.learning_rate
        return (self.try_again(f"learning_rate={factor * rate:g}"),) if rate else ()

    @property
    def with_usual_start(self) -> tuple[str, ...]:
        """Return the command that trains from small initial weights, where they were large."""
        model = self.run.choices.get("model", {})
        if model.get("initial_weights") != "normal":
            return ()
        return (self.try_again(f"initial_weights={suited(model.get('activation', 'relu'))}"),)

    @property
    def improve(self) -> tuple[str, ...]:
        """Return the command that measures what remedies are worth; none for an own script."""
        if self.run.framework is None:
            return ()
        return (written("apprenti", "improve", name_in_command(self.run)),)

    def without_updates(self, code: str) -> Finding | None:
        """Return why a question about the updates makes no sense, None where they were recorded."""
        if self.updates:
            return None
        if self.run.framework not in NETWORKS:
            return not_applicable(code, "no_updates_here")
        return not_applicable(code, "no_updates", command=self.try_again("record_updates=true"))

    @property
    def rows_learned_from(self) -> int:
        """How many training rows there are; 0 where that is not known."""
        rows = self.run.choices.get("data", {}).get("split", {}).get("train")
        return rows if isinstance(rows, int) else 0

    @property
    def learned_from(self) -> int:
        """How many rows the training scores are measured on; 0 where that is not known."""
        return min(self.rows_learned_from, MEASURED)

    @cached_property
    def preparation(self) -> Mapping[str, Any]:
        """What was fitted on the training rows before the model; empty where it was not left."""
        found: Mapping[str, Any] = read_json(self.run.folder / MODEL, IN_MODEL).get(
            "preparation", {}
        )
        return found

    @property
    def has_columns(self) -> bool:
        """Whether the rows are those of a table, not images or arrays."""
        data = self.run.choices.get("data", {})
        return bool(data.get("target")) and not data.get("image")

    @property
    def is_own_script(self) -> bool:
        return is_own_script(self.run)

    @property
    def linear(self) -> Run | None:
        """The linear model among the baselines."""
        return next((run for run in self.baselines if run.model == "linear"), None)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """How the run stands against each of the baselines, on the same rows."""
        return verdicts([self.run, *self.baselines])

    @property
    def is_classes(self) -> bool:
        return bool(self.predictions)

    @cached_property
    def has_diverged(self) -> bool:
        """Whether the run says so, or the loss that it measured is no number at its end."""
        last = self.history[-1] if self.history else {}
        lost = not math.isfinite(last.get(f"{TRAIN}loss", 0.0))
        return self.run.status == DIVERGED or lost

    def curve(self, part: str, measure: str) -> "Array":
        """Return a measure epoch by epoch; not a number where the history does not have it."""
        import numpy as np

        return np.array([row.get(f"{part}{measure}", math.nan) for row in self.history])

    def loss(self, part: str) -> "Array":
        return self.curve(part, "loss")

    def score(self, part: str) -> float | None:
        """Return the main score of the model that is kept, None where it was not measured."""
        value = self.kept.get(f"{part}{self.measure.name}")
        return value if value is not None and math.isfinite(value) else None

    @cached_property
    def validation(self) -> "Array":
        """The validation loss, smoothed so that one lucky epoch is no turning point."""
        return smoothed(self.loss(VALID))

    @cached_property
    def training(self) -> "Array":
        """The training loss, smoothed."""
        return smoothed(self.loss(TRAIN))

    @cached_property
    def turn(self) -> int:
        """The place of the epoch with the lowest smoothed validation loss, counted from 0."""
        import numpy as np

        known = np.where(np.isfinite(self.validation), self.validation, np.inf)
        return int(known.argmin())

    @property
    def has_losses(self) -> bool:
        """Whether both losses are numbers in every epoch."""
        import numpy as np

        both = (self.loss(TRAIN), self.loss(VALID))
        return self.epochs > 0 and all(bool(np.isfinite(one).all()) for one in both)

    @cached_property
    def updates(self) -> dict[int, list[Update]]:
        """What each epoch did to each layer, where `record_updates` was set; else nothing."""
        found: dict[int, list[Update]] = {}
        for row in read_rows(self.run.folder / "updates.csv"):
            update, gradient, stuck = (number(row.get(name)) for name in Update._fields)
            known = Update(update, gradient, stuck if math.isfinite(stuck) else -1.0)
            if math.isfinite(update) and math.isfinite(gradient) and row["layer"].isdigit():
                found.setdefault(int(row["layer"]), []).append(known)
        return found

    @cached_property
    def predictions(self) -> list[Prediction]:
        """What the run says of the validation rows; none where it predicts no classes."""
        return predictions(self.run)

    @cached_property
    def estimates(self) -> list[Estimate]:
        """What it says of them where it predicts numbers."""
        return [] if self.predictions else estimates(self.run)

    @property
    def rows(self) -> int:
        """How many validation rows there are."""
        return len(self.predictions) or len(self.estimates)

    @cached_property
    def copies(self) -> "Array | None":
        """Which of the validation rows are in the training set too: this reads the data.

        None where these are gone, or are others now.
        """
        return row_contents.copies(
            self.run, [one.row for one in self.predictions or self.estimates]
        )

    @cached_property
    def segments(self) -> "Segments | None":
        """The slices of the validation rows on which it does worse: this reads the data too."""
        return weak_segments(self.run)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """Between what the main score on validation lies with a confidence of 95 %."""
        import numpy as np

        from apprenti.evaluate import intervals

        if self.predictions:
            return intervals.of_share(sum(one.is_right for one in self.predictions), self.rows)
        if len(self.estimates) < 2:
            return None
        truths = np.array([one.truth for one in self.estimates])
        errors = np.array([one.error for one in self.estimates]) ** 2
        return intervals.of_errors(errors, (truths - truths.mean()) ** 2)

    @property
    def by_chance(self) -> tuple[float, float] | None:
        """Between what the validation score would lie if nothing but chance set it apart.

        The training score moves by chance too, less so where it is measured on more rows.
        """
        score, interval = self.score(VALID), self.interval
        if score is None or interval is None:
            return None
        wider = math.sqrt(1 + self.rows / self.learned_from) if self.learned_from else 1.0
        low, high = interval
        return score - (score - low) * wider, score + (high - score) * wider


def smoothed(values: "Array") -> "Array":
    """Return the median of a window around each value, as narrow at an end as it has to be."""
    import warnings

    import numpy as np

    half = max(1, len(values) // SMOOTHED) // 2
    if not half:
        return values
    finite = np.isfinite(values)
    if finite.all():
        return np.array(_medians(values.tolist(), half))
    found: Array = np.array(values, dtype=float)
    kept = np.where(finite, values, np.nan)
    with warnings.catch_warnings():
        # A window may have no number in it
        warnings.simplefilter("ignore", RuntimeWarning)
        windows = np.lib.stride_tricks.sliding_window_view(kept, 2 * half + 1)
        found[half:-half] = np.nanmedian(windows, axis=1)
        for at in range(half):
            found[at] = np.nanmedian(kept[: 2 * at + 1])
            found[-1 - at] = np.nanmedian(kept[len(kept) - 2 * at - 1 :])
    return np.where(finite, found, values)


def _medians(values: Sequence[float], half: int) -> list[float]:
    """Return the middle of each window, which is kept in order while it moves along.

    A hundred times as fast as to put each window in order anew, where there are many epochs.
    """
    window: list[float] = []
    found = []
    start = end = 0
    for at in range(len(values)):
        reach = min(half, at, len(values) - 1 - at)
        while end <= at + reach:
            insort(window, values[end])
            end += 1
        while start < at - reach:
            del window[bisect_left(window, values[start])]
            start += 1
        found.append(window[reach])
    return found
