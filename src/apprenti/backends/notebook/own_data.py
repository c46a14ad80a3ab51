"""Colab and Kaggle: what this notebook needs there. On your own machine nothing happens."""

import os
import shutil
from pathlib import Path


def main(source, colab, kaggle):
    if kaggle:
        # Kaggle lays each dataset into a folder of its own, beside the one we are in
        mounted = [attached for attached in Path("../input").rglob("*") if attached.name == source]
        if mounted:
            innermost = max(mounted, key=lambda attached: len(attached.parts))
            os.environ["APPRENTI_DATA"] = str(innermost.parent.resolve())
        else:
            print(f"Under Input, on the right, upload {source} as a dataset, then run this again.")
    if colab and not Path(source).exists():
        for archive in Path().glob("*.zip"):
            shutil.unpack_archive(archive)
        if not Path(source).exists():
            print(f"Drop {source} into Files, on the left (a folder as .zip), then run this again.")
