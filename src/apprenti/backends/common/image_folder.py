"""Reading: a folder of images, with a folder inside for each class."""

import numpy as np

from apprenti.backends.common.data import Data, find, share_out
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def load_data(config: Config) -> Data:
    folder = find(config.data)
    # Sorted, for the order in which a disk lists its files is another on each machine
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.glob("[!.]*/[!.]*"))
    names = np.array([path for path in paths if path.lower().endswith(ENDINGS)])
    labels = np.array([name.split("/")[0] for name in names])
    files = np.array([folder / name for name in names])
    data = share_out(files, labels, split_rows(labels, config))
    # A row is called by the name of its file
    return data._replace(valid_rows=names[data.valid_rows])
