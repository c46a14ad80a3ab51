"""apprenti.toml is read into settings; what is wrong in it is told with its line."""

import math

import pytest

from apprenti import language, project
from apprenti.errors import ApprentiError
from apprenti.project import Choices, changed, full_name, limits, load, parse_override

DATA = '[data]\nsource = "digits"\n'


@pytest.fixture
def write(tmp_path):
    """write(text): a folder with that apprenti.toml."""

    def make(text, encoding="utf-8"):
        (tmp_path / "apprenti.toml").write_bytes(text.encode(encoding))
        return tmp_path

    return make


def refusal(call, *arguments):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments)
    what, _, todo = caught.value.parts()
    assert what and todo
    return caught.value


# ---- What is right


def test_one_line_is_a_project(write, tmp_path):
    made = load(write(DATA))
    assert made.folder == tmp_path
    assert made.runs_folder == tmp_path / "runs"
    assert made.choices == Choices.model_validate({"data": {"source": "digits"}})


def test_the_defaults_are_those_of_the_guide(write):
    choices = load(write(DATA)).choices
    assert (choices.model.kind, choices.model.hidden_units) == ("mlp", (128,))
    train = choices.train
    assert (train.framework, train.epochs, train.batch_size) == ("pytorch", 5, 32)
    assert (train.learning_rate, train.optimizer, train.seed) == (0.001, "adam", 0)


def test_what_the_file_says_counts_and_the_command_line_counts_more(write):
    folder = write(DATA + "split = { valid = 0.2, seed = 7 }\n[train]\nepochs = 9\nseed = 3\n")
    choices = load(folder, {"train.epochs": 2, "data.split.valid": 10}).choices
    assert (choices.train.epochs, choices.train.seed) == (2, 3)
    assert (choices.data.split.valid, choices.data.split.seed) == (10, 7)


def test_a_split_may_have_a_section_of_its_own(write):
    assert load(write(DATA + "[data.split]\nvalid = 0.3\n")).choices.data.split.valid == 0.3


def test_a_byte_order_mark_is_accepted(write):
    assert load(write(DATA, "utf-8-sig")).choices.data.source == "digits"


def test_lines_may_end_as_on_windows(write):
    assert load(write(DATA.replace("\n", "\r\n"))).choices.data.source == "digits"


def test_a_whole_number_will_do_for_a_learning_rate(write):
    assert load(write(DATA + "[train]\nlearning_rate = 1\n")).choices.train.learning_rate == 1.0


def test_settings_are_frozen(write):
    with pytest.raises(ValueError, match="frozen"):
        load(write(DATA)).choices.train.epochs = 3


# ---- What is wrong


def test_a_missing_file_is_told_with_its_folder(tmp_path):
    error = refusal(load, tmp_path)
    assert (error.key, error.values["folder"]) == ("no_project", tmp_path)


def test_a_folder_named_apprenti_toml_is_told(tmp_path):
    (tmp_path / "apprenti.toml").mkdir()
    assert refusal(load, tmp_path).key == "unreadable_file"


def test_a_file_in_another_encoding_is_told(write):
    assert refusal(load, write(DATA + "# été\n", "latin-1")).key == "unreadable_file"


@pytest.mark.parametrize(
    "text",
    [
        "[data\n",
        "source : digits\n",
        "[data]\nsource = digits\n",
        DATA + DATA,
        "\0",
        "a = " + "[" * 9999,
        DATA + "[train]\nepochs = " + "9" * 5000 + "\n",
    ],
    ids=range(7),
)
def test_a_file_that_is_not_toml_is_told(write, text):
    assert refusal(load, write(text)).key == "not_toml"


