"""Where a table begins and ends: what is above, below and between its rows, and its names."""

import gzip
import unicodedata
from pathlib import Path

import pytest

from apprenti.data.kinds import files
from apprenti.data.kinds.dialect import Asked, find_out
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

CASES = Path(__file__).resolve().parents[2] / "cases"

NUMBERS = [f"{number};{number % 7}.5;{'oui' if number % 2 else 'non'}" for number in range(30)]
TABLE = ["âge;taille;réponse", *NUMBERS]


@pytest.fixture
def write(tmp_path):
    """write(lines): a file of these lines."""

    def make(lines, name="t.csv", encoding="utf-8", end="\n"):
        path = tmp_path / name
        path.write_bytes((end.join(lines) + end).encode(encoding))
        return path

    return make


def read(path, **asked):
    """Return the frame of a file, and what is told of it."""
    written = files.how_written(path, Asked(**asked))
    frame = files.read(path, written.kind, written.settings)
    return frame, {remark.what: remark for remark in written.remarks}


@pytest.mark.parametrize(
    ("name", "rows", "columns", "told"),
    [
        ("no_header_mixed.csv", 120, [f"column {n}" for n in range(1, 6)], ["no_header"]),
        (
            "no_header_numbers_repeated.csv",
            120,
            [f"column {n}" for n in range(1, 6)],
            ["no_header"],
        ),
        ("excel_sep_line.csv", 120, ["a", "b", "y"], ["titles"]),
        ("comment_lines.csv", 120, ["a", "b", "y"], ["titles"]),
        ("title_lines_above_header.csv", 120, ["a", "b", "y"], ["titles"]),
        ("trailing_delimiter.csv", 120, ["a", "b", "y"], []),
        ("tsv_unbalanced_quotes.tsv", 120, ["label", "text"], ["stray_quotes"]),
        ("utf8_with_one_cp1252_line.csv", 121, ["prénom", "saison", "reçu"], ["mixed_encoding"]),
        ("header_decomposed_accents.csv", 120, ["prénom", "saison", "reçu"], ["names"]),
        ("two_columns_without_name.csv", 120, ["a", "column 2", "column 3", "y"], ["nameless"]),
    ],
)
def test_each_of_these_files_is_read_as_it_is_meant(name, rows, columns, told):
    frame, remarks = read(CASES / name)
    assert (len(frame), [*frame.columns], [*remarks]) == (rows, columns, told)


def test_a_plain_file_has_nothing_to_tell_and_is_read_as_pandas_does(write):
    found = find_out(write(TABLE))
    assert (found.remarks, found.dialect.regular) == ((), True)
    assert found.dialect[:3] == ("utf-8", ";", ".")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"]
)
def test_every_encoding_and_end_of_line_gives_the_same_table(write, encoding, end):
    lines = ["Relevé annuel", "", *TABLE, "", "Source : mairie"]
    frame, remarks = read(write(lines, encoding=encoding, end=end))
    assert [*frame.columns] == ["âge", "taille", "réponse"]
    assert frame["âge"].tolist() == [*range(30)]
    assert remarks["titles"].lines == (1,)
    assert remarks["notes"].example == "Source : mairie"


def test_spaces_separate_numbers_but_not_words(write):
    frame, _ = read(write(["taille  poids y", *(f" {n}.5   {n}   {n % 2} " for n in range(30))]))
    assert ([*frame.columns], frame["poids"].tolist()) == (["taille", "poids", "y"], [*range(30)])
    frame, remarks = read(write([f"{n}.5  {n} a" for n in range(30)]))
    assert (frame.shape, [*remarks]) == ((30, 3), ["no_header"])
    assert read(write([f"three words {n}" for n in range(30)]))[0].shape == (29, 1)


