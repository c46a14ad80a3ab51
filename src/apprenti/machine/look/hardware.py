"""Processor, memory and disk."""

import ctypes
import os
import platform
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from apprenti.machine.look.ask import read, registry, sysctl

X86 = ("x86_64", "AMD64", "i686", "i386", "x86")


def processor() -> dict[str, Any]:
    names = {"Linux": _linux, "Darwin": _macos, "Windows": _windows}
    found = names.get(platform.system(), dict)()
    return {"processor": {"cores": _cores(), **found}}


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _linux() -> dict[str, Any]:
    text = read("/proc/cpuinfo")
    name = re.search(r"^(?:model name|Model|cpu model)\s*:\s*(.+)$", text, re.MULTILINE)
    found: dict[str, Any] = {"name": name.group(1).strip() if name else ""}
    flags = re.search(r"^flags\s*:\s*(.+)$", text, re.MULTILINE)
    if flags:
        has = set(flags.group(1).split())
        found.update(avx="avx" in has, avx2="avx2" in has, sse41="sse4_1" in has)
    return found


def _macos() -> dict[str, Any]:
    found: dict[str, Any] = {"name": sysctl("machdep.cpu.brand_string")}
    if platform.machine() in X86:
        features = sysctl("machdep.cpu.features", "machdep.cpu.leaf7_features").upper().split()
        flags = {"avx": "AVX1.0", "avx2": "AVX2", "sse41": "SSE4.1"}
        # Nothing at all is no answer, and no reason to worry
        found.update({name: flag in features for name, flag in flags.items() if features})
    return found


SSE41, AVX2 = 37, 40
"""What winnt.h calls PF_SSE4_1_INSTRUCTIONS_AVAILABLE and PF_AVX2_INSTRUCTIONS_AVAILABLE."""

KNOWS_THEM = 19041
"""The first build of Windows that answers for these; before, "no" means nothing."""

AVX_STATE = 4
"""The bit of GetEnabledXStateFeatures that stands for AVX, in every Windows since 7."""


def _windows() -> dict[str, Any]:
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    build = getattr(sys, "getwindowsversion")().build  # noqa: B009
    kernel.GetEnabledXStateFeatures.restype = ctypes.c_uint64
    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    found: dict[str, Any] = {"name": str(registry(path, "ProcessorNameString") or "").strip()}
    if platform.machine() in X86:
        found["avx"] = bool(kernel.GetEnabledXStateFeatures() & AVX_STATE)
        if build >= KNOWS_THEM:
            found["avx2"] = bool(kernel.IsProcessorFeaturePresent(AVX2))
            found["sse41"] = bool(kernel.IsProcessorFeaturePresent(SSE41))
    return found


def memory() -> dict[str, Any]:
    import psutil

    installed = int(psutil.virtual_memory().total)
    return {"memory_mb": min(installed, _limit() or installed) // 10**6}


LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def _limit() -> int:
    """Return the bytes that a container may use, 0 if there is no limit."""
    for path in LIMITS:
        text = read(path).strip()
        if text.isdigit():
            return int(text)
    return 0


def disk() -> dict[str, Any]:
    free, temporary = (
        shutil.disk_usage(folder).free // 10**6 for folder in (sys.prefix, _temporary())
    )
    return {"free_disk_mb": free, "free_temp_mb": temporary, "prefix_length": len(sys.prefix)}


def _temporary() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:  # no folder can be written to: the disk is full
        return Path(sys.prefix)
