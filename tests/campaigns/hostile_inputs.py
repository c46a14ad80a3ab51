"""Inputs that nobody would make on purpose, but for those who do: one function a kind.

Each is given a source of chance and an empty folder, writes what it needs there, and returns the
commands to which it is put.
"""

import atexit
import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import random
import shutil
import socket
import socketserver
import struct
import tarfile
import tempfile
import threading
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

import fork_server
from apprenti.new.template import create
from apprenti.project import load
from apprenti.train.audience import Nobody
from apprenti.train.several import train_one

MARKER = "code-ran"
"""The file that code hidden in an input would make."""

PICTURES, TRAININGS = 0.06, 0.12
"""The shares of inputs that are drawn, and that a script really learns from: both take long."""


class Made(NamedTuple):
    name: str
    commands: list
    trains: bool = False


class Code:
    """Unpickled, it makes the marker."""

    def __reduce__(self):
        return os.mkdir, (MARKER,)


# ---- Names and cells

CALL = f"__import__('os').mkdir('{MARKER}')"
# fmt: off
TEXTS = [
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b2J", "a\x00b", "a\rb", "\x08\x08\x08", "\x7f",
    "\u202egnp.exe", "\u2066left\u2069", "\u200fright", "\u2028line", "\ufeffbom", "\u00ad",
    "\u200d", "👨\u200d👩\u200d👧", "e\u0301te\u0301", "Ǆ", "ﬀ", "𝔘", "漢字", "עברית", "\U000e0041",
    "a\u0300" * 50, "$\\frac{1$", "$x$", "$", "$$", "\\$", "${HOME}", "$(mkdir code-ran)",
    "`mkdir code-ran`", "; mkdir code-ran", "a\nb", "a\tb", " ", "  x  ", "\u00a0", "\u202f",
    "x" * 300, "x" * 20_000, "a,b", 'a"b', "a'b", "a;b", "a|b", "#a", "[a]", "[/a]", "[bold red]",
    "{a}", "{0}", "{", "}", "{path!r}", "%s", "%(a)s", "a = (", "a] = 1", '"""', "'''", "\\",
    "\\N{BEL}", "\\u0041", "\\x1b[31m", "None", "nan", "NaN", "inf", "-inf", "True", "null", "NA",
    "N/A", "#REF!", "=1+1", "=cmd|' /C calc'!A0", "@x", "-", "--help", "-x", "..", "../..", "/",
    "/etc/passwd", "C:\\x", "con", "nul.txt", "~", "~nobody", "~root/x", "*", "?", "target",
    "index", "row", "predicted", "confidence", "__class__", "self", "config", "lambda", "class",
    "__index_level_0__", "label", "Unnamed: 0", "x month", "x weekday", "x is missing", "mean",
    "numbers", CALL, f"{{{CALL}}}", f'"); {CALL} #', f"'); {CALL} #", f"\\'); {CALL} #",
    f'\n{CALL}\n', f'"""\n{CALL}\n"""', f"\\\n{CALL}",
]
# fmt: on

# fmt: off
NUMBERS = [
    "0", "-0", "1e308", "-1e308", "1e-308", "1e400", "9" * 400, "9" * 5000, "0x10", "1_000", "1e5",
    "١٢٣", "½", "1+2j", "1,5", "1 000", "1\u202f000", "1'000", "$5", "5 %", "inf", "-Infinity",
    "nan", "18446744073709551616", "9223372036854775807", "-9223372036854775808", "00012", "1.",
    ".5", "1e", "--1", "",
]
# fmt: on

# fmt: off
DATES = [
    "9999-12-31", "0001-01-01", "0000-00-00", "2020-02-30", "12345-01-01", "-0044-03-15",
    "1677-01-01", "2262-12-31", "1969-12-31T23:59:59.999999999Z", "2020-01-01T00:00:00+99:99",
    "31/12/9999", "13/13/2020", "2020-W53-7", "2020-366", "1/1/1", "24:00", "1970-01-01",
    "2016-12-31T23:59:60",
]
# fmt: on


def _rows(chance, count=24):
    """Return a sound table: two columns of numbers, one of words, one of dates, two classes."""
    return {
        "a": [round(chance.gauss(0, 1), 3) for _ in range(count)],
        "b": [chance.randrange(9) for _ in range(count)],
        "c": [chance.choice(("red", "green", "blue")) for _ in range(count)],
        "d": [
            f"2020-{chance.randrange(1, 13):02}-{chance.randrange(1, 28):02}" for _ in range(count)
        ],
        "y": [("no", "yes")[place % 2] for place in range(count)],
    }


def _text(chance):
    text = chance.choice(TEXTS)
    return text + chance.choice(TEXTS) if chance.random() < 0.2 else text


def _word(chance):
    """Return a word that a command line can have: no system lets a zero pass."""
    raw = os.fsdecode(chance.randbytes(8)) if chance.random() < 0.1 else _text(chance)
    return raw.replace("\0", "")


def _steps(chance, source, target="y", extra=()):
    """Return the commands of a project on a source: made, looked at, planned."""
    new = ["new", "p", "--data", source, *(["--target", target] if target is not None else [])]
    drawn = [] if chance.random() < PICTURES else ["--no-picture"]
    trains = chance.random() < TRAININGS
    models = (
        [("sklearn", "tree")]
        if trains
        else [("sklearn", "linear"), ("pytorch", "mlp"), ("sklearn", "tree")]
    )
    framework, model = chance.choice(models)
    train = ["train", "--project", "p", "--framework", framework, "--set", f"kind={model}"]
    return [new, ["data", "--project", "p", *drawn, *extra], train], trains


def _made(chance, name, source, target="y"):
    commands, trains = _steps(chance, source, target, ["--json"] if chance.random() < 0.3 else [])
    return Made(name, commands, trains)


