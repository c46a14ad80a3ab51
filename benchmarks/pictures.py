"""Draw docs/images: what a real `apprenti start` on MNIST shows, in French and in English.

python benchmarks/pictures.py, on Linux or macOS; APPRENTI_DATA names a folder that holds `mnist`.
The terminal is one of 100 columns; its text is drawn from the first table on.
"""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

IMAGES = Path(__file__).parents[1] / "docs" / "images"
COLUMNS = 100
MARGIN, SIZE, LINE = 32, 20, 28
BACKGROUND, INK = "#202126", "#e8e8e8"
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
FIRST = {"en": "Results", "fr": "Résultats"}
LEARNED = {"en": "learned.en.png", "fr": "learned.fr.png"}
LEFT_OUT = re.compile(r"^(?:In this terminal|Dans ce terminal).*?(?=^\S*(?:What|Et) )", re.M | re.S)
"""How this terminal learns the word `apprenti`: another in each environment."""


def shown_by_start(folder: Path, language: str) -> str:
    """Run `apprenti start` in a terminal of its own, and return what that one was sent."""
    chosen = {"APPRENTI_LANG": language, "COLUMNS": str(COLUMNS), "TERM": "xterm", "LINES": "50"}
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    command = [sys.executable, "-m", "apprenti", "start"]
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **chosen}, stdin=its, stdout=its, stderr=its
    )
    os.close(its)
    sent = b""
    try:
        while piece := os.read(ours, 65536):
            sent += piece
    except OSError:
        pass  # how Linux says that the other end was closed
    if process.wait():
        raise SystemExit(sent.decode())
    return sent.decode().replace("\r\n", "\n")


def end_of(sent: str, language: str) -> list[str]:
    """Return the lines from the first table on, with nothing but BOLD and PLAIN in them."""
    kept = re.sub(
        r"\x1b\[([\d;]*)m", lambda found: BOLD if "1" in found[1].split(";") else PLAIN, sent
    )
    kept = re.sub(r"\x1b\[[\d;?]*[A-Za-ln-z]", "", kept)
    text = kept[kept.rindex(f"{FIRST[language]} ") :]
    return LEFT_OUT.sub("", f"{BOLD}{text}").strip("\n").split("\n")


def signs(lines: list[str]):
    """Yield each sign with its row, its column and whether it is bold."""
    bold = False
    for row, line in enumerate(lines):
        column = 0
        for piece in re.split(f"({re.escape(BOLD)}|{re.escape(PLAIN)})", line):
            if piece in (BOLD, PLAIN):
                bold = piece == BOLD
                continue
            for sign in piece:
                yield row, column, sign, bold
                column += 1


def draw(lines: list[str], path: Path) -> None:
    """Write a picture of lines of a terminal, each sign in a place of its own."""
    fonts = Path(get_data_path()) / "fonts" / "ttf"
    plain = ImageFont.truetype(fonts / "DejaVuSansMono.ttf", SIZE)
    heavy = ImageFont.truetype(fonts / "DejaVuSansMono-Bold.ttf", SIZE)
    width = plain.getlength("0")
    size = (round(COLUMNS * width) + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN)
    image = Image.new("RGB", size, BACKGROUND)
    pen = ImageDraw.Draw(image)
    for row, column, sign, bold in signs(lines):
        at = (MARGIN + column * width, MARGIN + row * LINE)
        pen.text(at, sign, INK, heavy if bold else plain)
    image.save(path, optimize=True)


def main() -> None:
    """Draw the pictures of both languages."""
    for language in FIRST:
        with tempfile.TemporaryDirectory() as made:
            sent = shown_by_start(Path(made), language)
            draw(end_of(sent, language), IMAGES / f"first-model.{language}.png")
            learned = Path(made, "first-model", "first-model.png")
            shutil.copyfile(learned, IMAGES / LEARNED[language])


if __name__ == "__main__":
    main()
