"""How long a command takes before it does anything: `apprenti --help` against `import typer`.

The claim: `apprenti --help` takes at most 1.6 x `python -c "import typer"`, the library that any
such command line has to load; the median of 15 starts each, in turns, after one that warms the disk
cache up. Beside it, how many modules each has loaded, and an empty `python -c pass`.
"""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import side_by_side
from side_by_side import Contestant, Measured

HELP, TYPER, NOTHING = "apprenti --help", 'python -c "import typer"', "python -c pass"
LIMIT = 1.6

COUNT = "; import sys; print(len(sys.modules), file=sys.stderr)"
HELP_CODE = """
import atexit, sys
atexit.register(lambda: print(len(sys.modules), file=sys.stderr))
from apprenti.cli import main
main(["--help"])
"""


def main() -> None:
    arguments = side_by_side.options(__doc__ or "", 15).parse_args()
    installed = Path(sys.executable).with_name("apprenti")
    command = [installed] if installed.exists() else [sys.executable, "-m", "apprenti"]
    started = {
        HELP: ([*command, "--help"], HELP_CODE),
        TYPER: ([sys.executable, "-c", "import typer"], "import typer" + COUNT),
        NOTHING: ([sys.executable, "-c", "pass"], "pass" + COUNT),
    }
    modules = {name: count_modules(code) for name, (_, code) in started.items()}
    for words, _ in started.values():
        start(words)
    contestants = [Contestant(name, partial(start, words)) for name, (words, _) in started.items()]
    results = side_by_side.alternate(contestants, arguments.rounds, aloud=False)
    rows = [
        [*side_by_side.seconds_row(name, measured, unit=0.001), str(modules[name])]
        for name, measured in results.items()
    ]
    head = ("start", "ms: median", "min-max", "others", "modules")
    claims = side_by_side.ratio("the command / typer alone", HELP, [TYPER], LIMIT, results)
    found = {"starts": results, "modules": modules}
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, found)


def start(command: list[str | Path]) -> Measured:
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise side_by_side.ContestantError(done.stderr.decode(errors="replace"))
    return {"seconds": seconds}


def count_modules(code: str) -> int:
    """Return how many modules are loaded when this code has run."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stderr.split()[-1])


if __name__ == "__main__":
    main()
