"""The one gate to the frameworks: is it there, in which version, and what to say if it is not."""

import importlib.metadata
import importlib.util
import sys

from apprenti.errors import ApprentiError

PACKAGES = {
    "pytorch": ("torch",),
    # Where the processor-only build exists it is enough, and half as large
    "tensorflow": ("tensorflow", "tensorflow-cpu"),
    "sklearn": ("scikit-learn",),
}
"""The distributions that provide each framework; the first one found counts."""

MODULES = {"pytorch": "torch", "tensorflow": "tensorflow", "sklearn": "sklearn"}


def version(framework: str) -> str | None:
    """Return the installed version of a framework, without importing it, or None."""
    if importlib.util.find_spec(MODULES[framework]) is None:
        return None
    for name in PACKAGES[framework]:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def require_package(name: str) -> None:
    """Raise the error that says how to install a package that one command needs, if it is missing.

    Its module and its distribution have one name.
    """
    if importlib.util.find_spec(name) is None:
        raise ApprentiError("package_missing", package=name, python=sys.executable or "python")


def require(framework: str) -> None:
    """Raise the error that says how to install this framework if it is missing."""
    if version(framework) is None:
        raise ApprentiError("framework_missing", framework=framework, extra=framework)
