"""The process that imports what scripts need once, and executes each of them in a copy of itself.

It is run by its path, isolated, with the standard library alone. Its words are the number of a
socket and the modules to import. What comes through the socket is, in JSON, where a script is, with
three open files: what it prints, what it says on stderr, and where its number and its end are told.
"""

import atexit
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from contextlib import suppress
from typing import Any

LONGEST = 1 << 20
"""Bytes of an order: a folder, a name and the variables of the environment."""


def main(number: int, modules: list[str]) -> None:
    for name in modules:
        # A script that needs what is not there says so itself
        with suppress(ImportError):
            importlib.import_module(name)
    with socket.socket(fileno=number) as orders:
        orders.send(b"ready")
        while True:
            said, files, *_ = socket.recv_fds(orders, LONGEST, 3)
            if not said:
                break
            if not os.fork():
                orders.close()
                _keep(json.loads(said), files)
            for file in files:
                os.close(file)
    # What they took is counted with what we took
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _keep(order: dict[str, Any], files: list[int]) -> None:
    """Start a copy, and say its number, then how it ended: the scripts outlive whoever asked."""
    answers = files.pop()
    child = os.fork()
    if not child:
        os.close(answers)
        _be(order, files)
    for file in files:
        os.close(file)
    # Nobody may be there any more to hear it
    with suppress(OSError), socket.socket(fileno=answers) as telling:
        telling.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        telling.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _be(order: dict[str, Any], files: list[int]) -> None:
    """Become the script, in its folder and with its own variables, to the end."""
    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
        os.close(file)
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv = [order["script"]]
    status = _status_of(order["script"])
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if status is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(status or 0)


def _status_of(script: str) -> int | None:
    """Execute the script, and return the status of Python after it; None if Ctrl-C ended it."""
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        traceback.print_exc()
        return None
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
