"""What default settings reach on public sets, beside the figures that are known of them.

    python benchmarks/reference_figures.py wine_white=winequality-white.csv ames=AmesHousing.csv

Nothing is fetched: each set is given as NAME=FILE, the file as it is published. It becomes a
project by `apprenti new`, is trained by `apprenti train` with several split seeds, and the mean of
the scores on the validation rows stands beside the reference: `under` and `over` say that it is
more than 0.02 away from it. Over is no praise: it may be another edition of the file, or a leak.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import side_by_side

import apprenti

NEAR = 0.02
"""A mean is as expected if it is no farther than this from the reference."""


class Figure(NamedTuple):
    """What a model is known to reach: from `low` to `high` of a score.

    A gain is the accuracy above that of the constant rule on the same rows.
    """

    model: str
    score: str
    low: float
    high: float


class PublicSet(NamedTuple):
    """A set that anybody can fetch: its usual file, what its target is called there."""

    file: str
    targets: tuple[str, ...]
    figures: tuple[Figure, ...]
    task: str | None = None
    findings: tuple[str, ...] = ()
    seeds: int = 3


SETS = {
    "wine_white": PublicSet(
        "winequality-white.csv",
        ("quality",),
        (Figure("forest", "r2", 0.47, 0.47),),
        task="regression",
        findings=("D015", "D017"),
    ),
    "sms_spam": PublicSet(
        "SMSSpamCollection",
        ("column 1", "v1", "label"),
        (Figure("linear", "accuracy", 0.97, 0.98),),
    ),
    "adult": PublicSet(
        "adult.data",
        ("column 15", "income", "class", "salary"),
        (
            Figure("trivial", "accuracy", 0.76, 0.76),
            Figure("boosting", "accuracy", 0.866, 0.866),
            Figure("boosting", "auc", 0.91, 0.91),
        ),
    ),
    "credit_default": PublicSet(
        "default of credit card clients.csv",
        ("default payment next month", "default.payment.next.month"),
        (Figure("boosting", "accuracy", 0.82, 0.82), Figure("boosting", "auc", 0.77, 0.78)),
    ),
    "telco_churn": PublicSet(
        "WA_Fn-UseC_-Telco-Customer-Churn.csv",
        ("Churn", "churn"),
        (Figure("linear", "accuracy", 0.80, 0.80), Figure("linear", "auc", 0.83, 0.84)),
    ),
    "california": PublicSet(
        "housing.csv",
        ("median_house_value", "MedHouseVal"),
        (Figure("linear", "r2", 0.64, 0.64), Figure("mlp", "r2", 0.72, 0.72)),
    ),
    "ames": PublicSet(
        "AmesHousing.csv",
        ("SalePrice", "price"),
        (
            Figure("linear", "r2", 0.83, 0.83),
            Figure("mlp", "r2", 0.89, 0.89),
            Figure("boosting", "r2", 0.89, 0.89),
        ),
        seeds=10,
    ),
    "soybean": PublicSet(
        "soybean-large.data",
        ("column 1", "class", "Class"),
        (Figure("forest", "accuracy", 0.95, 0.95),),
    ),
    "house_votes": PublicSet(
        "house-votes-84.data",
        ("column 1", "Class", "party"),
        (Figure("forest", "accuracy", 0.98, 0.98),),
        seeds=10,
    ),
    "german_credit": PublicSet(
        "german.data",
        ("column 21", "class", "Class"),
        (Figure("boosting", "accuracy", 0.75, 0.77),),
        seeds=10,
    ),
    "blood_donation": PublicSet(
        "transfusion.data",
        ("whether he/she donated blood in March 2007", "Class"),
        (Figure("boosting", "gain", 0.0, 0.0),),
        seeds=30,
    ),
    "allocine": PublicSet(
        "allocine.csv",
        ("note", "rating", "stars", "étoiles"),
        (Figure("linear", "r2", 0.55, 0.55),),
        task="regression",
    ),
}

Row = dict[str, Any]
"""What was measured of one figure, or of the findings, of one set."""


def main() -> None:
    arguments = options().parse_args()
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        for name, file in map(given, arguments.sets):
            try:
                rows += measured(name, file, Path(folder) / name, arguments.rounds)
            except apprenti.ApprentiError as error:
                side_by_side.note(f"{name} is left out: {error}")
    if arguments.json:
        print(json.dumps({"figures": rows}))
    else:
        head = ("set", "model", "score", "mean", "lowest", "highest", "reference", "verdict")
        print(side_by_side.table(head, map(written, rows)))


def options() -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    known = "\n".join(f"  {name:16}{one.file}" for name, one in SETS.items())
    after = f"names, and how their files are usually called:\n{known}"
    parser = argparse.ArgumentParser(description=__doc__, epilog=after, formatter_class=formatter)
    parser.add_argument("sets", nargs="+", metavar="NAME=FILE")
    usual = "split seeds; otherwise 3, or more for small sets"
    parser.add_argument("--rounds", type=int, default=None, help=usual)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    return parser


def given(argument: str) -> tuple[str, Path]:
    name, _, file = argument.partition("=")
    if name not in SETS or not Path(file).is_file():
        sys.exit(f"{argument}: neither NAME=FILE with one of {', '.join(SETS)}, nor a file there")
    return name, Path(file).resolve()


def measured(name: str, file: Path, project: Path, rounds: int | None) -> list[Row]:
    """Return a row for each figure of a set, and one for its findings if any are known."""
    public = SETS[name]
    new_project(public, file, project)
    found = {one["code"] for one in apprenti.data(project, picture=False).findings}
    rows = [findings_row(name, public, found)] if public.findings else []
    seeds = range(rounds or public.seeds)
    made = {
        (model, seed): trained(project, model, seed)
        for model in sorted({model for one in public.figures for model in models(one)})
        for seed in seeds
    }
    for figure in public.figures:
        scores = [score(figure, made, seed) for seed in seeds]
        rows.append(figure_row(name, figure, scores))
        side_by_side.note(f"{name}: {figure.model}, {figure.score}: {rows[-1]['mean']:.3f}")
    return rows


def new_project(public: PublicSet, file: Path, project: Path) -> None:
    """Make a project with the first of the usual names of its target that the file has."""
    *others, last = public.targets
    for target in others:
        try:
            apprenti.new(project, str(file), target=target, task=public.task)
        except apprenti.ApprentiError as error:
            if error.key != "no_column":
                raise
        else:
            return
    apprenti.new(project, str(file), target=last, task=public.task)


def models(figure: Figure) -> tuple[str, ...]:
    return (figure.model, "trivial") if figure.score == "gain" else (figure.model,)


def trained(project: Path, model: str, seed: int) -> Any:
    framework = "pytorch" if model == "mlp" else "sklearn"
    return apprenti.train(project, framework=framework, kind=model, **{"data.split.seed": seed})


def score(figure: Figure, made: dict[tuple[str, int], Any], seed: int) -> float:
    run = made[figure.model, seed]
    if figure.score == "auc":
        return area_under_curve(run)
    if figure.score == "gain":
        constant = made["trivial", seed].summary["valid_accuracy"]
        return float(run.summary["valid_accuracy"] - constant)
    return float(run.summary[f"valid_{figure.score}"])


def area_under_curve(run: Any) -> float:
    from sklearn.metrics import roc_auc_score

    rows = run.predictions
    positive = rows.columns[-1]
    truth = rows["truth"].astype(str) == positive.removeprefix("probability_")
    return float(roc_auc_score(truth, rows[positive]))


def figure_row(name: str, figure: Figure, scores: list[float]) -> Row:
    mean = statistics.mean(scores)
    verdict = "under" if mean < figure.low - NEAR else "over" if mean > figure.high + NEAR else "ok"
    spread = {"mean": mean, "lowest": min(scores), "highest": max(scores)}
    reference = [figure.low, figure.high]
    what = {"set": name, "model": figure.model, "score": figure.score}
    return {**what, **spread, "reference": reference, "verdict": verdict}


def findings_row(name: str, public: PublicSet, found: set[str]) -> Row:
    verdict = "ok" if found.issuperset(public.findings) else "under"
    named = sorted(found.intersection(public.findings))
    return {"set": name, "findings": named, "reference": [*public.findings], "verdict": verdict}


def written(row: Row) -> list[str]:
    if "findings" in row:
        found, known = (" ".join(row[key]) or "none" for key in ("findings", "reference"))
        return [row["set"], "findings", found, "", "", "", known, row["verdict"]]
    low, high = row["reference"]
    known = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    spread = [f"{row[key]:.3f}" for key in ("mean", "lowest", "highest")]
    return [row["set"], row["model"], row["score"], *spread, known, row["verdict"]]


if __name__ == "__main__":
    main()
