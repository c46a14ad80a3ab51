"""A process that imports a framework while the run is still being planned, and then is its script.

To import a framework takes longer than to plan a run, and often than to train it: side by side,
they take the time of one. The very file of the run is executed all the same, alone in its process.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, cast

HOST = Path(__file__).with_name("host.py")


def host(orders: str, frameworks: Iterable[str], **more: Any) -> "subprocess.Popen[bytes]":
    """Start the process that imports frameworks, and say where its orders come from."""
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-u", str(HOST), orders, *frameworks],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name != "nt",
        **more,
    )


def order_of(command: list[str], cwd: Path, env: dict[str, str]) -> dict[str, Any]:
    """Return what a host is told of the script that it is to execute."""
    script = next(word for word in command if word.endswith(".py"))
    return {"script": script, "folder": os.path.abspath(cwd), "environment": env}


class Preloaded:
    """A process for one script of one framework; without an order it ends when it is closed."""

    def __init__(self, framework: str) -> None:
        self._framework = framework
        self._process: subprocess.Popen[bytes] | None = None
        # There may be no memory, or no process more: the script may yet have them
        with contextlib.suppress(OSError):
            self._process = host("stdin", [framework], stdin=subprocess.PIPE)

    def open(self, framework: str, command: list[str], **more: Any) -> "subprocess.Popen[bytes]":
        """Execute a script as subprocess.Popen does, here if it is of this framework."""
        if self._process and framework == self._framework and self._process.poll() is None:
            # It may be killed: for want of memory, perhaps
            with contextlib.suppress(OSError):
                return self._order(self._process, command, **more)
        return subprocess.Popen(command, **more)

    def _order(
        self, process: "subprocess.Popen[bytes]", command: list[str], **more: Any
    ) -> "subprocess.Popen[bytes]":
        output = [os.path.abspath(more[stream].name) for stream in ("stdout", "stderr")]
        order = {**order_of(command, more["cwd"], more["env"]), "output": output}
        with cast("IO[bytes]", process.stdin) as stdin:
            stdin.write(json.dumps(order).encode())
        self._process = None
        return process

    def close(self) -> None:
        """End what was given no script."""
        if self._process:
            self._process.kill()
            with self._process:
                self._process = None
