"""What was found in the data, mended or muted: columns left out, findings that are known.

What is said of a mute, the reason, stands in apprenti.toml beside it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from apprenti.data import kept, last_look
from apprenti.data.findings import RULES
from apprenti.data.kinds.written import CATEGORY
from apprenti.errors import ApprentiError, nearest
from apprenti.findings import codes_of, muted_names
from apprenti.new import change as changes
from apprenti.new.change import Change
from apprenti.project import Project, load

IGNORE, MUTED, CATEGORICAL = "data.ignore", "data.muted", "data.categorical"


def change(
    folder: Path,
    ignore: Sequence[str] = (),
    use: Sequence[str] = (),
    mute: Sequence[str] = (),
    unmute: Sequence[str] = (),
    because: str = "",
    read_as: Sequence[str] = (),
) -> list[Change]:
    """Leave columns out, or use them again; mute findings by their code, or hear of them again.

    Columns may stand in one text, with commas between them. `because` is why findings are muted.
    What is `read_as` something else ("code=number") is no category any more.
    """
    if because and not mute:
        raise ApprentiError("because_of_what", because=because)
    if not any((ignore, use, mute, unmute, read_as)):
        return []
    project = load(folder)
    wanted: dict[str, object] = {}
    if ignore or use:
        wanted[IGNORE] = _left_out(project, ignore, use)
    if mute or unmute:
        wanted[MUTED] = _muted(project, mute, unmute, because)
    said = project.choices.data.categorical
    others = {name for name, how in map(kept.parse, read_as) if how and how.kind != CATEGORY}
    if others & {*said}:
        wanted[CATEGORICAL] = changes.without(said, others)
    if not wanted:
        return []
    return changes.change(folder, wanted)


def _left_out(project: Project, ignore: Sequence[str], use: Sequence[str]) -> object:
    there = project.choices.data.ignore
    used = _columns(project.folder, use)
    for name in used:
        if name not in there:
            raise ApprentiError("not_ignored", name=name, nearest=nearest(name, there))
    return changes.added(changes.without(there, used), _columns(project.folder, ignore))


def _columns(folder: Path, given: Iterable[str]) -> list[str]:
    """Return the names that are given; a comma may also be in one of them."""
    there = kept.read(folder) or {}
    return [
        name
        for text in given
        for name in ([text] if text in there else map(str.strip, text.split(",")))
        if name
    ]


def _muted(project: Project, mute: Sequence[str], unmute: Sequence[str], because: str) -> object:
    there = project.choices.data.muted
    heard = [name for text in unmute for name in _known(text, there)]
    named = list(_findings(project, mute))
    left = changes.without(there, heard)
    return changes.added(left, dict.fromkeys(named, because) if because else named)


def _known(text: str, there: Iterable[str]) -> list[str]:
    """Return the muted findings that are meant: one, or all those of a code."""
    code, _, subject = text.strip().partition(" ")
    name = f"{code.upper()} {subject}".strip()
    found = [one for one in there if name in (one, one.partition(" ")[0])]
    if not found:
        raise ApprentiError("not_muted", name=name, nearest=nearest(name, there))
    return found


def _findings(project: Project, given: Iterable[str]) -> Iterable[str]:
    """Yield what is to be muted, refusing what no rule could find."""
    seen = last_look.read(project)
    looked = seen is not None and seen.is_current
    found = {name for one in (seen.findings if seen else ()) for name in muted_names(one)}
    codes = {code for rule in RULES for code in codes_of(rule)}
    for text in given:
        code, _, subject = text.strip().partition(" ")
        name = f"{code.upper()} {subject}".strip()
        if name not in found and (code.upper() not in codes or (subject and looked)):
            raise ApprentiError("no_finding", name=name, nearest=nearest(name, {*found, *codes}))
        yield name
