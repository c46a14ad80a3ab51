"""How a run ended: recorded by whoever watched it to its end, or by whoever looks at it next."""

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from apprenti import listing, runs
from apprenti.errors import ApprentiError
from apprenti.runs import Run, RunFacts
from apprenti.script.run_local import ERRORS, OUTPUT, PROGRESS
from apprenti.train import curves, record


def settle(run: Run) -> None:
    """Record the end of a run that nobody watched to it; do nothing if there is no such end.

    Two commands may do so at once: one of them does, the other passes on.
    """
    if not _unsettled(run):
        return
    try:
        held = runs.lock(run)
    except ApprentiError:
        return
    try:
        if _unsettled(run):
            clear(run)
            record.again(run).ended(run.status, _last_sign(run))
            draw(run)
    except OSError:
        # A folder in which nothing can be written is shown as it is
        return
    finally:
        held.release()


def read_all(listed: Iterable[Run]) -> list[RunFacts]:
    """Return the facts of some runs of one project, after recording what nobody watched."""
    return listing.read_all(listed, settle)


def _unsettled(run: Run) -> bool:
    return run.environment.get("status") == runs.RUNNING and run.status != runs.RUNNING


def _last_sign(run: Run) -> float | None:
    """Return when the script last wrote something, in seconds since 1970."""
    written = [run.folder / name for name in (runs.STATUS, "history.csv", OUTPUT)]
    return max((path.stat().st_mtime for path in written if path.exists()), default=None)


def clear(run: Run) -> None:
    """Remove what a script leaves lying when it cannot end by itself, and what says nothing."""
    errors = run.folder / ERRORS
    empty = [errors] if errors.is_file() and not errors.stat().st_size else []
    unsaved = [run.folder / "history.csv"] if run.kept_nothing else []
    for left in [run.folder / PROGRESS, *run.folder.rglob("*.tmp"), *empty, *unsaved]:
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def draw(run: Run) -> Path | None:
    """Draw the curves of a run beside it, where it came so far and there is room for them."""
    with contextlib.suppress(ApprentiError):
        if run.history:
            return curves.draw([run], run.curves)
    return None
