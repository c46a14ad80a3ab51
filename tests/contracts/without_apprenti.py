"""Runs a script where no `import apprenti` can succeed, although this Python has it installed.

Alone it runs the script in the current folder. Given modules, it imports them once, for that takes
seconds; then it runs the script in each folder that it reads from a line, in a copy of this process
(a fork), so that none knows of another, and answers with what went wrong, or with an empty text.
"""

import atexit
import importlib
import os
import runpy
import sys
import traceback

sys.modules["apprenti"] = None


def run():
    runpy.run_path("train.py", run_name="__main__")


def run_in_a_copy(folder):
    """Return what went wrong with a script, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with open(reading, encoding="utf-8") as said:
            wrong = said.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return wrong or (f"exit status {status}" if status else "")
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nowhere, stream)
        os.chdir(folder)
        run()
        atexit._run_exitfuncs()
        status = 0
    except BaseException:
        os.write(writing, traceback.format_exc().encode())
    finally:
        os._exit(status)


def main(*modules):
    if not modules:
        run()
        return
    for name in modules:
        importlib.import_module(name)
    for line in sys.stdin:
        print(repr(run_in_a_copy(line.rstrip("\n"))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
