"""What was written as JSON becomes again the named tuples that it was, if it has their shape."""

import types
from collections.abc import Mapping, Sequence
from typing import Any, Union, get_args, get_origin, get_type_hints


def again(kind: Any, kept: Any) -> Any:
    """Return a value of this kind, from what JSON says of it.

    Raises ValueError where that has not the shape.
    """
    if kind is Any:
        return kept
    if get_origin(kind) in (Union, types.UnionType):
        return _one_of(get_args(kind), kept)
    if get_origin(kind) is Sequence:
        if not isinstance(kept, list):
            raise ValueError(kept)
        return [again(get_args(kind)[0], one) for one in kept]
    if isinstance(kind, type) and issubclass(kind, tuple):
        return _named_tuple(kind, kept)
    wanted: Any = {float: (int, float), type(None): type(None)}.get(kind, kind)
    if not isinstance(kept, wanted) or (isinstance(kept, bool) and kind is not bool):
        raise ValueError(kept)
    return kept


def _one_of(kinds: Sequence[Any], kept: Any) -> Any:
    for kind in kinds:
        try:
            return again(kind, kept)
        except ValueError:
            continue
    raise ValueError(kept)


def _named_tuple(kind: Any, kept: Any) -> Any:
    if not isinstance(kept, Mapping):
        raise ValueError(kept)
    hints = get_type_hints(kind)
    missing = [name for name in kind._fields if name not in kept]
    if missing:
        raise ValueError(missing)
    return kind(**{name: again(hints[name], kept[name]) for name in kind._fields})
