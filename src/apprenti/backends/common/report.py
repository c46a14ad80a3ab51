"""What is left behind: the history, the predictions and a description of the model."""

import csv
import os


def write_table(path: str, rows) -> None:
    with open("table.tmp", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    # Replaced in one go: whoever reads the file finds it whole, even after a crash
    os.replace("table.tmp", path)


def report_progress(epoch: int, step: int, steps: int, loss: float) -> None:
    with open("progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


def report_epoch(history: list[dict]) -> None:
    write_table("history.csv", [history[0], *map(dict.values, history)])
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