def test_spaces_separate_numbers_from_codes_that_come_again(write):
    frame, _ = read(write([f"A1{n % 3} {n} A3{n % 2} A40 {n * 7} A7{n % 4} no" for n in range(30)]))
    assert (frame.shape, frame["column 5"].tolist()[:2]) == ((30, 7), [0, 7])
    sentences = [f"in year {n} it was {n + 1} and word{n}" for n in range(30)]
    assert read(write(sentences))[0].shape == (29, 1)


# ---- Above


@pytest.mark.parametrize(
    "above",
    [
        ["Rapport annuel 2024"],
        ["Rapport annuel 2024;;", ";;"],
        ["", "Export du 12/03/2024", "", ""],
        ["sep=;"],
        ['"sep=;"'],
        ["# fait le 3 mars", "# par la mairie; service; voirie"],
        ["Établissement;Mairie", "Année;2024", ""],
        ["// one", "% two"],
    ],
)
def test_what_stands_above_is_skipped_and_told_with_its_lines(write, above):
    frame, remarks = read(write([*above, *TABLE]))
    assert [*frame.columns] == ["âge", "taille", "réponse"]
    assert (len(frame), frame["âge"].tolist()[:2]) == (30, [0, 1])
    filled = [number for number, line in enumerate(above, start=1) if line.strip(" ;")]
    assert remarks["titles"].lines == tuple(filled)


def test_blank_lines_above_are_nothing_to_tell(write):
    frame, remarks = read(write(["", "", *TABLE]))
    assert (len(frame), remarks) == (30, {})


def test_the_user_says_how_many_lines_are_skipped(write):
    path = write(["a;b;c", "1;2;3", *TABLE])
    frame, remarks = read(path, skip_rows=2)
    assert ([*frame.columns][1:], len(frame), remarks) == (["taille", "réponse"], 30, {})


def test_a_header_that_begins_with_a_hash_is_a_header(write):
    frame, remarks = read(write(["#id,name,price", *(f"{n},b{n % 3},{n}.5" for n in range(9))]))
    assert ([*frame.columns], remarks) == (["#id", "name", "price"], {})


@pytest.mark.parametrize(
    "lines",
    [
        [",y", *(f"{n},{n % 2}" for n in range(9))],
        ["a,,,y", *(f"x{n},y{n},z{n},{n % 2}" for n in range(9))],
        ["a,,,y", *("u,v,w,x" for n in range(9))],
        ["pays,2019,2020", *(f"p{n},{n},{n}.5" for n in range(9))],
        ["0,1,2,3", *(f"{n}.5,{n},{n},1" for n in range(9))],
        ["2019,2020", *(f"{n}.5,{n}" for n in range(9))],
        ["nom,ville", *(f"n{n},v{n % 3}" for n in range(9))],
        ["label,text", *(f"spam,text {n}" for n in range(9))],
    ],
)
def test_a_header_is_known_as_one(write, lines):
    frame, remarks = read(write(lines))
    assert len(frame) == 9
    assert not {"no_header", "titles"} & {*remarks}


@pytest.mark.parametrize(
    "lines",
    [
        [f"{n},{n % 3}.5" for n in range(3, 12)],
        [f"ham\tsome words {n}" if n % 2 else f"spam\tother words {n}" for n in range(9)],
        [f"2024-01-{n + 10},{n}.5,a" for n in range(9)],
        [f"M;{n};{n},5" for n in range(9)],
        [f"5.{n},3.{n},Iris-setosa" for n in range(9)],
    ],
)
def test_a_first_row_like_all_the_others_is_no_header(write, lines):
    frame, remarks = read(write(lines))
    assert len(frame) == 9
    assert [*frame.columns] == [f"column {n + 1}" for n in range(frame.shape[1])]
    assert remarks["no_header"].lines == (1,)


def test_the_user_says_whether_there_is_a_header(write):
    lines = [f"{n},{n % 3}.5" for n in range(3, 12)]
    frame, remarks = read(write(lines), header=True)
    assert ([*frame.columns], len(frame), remarks) == (["3", "0.5"], 8, {})
    frame, remarks = read(write(TABLE), header=False)
    assert (len(frame), remarks) == (31, {})


