"""Which rows the model learned from, which chose it, and which were kept for the end."""

import contextlib
from collections.abc import Iterator

from apprenti.components import bars, svg
from apprenti.components.blocks import Block, Chart, Facts, Table, Text
from apprenti.errors import ApprentiError
from apprenti.evaluate.opening import has_own_test_set
from apprenti.report.seen import Seen
from apprenti.report.written import columns, count, missing, share, told
from apprenti.train import recipe

PARTS = ("train", "valid", "test")


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the three sets, and how the rows were put into them."""
    if not seen.facts:
        yield missing("run", "apprenti train")
        return
    data = seen.facts.choices.get("data", {})
    split = data.get("split", {})
    rows = [split.get(part) for part in PARTS]
    by = next((name for name in ("group", "time") if data.get(name)), "random")
    yield Text(told(f"split.{by}", column=data.get(by, ""), seed=split.get("seed", 0)))
    if all(isinstance(one, int) and not isinstance(one, bool) for one in rows):
        yield _chart([int(one) for one in rows])
        if not rows[-1]:
            yield Text(told(f"split.{'own_test' if _has_own_test_set(seen) else 'no_test'}"))
    yield Text(told("split.test"))
    known = seen.environment.get("split")
    if isinstance(known, str):
        yield Facts([(told("split.hash"), known)])


def _has_own_test_set(seen: Seen) -> bool:
    assert seen.run  # noqa: S101
    with contextlib.suppress(ApprentiError):
        return has_own_test_set(recipe.read(seen.run)[1])
    return False


def _chart(rows: list[int]) -> Chart:
    parts = PARTS if rows[-1] else PARTS[:-1]
    rows, every = rows[: len(parts)], sum(rows)
    names = [told(f"part.{part}") for part in parts]
    shown = [
        bars.Bars(*one)
        for one in zip(names, [(n,) for n in rows], [(count(n),) for n in rows], strict=True)
    ]
    title = told("split.title")
    told_of = dict(zip(parts, map(count, rows), strict=True))
    described = told("split.say" if "test" in told_of else "split.say_two", **told_of)
    drawn = bars.bars("split", title, described, shown, [told("column.rows")])
    heads = columns("set", "rows", "share", numbers=("rows", "share"))
    table = [
        (name, count(n), share(n / max(1, every))) for name, n in zip(names, rows, strict=True)
    ]
    return Chart(svg.write(drawn), described, Table(title, heads, table), told("behind"))
