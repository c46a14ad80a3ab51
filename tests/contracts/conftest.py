"""Every combination of framework, model and kind of data, trained twice: recorded, and alone."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

import budget
import fork_server
from apprenti import language
from apprenti.model.catalogue import NETWORKS, RECIPES
from apprenti.predict import new_rows
from apprenti.runs import Run
from apprenti.train import one_run
from apprenti.train.plan import plan

FLAT = ("digits", "idx", "arrays-images", "arrays-columns")
TABLES = ("table", "table-regression")
FEW = ("texts", "image-folder", "image-table")
BESIDE = {"table-beside": (("pytorch", "mlp"), ("tensorflow", "mlp"), ("sklearn", "linear"))}
"""A table with texts beside its other columns, and what learns from it."""
OF_TEXTS, OF_IMAGES = ("gru", "conv1d"), ("cnn", "resnet")
SIMPLE = ("trivial", "linear", "mlp")
STREAMED = {"table-streamed": ("mlp",), "image-folder-streamed": ("cnn",)}
"""What networks read from the disk batch by batch, and the models that do."""
DATA = (*FLAT, *TABLES, "texts", "image-folder", "image-table", *STREAMED, *BESIDE)

IN_ONE_CALL = (
    "tree",
    "forest",
    "extra_trees",
    "boosting",
    "stochastic_boosting",
    "svm",
    "knn",
)
"""Models of scikit-learn that read nothing by themselves: one kind of image is enough for them."""

OF_AN_ALBUM = (
    ("pytorch", "cnn", "image-table"),
    ("tensorflow", "cnn", "image-table"),
    ("sklearn", "linear", "image-table"),
)
"""A table of images is read by blocks of its own; what follows is as for a folder of them."""

COMBINATIONS = [
    (framework, model, data)
    for framework, model in RECIPES
    for data in DATA
    if (model in STREAMED.get(data, ()) and framework != "sklearn")
    or (model in SIMPLE and data in (*FLAT, *TABLES))
    or (model in SIMPLE and data in FEW[:2] and framework != "tensorflow")
    or (model in OF_IMAGES and data in ("digits", "image-folder"))
    or (model in OF_TEXTS and data == "texts")
    or ((framework, model) in BESIDE.get(data, ()))
    or ((framework, model, data) in OF_AN_ALBUM)
    or (model in IN_ONE_CALL and data in ("digits", "arrays-columns", *TABLES))
]


def cover(combinations, *sides):
    """Return few of the combinations in which all that occurs together on one of the sides does.

    A side says which two of framework (0), model (1) and data (2) it looks at. Each time the one
    that shows most that is new is taken; of equals, the one of the framework that was taken least,
    then the first.
    """
    chosen, wanted = [], {part for one in combinations for part in _seen_in(one, sides)}
    while wanted:
        taken = [framework for framework, *_ in chosen]
        best = max(
            combinations, key=lambda c: (len(wanted & _seen_in(c, sides)), -taken.count(c[0]))
        )
        chosen.append(best)
        wanted -= _seen_in(best, sides)
    return chosen


def _seen_in(combination, sides):
    return {(one, other, combination[one], combination[other]) for one, other in sides}


IN_A_FAST_RUN = [
    *cover([c for c in COMBINATIONS if c[1] not in IN_ONE_CALL], (0, 1), (1, 2)),
    *cover([c for c in COMBINATIONS if c[1] in IN_ONE_CALL], (1, 1), (2, 2)),
]
"""Every framework with every model, every model with every kind of data; but of those that learn in
one call each with one kind, which is prepared in the same way for all of them."""
PROCESSES = cover(COMBINATIONS, (0, 1), (0, 2))
"""Recorded in a process of their own, in a full run; the others are copies of one."""
ALWAYS_PROCESSES = [c for c in COMBINATIONS if c[1:] == ("mlp", "digits")]
"""Recorded and alone in a process of their own, in a full run; in a fast one the first of them."""

OF_THE_TABLES = {
    "table": {"target": "réponse"},
    "table-beside": {"target": "réponse"},
    "texts": {"target": "opinion"},
    "table-streamed": {"target": "réponse", "streamed": True},
    "image-folder-streamed": {"streamed": True},
    "image-table": {"target": "season"},
    "table-regression": {"target": "prix", "group": "patient", "categorical": ["code"]},
}

CASES = Path(__file__).resolve().parents[1] / "cases"
FILES = {
    "workbook": (CASES / "ventes.xlsx", {"target": "retour"}),
    "json": (CASES / "tailles.json", {"target": "ville"}),
    "feather": (CASES / "tailles.feather", {"target": "ville"}),
}
"""Other files that a table may come in, each with its settings: of no combination."""

TINY = {
    "epochs": 8,
    "hidden_units": [16],
    "learning_rate": 0.01,
    # scikit-learn's network knows no other, and is compared with the two that do
    "schedule": "constant",
    "iterations": 20,
    "n_estimators": 10,
    "filters": [4, 8],
    "data.split.train": 250,  # Of the digits: the others have fewer rows
    "data.split.valid": 0.2,
    "data.split.test": 0.1,
}


def pytest_addoption(parser):
    text = "write docs/commands.md, docs/settings.md and their French twins anew"
    parser.addoption("--rewrite-docs", action="store_true", help=text)


WITHOUT_APPRENTI = (
    sys.executable,
    "-I",
    "-X",
    "utf8",
    Path(__file__).with_name("without_apprenti.py"),
)


class Twice(NamedTuple):
    """The same script, run by Apprenti in a run folder and by Python alone in a folder."""

    recorded: Run
    alone: Path


@pytest.fixture(
    params=[
        pytest.param(one, id="-".join(one), marks=[] if one in IN_A_FAST_RUN else pytest.mark.slow)
        for one in COMBINATIONS
    ]
)
def combination(request):
    return request.param


@pytest.fixture(scope="session")
def every_combination():
    return COMBINATIONS


@pytest.fixture(scope="session")
def combinations(request):
    """Those of this run."""
    return COMBINATIONS if request.config.getoption("full") else IN_A_FAST_RUN


@pytest.fixture(scope="session")
def covering():
    """The function that chooses combinations, what it chose for a fast run, models of one call."""
    return cover, IN_A_FAST_RUN, IN_ONE_CALL


@pytest.fixture(scope="session")
def sources(
    idx_folder,
    images_npz,
    columns_npz,
    table_csv,
    french_csv,
    texts_csv,
    photos,
    album,
    table_parquet,
    reviews_csv,
):
    found = (
        "digits",
        idx_folder,
        images_npz,
        columns_npz,
        table_csv,
        french_csv,
        texts_csv,
        photos,
        album,
        table_parquet,
        photos,
        reviews_csv,
    )
    return dict(zip(DATA, found, strict=True))


@pytest.fixture(scope="session")
def tiny_project(make_project, sources):
    def make(framework, model, data, **settings):
        given = {"framework": framework, "kind": model, **TINY}
        path, of_the_file = FILES.get(data, (sources.get(data, data), {}))
        if data != "digits":
            given["data.split.train"] = None
        given |= {**OF_THE_TABLES.get(data, {}), **of_the_file, **settings}
        chosen = {name: value for name, value in given.items() if value is not None}
        return make_project(path, **chosen)

    return make


@pytest.fixture(scope="session")
def scripts(tiny_project, shared_folder, combinations):
    """Every script of the combinations of this run in both languages, made once for all workers.

    By name: "pytorch-mlp-idx-train-fr", and the same for predict, evaluate, essential, agreement.
    """
    known = shared_folder / "scripts.json"
    with FileLock(f"{known}.lock"):
        if not known.exists():
            made = {}
            for combination in combinations:
                project = tiny_project(*combination)
                for lang in language.LANGUAGES:
                    language.choose(lang)
                    for name, text in _scripts_of(project, combination):
                        made[f"{'-'.join(combination)}-{name}-{lang}"] = text
            language.choose(None)
            known.write_text(json.dumps(made), encoding="utf-8")
    return json.loads(known.read_text(encoding="utf-8"))


def _scripts_of(project, combination):
    for file, text in plan(project).files.items():
        yield file.removesuffix(".py"), text
    framework, _, data = combination
    if framework in NETWORKS and data in FLAT:
        yield "agreement", plan(project, agreement=True).script.text


@pytest.fixture(scope="session")
def twice(tiny_project, silent, run_alone, shared_folder, request):
    """twice(framework, model, data): both runs, made at the first call, for all workers.

    They are read only: a test that lets a model predict takes `run_of`, a copy of the run.
    """
    processes = PROCESSES if request.config.getoption("full") else ALWAYS_PROCESSES[:1]

    def make(combination, folder):
        project = tiny_project(*combination, folder=folder / "project")
        planned, alone = plan(project), folder / "alone"
        alone.mkdir()
        lay_out(planned, alone)
        start = fork_server.processes if combination in processes else fork_server.copies
        with start():
            recorded = one_run.train(planned, project.runs_folder, silent())
        run_alone(alone, *combination)
        return Twice(recorded, alone)

    def run(*combination):
        folder = shared_folder / "-".join(combination)
        known = folder / "run.json"
        with budget.METER.on("tests/contracts/conftest.py"), FileLock(f"{folder}.lock"):
            if not known.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                made = make(combination, folder)
                known.write_text(json.dumps(str(made.recorded.folder)), encoding="utf-8")
        return Twice(Run(Path(json.loads(known.read_text(encoding="utf-8")))), folder / "alone")

    return run


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder for what all workers use."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def run_of(twice, tmp_path_factory):
    """run_of(framework, model, data): a recorded run in a folder of this worker's own."""
    copied = {}

    def run(*combination):
        if combination not in copied:
            recorded = twice(*combination).recorded
            copy = tmp_path_factory.mktemp("run") / recorded.folder.name
            copied[combination] = Run(shutil.copytree(recorded.folder, copy))
        return copied[combination]

    return run


