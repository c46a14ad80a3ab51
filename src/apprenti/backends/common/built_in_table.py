"""Reading: a table that comes with scikit-learn, one row an example, one column the answer."""

import numpy as np
import pandas as pd
from sklearn import datasets

from apprenti.backends.common.settings import Config


def read_table(config: Config) -> pd.DataFrame:
    bunch = getattr(datasets, f"load_{config.data}")(as_frame=True)
    if "target_names" not in bunch:
        return bunch.frame
    # Its classes are numbers there: give them their names back
    return bunch.frame.assign(target=np.array(bunch.target_names)[bunch.target])
