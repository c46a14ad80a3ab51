"""apprenti explain: what a finding, a failure, a term or a setting means."""

import pytest


@pytest.mark.parametrize("command", [("explain", "D020"), ("doctor", "--explain", "D020")])
def test_a_finding_is_explained_without_marks_and_with_its_table(apprenti, command):
    said = apprenti(*command)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("D020  target leakage\n")
    assert "error from   0.995   0.999" in said.out
    assert "`" not in said.out and "**" not in said.out and "|" not in said.out
    assert max(map(len, said.out.splitlines())) <= 100


def test_a_term_is_explained_by_its_name_in_french(apprenti):
    said = apprenti("explain", "taux", "d'apprentissage", language="fr")
    assert said.out.startswith("taux d'apprentissage · learning rate\n")


def test_a_setting_has_its_limits_and_its_default(apprenti):
    said = apprenti("explain", "batch_size")
    assert "train.batch_size" in said.out and "Default: 32." in said.out


def test_without_a_word_all_that_is_known_is_listed(apprenti):
    said = apprenti("explain")
    assert "  D020  target leakage" in said.out and "  F14  " in said.out
    assert "overfitting" in said.out and "train.epochs" in said.out
    listed = apprenti("explain", "--json").json["known"]
    assert {"D020", "R01"} <= set(listed["finding"]) and "F14" in listed["failure"]


def test_in_json_the_codes_and_the_commands_are_fields(apprenti):
    (told,) = apprenti("explain", "D020", "--json").json["explained"]
    assert (told["kind"], told["code"], told["title"]) == (
        "finding",
        "D020",
        "target leakage",
    )


def test_a_misspelt_word_is_asked_back(apprenti):
    said = apprenti("explain", "overfiting")
    assert said.status == 1 and "Did you mean “overfitting”?" in said.err