@pytest.mark.parametrize(
    ("text", "key", "nearest", "place"),
    [
        (DATA + "\n[train]\n# epochs\nepoch = 3\n", "train.epoch", "epochs", 6),
        (DATA + "[model]\nhiden_units = [3]\n", "model.hiden_units", "hidden_units", 4),
        (DATA + "split = { train = 0.7, vaild = 0.1 }\n", "data.split.vaild", "valid", 3),
        (DATA + "[data.split]\nsede = 1\n", "data.split.sede", "seed", 4),
        (DATA + "[trian]\nepochs = 3\n", "trian", "train", 3),
        (DATA + "[[modle]]\n", "modle", "model", None),
        ("epochs = 3\n" + DATA, "epochs", "answers, data, goal, model, train", 1),
        (DATA + "train.epochs = 3\n", "data.train", None, 3),
        (DATA + "[train]\n[train.deep]\n", "train.deep", None, 4),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_and_its_line(write, text, key, nearest, place):
    error = refusal(load, write(text))
    assert (error.key, error.values["key"]) == ("unknown_setting", key)
    assert error.values["place"] == (f"apprenti.toml:{place}" if place else "apprenti.toml")
    if nearest:
        assert error.values["nearest"] == nearest


WRONG = {
    "train.epochs": ["'3'", "true", "3.0", "-3", "0", "nan", "9" * 30, "[3]", "1979-05-27", "{}"],
    "train.batch_size": ["0", "1e3", "'32'", "10_000_000"],
    "train.learning_rate": ["'0.1'", "true", "0", "-0.1", "nan", "inf", "1e9", "[]"],
    "train.seed": ["-1", "4294967296", "1.0", "false"],
    "train.threads": ["0", "2000"],
    "train.iterations": ["0", "2.5"],
    "train.optimizer": ["'adm'", "1", "'Adam'"],
    "train.framework": ["'torch'", "['pytorch']"],
    "model.kind": ["'mpl'", "''"],
    "model.hidden_units": ["64.0", "'64'", "[0]", "[-1]", "[64.0]", "['64']", "[true]", "[[64]]"],
    "data.source": ["''", "3", "['digits']"],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_told_with_its_line_and_what_is_allowed(write, key, value):
    section, name = key.split(".")
    head = "[data]\n\n" if section == "data" else DATA + f"[{section}]\n\n"
    error = refusal(load, write(f"{head}# A comment on {name} = 1\n{name} = {value}\n"))
    assert (error.key, error.values["key"]) == ("wrong_value", key)
    assert error.values["place"] == f"apprenti.toml:{head.count(chr(10)) + 2}"
    field = next(setting.field for setting in project.settings() if setting.key == key)
    assert error.values["allowed"] == limits(field)


@pytest.mark.parametrize(
    "value",
    [
        "valid=0",
        "valid=1.0",
        "valid='a'",
        "valid=true",
        "valid=nan",
        "valid=-0.1",
        "test=1.0",
        "test=-1",
        "train=1.5",
        "train='0.7'",
        "seed=-1",
        "seed=0.5",
    ],
)
def test_a_wrong_split_is_told_with_its_line(write, value):
    name = value.split("=")[0]
    for text in (f"split = {{ {value} }}\n", f"[data.split]\n{value}\n"):
        error = refusal(load, write(DATA + text))
        assert (error.key, error.values["key"]) == ("wrong_value", f"data.split.{name}")
        assert error.values["place"] == f"apprenti.toml:{2 + text.count(chr(10))}"


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        (DATA + "split = 3\n", "data.split", 3),
        (DATA + "split = '70/15/15'\n", "data.split", 3),
        ("data = 3\n", "data", 1),
        ("data = []\n", "data", 1),
        (DATA + "[[train]]\nepochs = 3\n", "train", None),
    ],
)
def test_a_value_in_the_place_of_a_section_is_told(write, text, key, line):
    error = refusal(load, write(text))
    assert (error.key, error.values["key"]) == ("wrong_value", key)
    assert error.values["place"] == (f"apprenti.toml:{line}" if line else "apprenti.toml")
    assert error.values["allowed"] == f"[{key}]"


@pytest.mark.parametrize(
    ("text", "key"), [("", "data"), ("[data]\n", "data.source"), ("[train]\n", "data")]
)
def test_a_missing_setting_is_told(write, text, key):
    error = refusal(load, write(text))
    assert (error.key, error.values["key"]) == ("setting_missing", key)


def test_the_line_of_one_setting_is_not_that_of_another_of_the_same_name(write):
    head = DATA + "split = { seed = 3 }\n[train]\nbatch_size = 8\n"
    assert refusal(load, write(head + "seed = -1\n")).values["place"] == "apprenti.toml:6"


def test_a_name_between_quotes_has_a_line_too(write):
    error = refusal(load, write(DATA + '[train]\n"epochs" = 0\n'))
    assert error.values["place"] == "apprenti.toml:4"


# ---- The command line


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("epochs=10", ("train.epochs", 10)),
        ("train.epochs = 10", ("train.epochs", 10)),
        ("learning_rate=1e-4", ("train.learning_rate", 1e-4)),
        ("optimizer=sgd", ("train.optimizer", "sgd")),
        ('optimizer="sgd"', ("train.optimizer", "sgd")),
        ("hidden_units=[64, 32]", ("model.hidden_units", [64, 32])),
        ("hidden_units=64,32", ("model.hidden_units", [64, 32])),
        ("hidden_units=64", ("model.hidden_units", [64])),
        ("hidden_units=[]", ("model.hidden_units", [])),
        ("ignore=alive,deck", ("data.ignore", ["alive", "deck"])),
        ('ignore="alive, deck"', ("data.ignore", ["alive, deck"])),
        ('ignore="a, b", c,"d"', ("data.ignore", ["a, b", "c", "d"])),
        ("ignore=l'âge,2020", ("data.ignore", ["l'âge", "2020"])),
        ("missing=-999", ("data.missing", ["-999"])),
        ("target=2020", ("data.target", "2020")),
        ("target=prix, HT", ("data.target", "prix, HT")),
        ("image_size=32,24", ("data.image_size", [32, 24])),
        ("seed=3", ("train.seed", 3)),
        ("split.seed=3", ("data.split.seed", 3)),
        ("valid=0.2", ("data.split.valid", 0.2)),
        ("source=my file=2.npz", ("data.source", "my file=2.npz")),
        ("epochs=", ("train.epochs", "")),
    ],
)
def test_an_assignment_is_read_as_in_the_file_and_a_bare_word_is_a_text(assignment, expected):
    assert parse_override(assignment) == expected


