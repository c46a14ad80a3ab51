"""Every script that can be assembled: clean, short, without anything its run does not use."""

import ast
import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apprenti import language
from apprenti.model.catalogue import BACKENDS, NETWORKS
from apprenti.script.fold import setting, settings_in
from apprenti.script.translate import sentences
from apprenti.train.plan import LEFT_OPEN, plan

LONGEST_FUNCTION, WIDEST_LINE = 30, 100
LONGEST_SCRIPT = 240
"""Of arrays and of images that come as arrays."""
LONGEST_TABLE = 276
"""Of tables and of texts."""
LONGEST_FILES = 244
"""Of image files, which are found, opened and brought to one size."""
LONGEST_NEEDY = 260
"""Of image files that are turned, transparent or deep, or whose classes have accents, in ResNet."""
LONGEST_WRITTEN = 300
"""Of tables in which dates, groups, texts, and numbers written in several ways are told apart."""
LONGEST_STREAMED = 408
"""Where, besides, a table goes to the disk and is read from there."""
LONGEST_EXPERIMENT = 303
"""Of the scripts that train one network in several ways, to compare the frameworks."""
FINDING_INK = 185
"""Lines with which a predict.py finds new drawings on their page, and makes them like the known."""
LONGEST_BESIDE = 280
"""The scripts that open a model again, to predict or to evaluate; those of scikit-learn look at
what is in its file."""
ROOT = Path(__file__).resolve().parents[2]
IN_ONE_CALL = (
    "trivial",
    "tree",
    "forest",
    "extra_trees",
    "boosting",
    "stochastic_boosting",
    "svm",
    "knn",
)


def of(scripts, *files, lang=""):
    """Yield the name and the text of the scripts of these files."""
    for name, text in scripts.items():
        *_, file, language_of = name.split("-")
        if (not files or file in files) and language_of.startswith(lang):
            yield name, text


@pytest.fixture(scope="module")
def folder(scripts, tmp_path_factory):
    made = tmp_path_factory.mktemp("scripts")
    shutil.copyfile(ROOT / "pyproject.toml", made / "pyproject.toml")
    # Under the rules of the code that learners take away
    place = made / "src" / "apprenti" / "backends"
    place.mkdir(parents=True)
    for name, text in scripts.items():
        (place / f"{name}.py").write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("task", [("check",), ("format", "--check")], ids=" ".join)
