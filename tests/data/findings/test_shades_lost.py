"""D047: images in colour of 16 bits a colour."""

import struct
import zlib

import numpy as np
from PIL import Image


def deep_colours(path):
    """Write a PNG of three colours of 16 bits, which Pillow reads and cannot write."""

    def chunk(name, content):
        checked = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checked)

    points = np.arange(5 * 6 * 3, dtype=">u2").reshape(5, 18) * 40
    lines = b"".join(b"\0" + line.tobytes() for line in points)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 6, 5, 16, 2, 0, 0, 0))
    content = head + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)


def test_colours_of_16_bits_are_told(find_in_files, pets):
    deep_colours(pets / "cat" / "9.png")
    (found,) = find_in_files("D047", pets)
    assert (found.severity, found.values["count"]) == ("warning", 1)
    assert found.values["examples"] == ["cat/9.png"]


def test_colours_of_8_bits_and_greys_of_16_are_no_matter(find_in_files, pets):
    assert not find_in_files("D047", pets)
    for path in pets.glob("*/*.png"):
        Image.fromarray(np.arange(30, dtype=np.uint16).reshape(5, 6) * 99).save(path)
    assert not find_in_files("D047", pets)