def _damage(chance, content):
    """Return bytes of which some are changed, lost or added."""
    content = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        place = chance.randrange(len(content) or 1)
        how = chance.randrange(5)
        if how == 0 and content:
            content[place] = chance.randrange(256)
        elif how == 1:
            del content[place:]
        elif how == 2:
            content[place:place] = chance.randbytes(chance.choice((1, 4, 64)))
        elif how == 3:
            del content[place : place + chance.choice((1, 8, 100))]
        else:
            content[place : place + 4] = b"\xff\xff\xff\x7f"
    return bytes(content)


# ---- Tables of text

# fmt: off
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be", "cp1252", "latin-1",
    "cp037", "utf-7", "shift_jis",
)
# fmt: on

# fmt: off
SHAPES = {
    "empty": "", "spaces": "  \n\n", "bom": "\ufeff", "header": "a,y\n", "one row": "a,y\n1,2\n",
    "no names": "1,2\n3,4\n5,6\n", "one column": "y\n1\n2\n1\n2\n", "delimiters": ",,,\n,,,\n,,,\n",
    "quote": 'a,y\n"1,2\n3,4\n', "ragged": "a,y\n1,2,3\n4\n", "twice": "a,a,y\n1,2,3\n4,5,6\n",
    "wide": ",".join(f"c{n}" for n in range(1500)) + ",y\n" + ("1," * 1500 + "0\n") * 3
    + ("2," * 1500 + "1\n") * 3,
    "nul": "a,y\n1,\x00\n", "cell": "a,y\n" + "x" * 11_000_000 + ",1\n2,0\n",
    "quotes": 'a,y\n' + '"' * 100_001 + ",1\n", "gaps": "a,y\n" + ",0\n,1\n" * 9,
    "same": "a,y\n" + "1,0\n1,1\n" * 9, "html": "<!doctype html><html><body>404</body></html>",
    "json": '{"a": [1, 2], "y": [0, 1]}', "comments": "# a\n# b\na,y\n1,0\n2,1\n",
    "cr": "a,y\r1,0\r2,1\r3,0\r4,1\r", "no target": "a,y\n1,\n2,\n", "deep": "[" * 100_000,
    "many": "y\n" + "".join(f"{n}\n" for n in range(3000)),
}
# fmt: on


def tables(chance, home):
    """Text tables: hostile names and cells, unlike encodings, damaged bytes, strange shapes."""
    rows, target, how = (
        _rows(chance),
        "y",
        chance.choice(
            (
                "name",
                "target",
                "cells",
                "numbers",
                "dates",
                "answers",
                "bytes",
                "encoding",
                "shape",
                "texts",
            )
        ),
    )
    name, encoding = how, "utf-8"
    if how == "shape":
        name = chance.choice([*SHAPES])
        (home / "in.csv").write_text(SHAPES[name], encoding="utf-8")
        return _made(chance, name, "in.csv")
    if how in ("name", "target"):
        old, new = chance.choice("abcd") if how == "name" else "y", _text(chance)
        rows = {new if key == old else key: values for key, values in rows.items()}
        target, name = (new if how == "target" else "y"), f"{how} {new[:40]}"
    pools = {"cells": TEXTS, "numbers": NUMBERS, "dates": DATES, "answers": TEXTS}
    if how in pools:
        column, some = (
            chance.choice("abcd") if how != "answers" else "y",
            chance.sample(pools[how], 2),
        )
        share = chance.choice((0.05, 0.5, 1))
        rows[column] = [
            chance.choice(some) if chance.random() < share else value for value in rows[column]
        ]
        name = f"{how} {some[0][:30]} {some[1][:30]} {share}"
    if how == "texts":
        rows = {
            "t": [
                " ".join(chance.choices([one for one in TEXTS if len(one) < 400], k=9))
                for _ in range(24)
            ],
            "y": rows["y"],
        }
    if how == "encoding":
        encoding = name = chance.choice(ENCODINGS)
        rows["c"] = ["é" if value == "red" else value for value in rows["c"]]
    delimiter = chance.choice(",,;\t|")
    written = pd.DataFrame(rows).to_csv(
        index=False, sep=delimiter, lineterminator=chance.choice(("\n", "\r\n"))
    )
    content = written.encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")
    (home / "in.csv").write_bytes(_damage(chance, content) if how == "bytes" else content)
    return _made(chance, name, "in.csv", target)


# ---- Parquet


