"""R20: columns whose extreme values squeeze all others, and scripts that scale nothing."""

import json

import numpy as np
import pytest
from known_runs import HEALTHY, answers

from apprenti import diagnose
from apprenti.data.findings import words


def column(values):
    """Return what a preparation keeps of a column (backends/common/impute_scale_encode)."""
    values = np.asarray(values, float)
    ends = [values.min(), values.max()]
    return {
        "median": float(np.median(values)),
        "range": list(map(float, ends)),
        "mean": float(values.mean()),
        "deviation": float(values.std()),
    }


@pytest.fixture
def prepared(left):
    """prepared(age=[...], model="mlp"): a run whose training rows had these columns."""

    def make(model="mlp", framework="pytorch", preparation=None, rows=1000, **columns):
        run = left(**HEALTHY, **answers(0.9), model=model, framework=framework)
        numbers = {name: column(values) for name, values in columns.items()}
        known = {"numbers": numbers, "gaps": {}, "categories": {}}
        (run.folder / "model").mkdir()
        facts = {"preparation": known if preparation is None else preparation}
        (run.folder / "model" / "model.json").write_text(json.dumps(facts))
        text = (run.folder / "choices.toml").read_text()
        text = text.replace("[data.split]\n", f"[data.split]\ntrain = {rows}\n")
        (run.folder / "choices.toml").write_text(text)
        return run

    return make


def answer(run):
    return next(one for one in diagnose.diagnose(run).answers if one.code == "R20")


random = np.random.default_rng(0)
USUAL = random.normal(50, 10, 1000)
TYPO = np.append(USUAL[:-2], [5e7, 4e6])
INCOMES = np.exp(random.normal(0, 1, 1000))
HEAVY = np.exp(random.normal(0, 4, 1000))
BOTH_WAYS = np.append(USUAL[:-2], [5e7, -5e7])
RARE = np.arange(1000) == 7
FEW_BOUGHT = np.where(np.arange(1000) < 3, [*[1e5, 2e5, 9e5], *[0] * 997], 0)


def test_a_typing_error_that_squeezes_a_column_is_told_with_its_value(prepared):
    found = answer(prepared(age=USUAL, size=TYPO))
    assert (found.severity, found.subject, found.values["value"]) == ("warning", "size", 5e7)
    assert found.values["far"] > 30
    assert found.commands == ("apprenti data", "apprenti data --ignore size")
    assert "5e+07" in words.tell(found).what


@pytest.mark.parametrize("values", [HEAVY, BOTH_WAYS], ids=["heavy", "both ways"])
def test_long_tails_and_errors_on_both_sides_are_told_too(prepared, values):
    assert answer(prepared(size=values)).severity == "warning"


def test_several_columns_are_told_together_the_farthest_first(prepared):
    found = answer(prepared(a=HEAVY, b=TYPO, c=USUAL))
    assert (found.sentence, found.subject, found.values["names"]) == ("several", "b", ["b", "a"])


def test_where_half_of_the_rows_are_alike_anyway_it_is_a_hint(prepared):
    assert answer(prepared(bought=FEW_BOUGHT)).severity == "note"


@pytest.mark.parametrize("values", [USUAL, INCOMES, RARE, [3.0] * 1000])
def test_usual_columns_incomes_and_rare_flags_pass(prepared, values):
    assert answer(prepared(age=values)).outcome == "passed"


WHY = {
    "only_order": {"model": "forest", "framework": "sklearn", "size": TYPO},
    "is_baseline": {"model": "trivial", "framework": "sklearn", "size": TYPO},
    "no_numbers": {},
    "few_learned": {"rows": 30, "size": TYPO[-30:]},
    "of_words": {"preparation": {"words": ["a"], "weights": [1.0]}},
    "of_points": {"preparation": {"scale": 255.0}},
    "no_ends": {"preparation": {"mean": [0.0], "deviation": [1.0]}},
    "no_preparation": {"preparation": {}},
}


@pytest.mark.parametrize("why", WHY)
def test_where_it_makes_no_sense_the_reason_is_said(prepared, why):
    assert answer(prepared(**WHY[why])).sentence == why


@pytest.mark.parametrize(("first", "is_told"), [(90.0, True), (0.9, False)])
def test_a_first_loss_beyond_knowing_nothing_tells_of_a_script_that_scales_nothing(
    prepared, first, is_told
):
    run = prepared(preparation={})
    lines = (run.folder / "history.csv").read_text().splitlines()
    cells = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    lines[1] = ",".join((cells | {"train_loss": str(first)}).values())
    (run.folder / "history.csv").write_text("\n".join(lines))
    assert answer(run).sentence == "no_preparation"
    with open(run.folder / "choices.toml", "a") as file:
        file.write("[script]\nepochs = 5\n")
    assert (answer(run).sentence == "first") == is_told


ODD = {
    "no ends": {"median": 1.0, "mean": 1.0, "deviation": 1.0},
    "one end": {"median": 1.0, "range": [1.0], "mean": 1.0, "deviation": 1.0},
    "no width": {"median": 1.0, "range": [0.0, 9e9], "mean": 1.0, "deviation": 0.0},
    "endless": {"median": 1.0, "range": [0.0, np.inf], "mean": np.inf, "deviation": np.inf},
    "no number": {"median": 1.0, "range": [0.0, np.nan], "mean": np.nan, "deviation": np.nan},
    "constant": {"median": 1.0, "range": [1.0, 1.0], "mean": 1.0, "deviation": 1.0},
}


@pytest.mark.parametrize("known", ODD.values(), ids=ODD)
def test_what_a_script_left_otherwise_is_passed_over(prepared, known):
    whole = {"numbers": {"size": known}, "gaps": {}, "categories": {}}
    assert answer(prepared(preparation=whole)).outcome == "passed"
