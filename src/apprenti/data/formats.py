"""Which files can be data, by their names."""

from pathlib import Path

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
