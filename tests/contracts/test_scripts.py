"""Every script that can be assembled: clean, short, without anything its run does not use."""

import ast
import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from apprenti import language
from apprenti.train import parity
from apprenti.train.plan import plan

LONGEST_SCRIPT, LONGEST_FUNCTION, WIDEST_LINE = 300, 40, 100
LONGEST_OF_ALL = 355
"""Where columns are chosen, filled in and scaled, texts or files of images read, or a network has
more than one kind of layer."""
LONGEST_STREAMED = 440
"""Where, besides, a table goes to the disk and is read from there."""
FLAT = ("digits", "idx", "arrays-images", "arrays-columns")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def scripts(combinations, tiny_project):
    """Every script in both languages, by name: "pytorch-mlp-idx-fr", and those of the parity."""
    made = {}
    for lang in language.LANGUAGES:
        language.choose(lang)
        for framework, model, data in combinations:
            project = tiny_project(framework, model, data)
            name = f"{framework}-{model}-{data}"
            made[f"{name}-{lang}"] = plan(project).script.text
            if framework != "sklearn" and model in parity.MODELS and data in FLAT:
                made[f"{name}-parity-{lang}"] = plan(project, parity=True).script.text
    language.choose(None)
    return made


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


def test_scripts_and_functions_are_short(scripts):
    for name, text in scripts.items():
        more = ("table", "texts", "folder", "image-table", "cnn", "resnet")
        longest = LONGEST_OF_ALL if any(word in name for word in more) else LONGEST_SCRIPT
        longest = LONGEST_STREAMED if "streamed" in name else longest
        assert len(text.splitlines()) <= longest, name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, (name, node.name)
        assert max(map(len, text.splitlines())) <= WIDEST_LINE, name


def test_scripts_have_no_branch_on_a_setting(scripts):
    """What a setting switches on or off is a block, there or not there."""
    for name, text in scripts.items():
        tests = [node.test for node in ast.walk(ast.parse(text)) if isinstance(node, ast.If)]
        written = [ast.unparse(test) for test in tests]
        assert not [t for t in written if re.fullmatch(r"(not )?config\.\w+", t)], name


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


SECTIONS = ("Settings", "Data", "Reading", "Preparation", "Model", "Training", "Measuring", "What")


def test_sections_come_in_one_order_in_every_script(scripts):
    for name, text in scripts.items():
        if name.endswith("-en"):
            titles = [line[5:] for line in text.splitlines() if line.startswith("# %% ")]
            first = [re.split(r"\W", title)[0] for title in titles]
            known = [SECTIONS.index(word) for word in first if word in SECTIONS]
            assert known == sorted(known), name
            assert first[0] == "Settings", name


# Two languages


def without_words(text):
    """Return the syntax tree of a script with its docstrings and printed sentences blanked."""
    from apprenti.script.translate import sentences

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
    from apprenti.model.catalogue import BACKENDS
    from apprenti.script.translate import sentences

    blocks = [path.read_text(encoding="utf-8") for path in BACKENDS.rglob("*.py")]
    spoken = {sentence.words for text in blocks for sentence in sentences(text)}
    assert spoken == set(language.subject("script", "fr")["words"])


def test_what_a_french_script_prints_can_be_shown_by_an_old_windows_terminal(scripts):
    printed = 0
    for text in scripts.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "SystemExit"):
                ast.unparse(node).encode("cp1252")
                printed += 1
    assert printed


# Golden copies


GOLDEN = Path(__file__).resolve().parents[1] / "golden"
REWRITE = "to accept: python -m pytest tests/contracts/test_scripts.py --rewrite-golden"


@pytest.fixture(scope="module")
def golden(
    combinations,
    make_project,
    idx_folder,
    columns_npz,
    table_csv,
    french_csv,
    texts_csv,
    album,
    table_parquet,
):
    """The scripts with the default settings: each model on the digits, and each kind of data."""
    # The first kind of data that each model learns from
    first = {(f, m): data for f, m, data in reversed(combinations)}
    wanted = [(f, m, data, "en") for (f, m), data in reversed(first.items())]
    wanted += [(f, "mlp", "idx", lang) for f in ("pytorch", "tensorflow") for lang in ("en", "fr")]
    wanted += [("pytorch", "mlp", "columns", "en"), ("sklearn", "linear", "idx", "fr")]
    wanted += [("tensorflow", "mlp", "table", "en"), ("sklearn", "boosting", "table", "en")]
    wanted += [("pytorch", "mlp", "french_table", "fr"), ("pytorch", "cnn", "album", "en")]
    wanted += [(f, "mlp", "streamed_table", "en") for f in ("pytorch", "tensorflow")]
    paths = {"digits": "digits", "idx": idx_folder, "columns": columns_npz}
    paths |= {"table": table_csv, "french_table": french_csv, "texts": texts_csv, "album": album}
    paths |= {"streamed_table": table_parquet}
    settings = {"table": {"target": "réponse"}, "french_table": {"target": "prix"}}
    settings |= {"texts": {"target": "opinion"}, "album": {"target": "season"}}
    settings |= {"streamed_table": {"target": "réponse", "streamed": True}}
    made = {}
    for framework, model, data, lang in wanted:
        language.choose(lang)
        given = {"framework": framework, "kind": model, **settings.get(data, {})}
        project = make_project(paths[data], **given)
        name = f"{framework}_{model}_{data}_{lang}.py"
        made[name] = plan(project).script.text
        if data == "idx" and lang == "en":
            made[f"parity_{name}"] = plan(project, parity=True).script.text
    language.choose(None)
    return made


def test_the_golden_copies_are_what_is_assembled_today(golden, request):
    if request.config.getoption("--rewrite-golden"):
        for path in GOLDEN.glob("*.py"):
            path.unlink()
        for name, text in golden.items():
            (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
    kept = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.py")}
    assert kept.keys() == golden.keys(), REWRITE
    changed = [name for name, text in golden.items() if kept[name] != text]
    assert not changed, f"{changed} changed; {REWRITE}"


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
