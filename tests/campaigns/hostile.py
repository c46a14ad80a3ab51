"""Hostile inputs by the thousand, run through the commands, and what became of each counted.

    python tests/campaigns/hostile.py                      1,300 inputs of every kind, 2 minutes
    python tests/campaigns/hostile.py --kinds parquet web  those alone
    python tests/campaigns/hostile.py --only tables-17     one, with what it printed

An input is refused with a message, or accepted. All else is a fault: a traceback, a hang, a file
left half-written, code of the input that ran, a sign that steers the terminal. The same seed makes
the same inputs.
"""

import argparse
import contextlib
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from unittest import mock

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import hostile_inputs

import fork_server
from apprenti import cli
from apprenti.script import run_local

SECONDS, PATIENCE = 15, 60
"""Of a processor, and by the clock, after which a command hangs."""

ACCEPTED, REFUSED = "accepted", "refused"
FAULTS = ("traceback", "hang", "half-written", "code run", "raw signs", "script failed", "unclear")
COLUMNS = ("inputs", ACCEPTED, REFUSED, *FAULTS)

OF_SCRIPTS = ("script_failed", "out_of_memory", *(key for _, key in run_local.CAUSES))
"""The errors of scripts that stumbled over what nobody had looked at before."""

LEFT = re.compile(r"\.(tmp|part)$|^\.download|^\.openml")
"""Names of what is on its way into a file."""


class Outcome(NamedTuple):
    """What became of one input: accepted, refused or a fault, and what was printed."""

    kind: str
    number: int
    name: str
    what: str
    said: str
    key: str
    """Of the error by which it was refused."""


class Hang(BaseException):
    """A command takes too long."""


class Planned(BaseException):
    """A script is written and would start now."""


def _too_long(number, frame):
    raise Hang


def _compile(script, *others, **more):
    """Stand in for the process of a script: see that what was written can be run."""
    for path in script.parent.glob("*.py"):
        compile(path.read_text(encoding="utf-8"), path, "exec")
    raise Planned


