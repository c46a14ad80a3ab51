"""A table of OpenML, by scikit-learn's own loader, kept as one CSV file.

openml:titanic      the active version      openml:titanic@2      that version
openml:40945        by its number
"""

import re
import socket
import tempfile
import urllib.error
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.fetch.origin import Origin, content
from apprenti.errors import ApprentiError
from apprenti.outside import reason as reason_of
from apprenti.writing import told, whole

if TYPE_CHECKING:
    import pandas as pd

WRITTEN = re.compile(r"openml:(?:(?P<id>\d+)|(?P<name>[\w.()+\- ]+)(?:@(?P<version>\d+))?)", re.I)

HOW = {"as_frame": True, "parser": "liac-arff", "n_retries": 1, "delay": 0.5}
"""The other parser is faster, and fails on categories named by numbers (scikit-learn 1.9.1 with
pandas 3): nearly all targets of two classes."""

SECONDS = 30
"""So long the server may keep silent: it packs some tables when they are asked for."""


def fetch(
    address: str, folder: Path, tell: Callable[[float], None], seconds: float = SECONDS
) -> Origin:
    """Download a table into a folder; the checksum that OpenML gives of it (MD5) is compared.

    Its size is not known beforehand: `tell` hears that it begins and that it ends.
    """
    asked = WRITTEN.fullmatch(address)
    if asked is None:
        raise ApprentiError("openml_wrong", address=address)
    tell(0.0)
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # A cache of its own for this time only: nothing is found there, nothing is left
        with tempfile.TemporaryDirectory(dir=folder, prefix=".openml") as cache:
            bunch = _ask(asked.groupdict(), cache, address, seconds)
        stem = re.sub(r"[^\w\-]", "_", bunch.details["name"])[:80]
        place = folder / f"{stem}.csv"
        if place.exists():
            raise ApprentiError("file_exists", path=place)
        frame: pd.DataFrame = bunch.frame
        with whole(place) as arriving:
            frame.to_csv(arriving, index=False)
            sha256, size = content(arriving), arriving.stat().st_size
        tell(1.0)
    target = ",".join(bunch.target_names or ())
    target = target if target in frame.columns else ""
    codes = tuple(name for name in frame.columns if name != target and _are_codes(frame[name]))
    return Origin(place.name, address, sha256, size, target=target, categorical=codes)


def _ask(asked: dict[str, str | None], cache: str, address: str, seconds: float) -> Any:
    from sklearn.datasets import fetch_openml

    which: dict[str, Any] = {"data_id": int(asked["id"])} if asked["id"] else {}
    if asked["name"]:
        which = {"name": asked["name"], "version": int(asked["version"] or 0) or "active"}
    before = socket.getdefaulttimeout()
    # It gives no way to say how long to wait
    socket.setdefaulttimeout(seconds)
    try:
        with warnings.catch_warnings():
            # Of several versions the oldest active one is taken, which is what was asked for
            warnings.simplefilter("ignore")
            return fetch_openml(**which, **HOW, data_home=cache)
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"{error.code} {error.reason}"
        raise ApprentiError("address_failed", address=address, reason=reason) from None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = str(getattr(error, "reason", error))
        raise ApprentiError("address_failed", address=address, reason=reason) from None
    except OSError:
        raise
    except Exception as error:
        # No such table, a checksum that differs, columns that no table can hold
        raise ApprentiError("openml_refused", address=address, reason=reason_of(error)) from None
    finally:
        socket.setdefaulttimeout(before)


def _are_codes(column: "pd.Series[Any]") -> bool:
    """Say whether names of categories would be read back from a CSV as numbers."""
    import pandas as pd

    if not isinstance(column.dtype, pd.CategoricalDtype):
        return False
    names = pd.Series(column.cat.categories.astype(str))
    return bool(pd.to_numeric(names, errors="coerce").notna().all())
