"""Runs the train.py of this folder where no `import apprenti` can succeed.

Although this Python has it installed.
"""

import runpy
import sys

if __name__ == "__main__":
    sys.modules["apprenti"] = None
    runpy.run_path("train.py", run_name="__main__")
