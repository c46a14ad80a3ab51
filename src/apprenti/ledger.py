"""The ledger of the test set: who opened it, when, for which run, and what changed in between.

`ledger.jsonl` in the project is only ever added to. Each line has the hash of the line before it,
so that one which is edited, removed or moved is found. That the whole file was written anew a chain
cannot show: each run keeps the hash of the last line there was when it began, and of its own.
"""

import contextlib
import getpass
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import runs
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.language import current, say
from apprenti.run_files import LARGEST, NUMBER, Each, ListOf, Needed, checked, read_json, read_text
from apprenti.runs import Run, RunFacts
from apprenti.writing import plain, told

FILE, LOCK = "ledger.jsonl", ".ledger.lock"
EVALUATION, MEASURES = "test_evaluation.json", "test_measures.json"
"""What an evaluation leaves in the folder of a run."""

OPENING, RESULT = "opening", "result"
"""The kinds of lines: one before the test rows are read, one when that has ended."""

OPENED, MEASURED, FAILED, STOPPED = "opened", "measured", "failed", "stopped"
"""How an opening ended. Where nothing is written of it (opened), rows may have been seen."""

PATIENCE = 60.0
"""Seconds to wait for another who writes a line."""

LONGEST_NAME, MOST_NAMED = 100, 100

HASHES = Each(str)
IN_OPENING = {
    "line": Needed(int),
    "kind": Needed([OPENING]),
    "number": Needed(int),
    "at": Needed(str),
    "by": Needed(str),
    "run": Needed(str),
    "run_number": (int, type(None)),
    "script": Needed(str),
    "weights": Needed(str),
    "data": Needed(HASHES),
    "beside": ListOf(str),
    "runs_made": Needed(int),
    "settings": Needed(dict),
    "changed": Needed(
        {"runs_made": int, "runs": ListOf(str), "settings": dict, "data": ListOf(str)}
    ),
    "previous": (str, type(None)),
    "hash": Needed(str),
}
IN_RESULT = {
    "line": Needed(int),
    "kind": Needed([RESULT]),
    "at": Needed(str),
    "opening": Needed(int),
    "outcome": Needed([MEASURED, FAILED, STOPPED]),
    "measures": Each((*NUMBER, type(None))),
    "previous": (str, type(None)),
    "hash": Needed(str),
}
IN_RUN = {"ledger": {"openings": int, "head": (str, type(None))}}


class Opening(NamedTuple):
    """One opening of the test set."""

    number: int
    """The first of the project is 1."""
    at: str
    """ISO 8601, UTC."""
    by: str
    run: str
    """The name that the run had then."""
    run_number: int | None
    script: str
    """The hash (sha256) of its evaluate.py."""
    weights: str
    """That of its weights."""
    data: Mapping[str, str]
    """Those of the files of the data, by their names."""
    beside: Sequence[str]
    """The simple models that were measured on the same rows, to be held against."""
    settings: Mapping[str, Any]
    """Those of the project that are not as they come, by their full names."""
    runs_made: int
    """How many runs had ever been made in the project: the highest number."""
    changed: Mapping[str, Any]
    """Since the opening before: `runs_made` and `runs`, `settings` (before, after), `data`."""
    previous: str | None
    hash: str
    outcome: str = OPENED
    measures: Mapping[str, float | None] = {}

    @property
    def counts(self) -> bool:
        """Whether anything of the test set may have been seen: not where the script failed."""
        return self.outcome != FAILED

    @property
    def whose(self) -> int | str:
        """What stands for its run: the number, which no other run of the project ever has."""
        return self.run if self.run_number is None else self.run_number

    def is_of(self, run: "Run | RunFacts") -> bool:
        """Say whether it was for this run, whatever that is called by now."""
        number = run.number
        return self.run == run.name if number is None else self.run_number == number

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "data": dict(self.data), "settings": dict(self.settings)}


IN_LINE = tuple(name for name in Opening._fields if name not in ("outcome", "measures"))


class Trouble(NamedTuple):
    """Something that is wrong with a ledger."""

    kind: str
    """damaged, edited, removed, reordered, repeated; missing, forgotten, unrecorded; unreadable."""
    line: int | None = None
    """Where: the first line is 1."""
    runs: Sequence[str] = ()
    """The runs that show it."""
    detail: str = ""
    """Which lines, or why."""

    def told(self) -> str:
        """Return the sentence that says it."""
        values = {"line": self.line, "runs": ", ".join(self.runs), "detail": self.detail}
        return say(f"ledger.trouble.{self.kind}", **values, file=FILE)


