"""A bundle: all that a class installs without the Internet, in one folder, with a manifest.

    DIR/manifest.json   each system with its wheels, and the size and SHA-256 of every file
    DIR/apprenti/       the project itself
    DIR/wheels/         the packages of all the systems
    DIR/data/mnist/     the digits, where they were at hand

`python start.py --bundle DIR` makes it and `--from DIR` installs from it. The manifest is written
again after each package: what was interrupted goes on from there.
Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.machine.machine import Machine

MANIFEST, WHEELS, PROJECT, DATA = "manifest.json", "wheels", "apprenti", "data"

MNIST = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)

TAKEN = (
    "start.py",
    "pyproject.toml",
    "constraints.txt",
    "README.md",
    "README.fr.md",
    "LICENSE",
    "CHANGELOG.md",
    "docs",
    "src",
)
"""What of the project goes along: all but its tests, its history and what it has made."""


class System(NamedTuple):
    """A system that wheels are fetched for: its names in Python, and the tags that it accepts."""

    system: str
    architecture: str
    sys_platform: str
    os_name: str
    tags: tuple[str, ...]


def _manylinux(architecture: str) -> tuple[str, ...]:
    old = tuple(f"manylinux{name}_{architecture}" for name in ("2014", "2010", "1"))
    return (*(f"manylinux_2_{minor}_{architecture}" for minor in range(28, 4, -1)), *old)


SYSTEMS = {
    "linux": System("Linux", "x86_64", "linux", "posix", _manylinux("x86_64")),
    "linux-arm": System("Linux", "aarch64", "linux", "posix", _manylinux("aarch64")),
    "mac": System("Darwin", "arm64", "darwin", "posix", ("macosx_14_0_arm64",)),
    "windows": System("Windows", "AMD64", "win32", "nt", ("win_amd64",)),
}


class UnusableError(Exception):
    """Why a bundle cannot be made or used: the name of a sentence in start.py, and its values."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


class Wanted(NamedTuple):
    """A package to fetch: its normal name, what pip is asked for, its extras, and from where."""

    name: str
    requirement: str
    extras: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Target:
    """A system with a Python, by the name that they have on the command line: "windows-3.12"."""

    system: str
    python: str

    @property
    def name(self) -> str:
        return f"{self.system}-{self.python}"

    @property
    def machine(self) -> Machine:
        """An ordinary one of its kind, without an NVIDIA GPU."""
        known = SYSTEMS[self.system]
        facts = {"system": known.system, "architecture": known.architecture}
        return Machine.from_json({**facts, "python": {"version": f"{self.python}.9"}})

    @property
    def markers(self) -> dict[str, str]:
        """What the conditions of requirements are asked about."""
        known = SYSTEMS[self.system]
        return {
            "python_version": self.python,
            "python_full_version": f"{self.python}.9",
            "implementation_version": f"{self.python}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_system": known.system,
            "platform_machine": known.architecture,
            "platform_release": "",
            "platform_version": "",
            "sys_platform": known.sys_platform,
            "os_name": known.os_name,
        }

    def pip_words(self, wanted: Wanted, folder: Path) -> list[str]:
        """Return what pip is told to fetch one package for this system."""
        tags = [word for tag in SYSTEMS[self.system].tags for word in ("--platform", tag)]
        python = ["--python-version", self.python, "--implementation", "cp"]
        index = ["--index-url", wanted.source] if wanted.source else []
        words = ["download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", *tags, *python]
        return [*words, "--dest", str(folder), *index, wanted.requirement]


def target_named(
    name: str, python: str, oldest: tuple[int, int], newest: tuple[int, int]
) -> Target:
    """Read "windows" or "windows-3.12"; without a version it is that of `python`."""
    found = re.match(r"(.+?)(?:-(\d)\.(\d+))?$", name)
    system = found.group(1) if found else name
    line = (int(found.group(2)), int(found.group(3))) if found and found.group(2) else None
    if system not in SYSTEMS or (line and not oldest <= line <= newest):
        lines = [f"{oldest[0]}.{minor}" for minor in range(oldest[1], newest[1] + 1)]
        known = {"systems": " | ".join(SYSTEMS), "pythons": " | ".join(lines)}
        raise UnusableError("bundle_system", name=name, **known)
    return Target(system, "{}.{}".format(*line) if line else python)


def target_of(machine: Machine) -> Target | None:
    """Return which of the systems a machine is, if it is one of them."""
    for name, known in SYSTEMS.items():
        if (machine.system, machine.architecture) == (known.system, known.architecture):
            return Target(name, "{}.{}".format(*machine.python.line))
    return None


