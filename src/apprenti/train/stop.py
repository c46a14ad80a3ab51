"""A run that is under way is asked to stop from elsewhere, as Ctrl-C does where it was begun."""

import contextlib
import os
import signal
import time

from apprenti import runs
from apprenti.errors import ApprentiError
from apprenti.runs import Run
from apprenti.script.run_local import PATIENCE, POLL
from apprenti.train.settle import settle


def stop(run: Run, patience: float = PATIENCE) -> None:
    """Ask the script of a run to put its last whole epoch in order and end, and wait until it has.

    After so many seconds of `patience` it is ended. What it left is recorded, here or by the
    command that watches it.
    """
    import psutil

    number = runs.process_of(run)
    if number is None or run.status != runs.RUNNING:
        raise ApprentiError("run_not_under_way", run=run.name)
    # It may end by itself at any moment
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(number)
        if os.name == "nt":
            # There is no other way to be heard by a process of another console
            process.terminate()
        else:
            process.send_signal(signal.SIGINT)
        limit = time.monotonic() + patience
        while run.status == runs.RUNNING:
            if time.monotonic() > limit:
                process.kill()
            time.sleep(POLL)
    settle(run)
