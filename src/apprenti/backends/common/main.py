"""The whole run, from the data to the predictions."""

import json
from pathlib import Path

from apprenti.backends.common.load import load_data
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.fit import fit

if __name__ == "__main__":
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(Config(), load_data(Config()), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise
