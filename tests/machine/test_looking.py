"""What is found out about this machine, without importing a framework and without a crash."""

import ctypes
import json
import os
import platform
import shutil
import sys
import time
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import psutil
import pytest

from apprenti.machine import look
from apprenti.machine.look import around, graphics, hardware, interpreter, packages, system
from apprenti.machine.machine import Machine


def test_this_machine_is_described_in_its_own_terms():
    machine = look.this_machine()
    assert machine.unknown == ()
    assert machine.system == platform.system()
    assert machine.architecture == platform.machine()
    assert machine.python.version == platform.python_version()
    assert machine.python.executable == sys.executable
    assert machine.python.in_venv == (sys.prefix != sys.base_prefix)
    assert 0 < machine.memory_mb <= psutil.virtual_memory().total // 10**6
    assert machine.free_disk_mb > 0
    assert machine.processor.cores >= 1
    assert machine.packages["numpy"].version == version("numpy")
    assert Machine.from_json(json.loads(json.dumps(machine.to_json()))) == machine


def test_the_build_of_the_installed_frameworks_is_read_from_their_files():
    machine = look.this_machine()
    number, _, build = version("torch").partition("+")
    assert machine.packages["torch"].version == number
    if build:
        assert machine.packages["torch"].build == build
    names = [name for name in ("tensorflow", "tensorflow-cpu") if name in machine.packages]
    assert all(machine.packages[name].build for name in names)


def test_a_look_takes_well_under_three_seconds():
    began = time.monotonic()
    look.this_machine()
    assert time.monotonic() - began < 2


def test_a_probe_that_fails_or_takes_too_long_leaves_the_others_alone(monkeypatch):
    def fails():
        raise RuntimeError

    def sleeps():
        time.sleep(3)
        return {"memory_mb": 1}

    probes = {"graphics": fails, "memory": sleeps, "system": system.look}
    monkeypatch.setattr(look, "PROBES", probes)
    machine = look.this_machine(patience=0.3)
    assert machine.unknown == ("graphics", "memory")
    assert machine.memory_mb == Machine().memory_mb
    assert machine.architecture == platform.machine()


# ---- Builds


def test_the_build_of_torch_is_read_for_every_kind_of_wheel():
    assert packages.torch_build("__version__ = '2.15.0+cpu'\ncuda: Optional[str] = None\n") == "cpu"
    cuda = "__version__ = '2.13.0+cu130'\ncuda: Optional[str] = '13.0'\n"
    assert packages.torch_build(cuda) == "cu130"
    assert packages.torch_build("__version__ = '2.10.0'\ncuda: Optional[str] = '12.8'\n") == "cu128"
    assert packages.torch_build("__version__ = '2.15.0'\ncuda: Optional[str] = None\n") == ""
    assert packages.torch_build("") == ""


def test_the_build_of_tensorflow_is_read_even_where_it_names_no_version():
    start = "build_info = collections.OrderedDict([('is_cuda_build', "
    assert packages.tensorflow_build(start + "False), ('is_rocm_build', False)])") == "cpu"
    assert packages.tensorflow_build(start + "True), ('cuda_version', '12.5.1')])") == "cuda12.5.1"
    assert packages.tensorflow_build(start + "True)])") == "cuda"
    assert packages.tensorflow_build("") == ""


# ---- NVIDIA


@pytest.fixture
def nvidia_smi(tmp_path, monkeypatch):
    """Put a program `nvidia-smi` of one's own first on the PATH."""

    def make(said, status=0):
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\nexit {status}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))

    return make


needs_sh = pytest.mark.skipif(os.name == "nt", reason="a shell script")


@needs_sh
def test_the_cards_are_those_of_nvidia_smi(nvidia_smi):
    nvidia_smi(
        "NVIDIA GeForce RTX 4070, 580.95.05, 8.9, 12282\nNVIDIA H100 NVL, 580.95.05, 9.0, [N/A]"
    )
    cards, trouble = graphics.nvidia()
    assert trouble == ""
    assert [(card["name"], card["compute"], card["memory_mb"]) for card in cards] == [
        ("NVIDIA GeForce RTX 4070", "8.9", 12282),
        ("NVIDIA H100 NVL", "9.0", 0),
    ]


@needs_sh
@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Failed to initialize NVML: Driver/library version mismatch\nNVML library: 580.95", 18),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9),
        ("No devices were found", 0),
    ],
)
def test_a_driver_that_does_not_answer_is_quoted(nvidia_smi, said, status):
    nvidia_smi(said, status)
    assert graphics.nvidia() == ([], said.splitlines()[0])


