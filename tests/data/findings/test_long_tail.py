"""D027: a target of which a few huge values decide every measure."""

import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_revenue_with_a_huge_value_is_told_and_a_logarithm_proposed(table_of, lang):
    language.choose(lang)
    found = [one for one in look(table_of("target_skewed.csv", "revenue")) if one.code == "D027"]
    (one,) = found
    assert (one.severity, one.subject, one.sentence) == ("warning", "revenue", "")
    assert one.values["median"] == 2971 and one.values["farthest"] > 457e6
    said = words.tell(one)
    assert "logarithm" in said.todo and "R²" in said.todo


def test_what_can_be_below_zero_has_no_logarithm(find, sound, random):
    (found,) = find("D027", {**sound, "answer": random.standard_cauchy(200)}, task="regression")
    assert found.sentence == "signed"


@pytest.mark.parametrize("rows", [60, 200, 1000])
@pytest.mark.parametrize(
    "draw",
    [
        lambda random, rows: random.normal(size=rows),
        lambda random, rows: random.exponential(size=rows),
        lambda random, rows: random.lognormal(10, 0.6, rows),
        lambda random, rows: random.poisson(1, rows),
        lambda random, rows: random.standard_t(5, rows),
    ],
    ids=["normal", "exponential", "lognormal", "counts", "t"],
)
def test_ordinary_distributions_are_no_matter(find, random, rows, draw):
    columns = {"x": random.normal(size=rows), "answer": draw(random, rows)}
    assert not find("D027", columns, task="regression")
