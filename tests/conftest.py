"""Fixtures for all tests: projects in empty folders, small data of each kind, silent runs."""

import csv
import gzip
import os
import re
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tomlkit

import budget
import fork_server
import sizes
from apprenti import command_line, language, project
from apprenti.train import one_run
from apprenti.train.plan import plan

# The tests speak English and see no data but their own, wherever they are started
os.environ["APPRENTI_LANG"] = "en"
# Whatever starts a process here would compile all of Apprenti anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# pytest-xdist tells its workers of a terminal of 80 columns, which they do not have
os.environ.pop("COLUMNS", None)
MNIST = Path(os.environ.get("APPRENTI_DATA", "nowhere")) / "mnist"


def pytest_addoption(parser):
    text = "write the golden copies anew instead of comparing with them"
    parser.addoption("--rewrite-golden", action="store_true", help=text)
    text = "run the slow tests too (python start.py test full)"
    parser.addoption("--full", action="store_true", help=text)


def pytest_configure(config):
    config.pluginmanager.register(budget.Budget(config))
    if fork_server.POSSIBLE and config.getoption("numprocesses", None):
        fork_server.share()


def pytest_sessionfinish():
    fork_server.close_all()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share the tests out by file; what is tested in every combination, by combination.

    In the order in which they were collected, the dearest files first: what one worker begins last,
    the others would wait for.
    """
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::")[0]
            combination = re.search(r"\[((?:pytorch|tensorflow|sklearn)-\w+-.+)\]$", nodeid)
            # Elsewhere such a name would part tests from what was made for their whole file
            return combination[1] if combination and "/contracts/" in file else file

    return Scheduling(config, log)


def pytest_collection_modifyitems(config, items):
    if not config.getoption("full"):
        left = sizes.left_to_full_runs(items)
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: -budget.budget_of(item.nodeid.partition("::")[0]))
    if not MNIST.is_dir():
        reason = "needs MNIST: set APPRENTI_DATA to a folder that holds a folder named mnist"
        for item in items:
            if item.get_closest_marker("mnist"):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def language_of_the_environment():
    """Forget a language that a test has chosen, and the project that a command was about."""
    yield
    language.choose(None)
    command_line.elsewhere.set("")


class Silent:
    """Hears what a script prints and how far it is, and keeps it."""

    def __init__(self):
        self.lines, self.progress = [], []

    def line(self, text):
        self.lines.append(text)

    def progress_to(self, at):
        self.progress.append(at)

    def tick(self):
        pass


@pytest.fixture(scope="session")
def silent():
    return Silent


@pytest.fixture(scope="session")
def make_project(tmp_path_factory):
    """make_project("digits", epochs=1, framework="tensorflow"): a project in a folder of its own.

    Settings have their short names, or full ones: **{"data.split.seed": 1}; `folder` chooses where.
    """

    def make(source="digits", *, folder=None, **settings):
        folder = Path(folder or tmp_path_factory.mktemp("project"))
        folder.mkdir(parents=True, exist_ok=True)
        content = {"data": {"source": str(source)}}
        for name, value in settings.items():
            *sections, last = project.full_name(name).split(".")
            section = content
            for step in sections:
                section = section.setdefault(step, {})
            section[last] = value
        (folder / project.FILE).write_text(tomlkit.dumps(content), encoding="utf-8")
        return project.load(folder)

    return make


@pytest.fixture(scope="session")
def train():
    """Train a project as `apprenti train` does, and return its run; see fork_server."""

    def run(made):
        return one_run.train(plan(made), made.runs_folder, Silent())

    return run


@pytest.fixture(scope="session", autouse=True)
def copies():
    """Scripts that tests run are copies of one process, where they can be."""
    with fork_server.copies():
        yield


@pytest.fixture
def processes():
    """Scripts that this test runs are processes of their own: that they are is its point."""
    with fork_server.processes():
        yield


# ---- Small data. Those of a session are read only: copy them before changing anything.


def small_digits(rows=300):
    """Return a few real digits, 8 x 8 bytes each, and their labels."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return (digits.images[:rows] * 15).astype(np.uint8), digits.target[:rows].astype(np.uint8)


