"""The model card: what others must know of a model before they use it, under the usual headings.

The headings are those of Mitchell et al., Model Cards for Model Reporting (2019).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from apprenti import __version__
from apprenti.checklist.items import ethics
from apprenti.components.blocks import (
    Block,
    Chart,
    Facts,
    Notice,
    Page,
    Points,
    Section,
    Table,
    Text,
)
from apprenti.language import current, say
from apprenti.report import opening
from apprenti.report.sections import (
    data,
    diagnosis,
    evaluation,
    fairness,
    goal,
    ledger,
    models,
    split,
    training,
)
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, notice, told

FIGURES = (Table, Chart)


def page(seen: Seen, now: datetime | None = None) -> Page:
    """Return the card as plain data, in the language of the moment."""
    sections = [
        Section(name, told(f"card.{name}"), list(make(seen))) for name, make in SECTIONS.items()
    ]
    at = (now or datetime.now(UTC)).isoformat()
    made = told("made", version=__version__, at=at)
    return Page(told("card.title", name=seen.name), current(), "", [], sections, made)


def _to_fill(name: str) -> Text:
    return Text(told(f"card.to_fill.{name}"))


def _details(seen: Seen) -> Iterator[Block]:
    if not seen.facts:
        yield notice("missing", told("missing.run"), commands=["apprenti train"])
        return
    versions = seen.environment.get("versions", {})
    names = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    trained = seen.environment.get("ended") or NOTHING
    pairs = [*training.of_run(seen, seen.facts), (told("card.trained"), told("at", at=trained))]
    yield Facts([*pairs, (told("reproduction.versions"), names or NOTHING)])
    yield _to_fill("details")


def _use(seen: Seen) -> Iterator[Block]:
    yield from goal.blocks(seen)
    yield _to_fill("use")


def _factors(seen: Seen) -> Iterator[Block]:
    sensitive = seen.project.choices.data.sensitive
    key = "sensitive" if sensitive else "no_sensitive"
    yield Text(told(f"card.{key}", names=", ".join(sensitive)))
    if sensitive:
        yield from fairness.blocks(seen)
    yield _to_fill("factors")


def _metrics(seen: Seen) -> Iterator[Block]:
    if seen.measure:
        yield Text(told("card.measure", measure=say(f"words.{seen.measure.name}")))
    yield Text(told("card.intervals"))


def _evaluation_data(seen: Seen) -> Iterator[Block]:
    yield from split.blocks(seen)


def _training_data(seen: Seen) -> Iterator[Block]:
    yield from data.blocks(seen)


def _analyses(seen: Seen) -> Iterator[Block]:
    yield from _of(evaluation.blocks(seen), lambda one: isinstance(one, (*FIGURES, Notice, Text)))
    yield from _of(models.blocks(seen), lambda one: isinstance(one, (*FIGURES, Notice)))


def _ethics(seen: Seen) -> Iterator[Block]:
    found = next((one for one in seen.judged if one.item == ethics.NAME), None)
    if found:
        yield Points([one.told() for one in found.evidence])
    yield _to_fill("ethics")


def _caveats(seen: Seen) -> Iterator[Block]:
    doubts = [one for one in opening.blocks(seen, ()) if isinstance(one, Notice)]
    yield from doubts
    yield from _of(diagnosis.blocks(seen), lambda one: isinstance(one, Notice))
    yield from ledger.blocks(seen)
    yield Text(told("card.of_caveats"))


def _of(blocks: Iterable[Block], wanted: Callable[[Block], bool]) -> Iterator[Block]:
    return (one for one in blocks if wanted(one))


SECTIONS: dict[str, Callable[[Seen], Iterator[Block]]] = {
    "details": _details,
    "use": _use,
    "factors": _factors,
    "metrics": _metrics,
    "evaluation_data": _evaluation_data,
    "training_data": _training_data,
    "analyses": _analyses,
    "ethics": _ethics,
    "caveats": _caveats,
}
"""In the order in which cards have them."""