# ---- Names


def test_two_columns_of_one_name_are_told_apart(write):
    frame, remarks = read(write(["a;b;a", *NUMBERS]))
    assert [*frame.columns] == ["a", "b", "a.1"]
    assert remarks["twice"].example == "a.1"


def test_names_have_no_spaces_around_them_and_no_mark_before(write):
    frame, _ = read(write(["\ufeff\ufeff a ; b;c\xa0", *NUMBERS]))
    assert [*frame.columns] == ["a", "b", "c"]


@pytest.mark.parametrize("unknown", ["?", "NA", "-"])
def test_a_first_row_with_an_unknown_value_is_no_header(write, unknown):
    rows = [f"{n % 3},{n * 1.5},{n % 2},c{n % 4}" for n in range(40)]
    frame, remarks = read(write([f"1,{unknown},0,c1", *rows]))
    assert (frame.shape, [*remarks][:1]) == ((41, 4), ["no_header"])


def test_a_first_row_of_numbers_above_numbers_and_question_marks_is_no_header(write):
    rows = [f"{'spot' if n % 2 else 'canker'},{n % 3},{'?' if n % 3 else n % 2}" for n in range(40)]
    assert read(write(["spot,1,0", *rows]))[0].shape == (41, 3)


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("patient,patient,blood", "age,sex,iron"),
        (",patient,blood", "name,age,iron"),
        ("X1,X2,X3", "AGE,SEX,PAY_0"),
        ("p,,q", "a,b,c"),
    ],
)
def test_of_two_rows_above_the_table_the_lower_names_the_columns(write, above, names):
    frame, remarks = read(write([above, names, *(f"{n},{n % 2},{n / 4}" for n in range(30))]))
    assert ([*frame.columns], len(frame)) == (names.split(","), 30)
    assert remarks["titles"].lines == (1,)


@pytest.mark.parametrize("names", ["a,a,b", "X1,X2,X3", "year,year 2,m/s"])
def test_one_row_above_the_table_names_the_columns_whatever_it_is(write, names):
    assert len(read(write([names, *(f"x{n},{n % 2},{n / 4}" for n in range(30))]))[0]) == 30


def test_a_setting_names_a_column_in_either_form_of_its_accents():
    data = DataSettings(
        source="header_decomposed_accents.csv", target=unicodedata.normalize("NFD", "reçu")
    )
    assert open_source(data, CASES).table.columns.target == "reçu"


def test_columns_without_names_or_values_at_the_end_are_not_read(write):
    rows = [f"{line};;" for line in NUMBERS]
    frame, _ = read(write(["a;b;c;;", *rows]))
    assert [*frame.columns] == ["a", "b", "c"]
    frame, _ = read(write(["a;b;c", *rows]))
    assert [*frame.columns] == ["a", "b", "c"]
    frame, _ = read(write(["a;b;c;", *NUMBERS]))
    assert [*frame.columns] == ["a", "b", "c"]


def test_a_value_far_below_in_a_column_without_a_name_is_never_dropped(write):
    rows = [f"{n};{n % 7};x;" for n in range(900)]
    frame, remarks = read(write(["a;b;c;", *rows, "1;2;x;9"]))
    assert ([*frame.columns], remarks["nameless"].times) == (["a", "b", "c", "column 4"], 1)
    with pytest.raises(ApprentiError) as caught:
        read(write(["a;b;c", *rows, "1;2;x;9"]))
    assert (caught.value.key, caught.value.values["row"]) == ("ragged", 902)


# ---- Below and between


