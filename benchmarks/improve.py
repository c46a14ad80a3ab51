"""How long do five remedies over eight pairs take, and how much longer in fresh processes?

    python benchmarks/improve.py [--pairs 8] [--framework pytorch] [--without-fresh]

The digits, a perceptron with the default settings but 20 epochs. `apprenti improve` with nothing
kept, all
of it timed: the diagnosis, the planning, the trainings, those that help together. Then exactly the
same trainings as ordinary runs are, each `train.py` in a process of its own, as many at a time;
times of the processor are given beside those of the clock, which others can lengthen.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import apprenti
from apprenti.improve import Wishes, improve
from apprenti.project import changed
from apprenti.train.plan import plan
from apprenti.train.several import cores

PROJECT = (
    '[data]\nsource = "digits"\n[model]\nkind = "mlp"\n[train]\nframework = "{}"\nepochs = 20\n'
)
REMEDIES = ("dropout", "weight_decay", "label_smoothing", "smaller_model", "lower_rate")
FASTER, LIMIT = 4, 120


def busy() -> float:
    """Return the seconds of processor that we and the processes which have ended took."""
    return sum(
        used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN))
    )


def measured(action, *arguments):
    """Return what an action gives, its seconds by the clock and those of the processor."""
    clock, processor = time.perf_counter(), busy()
    made = action(*arguments)
    return made, time.perf_counter() - clock, busy() - processor


def fresh(scripts, workers: int) -> None:
    """Run each script in a process of its own, so many at a time."""

    def run(script: str) -> None:
        with tempfile.TemporaryDirectory() as name:
            Path(name, "train.py").write_text(script, encoding="utf-8")
            command = [sys.executable, "-I", "train.py"]
            subprocess.run(command, cwd=name, check=True, stdout=subprocess.DEVNULL)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, scripts))


def compare(framework: str, pairs: int, with_fresh: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "apprenti.toml").write_text(PROJECT.format(framework))
        project = apprenti.load(Path(name))
        run = apprenti.train(name).run
        wishes = Wishes(pairs, only=REMEDIES)
        found, clock, processor = measured(improve, project, run, wishes)
        count, workers = found.trainer.done, cores()
        print(
            f"{framework}: {len(found.judged)} remedies, {pairs} pairs: {count} trainings", end=""
        )
        print(f", {workers} at a time")
        told = "ok" if clock <= LIMIT else "over"
        print(f"  apprenti improve  {clock:7.1f} s, processor {processor:7.1f} s   {told}")
        for one in found.everything:
            mean = one.measure.mean
            shown = "" if mean is None else f"{100 * mean:+.2f} points"
            print(f"    {one.arm.name:16} {one.verdict:10} {shown}")
        if not with_fresh:
            return
        kept = (Path(name) / "improve" / "trials.jsonl").read_text(encoding="utf-8").splitlines()
        settings = [json.loads(line)["settings"] for line in kept]
        scripts = [plan(changed(project, one)).files["train.py"] for one in settings]
        _, slow, of_slow = measured(fresh, scripts, workers)
    print(f"  in fresh ones     {slow:7.1f} s, processor {of_slow:7.1f} s")
    ratio = slow / clock, of_slow / processor
    told = "ok" if min(ratio) >= FASTER else "under"
    print(f"  times faster      {ratio[0]:7.1f},   processor {ratio[1]:7.1f}   {told}", flush=True)


def main() -> None:
    os.environ["APPRENTI_LANG"] = "en"
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--framework", choices=("pytorch", "tensorflow"), default="pytorch")
    parser.add_argument("--without-fresh", action="store_true")
    options = parser.parse_args()
    compare(options.framework, options.pairs, not options.without_fresh)


if __name__ == "__main__":
    main()
