"""How columns are read is kept by the project, changed by a command, and never guessed anew."""

import pandas as pd
import pytest

from apprenti.data import kept
from apprenti.data.kinds.written import Written
from apprenti.data.look import look
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.new.template import create
from apprenti.project import load

ROWS = 60


@pytest.fixture
def shop(tmp_path):
    """A project on a table with a price, a day that fits two orders, and a code."""
    days = [f"{n % 12 + 1:02d}/{n % 11 + 1:02d}/2024" for n in range(ROWS)]
    prices = [f"{n} 000,50 €" for n in range(1, ROWS + 1)]
    columns = {"price": prices, "day": days, "code": [n % 7 for n in range(ROWS)]}
    frame = pd.DataFrame({**columns, "sold": ["yes", "no"] * (ROWS // 2)})
    frame.to_csv(tmp_path / "shop.csv", index=False, sep=";")
    create(tmp_path / "project", str(tmp_path / "shop.csv"), "sold")
    return tmp_path / "project"


def opened(folder, **settings):
    data = load(folder).choices.data.model_copy(update=settings)
    return open_source(data, folder).table


def test_a_new_project_keeps_one_line_a_column(shop):
    found = kept.read(shop)
    assert found["price"] == Written("number", ",", " ", "€")
    assert (found["day"].format, found["day"].doubt) == ("%d/%m/%Y", "month_first")
    assert [*found] == ["price", "day", "code", "sold"]


def test_what_is_kept_holds_for_another_file(shop, tmp_path):
    lines = (tmp_path / "shop.csv").read_text(encoding="utf-8").splitlines()
    # In these rows alone a point would be taken for a decimal mark, and the month for the first
    rows = ["1.5;2024-05-01;x;yes", *[line.replace(" 000,50 €", "") for line in lines[1:]]]
    (tmp_path / "shop.csv").write_text("\n".join([lines[0], *rows]), encoding="utf-8")
    table = opened(shop)
    assert table.columns.written["price"] == Written("number", ",", " ", "€")
    assert table.columns.unread["price"].cells == ((1, "1.5"),)
    assert table.columns.unread["day"].cells == ((1, "2024-05-01"),)
    assert table.columns.unread["code"].cells == ((1, "x"),)


def test_a_command_reads_a_column_otherwise_and_finds_out_anew(shop):
    choices = load(shop).choices
    look(shop, choices, picture=False, read_as=["day=date %m/%d/%Y", "code=category"])
    table = opened(shop)
    assert table.columns.dates == (("day", "%m/%d/%Y"),)
    assert table.columns.categories == ("code",)
    assert not kept.read(shop)["day"].doubt
    look(shop, choices, picture=False, read_as=["day=", "code=number"])
    assert opened(shop).columns.dates == (("day", "%d/%m/%Y"),)


def test_numbers_are_dates_where_a_command_says_that_they_count_since_1970(tmp_path):
    moments = pd.date_range("2024-01-01 06:00", periods=ROWS, freq="D")
    frame = pd.DataFrame({"seen": moments.as_unit("ms").astype("int64"), "y": range(ROWS), "n": 2})
    frame.to_csv(tmp_path / "seen.csv", index=False)
    create(tmp_path / "project", str(tmp_path / "seen.csv"), "y")
    choices = load(tmp_path / "project").choices
    told = look(tmp_path / "project", choices, picture=False).findings
    assert [one.subject for one in told if one.code == "D030"] == ["seen"]
    look(tmp_path / "project", choices, picture=False, read_as=["seen=date milliseconds"])
    read = opened(tmp_path / "project").columns
    assert (read.dates, read.numbers) == ((("seen", "milliseconds"),), ("n",))
    assert opened(tmp_path / "project", time="seen").settings["time_format"] == "number"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("day", "column_kind"),
        ("day=date", "column_kind"),
        ("day=date secondes", "column_kind"),
        ("day=time seconds", "column_kind"),
        ("day=words", "column_kind"),
        ("price=number , ,", "column_kind"),
        ("prise=number", "no_column"),
    ],
)
def test_what_says_nothing_is_refused_and_nothing_changes(shop, said, key):
    before = (shop / kept.FILE).read_bytes()
    with pytest.raises(ApprentiError) as caught:
        look(shop, load(shop).choices, picture=False, read_as=[said])
    assert caught.value.key == key
    assert (shop / kept.FILE).read_bytes() == before


def test_a_reading_in_doubt_is_told_until_somebody_has_settled_it(shop):
    choices = load(shop).choices
    told = look(shop, choices, picture=False).findings
    assert [one.subject for one in told if one.code == "D030"] == ["day"]
    told = look(shop, choices, picture=False, read_as=["day=date %d/%m/%Y"]).findings
    assert not [one for one in told if one.code == "D030"]


@pytest.mark.parametrize(
    "content",
    [
        "columns = 3",
        "[columns]\nprice = 3",
        '[columns]\nprice = "money"',
        '[columns]\nprice = { kind = "number", decimal = "x" }',
        '[columns]\nday = "date"',
        "[columns",
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_file_is_told(shop, content):
    write = (shop / kept.FILE).write_bytes
    write(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ApprentiError) as caught:
        opened(shop)
    assert caught.value.key == "columns_damaged"


def test_a_project_of_an_earlier_version_is_told_what_is_read_otherwise(shop):
    (shop / kept.FILE).unlink()
    assert opened(shop)
    (shop / kept.FILE).unlink()
    run = shop / "runs" / "2026-01-01-001-mlp-pytorch"
    run.mkdir(parents=True)
    (run / "train.py").write_text("print(1)\n", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        opened(shop)
    assert caught.value.key == "reading_changed"
    assert "price (category)" in caught.value.values["columns"]
    # Whoever has looked has accepted it
    look(shop, load(shop).choices, picture=False)
    assert opened(shop).columns.numbers == ("price", "code")
