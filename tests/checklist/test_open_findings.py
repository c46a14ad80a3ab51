"""Every finding keeps one item open, and no finding is forgotten."""

from apprenti import diagnose
from apprenti.checklist import findings as of
from apprenti.data import findings
from apprenti.findings import codes_of


def test_each_finding_of_a_training_belongs_to_one_item():
    known = {code for rule in diagnose.RULES for code in codes_of(rule)}
    assert len(of.ELSEWHERE) == len(set(of.ELSEWHERE))
    assert set(of.ELSEWHERE) < known


def test_the_findings_of_the_split_are_findings_of_data():
    known = {code for rule in findings.RULES for code in codes_of(rule)}
    assert set(of.OF_SPLIT) | set(of.GRAVE) <= known