@needs_sh
def test_nvidia_smi_that_hangs_is_left_after_its_time(nvidia_smi, monkeypatch):
    monkeypatch.setattr(graphics, "told", lambda words: (-1, ""))
    nvidia_smi("never seen")
    assert graphics.nvidia() == ([], "nvidia-smi: -")


def test_a_card_on_the_bus_without_a_driver_is_seen(tmp_path, monkeypatch):
    device = tmp_path / "0000:01:00.0"
    device.mkdir()
    (device / "vendor").write_text("0x10de\n")
    (device / "class").write_text("0x030000\n")
    monkeypatch.setattr(graphics, "PCI", tmp_path)
    monkeypatch.setattr(graphics, "nvidia", lambda: ([], ""))
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    assert graphics.look()["nvidia_trouble"] == graphics.ABSENT


def test_a_toolkit_on_the_path_proves_nothing(tmp_path, monkeypatch):
    (tmp_path / "nvcc").write_text("#!/bin/sh\necho release 13.0\n")
    (tmp_path / "nvcc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(graphics, "PCI", tmp_path)
    assert graphics.nvidia() == ([], "") or Path("/usr/lib/wsl").exists()


# ---- System


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("4.4.0-19041-Microsoft", 1),
        ("5.15.153.1-microsoft-standard-WSL2", 2),
        ("6.8.0-45-generic", 0),
        ("24.1.0", 0),
    ],
)
def test_linux_inside_windows_is_known_by_its_kernel(release, expected):
    assert system.wsl_version(release) == expected


def test_the_memory_of_a_container_is_what_it_may_use(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    limit.write_text("2000000000\n")
    monkeypatch.setattr(hardware, "LIMITS", (str(limit),))
    assert hardware.memory() == {"memory_mb": 2000}
    limit.write_text("max\n")
    assert hardware.memory()["memory_mb"] > 2000


# ---- Windows and macOS, pretended: what their own calls answer


@pytest.fixture
def windows(monkeypatch):
    """Pretend a Windows; its registry is the dictionary that comes back."""
    values = {
        "Version": "v14.44.35211.00",
        "LongPathsEnabled": 1,
        "PROCESSOR_ARCHITECTURE": "AMD64",
        "ProcessorNameString": "Intel(R) Celeron(R) N4505 ",
    }

    def registry(path, name):
        return values.get(f"{path[-4:]} {name}", values.get(name))

    for module in (system, hardware, graphics):
        monkeypatch.setattr(module, "registry", registry)
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    build = SimpleNamespace(build=22631)
    monkeypatch.setattr(sys, "getwindowsversion", lambda: build, raising=False)
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: name, raising=False)
    return values


def test_windows_tells_its_build_its_long_paths_and_its_runtime(windows):
    found = system.look()
    assert (found["windows_build"], found["long_paths"]) == (22631, True)
    assert found["vc_runtime"] == "14.44.35211.00"
    windows["LongPathsEnabled"] = None
    windows["PROCESSOR_ARCHITECTURE"] = "ARM64"
    assert (system.look()["long_paths"], system.look()["architecture"]) == (False, "ARM64")


def test_a_missing_library_of_visual_c_is_seen(windows, monkeypatch):
    def load(name):
        if name == "msvcp140_1.dll":
            raise OSError(name)

    monkeypatch.setattr(ctypes, "WinDLL", load, raising=False)
    assert system.look()["vc_runtime"] is None


@pytest.mark.parametrize(("build", "expected"), [(22631, False), (17763, True)])
def test_an_old_windows_that_does_not_know_avx2_gives_no_cause_to_worry(
    windows, monkeypatch, build, expected
):
    kernel = MagicMock()
    kernel.GetEnabledXStateFeatures.return_value = 0b11
    kernel.IsProcessorFeaturePresent.return_value = 0
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "getwindowsversion", lambda: SimpleNamespace(build=build))
    machine = Machine.from_json(hardware.processor())
    assert machine.processor.name == "Intel(R) Celeron(R) N4505"
    assert (machine.processor.avx, machine.processor.avx2) == (False, expected)


def test_the_display_adapters_of_windows_are_known_by_their_names(windows, monkeypatch):
    monkeypatch.setattr(graphics, "nvidia", lambda: ([], ""))
    windows["0000 DriverDesc"] = "Intel(R) UHD Graphics"
    windows["0001 DriverDesc"] = "Radeon RX 7900 XTX"
    found = graphics.look()
    assert found["intel_gpus"] == ["Intel(R) UHD Graphics"]
    assert found["amd"] == ["Radeon RX 7900 XTX"]
    assert found["nvidia_trouble"] == ""
    windows["0002 DriverDesc"] = "NVIDIA GeForce RTX 4070"
    assert graphics.look()["nvidia_trouble"] == graphics.ABSENT


