"""What `apprenti improve` leaves in a project."""

import json


def improved(folder, run, name="dropout"):
    """Write what `apprenti improve` leaves."""
    change = {"mean": 0.01, "low": -0.01, "high": 0.03}
    one = {"name": name, "settings": {"model.dropout": 0.3}, "verdict": "same", "change": change}
    told = {"run": run, "measure": "accuracy", "pairs": 8, "best": None}
    told["remedies"] = [{**one, "pairs": 8, "times_as_long": 1.1}]
    (folder / "improve").mkdir(exist_ok=True)
    (folder / "improve" / "improve.json").write_text(json.dumps(told), encoding="utf-8")