class Stream(io.TextIOWrapper):
    """A standard stream that keeps what is written to it."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def said(self):
        return self.buffer.getvalue().decode()


def command(words, trains):
    """Run one command in this process; return its exit status, or a fault, and what it said."""
    streams, keys = (Stream(), Stream()), []
    with contextlib.ExitStack() as stack:
        stack.enter_context(fork_server.copies())
        if not trains:
            stack.enter_context(mock.patch("apprenti.train.one_run.Child", _compile))
        stack.enter_context(mock.patch("apprenti.cli._tell", _keeping(keys, cli._tell)))
        stack.enter_context(contextlib.redirect_stdout(streams[0]))
        stack.enter_context(contextlib.redirect_stderr(streams[1]))
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        try:
            cli.main(words)
        except SystemExit as end:
            status = end.code
        except Planned:
            status = 0
        except Hang:
            status = "hang"
            traceback.print_exc(file=streams[1])
        except BaseException:
            status = "traceback"
            traceback.print_exc(file=streams[1])
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
    return Said(status, *(stream.said() for stream in streams), "".join(keys))


class Said(NamedTuple):
    status: object
    out: str
    err: str
    key: str


def _keeping(keys, tell):
    def tell_and_keep(error, *more):
        keys.append(error.key)
        tell(error, *more)

    return tell_and_keep


def steers(text):
    """Return whether a text has signs that a terminal obeys."""
    signs = set(text) - set("\n\t")
    kinds = {unicodedata.category(sign) for sign in signs}
    directions = {unicodedata.bidirectional(sign) for sign in signs if sign.isprintable() is False}
    return bool(
        kinds & {"Cc", "Cs"}
        or directions & {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )


def try_out(kind, number, seed):
    """Make one input, run its commands until one fails, and judge."""
    chance = random.Random(f"{seed} {kind} {number}")
    own, before = Path(tempfile.mkdtemp(prefix="hostile-")), Path.cwd()
    # What is made in ".." or "../.." is found again by nobody else
    home = own / "outer" / "inner"
    home.mkdir(parents=True)
    os.chdir(home)
    try:
        made = hostile_inputs.KINDS[kind](chance, home)
        said, what, key = [], ACCEPTED, ""
        for words in made.commands:
            told = command(words, made.trains)
            key = told.key
            said.append(f"$ apprenti {' '.join(map(ascii, words))}\n{told.out}{told.err}")
            what = _judge(home, words, told)
            if what != ACCEPTED:
                break
        return Outcome(kind, number, made.name, what, "\n".join(said), key)
    finally:
        os.chdir(before)
        shutil.rmtree(own, ignore_errors=True)


def _judge(home, words, said):
    status, told = said.status, said.out + said.err
    if status in ("hang", "traceback"):
        return status
    if (home / hostile_inputs.MARKER).exists():
        return "code run"
    if any(LEFT.search(name) for _, inner, names in os.walk(home) for name in [*inner, *names]):
        return "half-written"
    # What was downloaded whole stays, and sources.toml knows it
    made = words[0] == "new" and os.path.lexists(home / "p")
    if status and made and not (home / "p" / "sources.toml").is_file():
        return "half-written"
    if steers(told):
        return "raw signs"
    if said.key in OF_SCRIPTS:
        return "script failed"
    if status and not re.search(r"^✗ [^\0]+^  (Why|What to do):|^Error: ", told, re.MULTILINE):
        return "unclear"
    if not status and "--json" in words:
        json.loads(said.out)
    return REFUSED if status else ACCEPTED


def campaign(inputs, seed=0, kinds=None, tell=lambda outcome: None):
    """Try so many inputs, as many of each kind; return what became of them."""
    kinds, outcomes = list(kinds or hostile_inputs.KINDS), []
    with signals():
        for place in range(inputs):
            outcomes.append(try_out(kinds[place % len(kinds)], place // len(kinds), seed))
            tell(outcomes[-1])
    return outcomes


@contextlib.contextmanager
def signals():
    """Notice what takes too long, and put back the signals that a command takes for itself."""
    taken = (signal.SIGPROF, signal.SIGALRM, signal.SIGTERM)
    before = [signal.signal(number, _too_long) for number in taken]
    try:
        yield
    finally:
        for number, handler in zip(taken, before, strict=True):
            signal.signal(number, handler)


def table(outcomes):
    """Return the counts by kind, as Markdown."""
    counts = {}
    for outcome in outcomes:
        counts.setdefault(outcome.kind, Counter())[outcome.what] += 1
    counts["all"] = sum(counts.values(), Counter())
    lines = [f"| kind | {' | '.join(COLUMNS)} |", "|---|" + "---:|" * len(COLUMNS)]
    for kind, count in counts.items():
        cells = [count.total(), *(count[name] for name in COLUMNS[1:])]
        lines.append(f"| {kind} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--inputs", type=int, default=1300)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--kinds", nargs="*", choices=hostile_inputs.KINDS)
    asked.add_argument("--only", metavar="KIND-NUMBER")
    asked.add_argument("--show", action="store_true", help="what every input printed")
    asked.add_argument("--keys", action="store_true", help="the errors by which they were refused")
    chosen = asked.parse_args()
    os.environ["APPRENTI_LANG"] = "en"
    if chosen.only:
        kind, _, number = chosen.only.rpartition("-")
        with signals():
            print(ascii(try_out(kind, int(number), chosen.seed)).replace("\\n", "\n"))
        return
    began = time.process_time()

    def tell(outcome):
        if chosen.show or outcome.what in FAULTS or outcome.key == "data_unusable":
            said = ascii(outcome.said).replace("\\n", "\n")
            print(f"{outcome.what}: {outcome.kind}-{outcome.number} {outcome.name!a}\n{said}\n")

    outcomes = campaign(chosen.inputs, chosen.seed, chosen.kinds, tell)
    print(table(outcomes))
    for key, count in Counter(f"{one.kind} {one.key}" for one in outcomes if one.key).most_common():
        print(f"{count:6} {key}") if chosen.keys else None
    print(f"{time.process_time() - began:.0f} s of a processor, seed {chosen.seed}")


if __name__ == "__main__":
    main()