def test_scripts_are_as_a_formatter_would_have_them(folder, task):
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    command = [ruff, *task, "--no-cache", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


def test_scripts_are_clean_under_no_settings_but_the_width(folder):
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    command = [ruff, "check", "--isolated", "--line-length", str(WIDEST_LINE), "--no-cache", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


def longest(name):
    """Return the lines that a training script may have, by the data that it reads."""
    if "-agreement-" in name:
        return LONGEST_EXPERIMENT
    if "streamed" in name:
        return LONGEST_STREAMED
    if "table-regression" in name or "table-beside" in name:
        return LONGEST_WRITTEN
    if "image-folder" in name or "image-table" in name:
        return LONGEST_FILES + 10 * ("resnet" in name)
    if "-table-" in name or "texts" in name:
        return LONGEST_TABLE
    return LONGEST_SCRIPT


def test_training_scripts_are_short(scripts):
    for name, text in of(scripts, "train", "agreement"):
        assert len(text.splitlines()) <= longest(name), name


def photos(folder):
    """Write photos that their camera turned, an accent in a class, and pages to see through."""
    turned = Image.Exif()
    turned[0x0112] = 6
    for kind in ("été", "hiver"):
        (folder / kind).mkdir(parents=True)
        for number in range(10):
            image = Image.new("RGB", (80, 60 + number), (number, 50, 90))
            image.save(folder / kind / f"{number}.jpg", exif=turned)
        Image.new("RGBA", (80, 60), (9, 9, 9, 0)).save(folder / kind / "page.png")


def x_rays(folder):
    """Write images of more shades than a byte holds; a class has an accent."""
    for kind in ("sain", "brisé"):
        (folder / kind).mkdir(parents=True)
        for number in range(10):
            points = np.arange(48, dtype=np.uint16).reshape(6, 8) * 100 + number
            Image.fromarray(points).save(folder / kind / f"{number}.png")


@pytest.mark.few(2)
@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("write", [photos, x_rays])
def test_images_that_need_care_make_no_script_too_long(
    write, framework, lang, make_project, tmp_path
):
    write(tmp_path / "images")
    language.choose(lang)
    project = make_project("images", folder=tmp_path, framework=framework, kind="resnet")
    text = plan(project).script.text
    needs = ["exif_transpose", "has_transparency_data"] if write is photos else ['"darkest"']
    assert all(word in text for word in [*needs, 'normalize("NFC"'])
    assert len(text.splitlines()) <= LONGEST_NEEDY


def test_scripts_that_open_a_model_are_shorter(scripts):
    for name, text in of(scripts, "predict", "evaluate"):
        most = LONGEST_BESIDE + (FINDING_INK if "def find_ink" in text else 0)
        assert len(text.splitlines()) <= most, name


def test_functions_are_short_and_lines_narrow(scripts):
    for name, text in scripts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, (name, node.name)
        assert max(map(len, text.splitlines())) <= WIDEST_LINE, name


# What is there, and what is not


def test_no_branch_on_a_setting_is_left_where_it_is_fixed(scripts):
    """What a setting decides is decided: the other branch is not there, nor is the question."""
    kinds = ast.If | ast.IfExp | ast.While
    for name, text in scripts.items():
        open_here = set(LEFT_OPEN.get(name.split("-")[-2], ()))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, kinds):
                assert settings_in(node.test) <= open_here, (name, ast.unparse(node.test))
            if isinstance(node, ast.For) and setting(node.iter):
                assert value_in(text, setting(node.iter)), (name, ast.unparse(node.iter))


def value_in(text, name):
    """Return the value of a setting at the top of a script."""
    tree = ast.parse(text)
    (config,) = [node for node in tree.body if getattr(node, "name", "") == "Config"]
    fields = {ast.unparse(node.target): node for node in config.body if hasattr(node, "target")}
    return ast.literal_eval(fields[name].value)


def imported(text):
    nodes = [*ast.walk(ast.parse(text))]
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [a.name for node in nodes if isinstance(node, ast.Import) for a in node.names]
    return {name.partition(".")[0] for name in names}


def test_scripts_of_networks_need_no_scikit_learn_but_for_its_digits(scripts):
    seen = 0
    for name, text in scripts.items():
        framework, _, data = name.split("-")[:3]
        if framework in NETWORKS and data != "digits":
            assert not imported(text) & {"sklearn", "skops"}, name
            seen += 1
    assert seen > 100


def test_no_script_imports_another_framework_nor_apprenti(scripts):
    packages = {"pytorch": {"torch"}, "tensorflow": {"tensorflow", "keras"}, "sklearn": {"skops"}}
    for name, text in scripts.items():
        others = {package for other in packages for package in packages[other]}
        others -= packages[name.split("-")[0]]
        assert not imported(text) & {*others, "apprenti"}, name


def test_what_no_image_needs_is_left_to_the_scripts_that_open_other_ones(scripts):
    conversions = ("exif_transpose", ".draft(", "I;16", "has_transparency_data")
    seen = 0
    for name, text in of(scripts):
        if "image-folder" in name or "image-table" in name:
            beside = name.split("-")[-2] in ("predict", "evaluate")
            assert [word in text for word in conversions] == [beside] * 4, name
            seen += 1
    assert seen > 40


def test_no_comment_speaks_of_what_is_not_there(scripts):
    words = {
        "en": r"\bepoch|\bweight|learning.rate|\bbatch|\bround|\bcheckpoint|hidden|\bGPU",
        "fr": r"\bépoque|\bpoids|taux d'app|\blots?\b|\btours?\b|point de reprise|cachée",
    }
    seen = 0
    for name, text in of(scripts):
        framework, model = name.split("-")[:2]
        if framework == "sklearn" and model in IN_ONE_CALL:
            said = "\n".join(sentence.words for sentence in sentences(text))
            assert not re.search(words[name[-2:]], said), (name, re.search(words[name[-2:]], said))
            seen += 1
    assert seen > 50
    for name, text in of(scripts, "predict", "evaluate"):
        said = "\n".join(sentence.words for sentence in sentences(text))
        assert not re.search(r"optimizer|optimiseur|Ctrl-C|schedule|planification", said), name


def test_every_field_of_the_settings_says_what_it_is_for(scripts):
    for name, text in scripts.items():
        lines = text.splitlines()
        (config,) = [n for n in ast.parse(text).body if getattr(n, "name", "") == "Config"]
        for node in config.body:
            beside, above = lines[node.end_lineno - 1], lines[node.lineno - 2]
            # The two of a test set that comes with the data share one comment
            known = "  # " in beside or above.strip().startswith("# ")
            assert known or ast.unparse(node.target) == "test_arrays", (name, above)


def test_scripts_define_nothing_in_vain(scripts):
    for name, text in scripts.items():
        tree = ast.parse(text)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        named = [node.id for node in names if isinstance(node.ctx, ast.Load)]
        named += [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        constants = [n.targets[0] for n in tree.body if isinstance(n, ast.Assign)]
        defined |= {target.id for target in constants if isinstance(target, ast.Name)}
        config = next(n for n in tree.body if getattr(n, "name", "") == "Config")
        defined |= {ast.unparse(n.target) for n in config.body if isinstance(n, ast.AnnAssign)}
        assert defined <= set(named), (name, defined - set(named))


def test_scripts_know_nothing_of_the_machine_that_made_them(scripts):
    secrets = [str(Path.home()), str(ROOT), socket.gethostname(), sys.prefix]
    for name, text in scripts.items():
        assert not [secret for secret in secrets if len(secret) > 2 and secret in text], name
        texts = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant)]
        absolute = [t for t in texts if isinstance(t, str) and re.match(r"/\w|[A-Z]:\\", t)]
        assert not absolute, name


