"""Stored copies: a few whole scripts, and each block once as it stands in a script.

A change to a block is then seen in one file, or in few; `--rewrite-golden` accepts it.
"""

import ast
from pathlib import Path

import pytest

from apprenti import language
from apprenti.model import catalogue
from apprenti.runs import ESSENTIAL, SCRIPT
from apprenti.train.plan import BLOCKS, plan

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
REWRITE = "to accept: python -m pytest tests/contracts/test_golden.py --rewrite-golden"

WHOLE = [
    ("pytorch", "mlp", "digits", "en"),
    ("tensorflow", "mlp", "digits", "en"),
    ("sklearn", "linear", "digits", "en"),
    ("sklearn", "mlp", "digits", "fr"),
    ("sklearn", "boosting", "table", "en"),
    ("pytorch", "mlp", "table-regression", "fr"),
    ("tensorflow", "gru", "texts", "en"),
    ("pytorch", "cnn", "image-table", "en"),
    ("tensorflow", "mlp", "table-streamed", "en"),
]
"""The scripts that are kept whole, with the default settings."""

OF_A_TINY_PROJECT = (
    *("epochs", "hidden_units", "learning_rate", "schedule", "iterations", "n_estimators"),
    *("filters", "data.split.train", "data.split.valid", "data.split.test"),
)
DEFAULTS = dict.fromkeys(OF_A_TINY_PROJECT)
BY_TIME = {"time": "jour", "group": None}
CHANGED = {"noise": 0.1, "mixup": 0.2}
MOVED = {"shift": 0.1, "rotation": 10.0, "zoom": 0.1, "flip": True, **CHANGED}
DRAWN = {"initial_weights": "normal"}
HIDDEN = {"word_dropout": 0.1}
WATCHED = {"schedule": "one_cycle", "warm_up": 1, "early_stopping": 3, "record_updates": True}
MORE = [
    ("sklearn", "linear", "iris", {}),
    ("sklearn", "linear", "table-regression", BY_TIME),
    ("sklearn", "linear", "table-streamed", {}),
    ("sklearn", "linear", "workbook", {}),
    ("sklearn", "linear", "json", {}),
    ("sklearn", "linear", "feather", {}),
    ("sklearn", "boosting", "digits", {"early_stopping": 3}),
    *((framework, "mlp", "digits", MOVED) for framework in catalogue.NETWORKS),
    *((framework, "mlp", "digits", WATCHED) for framework in catalogue.NETWORKS),
    *((framework, "mlp", "digits", DRAWN) for framework in catalogue.NETWORKS),
    *((framework, "mlp", "table-beside", HIDDEN | CHANGED) for framework in catalogue.NETWORKS),
    *((framework, "mlp", "texts", HIDDEN | CHANGED) for framework in catalogue.NETWORKS),
    *((framework, "gru", "texts", HIDDEN) for framework in catalogue.NETWORKS),
]
"""What no combination of the contracts has: other sources, the split by time, remedies."""


IN_SECTIONS = ("train", "predict", "evaluate", "agreement")
"""The scripts in which a block stands as it is; essential.py is a text of its own."""


def scripts_of(project):
    """Yield the name of each script of a project, the blocks that it is made of, and its text."""
    planned = plan(project)
    choices, material = planned.choices, planned.material
    of = (choices.train.framework, choices.model.kind, material)
    texts = dict(planned.files)
    if of[0] in catalogue.NETWORKS and planned.source.table is None and not material.streamed:
        texts["agreement.py"] = plan(project, agreement=True).script.text
    for kind in IN_SECTIONS:
        if text := texts.get(f"{kind}.py"):
            yield f"{kind}.py", BLOCKS[kind](*of), text


def statements(text):
    """Yield the name and the text of each statement, with the comments above it, but imports."""
    lines, tree = text.splitlines(), ast.parse(text)
    end = tree.body[0].end_lineno
    for node in tree.body[1:]:
        begin, end = end, node.end_lineno
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield name_of(node), "\n".join(lines[begin:end]).strip("\n")