def normal(name: str) -> str:
    """Return the name of a distribution as all spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# ---- The folder


@dataclass
class Bundle:
    """The folder with its manifest, as far as it is filled."""

    folder: Path
    systems: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    complete: bool = False
    inputs: str = ""
    """Of which project the packages are: a digest of its pins."""

    @staticmethod
    def open(folder: Path) -> Bundle:
        """Read the manifest of a folder; one without a manifest is refused unless it is empty."""
        path = folder / MANIFEST
        if not path.is_file():
            if folder.is_dir() and any(folder.iterdir()):
                raise UnusableError("bundle_not_empty", path=folder)
            return Bundle(folder)
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            known = {name: read[name] for name in ("systems", "files", "complete", "inputs")}
            for facts in known["files"].values():
                facts["size"] + 0, facts["sha256"] + ""
            for facts in known["systems"].values():
                facts["wheels"].values(), facts["frameworks"] + []
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnusableError("bundle_damaged", path=path) from error
        return Bundle(folder, **known)

    def write(self) -> None:
        """Write the manifest, whole or not at all."""
        facts = {name: getattr(self, name) for name in ("complete", "inputs", "systems", "files")}
        aside = self.folder / (MANIFEST + ".new")
        aside.write_text(json.dumps(facts, indent=1, sort_keys=True), encoding="utf-8")
        os.replace(str(aside), str(self.folder / MANIFEST))

    def add(self, path: Path, place: str) -> None:
        """Move or copy a file to its place, and note its size and checksum."""
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.name == ARRIVING:
            os.replace(str(path), str(target))
        else:
            shutil.copyfile(str(path), str(target))
        self.files[place] = {"size": target.stat().st_size, "sha256": digest(target)}

    def has(self, place: str) -> bool:
        """Say whether a file of the manifest is there with its size."""
        path = self.folder / place
        return place in self.files and path.is_file() and (
            path.stat().st_size == self.files[place]["size"]
        )  # fmt: skip

    def wheel_for(self, target: Target, wanted: Wanted, version: str) -> str:
        """Return the wheel of a package that is there already, for this system or for all."""
        own = self.systems.get(target.name, {}).get("wheels", {}).get(wanted.name, "")
        start = f"{WHEELS}/{wanted.name.replace('-', '_')}-{version}".lower()
        found = [f"{WHEELS}/{own}"] if own else []
        found += [place for place in self.files if version and place.endswith("-py3-none-any.whl")]
        fitting = (place for place in found if place.lower().startswith(start))
        return next((Path(place).name for place in fitting if self.has(place)), "")

    @property
    def megabytes(self) -> float:
        return float(sum(facts["size"] for facts in self.files.values())) / 1e6

    def files_of(self, name: str) -> list[str]:
        """Return the files that a system needs: its wheels, and the data."""
        wheels = {f"{WHEELS}/{wheel}" for wheel in self.systems[name]["wheels"].values()}
        return sorted(wheels | {place for place in self.files if place.startswith(f"{DATA}/")})

    def wrong(self, places: Iterable[str], tell: Callable[[float], None]) -> Iterator[str]:
        """Yield each of these files that is missing or not as it was; `tell` hears the share."""
        places = list(places)
        whole = sum(self.files[place]["size"] for place in places if place in self.files) or 1
        done = 0
        for place in places:
            if not self.has(place) or digest(self.folder / place) != self.files[place]["sha256"]:
                yield place
            done += self.files.get(place, {"size": 0})["size"]
            tell(done / whole)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    seen = hashlib.sha256()
    with open(str(path), "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            seen.update(piece)
    return seen.hexdigest()


# ---- Filling it

ARRIVING = "arriving"


def gather(
    bundle: Bundle,
    target: Target,
    wanted: Iterable[Wanted],
    fetch: Callable[[list[str]], object],
    needs: Callable[[list[tuple[Path, tuple[str, ...]]], Target], list[Wanted]],
    pins: dict[str, str],
    tell: Callable[[int, float], None],
) -> set[str]:
    """Fetch these packages and all that they need for one system; return the names of them all.

    `fetch` runs pip with words, `needs` reads what wheels require, `pins` has the versions, `tell`
    hears how many packages are there, and their MB.
    """
    wheels: dict[str, str] = bundle.systems[target.name]["wheels"]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    queue, megabytes = list(wanted), 0.0
    while queue:
        level = [one for one in queue if (one.name, one.extras) not in seen]
        level = list({(one.name, one.extras): one for one in level}.values())
        for count, one in enumerate(level, start=len({name for name, _ in seen}) + 1):
            name = bundle.wheel_for(target, one, pins.get(one.name, ""))
            if not name:
                name = _fetched(bundle, target, one, fetch)
            wheels[one.name] = name
            bundle.write()
            seen.add((one.name, one.extras))
            megabytes += bundle.files[f"{WHEELS}/{name}"]["size"] / 1e6
            tell(count, megabytes)
        read = [(bundle.folder / WHEELS / wheels[one.name], one.extras) for one in level]
        queue = needs(read, target) if read else []
    return {name for name, _ in seen}


def _fetched(
    bundle: Bundle, target: Target, wanted: Wanted, fetch: Callable[[list[str]], object]
) -> str:
    arriving = bundle.folder / ARRIVING
    shutil.rmtree(str(arriving), ignore_errors=True)
    arriving.mkdir()
    try:
        fetch(target.pip_words(wanted, arriving))
        (path,) = arriving.glob("*.whl")
        bundle.add(path, f"{WHEELS}/{path.name}")
    finally:
        shutil.rmtree(str(arriving), ignore_errors=True)
    return path.name


def project_files(root: Path) -> Iterator[Path]:
    """Yield the files of the project that go along, as paths below it."""
    for name in TAKEN:
        path = root / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in found:
            if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc":
                yield file.relative_to(root)


def add_project(bundle: Bundle, root: Path) -> None:
    """Copy the project into the bundle; what it had of an earlier one goes."""
    shutil.rmtree(str(bundle.folder / PROJECT), ignore_errors=True)
    kept = {place: facts for place, facts in bundle.files.items() if _top(place) != PROJECT}
    bundle.files = kept
    for file in project_files(root):
        bundle.add(root / file, f"{PROJECT}/{file.as_posix()}")


def _top(place: str) -> str:
    return place.partition("/")[0]


def drop_damaged(bundle: Bundle) -> None:
    """Forget the wheels that are no longer as they came, so that they come again."""
    wheels = [place for place in bundle.files if _top(place) == WHEELS]
    for place in list(bundle.wrong(wheels, lambda share: None)):
        del bundle.files[place]


def drop_unused(bundle: Bundle) -> None:
    """Take out the wheels that no system needs any more: those of another version."""
    used = {f"{WHEELS}/{w}" for facts in bundle.systems.values() for w in facts["wheels"].values()}
    for place in [p for p in bundle.files if _top(p) == WHEELS and p not in used]:
        path = bundle.folder / place
        if path.is_file():
            path.unlink()
        del bundle.files[place]


# ---- The digits


def cache() -> Path:
    """Return the folder where Apprenti keeps the sets that it has downloaded."""
    home = Path.home()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / "apprenti" / "Cache"
    mac = home / "Library" / "Caches"
    usual = mac if os.uname().sysname == "Darwin" else home / ".cache"
    named = os.environ.get("XDG_CACHE_HOME", "").strip()
    return (Path(named) if named and usual != mac else usual) / "apprenti"


def mnist_here() -> Path | None:
    """Return the folder of the digits on this machine, if they are all there."""
    named = os.environ.get("APPRENTI_DATA")
    for place in [*([Path(named)] if named else []), cache()]:
        if all((place / "mnist" / name).is_file() for name in MNIST):
            return place / "mnist"
    return None


def add_mnist(bundle: Bundle) -> bool:
    """Put the digits into the bundle, where they are at hand; say whether they are there."""
    places = [f"{DATA}/mnist/{name}" for name in MNIST]
    if all(map(bundle.has, places)):
        return True
    found = mnist_here()
    for name, place in zip(MNIST, places):  # noqa: B905
        if found:
            bundle.add(found / name, place)
    return bool(found)


def take_mnist(bundle: Bundle) -> bool:
    """Put the digits of a bundle where Apprenti looks; say whether there are any."""
    for name in MNIST:
        place = f"{DATA}/mnist/{name}"
        if place not in bundle.files:
            return False
        target = cache() / "mnist" / name
        if target.is_file() and digest(target) == bundle.files[place]["sha256"]:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(name + ".new")
        shutil.copyfile(str(bundle.folder / place), str(aside))
        os.replace(str(aside), str(target))
    return True


# ---- What the project asks for


def required(root: Path) -> list[str]:
    """Return what the project needs, and what it is built with."""
    import tomllib

    read = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    built = list(read.get("build-system", {}).get("requires", []))
    # An editable installation, which is what start.py makes, needs one package more
    built += ["editables"] * any(normal(name).startswith("hatchling") for name in built)
    return [*read.get("project", {}).get("dependencies", []), *built]


def pins_of(constraints: Path) -> dict[str, str]:
    """Return the version of each package that the constraints name."""
    text = constraints.read_text(encoding="utf-8")
    pairs = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    return {normal(name): version for name, version in pairs}
