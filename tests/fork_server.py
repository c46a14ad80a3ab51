"""Scripts and commands as copies of a process that imported the heavy packages once (Linux only).

Importing a framework takes seconds, and nearly all the time of a small script. A server imports
what the scripts of one framework need, or what the commands need, then runs each of them in a copy
of itself (a fork), so that none knows of another. No script can import apprenti. The server of the
commands has read the texts besides, and made a few scripts.

    popen([sys.executable, "train.py"], cwd=folder)     as subprocess.Popen, but a copy
    run([sys.executable, "-m", "apprenti", "runs"])     as subprocess.run, but a copy
    run([sys.executable, "-c", code, "pytorch"])        code, where that framework is imported
    with copies(): ...                                  what is started meanwhile to be a script too
    with processes(): ...                               processes, within copies()

The processes among which tests are shared out use the same servers: `share` is called before they
begin. Run as a program, this file is the server: it is given the folder of the sockets, the process
of the tests, the number of its socket, and the modules to import.
"""

import atexit
import contextlib
import contextvars
import fcntl
import importlib
import io
import json
import os
import re
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path

POSSIBLE = sys.platform == "linux"
LEARN = ("numpy", "pandas", "sklearn.datasets", "sklearn.pipeline", "skops.io", "PIL.Image")
IMPORTED = {
    "pytorch": (*LEARN, "torch", "torch._dynamo"),
    "tensorflow": (*LEARN, "tensorflow", "keras"),
    "sklearn": (*LEARN, "sklearn.ensemble", "sklearn.neural_network"),
    "apprenti": (
        *("typer", "rich.console", "rich.table", "rich.progress", "pydantic", "tomlkit"),
        *("filelock", "platformdirs", "psutil", "scipy.stats", "matplotlib.pyplot", "plotext"),
        *("pyarrow.parquet", "nbformat", "numpy", "pandas", "sklearn.datasets", "PIL.Image"),
        *("apprenti.cli.commands", "apprenti.train.one_run"),
    ),
}
"""What takes long to import, for the scripts of each framework and for the commands."""
FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")
QUIET = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
LONGEST = 1 << 20


# ---- The servers


SHARED = "COPIES_OF_TESTS"
"""The variable by which processes know the folder of the servers that they share."""

_place = None
_owner = os.getpid()
_account = None
_started = []
_lock = threading.Lock()


def share():
    """Let the processes that are started from here on use the servers of this one."""
    os.environ[SHARED] = json.dumps([str(_folder()), _owner])


def _folder():
    """Return the folder of the sockets: one for those who share servers, and for their copies."""
    global _place, _owner
    if _place is None and SHARED in os.environ:
        place, _owner = json.loads(os.environ[SHARED])
        _place = Path(place)
    elif _place is None:
        _place = Path(tempfile.mkdtemp(prefix="copies-"))
    return _place


def _seconds_of(account):
    """Return the file in which the time of the copies of a process stands, and of theirs."""
    return _folder() / f"seconds-{account}"


def spent():
    """Return the seconds of processor time that all copies of this process have taken."""
    log = _seconds_of(os.getpid())
    return sum(map(float, log.read_text().split())) if log.exists() else 0.0


def close_all():
    """End the servers of this process, and those that its copies have started."""
    global _place
    if _place is None or os.getpid() != _owner:
        return
    for address in _place.glob("*.socket"):
        with contextlib.suppress(OSError), _connect(address) as server:
            server.send(b"end")
    for process in _started:
        process.wait()
    shutil.rmtree(_place, ignore_errors=True)
    os.environ.pop(SHARED, None)
    _place = None
    _started.clear()


def _connect(address):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.connect(str(address))
    except OSError:
        connection.close()
        raise
    return connection


