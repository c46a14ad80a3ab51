"""The Python that runs, its environment, and the Python for which the command pip installs."""

import os
import platform
import re
import shutil
import struct
import sys
import sysconfig
from pathlib import Path
from typing import Any

from apprenti.machine.look.ask import told


def look() -> dict[str, Any]:
    in_venv = sys.prefix != sys.base_prefix
    protected = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").exists()
    return {
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "bits": 8 * struct.calcsize("P"),
            "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            "executable": sys.executable,
            "prefix": sys.prefix,
            "in_venv": in_venv,
            "externally_managed": protected and not in_venv,
            "conda": Path(sys.prefix, "conda-meta").is_dir(),
            "store": "WindowsApps" in sys.base_prefix,
            "pip_python": _python_of_pip() if not in_venv or _is_entered() else None,
        }
    }


def _is_entered() -> bool:
    """Was the environment entered (activated)? Only then is the command pip expected to be its."""
    entered = os.environ.get("VIRTUAL_ENV", "")
    return bool(entered) and os.path.realpath(entered) == os.path.realpath(sys.prefix)


def _python_of_pip() -> str | None:
    """Return the interpreter of the command pip, None if there is none or it does not say."""
    pip = shutil.which("pip")
    if not pip:
        return None
    found = _interpreter_in(Path(pip)) or _prefix_told_by(pip)
    if found and os.path.realpath(found) == os.path.realpath(sys.executable):
        # Under another name (python3, python3.12), or through a link: it is this one
        same = sys.prefix == sys.base_prefix or Path(found).parent == Path(sys.executable).parent
        return sys.executable if same else found
    return found


def _interpreter_in(pip: Path) -> str | None:
    """Read the interpreter in the first line of a script; pip.exe stands beside its own."""
    if pip.suffix.lower() == ".exe":
        folders = (pip.parent, pip.parent.parent)
        there = [folder / "python.exe" for folder in folders if (folder / "python.exe").exists()]
        return str(there[0]) if there else None
    with open(pip, "rb") as file:
        first = file.readline(1000).decode("utf-8", "replace")
    found = re.match(r"#!\s*(\S*python[\d.]*)\s*$", first)
    return found.group(1) if found else None


def _prefix_told_by(pip: str) -> str | None:
    """Ask pip itself: "pip 26.3 from /usr/lib/python3/dist-packages/pip (python 3.11)"."""
    said = told([pip, "--version"], seconds=8)[1]
    found = re.search(r" from (.+?)[\\/](?:lib|Lib|lib64)[\\/]", said)
    if not found:
        return None
    if os.path.realpath(found.group(1)) == os.path.realpath(sys.prefix):
        return sys.executable
    return str(Path(found.group(1), "bin", "python3"))
