"""Reading: a table that comes with scikit-learn, one row an example, one column the target."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    bunch = getattr(datasets, f"load_{config.built_in}")(as_frame=True)
    table = bunch.frame
    if "target_names" in bunch:
        # Its classes are numbers there: give them their names back
        table = table.assign(target=np.array(bunch.target_names)[bunch.target])
    return table
