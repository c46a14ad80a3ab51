"""A notebook to play with: it runs from top to bottom, shows what it does and leaves a model."""

import ast
import json

import nbformat
import pandas as pd
import pytest

from apprenti import language
from apprenti.export.eject import eject
from apprenti.export.notebook import sections, to_play_with, whole
from apprenti.model.catalogue import BACKENDS
from apprenti.train import one_run
from apprenti.train.plan import plan

QUICK = [("pytorch", "digits"), ("tensorflow", "table"), ("sklearn", "folder")]
"""Each framework, and each kind of data, once."""

CASES = [
    pytest.param(framework, data, marks=() if (framework, data) in QUICK else pytest.mark.slow)
    for framework in ("pytorch", "tensorflow", "sklearn")
    for data in ("digits", "table", "folder")
]

SMALL = {"epochs": 2, "hidden_units": [8], "data.split.valid": 0.3, "data.split.test": 0.1}


@pytest.fixture(scope="module")
def begun(make_project):
    """begun(source, **settings): a run folder with its scripts, none of which has run."""

    def begin(source="digits", **settings):
        made = make_project(source, **{**SMALL, **settings})
        planned = plan(made)
        begun = one_run.begin(planned, one_run.create(planned, made.runs_folder))
        begun.lock.release()
        return begun.run

    return begin


@pytest.fixture(scope="module")
def run(begun):
    return begun()


@pytest.fixture
def execute(tmp_path, monkeypatch):
    """Execute the notebook of a run, and a last cell that prints what it is told to."""
    from nbclient import NotebookClient

    def execute(run, told):
        # Where a process in which Matplotlib was imported says where to draw, notebooks draw inside
        monkeypatch.delenv("MPLBACKEND", raising=False)
        program = eject(run, tmp_path / "mine", notebook=True).files[0]
        notebook = nbformat.read(program, as_version=4)
        last = nbformat.v4.new_code_cell(f"import json\nprint(json.dumps({told}))")
        last["id"] = "last"
        notebook.cells.append(last)
        resources = {"metadata": {"path": program.parent}}
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
        return notebook.cells

    return execute


def outputs(cells, kind):
    found = [o for cell in cells for o in cell.get("outputs", [])]
    return [o.data[kind] for o in found if kind in o.get("data", {})]


def printed(cells):
    """What each cell that prints printed, in whatever pieces the kernel sent it."""
    pieces = [
        [
            o.text
            for o in cell.get("outputs", [])
            if o.output_type == "stream" and o.name == "stdout"
        ]
        for cell in cells
    ]
    return ["".join(texts) for texts in pieces if texts]


@pytest.mark.few(1)
@pytest.mark.parametrize(("framework", "data"), CASES)
def test_a_notebook_runs_shows_and_leaves_the_model(
    framework, data, begun, execute, table_csv, photos, monkeypatch
):
    sources = {"digits": ("digits", {}), "table": (table_csv, {"target": "réponse"})}
    source, settings = (sources | {"folder": (photos, {})})[data]
    if source != "digits":
        monkeypatch.setenv("APPRENTI_DATA", str(source.parent))
    run = begun(source, framework=framework, **settings)
    told = "[predict(model, valid_inputs).shape, len(valid_targets), len(history), len(classes)]"
    cells = execute(run, told)
    *_, last = printed(cells)
    (rows, columns), valid, epochs, classes = json.loads(last)
    assert rows == valid > 9
    assert columns == classes > 1
    assert epochs == 2
    # Samples, curve and predictions; a table shows its samples as one
    assert len(outputs(cells, "image/png")) == (1 if data == "table" else 3)
    assert len(outputs(cells, "text/html")) == (1 if data == "table" else 0)
    # Nothing else is shown: no seed that was set, no limit of threads
    texts = outputs(cells, "text/plain")
    assert len([text for text in texts if not text.startswith("<Figure")]) == (data == "table")


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_a_notebook_shows_how_its_images_are_changed(framework, begun, execute):
    changes = {"shift": 0.2, "rotation": 20.0, "noise": 0.1, "mixup": 0.2}
    cells = execute(begun(framework=framework, **changes), "len(changed)")
    assert printed(cells)[-1].strip() == "6"
    # Samples, curve, changed samples, predictions
    assert len(outputs(cells, "image/png")) == 4


