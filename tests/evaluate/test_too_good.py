"""R01: scores that are too good to be true, and those that are just good."""

import pytest

from apprenti import runs
from apprenti.data.findings import words
from apprenti.evaluate.too_good import too_good
from apprenti.findings import Finding
from apprenti.language import LANGUAGES, choose
from apprenti.writing import write_json, write_text

LEAK = Finding("D020", "error", "alive", {"target": "survived"})
COPIES = Finding("D017", "warning", "", {"valid": 30, "test": 0, "share": 0.2})


@pytest.fixture
def made(tmp_path):
    """made(rows=200, wrong=1, frequent=0.5): a run of classes that errs on so many rows."""

    def make(rows=200, wrong=0, frequent=0.5, score=None, image="", target="kind", name="mlp"):
        run = runs.create(tmp_path / "runs", name, "sklearn")
        data = f'[data]\ntarget = "{target}"\n' + (f'image = "{image}"\n' if image else "")
        text = data + f'[model]\nkind = "{name}"\n[train]\nframework = "sklearn"\n'
        write_text(run.folder / "choices.toml", text)
        write_json(run.folder / "environment.json", {"status": runs.FINISHED})
        measure = "r2" if score is not None else "accuracy"
        value = 1 - wrong / rows if score is None else score
        write_text(run.folder / "history.csv", f"epoch,valid_{measure}\n1,{value}\n")
        truths = ["a" if place < frequent * rows else "b" for place in range(rows)]
        lines = [
            f"{place},{truth},{'c' if place < wrong else truth}"
            for place, truth in enumerate(truths)
        ]
        table = "\n".join(["row,truth,predicted", *lines]) + "\n"
        write_text(run.folder / "predictions.csv", table)
        return run

    return make


@pytest.mark.parametrize(
    ("given", "found", "suspicious"),
    [
        ({}, (), True),
        ({"wrong": 1}, (), True),
        ({"wrong": 2}, (), False),
        ({"rows": 1000, "wrong": 5}, (), True),
        ({"rows": 1000, "wrong": 6}, (), False),
        ({"rows": 99}, (), False),
        ({"rows": 30}, (LEAK,), True),
        ({"rows": 19}, (LEAK,), False),
        ({"rows": 2000, "frequent": 0.99, "wrong": 1}, (), False),
        ({"rows": 10_000, "frequent": 0.99, "wrong": 2}, (), True),
        ({"image": "file"}, (), False),
        ({"target": ""}, (), False),
        ({"score": 0.9995}, (), True),
        ({"score": 0.998}, (), False),
    ],
)
def test_a_model_of_a_table_that_is_nearly_never_wrong_is_suspicious(
    made, given, found, suspicious
):
    assert (too_good([made(**given)], found) is not None) is suspicious


def test_what_was_found_in_the_data_says_why(made):
    run = made()
    assert too_good([run]).sentence == ""
    told = too_good([run], [COPIES])
    assert (told.sentence, told.values["again"]) == ("copies", 30)
    told = too_good([run], [COPIES, LEAK])
    assert (told.sentence, told.values["columns"]) == ("leak", ["alive"])
    terms = {"terms": [["net", 1.0], ["tax", 1.0]], "form": "sum"}
    told = too_good([made(score=1.0)], [Finding("D021", "error", "gross", terms)])
    assert told.values["columns"] == ["net", "tax"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("found", [(), (LEAK,), (COPIES,)])
def test_it_is_told_with_the_score_as_people_read_it(made, found, lang):
    choose(lang)
    finding = too_good([made()], found)
    told = words.tell(finding)
    assert ("100.00%" if lang == "en" else "100,00") in told.what
    assert told.commands == ("apprenti data",) and "{" not in told.what + told.todo
    assert words.as_json(finding)["values"]["score"] == 1.0


def test_the_best_of_several_is_named(made):
    good, perfect = made(wrong=1), made(wrong=0)
    assert too_good([made(wrong=50), good, perfect]).values["run"] == perfect.name
    assert too_good([]) is None
