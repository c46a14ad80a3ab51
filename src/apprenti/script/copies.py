"""Scripts executed as copies of one process that imported their packages once (Linux only).

To import what a script of scikit-learn needs takes longer than to train most models on a small
table. Each copy is a process of its own all the same, in which the very file of the run is
executed. Where there are no copies, scripts run in fresh processes.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from apprenti.script.preload import host, order_of

POSSIBLE = sys.platform == "linux"
"""Elsewhere a copy of a process that has threads cannot be relied on."""

COPIED = ("pytorch", "sklearn")
"""The frameworks whose processes can be copied: TensorFlow's has threads from the start."""


class Copier:
    """Where scripts of some frameworks are copied from: made early, for it takes seconds."""

    def __init__(self, frameworks: Iterable[str]) -> None:
        self._names = set(frameworks) & set(COPIED)
        self._orders: socket.socket | None = None
        self._lock, self._is_ready = threading.Lock(), False
        if POSSIBLE and self._names:
            self._start()

    def _start(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            asked = {"pass_fds": [number], "stdin": subprocess.DEVNULL}
            self._process = host(str(number), sorted(self._names), **asked)

    def wait(self) -> None:
        """Wait until it has imported all, or has failed to."""
        if self._orders:
            self._is_ready = self._orders.recv(100) == b"ready"
            if not self._is_ready:
                self.close()

    def open(self, framework: str, command: list[str], **more: Any) -> Any:
        """Execute a script as subprocess.Popen does, in a copy where there is one."""
        if self._orders is None or framework not in self._names:
            return subprocess.Popen(command, **more)
        try:
            return Copy(self._orders, self._lock, command, **more)
        except (OSError, ValueError):
            # It was killed: for want of memory, perhaps
            return subprocess.Popen(command, **more)

    def close(self) -> None:
        """Let it end once its scripts have; what is still importing is ended."""
        if self._orders:
            self._orders.close()
            self._orders = None
            if not self._is_ready:
                self._process.kill()
            self._process.wait()


class Copy:
    """A script under way in a copy, to be used like a subprocess.Popen."""

    def __init__(
        self,
        orders: socket.socket,
        lock: threading.Lock,
        command: list[str],
        cwd: Path,
        env: dict[str, str],
        stdout: IO[bytes],
        stderr: IO[bytes],
        **more: Any,
    ) -> None:
        self.args, self.returncode = command, None
        order = order_of(command, cwd, env)
        self._answers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs, lock:
                files = [stdout.fileno(), stderr.fileno(), theirs.fileno()]
                socket.send_fds(orders, [json.dumps(order).encode()], files)
            self.pid = int(self._answers.recv(100))
        except (OSError, ValueError):
            self._answers.close()
            raise

    returncode: int | None

    def poll(self) -> int | None:
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._look(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._answers], [], [], timeout)[0]:
            # Nothing: whoever would have said it was killed, and so was the script
            self.returncode = int(self._answers.recv(100) or -signal.SIGKILL)
            self._answers.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
