"""What the command line does, from Python: the verbs, what they return, the pages about them."""

import ast
import inspect
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import apprenti
from apprenti import results, verbs
from apprenti.errors import ApprentiError
from apprenti.train import several

DOCS = Path(__file__).parents[1] / "docs"
VERBS = (
    *("start", "new", "data", "set", "train", "compare", "agree"),
    *("diagnose", "improve", "evaluate", "runs", "checklist", "report", "reproduce"),
    *("predict", "eject", "explain", "doctor"),
)
TREE = {"framework": "sklearn", "kind": "tree", "max_depth": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, table_csv):
    """A project on a table, with two runs."""
    folder = tmp_path_factory.mktemp("python") / "project"
    apprenti.new(str(folder), str(table_csv), target="réponse")
    for depth in (1, 3):
        apprenti.train(str(folder), **{**TREE, "max_depth": depth})
    return folder


# The names


def test_the_verbs_are_those_of_the_command_line():
    from apprenti.cli.commands import COMMANDS

    assert set(VERBS) == set(COMMANDS) - {"install"}
    assert set(VERBS) <= set(apprenti.__all__)


IMPORTS = """
import inspect, sys
import apprenti
from apprenti import data, doctor, runs
import apprenti.train.plan, apprenti.runs
import apprenti.doctor.prove
from apprenti.verbs import train
for name in {verbs}:
    verb = getattr(apprenti, name)
    assert callable(verb), name
    given = inspect.signature(verb)
    assert given == inspect.signature(getattr(apprenti.verbs, name)), name
# They are the modules too, in whichever order they were imported
assert apprenti.runs.Run is runs.Run and apprenti.train.plan.plan
assert apprenti.data.__path__ and data is apprenti.data
try:
    apprenti.train("nowhere")
except apprenti.ApprentiError as error:
    print(error.key)
"""


@pytest.mark.parametrize("first", ["", "import apprenti.cli.commands, apprenti.train.several\n"])
def test_a_verb_may_have_the_name_of_a_module(first):
    code = first + IMPORTS.format(verbs=VERBS)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("no_project\n", "")


def test_importing_apprenti_loads_next_to_nothing():
    code = "import sys, apprenti; print(sorted(m for m in sys.modules if m.startswith('apprenti')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "['apprenti']\n"


def test_a_verb_offers_what_its_command_offers():
    options = {
        "new": {"directory", "data", "target", "task", "skip_broken", "download"},
        "data": {
            *("project", "picture", "read_as", "download"),
            *("ignore", "use", "mute", "unmute", "because"),
        },
        "set": {"project", "undo", "settings"},
        "explain": {"words"},
        "predict": {"run", "given", "project", "text", "out", "force", "trust", "as_is"},
        "compare": {"project", "parity", "again", "audience", "settings"},
        "report": {"project", "run", "out", "pdf", "card"},
        "eject": {"run", "destination", "essential", "notebook", "project"},
    }
    for name, expected in options.items():
        assert set(inspect.signature(getattr(verbs, name)).parameters) == expected


# Runs


def test_a_run_says_what_came_of_it(folder):
    run = apprenti.runs(folder)[-1]
    assert run.status == "finished"
    assert run.name in str(run)
    assert run.name in run._repr_html_()
    assert run.history.loc[1, "valid_loss"] == run.run.history[0]["valid_loss"]
    assert run.summary["model"] == "tree"
    assert set(run.predictions.columns) >= {"truth", "predicted"}
    assert run.run.choices["model"]["max_depth"] == 3
    assert len(run.plot().axes) == 2
    measures = run.evaluation.measures
    assert measures.accuracy == pytest.approx(run.summary["valid_accuracy"], abs=1e-6)


def test_runs_are_found_by_place_by_slice_and_by_name(folder):
    made = apprenti.runs(folder)
    assert len(made) == 2
    assert made["-001-"] == made["1"] == made[0] != made[1]
    assert made["last"] == made[1]
    best = made.frame["valid_accuracy"].idxmax()
    assert made["best"].name == verbs._find(folder, "best").name == best
    assert list(made[1:]) == [made[-1]]
    assert list(made.frame.index) == [run.name for run in made]
    with pytest.raises(KeyError):
        made["tree"]
    with pytest.raises(IndexError):
        made[2]