@dataclass(frozen=True)
class Ledger:
    """All the openings of the test set of a project, and what is wrong with what says so."""

    folder: Path
    lines: Sequence[Opening]
    chain: Sequence[Trouble] = ()
    """What the file itself shows to be wrong."""
    hashes: Sequence[str] = ()
    """Of all its lines, of both kinds."""
    is_there: bool = False
    last_line: int = 0

    @property
    def head(self) -> str | None:
        """The hash of the last line; it changes with every opening."""
        return self.hashes[-1] if self.hashes else None

    @property
    def stamp(self) -> dict[str, Any]:
        """What a run or a report remembers of the ledger."""
        return {"openings": len(self.lines), "head": self.head}

    @property
    def troubles(self) -> Sequence[Trouble]:
        """All that is wrong: of the file, and of what runs remember that it no longer says."""
        return (*self.chain, *_remembered(self))

    @property
    def measured(self) -> list[Opening]:
        """The openings that were brought to their end, the last one last."""
        return [one for one in self.lines if one.outcome == MEASURED]

    def openings_of(self, run: Run | RunFacts) -> list[Opening]:
        return [one for one in self.lines if one.is_of(run)]

    def selected(self, run: Run | RunFacts) -> bool:
        """Say whether the choice of a run may rest on test rows.

        It was made, or gone on with, after the test set had been opened; or it was first evaluated
        after another.
        """
        known = run.openings if isinstance(run, RunFacts) else _openings_before(run)
        if known > len(self.lines) or any(one.counts for one in self.lines[:known]):
            return True
        seen = [one for one in self.lines if one.counts]
        if any(one.runs_made < (run.number or 0) for one in seen):
            return True
        own = [place for place, one in enumerate(seen) if one.is_of(run)]
        return bool(own) and own[0] > 0

    def is_selection(self, opening: Opening) -> bool:
        """Say whether an opening was of a run whose choice may have rested on test rows by then.

        That is one which was made after an opening, or first evaluated after another run was.
        """
        before = [one for one in self.lines if one.number < opening.number and one.counts]
        if opening.run_number and any(one.runs_made < opening.run_number for one in before):
            return True
        return bool(before) and before[0].whose != opening.whose

    def whereabouts(self, opening: Opening) -> tuple[Run | None, bool]:
        """Return the run of an opening as it is now, and whether it was deleted."""
        folder = self.folder / "runs"
        for is_deleted, place in ((False, folder), (True, folder / runs.DELETED)):
            for run in runs.all_runs(place):
                if opening.is_of(run):
                    return run, is_deleted
        return None, False


def read(folder: Path) -> Ledger:
    """Return the ledger of a project; empty where there is none."""
    try:
        found = os.stat(folder / FILE)
    except (OSError, ValueError):
        return Ledger(folder, ())
    return _read(folder, (found.st_mtime_ns, found.st_size, found.st_ino), current())


@lru_cache(maxsize=8)
def _read(folder: Path, state: tuple[int, ...], language: str) -> Ledger:
    """Read the file, which is in this state; reasons are in the language of the moment."""
    path = folder / FILE
    try:
        written = read_text(path)
    except RunDamaged as error:
        trouble = Trouble("unreadable", detail=str(error.values["reason"]))
        return Ledger(folder, (), (trouble,), is_there=True)
    if written is None:
        return Ledger(folder, ())
    entries = [_entry(path, line) for line in written.removesuffix("\n").split("\n")]
    found, troubles = _openings(entries), tuple(_breaks(entries))
    sound = [entry for entry in entries if isinstance(entry, dict)]
    last = max((entry["line"] for entry in sound), default=len(entries))
    return Ledger(folder, found, troubles, [entry["hash"] for entry in sound], True, last)


def selected_on_test(run: Run) -> bool:
    """Say whether a run was made, or first evaluated, after another had been on the test set."""
    return read(run.folder.parent.parent).selected(run)


