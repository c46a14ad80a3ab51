"""The process that loads a script once, reads its data once, and fits many times.

It is run by its path, isolated, with the standard library alone; the script finds here what it
would find if it ran by itself. `apprenti.script.workers` is at the other end: each line that comes
from there is an object in JSON, and so is each that goes back.

    {"script": PATH, "data_settings": [NAME, ...]}                      the first line
    {"settings": {...}, "folder": PATH | null, "words": PATH, "ask": BOOL}    a trial
    {"go_on": BOOL}                             the answer to an epoch, where it was asked for

    {"ready": true}                             the script is loaded
    {"epoch": {...}}                            a row of the history
    {"history": [...] | null, "stopped": BOOL, "error": TRACEBACK | null, "seconds": NUMBER}
"""

import ctypes
import gc
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

NAME = "train"
"""What the script is called as a module: not `__main__`, so that nothing runs by itself."""

PREPARED = 2
"""How many of the latest preparations of the data are kept."""

OUTPUT, ERRORS = "output.txt", "errors.txt"
"""As in `apprenti.script.run_local`, which cannot be imported here."""


class Line:
    """The two ends of the line to the parent, kept apart from what a script reads and prints."""

    def __init__(self) -> None:
        self._sending: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        self._coming = os.fdopen(os.dup(0), "r", encoding="utf-8")
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        os.dup2(2, 1)
        self._received: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for text in self._coming:
            self._received.put(text)
        # Nobody is there any more, and what is under way is wanted by nobody
        os._exit(0)

    def receive(self) -> dict[str, Any]:
        received: dict[str, Any] = json.loads(self._received.get())
        return received

    def send(self, **content: object) -> None:
        # An own script may have measured with numbers of NumPy
        self._sending.write(json.dumps(content, default=float) + "\n")
        self._sending.flush()


class Loaded:
    """A script that was loaded, and the data it has prepared."""

    def __init__(self, path: Path, data_settings: Iterable[str]) -> None:
        self._module = ModuleType(NAME)
        self._module.__file__ = str(path)
        sys.modules[NAME] = self._module
        code = compile(path.read_bytes(), str(path), "exec")
        exec(code, self._module.__dict__)  # noqa: S102
        self._of_data = [name for name in data_settings if hasattr(self._module.Config, name)]
        self._prepared: OrderedDict[str, Any] = OrderedDict()

    def config(self, settings: Mapping[str, object]) -> Any:
        """Return the settings of the script with some of them changed."""
        changed = {name: _as_tuples(value) for name, value in settings.items()}
        return self._module.Config()._replace(**changed)

    def data(self, config: Any) -> Any:
        """Return the data, read and prepared unless settings that reach them have other values."""
        key = repr([getattr(config, name) for name in self._of_data])
        if key not in self._prepared:
            while len(self._prepared) >= PREPARED:
                self._prepared.popitem(last=False)
            self._prepared[key] = self._module.load_data(config)
        self._prepared.move_to_end(key)
        return self._prepared[key]

    def fit(self, config: Any, folder: Path | None, stop: Any) -> Any:
        return self._module.fit(config, self.data(config), folder, stop)


def _as_tuples(value: object) -> object:
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def main() -> None:
    line = Line()
    first = line.receive()
    script = Loaded(Path(first["script"]), first["data_settings"])
    gc.collect()
    gc.freeze()
    line.send(ready=True)
    while True:
        result = try_once(script, line.receive(), line)
        # Before the answer, for what is measured then is what stays
        forget()
        line.send(**result)


def try_once(script: Loaded, trial: Mapping[str, Any], line: Line) -> dict[str, object]:
    """Fit once with the settings of a trial, and return what came of it, whatever that is."""
    folder = Path(trial["folder"]) if trial["folder"] else None
    stopped, start = False, time.perf_counter()

    def stop(history: list[dict[str, Any]]) -> bool:
        nonlocal stopped
        line.send(epoch=history[-1])
        stopped = trial["ask"] and not line.receive()["go_on"]
        return stopped

    history, error = None, None
    speak_into(Path(trial["words"]))
    try:
        history = script.fit(script.config(trial["settings"]), folder, stop)
    except (Exception, SystemExit):
        error = traceback.format_exc()
    seconds = time.perf_counter() - start
    return {"history": history, "stopped": stopped, "error": error, "seconds": seconds}


def speak_into(folder: Path) -> None:
    """Let all that is said from now on, by C libraries too, go into two files of a folder."""
    for stream, number, name in ((sys.stdout, 1, OUTPUT), (sys.stderr, 2, ERRORS)):
        stream.flush()
        with open(folder / name, "wb") as file:
            os.dup2(file.fileno(), number)


def forget() -> None:
    """Let go of what the framework keeps of a model."""
    sys.stdout.flush()
    if "keras" in sys.modules:
        forget_gradients()
        # It also counts the layers: the names in a file of weights begin again with each trial
        sys.modules["keras"].backend.clear_session()
    else:
        gc.collect()
    # What is left stays: the next time it need not be gone through again
    gc.freeze()
    if sys.platform == "linux":
        # Memory that was freed goes back to the system only when it is asked to
        getattr(ctypes.CDLL(None), "malloc_trim", int)(0)


def forget_gradients() -> None:
    """Let TensorFlow drop the gradients that it notes for good, each with the graph of a model."""
    operations = sys.modules.get("tensorflow.python.framework.ops")
    noted = getattr(getattr(operations, "gradient_registry", None), "_registry", {})
    for name in [name for name in noted if name.startswith("CustomGradient-")]:
        del noted[name]


if __name__ == "__main__":
    main()