@pytest.mark.parametrize("text", ["epochs", "", "epochs 10", "epochs:10"])
def test_what_is_not_an_assignment_is_told(text):
    error = refusal(parse_override, text)
    assert (error.key, error.values["text"]) == ("not_an_assignment", text)


def test_a_single_value_is_a_list_of_one_wherever_it_is_given(write):
    project = load(write(DATA + "[model]\nhidden_units = 64\n"))
    assert project.choices.model.hidden_units == (64,)
    assert changed(project, {"model.hidden_units": 32}).choices.model.hidden_units == (32,)
    assert load(project.folder, {"data.ignore": "alive"}).choices.data.ignore == ("alive",)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("epoch", "epochs"),
        ("train.epoch", "train.epochs"),
        ("hidden", "hidden_units"),
        ("Learning-Rate", "learning_rate"),
        ("gravity", ""),
    ],
)
def test_an_unknown_name_on_the_command_line_is_told_with_the_nearest(name, nearest):
    error = refusal(parse_override, f"{name}=3")
    assert (error.key, error.values["nearest"]) == ("unknown_setting", nearest)
    assert error.values["place"] == "--set"


def test_a_wrong_value_on_the_command_line_is_said_to_come_from_there(write):
    folder = write(DATA + "[train]\nepochs = 3\n")
    for value in (-1, "many", "", [3], math.nan):
        error = refusal(load, folder, {"train.epochs": value})
        assert (error.key, error.values["place"]) == ("wrong_value", "--set")


def test_the_command_line_mends_a_wrong_file_and_not_the_other_way_round(write):
    folder = write(DATA + "[train]\nepochs = 0\nseed = -1\n")
    assert refusal(load, folder, {"train.epochs": 3}).values["place"] == "apprenti.toml:5"
    assert load(folder, {"train.epochs": 3, "train.seed": 0}).choices.train.epochs == 3


# ---- One list of settings


def test_every_setting_has_a_help_in_both_languages_and_a_full_name():
    for setting in project.settings():
        for tongue in language.LANGUAGES:
            language.choose(tongue)
            assert language.say(f"settings.{setting.key}")
        assert full_name(setting.key) == setting.key


def test_limits_are_written_in_symbols():
    found = {setting.key: limits(setting.field) for setting in project.settings()}
    assert found["train.epochs"] == "1 <= whole number <= 100000"
    assert found["train.learning_rate"] == "0 < number <= 100"
    assert found["train.optimizer"] == "adam | sgd"
    assert found["model.hidden_units"] == "[1 <= whole number <= 100000, ...]"
    assert found["data.split.valid"] == "1 <= whole number | 0 < number < 1"
    assert found["data.source"] == "text"


def test_the_words_of_limits_are_those_of_the_language():
    language.choose("fr")
    found = {setting.key: limits(setting.field) for setting in project.settings()}
    assert found["train.epochs"] == "1 <= nombre entier <= 100000"


@pytest.mark.parametrize(
    "written",
    [
        "epochs=5\nfoo=1",
        "epochs=5]\nx = [1",
        "epochs=1, 2",
        f"epochs={'9' * 5000}",
        f"hidden_units={'[' * 10_000}",
        f"epochs=0x{'f' * 5000}",
    ],
    ids=["line", "bracket", "two", "digits", "deep", "hexadecimal"],
)
def test_an_assignment_is_one_value_or_a_text(written, tmp_path):
    name, value = parse_override(written)
    assert isinstance(value, str)
    (tmp_path / "apprenti.toml").write_text('[data]\nsource = "digits"\n')
    assert refusal(load, tmp_path, {name: value}).key == "wrong_value"


def test_a_list_of_targets_is_refused_by_their_names():
    content = {"data": {"source": "x.csv", "target": ["price", "my size"]}}
    with pytest.raises(ApprentiError) as caught:
        project.check(content)
    assert caught.value.key == "several_targets"
    assert "price, my size" in caught.value.parts()[0]
