"""Text from outside as it can be shown: nothing in it steers the terminal or turns a line round."""

import re

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but tabs and the ends of lines
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # ends of lines, directions of writing
    "\ud800-\udfff]"  # halves of signs: bytes of a name that are no letters
)


def printable(text: str) -> str:
    r"""Return a text in which what must not reach a terminal is written out, as in JSON: \u001b."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))
