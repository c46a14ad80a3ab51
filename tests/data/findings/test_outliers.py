"""D013: numbers far from the others."""


def test_a_slip_of_the_pen_is_noted(find, sound):
    sound["weight"][:3] = 5000
    (found,) = find("D013", sound)
    assert (found.severity, found.values["columns"]) == ("note", [("weight", 3)])


def test_normal_distributions_are_no_matter(find, sound):
    assert not find("D013", sound)