@pytest.mark.slow
def test_estimates_and_a_model_trained_in_one_call_are_shown_too(
    begun, execute, french_csv, monkeypatch
):
    monkeypatch.setenv("APPRENTI_DATA", str(french_csv.parent))
    run = begun(french_csv, framework="sklearn", kind="linear", target="prix")
    cells = execute(run, "[len(history), len(picked)]")
    *_, predictions, last = printed(cells)
    assert json.loads(last) == [1, 10]
    head, *lines = predictions.splitlines()
    assert head.split() == ["prediction", "truth"]
    prices = pd.read_csv(french_csv, sep=";", decimal=",", encoding="cp1252")["prix"]
    known = {f"{price:.5g}" for price in prices}
    for predicted, truth in map(str.split, lines):
        # What the model learned are numbers about 0; prices lie about 20
        assert truth in known
        assert abs(float(predicted) - float(truth)) < 6
    assert len(outputs(cells, "image/png")) == 1


@pytest.mark.slow
def test_a_notebook_prints_the_losses_of_the_run(make_project, train, execute):
    run = train(make_project("digits", **SMALL))
    cells = execute(run, "history")
    *_, last = printed(cells)
    recorded = [
        {k: v for k, v in row.items() if k not in ("epoch", "seconds")} for row in run.history
    ]
    assert json.loads(last) == recorded


def test_the_notebook_of_a_run_without_a_short_form_is_its_script_in_cells(begun, tmp_path):
    """And one cell more: there is no file with what its cells do."""
    run = begun(kind="resnet", filters=[2])
    program, needs = eject(run, tmp_path, notebook=True).files
    assert program.name == "train.ipynb"
    script = run.script.read_text(encoding="utf-8")
    made, cells = whole(script), sections(script).cells
    assert program.read_text(encoding="utf-8") == made.text
    assert [cell for cell in made.cells if cell not in cells] == [made.cells[1]]
    assert made.cells[1].code == "__file__ = os.devnull"
    assert "matplotlib" not in needs.read_text(encoding="utf-8")


def test_a_notebook_of_sections_has_one_code_cell_for_each(run):
    script = run.script.read_text(encoding="utf-8")
    notebook = nbformat.reads(sections(script).text, as_version=4)
    nbformat.validate(notebook)
    titles = [line[5:] for line in script.splitlines() if line.startswith("# %% ")]
    headings = [c.source[3:] for c in notebook.cells if c.source.startswith("## ")]
    assert headings == titles
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    # The imports come before the first section
    assert len(code) == len(titles) + 1
    assert ast.dump(ast.parse("\n".join(code))) == ast.dump(
        ast.Module(ast.parse(script).body[1:], type_ignores=[])
    )


def test_the_same_run_gives_the_same_notebook(run, tmp_path):
    first, second = (eject(run, tmp_path / name, notebook=True).files[0] for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_a_notebook_begins_with_what_it_is_and_what_it_leaves(run, tmp_path):
    program = eject(run, tmp_path, notebook=True).files[0]
    opening = nbformat.read(program, as_version=4).cells[0].source
    assert opening.startswith(
        "# Train a model on digits with PyTorch, in short: multilayer perceptron"
    )
    assert "`model`" in opening
    assert "python essential.py" not in opening


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_the_added_cells_speak_the_language_of_the_script(begun, spoken, tmp_path):
    language.choose("fr")
    run = begun()
    language.choose(spoken)
    program = eject(run, tmp_path, notebook=True).files[0]
    cells = nbformat.read(program, as_version=4).cells
    assert cells[0].source.startswith("# L'essentiel de l'entraînement")
    assert "Exécutez les cellules" in cells[0].source
    assert cells[-2].source.startswith("## Prédictions")
    assert "La classe la plus probable l'emporte" in cells[-1].source


def test_names_that_no_cell_gives_are_refused(run):
    script = run.essential.read_text(encoding="utf-8").replace("history", "story")
    with pytest.raises(ValueError, match="history"):
        to_play_with(script, [BACKENDS / "notebook" / "curve.py"], "")


def test_a_title_cannot_begin_a_section():
    title = '"""Train a model on\n# %% evil\nimport os\nwith care."""'
    script = f"{title}\n\nimport csv\n\n# %% Settings\nx = 1\n"
    cells = sections(script).cells
    assert [(cell.heading, cell.code) for cell in cells] == [
        ("", "import csv"),
        ("Settings", "x = 1"),
    ]
    assert sections(script).title.startswith("Train a model")
