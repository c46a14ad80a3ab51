"""Damages the files of a run folder, in ways that are drawn from a seed."""

import json
import os
import shutil
import tomllib

import tomlkit

VALUES = [None, True, -1, 2**70, 1e308, "", "x\x1b[31m\u202e", [], {}, [[[]]], {"a": {"a": 1}}]
"""What takes the place of a value: other types, other sizes, signs that terminals obey."""


def binary(path, random):
    path.write_bytes(random.randbytes(200))


def empty(path, random):
    path.write_bytes(b"")


def cut_short(path, random):
    content = path.read_bytes()
    path.write_bytes(content[: random.randrange(len(content) or 1)])


def one_byte(path, random):
    content = bytearray(path.read_bytes() or b"x")
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.write_bytes(content)


def gone(path, random):
    path.unlink()


def folder(path, random):
    path.unlink()
    path.mkdir()


def nowhere(path, random):
    path.unlink()
    path.symlink_to("nowhere")


def endless(path, random):
    path.unlink()
    path.symlink_to("/dev/zero")


def queue(path, random):
    path.unlink()
    os.mkfifo(path)


def deep(path, random):
    signs = random.choice(['{"a":', "[", "a=["])
    path.write_text(signs * random.choice([500, 100_000]))


def long_number(path, random):
    path.write_text(random.choice(['{{"status": {0}}}', "epoch = {0}", "{0}"]).format("9" * 5000))


def another_type(path, random):
    """Replace one value of a file in JSON, TOML or CSV."""
    text = path.read_text("utf-8", errors="replace")
    try:
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError:
        cells = text.replace("\n", ",\n,").split(",")
        cells[random.randrange(len(cells))] = random.choice(["", "x", '"', "nan", "1e999", "\0"])
        path.write_text(",".join(cells).replace(",\n,", "\n"))
        return
    places = list(_places(content))
    if not places:
        return
    within, key = random.choice(places)
    value = random.choice(VALUES)
    if random.random() < 0.15:
        del within[key]
    else:
        within[key] = value
    if path.suffix == ".json":
        path.write_text(json.dumps(content))
    else:
        path.write_text(tomlkit.dumps({k: v for k, v in content.items() if v is not None}))


def _places(content):
    keys = content if isinstance(content, dict) else range(len(content))
    for key in keys:
        yield content, key
        if isinstance(content[key], dict | list):
            yield from _places(content[key])


KINDS = (
    *(binary, empty, cut_short, one_byte, gone, folder, nowhere, endless, queue, deep),
    *(long_number, *[another_type] * 8),
)
"""Most of them damage a whole file; the values in it have a weight of their own."""


def tampered(run, place, random):
    """Copy a run folder to a place, with one of its files damaged; say which and how."""
    while True:
        shutil.copytree(run, place)
        files = sorted(path for path in place.rglob("*") if path.is_file())
        path, kind = random.choice(files), random.choice(KINDS)
        before = path.read_bytes()
        try:
            kind(path, random)
        except (TypeError, ValueError, tomlkit.exceptions.TOMLKitError):
            shutil.rmtree(place)
            continue
        if not path.is_symlink() and path.is_file() and path.read_bytes() == before:
            shutil.rmtree(place)
            continue
        return path.relative_to(place), kind.__name__
