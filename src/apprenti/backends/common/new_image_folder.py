"""New rows: read as those were that the model learned from."""

import numpy as np

from apprenti.backends.common.data import find
from apprenti.backends.common.image_folder import ENDINGS
from apprenti.backends.common.settings import Config


def read_new(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the new rows, and what each is called."""
    place = find(config.data)
    files = [place] if place.is_file() else sorted(place.rglob("[!.]*"))
    files = np.array([path for path in files if path.suffix.lower() in ENDINGS])
    return files, np.array([path.relative_to(place.parent).as_posix() for path in files])