def _columns(chance, count=24):
    """Return one column of each unusual type."""
    import datetime
    import decimal

    def of(values, kind):
        return pa.array((values * count)[:count], kind)

    days = [datetime.date(9999, 12, 31), datetime.date(1, 1, 1)]
    return {
        "decimal": of(
            [decimal.Decimal("1.50"), decimal.Decimal("-9" * 1 + "9" * 30)], pa.decimal128(38, 2)
        ),
        "decimal256": of([decimal.Decimal("9" * 60), None], pa.decimal256(76, 0)),
        "list": of([[1, 2], [], None], pa.list_(pa.int64())),
        "fixed list": of([[1, 2], [3, 4]], pa.list_(pa.int64(), 2)),
        "struct": of([{"a": 1}, None], pa.struct([("a", pa.int64())])),
        "map": of([[("k", 1)], []], pa.map_(pa.string(), pa.int64())),
        "binary": of([b"\xff\xfe", b"\x1b[31m"], pa.binary()),
        "fixed binary": of([b"\xff\xfe"], pa.binary(2)),
        "date": of(days, pa.date32()),
        "date64": of(days, pa.date64()),
        "second": of([253402300799, -62135596800], pa.timestamp("s")),
        "beyond": of([2**62, -(2**62)], pa.timestamp("us")),
        "milli": of([253402300799000, 0], pa.timestamp("ms", "UTC")),
        "micro": of([253402300799000000, 0], pa.timestamp("us", "Europe/Paris")),
        "nano": of([-(2**63), 2**63 - 1, 0], pa.timestamp("ns")),
        "zone": of([0, 1], pa.timestamp("us", "+14:00")),
        "duration": of([1, -(2**63), None], pa.duration("ns")),
        "seconds": of([2**62, 0], pa.duration("s")),
        "time": of([0, 86399], pa.time32("s")),
        "time64": of([0, 1], pa.time64("ns")),
        "null": of([None], pa.null()),
        "bool": of([True, None], pa.bool_()),
        "uint64": of([2**64 - 1, 0], pa.uint64()),
        "int64": of([2**63 - 1, -(2**63)], pa.int64()),
        "half": of([np.float16(1), np.float16(np.inf)], pa.float16()),
        "float": of([float("nan"), 1e-45, 3e38], pa.float32()),
        "double": of([1e308, -1e308, 5e-324], pa.float64()),
        "infinite": of([float("inf"), 1.0], pa.float64()),
        "dictionary": pa.array((["a", None, "\x1b[2J"] * count)[:count]).dictionary_encode(),
        "numbers as words": pa.DictionaryArray.from_arrays(
            of([0, 1], pa.int8()), pa.array([2**60, -1])
        ),
        "large": of(["x" * 9999, ""], pa.large_string()),
        "view": of(["a", "b"], pa.string_view()),
    }


def _noted(index=(), names=(), columns=()):
    """Return what pandas would have noted of a table, had it been another."""
    noted = {"index_columns": index, "column_indexes": names, "columns": columns}
    return json.dumps(noted).encode()


def _noted_column(name, kind, numpy_kind, **metadata):
    found = {"name": name, "field_name": name, "pandas_type": kind, "numpy_type": numpy_kind}
    return {**found, "metadata": metadata or None}


METADATA = [
    *(b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe"),
    _noted(["nowhere"]),
    _noted([{"kind": "range", "name": None, "start": 0, "stop": 999, "step": 0}]),
    _noted(columns=5),
    _noted(["a"], [_noted_column(None, "datetime", "datetime64[ns]", timezone="x")]),
    _noted(["y"], columns=[_noted_column("y", "unicode", "object")]),
    _noted(columns=[_noted_column("a", "categorical", "int8", num_categories=-1)]),
    _noted(columns=[_noted_column("a", "object", "period[D]")]),
]


def parquet(chance, home):
    """Parquet: unusual types as input or answer, wrong notes of pandas, damaged, many rows."""
    rows, target, path = pa.table(_rows(chance)), "y", home / "in.parquet"
    how = chance.choice(("type", "type", "answer", "metadata", "name", "index", "bytes", "shape"))
    name = how
    if how in ("type", "answer"):
        columns = _columns(chance)
        name = chance.choice([*columns])
        place = "a" if how == "type" else "y"
        rows = rows.set_column(rows.column_names.index(place), place, columns[name])
        name = f"{how} {name}"
    elif how == "metadata":
        metadata = chance.choice(METADATA)
        rows = rows.replace_schema_metadata({b"pandas": metadata})
        name = f"metadata {metadata[:60]}"
    elif how == "name":
        names = [chance.choice((one, one, _text(chance))) for one in rows.column_names]
        rows, target = rows.rename_columns(names), names[-1]
        name = f"names {[one[:20] for one in names]}"
    elif how == "index":
        frame = rows.to_pandas()
        index = chance.choice(("words", "several", "columns", "dates", "same", "filtered"))
        if index == "words":
            frame.index = [f"r{n}\x1b[2J" for n in range(len(frame))]
        elif index == "several":
            frame = frame.set_index(["b", "c"])
        elif index == "columns":
            frame.columns = pd.MultiIndex.from_tuples([(one, "x") for one in frame.columns])
            target = "('y', 'x')"
        elif index == "dates":
            frame.index = pd.date_range("1700-01-01", periods=len(frame), freq="D")
        elif index == "same":
            frame.index = [0] * len(frame)
        else:
            frame = frame[frame["b"] > 2]
        frame.to_parquet(path)
        return _made(chance, f"index {index}", path.name, target)
    elif how == "shape":
        name = chance.choice(("no rows", "no columns", "wide", "many rows", "twice", "folder"))
        if name == "no rows":
            rows = rows.slice(0, 0)
        elif name == "no columns":
            rows = rows.select([])
        elif name == "wide":
            rows = pa.table({**{f"c{n}": [1, 2] * 6 for n in range(800)}, "y": ["a", "b"] * 6})
        elif name == "many rows":
            rows = pa.table(
                {"a": pa.nulls(3_000_000, pa.float64()), "y": pa.array(["a", "b"] * 1_500_000)}
            )
        elif name == "twice":
            rows = pa.Table.from_arrays([rows["a"], rows["b"], rows["y"]], names=["a", "a", "y"])
        else:
            path.mkdir()
            pq.write_table(rows, path / "part.parquet")
            return _made(chance, name, path.name)
    pq.write_table(rows, path)
    if how == "bytes":
        path.write_bytes(_damage(chance, path.read_bytes()))
    return _made(chance, name, path.name, target)


# ---- Arrays

# fmt: off
HEADERS = [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (30, 999999999999)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 3)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (True, 3)}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (30, 3)}",
    "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}",
    "{'descr': [('a', '<f8'), ('a', '<f8')], 'fortran_order': False, 'shape': (30,)}",
    "{'descr': '<f8', 'shape': (30, 3)}",
    "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (30, 3)}",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (30, 3)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (30, 3)", "(" * 9000, "[" * 200 + "]" * 200,
    CALL, "{'descr': 'x' * 10**9}",
    "{'descr': '<U2147483647', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '', 'fortran_order': False, 'shape': (30, 3)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': " + "(" + "1," * 70 + ")}", "\xff", "",
]
# fmt: on


