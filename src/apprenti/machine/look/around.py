"""What stands around Python: files that hide a package, kernels of notebooks, variables."""

import json
import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apprenti.machine.look.ask import read

NAMES = ("torch", "tensorflow", "keras", "numpy", "torchvision", "pandas", "sklearn", "matplotlib")


def shadows() -> dict[str, Any]:
    """Find what hides a package: in the current folder, then in those of PYTHONPATH."""
    here = list(_hiding(Path()))
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [Path(folder) for folder in path if folder and Path(folder) != Path().absolute()]
    found = [str(folder / name) for folder in others for name in _hiding(folder)]
    return {"shadows": [*here, *found]}


def _hiding(folder: Path) -> Iterator[str]:
    for name in NAMES:
        if (folder / f"{name}.py").is_file():
            yield f"{name}.py"
        # A folder without __init__.py gives way to a package; with its dist-info it is the package
        elif (folder / name / "__init__.py").is_file() and not any(folder.glob("*.dist-info")):
            yield f"{name}{os.sep}"


def kernels() -> dict[str, Any]:
    """Find the Python of each notebook kernel; of two kernels of a name, the first counts."""
    found: dict[str, str] = {}
    for folder in _jupyter_folders():
        for path in sorted(folder.glob("kernels/*/kernel.json")):
            content = json.loads(read(path) or "{}")
            words = content.get("argv") or [""]
            if content.get("language", "python") == "python" and words[0]:
                found.setdefault(path.parent.name, _whole(words[0]))
    return {"kernels": found}


def _whole(program: str) -> str:
    """Return the Python that a kernel starts; "python" alone is that of Jupyter's environment."""
    if Path(program).stem.rstrip("0123456789.") == "python" and not Path(program).is_absolute():
        return sys.executable
    return program


def _jupyter_folders() -> list[Path]:
    home = Path.home()
    own = {
        "Darwin": home / "Library" / "Jupyter",
        "Windows": Path(os.environ.get("APPDATA", home), "jupyter"),
    }.get(platform.system(), home / ".local" / "share" / "jupyter")
    if "JUPYTER_DATA_DIR" in os.environ:
        own = Path(os.environ["JUPYTER_DATA_DIR"])
    given = [Path(each) for each in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if each]
    environment = Path(sys.prefix, "share", "jupyter")
    system = [Path("/usr/local/share/jupyter"), Path("/usr/share/jupyter")]
    entered = sys.prefix != sys.base_prefix
    return [*given, *((environment, own) if entered else (own, environment)), *system]


MATTER = re.compile(
    r"(?:DY)?LD_LIBRARY_PATH|PYTHONPATH|PYTHONHOME|CUDA_(?:VISIBLE_DEVICES|HOME|PATH)|XLA_FLAGS"
    r"|OMP_NUM_THREADS|KERAS_BACKEND|(?:TF_(?!CLI_)|KMP_|PYTORCH_|PIP_|HIP_|ROCR_|HSA_)\w+"
)


def variables() -> dict[str, Any]:
    """Return the variables that matter, without the passwords that an address may hold."""
    return {
        "variables": {
            name: re.sub(r"://[^/@\s]*@", "://", value)
            for name, value in sorted(os.environ.items())
            if MATTER.fullmatch(name) and value
        }
    }
