"""The run's own code, from the file to the arrays: the script's load_data, as it is assembled."""

import json
import sys
import time
from pathlib import Path

from apprenti.data.split.parts import counts
from apprenti.model.catalogue import Material, blocks
from apprenti.project import Split
from apprenti.script.assemble import assemble

path = Path(sys.argv[1])
with open(path, "rb") as file:
    rows = sum(1 for _ in file) - 1
parts = counts(Split(), rows)
settings = {"data": str(path), "target": "target", **parts}
material = Material("csv_table", (29,))
script = assemble(blocks("sklearn", "trivial", material), settings, "").text
names: dict = {"__name__": "script"}
exec(compile(script, "train.py", "exec"), names)
config = names["Config"]()

start = time.perf_counter()
data = names["load_data"](config)
print(json.dumps({"seconds": time.perf_counter() - start, "shape": data.train_inputs.shape}))