def test_settings_have_short_names_or_full_ones(folder, monkeypatch):
    seen, run = [], apprenti.runs(folder)[0]

    def train_one(project, audience, overridden, time_limit, preloaded):
        seen.append((project.choices, set(overridden), time_limit))
        return run.run

    monkeypatch.setattr(several, "train_one", train_one)
    assert apprenti.train(folder, kind="cnn", filters=[4], **{"data.split.seed": 3}) == run
    ((choices, overridden, limit),) = seen
    assert (choices.model.kind, choices.model.filters) == ("cnn", (4,))
    assert (choices.data.split.seed, choices.train.seed) == (3, 0)
    assert overridden == {"model.kind", "model.filters", "data.split.seed"}
    assert limit is None


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"epoch": 3}, "unknown_setting"),
        ({"epochs": 0}, "wrong_value"),
        ({"framework": "sklearn", "kind": "trivial", "epochs": 3}, "no_effect"),
        ({"resume": "last", "epochs": 3}, "settings_fixed"),
        ({"resume": "last"}, "run_finished"),
        ({"script": "nowhere.py"}, "unreadable_file"),
    ],
)
def test_what_cannot_be_trained_is_an_error_with_its_words(folder, settings, key):
    before = len(apprenti.runs(folder))
    with pytest.raises(ApprentiError) as caught:
        apprenti.train(folder, **settings)
    assert caught.value.key == key
    assert all(caught.value.parts()[::2])
    assert len(apprenti.runs(folder)) == before


def test_an_own_script_is_trained_and_heard(folder, silent, tmp_path):
    from apprenti.train.audience import Nobody

    class Hears(Nobody):
        def __init__(self):
            self.heard = silent()

        def watch(self, watched):
            self.heard.lines.append(watched.model)
            return self.heard

    script = tmp_path / "mine.py"
    history = "epoch,valid_loss\\n1,0.5\\n"
    script.write_text(f"open('history.csv', 'w').write('{history}')\nprint('hello')\n")
    hears = Hears()
    run = apprenti.train(folder, script=str(script), audience=hears)
    assert hears.heard.lines == ["mine.py", "hello"]
    assert run.history.loc[1, "valid_loss"] == 0.5
    run.run.folder.rename(folder / "elsewhere-too")


# Data, comparison, the rest


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_description_says_and_draws_what_was_found(folder):
    described = apprenti.data(folder)
    assert described.facts["task"] == "classification"
    assert len(described.frame) == len(described.findings)
    assert {path.name for path in described.files} == {"data.json", "data.png"}
    assert described.plot().axes[0].images


def test_settings_are_changed_for_good_and_put_back(folder):
    assert apprenti.set(folder, epochs=3, kind="forest")[0].after == 3
    assert apprenti.load(folder).choices.train.framework == "sklearn"
    assert len(apprenti.set(folder, undo=True)) >= 2
    with pytest.raises(ApprentiError):
        apprenti.set(folder, undo=True, epochs=3)


def test_a_word_is_explained():
    assert "train.epochs" in {one.told.code for one in apprenti.explain("epochs")}


