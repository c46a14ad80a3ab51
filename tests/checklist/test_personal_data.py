"""Columns that tell of people: by their names, and by what stands in them."""

import pytest

from apprenti.checklist import law
from apprenti.checklist.personal_data import _of_frame, has_email, has_iban, is_nir, is_phone


@pytest.mark.parametrize(
    ("shows", "right", "wrong"),
    [
        (has_email, ("a.b+c@exemple.fr", "write to bo@example.org"), ("a@b", "@home", "12@")),
        (is_phone, ("01 23 45 67 89", "+33 6 12 34 56 78", "0612345678"), ("123456", "2024-01-02")),
        (
            has_iban,
            ("FR14 2004 1010 0505 0001 3M02 606", "DE89370400440532013000"),
            ("FR15 2004 1010 0505 0001 3M02 606", "DE89370400440532013001", "FR14"),
        ),
        (
            is_nir,
            ("255081416802538", "2 55 08 14 168 025 38", "1 85 05 2A 004 084 95"),
            ("255081416802539", "355081416802538", "123"),
        ),
    ],
)
def test_what_tells_of_people_is_known_by_its_form_and_its_key(shows, right, wrong):
    assert [shows(text) for text in right] == [True] * len(right)
    assert [shows(text) for text in wrong] == [False] * len(wrong)


def test_a_column_is_suspected_by_its_name_and_shown_by_its_values():
    import pandas as pd

    frame = pd.DataFrame(
        {
            "Prénom": ["x", "y", "z"],
            "birthDate": ["a", "b", "c"],
            "remark": ["call ana@exemple.fr", "", "-"],
            "code": ["01 23 45 67 89", "red", "blue"],
            "group": ["M", "F", "M"],
            "surface": [1.5, 2.0, 3.0],
            "named": ["p", "q", "r"],
        }
    )
    found = {(one.column, one.kind): one.is_shown for one in _of_frame(frame)}
    assert found == {
        ("Prénom", "name"): False,
        ("birthDate", "name"): False,
        ("remark", "email"): True,
        ("group", "sex"): True,
    }


def test_what_a_use_hints_at_is_a_field_of_the_law():
    assert law.hinted("Choisir les candidats à l'embauche") == ("employment", "candidats")
    assert law.hinted("Noter les élèves") == ("education", "eleves")
    assert law.hinted("Rank flats") is None
    assert law.applies_from("product").year == 2028
    assert law.applies_from("education").year == 2027
