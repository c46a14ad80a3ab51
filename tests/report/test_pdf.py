"""The PDF: printed by a browser that is there; where none is, what to install is said."""

import sys

import pytest

from apprenti import report
from apprenti.errors import ApprentiError
from apprenti.report import pdf


@pytest.mark.slow
def test_the_report_is_printed_on_pages_of_a4(digits, browser, tmp_path):
    made = report.write(digits, tmp_path / "r.html", pdf=True)
    written = made.files["pdf"].read_bytes()
    assert written.startswith(b"%PDF-") and written.endswith(pdf.MARK)
    # 210 by 297 mm, in points
    assert b"/MediaBox [0 0 594.95996 841.91998]" in written or b"/MediaBox [0 0 595" in written
    report.write(digits, tmp_path / "r.html", pdf=True)


def test_without_a_printer_the_page_is_there_and_what_to_install_is_said(
    digits, tmp_path, monkeypatch
):
    monkeypatch.setattr(pdf, "browser", lambda: None)
    monkeypatch.setattr(pdf, "_has_weasyprint", lambda: False)
    with pytest.raises(ApprentiError) as raised:
        report.write(digits, tmp_path / "r.html", pdf=True)
    assert raised.value.key == "pdf_missing"
    assert "apt install chromium" in str(raised.value)
    assert raised.value.reached["page"] == str(tmp_path / "r.html")
    assert [one.name for one in tmp_path.iterdir()] == ["r.html"]


def test_a_browser_that_prints_nothing_is_told_with_its_last_words(digits, tmp_path, monkeypatch):
    if sys.platform == "win32":
        pytest.skip("a shell script")
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho 'no display here' >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "browser", lambda: str(program))
    with pytest.raises(ApprentiError, match="no display here"):
        report.write(digits, tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


def test_a_pdf_of_somebody_else_is_not_overwritten(digits, tmp_path):
    (tmp_path / "r.pdf").write_bytes(b"%PDF-1.7 a thesis")
    with pytest.raises(ApprentiError) as raised:
        report.write(digits, tmp_path / "r.pdf")
    assert raised.value.key == "file_exists"
