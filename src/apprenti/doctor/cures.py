"""The commands that mend a failure on this very machine, through the decisions of `install`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from apprenti.doctor.decisions import decide, refused_environment
from apprenti.doctor.facts import FACTS, SAFEST_PYTHON, TENSORFLOWS, broken_pairs, pairs, satisfies
from apprenti.doctor.guide import python_commands, venv_commands
from apprenti.doctor.machine import Machine
from apprenti.doctor.plan import Part, Plan, commands, written

SYSTEMS = {"Windows": "windows", "Darwin": "macos"}
PIP = ("python", "-m", "pip")
Lines = tuple[str, ...]


def system_of(machine: Machine) -> str:
    """Return the name that the guide has for the system."""
    return SYSTEMS.get(machine.system, "linux")


def part_for(machine: Machine, framework: str) -> Part | None:
    """Return what this machine gets for a framework, None if nothing fits."""
    found = decide(machine, [framework])
    return found.parts[0] if isinstance(found, Plan) else None


def installs(machine: Machine, *names: str) -> Lines:
    """Return what installs these frameworks as they should be here: in a fresh environment where
    this one is not ours to change, with another Python where this one does not do."""
    found = decide(machine, names)
    line = "{}.{}".format(*machine.python.line)
    before: Lines = ()
    if not isinstance(found, Plan):
        nearest = found.nearest
        if nearest is None or nearest.plan is None or nearest.key != "python":
            return ELSEWHERE.get(nearest.key, ()) if nearest else ()
        line = nearest.values["python"]
        found = nearest.plan
        before = python_commands(system_of(machine), line)
    if before or refused_environment(machine) is not None:
        before = (*before, *venv_commands(system_of(machine), line))
        found = _everything(machine, names, line) or found
    return (*before, *(written(words) for words in commands(found)))


ELSEWHERE: dict[str, Lines] = {
    "wsl": ("wsl --install",),
    "container": (
        f'docker run -it --rm -v "$PWD:/work" -w /work python:{SAFEST_PYTHON[0]}-slim bash',
    ),
}
"""What opens another system on this machine, where nothing can be installed in its own."""


def _everything(machine: Machine, names: Sequence[str], line: str) -> Plan | None:
    """Return the plan for an empty environment with this Python."""
    python = replace(
        machine.python, version=f"{line}.0", in_venv=True, conda=False, externally_managed=False
    )
    architecture = "arm64" if machine.emulated else machine.architecture
    python = replace(python, implementation="CPython", bits=64, free_threaded=False)
    empty = replace(machine, python=python, packages={}, emulated=None, architecture=architecture)
    found = decide(empty, names)
    return found if isinstance(found, Plan) else None


def pip(*words: str) -> Lines:
    return (written([*PIP, *words]),)


def commands_for(failure: str, machine: Machine) -> Lines:
    """Return the commands against a failure on this machine; none where none would help."""
    maker = MAKERS.get(failure)
    return maker(machine) if maker else ()


def undo_for(failure: str, machine: Machine) -> Lines:
    """Return what takes the commands against a failure back, where there is such a thing."""
    if machine.system == "Windows" and failure == "F33":
        return (_long_paths(0),)
    if machine.system == "Windows" and failure == "F44":
        return ("Set-ExecutionPolicy -Scope CurrentUser Undefined",)
    return {"F40": (_unset(machine, "PYTORCH_ENABLE_MPS_FALLBACK"),)}.get(failure, ())


# ---- One maker a failure


def _framework(name: str) -> Callable[[Machine], Lines]:
    return lambda machine: installs(machine, name)


def _both(machine: Machine) -> Lines:
    return installs(machine, "pytorch", "tensorflow")


def _right_python(machine: Machine) -> Lines:
    """The package goes where this Python looks; what is there already needs a kernel at most."""
    missing = [name for name in ("torch", "tensorflow") if not _has(machine, name)]
    words = {"torch": "pytorch", "tensorflow": "tensorflow"}
    install = installs(machine, *(words[name] for name in missing)) if missing else ()
    return (*install, *(kernel(machine) if "ipykernel" in machine.packages else ()))


def _has(machine: Machine, name: str) -> bool:
    names = TENSORFLOWS if name == "tensorflow" else (name,)
    return any(each in machine.packages for each in names)


def kernel(machine: Machine) -> Lines:
    """Return the command that makes this environment the kernel of notebooks started from it."""
    return (written([*PIP[:2], "ipykernel", "install", "--sys-prefix"]),)


def _rename(machine: Machine) -> Lines:
    move = "ren" if machine.system == "Windows" else "mv"
    found = []
    for path in machine.shadows:
        folder, _, name = path.rstrip("/\\").replace("\\", "/").rpartition("/")
        place = f"{folder}/" if folder else ""
        target = f"my_{name}" if move == "ren" else f"{place}my_{name}"
        found.append(written([move, f"{place}{name}", target]))
    return tuple(found)


def _vc(machine: Machine) -> Lines:
    windows = machine.system == "Windows"
    return ("winget install --exact --id Microsoft.VCRedist.2015+.x64",) if windows else ()


def _new_torch(machine: Machine) -> Lines:
    return (*installs(machine, "pytorch"), *_vc(machine))


def _native(machine: Machine) -> Lines:
    return _both(machine) if machine.emulated == "rosetta" else ()


def _cuda_torch(machine: Machine) -> Lines:
    return installs(machine, "pytorch") if machine.nvidia else ()


def _unset(machine: Machine, name: str) -> str:
    return f"Remove-Item Env:{name}" if machine.system == "Windows" else f"unset {name}"


def _set(machine: Machine, name: str, value: str) -> str:
    if machine.system == "Windows":
        return f'$env:{name} = "{value}"'
    return f"export {name}={value}"


def _library_path(machine: Machine) -> Lines:
    return (_unset(machine, "LD_LIBRARY_PATH"),)


def _tensorflow_cuda(machine: Machine) -> Lines:
    path = _library_path(machine) if "LD_LIBRARY_PATH" in machine.variables else ()
    return (*path, *installs(machine, "tensorflow"))


def _restart(machine: Machine) -> Lines:
    return ("shutdown /r /t 0" if machine.system == "Windows" else "sudo reboot",)


def _wsl(machine: Machine) -> Lines:
    return ("wsl --update", "wsl --shutdown") if machine.wsl else ()


def _pair(failure: str, otherwise: str) -> Callable[[Machine], Lines]:
    """Mend the pair that is broken here: the framework as it should be, else the other package."""

    def make(machine: Machine) -> Lines:
        broken = [(n, p) for n, p in broken_pairs(machine.packages) if p.trouble == failure]
        needed = [f"{pair.needs}{pair.range}" for _, pair in broken]
        frameworks = {"torch": "pytorch", **dict.fromkeys(TENSORFLOWS, "tensorflow")}
        names = list(dict.fromkeys(frameworks[n] for n, _ in broken if n in frameworks))
        return (names and installs(machine, *names)) or pip("install", *(needed or [otherwise]))

    return make


def _torchvision(machine: Machine) -> Lines:
    """Both in one command from one index, in versions that belong together."""
    torch = machine.packages.get("torch")
    rows = [pair for pair in pairs() if pair.packages == ("torchvision",)]
    fitting = [p.versions for p in rows if torch and satisfies(torch.version, p.range)]
    build = (torch.build if torch else None) or ""
    part = part_for(machine, "pytorch")
    usual = machine.system != "Linux" and build == "cpu"
    index = "" if usual or not build else f"{FACTS['torch_index']}{build}"
    if torch is None and part:
        index = part.index
    same = f"torch=={torch.version}" if torch else "torch"
    wanted = f"torchvision{fitting[-1]}" if fitting else "torchvision"
    return pip("install", same, wanted, *(["--index-url", index] if index else []))


def _long_paths(value: int) -> str:
    key = r'"HKLM:\SYSTEM\CurrentControlSet\Control\FileSystem"'
    rest = f"-Name LongPathsEnabled -Value {value} -PropertyType DWORD -Force"
    return f"New-ItemProperty -Path {key} {rest}"


def _paths(machine: Machine) -> Lines:
    return (_long_paths(1),) if machine.system == "Windows" else ()


def _space(machine: Machine) -> Lines:
    temporary = machine.free_temp_mb < machine.free_disk_mb and machine.free_temp_mb < 4000
    folder = "/".join([machine.python.prefix, "tmp"])
    if not temporary:
        return pip("cache", "purge")
    if machine.system == "Windows":
        return (*pip("cache", "purge"), _set(machine, "TEMP", folder))
    return (*pip("cache", "purge"), f"mkdir -p {folder}", _set(machine, "TMPDIR", folder))


def _sparing(machine: Machine) -> Lines:
    """Return what installs the frameworks, without a copy of the downloads."""
    lines = installs(machine, "pytorch", "tensorflow")
    spared = [line.replace(" install ", " install --no-cache-dir ", 1) for line in lines]
    return tuple(
        new if "--no-cache-dir" not in old and " pip " in old else old
        for old, new in zip(lines, spared, strict=True)
    )


def _policy(machine: Machine) -> Lines:
    windows = machine.system == "Windows"
    return ("Set-ExecutionPolicy -Scope CurrentUser RemoteSigned",) if windows else ()


def _legacy_keras(machine: Machine) -> Lines:
    return (*pip("install", "tf-keras"), _set(machine, "TF_USE_LEGACY_KERAS", "1"))


def _fallback(machine: Machine) -> Lines:
    return (_set(machine, "PYTORCH_ENABLE_MPS_FALLBACK", "1"),)


def _certificates(machine: Machine) -> Lines:
    if machine.system == "Darwin":
        line = "{}.{}".format(*machine.python.line)
        return (f'open "/Applications/Python {line}/Install Certificates.command"',)
    return pip("config", "set", "global.cert", "CERTIFICATE.pem")


def _other_tensorflow(machine: Machine) -> Lines:
    if machine.system == "Windows" and machine.nvidia:
        return ("wsl --install",)
    return installs(machine, "tensorflow")


def _processor_torch(machine: Machine) -> Lines:
    linux = machine.system == "Linux" and not machine.nvidia and not machine.nvidia_trouble
    return installs(machine, "pytorch") if linux else ()


def _triton(machine: Machine) -> Lines:
    return pip("install", "triton-windows") if machine.system == "Windows" else ()


MAKERS: dict[str, Callable[[Machine], Lines]] = {
    "F01": _framework("tensorflow"),
    "F02": _framework("pytorch"),
    "F03": _framework("tensorflow"),
    "F04": _both,
    "F05": _right_python,
    "F06": _rename,
    **dict.fromkeys(("F07", "F08", "F09", "F10"), _vc),
    "F11": _new_torch,
    "F12": _native,
    "F13": _native,
    "F14": _cuda_torch,
    "F15": _cuda_torch,
    "F16": _cuda_torch,
    "F17": _framework("tensorflow"),
    "F19": _tensorflow_cuda,
    "F20": _tensorflow_cuda,
    "F21": _tensorflow_cuda,
    "F22": _library_path,
    "F23": _restart,
    "F24": _wsl,
    "F25": _pair("F25", "numpy<2"),
    "F26": _pair("F26", "numpy>=2"),
    "F27": _pair("F27", "protobuf<6"),
    "F28": _pair("F28", "protobuf>=6.31.1,<8"),
    "F29": _pair("F29", "protobuf<3.20"),
    "F30": _torchvision,
    "F31": _pair("F31", "tensorboard>=2.21"),
    "F32": _both,
    "F33": _paths,
    "F34": _space,
    "F35": _sparing,
    "F36": lambda machine: pip("install", "tensorflow[and-cuda]"),
    "F37": _framework("tensorflow"),
    "F38": lambda machine: pip("uninstall", "--yes", "tensorflow-metal"),
    "F39": _native,
    "F40": _fallback,
    "F41": _both,
    "F42": _triton,
    "F44": _policy,
    "F45": _legacy_keras,
    "F46": _certificates,
    "F47": _other_tensorflow,
    "F48": _processor_torch,
}


def values(machine: Machine) -> dict[str, str]:
    """Return the facts that the sentences of texts/*/failures.toml leave open."""
    drivers = FACTS["drivers"]
    system = "Windows" if machine.system == "Windows" else "Linux"
    found = {"python": SAFEST_PYTHON[0], "other": SAFEST_PYTHON[1]}
    found["vc"] = FACTS["vc_runtime"]["address"]
    found.update(driver12=drivers["12"][system], driver13=drivers["13"][system])
    for name, package in (("tf", "tensorflow"), ("torch", "torch")):
        rows = [row for row in FACTS["releases"][package] if not row.get("prerelease")]
        found[f"oldest_{name}"], found[f"newest_{name}"] = rows[0]["python"]
    return found
