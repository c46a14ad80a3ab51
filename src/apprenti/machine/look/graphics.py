"""The GPUs: of NVIDIA through its driver's own tool, of others by what the system lists.

A CUDA toolkit (nvcc on the PATH) proves nothing about a GPU and is not looked for.
"""

import os
import platform
import re
import shutil
from pathlib import Path
from typing import Any

from apprenti.machine.look.ask import read, registry, sysctl, told

COLUMNS = "name,driver_version,compute_cap,memory.total"
BROKEN_IN_WSL = "CUDA Version: ERR!"
ABSENT = "nvidia-smi: not found"


def look() -> dict[str, Any]:
    system = platform.system()
    if system == "Darwin":
        arm = platform.machine() == "arm64"
        return {"apple_gpu": sysctl("machdep.cpu.brand_string") if arm else ""}
    cards, trouble = nvidia()
    makers = _listed_by_windows() if system == "Windows" else _listed_by_linux()
    if makers["NVIDIA"] and not cards and not trouble:
        trouble = ABSENT
    return {
        "nvidia": cards,
        "nvidia_trouble": trouble,
        "amd": makers["AMD"],
        "intel_gpus": makers["Intel"],
    }


def _nvidia_smi() -> str | None:
    elsewhere = (
        Path("/usr/lib/wsl/lib/nvidia-smi"),
        Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "nvidia-smi.exe"),
    )
    there = [str(path) for path in elsewhere if path.is_file()]
    return shutil.which("nvidia-smi") or next(iter(there), None)


def nvidia() -> tuple[list[dict[str, Any]], str]:
    """Return the NVIDIA cards, and what nvidia-smi said if it failed."""
    program = _nvidia_smi()
    if not program:
        return [], ""
    words = [program, f"--query-gpu={COLUMNS}", "--format=csv,noheader,nounits"]
    status, said = told(words)
    if status == -1 and not said:
        return [], f"{Path(program).name}: -"
    cards = [card for card in map(_card, said.splitlines()) if card] if status == 0 else []
    if not cards:
        return [], said.splitlines()[0].strip() if said else f"nvidia-smi: {status}"
    if "microsoft" in platform.release().lower() and "ERR!" in told([program])[1]:
        return cards, BROKEN_IN_WSL
    return cards, ""


def _card(row: str) -> dict[str, Any] | None:
    """Read "NVIDIA GeForce RTX 4070, 580.95.05, 8.9, 12282"; a part may be "[N/A]"."""
    parts = [part.strip() for part in row.split(",")]
    if len(parts) != 4 or not re.match(r"\d+\.\d+", parts[1]):
        return None
    memory = int(parts[3]) if parts[3].isdigit() else 0
    compute = parts[2] if re.match(r"\d+\.\d+", parts[2]) else "0"
    return {"name": parts[0], "driver": parts[1], "compute": compute, "memory_mb": memory}


MAKERS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
PCI = Path("/sys/bus/pci/devices")


def _listed_by_linux() -> dict[str, list[str]]:
    """Return the display adapters on the PCI bus by their maker (none inside WSL)."""
    found: dict[str, list[str]] = {maker: [] for maker in MAKERS.values()}
    for device in sorted(PCI.glob("*")) if PCI.is_dir() else []:
        maker = MAKERS.get(read(device / "vendor").strip())
        if maker and read(device / "class").startswith("0x03"):
            found[maker].append(_name_of(device.name) or f"{maker} GPU")
    return found


def _name_of(address: str) -> str:
    lspci = shutil.which("lspci")
    said = told([lspci, "-mm", "-s", address], seconds=3)[1] if lspci else ""
    parts = re.findall(r'"([^"]*)"', said)
    return f"{parts[1]} {parts[2]}" if len(parts) > 2 else ""


ADAPTERS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


def _listed_by_windows() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {maker: [] for maker in MAKERS.values()}
    for number in range(8):
        name = str(registry(rf"{ADAPTERS}\{number:04}", "DriverDesc") or "")
        for maker in found:
            if maker.lower() in name.lower() or (maker == "AMD" and "radeon" in name.lower()):
                found[maker].append(name)
    return found
