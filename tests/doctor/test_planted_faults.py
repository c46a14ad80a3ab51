"""Faults that are made on purpose, each found by the whole doctor with its own id.

The environment stays as it is: a folder in PYTHONPATH stands before it, with other metadata, broken
files, or a sitecustomize that changes what Python loads.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

import apprenti

SOURCES = str(Path(apprenti.__file__).parents[1])


@pytest.fixture
def doctor(tmp_path):
    """doctor(): run it with the folder `planted` in PYTHONPATH, return its JSON."""

    def run(*words, folder=None):
        path = os.pathsep.join([str(tmp_path / "planted"), SOURCES])
        here = folder or tmp_path / "empty"
        here.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "apprenti", "doctor", "--json", *words],
            cwd=here,
            env={**os.environ, "PYTHONPATH": path, "APPRENTI_LANG": "en"},
            capture_output=True,
            encoding="utf-8",
        )
        assert "Traceback" not in done.stderr, done.stderr
        content = json.loads(done.stdout)
        assert done.returncode == (0 if content["ok"] else 1)
        return content

    (tmp_path / "planted").mkdir()
    return run


def found(content):
    return {(trouble["code"], trouble["topic"]) for trouble in content["troubles"]}


def pretend(folder, name, version):
    """Write the metadata of a distribution, which come before those that are installed."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(text, encoding="utf-8")


def test_numpy_one_beside_a_tensorflow_for_numpy_two(doctor, tmp_path):
    pretend(tmp_path / "planted", "numpy", "1.24.4")
    content = doctor("--quick")
    assert ("F26", "packages") in found(content)
    assert content["ok"] is False


def test_numpy_two_beside_an_old_pytorch(doctor, tmp_path):
    pretend(tmp_path / "planted", "torch", "2.2.2")
    assert ("F25", "packages") in found(doctor("--quick"))


def test_a_protobuf_that_is_too_old(doctor, tmp_path):
    pretend(tmp_path / "planted", "protobuf", "5.28.3")
    (trouble,) = (each for each in doctor("--quick")["troubles"] if each["code"] == "F28")
    assert "5.28.3" in trouble["what"]
    assert any("protobuf>=6.31.1,<8" in line for line in trouble["commands"])


def test_a_tensorboard_that_wants_an_older_setuptools(doctor, tmp_path):
    pretend(tmp_path / "planted", "tensorboard", "2.20.0")
    pretend(tmp_path / "planted", "setuptools", "84.2.1")
    assert ("F31", "packages") in found(doctor("--quick"))


def test_two_tensorflows(doctor, tmp_path):
    pretend(tmp_path / "planted", "tensorflow", "2.21.0")
    pretend(tmp_path / "planted", "tensorflow-cpu", "2.21.0")
    assert ("F47", "tensorflow") in found(doctor("--quick"))


def test_a_file_named_torch_in_the_folder(doctor, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "torch.py").write_text("raise SystemExit('never run')", encoding="utf-8")
    content = doctor("--quick", folder=folder)
    (trouble,) = (each for each in content["troubles"] if each["code"] == "F06")
    assert trouble["commands"] == ["mv torch.py my_torch.py"] or os.name == "nt"


def test_a_release_that_is_newer_than_the_facts_is_a_note(doctor, tmp_path):
    pretend(tmp_path / "planted", "keras", "9.0.0")
    content = doctor("--quick")
    assert ("N04", "packages") in found(content)
    assert content["count"]["error"] == 0


FULL_DISK = """
import shutil
class Usage:
    total, used, free = 10**11, 10**11, 2 * 10**8
shutil.disk_usage = lambda path: Usage
"""


def test_a_disk_that_is_nearly_full(doctor, tmp_path):
    (tmp_path / "planted" / "sitecustomize.py").write_text(FULL_DISK, encoding="utf-8")
    (trouble,) = (each for each in doctor("--quick")["troubles"] if each["code"] == "F34")
    assert "200 MB" in trouble["what"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the names of the libraries")
def test_a_wheel_with_a_truncated_library(doctor, tmp_path):
    """The library ends after a thousand bytes: loading it ends the process."""
    torch = tmp_path / "planted" / "torch"
    torch.mkdir()
    real = Path(metadata.distribution("torch").locate_file("torch"))
    shutil.copyfile(real / "version.py", torch / "version.py")
    (torch / "__init__.py").write_text("from torch._C import *\n", encoding="utf-8")
    name = f"_C{sysconfig.get_config_var('EXT_SUFFIX')}"
    (torch / name).write_bytes((real / name).read_bytes()[:1000])
    pretend(tmp_path / "planted", "torch", metadata.version("torch"))
    content = doctor()
    assert ("T02", "pytorch") in found(content)
    assert not any(topic == "tensorflow" for _, topic in found(content))
    (trouble,) = (each for each in content["troubles"] if each["code"] == "T02")
    assert trouble["commands"][0] == "python -m pip uninstall --yes torch"


@pytest.mark.slow
def test_a_wheel_without_one_of_its_modules(doctor, tmp_path):
    torch = tmp_path / "planted" / "torch"
    torch.mkdir()
    (torch / "__init__.py").write_text("import torch._C\n", encoding="utf-8")
    pretend(tmp_path / "planted", "torch", metadata.version("torch"))
    content = doctor()
    (trouble,) = (each for each in content["troubles"] if each["topic"] == "pytorch")
    assert trouble["code"] == "T01"
    assert "torch._C" in trouble["what"]


FAULTY_OPTIMIZERS = """
import importlib.abc, importlib.machinery, sys

def of_pytorch(module):
    plain = module.SGD.step
    def step(self, *words, **named):
        rates = [group["lr"] for group in self.param_groups]
        for group in self.param_groups:
            group["lr"] *= 1.01
        answer = plain(self, *words, **named)
        for group, rate in zip(self.param_groups, rates):
            group["lr"] = rate
        return answer
    module.SGD.step = step

def of_keras(module):
    plain = module.SGD.update_step
    module.SGD.update_step = lambda self, g, v, rate: plain(self, g, v, rate * 1.01)

FAULTS = {"torch.optim.sgd": of_pytorch, "keras.src.optimizers.sgd": of_keras}

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name not in FAULTS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module
        def load_and_change(module):
            load(module)
            FAULTS[name](module)
        spec.loader.exec_module = load_and_change
        return spec

sys.meta_path.insert(0, Finder())
"""


@pytest.mark.slow
def test_optimizers_that_are_off_by_one_hundredth(doctor, tmp_path):
    (tmp_path / "planted" / "sitecustomize.py").write_text(FAULTY_OPTIMIZERS, encoding="utf-8")
    content = doctor()
    assert {("T04", "pytorch"), ("T04", "tensorflow")} <= found(content)
    assert content["ok"] is False
    assert all(trial["end"] == "done" for trial in content["trials"])
    assert all(1e-3 < trial["training_gap"] < 1e-1 for trial in content["trials"])
