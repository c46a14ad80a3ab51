"""apprenti doctor: what this machine can run, proved by a training; and failures by their text."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from apprenti.cli.options import Json, Lang
from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.doctor.prove import Proof
    from apprenti.explain import Explanation
    from apprenti.machine.machine import Machine


def run(
    quick: Annotated[bool, typer.Option("--quick", help=say("cli.doctor.quick"))] = False,
    compile_too: Annotated[bool, typer.Option("--compile", help=say("cli.doctor.compile"))] = False,
    explain: Annotated[
        str | None, typer.Option(help=say("cli.doctor.explain"), metavar="TEXT")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help=say("cli.doctor.verbose"))
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help=say("cli.doctor.markdown"))] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    if explain is not None:
        _explain(_text(explain), as_json)
        return
    from apprenti.cli import show, show_doctor
    from apprenti.doctor.examination import examine
    from apprenti.errors import Interrupted
    from apprenti.machine.look import this_machine

    machine = this_machine()
    try:
        proofs = [] if quick else _prove(machine, compile_too)
    except KeyboardInterrupt:
        raise Interrupted("doctor_interrupted") from None
    found = examine(machine, proofs)
    if as_json:
        from apprenti.doctor.as_json import as_json as examination_as_json

        show.print_json(examination_as_json(found))
    elif markdown:
        from apprenti.doctor.bug_report import markdown as report

        sys.stdout.write(report(found))
    else:
        show_doctor.examination(show.console(), found, verbose=verbose, quick=quick)
    if found.failed:
        raise typer.Exit(1)


def _prove(machine: "Machine", compile_too: bool) -> "list[Proof]":
    """Try each framework that is installed, telling on a terminal how far it is."""
    from apprenti.cli import show_doctor
    from apprenti.doctor.prove import prove
    from apprenti.install.installed import DISTRIBUTIONS, version_of

    wanted = ("training", "compile") if compile_too else ("training",)
    there = [framework for framework in DISTRIBUTIONS if version_of(machine, framework)]
    proofs = []
    with show_doctor.progress() as tell:
        for framework in there:

            def on_step(step: str, device: str, framework: str = framework) -> None:
                tell(framework, step, device)

            tell(framework, "import", "")
            card = bool(machine.nvidia)
            proofs.append(prove(framework, wanted=wanted, has_card=card, on_step=on_step))
    return proofs


def _text(given: str) -> str:
    """Return the text to explain: `-` stands for what is piped in."""
    from apprenti.errors import ApprentiError

    text = given
    if given == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not text.strip():
        raise ApprentiError("explain_nothing")
    return text


def _explain(text: str, as_json: bool) -> None:
    from apprenti.cli import explain_command, show, show_doctor
    from apprenti.doctor.failures import failures, recognise
    from apprenti.doctor.words import explain as explanation
    from apprenti.errors import ApprentiError
    from apprenti.explain import FAILURE, Explanation
    from apprenti.machine.look import this_machine

    found = recognise(text)
    words = [] if found else _known(text)
    if not found and not words:
        raise ApprentiError("not_recognised", count=len(failures()))
    if as_json:
        machine = this_machine()
        told = [Explanation(FAILURE, explanation(each, machine), each) for each in found] or words
        show.print_json({"explained": [one.as_json() for one in told]})
    elif found:
        show_doctor.explanation(show.console(), found, this_machine())
    else:
        explain_command.tell(show.console(), words)


def _known(word: str) -> "list[Explanation]":
    """Return what a word means that is no failure, but may be something else that is explained."""
    from apprenti.errors import ApprentiError
    from apprenti.explain import explain

    try:
        return explain(word)
    except ApprentiError:
        return []
