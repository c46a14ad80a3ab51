"""What was read is kept for the time of a `with`, where the same is asked for several times.

    FILES = Once("files")
    with FILES.kept():  # as a decorator too; within another one, that one keeps
        FILES.get(path, lambda: read(path))

What is then shared is not to be changed.
"""

import contextlib
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from typing import Generic, TypeVar

Read = TypeVar("Read")


class Once(Generic[Read]):
    """Keeps what was read by its key; each thread, and each task of asyncio, its own."""

    def __init__(self, name: str) -> None:
        self._kept: ContextVar[dict[Hashable, Read] | None] = ContextVar(name, default=None)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what is read meanwhile."""
        token = self._kept.set({}) if self._kept.get() is None else None
        try:
            yield
        finally:
            if token is not None:
                self._kept.reset(token)

    def get(self, key: Hashable, read: Callable[[], Read]) -> Read:
        """Return what `read` gives; while it is kept, what it gave before."""
        there = self._kept.get()
        if there is None:
            return read()
        if key not in there:
            there[key] = read()
        return there[key]
