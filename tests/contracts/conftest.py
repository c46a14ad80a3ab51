"""Every combination of framework, model and kind of data, trained twice: recorded, and alone."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from apprenti.model.catalogue import RECIPES
from apprenti.runs import Run
from apprenti.train import one_run
from apprenti.train.plan import plan

FLAT = ("digits", "idx", "arrays-images", "arrays-columns")
TABLES = ("table", "table-regression")
FEW = ("texts", "image-folder", "image-table")
OF_TEXTS, OF_IMAGES = ("gru", "conv1d"), ("cnn", "resnet")
SIMPLE = ("trivial", "linear", "mlp")
STREAMED = {"table-streamed": ("mlp",), "image-folder-streamed": ("cnn",)}
"""What networks read from the disk batch by batch, and the models that do."""
DATA = (*FLAT, *TABLES, "texts", "image-folder", "image-table", *STREAMED)

IN_ONE_CALL = ("tree", "forest", "boosting", "svm", "knn")
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
    or ((framework, model, data) in OF_AN_ALBUM)
    or (model in IN_ONE_CALL and data in ("digits", "arrays-columns", *TABLES))
]

OF_THE_TABLES = {
    "table": {"target": "réponse"},
    "texts": {"target": "opinion"},
    "table-streamed": {"target": "réponse", "streamed": True},
    "image-folder-streamed": {"streamed": True},
    "image-table": {"target": "season"},
    "table-regression": {"target": "prix", "group": "patient", "categorical": ["code"]},
}

TINY = {
    "epochs": 8,
    "hidden_units": [16],
    "learning_rate": 0.01,
    # scikit-learn's network knows no other, and is compared with the two that do
    "schedule": "constant",
    "iterations": 20,
    "n_estimators": 10,
    "filters": [4, 8],
    "data.split.train": 250,
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
COMMON = ("numpy", "pandas", "sklearn.datasets", "sklearn.pipeline", "skops.io", "PIL.Image")
IMPORTED = {
    "pytorch": (*COMMON, "torch", "torch._dynamo"),
    "tensorflow": (*COMMON, "tensorflow", "keras"),
    "sklearn": (*COMMON, "sklearn.ensemble", "sklearn.neural_network"),
}
"""What takes long to import, for the scripts that run in copies of one process."""


class Twice(NamedTuple):
    """The same script, run by Apprenti in a run folder and by Python alone in a folder."""

    recorded: Run
    alone: Path


@pytest.fixture(params=COMBINATIONS, ids="-".join)
def combination(request):
    return request.param


@pytest.fixture(scope="session")
def combinations():
    return COMBINATIONS


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
    )
    return dict(zip(DATA, found, strict=True))


@pytest.fixture(scope="session")
def tiny_project(make_project, sources):
    def make(framework, model, data, **settings):
        given = {"framework": framework, "kind": model, **TINY}
        given |= {**OF_THE_TABLES.get(data, {}), **settings}
        chosen = {name: value for name, value in given.items() if value is not None}
        return make_project(sources.get(data, data), **chosen)

    return make


@pytest.fixture(scope="session")
def twice(tiny_project, silent, run_alone, tmp_path_factory):
    """twice(framework, model, data): both runs, made at the first call; at the same time, unless
    several tests run at the same time."""
    made = {}
    at_once = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2

    def run(*combination):
        if combination not in made:
            project = tiny_project(*combination)
            # Planned once, and here: Python 3.11 cannot parse in two threads at a time (gh-106905)
            planned, folder = plan(project), tmp_path_factory.mktemp("alone")
            lay_out(planned, folder)
            with ThreadPoolExecutor(at_once) as pool:
                recorded = pool.submit(one_run.train, planned, project.runs_folder, silent())
                alone = pool.submit(run_alone, folder, *combination)
                made[combination] = Twice(recorded.result(), alone.result())
        return made[combination]

    return run


def lay_out(planned, folder):
    """Put a script and its data into an empty folder."""
    (folder / "train.py").write_text(planned.script.text, encoding="utf-8")
    if planned.source.folder:
        data = planned.source.folder / planned.source.name
        # The images that a table names lie beside it
        for path in data.parent.iterdir() if planned.material.images else [data]:
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            copy(path, folder / path.name)


@pytest.fixture(scope="session")
def run_alone():
    """Run the script in a folder without Apprenti, and return the folder.

    On Linux most of them are copies of one process for each framework; some are processes of their
    own, as all are elsewhere.
    """
    hidden = ("APPRENTI", "PYTHON")
    variables = {n: v for n, v in os.environ.items() if not n.startswith(hidden)}
    servers = {}

    def in_a_process(folder):
        done = subprocess.run(
            WITHOUT_APPRENTI, cwd=folder, env=variables, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr

    def in_a_copy(folder, framework):
        if framework not in servers:
            quiet = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
            servers[framework] = subprocess.Popen(
                [*WITHOUT_APPRENTI, *IMPORTED[framework]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**variables, **quiet},
                encoding="utf-8",
            )
        server = servers[framework]
        print(folder, file=server.stdin, flush=True)
        wrong = ast.literal_eval(server.stdout.readline())
        assert not wrong, wrong

    def run(folder, framework, model, data):
        if sys.platform == "linux" and (model, data) != ("mlp", "digits"):
            in_a_copy(folder, framework)
        else:
            in_a_process(folder)
        return folder

    yield run
    for server in servers.values():
        server.stdin.close()
        server.stdout.close()
        server.wait()


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
