"""The failures that people search for are recognised by their text, and nothing else is."""

import random
import re
import textwrap
import time
import tomllib
from pathlib import Path

import pytest

from apprenti import language
from apprenti.doctor.failures import LONGEST, failures, recognise

HERE = Path(__file__).parent
SYMPTOMS = tomllib.loads((HERE / "symptoms.toml").read_text(encoding="utf-8"))
UNRELATED = (HERE / "unrelated.txt").read_text(encoding="utf-8").split("\n=====\n")
EACH = [(failure, text) for failure, texts in SYMPTOMS.items() for text in texts]

TRACEBACK = """Traceback (most recent call last):
  File "C:\\Users\\me\\Documents\\cours IA\\premier modèle\\train.py", line 3, in <module>
    import helpers.data as data
  File "C:\\Users\\me\\Documents\\cours IA\\premier modèle\\helpers\\data.py", line 12, in <module>
    values = load(path)
  File "/home/me/.venv/lib/python3.12/site-packages/some/package/module.py", line 402, in load
    return self._load(path, **options)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
"""


def in_a_traceback(text):
    return f"{TRACEBACK * 8}{text}\n\nThe above exception was the direct cause of the following:\n"


def in_colours(text):
    words = text.split(" ")
    return "\x1b]0;python\x07" + " ".join(f"\x1b[1;31m{word}\x1b[0m" for word in words)


def broken_between_words(text):
    lines = text.splitlines()
    return "\n".join(line for each in lines for line in textwrap.wrap(each, 38) or [""])


def broken_anywhere(text):
    return "\n".join(text[start : start + 50] for start in range(0, len(text), 50))


def in_a_frame(text):
    lines = [line for each in text.splitlines() for line in textwrap.wrap(each, 70) or [""]]
    middle = "\n".join(f"│ {line:<70} │" for line in lines)
    return f"╭{'─' * 72}╮\n{middle}\n╰{'─' * 72}╯"


def in_a_mail(text):
    return "Bonjour, voici ce que j'obtiens :\n" + re.sub("^", "> ", text, flags=re.MULTILINE)


def with_other_quotes(text):
    return text.replace("'", "’").replace('"', "“")


def in_capitals(text):
    return text.upper()


def with_windows_lines(text):
    return text.replace("\n", "\r\n") + "\r\n(.venv) PS C:\\projet> "


BY_LINES = [("F35", broken_anywhere)]
"""That pip was killed is seen by the lines; the one word "Killed" is known only as a whole text."""

SURROUNDINGS = [
    str, in_a_traceback, in_colours, broken_between_words, broken_anywhere, in_a_frame, in_a_mail,
    with_other_quotes, in_capitals, with_windows_lines,
]  # fmt: skip


def test_the_reference_has_forty_eight_failures_and_each_has_a_text():
    ids = [f"F{number:02}" for number in range(1, 49)]
    assert sorted(failure.id for failure in failures()) == ids
    assert sorted(SYMPTOMS) == ids
    assert all(failure.source for failure in failures())


@pytest.mark.parametrize("surround", SURROUNDINGS, ids=lambda function: function.__name__)
def test_every_symptom_is_recognised_whatever_stands_around_it(surround):
    wrong = []
    for failure, text in EACH:
        if (failure, surround) in BY_LINES or (text == "Killed" and surround is not str):
            continue
        found = recognise(surround(text))
        if found[:1] != [failure]:
            wrong.append((failure, found, surround(text)[-300:]))
    assert not wrong


def test_there_are_two_hundred_unrelated_texts_of_many_kinds():
    assert len(UNRELATED) >= 200
    assert len({text.strip() for text in UNRELATED}) == len(UNRELATED)
    starts = {re.sub(r"\W", "", text.strip().splitlines()[-1])[:12] for text in UNRELATED}
    assert len(starts) > 110
    for word in ("tensorflow", "torch", "DLL", "cuda", "numpy", "keras", "pip", "protobuf", "OMP"):
        naming = [text for text in UNRELATED if word.lower() in text.lower()]
        assert len(naming) >= 3, word


def test_no_unrelated_text_is_taken_for_a_failure():
    wrong = [(recognise(text), text[-300:]) for text in UNRELATED if recognise(text)]
    assert not wrong


def test_unrelated_texts_together_are_still_unrelated():
    """What is far apart does not add up to a failure."""
    shuffled = sorted(UNRELATED)
    random.Random(0).shuffle(shuffled)
    for start in range(0, len(shuffled), 5):
        assert recognise("\n".join(shuffled[start : start + 5])) == []


def test_of_several_failures_the_most_specific_one_comes_first():
    driver = SYMPTOMS["F18"][0]
    assert recognise(f"{driver}\n{SYMPTOMS['F13'][0]}") == ["F13", "F18"]
    both = f"{SYMPTOMS['F05'][0]}\n{SYMPTOMS['F06'][0]}"
    assert recognise(both) == ["F06", "F05"]


def test_an_id_is_taken_at_its_word():
    assert recognise(" f14\n") == ["F14"]
    assert recognise("F49") == []


def test_a_very_long_text_is_read_at_both_ends_and_in_little_time():
    filling = "".join(UNRELATED) * 20
    assert len(filling) > LONGEST
    assert recognise(f"{SYMPTOMS['F27'][0]}\n{filling}") == ["F27"]
    began = time.monotonic()
    assert recognise(f"{filling}\n{SYMPTOMS['F30'][0]}") == ["F30"]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_every_failure_has_its_three_sentences(tongue):
    texts = language.subject("failures", tongue)
    assert sorted(texts) == sorted(SYMPTOMS)
    assert all(set(parts) == {"title", "cause", "cure"} for parts in texts.values())