@pytest.mark.parametrize(
    ("below", "what"),
    [
        (["Source: INSEE"], "notes"),
        (["", "Source : INSEE;;"], "notes"),
        (["", "Lecture : 3; et plus", "(*) estimé"], "notes"),
        (["Champ : France entière;;", "Source : INSEE;;"], "notes"),
        (["Total;;123"], "totals"),
        (["", "TOTAL :;435;12"], "totals"),
        (["Ensemble;;"], "notes"),
        ([";;", ";;"], None),
    ],
)
def test_what_stands_below_is_skipped_and_told(write, below, what):
    frame, remarks = read(write([*TABLE, *below]))
    assert frame["âge"].tolist() == [*range(30)]
    assert [*remarks] == ([what] if what else [])


def test_files_put_one_below_the_other_are_one_table(write):
    lines = [f"\ufeff{TABLE[0]}", *NUMBERS, f"\ufeff{TABLE[0]}", *NUMBERS]
    frame, remarks = read(write(lines))
    assert frame["âge"].tolist() == [*range(30)] * 2
    assert remarks["headers"].lines == (32,)


def test_a_total_that_may_be_a_row_is_kept_and_told(write):
    frame, remarks = read(write([*TABLE, "Total;12;oui"]))
    assert (len(frame), remarks["kept_totals"].lines) == (31, (32,))


def test_rows_to_predict_are_all_kept(write):
    path = write([*TABLE, "Total;;123", "Paris;;", ";;"])
    assert len(find_out(path, Asked(whole=True)).dialect.skip_lines) == 0
    assert len(read(path, whole=True)[0]) == 33
    assert len(read(path)[0]) == 30


def test_comments_and_headers_among_the_rows_are_skipped(write):
    lines = [*TABLE[:9], "# relevé en mars", *TABLE[9:20], TABLE[0], *TABLE[20:]]
    frame, remarks = read(write(lines))
    assert frame["âge"].tolist() == [*range(30)]
    assert (remarks["comments"].lines, remarks["headers"].lines) == ((10,), (22,))


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        ([*TABLE, "31;2"], 32),
        ([*TABLE[:5], "1;2;3;4", *TABLE[5:]], 6),
        (["a;b;c", '1;"x\ny";3', "1;2"], 4),
        (["a;b", *NUMBERS], 2),
    ],
)
def test_a_ragged_row_is_refused_with_its_line(write, lines, row):
    with pytest.raises(ApprentiError) as caught:
        find_out(write(lines))
    assert (caught.value.key, caught.value.values["row"]) == ("ragged", row)


def test_lines_within_quotation_marks_are_one_cell_however_they_look(write):
    frame, remarks = read(write(["id;mot", *(f'{n};"un\ndeux; {n}"' for n in range(9))]))
    assert (len(frame), frame["mot"][3], remarks) == (9, "un\ndeux; 3", {})


def test_a_long_file_is_gone_through_to_its_end(write):
    rows = [f"{n};{n};oui" for n in range(300_000)]
    assert find_out(write(["a;b;c", *rows])).dialect.regular
    with pytest.raises(ApprentiError) as caught:
        find_out(write(["a;b;c", *rows, "1;2", *rows[:9]]))
    assert caught.value.values["row"] == 300_002


def test_old_lines_are_read_as_their_bytes_mean(write, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("é;b\nà;1\nö;2\n".encode() + "Zoé;3\n".encode("cp1252"))
    frame, remarks = read(path)
    assert frame["é"].tolist() == ["à", "ö", "Zoé"]
    assert (remarks["mixed_encoding"].lines, remarks["mixed_encoding"].example) == ((4,), "Zoé;3")


# ---- What it is packed in


@pytest.mark.parametrize("name", ["t.csv.gz", "t.gz", "t", "t.dat"])
def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress("\n".join(TABLE).encode()))
    assert files.is_table(path)
    assert len(read(path)[0]) == 30


def test_a_packed_file_cut_short_is_told(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("\n".join(TABLE).encode())[:60])
    with pytest.raises(ApprentiError) as caught:
        read(path)
    assert caught.value.key == "damaged_packing"