@pytest.fixture
def mac(monkeypatch):
    """Pretend a Mac; what sysctl answers is the dictionary that comes back."""
    values = {"machdep.cpu.brand_string": "Apple M2", "sysctl.proc_translated": "0"}

    def sysctl(*names):
        return "\n".join(values[name] for name in names if name in values)

    for module in (system, hardware, graphics):
        monkeypatch.setattr(module, "sysctl", sysctl)
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.1", ("", "", ""), "arm64"))
    return values


def test_a_mac_tells_its_processor_and_its_gpu(mac):
    assert graphics.look() == {"apple_gpu": "Apple M2"}
    assert hardware.processor()["processor"]["name"] == "Apple M2"
    assert (system.look()["macos"], system.look()["emulated"]) == ("15.1", None)


def test_a_python_that_rosetta_translates_is_seen(mac, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    mac["sysctl.proc_translated"] = "1"
    mac["machdep.cpu.features"] = "FPU SSE4.1 SSE4.2"
    found = system.look()
    assert (found["architecture"], found["emulated"]) == ("x86_64", "rosetta")
    processor = hardware.processor()["processor"]
    assert (processor["sse41"], processor["avx"]) == (True, False)


# ---- Around


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path


def test_files_and_packages_that_hide_a_package_are_found(folder, monkeypatch):
    (folder / "torch.py").touch()
    (folder / "keras").mkdir()
    (folder / "keras" / "__init__.py").touch()
    (folder / "numpy").mkdir()  # without __init__.py it hides nothing
    (folder / "train.py").touch()
    other = folder / "other"
    other.mkdir()
    (other / "tensorflow.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(other))
    found = around.shadows()["shadows"]
    assert found == ["torch.py", f"keras{os.sep}", str(other / "tensorflow.py")]


def test_a_folder_with_installed_packages_hides_nothing(folder, monkeypatch):
    packages_folder = folder / "packages"
    (packages_folder / "torch").mkdir(parents=True)
    (packages_folder / "torch" / "__init__.py").touch()
    (packages_folder / "torch-2.13.0.dist-info").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(packages_folder))
    assert around.shadows()["shadows"] == []


def test_the_python_of_a_kernel_is_read_and_the_first_of_a_name_counts(folder, monkeypatch):
    for place, program in (("first", "/other/bin/python"), ("second", "/third/bin/python")):
        kernel = folder / place / "kernels" / "python3"
        kernel.mkdir(parents=True)
        words = {"argv": [program, "-m", "ipykernel"], "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(words))
    paths = os.pathsep.join(str(folder / place) for place in ("first", "second"))
    monkeypatch.setenv("JUPYTER_PATH", paths)
    assert around.kernels()["kernels"]["python3"] == "/other/bin/python"


def test_a_kernel_that_says_only_python_is_that_of_this_environment(folder, monkeypatch):
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["python3"], "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    assert around.kernels()["kernels"]["python3"] == sys.executable


def test_variables_that_matter_are_told_without_passwords(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:secret@packages.example.org/simple")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/local/cuda-12.1/lib64")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "of another program")
    monkeypatch.setenv("MY_SECRET", "x")
    found = around.variables()["variables"]
    assert found["PIP_INDEX_URL"] == "https://packages.example.org/simple"
    assert found["LD_LIBRARY_PATH"] == "/usr/local/cuda-12.1/lib64"
    assert "TF_CLI_CONFIG_FILE" not in found
    assert "MY_SECRET" not in found


@needs_sh
def test_pip_of_another_python_is_seen_once_the_environment_is_entered(tmp_path, monkeypatch):
    pip = tmp_path / "pip"
    pip.write_text("#!/somewhere/bin/python3.12\n")
    pip.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "venv"))
    assert interpreter.look()["python"]["pip_python"] == "/somewhere/bin/python3.12"
    monkeypatch.delenv("VIRTUAL_ENV")
    assert interpreter.look()["python"]["pip_python"] is None


@needs_sh
def test_pip_that_does_not_name_its_python_is_asked(tmp_path, monkeypatch):
    pip = tmp_path / "pip"
    said = "pip 26.3 from /usr/lib/python3/dist-packages/pip (python 3.11)"
    pip.write_text(f"#!/bin/sh\necho '{said}'\n")
    pip.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(pip))
    assert interpreter._python_of_pip() == "/usr/bin/python3"
