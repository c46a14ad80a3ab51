"""The commands that mend a failure on this very machine: one function a cure."""

from collections.abc import Callable

from apprenti.command_line import written
from apprenti.doctor.failures import Failure, failure_named
from apprenti.doctor.reinstall import PIP, Lines, installs, part_for, pip
from apprenti.install.facts import FACTS, TENSORFLOWS, broken_pairs, pairs, satisfies
from apprenti.machine.machine import Machine


def commands_for(failure: str, machine: Machine) -> Lines:
    """Return the commands against a failure on this machine; none where none would help."""
    known = failure_named(failure)
    if known is None or not known.cure:
        return ()
    return (
        install_what_goes_together(machine, known)
        if known.cure == PAIR
        else CURES[known.cure](machine)
    )


def undo_for(failure: str, machine: Machine) -> Lines:
    """Return what takes the commands against a failure back, where there is such a thing."""
    known = failure_named(failure)
    undo = UNDO.get(known.cure) if known else None
    return undo(machine) if undo else ()


def _unset(machine: Machine, name: str) -> str:
    return f"Remove-Item Env:{name}" if machine.system == "Windows" else f"unset {name}"


def _set(machine: Machine, name: str, value: str) -> str:
    if machine.system == "Windows":
        return f'$env:{name} = "{value}"'
    return f"export {name}={value}"


# ---- One function a cure


def install_pytorch(machine: Machine) -> Lines:
    return installs(machine, "pytorch")


def install_tensorflow(machine: Machine) -> Lines:
    return installs(machine, "tensorflow")


def install_both_frameworks(machine: Machine) -> Lines:
    return installs(machine, "pytorch", "tensorflow")


def install_into_this_python(machine: Machine) -> Lines:
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
    return (written(*PIP[:2], "ipykernel", "install", "--sys-prefix"),)


def rename_the_files(machine: Machine) -> Lines:
    move = "ren" if machine.system == "Windows" else "mv"
    found = []
    for path in machine.shadows:
        folder, _, name = path.rstrip("/\\").replace("\\", "/").rpartition("/")
        place = f"{folder}/" if folder else ""
        target = f"my_{name}" if move == "ren" else f"{place}my_{name}"
        found.append(written(move, f"{place}{name}", target))
    return tuple(found)


def install_visual_cpp(machine: Machine) -> Lines:
    windows = machine.system == "Windows"
    return ("winget install --exact --id Microsoft.VCRedist.2015+.x64",) if windows else ()


def install_pytorch_and_visual_cpp(machine: Machine) -> Lines:
    return (*installs(machine, "pytorch"), *install_visual_cpp(machine))


def install_for_the_apple_chip(machine: Machine) -> Lines:
    return install_both_frameworks(machine) if machine.emulated == "rosetta" else ()


def install_pytorch_for_the_card(machine: Machine) -> Lines:
    return installs(machine, "pytorch") if machine.nvidia else ()


def clear_the_library_path(machine: Machine) -> Lines:
    return (_unset(machine, "LD_LIBRARY_PATH"),)


def install_tensorflow_for_the_card(machine: Machine) -> Lines:
    path = clear_the_library_path(machine) if "LD_LIBRARY_PATH" in machine.variables else ()
    return (*path, *installs(machine, "tensorflow"))


def restart_the_machine(machine: Machine) -> Lines:
    return ("shutdown /r /t 0" if machine.system == "Windows" else "sudo reboot",)


def update_wsl(machine: Machine) -> Lines:
    return ("wsl --update", "wsl --shutdown") if machine.wsl else ()


def install_what_goes_together(machine: Machine, failure: Failure) -> Lines:
    """Mend the pair that is broken here: the framework as it should be, else the other package."""
    broken = [(n, p) for n, p in broken_pairs(machine.packages) if p.trouble == failure.id]
    needed = [f"{pair.needs}{pair.range}" for _, pair in broken]
    frameworks = {"torch": "pytorch", **dict.fromkeys(TENSORFLOWS, "tensorflow")}
    names = list(dict.fromkeys(frameworks[n] for n, _ in broken if n in frameworks))
    install = installs(machine, *names) if names else ()
    return install or pip("install", *(needed or [failure.requirement]))


def install_torchvision(machine: Machine) -> Lines:
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


