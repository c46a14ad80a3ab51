"""The table of commands, each in a file of its own that is imported only when it is used."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from apprenti.cli.usage import in_language
from apprenti.language import say

COMMANDS = (
    "start",
    "install",
    "doctor",
    "new",
    "data",
    "train",
    "compare",
    "runs",
    "predict",
    "eject",
)
"""In the order of a first day with Apprenti."""

PLAIN = {"rich_markup_mode": None, "context_settings": {"help_option_names": ["--help", "-h"]}}
"""Help without colours: Rich would take longer to import than everything else together."""


class Command(TyperCommand):
    """A command whose help is in the user's language."""

    def get_help(self, ctx: Any) -> str:
        return in_language(super().get_help(ctx))

    def get_usage(self, ctx: Any) -> str:
        return in_language(super().get_usage(ctx))


class Commands(TyperGroup):
    """The lazy table: naming a command imports its file, listing them does not."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            module = import_module(f"apprenti.cli.{cmd_name}_command")
            self.commands[cmd_name] = _command(cmd_name, module.run)
        return self.commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(f"cli.{name}.short")) for name in COMMANDS])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # So that a misspelt command is answered with the nearest right one
        if args[0] not in COMMANDS:
            for name in COMMANDS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        return in_language(super().get_help(ctx))

    def get_usage(self, ctx: Any) -> str:
        return in_language(super().get_usage(ctx))


def _command(name: str, function: Callable[..., Any]) -> Any:
    app = typer.Typer(add_completion=False, **PLAIN)  # type: ignore[arg-type]
    help_text = f"{say(f'cli.{name}.short')}\n\n{say(f'cli.{name}.long')}"
    app.command(name, cls=Command, help=help_text, **_settings())(function)
    command = get_command(app)
    command.name = name
    return command


def _settings() -> dict[str, Any]:
    return {"context_settings": PLAIN["context_settings"]}


def application() -> typer.Typer:
    """Build the command line; with no command it says where the project stands."""
    app = typer.Typer(cls=Commands, invoke_without_command=True, help=say("cli.help"), **PLAIN)  # type: ignore[arg-type]
    app.callback()(_here)
    return app


def _here(
    ctx: typer.Context,
    project: Annotated[str, typer.Option(help=say("cli.option.project"), metavar="DIR")] = ".",
    lang: Annotated[
        Literal["fr", "en"] | None, typer.Option(metavar="fr|en", help=say("cli.option.lang"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
    version: Annotated[bool, typer.Option("--version", help=say("cli.option.version"))] = False,
) -> None:
    if version:
        from apprenti import __version__

        typer.echo(f"apprenti {__version__}")
    elif ctx.invoked_subcommand is None:
        from apprenti.cli.here import show

        show(project, as_json)