SECTIONS = (
    *("Settings", "Data", "Reading", "Columns", "Split", "Preparation", "Target", "Loading"),
    *("Model", "Batches", "Augmentation", "Training", "Measuring", "What"),
)


def test_sections_come_in_one_order_in_every_training_script(scripts):
    for name, text in of(scripts, "train", lang="en"):
        titles = [line[5:] for line in text.splitlines() if line.startswith("# %% ")]
        first = [re.split(r"\W", title)[0] for title in titles]
        known = [SECTIONS.index(word) for word in first if word in SECTIONS]
        assert known == sorted(known), name
        assert first[0] == "Settings", name
        assert len(set(titles)) == len(titles), name


# Two languages


def without_words(text):
    """Return the syntax tree of a script with its docstrings and printed sentences blanked."""
    lines = text.splitlines(keepends=True)
    for sentence in sorted(sentences(text), key=lambda s: s.start, reverse=True):
        (first, start), (last, end) = sentence.start, sentence.end
        before, after = lines[first - 1][:start], lines[last - 1][end:]
        lines[first - 1 : last] = [before + after]
    return ast.dump(ast.parse("".join(lines)))


def test_french_and_english_scripts_are_the_same_program(scripts):
    for name, english in scripts.items():
        if name.endswith("-en"):
            french = scripts[name.removesuffix("en") + "fr"]
            assert english != french
            assert without_words(english) == without_words(french), name


def test_every_sentence_of_the_blocks_has_a_french_twin_and_no_twin_is_left_over():
    blocks = [path.read_text(encoding="utf-8") for path in BACKENDS.rglob("[!_]*.py")]
    spoken = {sentence.words for text in blocks for sentence in sentences(text)}
    assert spoken == set(language.subject("script", "fr")["words"])


def test_a_french_script_has_as_many_sections_as_its_english_twin(scripts):
    for name, english in of(scripts, lang="en"):
        french = scripts[name.removesuffix("en") + "fr"]
        assert french.count("\n# %% ") == english.count("\n# %% "), name


def test_what_a_french_script_prints_can_be_shown_by_an_old_windows_terminal(scripts):
    printed = 0
    for text in scripts.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "SystemExit"):
                ast.unparse(node).encode("cp1252")
                printed += 1
    assert printed


# What it takes


def test_no_block_calls_the_settings_into_being_but_where_a_script_begins():
    for path in BACKENDS.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        begins = [node for node in tree.body if isinstance(node, ast.If)]
        inside = {id(inner) for node in begins for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Config":
                assert id(node) in inside, path


def test_assembling_imports_no_block():
    code = """
import json, sys
from apprenti.model.catalogue import Material, blocks
from apprenti.script.assemble import assemble
assemble(blocks("pytorch", "mlp", Material("idx", (28, 28))), {}, "A script.")
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    heavy = ("apprenti.backends", "torch", "numpy")
    assert not [module for module in loaded if module.startswith(heavy)]
