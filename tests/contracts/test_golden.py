"""Scripts as they should be, kept whole, so that a change of one is seen and wanted."""

import difflib
from pathlib import Path

import numpy as np
import pytest

from apprenti import language
from apprenti.model.catalogue import RECIPES
from apprenti.train.plan import plan

GOLDEN = Path(__file__).parents[1] / "golden"
REWRITE = "python -m pytest tests/contracts/test_golden.py --rewrite-golden"

# What a new project on MNIST has: 10,000 rows are kept for validation, the test has its own files
MNIST_SPLIT = {"data.split.valid": 10_000, "data.split.test": 0}

NETWORKS = ("pytorch", "tensorflow")
SCRIPTS = {
    **{f"{f}-{m}-digits-en": (f, m, "digits", False, "en") for f, m in RECIPES},
    **{f"{f}-mlp-idx-{c}": (f, "mlp", "idx", False, c) for f in NETWORKS for c in ("en", "fr")},
    **{f"{f}-parity-idx-en": (f, "mlp", "idx", True, "en") for f in NETWORKS},
}


@pytest.fixture(scope="module")
def like_mnist(tmp_path_factory, idx_writer):
    """A folder named mnist, with files of the right names; the images have one pixel."""
    folder = tmp_path_factory.mktemp("golden") / "mnist"
    folder.mkdir()
    labels = np.arange(12_000) % 10
    idx_writer(folder / "train-images-idx3-ubyte.gz", labels.reshape(-1, 1, 1))
    idx_writer(folder / "train-labels-idx1-ubyte.gz", labels)
    return folder


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_the_golden_one(name, make_project, like_mnist, monkeypatch, request):
    framework, model, data, parity, code = SCRIPTS[name]
    source, split = (like_mnist, MNIST_SPLIT) if data == "idx" else (data, {})
    # A new version alone changes no script
    monkeypatch.setattr("apprenti.train.plan.__version__", "VERSION")
    language.choose(code)
    project = make_project(source, framework=framework, kind=model, **split)
    text = plan(project, parity=parity).script.text
    path = GOLDEN / f"{name}.py"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(text, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if text != kept:
        lines = difflib.unified_diff(kept.splitlines(), text.splitlines(), "golden", "now", n=1)
        shown = "\n".join(lines)
        pytest.fail(f"{name} has changed:\n{shown}\n\nIf it should have: {REWRITE}", pytrace=False)


def test_every_golden_script_is_still_assembled():
    assert {path.stem for path in GOLDEN.glob("*.py")} == SCRIPTS.keys()
