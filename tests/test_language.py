"""Which language is spoken, and how its numbers are written."""

import contextvars
import os
import string
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apprenti import language
from apprenti.language import choose, choose_from, current, say
from apprenti.printable import printable

SPACE = "\N{NARROW NO-BREAK SPACE}"
VARIABLES = ("APPRENTI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def environment(monkeypatch):
    """environment(LANG="fr_FR.UTF-8"): only these variables speak of a language."""

    def set_to(**values):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_to


@pytest.fixture
def text(monkeypatch):
    """text("{value:,}"): makes that the text of the key test.entry, in every language."""

    def set_to(words):
        monkeypatch.setattr(language, "subject", lambda name, tongue: {"entry": words})
        return "test.entry"

    return set_to


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 rows are", "0 row is"),
        (1, "1 row is", "1 row is"),
        (1.5, "1.5 rows are", "1,5 row is"),
        (2, "2 rows are", "2 rows are"),
        (1000, "1,000 rows are", f"1{SPACE}000 rows are"),
    ],
)
def test_one_is_singular_and_in_french_nought_too(text, count, english, french):
    key = text("{count:,} {count:row is|rows are}")
    for tongue, expected in (("en", english), ("fr", french)):
        choose(tongue)
        assert say(key, count=count) == expected


def test_lang_comes_first(environment):
    environment(APPRENTI_LANG="fr", LC_ALL="fr_FR.UTF-8")
    choose("en")
    assert current() == "en"
    choose(None)
    assert current() == "fr"


def test_two_at_once_are_answered_each_in_his_own_language(environment):
    environment(APPRENTI_LANG="fr")
    met = threading.Barrier(2, timeout=30)

    def speak(language):
        choose(language)
        met.wait()
        return say("words.epoch")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(speak, ("fr", "en"))) == ["époque", "epoch"]
    assert current() == "fr"


def test_a_thread_speaks_the_language_of_the_context_that_it_copies(environment):
    environment(APPRENTI_LANG="fr")
    choose("en")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(contextvars.copy_context().run, current).result() == "en"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["train", "--lang", "en"], "en"),
        (["--lang=en", "train"], "en"),
        (["--lang", "en", "runs", "--lang", "fr"], "fr"),
        (["train", "--lang"], "fr"),
        (["train", "--lang", "de"], "fr"),
        (["runs", "--language", "en"], "fr"),
    ],
)
def test_the_language_is_known_before_the_command_line_is_understood(
    environment, arguments, expected
):
    environment(APPRENTI_LANG="fr")
    choose_from(arguments)
    assert current() == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows has a language of its own")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "fr"),
        ({"APPRENTI_LANG": "en"}, "en"),
        ({"APPRENTI_LANG": "EN_GB", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"APPRENTI_LANG": "klingon", "LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "fr_FR", "LANG": "en_US.UTF-8"}, "fr"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C"}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "POSIX"}, "fr"),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "cs_CZ.UTF-8"}, "en"),
        ({"LANG": "ca_ES.UTF-8"}, "en"),
        ({"LC_ALL": "cs_CZ.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_system_decides_where_nobody_chose_and_french_where_it_is_silent(
    environment, values, expected
):
    environment(**values)
    assert current() == expected


# ---- Numbers


@pytest.mark.parametrize(
    ("place", "value", "french", "english"),
    [
        ("{:,.1f}", 1234.5, f"1{SPACE}234,5", "1,234.5"),
        ("{:,}", 60000, f"60{SPACE}000", "60,000"),
        ("{:.2%}", 0.9742, f"97,42{SPACE}%", "97.42%"),
        ("{:.1e}", 0.00012, "1,2e-04", "1.2e-04"),
        ("{:+.4f}", -0.5, "-0,5000", "-0.5000"),
        ("{}", 0.001, "0,001", "0.001"),
        ("{}", 1000, "1000", "1000"),
        ("{}", True, "True", "True"),
        ("{}", "1,234.5", "1,234.5", "1,234.5"),
        ("{!r}", 0.5, "0.5", "0.5"),
    ],
)
def test_numbers_follow_the_usage_of_the_language(text, place, value, french, english):
    key = text(place.replace("{", "{value", 1))
    choose("fr")
    assert say(key, value=value) == french
    choose("en")
    assert say(key, value=value) == english


def test_numpy_numbers_follow_it_too(text):
    import numpy as np

    choose("fr")
    assert say(text("{value:.2f}"), value=np.float64(0.5)) == "0,50"


def test_versions_and_names_keep_their_dots(text):
    choose("fr")
    assert say(text("{value}"), value="torch 2.9.0") == "torch 2.9.0"


@pytest.mark.parametrize("value", ["{", "}", "{0}", "{value}", "{value.__class__}", "{{}}", "%s"])
def test_values_that_hold_braces_are_only_values(text, value):
    assert say(text("[{value}]"), value=value) == f"[{value}]"


def test_a_value_may_be_named_key(text):
    assert say(text("{key}"), key="train.epochs") == "train.epochs"


# ---- Entries


@pytest.mark.parametrize("key", ["runs.nothing_of_that_name", "nothing.at_all", "cli.option"])
def test_what_is_no_text_is_a_bug(key):
    with pytest.raises((KeyError, FileNotFoundError)):
        say(key)


@pytest.mark.parametrize("key", ["no_rows.when", "nothing_of_that_name.what"])
def test_what_is_no_error_is_a_bug(key):
    with pytest.raises(KeyError):
        language.message(key, {"path": "data.npz"})


def test_a_place_without_its_value_is_a_bug():
    with pytest.raises(KeyError):
        say("runs.note")


def test_every_text_can_be_filled(environment):
    for tongue in language.LANGUAGES:
        choose(tongue)
        words = language.message(
            "not_finite.what", {"path": "p", "name": "x", "count": 3, "first": 7}
        )
        assert "{" not in words
        assert [field for _, field, _, _ in string.Formatter().parse(words)] == [None]


def test_texts_are_read_as_utf_8_whatever_the_system_says():
    code = "from apprenti.language import say; print(ascii(say('words.epoch')))"
    variables = {**os.environ, "APPRENTI_LANG": "fr", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True)
    assert done.stdout.strip() == rb"'\xe9poque'"


@pytest.mark.parametrize(
    "sign", ["\x1b", "\r", "\x07", "\x9b", "\u202e", "\u2067", "\u2028", "\ud800"]
)
def test_what_a_terminal_would_obey_is_spelt_out(sign, text):
    written = say(text("a {name}"), name=f"x{sign}y")
    assert written == f"a x\\u{ord(sign):04x}y"


@pytest.mark.parametrize("name", ["été", "a b", "one\ntwo", "👩‍👩‍👧", "ﬀ", "ת", "\t"])
def test_what_is_only_unusual_is_shown_as_it_is(name):
    assert printable(name) == name


def test_the_folder_of_the_moment_is_told_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    language.choose("en")
    assert f" {tmp_path} " in language.message("no_runs.what", {"folder": Path()})
    assert " .. " in language.message("no_runs.what", {"folder": Path("..")})


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is set on POSIX")
def test_moments_are_told_in_the_time_of_this_machine(monkeypatch):
    for zone, told in (("UTC0", "21:31"), ("CET-1", "22:31"), ("EST5", "16:31")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        words = language.say("runs.facts", status="", started="2026-11-26T21:31:47+00:00")
        assert f"2026-11-26 {told}" in words
    assert "what" in language.say("runs.facts", status="", started="what")
    monkeypatch.undo()
    time.tzset()
