"""Broken data, as they come from a cut connection or a slip of the hand; a server of our own."""

import gzip
import http.server
import struct
import threading

import numpy as np
import pytest


@pytest.fixture
def write_idx():
    """write_idx(path, array, head=None): an IDX file of bytes, packed if its name ends with .gz."""

    def write(path, values, head=None):
        values = np.asarray(values, np.uint8)
        shape = values.shape
        head = head or struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
        with gzip.open(path, "wb") if path.suffix == ".gz" else open(path, "wb") as file:
            file.write(head + values.tobytes())
        return path

    return write


@pytest.fixture
def idx_pair(tmp_path, write_idx):
    """A sound folder of IDX files, to be damaged: 40 images of 4 x 4 and their labels."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_idx(folder / "train-images-idx3-ubyte", np.arange(640).reshape(40, 4, 4) % 256)
    write_idx(folder / "train-labels-idx1-ubyte.gz", np.arange(40) % 4)
    return folder


@pytest.fixture
def save(tmp_path):
    """save(x=..., y=...): the path of a .npz file in a folder of its own."""

    def write(**arrays):
        folder = tmp_path / "arrays"
        folder.mkdir(exist_ok=True)
        np.savez(folder / "data.npz", **arrays)
        return folder / "data.npz"

    return write


class Server(http.server.ThreadingHTTPServer):
    """Serves `files`, by path: contents, or headers and contents; notes what was asked for.

    `cut` stops each answer half-way.
    """

    files, asked, cut = {}, [], False


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        found = self.server.files.get(self.path)
        if found is None:
            self.send_error(404)
            return
        headers, content = found if isinstance(found, tuple) else ({}, found)
        status = 302 if "Location" in headers else headers.get("Status", 200)
        self.send_response(int(status))
        told = {name: value for name, value in headers.items() if name != "Status"}
        for name, value in {"Content-Length": str(len(content)), **told}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.server.cut else content)

    def log_message(self, *parts):
        pass


@pytest.fixture
def server():
    with Server(("127.0.0.1", 0), Answer) as running:
        running.files, running.asked, running.cut = {}, [], False
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.at = f"http://127.0.0.1:{running.server_port}"
        yield running
        running.shutdown()
        thread.join()
