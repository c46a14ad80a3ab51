"""Colab and Kaggle: what this notebook needs there. On your own machine nothing happens."""

import os
from importlib.util import find_spec

from IPython import get_ipython


def main(packages):
    colab, kaggle = "COLAB_RELEASE_TAG" in os.environ, "KAGGLE_KERNEL_RUN_TYPE" in os.environ
    absent = [name for module, name in packages.items() if find_spec(module) is None]
    if absent and (colab or kaggle):
        # %pip installs for the very Python that runs these cells
        get_ipython().run_line_magic("pip", f"install --quiet {' '.join(absent)}")
    return colab, kaggle
