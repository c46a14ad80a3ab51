"""What was read is kept for as long as it is asked for, and no longer."""

import threading

import pytest

from apprenti.once import Once


@pytest.fixture
def asked():
    """ask(key) gives what was read for a key; `asked.reads` are the keys that were read."""
    kept, reads = Once("of a test"), []

    def ask(key):
        def read():
            reads.append(key)
            return [key]

        return kept.get(key, read)

    ask.kept, ask.reads = kept.kept, reads
    return ask


def test_what_is_asked_for_again_is_read_once_meanwhile_and_anew_afterwards(asked):
    with asked.kept():
        assert asked("a") is asked("a")
        assert asked("b") == ["b"]
    assert asked.reads == ["a", "b"]
    asked("a")
    asked("a")
    assert asked.reads == ["a", "b", "a", "a"]


def test_within_another_one_it_is_the_other_one_that_keeps(asked):
    with asked.kept():
        with asked.kept():
            first = asked("a")
        assert asked("a") is first


def test_a_function_can_keep_each_time_that_it_is_called(asked):
    @asked.kept()
    def twice():
        return asked("a") is asked("a")

    assert twice() and twice()
    assert asked.reads == ["a", "a"]


def test_what_could_not_be_read_is_asked_for_again():
    kept = Once("of a test")

    def fails():
        raise OSError

    with kept.kept():
        with pytest.raises(OSError):
            kept.get("a", fails)
        assert kept.get("a", lambda: 1) == 1


def test_one_thread_does_not_see_what_another_one_keeps(asked):
    with asked.kept():
        asked("a")
        other = threading.Thread(target=asked, args=("a",))
        other.start()
        other.join()
    assert asked.reads == ["a", "a"]
