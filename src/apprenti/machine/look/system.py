"""The operating system: name, version, C library; emulated or not; inside Windows or not."""

import ctypes
import platform
import sys
import sysconfig
from pathlib import Path
from typing import Any

from apprenti.machine.look.ask import registry, sysctl

LIBCUDA_OF_WSL = Path("/usr/lib/wsl/lib/libcuda.so.1")


def look() -> dict[str, Any]:
    found: dict[str, Any] = {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
    }
    looks = {"Linux": _linux, "Darwin": _macos, "Windows": _windows}
    if found["system"] in looks:
        found.update(looks[found["system"]](found))
    return found


def _linux(found: dict[str, Any]) -> dict[str, Any]:
    musl = "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE"))
    name, version = ("musl", "") if musl else platform.libc_ver()
    wsl = wsl_version(found["release"])
    lent = LIBCUDA_OF_WSL.exists() if wsl else True
    return {"libc": name, "libc_version": version, "wsl": wsl, "wsl_libcuda": lent}


def wsl_version(release: str) -> int:
    """Return 1 or 2 for a Linux inside Windows by the release of its kernel, else 0.

    4.4.0-19041-Microsoft is that of WSL 1, 5.15.153.1-microsoft-standard-WSL2 that of WSL 2.
    """
    if "microsoft" not in release.lower():
        return 0
    return 1 if release.endswith("-Microsoft") else 2


def _macos(found: dict[str, Any]) -> dict[str, Any]:
    translated = found["architecture"] == "x86_64" and sysctl("sysctl.proc_translated") == "1"
    version = platform.mac_ver()[0]
    return {"macos": version, "emulated": "rosetta" if translated else None}


def _windows(found: dict[str, Any]) -> dict[str, Any]:
    build = getattr(sys, "getwindowsversion")().build  # noqa: B009
    long_paths = registry(r"SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled")
    # Python for x64 on a processor of ARM is told by the machine that Windows itself names
    native = str(
        registry(
            r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment",
            "PROCESSOR_ARCHITECTURE",
        )
    )
    architecture = "ARM64" if native == "ARM64" else found["architecture"]
    return {
        "architecture": architecture,
        "windows_build": build,
        "long_paths": long_paths == 1,
        "vc_runtime": vc_runtime(),
    }


VC_LIBRARIES = ("vcruntime140.dll", "msvcp140.dll", "vcruntime140_1.dll", "msvcp140_1.dll")


def vc_runtime() -> str | None:
    """Return the version of the Visual C++ runtime, None if one of its libraries is missing."""
    try:
        for library in VC_LIBRARIES:
            getattr(ctypes, "WinDLL")(library)  # noqa: B009
    except OSError:
        return None
    path = r"SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\X64"
    version = registry(path, "Version")
    # Some programs bring the libraries without their entry: they are there, of a version unknown
    return str(version).lstrip("v") if version else "14.99"