def user() -> str:
    """Return the name of the user of this system; empty where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return ""


class Asked(NamedTuple):
    """What is written of an opening before the test rows are read."""

    run: Run
    by: str
    script: str
    weights: str
    data: Mapping[str, str]
    beside: Sequence[str]
    settings: Mapping[str, Any]


def append(folder: Path, asked: Asked) -> Opening:
    """Write that the test set is being opened, before it is."""

    def entry(there: Ledger) -> dict[str, Any]:
        made = runs.highest(folder / "runs")
        run = asked.run
        return {
            "kind": OPENING,
            "number": max((one.number for one in there.lines), default=0) + 1,
            "at": _now(),
            "by": " ".join(asked.by.split())[:LONGEST_NAME],
            "run": run.name,
            "run_number": run.number,
            **{name: getattr(asked, name) for name in ("script", "weights")},
            **{name: dict(getattr(asked, name)) for name in ("data", "settings")},
            "beside": [*asked.beside],
            "runs_made": made,
            "changed": changed_since(there, asked.settings, asked.data),
        }

    return _opening(_write(folder, entry))


def complete(
    folder: Path, opening: Opening, outcome: str, measures: Mapping[str, float | None] | None = None
) -> Ledger:
    """Write how an opening ended, and what was measured; return the ledger as it is then."""
    numbers = plain(dict(measures or {}))
    result = {"kind": RESULT, "at": _now(), "opening": opening.number, "outcome": outcome}
    _write(folder, lambda there: {**result, "measures": numbers})
    return read(folder)


def changed_since(
    there: Ledger, settings: Mapping[str, Any], data: Mapping[str, str]
) -> dict[str, Any]:
    """Return what has changed in the project since the last opening that the ledger has."""
    if not there.lines:
        return {"runs_made": 0, "runs": [], "settings": {}, "data": []}
    last, folder = there.lines[-1], there.folder / "runs"
    names = [run.name for run in _all(folder) if (run.number or 0) > last.runs_made]
    keys = sorted({*settings, *last.settings})
    values = {key: [last.settings.get(key), settings.get(key)] for key in keys}
    files = sorted({*data, *last.data})
    return {
        "runs_made": max(0, runs.highest(folder) - last.runs_made),
        "runs": names[:MOST_NAMED],
        "settings": {key: pair for key, pair in values.items() if pair[0] != pair[1]},
        "data": [name for name in files if data.get(name) != last.data.get(name)],
    }


def _all(folder: Path) -> list[Run]:
    """Return the runs of a project, with those that were deleted."""
    there = [*runs.all_runs(folder), *runs.all_runs(folder / runs.DELETED)]
    return sorted(there, key=lambda run: run.number or 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# The file


def digest(entry: Mapping[str, Any]) -> str:
    """Return the hash of a line: sha256 of all but the hash, its keys sorted, without spaces."""
    content = {name: value for name, value in entry.items() if name != "hash"}
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


def _write(folder: Path, entry: Callable[[Ledger], dict[str, Any]]) -> dict[str, Any]:
    """Add a line to what is there by then, which nobody else writes to meanwhile."""
    import filelock

    path = folder / FILE
    with told(path):
        (folder / "runs").mkdir(exist_ok=True)
        try:
            with filelock.FileLock(folder / "runs" / LOCK, timeout=PATIENCE):
                there = read(folder)
                if any(one.kind == "unreadable" for one in there.chain):
                    raise ApprentiError("ledger_unreadable", path=path, why=there.chain[0].detail)
                # As it will be read again: a list instead of a tuple, text instead of a path
                made = json.loads(json.dumps(entry(there), default=str))
                made = {"line": there.last_line + 1, **made, "previous": there.head}
                made["hash"] = digest(made)
                _add(path, json.dumps(made, ensure_ascii=True))
        except filelock.Timeout:
            raise ApprentiError("ledger_busy", path=path) from None
    return made


def _add(path: Path, line: str) -> None:
    """Add a line, on the disk before anything is done that it speaks of."""
    with open(path, "ab+") as file:
        if size := file.seek(0, os.SEEK_END):
            file.seek(size - 1)
            # Whoever was killed while writing left a line without its end
            line = line if file.read(1) == b"\n" else f"\n{line}"
        if size + len(line) > LARGEST:
            raise ApprentiError("ledger_unreadable", path=path, why=say("runs.damage.too_large"))
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _entry(path: Path, line: str) -> dict[str, Any] | str:
    """Return what a line says, or why it says nothing."""
    try:
        content = json.loads(line)
        kind = content.get("kind") if isinstance(content, dict) else None
        return checked(path, content, IN_RESULT if kind == RESULT else IN_OPENING)
    except RunDamaged as error:
        return str(error.values["reason"])
    except (ValueError, RecursionError) as error:
        return str(error)


def _openings(entries: Sequence[dict[str, Any] | str]) -> list[Opening]:
    found: dict[int, Opening] = {}
    for entry in entries:
        if isinstance(entry, str):
            continue
        if entry["kind"] == OPENING:
            found[entry["number"]] = _opening(entry)
        elif opening := found.get(entry["opening"]):
            ended = {name: entry.get(name, {}) for name in ("outcome", "measures")}
            found[opening.number] = opening._replace(**ended)
    return sorted(found.values())


def of_json(kept: Mapping[str, Any]) -> Opening:
    """Return an opening that the ledger no longer has, as an evaluation remembers it."""
    said = _opening(kept)
    return said._replace(
        outcome=str(kept.get("outcome", OPENED)), measures=kept.get("measures", {})
    )


def _opening(entry: Mapping[str, Any]) -> Opening:
    told = {name: entry.get(name) for name in IN_LINE}
    return Opening(**{**told, "beside": entry.get("beside", [])})


def _breaks(entries: Sequence[dict[str, Any] | str]) -> Iterator[Trouble]:
    """Yield where the chain is broken."""
    places: list[int] = []
    for at, entry in enumerate(entries, start=1):
        expected = places[-1] + 1 if places else 1
        if isinstance(entry, str):
            yield Trouble("damaged", at, detail=entry)
        elif entry["hash"] != digest(entry):
            yield Trouble("edited", at)
        else:
            expected = entry["line"]
        before = entries[at - 2] if at > 1 else None
        if expected in places:
            yield Trouble("repeated", at)
        elif places and expected < max(places):
            yield Trouble("reordered", at, detail=str(expected))
        elif not isinstance(entry, str) and not isinstance(before, str):
            follows = expected == (places[-1] + 1 if places else 1)
            if follows and entry.get("previous") != (before["hash"] if before else None):
                yield Trouble("edited", max(1, at - 1))
        places.append(expected)
    yield from _removed(places)


def _removed(places: Sequence[int]) -> Iterator[Trouble]:
    """Yield the lines that are nowhere, where they should be."""
    there, known = set(places), 0
    for at, place in enumerate(places, start=1):
        missing = [number for number in (known + 1, place - 1) if number not in there]
        if place > known + 1 and missing:
            first, last = missing[0], missing[-1]
            yield Trouble("removed", at, detail=str(first) if first == last else f"{first}–{last}")
        known = max(known, place)


# What runs remember of it


def _openings_before(run: Run) -> int:
    """Return how many openings there had been when a run was begun, or last gone on with."""
    with contextlib.suppress(RunDamaged):
        return int(_stamp(run.folder / runs.ENVIRONMENT).get("openings", 0))
    return 0


def _stamp(path: Path) -> dict[str, Any]:
    return dict(read_json(path, IN_RUN).get("ledger", {}))


def _remembered(ledger: Ledger) -> Iterator[Trouble]:
    """Yield what runs remember of the ledger, and it does not say."""
    known, beside = set(ledger.hashes), {name for one in ledger.lines for name in one.beside}
    forgotten, unrecorded = [], []
    for run in runs.all_runs(ledger.folder / "runs"):
        heads = {_head(run.folder / name) for name in (runs.ENVIRONMENT, EVALUATION)} - {None}
        if heads - known:
            forgotten.append(run.name)
        elif (run.folder / MEASURES).exists() and not (
            run.name in beside or ledger.openings_of(run)
        ):
            unrecorded.append(run.name)
    if (forgotten or unrecorded) and not ledger.is_there:
        yield Trouble("missing", runs=[*forgotten, *unrecorded])
        return
    if forgotten:
        yield Trouble("forgotten", runs=forgotten)
    if unrecorded:
        yield Trouble("unrecorded", runs=unrecorded)


def _head(path: Path) -> str | None:
    with contextlib.suppress(RunDamaged):
        return _stamp(path).get("head")
    return None
