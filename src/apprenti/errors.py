"""What goes wrong, told to the user: what happened, why, and what to do.

    Exception
    └── ApprentiError          one message in the texts, with its values
        ├── Interrupted        stopped by hand; what was done until then is kept
        └── RunDamaged         a file of a run is not as it was written

One place, `apprenti.cli.main`, turns them into lines on stderr. Anything else is a bug and keeps
its traceback.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class ApprentiError(Exception):
    """A problem that the user can mend.

    `key` names a message: the table `[errors.KEY]` in the texts of a package, with its three parts
    `what`, `why` and `todo`; `values` fills the places left open in them. The words are looked up
    when the message is shown, in the language chosen by then.
    """

    exit_status = 1

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def parts(self) -> tuple[str, str, str]:
        """Return what happened, why, and what to do, in the current language."""
        from apprenti.language import message

        what, why, todo = (message(f"{self.key}.{part}", self.values) for part in PARTS)
        return what, why, todo

    def __str__(self) -> str:
        return " ".join(self.parts())


class Interrupted(ApprentiError):  # noqa: N818
    """Ctrl-C: the message says what was kept."""

    exit_status = 130


class RunDamaged(ApprentiError):  # noqa: N818
    """A file of a run cannot be read, or does not say what it should."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__("run_damaged", path=path, reason=reason)


PARTS = ("what", "why", "todo")


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` most like `name`, or all of them when none is near."""
    candidates = sorted(names)
    return next(iter(get_close_matches(name, candidates, n=1, cutoff=0.5)), ", ".join(candidates))
