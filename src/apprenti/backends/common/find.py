"""Data: where it is."""

import os
from pathlib import Path

from apprenti.backends.common.settings import Config


def find(config: Config) -> Path:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    paths = [folder / config.data for folder in folders if (folder / config.data).exists()]
    if not paths:
        raise SystemExit(f"No {config.data} here: put it beside this script, or set APPRENTI_DATA.")
    return paths[0]
