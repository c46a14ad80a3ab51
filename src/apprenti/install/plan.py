"""What is decided for a machine: packages and where they come from, or why not and what instead.

Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Note:
    """Something to know about a plan: an entry of `note` in texts/*/install.toml."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One framework as it is to be installed.

    `build` is what the version tells after its "+" once installed ("cpu", "cu130"; "" if nothing).
    `index` is the address that has it in place of the one where pip looks; "" is the latter, and
    `exact` says that the build must be named there too.
    `device` is what will compute: cpu, cuda, mps, metal or rocm. `together` goes into the same
    command. `download_mb` and `disk_mb` count all that it needs (MB of 10**6 bytes).
    """

    framework: str
    package: str
    version: str
    device: str
    build: str = ""
    extra: str = ""
    index: str = ""
    together: tuple[str, ...] = ()
    download_mb: int = 0
    disk_mb: int = 0
    present: bool = False
    exact: bool = False

    @property
    def requirement(self) -> str:
        extra = f"[{self.extra}]" if self.extra else ""
        build = f"+{self.build}" if self.build and (self.index or self.exact) else ""
        return f"{self.package}{extra}=={self.version}{build}"


@dataclass(frozen=True)
class Plan:
    """What pip has to do. `remove` goes first; `options` and `environment` are for the install."""

    parts: tuple[Part, ...]
    notes: tuple[Note, ...] = ()
    remove: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.present)

    @property
    def download_mb(self) -> int:
        return sum(part.download_mb for part in self.missing)

    @property
    def disk_mb(self) -> int:
        return sum(part.disk_mb for part in self.missing)

    @property
    def indexes(self) -> tuple[str, ...]:
        """The addresses to install from, each once; "" is where pip looks by itself."""
        return tuple(dict.fromkeys(part.index for part in self.missing))

    @property
    def beside_apprenti(self) -> bool:
        """May it go into the environment of Apprenti, which needs NumPy 2?"""
        return not any("numpy<2" in part.together for part in self.missing)


@dataclass(frozen=True)
class Nearest:
    """The nearest thing that can work: an entry of `nearest` in texts/*/install.toml.

    `plan` is what would then be installed, where that is known.
    """

    key: str
    values: dict[str, str] = field(default_factory=dict)
    plan: Plan | None = None


@dataclass(frozen=True)
class Refusal:
    """Why nothing can be installed: an entry of `refusal` in texts/*/install.toml."""

    key: str
    values: dict[str, str] = field(default_factory=dict)
    nearest: Nearest | None = None


def commands(
    plan: Plan,
    installer: tuple[str, ...] = ("python", "-m", "pip"),
    target: tuple[str, ...] = (),
) -> list[list[str]]:
    """Return the commands of a plan as words, one for each index; none if all is there.

    `installer` begins each: python -m pip, or uv pip, whose `target` says for which Python.
    """
    found = []
    if plan.remove:
        yes = ["--yes"] if installer[-1] == "pip" and "-m" in installer else []
        found.append([*installer, "uninstall", *target, *yes, *plan.remove])
    for index in plan.indexes:
        parts = [part for part in plan.missing if part.index == index]
        wanted = [part.requirement for part in parts]
        wanted += dict.fromkeys(other for part in parts for other in part.together)
        source = ["--index-url", index] if index else []
        found.append([*installer, "install", *target, *plan.options, *wanted, *source])
    return found
