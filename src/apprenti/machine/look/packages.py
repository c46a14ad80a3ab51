"""The installed distributions, and the builds of the frameworks, read from files."""

import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Any

from apprenti.machine.look.ask import read


def look() -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in metadata.distributions():
        name, version = each.name, each.version
        # The first on the path is the one that is imported; a damaged one has no name
        if name and version:
            plain = re.sub(r"[-_.]+", "-", name).lower()
            found.setdefault(plain, _described(plain, version, each))
    return {"packages": found}


def _described(name: str, version: str, each: metadata.Distribution) -> dict[str, Any]:
    number, _, build = version.partition("+")
    if name == "torch":
        build = torch_build(read(str(each.locate_file("torch/version.py")))) or build
    elif name in ("tensorflow", "tensorflow-cpu"):
        place = "tensorflow/python/platform/build_info.py"
        build = tensorflow_build(read(str(each.locate_file(place)))) or build
    return {"version": number, "build": build or None}


def torch_build(text: str) -> str:
    """Return "cpu" or "cu130" out of torch/version.py; "" on macOS, where there is one build."""
    suffix = re.search(r"__version__ = '[^'+]*\+([\w.]+)'", text)
    if suffix:
        return suffix.group(1)
    cuda = re.search(r"^cuda\b.*= '([\d.]+)'", text, re.MULTILINE)
    return f"cu{cuda.group(1).replace('.', '')}" if cuda else ""


def tensorflow_build(text: str) -> str:
    """Return "cpu", "cuda" or "cuda12.5.1" out of build_info.py, "" if it does not say."""
    built = re.search(r"is_cuda_build['\"], (True|False)", text)
    if not built:
        return ""
    version = re.search(r"cuda_version['\"], ['\"]([\d.]+)", text)
    number = version.group(1) if version else ""
    return f"cuda{number}" if built.group(1) == "True" else "cpu"


PLACES = (
    ("prefix", "lib/libiomp5.*"),
    ("prefix", "lib/libomp.*"),
    ("prefix", "Library/bin/libiomp5md.dll"),
    ("packages", "torch/lib/libiomp5*"),
    ("packages", "torch/lib/libomp.*"),
    ("packages", "torch/.dylibs/libomp.*"),
    ("packages", "sklearn/.dylibs/libomp.*"),
)
"""Where the OpenMP libraries of Intel and LLVM lie, two of which stop a program."""


def openmp_runtimes() -> dict[str, Any]:
    roots = {"prefix": Path(sys.prefix), "packages": Path(sysconfig.get_path("purelib"))}
    found = [str(path) for root, pattern in PLACES for path in sorted(roots[root].glob(pattern))]
    return {"openmp_runtimes": found}
