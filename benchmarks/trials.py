"""How much faster are many trials in one process than as many fresh ones, and does memory grow?

    python benchmarks/trials.py [--trials 100] [--fresh 10] [--framework pytorch]

The digits, a perceptron with the default settings, another seed in each trial, one process at a
time. The trials leave no files; a fresh process is the `train.py` of an ordinary run. Only some
fresh processes are started, half of them before the trials and half afterwards, and counted for
all; times of the processor are given beside those of the clock, which others can lengthen.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import apprenti
from apprenti.project import changed
from apprenti.train.plan import plan

PROJECT = '[data]\nsource = "digits"\n[model]\nkind = "mlp"\n[train]\nframework = "{}"\n'
FASTER, GROWTH = 5, 1.10


def busy() -> float:
    """Return the seconds of processor that the processes which have ended took."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(action, *arguments):
    """Return what an action gives, its seconds by the clock and those of the processor."""
    clock, processor = time.perf_counter(), busy()
    made = action(*arguments)
    return made, time.perf_counter() - clock, busy() - processor


def script_of(project, seed: int) -> str:
    return plan(changed(project, {"train.seed": seed})).files["train.py"]


def fresh(scripts) -> None:
    """Run each script in a process of its own."""
    for script in scripts:
        with tempfile.TemporaryDirectory() as name:
            Path(name, "train.py").write_text(script, encoding="utf-8")
            command = [sys.executable, "-I", "train.py"]
            subprocess.run(command, cwd=name, check=True, stdout=subprocess.DEVNULL)


def compare(framework: str, count: int, of_fresh: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "apprenti.toml").write_text(PROJECT.format(framework))
        project = apprenti.load(Path(name))
        scripts = [script_of(project, seed) for seed in range(of_fresh)]
        _, *before = measured(fresh, scripts[: of_fresh // 2])
        seeds = [{"seed": seed} for seed in range(count)]
        made, clock, processor = measured(lambda: apprenti.trials(project, seeds, workers=1))
        _, *after = measured(fresh, scripts[of_fresh // 2 :])
    assert all(trial.status == "finished" for trial in made)
    slow = [count / of_fresh * sum(both) for both in zip(before, after, strict=True)]
    early, late = made[min(9, count - 1)].memory, made[-1].memory
    print(f"{framework}: {count} trials")
    print(f"  in one process    {clock:7.1f} s, processor {processor:7.1f} s")
    print(f"  in fresh ones     {slow[0]:7.1f} s, processor {slow[1]:7.1f} s (from {of_fresh})")
    ratio = slow[0] / clock, slow[1] / processor
    verdict = "ok" if min(ratio) >= FASTER else "under"
    print(f"  times faster      {ratio[0]:7.1f},   processor {ratio[1]:7.1f}   {verdict}")
    growth = late / early
    verdict = "ok" if growth <= GROWTH else "over"
    print(f"  memory after 10   {early / 1e6:7.0f} MB, at the end {late / 1e6:.0f} MB", end="")
    print(f" ({growth:.2f} times)   {verdict}", flush=True)


def main() -> None:
    os.environ["APPRENTI_LANG"] = "en"
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--fresh", type=int, default=10, help="processes that are really started")
    parser.add_argument("--framework", choices=("pytorch", "tensorflow", "sklearn"))
    options = parser.parse_args()
    for framework in [options.framework] if options.framework else ("pytorch", "tensorflow"):
        compare(framework, options.trials, options.fresh)


if __name__ == "__main__":
    main()
