"""Which files can be data, by their names; and how a name is shown, whatever it is made of."""

from pathlib import Path

from apprenti.printable import printable

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
IMAGE_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
"""As in backends/common: what a script lists, and what it opens."""

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".parquet")
ARRAYS = ".npz"
ARCHIVE = ".zip"


def is_image(name: str) -> bool:
    return name.lower().endswith(IMAGE_ENDINGS)


def is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLE_ENDINGS


def shown(name: str) -> str:
    """Return a name that can be printed, whatever bytes it is made of."""
    return printable(name)
