"""The report as a PDF, printed by a browser of this machine, or by WeasyPrint where it is there."""

import os
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from apprenti.components.flat import flat
from apprenti.errors import ApprentiError
from apprenti.outside import reason
from apprenti.writing import told, whole

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser"),
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
"""Where browsers of the Chromium family are that no name leads to."""

SILENT = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-default-apps", "--disable-extensions", "--metrics-recording-only"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer"),
)
"""So that it shows no window, and asks nobody for anything."""

PATIENCE = 120.0
MARK = b"\n% Apprenti\n"
"""Behind the end of a PDF of ours, so that nothing else is overwritten."""


def browser() -> str | None:
    """Return a browser that can print, or None where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).is_file()), None)


def write(html: str, path: Path) -> None:
    """Print a page into a file, whole or not at all."""
    program = browser()
    if program is None and not _has_weasyprint():
        raise ApprentiError("pdf_missing", path=path)
    with told(path), whole(path) as arriving:
        if program is not None:
            _by_browser(program, html, arriving)
        else:
            _by_weasyprint(html, arriving)
        with open(arriving, "ab") as file:
            file.write(MARK)


def _by_browser(program: str, html: str, arriving: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        page, made = Path(place) / "report.html", Path(place) / "report.pdf"
        page.write_text(html, encoding="utf-8")
        # Root has no sandbox: the page itself forbids scripts and requests
        is_root = sys.platform != "win32" and os.geteuid() == 0
        options = [*SILENT, *(["--no-sandbox"] if is_root else [])]
        options += [f"--user-data-dir={Path(place) / 'profile'}", f"--print-to-pdf={made}"]
        try:
            ended = subprocess.run(
                [program, *options, page.as_uri()],
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ApprentiError("pdf_failed", program=program, reason=reason(error)) from None
        if not made.is_file():
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            last = said[-1] if said else str(ended.returncode)
            raise ApprentiError("pdf_failed", program=program, reason=last)
        shutil.copyfile(made, arriving)


def _has_weasyprint() -> bool:
    return find_spec("weasyprint") is not None


def _by_weasyprint(html: str, arriving: Path) -> None:
    try:
        weasyprint = import_module("weasyprint")
        # Nothing is fetched but what stands in the page itself
        fetcher = import_module("weasyprint.urls").URLFetcher(allowed_protocols=["data"])
        weasyprint.HTML(string=flat(html), url_fetcher=fetcher).write_pdf(arriving)
    except Exception as error:
        raise ApprentiError("pdf_failed", program="WeasyPrint", reason=reason(error)) from error
