"""Whether a script in a run folder may be executed: a folder from elsewhere can hold any code.

A script is executed unasked if it was written here, which the record of the run is sealed with; or
if it does what this version would write for the run (then it may come from anywhere).
"""

import ast
import contextlib
import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apprenti.errors import ApprentiError
from apprenti.language import LANGUAGES, subject
from apprenti.run_files import read_text
from apprenti.runs import EVALUATE, PREDICT, SCRIPT, Run
from apprenti.script.assemble import assemble
from apprenti.script.syntax import parse
from apprenti.train import recipe
from apprenti.train.plan import BLOCKS, LEFT_OPEN, settings_of_kind

SEALED = (SCRIPT, PREDICT, EVALUATE)


def check(run: Run, name: str, trusted: bool = False) -> None:
    """Refuse to execute a script of a run of which nobody knows where it is from."""
    path = run.folder / name
    text = read_text(path)
    if trusted or text is None:
        return
    known = run.environment.get("seal")
    if known and hmac.compare_digest(known, seal(run) or ""):
        return
    if _without_title(text) not in _ours(run, name):
        raise ApprentiError("script_unknown", run=run.name, path=path)


def seal(run: Run) -> str | None:
    """Return a sign that only this user on this machine can give to the scripts of a run."""
    key = _key()
    if key is None:
        return None
    texts = [f"{name}\n{read_text(run.folder / name)}\n" for name in SEALED]
    return hmac.new(key, "\0".join(texts).encode(), hashlib.sha256).hexdigest()


def _key() -> bytes | None:
    """Return what the seals of this user are made with; None where it cannot be kept."""
    import platformdirs

    path = platformdirs.user_state_path("apprenti", appauthor=False) / "seal.key"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write_once(path, os.urandom(32))
        key = path.read_bytes()
        return key if len(key) == 32 else None
    return None


def _write_once(path: Path, key: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(key)


def _ours(run: Run, name: str) -> set[str]:
    """Return what this version would write in place of a script of a run, in each language."""
    try:
        material, settings = recipe.read(run)
        kind = name.removesuffix(".py")
        settings = settings_of_kind(kind, settings, recipe.of_new_rows(run))
        blocks = BLOCKS[kind](run.framework, run.model, material)
        words = [subject("script", language)["words"] for language in LANGUAGES]
        made = [_written(blocks, settings, kind, spoken) for spoken in words]
    except (ApprentiError, OSError, ValueError):
        return set()
    return {_without_title(text) for text in made} - {""}


def _written(
    blocks: list[Path], settings: dict[str, Any], kind: str, words: Mapping[str, str]
) -> str:
    left_open = LEFT_OPEN.get(kind, ())
    return assemble(blocks, settings, "", left_open=left_open, words=words).text


def _without_title(script: str) -> str:
    """Return what a script does, whatever its title and its comments say."""
    try:
        tree = parse(script)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    titled = ast.get_docstring(tree) is not None
    return ast.dump(ast.Module(tree.body[titled:], []))