def test_what_makes_a_training_worth_nothing_is_a_warning(tmp_path):
    rows = "".join(f"{place % 7},{place % 2},{'ab'[place % 2]}\n" for place in range(200))
    (tmp_path / "t.csv").write_text("size,again,kind\n" + rows)
    with pytest.warns(UserWarning, match="D020: .*apprenti data --ignore again"):
        apprenti.new(tmp_path / "p", tmp_path / "t.csv", target="kind")
    with pytest.warns(UserWarning, match="D020: .*apprenti data --ignore again"):
        apprenti.train(tmp_path / "p", **TREE)
    apprenti.data(tmp_path / "p", picture=False, ignore=["again"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        apprenti.train(tmp_path / "p", **TREE)


def test_a_comparison_holds_the_models_against_the_simple_ones(folder):
    comparison = apprenti.compare(folder, **TREE)
    assert list(comparison.frame["model"]) == ["trivial", "linear", "tree"]
    # The tree was there already
    assert comparison.runs[-1] == apprenti.runs(folder)[1]
    assert list(comparison.gains["outcome"])
    assert comparison.agreement is None
    assert comparison.plot().axes


def test_the_script_of_a_run_leaves(folder, tmp_path):
    run = apprenti.runs(folder)[0]
    ejected = apprenti.eject(run, str(tmp_path / "out"))
    assert ejected.files[0].read_bytes() == run.run.script.read_bytes()


def test_a_report_says_what_it_wrote_and_what_is_missing(folder, tmp_path):
    made = apprenti.report(folder, out=tmp_path / "r.html", run="1", card=True)
    assert set(made.files) == {"page", "card"}
    assert made.files["page"].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "reproduction" in made.missing
    assert list(made.frame["what"]) == ["page", "card"]


def test_a_run_that_is_given_itself_is_of_its_own_project(
    folder, make_project, tmp_path, monkeypatch
):
    run = apprenti.train(folder, **TREE)
    elsewhere = make_project("iris", folder=tmp_path)
    monkeypatch.chdir(elsewhere.folder)
    assert apprenti.reproduce(run).outcome == "identical"
    assert apprenti.report(run=run).files["page"] == folder / "report.html"
    asked = {}

    def heard(project, of, wishes):
        asked.update(project=project.folder, run=of.name)
        raise ApprentiError("nothing_varies", model="tree")

    monkeypatch.setattr("apprenti.improve.improve", heard)
    with pytest.raises(ApprentiError):
        apprenti.improve(run)
    assert asked == {"project": folder, "run": run.run.name}
    assert not (elsewhere.folder / "report.html").exists()


def test_the_doctor_says_whether_all_is_well():
    found = apprenti.doctor(quick=True)
    assert isinstance(found, results.Checkup)
    assert found.ok == found.facts["ok"]
    assert "python" in found.frame.index
    assert "python" in str(found)


def test_a_new_project_says_what_to_do_next(tmp_path, table_csv):
    made = apprenti.new(tmp_path / "mine", table_csv, target="réponse")
    assert made.source.classes == 3
    assert "apprenti train" in str(made)


# New rows


def test_a_table_is_answered_by_a_table_with_its_index(folder, table_csv):
    rows = pd.read_csv(table_csv).drop(columns="réponse").tail(4)
    found = apprenti.predict("-002-", rows, project=folder)
    assert list(found.index) == list(rows.index)
    assert found.attrs["score"] is None
    every = apprenti.predict(apprenti.runs(folder)[1], table_csv, out=folder / "p.parquet")
    assert list(found["réponse"]) == list(every["réponse"].tail(4))
    assert found.filter(like="probability_").sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-5)
    assert every.attrs["known"]["train"] == 210
    assert every.attrs["score"]["parts"]["new"]["rows"] == 45
    written = pd.read_parquet(folder / "p.parquet")
    assert list(written["réponse_predicted"]) == list(every["réponse"])


def test_rows_as_dictionaries_are_a_table(folder, table_csv):
    run = apprenti.runs(folder)[1]
    rows = pd.read_csv(table_csv).head(3).drop(columns="réponse")
    of_table = apprenti.predict(run, rows)
    assert apprenti.predict(run, rows.to_dict("records")).equals(of_table)
    assert apprenti.predict(run, rows.iloc[0].to_dict()).equals(of_table[:1])


def test_what_the_model_cannot_know_is_a_warning(folder, table_csv):
    rows = pd.read_csv(table_csv).head(2)
    rows['ville, "x" 🎈'] = "Atlantis"
    with pytest.warns(UserWarning, match="Atlantis"):
        apprenti.predict("-002-", rows, project=folder)


def test_numbers_are_answered_with_numbers(make_project, french_csv):
    project = make_project(french_csv, target="prix", **TREE)
    run = apprenti.train(project.folder)
    with pytest.warns(UserWarning, match="poids"):
        found = apprenti.predict(run, french_csv)
    assert found["prix"].dtype == float
    assert len(found) == 300


def test_an_array_is_answered_by_an_array_of_classes(make_project):
    from sklearn.datasets import load_digits

    digits = load_digits()
    run = apprenti.train(make_project("digits", **{**TREE, "max_depth": 10}).folder)
    answers = apprenti.predict(run, digits.images[:50])
    assert isinstance(answers, np.ndarray)
    assert (answers == digits.target[:50]).mean() > 0.8
    with pytest.raises(ApprentiError) as caught:
        apprenti.predict(run, np.zeros((2, 5, 5)))
    assert caught.value.key == "new_rows_shape"


def test_texts_are_answered_one_by_one(make_project, texts_csv):
    project = make_project(texts_csv, target="opinion", framework="sklearn", kind="linear")
    run = apprenti.train(project.folder)
    found = apprenti.predict(run, ["le service superbe", "la chambre très sale"])
    assert list(found["opinion"]) == ["positif", "négatif"]
    assert len(apprenti.predict(run, "délicieux, wonderful")) == 1


# The pages


def examples(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_the_examples_of_the_page_work_as_they_stand(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile("\n".join(examples("python.md")), "python.md", "exec"), {})
    said = capsys.readouterr().out
    assert "finished" in said
    assert "epoch" in said
    assert (tmp_path / "curves.png").exists()


class OtherWords(ast.NodeTransformer):
    """Gives a script the words of another language: names that it chooses itself, and texts."""

    def __init__(self, words):
        self.words = words

    def visit_Name(self, node):
        return ast.Name(self.words.get(node.id, node.id), node.ctx)

    def visit_ExceptHandler(self, node):
        node.name = self.words.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_Constant(self, node):
        return ast.Constant(self.words.get(node.value, node.value))


ENGLISH = {
    "fleurs": "flowers",
    "courbes.png": "curves.png",
    "lignes": "rows",
    "celle-ci": "this one",
    "celle-là": "that one",
    "toutes": "every",
    "profondeur": "depth",
    "faits": "made",
    "comparaison": "comparison",
    "erreur": "error",
}


def test_the_examples_of_the_french_page_are_the_same_but_for_their_words():
    french = [OtherWords(ENGLISH).visit(ast.parse(text)) for text in examples("fr/python.md")]
    english = [ast.parse(text) for text in examples("python.md")]
    assert len(english) == 7
    assert [ast.dump(tree) for tree in french] == [ast.dump(tree) for tree in english]


# A notebook


@pytest.fixture(scope="module")
def notebook():
    """notebook(value): what a notebook would show of a value, by its kind."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    return lambda value: shell.display_formatter.format(value)[0]


def test_a_result_shows_its_table_and_its_picture_and_a_plot_is_a_picture(folder, notebook):
    run = apprenti.runs(folder)[0]
    shown = notebook(run)
    assert "<table" in shown["text/html"]
    assert "data:image/png;base64," in shown["text/html"]
    # Matplotlib's own figures are words there, unless pyplot was imported
    assert notebook(run.plot())["image/png"].startswith(b"\x89PNG")


@pytest.mark.slow
def test_start_is_a_verb_whose_result_shows_what_was_learned(tmp_path, notebook):
    words = {"framework": "pytorch", "epochs": 2}
    first = apprenti.start(tmp_path / "first", "digits", **words)
    assert [run.run.model for run in first.runs] == ["trivial", "linear", "mlp"]
    assert len(first.learned.examples) == 10
    assert first.confusions["rows"].sum() == first.learned.wrong
    # Curves, and twice ten images
    assert len(first.plot().axes) == 2 + 10 + 10
    assert "data:image/png;base64," in notebook(first)["text/html"]
    again = apprenti.start(tmp_path / "first", **words)
    assert [run.name for run in again.runs] == [run.name for run in first.runs]
    with pytest.raises(ApprentiError, match="tensorflow"):
        apprenti.start(tmp_path / "first", framework="tensorflwo")


def test_a_diagnosis_is_a_table_of_findings_with_the_marked_curves(make_project):
    project = make_project("digits", framework="pytorch", kind="mlp", epochs=6, hidden_units=[32])
    apprenti.train(str(project.folder))
    found = apprenti.diagnose("last", project=str(project.folder))
    assert [*found.frame.columns] == ["code", "severity", "what", "todo"]
    assert "R07" in [*found.frame["code"]] and found.facts["healthy"] is found.is_healthy
    assert found.plot().axes
