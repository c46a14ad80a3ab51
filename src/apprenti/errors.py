"""What goes wrong, told to the user: what happened, why, and what to do.

    Exception
    └── ApprentiError          one message in the texts, with its values
        ├── Interrupted        stopped by hand; what was done until then is kept
        └── RunDamaged         a file of a run is not as it was written

One place, `apprenti.cli.main`, turns them into lines on stderr. Anything else is a bug and keeps
its traceback.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any


class ApprentiError(Exception):
    """A problem that the user can mend.

    `key` names a message: the table `[errors.KEY]` in the texts of a package, with its three parts
    `what`, `why` and `todo`; `values` fills the places left open in them. The words are looked up
    when the message is shown, in the language chosen by then.
    """

    exit_status = 1
    reached: Mapping[str, Any] = MappingProxyType({})
    """What --json says beside it of what was done until then."""

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


MOST_LISTED = 12
"""So many names are listed where none of them is near; more of them would help nobody."""

ALIKE = 0.7
"""How alike (difflib) a name must be to be what was meant: `dropout` is not `group`."""


class Near(str):
    """A name that may have been meant, or a few that there are; put into a message, a sentence."""

    is_near = True

    def __format__(self, spec: str) -> str:
        from apprenti.language import say

        if not self:
            return ""
        return say("words.did_you_mean" if self.is_near else "words.there_are", name=str(self))


class Listed(Near):
    """All the names that there are, none of them near."""

    is_near = False


def nearest(name: str, names: Iterable[str]) -> Near:
    """Return the one of `names` that was probably meant; where none is near, all if they are few.

    Accents and capitals do not count, and the beginning of a name will do.
    """
    candidates = {folded(one): one for one in sorted(names, reverse=True)}
    wanted = folded(name)
    close = get_close_matches(wanted, sorted(candidates), n=1, cutoff=ALIKE)
    begun = [one for one in sorted(candidates) if len(wanted) > 2 and wanted in one]
    found = close or begun[:1]
    if found:
        return Near(candidates[found[0]])
    listed = sorted(candidates.values())
    return Listed(", ".join(listed) if len(listed) <= MOST_LISTED else "")


def folded(name: str) -> str:
    """Return a name without accents, capitals and spaces around it, to be compared with others."""
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
