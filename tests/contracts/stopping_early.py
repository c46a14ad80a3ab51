"""Fits one script in several ways, in a process of its own: stopped and resumed as often as it may.

    python stopping_early.py train.py FOLDER

Into FOLDER/WAY goes what each way leaves; FOLDER/histories.json has their histories.
"""

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType


class Killed(BaseException):
    """What ends a training at once, after its checkpoint."""


def main(script, folder):
    sys.modules["train"] = module = ModuleType("train")
    module.__file__ = str(script)
    exec(compile(script.read_bytes(), str(script), "exec"), module.__dict__)
    config = module.Config()
    data = module.load_data(config)

    def fit(way, stop=lambda history: False):
        (folder / way).mkdir(exist_ok=True)
        try:
            return module.fit(config, data, folder / way, stop)
        except Killed:
            return None

    def ends(epoch, how):
        def stop(history):
            if len(history) == epoch:
                raise how
            return False

        return stop

    whole = fit("whole")
    losses = [row["valid_loss"] for row in whole]
    best = losses.index(min(losses)) + 1
    histories = {"whole": whole, "nowhere": module.fit(config, data, None, lambda history: False)}
    fit("killed", ends(best, Killed()))
    kept = next((folder / "killed" / "model").glob("best.*"))
    # It was killed after its checkpoint and before it could keep the best model
    kept.unlink()
    histories["killed"] = fit("killed")
    fit("at_the_end", ends(len(whole), Killed()))
    histories["at_the_end"] = fit("at_the_end")
    histories["interrupted"] = fit("interrupted", ends(best + 1, KeyboardInterrupt()))
    shutil.copytree(folder / "interrupted", folder / "resumed")
    histories["resumed"] = fit("resumed")
    (folder / "histories.json").write_text(json.dumps(histories))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