def _server(name):
    """Return a connection to a server, which is started if it is not there."""
    address = _folder() / f"{name}.socket"
    with _lock, open(_folder() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            _start(name, address)
    return _connect(address)


def _start(name, address):
    """Start a server; whoever connects before it has imported everything waits."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(str(address))
        listening.listen(100)
        words = [__file__, _folder(), _owner, listening.fileno(), *IMPORTED[name]]
        flags = ["-X", "utf8"] if name == "apprenti" else ["-I", "-X", "utf8", "-u"]
        with open(_folder() / f"{name}.log", "w") as log:
            server = subprocess.Popen(
                [sys.executable, *flags, *map(str, words)],
                env={**os.environ, **QUIET},
                pass_fds=[listening.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    if os.getpid() == _owner:
        _started.append(server)
    else:
        server.returncode = 0  # It serves others when this process has ended: nobody waits for it


# ---- A copy, used like a subprocess.Popen


class Copy:
    """What runs in a copy of a server, by its `order`: a script, a module or code, and where."""

    def __init__(self, server, order, streams):
        self.args, self.returncode = order["arguments"], None
        self.stdin = self.stdout = self.stderr = None
        self._reading = threading.Lock()
        self._answers = _server(server)
        socket.send_fds(self._answers, [json.dumps(order).encode()], streams)
        if not (said := self._answers.recv(100)):
            self._answers.close()
            log = (_folder() / f"{server}.log").read_text(errors="replace")
            raise ChildProcessError(f"the server of {server} has ended: {log}")
        self.pid = int(said)

    def poll(self):
        return self._look(0)

    def wait(self, timeout=None):
        if self._look(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode

    def _look(self, timeout):
        with self._reading:
            if self.returncode is None and select.select([self._answers], [], [], timeout)[0]:
                self.returncode = int(self._answers.recv(100) or -1)
                self._answers.close()
        return self.returncode

    def send_signal(self, number):
        if self.poll() is None:
            # It may have ended since
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream:
                stream.close()
        self.wait()


def popen(command, *, stdin=None, stdout=None, stderr=None, **more):
    """Run a script, `-m apprenti` or `-c` in a copy; any other command as subprocess.Popen does."""
    order = POSSIBLE and _order(command, more)
    if not order:
        return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr, **more)
    ours, theirs, to_close = _pipes(stdin, stdout, stderr)
    try:
        copy = Copy(order.pop("server"), order, theirs)
    finally:
        for descriptor in to_close:
            os.close(descriptor)
    for name, descriptor in ours.items():
        setattr(copy, name, _opened(name, descriptor, **more))
    return copy


def run(command, *, cwd=None, env=None, timeout=None):
    """Run a command in a copy, and return what it said as subprocess.run does."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        for file in (out, err):
            file.seek(0)
        said = (file.read().decode().replace("\r\n", "\n") for file in (out, err))
        return subprocess.CompletedProcess(command, process.returncode, *said)


def _order(command, more):
    """Return what a server is told, or nothing if it is none of its commands."""
    program, *words = map(str, command)
    known = {"cwd", "env", "encoding", "errors", "text", "start_new_session"}
    if program != sys.executable or set(more) - known:
        return None
    order = {
        "cwd": str(more.get("cwd") or "."),
        "env": dict(more.get("env") or os.environ),
        "new_session": more.get("start_new_session", False),
        "account": _account or os.getpid(),
    }
    order["cwd"] = os.path.abspath(order["cwd"])
    if words[:2] == ["-m", "apprenti"]:
        return {**order, "server": "apprenti", "arguments": words[1:], "code": ""}
    if words[0] == "-c":
        server = words[2] if words[2:] and words[2] in IMPORTED else "apprenti"
        return {**order, "server": server, "arguments": ["-c", *words[2:]], "code": words[1]}
    place = next((at for at, word in enumerate(words) if word.endswith(".py")), None)
    if place is None or not Path(order["cwd"], words[place]).is_file():
        return None
    script = _learns.get() or words[place]
    # A process that becomes a script later is told of which framework
    server = words[-1] if words[-1] in FRAMEWORKS else framework_of(Path(order["cwd"], script))
    return {**order, "server": server, "arguments": words[place:], "code": ""}


def framework_of(script):
    """Return whose server runs a script, by what it imports."""
    text = script.read_text(encoding="utf-8", errors="replace")
    for framework, modules in (("tensorflow", "tensorflow|keras"), ("pytorch", "torch")):
        if re.search(rf"^\s*(import|from) ({modules})\b", text, re.MULTILINE):
            return framework
    return "sklearn"


def _pipes(stdin, stdout, stderr):
    """Return our ends of the pipes, the three streams of a copy, and what we close afterwards."""
    ours, theirs, to_close = {}, [], []
    for number, given in enumerate((stdin, stdout, stderr)):
        if given == subprocess.PIPE:
            ends = os.pipe()
            ours[("stdin", "stdout", "stderr")[number]], end = ends if number else ends[::-1]
            to_close.append(end)
        elif given == subprocess.DEVNULL:
            end = os.open(os.devnull, os.O_RDWR)
            to_close.append(end)
        elif given == subprocess.STDOUT:
            end = theirs[1]
        elif given is None:
            end = number
        else:
            end = given if isinstance(given, int) else given.fileno()
        theirs.append(end)
    return ours, theirs, to_close


def _opened(name, descriptor, encoding=None, errors=None, text=False, **more):
    if name == "stdin":
        return io.BufferedWriter(io.FileIO(descriptor, "w"))
    stream = io.FileIO(descriptor, "r")
    if encoding or text:
        return io.TextIOWrapper(io.BufferedReader(stream), encoding or "utf-8", errors)
    return io.BufferedReader(stream)


class _Subprocess:
    """The module subprocess, as run_local sees it, but for Popen."""

    Popen = staticmethod(popen)

    def __getattr__(self, name):
        return getattr(subprocess, name)


_learns = contextvars.ContextVar("learns", default=None)
"""The script that a worker is about to load: no other way leads from its command to its server."""


@contextlib.contextmanager
def _starting(module):
    from apprenti.script import preload, run_local, workers

    starting = preload, run_local, workers
    before = [one.subprocess for one in starting], workers._open
    for one in starting:
        one.subprocess = module
    workers._open = _noting_what_it_learns(workers._open)
    try:
        yield
    finally:
        for one, real in zip(starting, before[0], strict=True):
            one.subprocess = real
        workers._open = before[1]


def _noting_what_it_learns(begin):
    def _open(terms, folder):
        noted = _learns.set(terms.script)
        try:
            return begin(terms, folder)
        finally:
            _learns.reset(noted)

    return _open


def copies():
    """While this lasts, the scripts and workers that are started are copies, where they can be."""
    return _starting(_Subprocess())


def processes():
    """While this lasts, the scripts and workers that are started are processes of their own."""
    return _starting(subprocess)


# ---- In the server


def _serve(descriptor, modules):
    if "apprenti.cli.commands" not in modules:
        sys.modules["apprenti"] = None
    for name in modules:
        importlib.import_module(name)
    if "apprenti.cli.commands" in modules:
        _learn_by_heart()
    with socket.socket(fileno=descriptor) as listening:
        Server(listening).serve()


class Server:
    """Makes copies of this process, says the number of each, and then how it ended."""

    def __init__(self, listening):
        self.listening, self.copies = listening, {}
        # The end of a copy wakes the server by a byte that comes in here
        self.woken, self.wakes = socket.socketpair()
        for end in (listening, self.woken, self.wakes):
            end.setblocking(False)
        signal.set_wakeup_fd(self.wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self):
        """Serve until told to end, or until those are gone whom it serves."""
        while True:
            ready, _, _ = select.select([self.listening, self.woken], [], [], 10)
            if self.woken in ready:
                self.woken.recv(1000)
                self._see_who_ended()
            if self.listening in ready and not self._answer():
                return
            if not ready and not Path(f"/proc/{_owner}").exists():
                shutil.rmtree(_place, ignore_errors=True)
                return

    def _answer(self):
        """Make the copy that somebody asks for; False if it is the end that is asked for."""
        try:
            connection, _ = self.listening.accept()
        except BlockingIOError:
            return True
        connection.setblocking(True)
        said, streams, *_ = socket.recv_fds(connection, LONGEST, 3)
        if said in (b"", b"end"):
            connection.close()
            return not said
        order = json.loads(said)
        copy = os.fork()
        if not copy:
            self._leave(connection)
            _be(order, streams)
        for stream in streams:
            os.close(stream)
        self.copies[copy] = connection, order["account"]
        with contextlib.suppress(OSError):
            connection.send(str(copy).encode())
        return True

    def _leave(self, connection):
        """Be a copy, which knows nothing of the server and of the other copies."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        others = (other for other, _ in self.copies.values())
        for known in (self.listening, self.woken, self.wakes, connection, *others):
            known.close()

    def _see_who_ended(self):
        while self.copies:
            copy, status, used = os.wait4(-1, os.WNOHANG)
            if not copy:
                return
            connection, account = self.copies.pop(copy)
            # Their folder may be gone with those who asked for it
            with contextlib.suppress(OSError), open(_seconds_of(account), "a") as log:
                log.write(f"{used.ru_utime + used.ru_stime:.3f}\n")
            with contextlib.suppress(OSError), connection:
                connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def _learn_by_heart():
    """Read once what each command would read again: modules, texts, the pieces of scripts."""
    import apprenti
    from apprenti import language, project
    from apprenti.train.plan import plan

    sources = Path(apprenti.__file__).parent
    for path in sorted(sources.rglob("*.py")):
        words = path.relative_to(sources.parent).with_suffix("").parts
        if "backends" not in words and not words[-1].startswith("__"):
            importlib.import_module(".".join(words))
    for lang in language.LANGUAGES:
        language.errors(lang)
    with tempfile.TemporaryDirectory() as folder:
        for framework in FRAMEWORKS:
            chosen = f'data.source = "digits"\ntrain.framework = "{framework}"\n'
            Path(folder, project.FILE).write_text(chosen, encoding="utf-8")
            plan(project.load(Path(folder)))


def _be(order, streams):
    """Become what was ordered, with its streams, variables and folder, to the end."""
    global _account
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for stream in set(streams) - {0, 1, 2}:
        os.close(stream)
    sys.stdout, sys.stderr = _anew(sys.stdout, 1), _anew(sys.stderr, 2)
    if order["new_session"]:
        os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order["env"])
    _account = order["account"]
    os.chdir(order["cwd"])
    sys.argv = order["arguments"]
    status = _status_of(order)
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    if status is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(status)


def _anew(stream, number):
    """Return a stream for what has become of its number: one of a file thinks that it can seek."""
    raw = io.FileIO(number, "w", closefd=False)
    buffer = raw if stream.write_through else io.BufferedWriter(raw)
    how = {"line_buffering": stream.line_buffering, "write_through": stream.write_through}
    return io.TextIOWrapper(buffer, encoding=stream.encoding, errors=stream.errors, **how)


def _do(order):
    if order["arguments"][0].endswith(".py"):
        runpy.run_path(order["arguments"][0], run_name="__main__")
        return
    sys.path.insert(0, "" if order["code"] else order["cwd"])
    if sys.modules.get("apprenti", "") is None:
        # Code of a test, unlike a script, may know of it
        del sys.modules["apprenti"]
    with copies():
        if order["code"]:
            exec(order["code"], {"__name__": "__main__"})
        else:
            runpy.run_module("apprenti", run_name="__main__", alter_sys=True)


def _status_of(order):
    """Return the exit status of Python after this, or None if it was Ctrl-C that ended it."""
    try:
        _do(order)
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
    _place, _owner = Path(sys.argv[1]), int(sys.argv[2])
    _serve(int(sys.argv[3]), sys.argv[4:])
