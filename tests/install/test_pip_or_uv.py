"""What pip and uv say: whether an index answers, why they failed, what they download."""

import pytest

from apprenti.install import pip_or_uv

NOWHERE = "http://127.0.0.1:9"  # a port on which nobody answers


def test_an_index_answers_or_not(index, alone):
    assert pip_or_uv.answers(index)
    assert not pip_or_uv.answers(NOWHERE)


@pytest.mark.parametrize(
    ("output", "failure"),
    [
        ("error: Failed to fetch\n  Caused by: dns error: failed to lookup address", "no_network"),
        ("  Caused by: invalid peer certificate: UnknownIssuer", "no_certificate"),
        ("Because there is no version of torch==9.9 and you require torch==9.9", "not_found"),
        ("error: failed to write: No space left on device (os error 28)", "disk_full"),
    ],
)
def test_what_uv_says_is_explained(output, failure):
    assert pip_or_uv.explain(pip_or_uv.Outcome(2, output))[0] == failure


def test_what_uv_downloads_is_told():
    assert pip_or_uv.large_download("Downloading torch (502.1MiB)\n") == ("torch", "", 502.1)
    assert pip_or_uv.large_download("Downloading rich (0.5MiB)\n") is None
    assert pip_or_uv.written_packages("Prepared 28 packages in 1m 02s\n") == 28
