"""Which files can be data, by their names; and how a name is shown, whatever it is made of."""

from apprenti.printable import printable

IMAGE_ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif"),
    *(".bmp", ".gif", ".tif", ".tiff", ".webp"),
)
IMAGE_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
"""As in backends/common: what a script lists, and what it opens."""

UNREAD_ENDINGS = (
    *(".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".jpf", ".j2k"),
    *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".raw"),
    *(".svg", ".psd", ".ico", ".tga", ".pcx", ".ppm", ".pgm", ".pbm", ".exr", ".dcm", ".nii"),
)
"""Images all the same, of kinds that are not read."""

EVERY_ENDING = (*IMAGE_ENDINGS, *UNREAD_ENDINGS)

TABLE_ENDINGS = (
    *(".csv", ".tsv", ".tab", ".txt", ".dat", ".data"),
    *(".parquet", ".pq", ".feather", ".arrow"),
    *(".xlsx", ".xlsm", ".xls", ".ods"),
    *(".json", ".jsonl", ".ndjson"),
)
"""What else is a table is known by what stands in it: apprenti.data.kinds.files."""

PACKED_ENDINGS = (".gz", ".bz2", ".xz")
ARRAYS = ".npz"
ARCHIVE = ".zip"


def is_image(name: str) -> bool:
    return name.lower().endswith(IMAGE_ENDINGS)


def is_unread_image(name: str) -> bool:
    """Say whether a file is an image by its name, of a kind that is not read."""
    return name.lower().endswith(UNREAD_ENDINGS)


def is_any_image(name: str) -> bool:
    """Say whether a file is an image by its name, read or not."""
    return name.lower().endswith(EVERY_ENDING)


def shown(name: str) -> str:
    """Return a name that can be printed, whatever bytes it is made of."""
    return printable(name)