def allow_long_paths(machine: Machine) -> Lines:
    return (_long_paths(1),) if machine.system == "Windows" else ()


def make_room(machine: Machine) -> Lines:
    temporary = machine.free_temp_mb < machine.free_disk_mb and machine.free_temp_mb < 4000
    folder = "/".join([machine.python.prefix, "tmp"])
    if not temporary:
        return pip("cache", "purge")
    if machine.system == "Windows":
        return (*pip("cache", "purge"), _set(machine, "TEMP", folder))
    return (*pip("cache", "purge"), f"mkdir -p {folder}", _set(machine, "TMPDIR", folder))


def install_with_little_memory(machine: Machine) -> Lines:
    """Return what installs the frameworks, without a copy of the downloads."""
    lines = installs(machine, "pytorch", "tensorflow")
    spared = [line.replace(" install ", " install --no-cache-dir ", 1) for line in lines]
    return tuple(
        new if "--no-cache-dir" not in old and " pip " in old else old
        for old, new in zip(lines, spared, strict=True)
    )


def allow_scripts(machine: Machine) -> Lines:
    windows = machine.system == "Windows"
    return ("Set-ExecutionPolicy -Scope CurrentUser RemoteSigned",) if windows else ()


def keep_keras_2(machine: Machine) -> Lines:
    return (*pip("install", "tf-keras"), _set(machine, "TF_USE_LEGACY_KERAS", "1"))


def leave_the_rest_to_the_processor(machine: Machine) -> Lines:
    return (_set(machine, "PYTORCH_ENABLE_MPS_FALLBACK", "1"),)


def trust_the_certificates(machine: Machine) -> Lines:
    if machine.system == "Darwin":
        line = "{}.{}".format(*machine.python.line)
        return (f'open "/Applications/Python {line}/Install Certificates.command"',)
    return pip("config", "set", "global.cert", "CERTIFICATE.pem")


def install_another_tensorflow(machine: Machine) -> Lines:
    if machine.system == "Windows" and machine.nvidia:
        return ("wsl --install",)
    return installs(machine, "tensorflow")


def install_pytorch_for_the_processor(machine: Machine) -> Lines:
    linux = machine.system == "Linux" and not machine.nvidia and not machine.nvidia_trouble
    return installs(machine, "pytorch") if linux else ()


def quote_the_brackets(machine: Machine) -> Lines:
    return pip("install", "tensorflow[and-cuda]")


def remove_tensorflow_metal(machine: Machine) -> Lines:
    return pip("uninstall", "--yes", "tensorflow-metal")


def install_triton(machine: Machine) -> Lines:
    return pip("install", "triton-windows") if machine.system == "Windows" else ()


CURES = {
    cure.__name__: cure
    for cure in (
        install_tensorflow,
        install_pytorch,
        install_both_frameworks,
        install_into_this_python,
        rename_the_files,
        install_visual_cpp,
        install_pytorch_and_visual_cpp,
        install_for_the_apple_chip,
        install_pytorch_for_the_card,
        install_tensorflow_for_the_card,
        clear_the_library_path,
        restart_the_machine,
        update_wsl,
        install_torchvision,
        allow_long_paths,
        make_room,
        install_with_little_memory,
        quote_the_brackets,
        remove_tensorflow_metal,
        leave_the_rest_to_the_processor,
        install_triton,
        allow_scripts,
        keep_keras_2,
        trust_the_certificates,
        install_another_tensorflow,
        install_pytorch_for_the_processor,
    )
}
"""The commands of each cure that failures.toml names, but for PAIR."""

PAIR = "install_what_goes_together"
"""The cure that asks which pair of packages is broken, and so which failure it is for."""


def _short_paths(machine: Machine) -> Lines:
    return (_long_paths(0),) if machine.system == "Windows" else ()


def _no_policy(machine: Machine) -> Lines:
    windows = machine.system == "Windows"
    return ("Set-ExecutionPolicy -Scope CurrentUser Undefined",) if windows else ()


def _no_fallback(machine: Machine) -> Lines:
    return (_unset(machine, "PYTORCH_ENABLE_MPS_FALLBACK"),)


UNDO: dict[str, Callable[[Machine], Lines]] = {
    "allow_long_paths": _short_paths,
    "allow_scripts": _no_policy,
    "leave_the_rest_to_the_processor": _no_fallback,
}
"""What takes a cure back."""
