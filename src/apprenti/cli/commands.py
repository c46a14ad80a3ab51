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
    "set",
    "train",
    "compare",
    "agree",
    "diagnose",
    "improve",
    "evaluate",
    "runs",
    "checklist",
    "report",
    "reproduce",
    "predict",
    "eject",
    "explain",
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
            several = getattr(module, "COMMANDS", None)
            made = _group(cmd_name, module) if several else _command(cmd_name, module.run)
            self.commands[cmd_name] = made
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


class Subcommands(TyperGroup):
    """The commands within a command; where none is named, one of them is meant."""

    default: tuple[str, str]
    """Its name when it is not named, and the name under which its usage is shown."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = args[:1] and args[0] in (*self.commands, *ctx.help_option_names)
        # What is completed is the name of a command
        named = named or (ctx.resilient_parsing and not args)
        return super().parse_args(ctx, args if named else [self.default[0], *args])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        hidden, shown = self.default
        return shown if name == hidden else name, command, rest

    def get_help(self, ctx: Any) -> str:
        return in_language(super().get_help(ctx))

    def get_usage(self, ctx: Any) -> str:
        return in_language(super().get_usage(ctx))


def _command(name: str, function: Callable[..., Any]) -> Any:
    app = typer.Typer(add_completion=False, **PLAIN)  # type: ignore[arg-type]
    app.command(name, cls=Command, help=_help(name), **_settings())(function)
    command = get_command(app)
    command.name = name
    return command


def _group(name: str, module: Any) -> Any:
    app = typer.Typer(add_completion=False, cls=Subcommands, help=_help(name), **PLAIN)  # type: ignore[arg-type]
    for inner, function in module.COMMANDS.items():
        text = say(f"cli.{name}.{inner}")
        app.command(inner, cls=Command, help=text, short_help=text, **_settings())(function)
    shown, function = module.WITHOUT
    app.command(WITHOUT, cls=Command, hidden=True, **_settings())(function)
    group: Any = get_command(app)
    group.name, group.default = name, (WITHOUT, shown)
    return group


WITHOUT = "-"
"""Under this name, which nobody can give, is what is done where no command is named."""


def _help(name: str) -> str:
    return f"{say(f'cli.{name}.short')}\n\n{say(f'cli.{name}.long')}"


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

        told = f'{{"version": "{__version__}"}}' if as_json else f"apprenti {__version__}"
        typer.echo(told)
    elif ctx.invoked_subcommand is None:
        from apprenti.cli.here import show

        show(project, as_json)
