"""Pictures are drawn with Matplotlib's own settings, whatever the user's are, and of any text.

A matplotlibrc, of the user or of a folder that came from elsewhere, may ask for LaTeX, for windows
or for pages of ten metres; a dollar sign in a name begins no formula.
"""

import base64
import contextlib
import io
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.language import decimal_mark
from apprenti.writing import told, whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def load() -> None:
    """Import Matplotlib, which refuses to be imported where MPLBACKEND names no backend."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        import matplotlib
    except Exception:
        named = os.environ.pop("MPLBACKEND", None)
        for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
            del sys.modules[name]
        try:
            # Where no matplotlibrc is found that cannot be read
            with contextlib.chdir(tempfile.gettempdir()):
                import matplotlib  # noqa: F401
        finally:
            if named is not None:
                os.environ["MPLBACKEND"] = named


@contextlib.contextmanager
def our_settings() -> Iterator[None]:
    """Draw with Matplotlib's defaults; what it has no letter for is told nobody."""
    load()
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams["text.parse_math"] = False
        warnings.simplefilter("ignore", UserWarning)
        yield


def new_figure(width: float, height: float, **how: Any) -> "Figure":
    """Return an empty figure, in inches, that a notebook shows as a picture.

    Matplotlib's own is shown there only once pyplot is imported.
    """
    from matplotlib.figure import Figure

    class Shown(Figure):
        def _repr_png_(self) -> bytes:
            return as_png(self)

    return Shown(figsize=(width, height), **how)


def as_png(figure: "Figure") -> bytes:
    """Return the bytes of a PNG."""
    written = io.BytesIO()
    with our_settings():
        figure.savefig(written, dpi=100, format="png")
    return written.getvalue()


def as_html(figure: "Figure") -> str:
    """Return a picture as a part of a page."""
    return f'<img src="data:image/png;base64,{base64.b64encode(as_png(figure)).decode()}">'


def in_language(figure: "Figure") -> "Figure":
    """Write the numbers beside the axes of a figure as the language does, and return it."""
    from matplotlib.ticker import ScalarFormatter

    class Numbers(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return str(super().__call__(x, pos)).replace(".", decimal_mark())

        def get_offset(self) -> str:
            return str(super().get_offset()).replace(".", decimal_mark())

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(Numbers())
    return figure


def save(figure: "Figure", path: Path, dpi: int) -> Path:
    """Write a figure as a PNG, its numbers as the language writes them: all of it, or nothing."""
    in_language(figure)
    with our_settings(), told(path), whole(path) as arriving:
        figure.savefig(arriving, dpi=dpi, format="png")
    return path
