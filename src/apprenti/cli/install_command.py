"""apprenti install: the right packages for this machine, shown, asked for, installed and proved."""

import platform
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from apprenti.cli.options import Json, Lang
from apprenti.command_line import written
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.install.carry_out import Installer, Reached
    from apprenti.install.plan import Plan
    from apprenti.machine.machine import Machine

TARGETS = {
    "all": ("pytorch", "tensorflow"),
    "pytorch": ("pytorch",),
    "tensorflow": ("tensorflow",),
}


def complete_target(incomplete: str) -> list[str]:
    return [name for name in TARGETS if name.startswith(incomplete)]


def run(
    what: Annotated[
        str,
        typer.Argument(
            help=say("cli.install.what"), metavar="WHAT", autocompletion=complete_target
        ),
    ] = "all",
    gpu: Annotated[
        bool | None, typer.Option("--gpu/--cpu", help=say("cli.install.gpu"), show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("cli.install.dry_run"))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("cli.install.yes"))] = False,
    guide: Annotated[bool, typer.Option("--guide", help=say("cli.install.guide"))] = False,
    system: Annotated[
        Literal["windows", "macos", "linux"] | None,
        typer.Option("--os", help=say("cli.install.os"), metavar="windows|macos|linux"),
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show
    from apprenti.errors import ApprentiError, nearest

    if what not in TARGETS:
        raise ApprentiError("install_unknown", name=what, nearest=nearest(what, TARGETS))
    out = show.console(stderr=as_json)
    if guide or system:
        _guide(out, system or _this_system(), as_json)
        return
    machine, plan = _decided(what, gpu)
    _install(out, what, gpu, machine, plan, dry_run=dry_run, yes=yes, as_json=as_json)


def _this_system() -> str:
    return {"Windows": "windows", "Darwin": "macos"}.get(platform.system(), "linux")


def _decided(what: str, gpu: bool | None) -> "tuple[Machine, Plan]":
    """Look at this machine and decide; what cannot be is said here, before any download."""
    from apprenti.cli.show_install import refuse
    from apprenti.install.carry_out import without_half_written
    from apprenti.install.decisions import decide, refused_environment
    from apprenti.install.plan import Nearest, Refusal
    from apprenti.machine.look import this_machine

    machine = without_half_written(this_machine())
    found = refused_environment(machine) or decide(machine, TARGETS[what], gpu)
    if isinstance(found, Refusal):
        raise refuse(found, _this_system(), what)
    if not found.beside_apprenti:
        nearest = Nearest("another_environment", plan=found)
        raise refuse(Refusal("not_beside_apprenti", {}, nearest), _this_system(), what)
    return machine, found


def _install(
    out: "Console",
    what: str,
    gpu: bool | None,
    machine: "Machine",
    plan: "Plan",
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from apprenti.cli import show, show_install
    from apprenti.install.carry_out import Reached, find_installer, for_this_network

    by = find_installer()
    show_install.plan_of(out, what, machine, plan)
    reached = Reached(plan) if dry_run or not plan.missing else for_this_network(machine, plan)
    show_install.commands_of(out, machine, reached, by)
    done = False
    if not by.commands(reached.plan):
        show.tell(out, say("install.nothing"))
    elif dry_run:
        show.tell(out, say("install.dry"))
    else:
        done = _agreed(out, _again(what, gpu), yes)
        if done:
            _carry_out(out, reached, by, _again(what, gpu))
    status = 0
    if not dry_run and (done or not plan.missing):
        status = _prove(out)
    if as_json:
        show.print_json({**show_install.as_json(reached.plan, by), "installed": done})
    if status:
        raise typer.Exit(status)


def _again(what: str, gpu: bool | None) -> str:
    """Return this command as it would be typed to try once more."""
    option = {None: (), True: ("--gpu",), False: ("--cpu",)}[gpu]
    return written("apprenti", "install", what, *option)


def _agreed(out: "Console", command: str, yes: bool) -> bool:
    """Ask, unless --yes was given; where nobody can be asked, say how to give the answer."""
    from apprenti.cli import show
    from apprenti.errors import ApprentiError

    if yes:
        return True
    if not sys.stdin.isatty():
        raise ApprentiError("install_needs_yes", command=command)
    out.print(say("install.ask"), end="")
    try:
        answer = input().strip().lower()
    except EOFError:
        raise ApprentiError("install_needs_yes", command=command) from None
    if answer and answer not in say("install.yes_words").split():
        show.tell(out, say("install.declined"))
        return False
    return True


def _carry_out(out: "Console", reached: "Reached", by: "Installer", command: str) -> None:
    from apprenti.cli import show, show_install
    from apprenti.errors import ApprentiError, Interrupted
    from apprenti.install import carry_out

    began = time.monotonic()
    try:
        with show_install.progress(out) as tell:
            failure = carry_out.run(reached.plan, by, tell)
    except KeyboardInterrupt:
        raise Interrupted("install_interrupted", command=command) from None
    if failure:
        values = {"detail": failure.detail, "log": failure.log, "again": command}
        parts = {
            part: say(f"install.failure.{failure.key}.{part}", **values)
            for part in ("what", "why", "todo")
        }
        raise ApprentiError("cannot_install", **parts)
    show.tell(out, say("install.done", seconds=round(time.monotonic() - began)))


def _prove(out: "Console") -> int:
    """Let the doctor train, in a new process: the packages are not those this one began with."""
    from apprenti.language import current

    words = [sys.executable, "-m", "apprenti", "doctor", "--lang", current()]
    stream: Any = sys.stderr if out.stderr else None
    return subprocess.call(words, stdout=stream)


def _guide(out: "Console", system: str, as_json: bool) -> None:
    from apprenti.cli import show, show_install
    from apprenti.install.guide import as_json as guide_as_json

    if as_json:
        show.print_json(guide_as_json(system))
    else:
        show_install.guide_of(out, system)
