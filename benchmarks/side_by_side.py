"""What the benchmarks share: contestants take turns, medians, ratios, one table.

A time says little alone: the machine, and what else runs on it, decide half of it. Each contestant
therefore runs once a round, in a process of its own, and every claim is a ratio between two
contestants of the same rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import Any, NamedTuple

import psutil

TIME_LIMIT = 1800
"""Seconds after which a contestant has failed."""

Measured = dict[str, Any]
"""What one contestant reports of one round: `seconds`, and whatever else it has to say."""


class Contestant(NamedTuple):
    """Somebody who can be measured once a round, if the modules it needs are installed."""

    name: str
    measure: Callable[[], Measured]
    needs: tuple[str, ...] = ()


class Claim(NamedTuple):
    """What is promised, and what was found; `of` names the contestant a ratio is taken to."""

    text: str
    found: float
    limit: float
    at_least: bool = False
    of: str = ""
    spread: tuple[float, float] | None = None

    @property
    def verdict(self) -> str:
        kept = self.found >= self.limit if self.at_least else self.found <= self.limit
        return "ok" if kept else "under" if self.at_least else "over"


class ContestantError(Exception):
    """A contestant that ended badly; the last line it wrote says why."""


def options(description: str, rounds: int, *names: str) -> argparse.ArgumentParser:
    """Return the options of a benchmark; `names` are those of --epochs and --rows it has."""
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=formatter)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default {rounds}")
    if "epochs" in names:
        parser.add_argument("--epochs", type=int, default=5, help="default 5")
    if "rows" in names:
        parser.add_argument("--rows", type=int, default=50_000, help="default 50000, all there are")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the tables")
    return parser


# Measuring


def child(command: Sequence[str | os.PathLike[str]]) -> Measured:
    """Run a command and return the JSON object on the last line it prints."""
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=TIME_LIMIT,
        env={**os.environ, "APPRENTI_LANG": "en"},
    )
    if done.returncode:
        raise ContestantError(
            "\n".join(done.stderr.strip().splitlines()[-5:]) or str(done.returncode)
        )
    measured: Measured = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def alternate(
    contestants: Iterable[Contestant], rounds: int, aloud: bool = True
) -> dict[str, list[Measured]]:
    """Measure every contestant once a round, in their order and then, the next round, backwards.

    To what it reports is added `others`: how many cores were busy with something else meanwhile.
    One that is not installed or fails is left out, and said so.
    """
    taking_part = [contestant for contestant in contestants if _installed(contestant)]
    results: dict[str, list[Measured]] = {contestant.name: [] for contestant in taking_part}
    for turn in range(rounds):
        for contestant in taking_part[:: -1 if turn % 2 else 1]:
            if contestant.name not in results:
                continue
            try:
                measured = _watched(contestant.measure)
            except (ContestantError, subprocess.TimeoutExpired) as error:
                note(f"{contestant.name} failed and is left out: {error}")
                del results[contestant.name]
                continue
            results[contestant.name].append(measured)
            seconds, others = measured["seconds"], measured["others"]
            if aloud:
                place = f"round {turn + 1} of {rounds}"
                note(f"{place}  {contestant.name}: {seconds:.3f} s (others: {others:.1f} cores)")
    return results


def _installed(contestant: Contestant) -> bool:
    missing = [name for name in contestant.needs if find_spec(name) is None]
    if missing:
        note(f"{contestant.name} is left out: {', '.join(missing)} is not installed")
    return not missing


def _watched(measure: Callable[[], Measured]) -> Measured:
    start, busy, ours = time.perf_counter(), _busy_seconds(), _our_seconds()
    measured = measure()
    elapsed = time.perf_counter() - start
    others = (_busy_seconds() - busy) - (_our_seconds() - ours)
    return {**measured, "others": round(max(0.0, others / elapsed), 2)}


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0) - getattr(times, "guest", 0)


def _our_seconds() -> float:
    used = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(who.ru_utime + who.ru_stime for who in used)


def note(text: str) -> None:
    """Say how far the benchmark is, where it disturbs no table."""
    print(text, file=sys.stderr, flush=True)


# Telling


def values(measured: Sequence[Measured], what: str = "seconds") -> list[float]:
    return [float(one[what]) for one in measured]


def middle(measured: Sequence[Measured], what: str = "seconds") -> float:
    return median(values(measured, what))


def fastest(results: Mapping[str, list[Measured]], names: Iterable[str]) -> str | None:
    """Return which of these contestants has the lowest median, of those that were measured."""
    measured = [name for name in names if results.get(name)]
    return min(measured, key=lambda name: middle(results[name]), default=None)


def ratio(
    text: str, ours: str, rivals: Iterable[str], limit: float, results: Mapping[str, list[Measured]]
) -> list[Claim]:
    """Compare our median with that of the fastest of these rivals; nothing if one is missing.

    The spread is that of the ratios within each round.
    """
    rival = fastest(results, rivals)
    if not results.get(ours) or rival is None:
        return []
    found = middle(results[ours]) / middle(results[rival])
    pairs = zip(values(results[ours]), values(results[rival]), strict=True)
    by_round = [mine / theirs for mine, theirs in pairs]
    return [Claim(text, found, limit, of=rival, spread=(min(by_round), max(by_round)))]


def seconds_row(name: str, measured: Sequence[Measured], unit: float = 1) -> list[str]:
    """Return a line of a table: the name, the median, the smallest and largest, the others."""
    taken = [one / unit for one in values(measured)]
    return [name, f"{median(taken):.2f}", f"{min(taken):.2f}-{max(taken):.2f}", _others(measured)]


def _others(measured: Sequence[Measured]) -> str:
    return f"{max(values(measured, 'others')):.1f}"


SECONDS = ("seconds: median", "min-max", "others")
"""The head of what `seconds_row` gives; `others` is the busiest round, in cores."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return columns aligned with spaces, the first to the left and the others to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])

    def written(line: list[str]) -> str:
        rest = zip(line[1:], widths[1:], strict=True)
        return "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in rest)])

    return "\n".join(written(line) for line in lines)


def claims_table(claims: Iterable[Claim]) -> str:
    rows = []
    for claim in claims:
        sign = ">=" if claim.at_least else "<="
        # A share of 1 needs one digit more than a ratio or a percentage
        digits = 2 if claim.limit >= 1 else 3
        spread = "-".join(f"{end:.{digits}f}" for end in claim.spread or ())
        text = f"{claim.text} (of: {claim.of})" if claim.of else claim.text
        limit = f"{sign} {claim.limit:g}"
        rows.append([text, f"{claim.found:.{digits}f}", spread, limit, claim.verdict])
    return table(("claim", "found", "by round", "limit", "verdict"), rows)


def conclude(
    arguments: argparse.Namespace,
    tables: Sequence[str],
    claims: Sequence[Claim],
    results: Mapping[str, Any],
) -> None:
    """Print the tables and the verdicts, or all of it as one JSON object."""
    cores = os.cpu_count()
    if arguments.json:
        found = [{**claim._asdict(), "verdict": claim.verdict} for claim in claims]
        chosen = {name: value for name, value in vars(arguments).items() if name != "json"}
        print(json.dumps({"cores": cores, **chosen, "measured": results, "claims": found}))
        return
    chosen = ", ".join(f"{n} {v}" for n, v in vars(arguments).items() if n != "json")
    print(f"{cores} cores, CPU; {chosen}")
    for text in (*tables, claims_table(claims)):
        print(f"\n{text}")
