"""Which images a project has seen decoded whole: by their content, so that it is done once."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from apprenti.writing import save

FILE = ".images.json"
"""In the folder of the project; the headers of sound images by the sha256 of their files."""

READER, IMAGES = "reader", "images"


Telling = Callable[[], contextlib.AbstractContextManager[Callable[[float], None]]]
"""Called where many images are decoded: what it yields is told the share that is done."""


@contextlib.contextmanager
def _silently() -> Iterator[Callable[[float], None]]:
    yield lambda share: None


telling: ContextVar[Telling] = ContextVar("telling", default=_silently)
"""Who is told; a face of the verbs sets it."""


def known(project: Path | None) -> Mapping[str, Any]:
    """Return the headers that a project keeps, by content; nothing if another Pillow read them."""
    if project is None:
        return {}
    try:
        kept = json.loads((project / FILE).read_text(encoding="utf-8"))
        found: Mapping[str, Any] = kept[IMAGES] if kept[READER] == _reader() else {}
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def keep(project: Path | None, before: Mapping[str, Any], sound: Mapping[str, Any]) -> None:
    """Keep what was found sound, where that is new and the folder can be written to."""
    if project is None or not project.is_dir() or sound.keys() <= before.keys():
        return
    content = json.dumps({READER: _reader(), IMAGES: dict(sound)}, separators=(",", ":"))
    with contextlib.suppress(Exception):
        save(project / FILE, content)


def _reader() -> str:
    from PIL import __version__

    return f"Pillow {__version__}"