@pytest.fixture(scope="session")
def predicted(silent):
    """predicted(run, given): the predictions of a model for new rows, by a script in a copy."""

    def predict(run, given):
        return new_rows.predict(run, [str(given)], silent())

    return predict


def lay_out(planned, folder):
    """Put a script and its data into an empty folder."""
    (folder / "train.py").write_text(planned.script.text, encoding="utf-8")
    if planned.source.folder:
        data = planned.source.folder / planned.source.name
        # The images that a table names lie beside it
        for path in data.parent.iterdir() if planned.material.images else [data]:
            if path.name.startswith("."):
                continue
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            copy(path, folder / path.name)


@pytest.fixture(scope="session")
def run_alone(request):
    """Run the script in a folder without Apprenti, and return the folder.

    On Linux most of them are copies of one process for each framework; some are processes of their
    own, as all are elsewhere.
    """
    hidden = ("APPRENTI", "PYTHON")
    variables = {n: v for n, v in os.environ.items() if not n.startswith(hidden)}
    without_apprenti = Path(__file__).with_name("without_apprenti.py")
    flags = [sys.executable, "-I", "-X", "utf8"]
    processes = ALWAYS_PROCESSES if request.config.getoption("full") else ALWAYS_PROCESSES[:1]

    def run(folder, framework, model, data):
        if fork_server.POSSIBLE and (framework, model, data) not in processes:
            done = fork_server.run([*flags, "train.py"], cwd=folder, env=variables)
        else:
            command = [*flags, str(without_apprenti)]
            done = subprocess.run(
                command, cwd=folder, env=variables, capture_output=True, encoding="utf-8"
            )
        assert done.returncode == 0, done.stderr
        return folder

    return run


@pytest.fixture(scope="session")
def learn(run_alone, tmp_path_factory):
    """Run the script of a project alone, and return the folder in which it did."""

    def run(project):
        folder, chosen = tmp_path_factory.mktemp("alone"), project.choices
        lay_out(plan(project), folder)
        return run_alone(folder, chosen.train.framework, chosen.model.kind, chosen.data.source)

    return run


@pytest.fixture(scope="session")
def results():
    """results(folder): what a run computed, byte for byte but for the seconds in its history."""

    def read(folder):
        lines = (folder / "history.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0].endswith(",seconds")
        return {
            "history": [line.rpartition(",")[0] for line in lines],
            "predictions": (folder / "predictions.csv").read_bytes(),
            "description": (folder / "model" / "model.json").read_bytes(),
            "weights": weights(Run(folder).weights),
            "best": [weights(path) for path in (folder / "model").glob("best.*")],
            "status": (folder / "status.json").read_bytes(),
        }

    return read


def weights(path):
    """Return a file of weights as bytes; for skops, whose zip has dates and ids, its arrays."""
    if path.suffix != ".skops":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        arrays = [archive.read(name) for name in archive.namelist() if name.endswith(".npy")]
    assert arrays
    return arrays
