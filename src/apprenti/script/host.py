"""The process that imports what scripts need before there is one, and then becomes the script.

It is run by its path, isolated, with the standard library alone. Its words are where its orders
come from, and the frameworks to import: "stdin", for the one script that this process becomes, or
the number of a socket, through which it hears of any number, each executed in a copy of this
process (Linux only). An order says in JSON which script, in which folder and with which variables;
on stdin, also into which files what it says is added. Through the socket, three open files come
with it: what the script prints, what it says on stderr, and where its number and end are told.
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
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

IMPORTED = {
    # All but PyTorch itself is imported by its first optimizer
    "pytorch": ("torch", "torch._dynamo"),
    "tensorflow": ("tensorflow", "keras"),
    "sklearn": ("numpy", "pandas", "skops.io", "threadpoolctl", "PIL.Image"),
}
"""What takes long to import, for the scripts of each framework; skops imports all scikit-learn."""

VARIABLES = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
"""What scripts of Keras set before they import it."""

LONGEST = 1 << 20
"""Bytes of an order through a socket: a folder, a name and the variables of the environment."""

APPENDED = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)


def main(orders: str, frameworks: Iterable[str]) -> None:
    # By which scripts are asked to stop, even where whoever asks does not hear it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(VARIABLES)
    for name in (module for framework in frameworks for module in IMPORTED[framework]):
        # A script that needs what is not there says so itself
        with suppress(ImportError):
            importlib.import_module(name)
    if orders == "stdin":
        _become()
    else:
        _copy(int(orders))


def _become() -> None:
    """Become the script that the order is about; without one, nobody needs this process."""
    if said := sys.stdin.buffer.read():
        order = json.loads(said)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _be(order, [os.open(path, APPENDED) for path in order["output"]])


def _copy(number: int) -> None:
    """Execute each script that there is an order for in a copy, until nobody gives orders."""
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
        os.setsid()
        _be(order, files)
    for file in files:
        os.close(file)
    # Nobody may be there any more to hear it
    with suppress(OSError), socket.socket(fileno=answers) as telling:
        telling.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        telling.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _be(order: dict[str, Any], files: Sequence[int]) -> None:
    """Become the script, in its folder and with its own variables, to the end."""
    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
        os.close(file)
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
    except BaseException as error:
        _tell(error, script)
        return None if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _tell(error: BaseException, script: str) -> None:
    """Print what went wrong as Python does, from the first line of the script on."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != script:
        trace = trace.tb_next
    # A script that is no Python has no line that was executed
    traceback.print_exception(type(error), error, trace)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
