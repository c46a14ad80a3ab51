"""The examination as Markdown for a bug report, with nothing private in it."""

import getpass
import os
import re
import socket
import sys
from pathlib import Path

from apprenti.doctor.examination import GRADES, Examination
from apprenti.doctor.lines import lines
from apprenti.doctor.words import name_of, tell
from apprenti.install.facts import AS_OF
from apprenti.language import say

TAIL = 25
"""Lines of what a framework said last that are kept."""

CONCERNED = re.compile(
    r"torch|tensorflow|keras|numpy|protobuf|tensorboard|ml-dtypes|h5py|setuptools|nvidia-|triton"
    r"|jax|apprenti|pip$|ipykernel"
)


def markdown(found: Examination) -> str:
    """Return the report; masked are names of the user and of the machine, and folders."""
    from apprenti import __version__

    out = [f"## {say('doctor.report.title')}", ""]
    out += [say("doctor.report.versions", version=__version__, date=AS_OF), ""]
    out += _table(found)
    out += ["", f"### {say('doctor.report.troubles')}", "", *_troubles(found), ""]
    out += [f"### {say('doctor.report.packages')}", "", "```", *_packages(found), "```"]
    for proof in found.proofs.values():
        if proof.errors.strip() and proof.troubles:
            title = say("doctor.report.errors", framework=name_of(proof.framework))
            out += ["", f"### {title}", "", "```", *proof.errors.splitlines()[-TAIL:], "```"]
    return masked("\n".join(out)) + "\n"


def _table(found: Examination) -> list[str]:
    head = [say(f"doctor.report.{name}") for name in ("topic", "state", "what")]
    rows = [f"| {' | '.join(head)} |", "|---|---|---|"]
    for topic, line in lines(found).items():
        words = line.replace("|", "\\|")
        rows.append(f"| {say(f'doctor.topic.{topic}')} | {found.state(topic)} | {words} |")
    return rows


def _troubles(found: Examination) -> list[str]:
    told = [(GRADES[each.severity], tell(each, found.machine)) for each in found.troubles]
    rows = [f"- {grade} **{one.code}** {one.name} {one.what}" for grade, one in told]
    return rows or [say("doctor.report.nothing")]


def _packages(found: Examination) -> list[str]:
    here = found.machine.packages
    names = sorted(name for name in here if CONCERNED.match(name))
    return [f"{name} {here[name].version} {here[name].build or ''}".rstrip() for name in names]


# ---- Nothing private

WORD = r"[^\s'\"<>|:*?,;()\\/]+"
PATH = re.compile(
    r"(?<![\w.~>/:\\])(?:[A-Za-z]:(?:\\\\?|/)|\\\\(?:\\\\)?|~[\\/]|/)"
    rf"(?:{WORD}(?: {WORD}){{0,6}}[\\/]+)+(?:{WORD})?"
)
"""A whole path of at least one folder, of Windows or of another system; names may have spaces."""

PACKAGES = re.compile(r"(?:site|dist)-packages[\\/]+(.+)$")


def masked(text: str) -> str:
    """Return a text without the names of user, home, machine and folders.

    Of a path the part inside the installed packages stays, which everybody has alike.
    """
    for private, sign in _private():
        text = re.sub(re.escape(private), sign, text, flags=re.IGNORECASE)
    text = PATH.sub(_path, text)
    for name, sign in _names():
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", sign, text, flags=re.IGNORECASE)
    return text


def _path(found: "re.Match[str]") -> str:
    inside = PACKAGES.search(found.group())
    return f"<path>/{inside.group(1)}" if inside else "<path>"


def _private() -> list[tuple[str, str]]:
    """Return the folders that are known, the longest first: one may lie in another."""
    places = {str(Path.home()): "~", os.getcwd(): "<folder>", sys.prefix: "<environment>"}
    places[sys.base_prefix] = "<python>"
    several = {path: sign for path, sign in places.items() if len(Path(path).parts) > 1}
    return sorted(several.items(), key=lambda each: -len(each[0]))


COMMON = ("root", "user", "admin", "localhost", "runner", "ubuntu", "me")
"""Names that tell nothing of anybody, and are words besides."""


def _names() -> list[tuple[str, str]]:
    found = [(socket.gethostname(), "<host>"), (socket.gethostname().partition(".")[0], "<host>")]
    try:
        found.append((getpass.getuser(), "<user>"))
    except (KeyError, OSError):  # a user without a name, as in some containers
        found.append((Path.home().name, "<user>"))
    found.append((Path.home().name, "<user>"))
    return [(name, sign) for name, sign in found if len(name) > 2 and name.lower() not in COMMON]
