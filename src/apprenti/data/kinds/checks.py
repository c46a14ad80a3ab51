"""What no run can use among arrays: wrong shapes, inputs that are no numbers, a single class."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.errors import ApprentiError

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def check_inputs(inputs: "Array", path: Path, name: str) -> None:
    """Refuse inputs that are no rows of numbers."""
    if inputs.ndim < 2 or 0 in inputs.shape[1:] or inputs.dtype.kind not in "buif":
        shape, kind = inputs.shape, inputs.dtype
        raise ApprentiError("inputs_shape", path=path, name=name, shape=shape, kind=kind)


def check_finite(inputs: "Array", path: Path, name: str) -> None:
    """Refuse decimal inputs with which nothing can be computed."""
    if inputs.dtype.kind == "f" and len(bad := not_finite(inputs)):
        count, first = len(bad), int(bad[0])
        raise ApprentiError("not_finite", path=path, name=name, count=count, first=first)


def not_finite(inputs: "Array") -> "Array":
    """Return the numbers of the rows that hold NaN, infinity or numbers beyond 32 bits."""
    import numpy as np

    # Scripts compute with 32 bits; NaN and infinity are not within these limits either
    within = np.abs(inputs) <= np.finfo(np.float32).max
    return np.flatnonzero(~within.all(axis=tuple(range(1, inputs.ndim))))


def check_one_each(inputs: "Array", labels: "Array", path: Path, labels_path: Path) -> None:
    """Refuse labels that are not one for each row of the inputs."""
    if labels.ndim != 1:
        raise ApprentiError("labels_shape", path=labels_path, shape=labels.shape)
    if len(inputs) != len(labels):
        raise ApprentiError("counts_differ", path=path, inputs=len(inputs), labels=len(labels))


def count_classes(labels: "Array", path: Path) -> int:
    """Return the number of classes, which must be at least two and far fewer than the rows."""
    import numpy as np

    if labels.dtype.kind not in "buiU":
        raise ApprentiError("labels_kind", path=path, kind=labels.dtype)
    classes = np.unique(labels)
    if len(labels) == 0:
        raise ApprentiError("no_rows", path=path)
    if len(classes) < 2:
        raise ApprentiError("one_class", path=path, name=classes[0], rows=len(labels))
    if len(classes) > len(labels) // 2:
        raise ApprentiError("too_many_classes", path=path, classes=len(classes), rows=len(labels))
    return len(classes)