def small_columns(rows=300):
    """Return four columns of unlike sizes, one of them constant, and labels that are words."""
    random = np.random.default_rng(0)
    classes = random.integers(3, size=rows)
    noise = random.normal(size=(rows, 4))
    inputs = (noise + classes[:, None]) * [1, 100, 0.01, 0] + [0, 1000, 0, 7]
    return inputs, np.array(["low", "middle", "été"])[classes]


def write_idx(path, values):
    """Write bytes in the format of MNIST, packed if the name ends with .gz."""
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    with gzip.open(path, "wb") if path.suffix == ".gz" else open(path, "wb") as file:
        file.write(head + values.astype(np.uint8).tobytes())


@pytest.fixture(scope="session")
def idx_writer():
    return write_idx


@pytest.fixture(scope="session")
def idx_folder(tmp_path_factory):
    """300 digits in a folder named `small`, in the format and under the names of MNIST."""
    folder = tmp_path_factory.mktemp("idx") / "small"
    folder.mkdir()
    images, labels = small_digits()
    write_idx(folder / "train-images-idx3-ubyte.gz", images)
    write_idx(folder / "train-labels-idx1-ubyte.gz", labels)
    return folder


@pytest.fixture(scope="session")
def images_npz(tmp_path_factory):
    """300 digits as two arrays, x and y."""
    images, labels = small_digits()
    return save_arrays(tmp_path_factory.mktemp("npz") / "images.npz", images, labels)


@pytest.fixture(scope="session")
def columns_npz(tmp_path_factory):
    """300 rows of four columns as two arrays, x and y; the classes have names."""
    return save_arrays(tmp_path_factory.mktemp("npz") / "columns.npz", *small_columns())


def small_texts(rows=200):
    """Return short reviews in French and English, and what each says: "positif" or "négatif"."""
    random = np.random.default_rng(0)
    things = "le service|la chambre|l'été ici|the room|the meal|this hotel|Ma « suite »|our stay"
    good = "très agréable 😊|superbe|délicieux|wonderful|just perfect|so clean!|excellent ❤️"
    bad = 'décevant|très sale 😡|bruyant|awful|never again!|too cold|une "catastrophe"'
    joints = (", ", " ; ", "\n", " — ", ". ")
    texts, labels = [], random.integers(2, size=rows)
    for label in labels:
        # Three remarks, one of them sometimes of the other opinion
        opinions = [label, label, label if random.random() < 0.7 else 1 - label]
        remarks = [
            f"{random.choice(things.split('|'))} {random.choice((bad, good)[one].split('|'))}"
            for one in random.permutation(opinions)
        ]
        texts.append(random.choice(joints).join(remarks))
    texts[3] = texts[4] = ""
    return texts, np.array(["négatif", "positif"])[labels]


@pytest.fixture(scope="session")
def texts_csv(tmp_path_factory):
    """200 reviews in a table, columns `comment` and `opinion`: accents, quotes, lines, emoji."""
    path = tmp_path_factory.mktemp("texts") / "texts.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("comment", "opinion"), *zip(*small_texts(), strict=True)])
    return path


def small_table(rows=300):
    """Return a table with every kind of column, gaps, and names that are hard to write."""
    random = np.random.default_rng(0)
    answers = random.choice(["oui", 'non, "jamais"', "peut-être 🎈"], rows)
    height = random.normal(size=rows) + (answers == "oui")
    table = pd.DataFrame(
        {
            "taille (été)": height.round(3),
            "poids": np.where(random.random(rows) < 0.1, np.nan, random.normal(70, 9, rows)),
            'ville, "x" 🎈': random.choice(["Orléans", "Nîmes, Gard", 'a"b'], rows),
            "membre": random.random(rows) < 0.5,
            "code": random.integers(4, size=rows),
            "patient": random.integers(60, size=rows),
            "réponse": answers,
        }
    )
    table.loc[random.random(rows) < 0.1, 'ville, "x" 🎈'] = None
    return table


