"""Scripts of a project that run alone: stopped by hand, and what they leave."""

import csv
import re
import sys

import fork_server
from apprenti.train.plan import plan

STOPPED = """
import sys
from pathlib import Path
sys.path.insert(0, "")
sys.argv = ["train.py"]
import train
seen = []
measure = train.measure

def stops(*given):
    seen.append(given[0])
    if seen.count("train") == 3:
        raise KeyboardInterrupt
    return measure(*given)

train.measure = stops
train.fit(train.Config(), train.load_data(train.Config()), Path(), lambda history: False)
"""
"""A run stopped by Ctrl-C in the middle of its third epoch."""


def script_of(project, folder, name="train.py"):
    folder.mkdir(exist_ok=True)
    planned = plan(project)
    (folder / name).write_text(planned.files[name], encoding="utf-8")
    if planned.source.folder:
        data = planned.source.folder / planned.source.name
        (folder / data.name).write_bytes(data.read_bytes())
    return folder


def execute(folder, script):
    done = fork_server.run([sys.executable, "-I", "-X", "utf8", script], cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_recorded(history):
    """Return what a file says of a history in memory, without the seconds."""
    return [{k: str(v) for k, v in row.items() if k != "seconds"} for row in history]


def history_of(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def losses_in(said):
    """Return what a short form prints of each epoch."""
    lines = [dict(re.findall(r"(\w+_\w+) (\S+)", line)) for line in said.splitlines()]
    return [line for line in lines if line]


def left_by(folder):
    files = [folder / "predictions.csv", *(folder / "model").iterdir()]
    assert len(files) == 4
    return history_of(folder), {path.name: path.read_bytes() for path in files}
