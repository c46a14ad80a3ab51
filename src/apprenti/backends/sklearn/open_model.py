"""Model: loaded as it was trained."""

import json
from pathlib import Path

from threadpoolctl import threadpool_limits

from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.linear import PARTS
from apprenti.backends.sklearn.parts import open_parts


def open_model(config: Config, folder: Path) -> tuple:
    threadpool_limits(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return open_parts(folder / "model.skops", PARTS), description
