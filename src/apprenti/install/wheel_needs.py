"""What wheels need on another system: python -I wheel_needs.py, run by the Python that has pip.

It reads JSON, [{"wheel": PATH, "extras": [...]}, ...] or {"requirements": [...]}, with the values
of the markers, and prints each requirement that counts there. Nothing but pip is needed.
"""

import importlib
import json
import sys
import zipfile
from email.parser import Parser
from typing import Any


def required_by(wheel: str) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        # Some wheels hold others, with their own
        own = (n for n in archive.namelist() if n.count("/") == 1)
        (name,) = (n for n in own if n.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode("utf-8")
    return Parser().parsestr(text, headersonly=True).get_all("Requires-Dist") or []


def counting(texts: list[str], extras: list[str], markers: dict[str, str]) -> list[dict[str, Any]]:
    """Return the requirements whose condition holds there, for any of the extras or for none."""
    packaging = importlib.import_module("pip._vendor.packaging.requirements")
    utils = importlib.import_module("pip._vendor.packaging.utils")
    found = []
    for text in texts:
        asked = packaging.Requirement(text)
        if asked.marker and not any(
            asked.marker.evaluate({**markers, "extra": extra}) for extra in ["", *extras]
        ):
            continue
        asked.marker = None
        name, extras_of = utils.canonicalize_name(asked.name), sorted(asked.extras)
        found.append({"name": name, "requirement": str(asked), "extras": extras_of})
    return found


def main() -> None:
    given = json.load(sys.stdin)
    found = counting(given["requirements"], [], given["markers"])
    for wheel in given["wheels"]:
        found += counting(required_by(wheel["path"]), wheel["extras"], given["markers"])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
