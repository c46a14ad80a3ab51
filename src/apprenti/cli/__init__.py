"""The command line. `main` is the one place where an ApprentiError becomes lines on stderr."""

import atexit
import codecs
import contextlib
import errno
import gc
import os
import signal
import sys
import threading
import unicodedata
from types import FrameType
from typing import TYPE_CHECKING

from apprenti import language
from apprenti.command_line import elsewhere
from apprenti.errors import ApprentiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status.

    0 done, 1 a problem that the message explains, 2 wrong usage, 130 interrupted.
    """
    _spare_the_collector()
    given = sys.argv[1:] if arguments is None else arguments
    language.choose_from(given)
    elsewhere.set("")
    _speak_unicode()
    signal.signal(signal.SIGTERM, _as_interrupt)
    sys.unraisablehook = _interrupt_again
    if "_APPRENTI_COMPLETE" in os.environ:
        _complete()
    sys.exit(_run(in_their_place(given)))


def _complete() -> None:
    """Answer a shell that asks how a word goes on; Typer answers those that we leave to it."""
    from apprenti.cli.completion import answer

    said = answer(lambda: _run([]))
    if said is not None:
        print(said)
        sys.exit(0)


def in_their_place(arguments: list[str]) -> list[str]:
    """Put --project, --json and --lang, which may stand before a command, behind its words."""
    first, rest = _leading(arguments)
    named = bool(rest) and not rest[0].startswith("-")
    if not first or not named:
        return arguments
    end = rest.index("--") if "--" in rest else len(rest)
    return [*rest[:end], *first, *rest[end:]]


def _leading(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return the options of every command that a command line begins with, and the rest of it."""
    taken = 0
    while taken < len(arguments):
        name, given, _ = arguments[taken].partition("=")
        if name not in ("--json", "--project", "--lang"):
            break
        taken += 1 if name == "--json" or given else 2
    return arguments[:taken], arguments[taken:]


def _spare_the_collector() -> None:
    """Do not search what imports leave, which all stays, for garbage, nor everything at the end."""
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _interrupt_again(lost: "sys.UnraisableHookArgs") -> None:
    """Let Ctrl-C come once more where it came into code that can raise nothing (a callback)."""
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    later = threading.Timer(0.01, signal.raise_signal, [signal.SIGINT])
    later.daemon = True
    later.start()


def _speak_unicode() -> None:
    """Write what a terminal cannot show in another way instead of stopping on it (LANG=C)."""
    codecs.register_error("apprenti", _nearest_sign)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="apprenti")


def _nearest_sign(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN_SIGNS.get(sign) or _without_accent(sign) for sign in signs), error.end


def _without_accent(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


PLAIN_SIGNS = {
    **dict.fromkeys("“”«»", '"'),
    **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
    "’": "'",
    "─": "-",
    "│": "|",
    "●": "*",
    "✓": "+",
    "✗": "x",
    "→": ">",
    "·": "-",
    "○": "o",
    "■": "#",
    "×": "x",
    "°": "o",
    "œ": "oe",
}


def _run(arguments: list[str]) -> int:
    as_json = "--json" in arguments[: arguments.index("--") if "--" in arguments else None]
    try:
        from typer import Abort, TyperException

        from apprenti.cli.commands import application
        from apprenti.data.kinds import decoded

        decoded.telling.set(_decoding)
        status = application()(arguments, prog_name="apprenti", standalone_mode=False)
        sys.stdout.flush()
        if status == 130:
            # What Typer makes of Ctrl-C, without a word
            return _interrupted(as_json)
        return status if isinstance(status, int) else 0
    except ApprentiError as error:
        _tell(error, as_json, _meant(arguments, error))
        return error.exit_status
    except KeyboardInterrupt:
        return _interrupted(as_json)
    except Abort:
        return _interrupted(as_json)
    except TyperException as error:
        from apprenti.cli.usage import tell_usage

        tell_usage(error, as_json, _meant(arguments, error))
        return error.exit_code
    except BrokenPipeError:
        # Whoever was reading has heard enough (apprenti runs | head)
        _hear_no_more()
        return 1
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        # Wherever it was, a disk or its owner takes nothing more
        reason = {"path": error.filename or "stdout", "reason": error.strerror}
        _tell(ApprentiError("cannot_write", **reason), as_json)
        _hear_no_more()
        return 1
    except Exception as error:
        if not _is_made_of_an_interrupt(error):
            raise
        return _interrupted(as_json)


def _is_made_of_an_interrupt(error: BaseException | None) -> bool:
    """Say whether Ctrl-C is behind an exception: modules written in C that begin make one of it."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _meant(arguments: list[str], error: Exception) -> str:
    """Return the command that was meant by these words, if they were the wrong ones."""
    from apprenti.cli.meant import meant
    from apprenti.command_line import of_apprenti

    words = meant(arguments, error)
    return of_apprenti(*words) if words else ""


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG)


def _interrupted(as_json: bool) -> int:
    words = language.say("cli.interrupted")
    print(words, file=sys.stderr)
    if as_json:
        from apprenti.cli.usage import print_error

        print_error("interrupted", words)
    return 130


def _hear_no_more() -> None:
    """Let what was not written yet be written nowhere."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _decoding() -> "AbstractContextManager[Callable[[float], None]]":
    from apprenti.cli import show

    return show.decoding()


def _tell(error: ApprentiError, as_json: bool, meant: str = "") -> None:
    what, why, todo = error.parts()
    todo = meant or todo
    if as_json:
        from apprenti.cli.usage import print_error

        print_error(error.key, what, why, todo, error.reached)
    mark = "■" if error.exit_status == 130 else "✗"
    print(f"{mark} {what}", file=sys.stderr)
    for label, part in (("why", why), ("todo", todo)):
        if part:
            print(f"  {language.say(f'cli.{label}')} {part}", file=sys.stderr)