@pytest.fixture(scope="session")
def table_csv(tmp_path_factory):
    """A table as pandas expects one; its target is `réponse`, one of three classes."""
    path = tmp_path_factory.mktemp("table") / "petit tableau.csv"
    small_table().to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def reviews_csv(tmp_path_factory):
    """The table of `table_csv` with texts, `avis`, which say something of the answer."""
    table, random = small_table(), np.random.default_rng(2)
    said = {"oui": "bien, été parfait !", "peut-être 🎈": "moyen ; à revoir 🙂"}
    words = ["la visite", "le repas", "un hôtel", "the room", "notre séjour", "l'accueil", "calme"]
    texts = [
        " ".join([*random.permutation(words)[:5], said.get(answer, "rien de bon, bruyant")])
        for answer in table["réponse"]
    ]
    table.insert(2, "avis", np.where(random.random(len(table)) < 0.05, None, texts))
    path = tmp_path_factory.mktemp("table") / "avis.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def french_csv(tmp_path_factory):
    """A table as Excel exports it in French; its target is `prix`, a number."""
    table = small_table().drop(columns="réponse")
    random = np.random.default_rng(1)
    days = pd.Series(pd.date_range("2020-01-01", periods=len(table)))
    table["jour"] = days.dt.strftime("%d/%m/%Y")
    table["prix"] = 20 + 3 * table["taille (été)"] + random.normal(size=len(table))
    table["poids"] = (
        table["poids"].map("{:.1f}".format).str.replace(".", ",").where(table.index > 9, "?")
    )
    path = tmp_path_factory.mktemp("table") / "prix.csv"
    text = table.to_csv(index=False, sep=";", decimal=",", float_format="%.3f").replace("🎈", "œ")
    path.write_text(text, encoding="cp1252")
    return path


@pytest.fixture(scope="session")
def table_parquet(tmp_path_factory):
    """The table of `table_csv` with a column of dates, in a Parquet file of several row groups."""
    table = small_table()
    days = pd.Series(pd.date_range("2020-01-01", periods=len(table)))
    table["jour"] = days.dt.strftime("%d/%m/%Y")
    path = tmp_path_factory.mktemp("table") / "table.parquet"
    table.to_parquet(path, index=False, row_group_size=100)
    return path


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """40 small images in colour, in a folder `photos` with a folder for each of two classes."""
    from PIL import Image

    random, folder = np.random.default_rng(0), tmp_path_factory.mktemp("images") / "photos"
    for colour, name in enumerate(("été 🌞", "nuit, d'hiver")):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            points = random.integers(100, size=(*random.integers(8, 13, 2), 3), dtype=np.uint8)
            points[:, :, 2 * colour] += 120
            ending = ("png", "JPG", "bmp", "gif", "tif")[number % 5]
            Image.fromarray(points).save(folder / name / f"{number:02}.{ending}")
    return folder


@pytest.fixture(scope="session")
def album(photos, tmp_path_factory):
    """The same images, named by a table beside their folder: columns `file`, `season`, `shade`."""
    folder = tmp_path_factory.mktemp("album")
    shutil.copytree(photos, folder / "images")
    files = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*/*"))
    season = [name.split("/")[1] for name in files]
    shade = np.random.default_rng(0).normal(size=len(files)).round(3)
    table = pd.DataFrame({"file": files, "season": season, "shade": shade})
    table.sample(frac=1, random_state=0).to_csv(folder / "album.csv", index=False)
    return folder / "album.csv"


@pytest.fixture(scope="session")
def mnist_folder():
    """The folder of the real MNIST; for tests with the mark `mnist`."""
    return MNIST


def save_arrays(path, inputs, labels):
    np.savez(path, x=inputs, y=labels)
    return path
