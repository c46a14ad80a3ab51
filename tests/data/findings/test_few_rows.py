"""D001: too few rows."""

from apprenti.data.findings.few_rows import FEWEST


def test_a_table_of_a_few_rows_is_warned_of(find, sound):
    (found,) = find("D001", {name: values[:20] for name, values in sound.items()})
    assert (found.severity, found.values) == ("warning", {"rows": 20, "fewest": FEWEST})


def test_enough_rows_are_no_matter(find, sound):
    assert not find("D001", sound)