def name_of(node):
    """Return what a statement defines; what defines nothing is named by its words."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.If):
        return "__main__"
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node)


def pieces(blocks, text):
    """Return what of a script comes from each of its blocks."""
    written = dict(statements(text))
    found = {}
    for block in blocks:
        names = [name for name, _ in statements(block.read_text(encoding="utf-8"))]
        if kept := [written[name] for name in names if name in written]:
            found[block] = "\n\n\n".join(kept)
    return found


@pytest.fixture(scope="module")
def of_blocks(every_combination, tiny_project):
    """The text of each block where it first stands in a script, by the name of its file."""
    language.choose("en")
    found = {}
    for framework, model, data, settings in [*((*c, {}) for c in every_combination), *MORE]:
        project = tiny_project(framework, model, data, **DEFAULTS | settings)
        for script, blocks, text in scripts_of(project):
            for block, piece in pieces(blocks, text).items():
                name = block.relative_to(catalogue.BACKENDS).as_posix()
                changed = "".join(f", {name}={value}" for name, value in settings.items())
                head = f"# As in {script} of {framework}, {model}, {data}{changed}\n\n"
                found.setdefault(name, f"{head}{piece}\n")
    language.choose(None)
    return found


@pytest.fixture(scope="module")
def whole(tiny_project):
    made = {}
    for framework, model, data, lang in WHOLE:
        language.choose(lang)
        project = tiny_project(framework, model, data, **DEFAULTS)
        files, name = plan(project).files, f"{framework}_{model}_{data}_{lang}.py"
        made[name] = files[SCRIPT]
        if ESSENTIAL in files:
            made[f"essential_{name}"] = files[ESSENTIAL]
    language.choose(None)
    return made


def compare(folder, made, rewrite):
    """Compare the files of a folder with what is made today, or write them."""
    if rewrite:
        for path in folder.rglob("*.py"):
            path.unlink()
        for name, text in made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    kept = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
    }
    assert kept.keys() == made.keys(), REWRITE
    changed = [name for name, text in made.items() if kept[name] != text]
    assert not changed, f"{changed} changed; {REWRITE}"


@pytest.fixture
def rewrite(request):
    return request.config.getoption("--rewrite-golden")


def test_the_whole_scripts_are_what_is_assembled_today(whole, rewrite):
    compare(GOLDEN / "scripts", whole, rewrite)


def test_the_blocks_stand_in_scripts_as_they_did(of_blocks, rewrite):
    compare(GOLDEN / "blocks", of_blocks, rewrite)


MERGED = {
    *("common/built_in_table.py", "common/parquet_table.py", "common/feather_table.py"),
    *("common/regression.py", "common/report_regression.py"),
    *("pytorch/augment.py", "tensorflow/augment.py"),
    *("common/schedule.py", "common/random_views.py"),
    *("pytorch/batches.py", "tensorflow/batches.py"),
    *("pytorch/initial_weights.py", "tensorflow/initial_weights.py"),
    *("common/answers_classification.py", "common/answers_regression.py"),
    *("common/csv_table.py", "common/column_names.py"),
}
"""Blocks of short functions alone, which are lines of their callers in every script."""

OF_FILES = {
    *("common/split_folders.py", "common/correct.py"),
    "sklearn/classification_untaught.py",
}
"""What needs other files: images that come in parts, which tests/data/kinds/test_image_folder.py
runs, corrected labels, which tests/train/test_corrected_labels.py does, and a class that begins
late, which tests/train/test_untaught_classes.py does."""


def test_no_block_is_left_out(of_blocks):
    blocks = [
        path.relative_to(catalogue.BACKENDS).as_posix()
        for path in catalogue.BACKENDS.rglob("*.py")
        if any(statements(path.read_text(encoding="utf-8") or '""'))
    ]
    # The short form is seen in whole scripts, the cells of notebooks in test_notebooks.py
    short = {
        b for b in blocks if b.split("/")[1].startswith("essential") or b.endswith("_short.py")
    }
    assert len(short) == 6
    cells = {block for block in blocks if block.startswith("notebook/")}
    merged = {*blocks} - short - cells - {*of_blocks}
    assert {*of_blocks} <= {*blocks}
    # What asks each file for its shape is in the scripts of the few IDX files of another form
    assert merged == MERGED | OF_FILES | {"common/idx_file.py"}


def test_each_piece_is_in_a_script_to_the_letter(whole, of_blocks):
    """What is stored as a block of a whole script is found in that script."""
    found = 0
    for framework, model, data, lang in WHOLE:
        text = whole[f"{framework}_{model}_{data}_{lang}.py"]
        for piece in of_blocks.values():
            head, _, rest = piece.partition("\n\n")
            if lang == "en" and head == f"# As in train.py of {framework}, {model}, {data}":
                assert all(part.strip("\n") in text for part in rest.split("\n\n\n"))
                found += 1
    assert found >= 5
