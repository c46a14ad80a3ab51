"""This machine, described: what is found in a second or two, without importing a framework.

Each probe is alone: one that fails, or that takes too long, leaves what an ordinary machine has and
its name in `Machine.unknown`. Nothing here uses the network.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from apprenti.machine.look import around, graphics, hardware, interpreter, packages, system
from apprenti.machine.machine import Machine

PROBES: dict[str, Callable[[], dict[str, Any]]] = {
    "graphics": graphics.look,  # the slow ones first: they begin at once
    "interpreter": interpreter.look,
    "packages": packages.look,
    "system": system.look,
    "processor": hardware.processor,
    "memory": hardware.memory,
    "disk": hardware.disk,
    "shadows": around.shadows,
    "kernels": around.kernels,
    "variables": around.variables,
    "openmp": packages.openmp_runtimes,
}
"""What is looked at; each probe returns some of the fields of a Machine."""

PATIENCE = 15.0
"""Seconds for all probes together; those that start a program have limits of their own."""


def this_machine(patience: float = PATIENCE) -> Machine:
    """Look at the machine, the Python that runs and its environment."""
    pool = ThreadPoolExecutor(max_workers=len(PROBES))
    futures = {name: pool.submit(probe) for name, probe in PROBES.items()}
    found: dict[str, Any] = {}
    unknown = []
    for name, future in futures.items():
        answer = _answer(future, patience)
        if answer is None:
            unknown.append(name)
        else:
            found.update(answer)
    pool.shutdown(wait=False, cancel_futures=True)
    return Machine.from_json({**found, "unknown": unknown})


def _answer(future: "Future[dict[str, Any]]", patience: float) -> dict[str, Any] | None:
    try:
        return future.result(timeout=patience)
    except Exception:  # whatever a strange machine makes of a probe, the others go on
        return None