def _npy(header, content=b"\0" * 720):
    written = header.encode("latin-1")
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(written)) + written + content


def _array(values, **how):
    file = io.BytesIO()
    np.lib.format.write_array(file, values, **how)
    return file.getvalue()


def arrays(chance, home):
    """.npz files: headers that lie, objects, unlike kinds of numbers, damaged members."""
    inputs, labels = np.arange(90.0).reshape(30, 3), np.arange(30) % 2
    members = {"x.npy": _array(inputs), "y.npy": _array(labels)}
    how = chance.choice(
        ("header", "objects", "kind", "member", "bytes", "inner", "packing", "names", "link")
    )
    name, packing = (
        how,
        chance.choice(
            (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
        ),
    )
    which = chance.choice(("x.npy", "y.npy"))
    if how == "header":
        header = chance.choice(HEADERS)
        members[which], name = _npy(header), f"header {header[:50]}"
    elif how == "objects":
        members[which] = _array(np.array([Code(), 1], object), allow_pickle=True)
    elif how == "kind":
        kinds = [
            np.array([["a", "b"]] * 30),
            inputs.astype(complex),
            inputs.astype("M8[s]"),
            inputs * np.nan,
            np.full((30, 3), np.inf),
            inputs[:, :0],
            inputs[:0],
            np.array(5.0),
            inputs.astype(">f4"),
            inputs.astype("V8"),
            inputs > 5,
            inputs.astype("f2"),
            inputs.astype(np.longdouble),
            np.zeros((30,) + (1,) * 20),
            inputs.astype("S3"),
            np.array([("é\x1b[2J",)] * 30),
            inputs[:7],
        ]
        chosen = chance.choice(kinds)
        members[which], name = _array(chosen), f"kind {chosen.dtype} {chosen.shape}"
    elif how == "member":
        members[which] = chance.choice(
            (
                b"",
                b"text",
                pickle.dumps(Code()),
                b"\x93NUMPY",
                b"\x93NUMPY\x09\x00",
                b"\x80\x05" + pickle.dumps(Code()),
            )
        )
    elif how == "inner":
        members[which] = _damage(chance, members[which])
    elif how == "names":
        members = {
            chance.choice(
                (
                    "../x.npy",
                    "/x.npy",
                    "x",
                    "X.npy",
                    "x.npy/",
                    "a/b.npy",
                    "\x1b[2J.npy",
                    "é.npy",
                    "x.npy.npy",
                )
            ): one
            for one in members.values()
        }
    elif how == "link":
        os.symlink(
            chance.choice(
                ("/dev/zero", "/dev/full", "in.npz", "nowhere", "/", "/dev/stdin", "/proc/self/mem")
            ),
            home / "in.npz",
        )
        return _made(chance, f"link {os.readlink(home / 'in.npz')}", "in.npz", None)
    with warnings.catch_warnings(), zipfile.ZipFile(home / "in.npz", "w", packing) as file:
        warnings.simplefilter("ignore")
        for member, content in members.items():
            file.writestr(member, content)
        if how == "names" and chance.random() < 0.5:
            file.writestr("y.npy", members.popitem()[1])
    path = home / "in.npz"
    if how in ("bytes", "packing"):
        path.write_bytes(_damage(chance, path.read_bytes()))
    return _made(chance, f"{name} {packing}", path.name, None)


# ---- IDX


def idx(chance, home):
    """Folders of IDX files: headers that lie, damaged packing, pipes and links in their place."""
    images = struct.pack(">BBBB3I", 0, 0, 8, 3, 20, 4, 4) + bytes(range(256)) + b"\0" * 64
    labels = struct.pack(">BBBBI", 0, 0, 8, 1, 20) + bytes(place % 2 for place in range(20))
    how = chance.choice(("header", "bytes", "size", "pipe", "link", "growth", "packing", "folder"))
    packed, name = chance.random() < 0.5 or how in ("growth", "packing"), how
    (home / "in").mkdir()
    ending = ".gz" if packed else ""
    path = home / "in" / f"train-images-idx3-ubyte{ending}"
    if how == "header":
        head = bytearray(images[:16])
        head[chance.randrange(16)] = chance.choice((0, 1, 65, 255))
        images, name = bytes(head) + images[16:], f"header {head.hex()}"
    elif how == "size":
        images = (
            struct.pack(
                ">BBBB3I", 0, 0, 8, 3, *[chance.choice((0, 1, 65535, 2**32 - 1)) for _ in range(3)]
            )
            + images[16:]
        )
    elif how == "bytes":
        images = _damage(chance, images)
    elif how == "growth":
        images = struct.pack(">BBBB3I", 0, 0, 8, 3, 50, 1000, 1000) + b"\0" * (
            60_000_000 if chance.random() < 0.5 else 100
        )
    content = gzip.compress(images, 1) if packed else images
    if how == "packing":
        content = _damage(chance, content)
    if how == "pipe":
        os.mkfifo(path)
    elif how == "link":
        os.symlink(
            chance.choice(("/dev/zero", path.name, "nowhere", "/dev/full", "/", "/dev/stdin")), path
        )
    elif how == "folder":
        path.mkdir()
    else:
        path.write_bytes(content)
    (home / "in" / f"train-labels-idx1-ubyte{ending}").write_bytes(
        gzip.compress(labels) if packed else labels
    )
    return _made(chance, f"{name} {ending}", "in", None)


# ---- Archives and other files


def archives(chance, home):
    """Archives and other things in the place of data: not unpacked, not run, not waited for."""
    path = home / chance.choice(
        (
            "in.zip",
            "in.tar.gz",
            "in.7z",
            "in.pkl",
            "in.csv",
            "in.parquet",
            "in.npz",
            "in",
            "in.h5",
            "in.skops",
        )
    )
    how = chance.choice(
        (
            "zip",
            "tar",
            "gz",
            "xz",
            "bz2",
            "pickle",
            "pipe",
            "socket",
            "device",
            "loop",
            "nothing",
            "random",
            "code",
            "sparse",
            "nested",
        )
    )
    content = pd.DataFrame(_rows(chance)).to_csv(index=False).encode()
    packed = {
        "gz": gzip.compress,
        "xz": lzma.compress,
        "bz2": bz2.compress,
        "nothing": lambda _: b"",
        "random": lambda _: chance.randbytes(5000),
        "pickle": lambda _: pickle.dumps(Code()),
        "code": lambda _: CALL.encode(),
    }
    if how in packed:
        path.write_bytes(packed[how](content))
    elif how in ("zip", "nested"):
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("../../out.csv", content)
            file.writestr("in.csv", content)
    elif how == "tar":
        with tarfile.open(path, "w") as file:
            member = tarfile.TarInfo("../out.csv")
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    elif how == "pipe":
        os.mkfifo(path)
    elif how == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    elif how == "device":
        os.symlink(
            chance.choice(
                ("/dev/zero", "/dev/random", "/dev/tty", "/dev/stdin", "/dev/full", "/proc/kmsg")
            ),
            path,
        )
    elif how == "loop":
        os.symlink(path.name, path)
    elif how == "sparse":
        with open(path, "wb") as file:
            file.truncate(2**40)
    return _made(chance, f"{how} {path.name}", path.name, chance.choice(("y", None)))


# ---- Images


def _png(width, height, points, **more):
    def part(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(
        ">IIBBBBB", width, height, more.get("depth", 8), more.get("colour", 0), 0, 0, 0
    )
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + more.get("before", b"")
        + part(b"IDAT", points)
        + part(b"IEND", b"")
    )


def _saved(chance, format, mode="L", size=(8, 8)):
    file, image = io.BytesIO(), Image.new(mode, size)
    if mode == "L":
        image.putdata([chance.randrange(256) for _ in range(size[0] * size[1])]) if size[
            0
        ] < 99 else None
    image.save(file, format)
    return file.getvalue()


def _bad_image(chance):
    """Return a name and the bytes of a file that is no sound image, or hardly one."""
    bad = {
        "empty": b"",
        "text": b"hello",
        "svg": b"<svg/>",
        "html": b"<html>",
        "bomb": _png(60_000, 60_000, zlib.compress(b"\0" * 1000)),
        "large": _png(2**31 - 1, 2**31 - 1, b""),
        "zero": _png(0, 0, b""),
        "points": _png(8, 8, zlib.compress(b"\0" * 72)[:-6] + b"xxxxxx"),
        "few": _png(8, 8, zlib.compress(b"\0" * 20)),
        "no points": _png(8, 8, b""),
        "text bomb": _png(8, 8, zlib.compress(b"\0" * 72), before=b""),
        "depth": _png(8, 8, zlib.compress(b"\0" * 72), depth=16),
        "palette": _png(8, 8, zlib.compress(b"\0" * 72), colour=3),
        "float": _saved(chance, "TIFF", "F"),
        "int": _saved(chance, "TIFF", "I"),
        "bits": _saved(chance, "PNG", "1"),
        "cmyk": _saved(chance, "JPEG", "CMYK"),
        "gif": _saved(chance, "GIF"),
        "bmp": _damage(chance, _saved(chance, "BMP")),
        "webp": _damage(chance, _saved(chance, "WEBP")),
        "tiff": _damage(chance, _saved(chance, "TIFF")),
        "jpeg": _damage(chance, _saved(chance, "JPEG")),
        "png": _damage(chance, _saved(chance, "PNG")),
        "gif damaged": _damage(chance, _saved(chance, "GIF")),
        "line": _saved(chance, "PNG", "L", (5000, 1)),
    }
    name = chance.choice([*bad])
    return name, bad[name]


def _file_name(chance):
    """Return a name that a file can have here: of no more than 250 bytes."""
    name = _text(chance).replace("/", "_").replace("\0", "_")
    return os.fsdecode(name.encode()[:200]) if name.strip(".") else "dots" + name


def images(chance, home):
    """Folders of images: damaged ones, bombs, pipes, links in circles, hostile names."""
    for kind in ("cat", "dog"):
        (home / "in" / kind).mkdir(parents=True)
        for number in range(5):
            (home / "in" / kind / f"{number}.png").write_bytes(_saved(chance, "PNG"))
    place = home / "in" / "cat" / "bad.png"
    how = chance.choice(
        (
            "file",
            "file",
            "file",
            "pipe",
            "loop",
            "folder loop",
            "outside",
            "device",
            "class",
            "name",
            "bytes in a name",
            "folder",
            "socket",
            "sparse",
            "gone",
        )
    )
    name = how
    if how == "file":
        name, content = _bad_image(chance)
        place.with_suffix(chance.choice((".png", ".jpg", ".gif", ".tif"))).write_bytes(content)
    elif how == "pipe":
        os.mkfifo(place)
    elif how == "loop":
        os.symlink(place.name, place)
    elif how == "folder loop":
        os.symlink(
            chance.choice((".", "..", "../..", "/")),
            home / "in" / chance.choice(("cat/again", "again")),
        )
    elif how == "outside":
        os.symlink("/etc/passwd", place)
    elif how == "device":
        os.symlink("/dev/zero", place)
    elif how == "gone":
        os.symlink("nowhere.png", place)
    elif how == "class":
        name = _file_name(chance)
        (home / "in" / "cat").rename(home / "in" / name)
    elif how == "name":
        name = _file_name(chance)
        place.with_name(f"{name}.png").write_bytes(_saved(chance, "PNG"))
    elif how == "bytes in a name":
        raw = os.fsencode(home / "in")
        where = chance.choice((b"cat/\xff\xfe.png", b"\xe9t\xe9/0.png"))
        os.makedirs(os.path.dirname(raw + b"/" + where), exist_ok=True)
        for number in range(3):
            with open(raw + b"/" + where.replace(b".png", b"%d.png" % number), "wb") as file:
                file.write(_saved(chance, "PNG"))
    elif how == "folder":
        place.mkdir()
    elif how == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("in/cat/bad.png")
    elif how == "sparse":
        with open(place, "wb") as file:
            file.truncate(2**40)
    return _made(chance, name, "in", None)


def image_tables(chance, home):
    """Tables that name images: outside, nowhere, pipes, devices, with hostile signs."""
    for number in range(12):
        (home / f"{number}.png").write_bytes(_saved(chance, "PNG"))
    os.mkfifo(home / "pipe.png")
    os.symlink("loop.png", home / "loop.png")
    os.symlink("/dev/zero", home / "zero.png")
    (home / "folder.png").mkdir()
    name = chance.choice(
        (
            "../x.png",
            "/etc/passwd",
            "pipe.png",
            "loop.png",
            "zero.png",
            "folder.png",
            "",
            "a\0.png",
            "x" * 300 + ".png",
            "nowhere.png",
            "~/x.png",
            "\\\\host\\x.png",
            "http://x/y.png",
            _text(chance) + ".png",
            "bad.png",
        )
    )
    if name == "bad.png":
        (home / "bad.png").write_bytes(_bad_image(chance)[1])
    names = [f"{number}.png" for number in range(12)]
    names[chance.randrange(12)] = name
    pd.DataFrame({"file": names, "y": ["no", "yes"] * 6}).to_csv(home / "in.csv", index=False)
    return _made(chance, name[:60], "in.csv")


# ---- Settings

SOUND = '[data]\nsource = "digits"\n[model]\nkind = "linear"\n[train]\nframework = "sklearn"\n'


def _value(chance):
    deep = 10 ** chance.randrange(1, 6)
    return chance.choice(
        (
            "9" * deep,
            "-" + "9" * 4000,
            "1e9999",
            "nan",
            "-inf",
            "[" * deep + "]" * deep,
            "{a=" * 400 + "1" + "}" * 400,
            "true",
            "[]",
            "{}",
            '""',
            "''",
            "0x" + "f" * 5000,
            "1979-05-27T07:32:00Z",
            "00:00:00",
            "0.1" * 3,
            "[64, 'a']",
            "[[1]]",
            "5\nfoo = 1",
            "5 # x",
            "5]\nx = [1",
            '"""\nx\n"""',
            json.dumps(_text(chance)),
            _text(chance),
            "\ud800",
            "1" * 100_000,
            "",
            "=",
            "\\",
            "[1,]",
            "None",
            CALL,
        )
    )


# fmt: off
SETTINGS = (
    "epochs", "batch_size", "learning_rate", "hidden_units", "kind", "framework", "seed", "threads",
    "data.split", "data.split.valid", "data.split.seed", "data.source", "target", "ignore",
    "image_size", "muted", "filters", "C", "task", "data", "model", "__class__", "", "a.b.c",
    "data.", ".", "train.epochs.x",
)
# fmt: on


def settings(chance, home):
    """apprenti.toml: damaged, with hostile values, huge, deep, or something else altogether."""
    (home / "p").mkdir()
    path, how = (
        home / "p" / "apprenti.toml",
        chance.choice(
            ("bytes", "value", "value", "value", "deep", "link", "pipe", "huge", "source", "key")
        ),
    )
    name, text = how, SOUND
    setting = chance.choice(SETTINGS)
    if how == "bytes":
        path.write_bytes(_damage(chance, SOUND.encode()))
        return Made(name, [["data", "--project", "p", "--no-picture"], ["train", "--project", "p"]])
    if how == "value":
        section = chance.choice(("data", "model", "train"))
        value = _value(chance)
        text, name = (
            SOUND.replace(
                f"[{section}]\n", f"[{section}]\n{setting.split('.')[-1] or 'x'} = {value}\n"
            ),
            f"{setting} = {value[:40]}",
        )
    elif how == "key":
        text = SOUND + f"{json.dumps(_text(chance))} = 1\n"
    elif how == "deep":
        text = (
            SOUND + "x" + ".x" * 50_000 + " = 1\n"
            if chance.random() < 0.5
            else SOUND + "[a" + ".a" * 5000 + "]\n"
        )
    elif how == "huge":
        text = SOUND + "#" * 11_000_000
    elif how == "source":
        source = _text(chance)
        text, name = f"[data]\nsource = {json.dumps(source)}\n", f"source {source[:40]}"
    if how == "pipe":
        os.mkfifo(path)
    elif how == "link":
        os.symlink(
            chance.choice(("/dev/zero", "apprenti.toml", "/etc/shadow", "/", "/dev/stdin")), path
        )
    else:
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
    shown = [["runs", "--project", "p"]]
    return Made(
        name, [["data", "--project", "p", "--no-picture"], ["train", "--project", "p"], *shown]
    )


def assignments(chance, home):
    """Settings of the command line: `--set` with numbers, lists, texts and keys that lie."""
    (home / "p").mkdir()
    (home / "p" / "apprenti.toml").write_text(SOUND)
    written = (
        f"{chance.choice(SETTINGS)}={_value(chance)}" if chance.random() < 0.9 else _text(chance)
    )
    return Made(written[:60], [["train", "--project", "p", "--set", written]])


# ---- Names


def names(chance, home):
    """Names of projects, of files and of columns on the command line, and notes on runs."""
    name = _word(chance)
    how = chance.choice(("project", "source", "file", "target", "where", "run", "lang", "word"))
    known = _file_name(chance) if how == "file" else name
    commands = {
        "project": [["new", f"./{name}", "--data", "digits"], ["--project", f"./{name}"]],
        "source": [["new", "p", "--data", name]],
        "file": [
            ["new", "p", "--data", f"{known}.csv", "--target", "y"],
            ["data", "--project", "p", "--no-picture"],
            ["train", "--project", "p"],
        ],
        "target": [["new", "p", "--data", "in.csv", "--target", name]],
        "where": [["data", "--project", name], ["runs", "--project", name]],
        "run": [
            ["new", "old", "--data", "digits"],
            ["runs", "show", name, "--project", "old"],
            ["predict", name, name, "--project", "old"],
        ],
        "lang": [["runs", "--lang", name]],
        "word": [[name, name]],
    }
    path = home / (f"{known}.csv" if how == "file" else "in.csv")
    pd.DataFrame(_rows(chance)).to_csv(path, index=False)
    return Made(f"{how} {name[:60]}", commands[how])


# ---- What a project remembers of its data


def memories(chance, home):
    """data.json and sources.toml: damaged, deep, of wrong types, leading outside."""
    (home / "p").mkdir()
    (home / "p" / "apprenti.toml").write_text(SOUND)
    finding = {
        "code": chance.choice(("D001", "D018", "D999", "../x", 5, None, "\x1b[2J")),
        "severity": chance.choice(("error", "x", 5)),
        "name": chance.choice((_text(chance), None, 5)),
        "values": chance.choice(({}, [], None, {"rows": _text(chance)}, {"rows": [[]]})),
    }
    seen = {
        "path": chance.choice(("/dev/zero", "../..", "a\0b", 5, _text(chance))),
        "state": chance.choice(("x", None)),
        **chance.choice(({}, {"images": chance.choice(("**/*", "/**", "", 5, ".."))})),
    }
    content = {
        "findings": chance.choice(([finding], finding, 5, None)),
        "looked_at": chance.choice(
            (None, 5, {"settings": None, "files": [seen]}, {"settings": {}, "files": 5})
        ),
    }
    deep = "[" * 100_000
    written = chance.choice(
        (
            json.dumps(content),
            json.dumps(content),
            json.dumps(content),
            deep,
            "9" * 5000,
            "null",
            "\ud800",
            "",
            "{}",
        )
    )
    if chance.random() < 0.5:
        from apprenti.project import load

        content["looked_at"] = {
            "settings": load(home / "p").choices.data.model_dump(mode="json", exclude={"muted"}),
            "files": [seen],
        }
        written = json.dumps(content)
    (home / "p" / "data.json").write_text(written, encoding="utf-8", errors="surrogatepass")
    if chance.random() < 0.3:
        address = "http://127.0.0.1:9/x.csv"
        (home / "p" / "apprenti.toml").write_text(SOUND.replace("digits", address))
        file = json.dumps(chance.choice(("x.csv", "..", "/dev/zero", _text(chance))))
        known = f'address = "{address}"\nsha256 = "0"\nbytes = {_value(chance)}\n'
        entry = f"[{file}]\n{known}"
        (home / "p" / "sources.toml").write_text(
            chance.choice((entry, entry, deep, "x = 1", "")),
            encoding="utf-8",
            errors="surrogatepass",
        )
    return Made(
        written[:60],
        [["--project", "p"], ["--project", "p", "--json"], ["train", "--project", "p"]],
    )


# ---- The web


class _Answers(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads, answer = True, True, b""

    def handle_error(self, request, client_address):
        pass


class _Answer(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(65536)
        self.request.sendall(self.server.answer)


def _server():
    if not hasattr(_server, "running"):
        _server.running = _Answers(("127.0.0.1", 0), _Answer)
        threading.Thread(target=_server.running.serve_forever, daemon=True).start()
    return _server.running


def _zipped(chance):
    file = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(
            file, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
        ) as archive,
    ):
        warnings.simplefilter("ignore")
        for number in range(12):
            archive.writestr(
                f"all/{('cat', 'dog')[number % 2]}/{number}.png", _saved(chance, "PNG")
            )
        for _ in range(chance.randrange(3)):
            name = chance.choice(
                (
                    "../out.png",
                    "/tmp/out.png",
                    "all/cat/x\x1b[2J.png",
                    "all/cat/0.png",
                    "all/cat/0.png/1.png",
                    "C:\\x.png",
                    "all/cat/" + "x" * 300 + ".png",
                    "all/" + "d/" * 100 + "x.png",
                    f"all/cat/{_text(chance)}.png",
                    "all/cat/.png",
                    ".git/x.png",
                )
            )
            archive.writestr(name.replace("\0", ""), _bad_image(chance)[1])
    return file.getvalue()


def web(chance, home):
    """Answers of a server: hostile headers, redirects, pages, archives, lengths that lie."""
    server, table = _server(), pd.DataFrame(_rows(chance)).to_csv(index=False).encode()
    how = chance.choice(
        (
            "status",
            "headers",
            "redirect",
            "length",
            "zip",
            "zip",
            "zip bytes",
            "part",
            "page",
            "bytes",
            "name",
            "address",
            "nothing",
        )
    )
    body, path, name = table, "x.csv", how
    status, headers = "200 OK", {"Content-Type": "text/csv"}
    text = "".join(sign for sign in _text(chance) if sign not in "\r\n")[:5000]
    if how == "status":
        status = chance.choice(
            (
                f"404 {text}",
                f"500 {text}",
                "999 x",
                "206 Partial Content",
                "204 No Content",
                "abc",
                f"301 {text}",
                "304 Not Modified",
                "100 Continue",
            )
        )
        name = f"status {status[:40]}"
    elif how == "headers":
        headers[
            chance.choice(
                (
                    "Content-Type",
                    "Content-Length",
                    "Content-Encoding",
                    "Transfer-Encoding",
                    "Content-Disposition",
                    text or "x",
                )
            )
        ] = chance.choice((text, "-1", "9" * 30, "chunked", "gzip", "x" * 70_000))
    elif how == "redirect":
        status, headers["Location"] = (
            "302 Found",
            chance.choice(
                (
                    "file:///etc/passwd",
                    "ftp://x/y.csv",
                    "http://[",
                    "http://x:99999999/",
                    "//",
                    "\x1b[2J",
                    "javascript:1",
                    "http://127.0.0.1:1/x.csv",
                    "data:,x",
                    text,
                    "x.csv",
                    "http://a b/",
                    "http://\u202e/",
                    "HTTP://127.0.0.1:1/x.csv",
                )
            ),
        )
        name = f"redirect {headers['Location'][:40]}"
    elif how == "length":
        headers["Content-Length"] = chance.choice(("5", "999999", "99999999999999", "0"))
    elif how in ("zip", "zip bytes"):
        body, path = (
            _zipped(chance),
            chance.choice(("x.zip", "runs.zip", "p.zip", "apprenti.toml.zip", "...zip")),
        )
        body = _damage(chance, body) if how == "zip bytes" else body
        headers["Content-Type"] = "application/zip"
    elif how == "part":
        status, headers["Content-Range"] = "206 Partial Content", "bytes 0-9/99"
    elif how == "page":
        body = b"<html>" + text.encode("utf-8", "replace")
    elif how == "bytes":
        body = _damage(chance, body)
    elif how == "name":
        path = chance.choice(
            (
                "%1b[2J.csv",
                "..%2f..%2fx.csv",
                "con.csv",
                "apprenti.toml",
                "a" * 500 + ".csv",
                "%00.csv",
                "sources.toml",
                "data.json",
                ".csv",
                "%e2%80%ae.csv",
                "x.csv?token=secret",
                "runs",
            )
        )
        name = f"name {path[:40]}"
    head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    server.answer = (
        b""
        if how == "nothing"
        else f"HTTP/1.1 {status}\r\n{head}\r\n".encode("utf-8", "surrogatepass") + body
    )
    address = f"http://127.0.0.1:{server.server_address[1]}/{path}"
    if how == "address":
        address = chance.choice(
            (
                "http://",
                "http:///x.csv",
                "http://[::1",
                f"http://a:b@127.0.0.1:{server.server_address[1]}/x.csv",
                "http://127.0.0.1:99999/x.csv",
                "http://127.0.0.1:1/x.csv",
                f"http://127.0.0.1/{text}",
                "openml:",
                "openml:../x",
                "http://é.example/",
                "http://" + "x" * 3000,
                "HTTP://127.0.0.1:1/x.csv",
            )
        )
        name = f"address {address[:40]}"
    target = [] if how.startswith("zip") else ["--target", "y"]
    return Made(
        name,
        [
            ["new", "p", "--data", address, *target, "--download"],
            ["data", "--project", "p", "--no-picture"],
            ["train", "--project", "p"],
        ],
    )


# ---- New rows


def _learned():
    """Return a project with a model of a table and one with a model of texts, made once."""
    if not hasattr(_learned, "projects"):
        place = Path(tempfile.mkdtemp(prefix="learned-"))
        atexit.register(shutil.rmtree, place, ignore_errors=True)
        texts = {
            "t": [
                f"{word} words that say {word} things {place}"
                for place in range(12)
                for word in ("good", "bad")
            ],
            "y": ["no", "yes"] * 12,
        }
        rows = {"table": _rows(random.Random(0)), "texts": texts}
        for name, table in rows.items():
            pd.DataFrame(table).to_csv(place / f"{name}.csv", index=False)
            project = create(place / name, str(place / f"{name}.csv"), "y")[0]
            changes = {
                "train.framework": "sklearn",
                "model.kind": "tree" if name == "table" else "linear",
            }
            with fork_server.copies():
                train_one(load(project.folder, changes), Nobody())
        _learned.projects = place
    return _learned.projects


def new_rows(chance, home):
    """What a model is asked about: tables, Parquet, texts, and things in their place."""
    learned = _learned()
    how = chance.choice(("table", "table", "parquet", "texts", "words", "archive"))
    if how == "texts":
        (home / "in.csv").write_text(
            "t\n" + "\n".join(json.dumps(_text(chance)) for _ in range(5)),
            encoding="utf-8",
            errors="surrogatepass",
        )
        name, given = "texts", "in.csv"
    elif how == "words":
        name = given = _word(chance)
    else:
        made = {"table": tables, "parquet": parquet, "archive": archives}[how](chance, home)
        name, given = f"{how} {made.name}", made.commands[0][3]
    model = "texts" if how in ("texts", "words") else "table"
    out = ["--out", "answers.csv"] if chance.random() < 0.5 else []
    return Made(
        name, [["predict", "last", "--project", str(learned / model), *out, "--", given]], True
    )


KINDS = {
    one.__name__: one
    for one in (
        tables,
        parquet,
        arrays,
        idx,
        archives,
        images,
        image_tables,
        settings,
        assignments,
        names,
        memories,
        web,
        new_rows,
    )
}
"""By its name, what makes the inputs of a kind."""
