"""The time that a diagnosis takes: a short history is stretched, and the answer comes first."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "diagnosing.py"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="benchmarks: Linux and macOS")


@pytest.mark.slow
def test_the_answer_is_there_before_the_command_ends():
    options = ["--rounds", "1", "--epochs", "60", "--rows", "500", "--without-mnist", "--json"]
    variables = {**os.environ, "APPRENTI_LANG": "en"}
    done = subprocess.run(
        [sys.executable, SCRIPT, *options], capture_output=True, encoding="utf-8", env=variables
    )
    assert not done.returncode, done.stderr
    found = json.loads(done.stdout)
    (claim,) = found["claims"]
    assert (claim["limit"], claim["verdict"]) in ((1.0, "ok"), (1.0, "over"))
    (measured,) = found["measured"]["table"]
    assert 0 < measured["seconds"] < measured["whole"]
    assert 0 < measured["processor"] < measured["processor_whole"]
