"""The public sets beside their reference figures: tried on look-alikes, written as those are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "reference_figures.py"
ROWS = 300

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="benchmarks: Linux and macOS")


class Drawn:
    """Columns that say something, more or less, of what is to be predicted."""

    def __init__(self):
        self.random = np.random.default_rng(0)
        self.signal = self.random.normal(size=ROWS)
        self.yes = self.signal + 0.3 * self.random.normal(size=ROWS) > 0.5

    def numbers(self, middle, width):
        noisy = self.signal + 0.5 * self.random.normal(size=ROWS)
        return np.round(middle + width * noisy, 2)

    def whole(self, low, high):
        return self.random.integers(low, high, ROWS)

    def words(self, *words):
        return self.random.choice(words, ROWS)

    def codes(self, count):
        return [self.words("A11", "A12", "A13") for _ in range(count)]

    def answer(self, yes, no):
        return np.where(self.yes, yes, no)

    def texts(self, good, bad):
        ends = self.words("again", "today", "at home", "tonight")
        pairs = zip(self.answer(good, bad), ends, strict=True)
        return [f"{text} {end} {row}" for row, (text, end) in enumerate(pairs)]


def wine(drawn):
    columns = [drawn.numbers(10, 1), drawn.numbers(0.3, 0.1), drawn.numbers(100, 9)]
    quality = np.clip(np.round(6 + drawn.signal), 3, 9).astype(int)
    rows = [*zip(*columns, quality, strict=True)]
    return '"alcohol";"sulphates";"sulfur dioxide";"quality"', ";", rows + rows[:60]


def spam(drawn):
    texts = drawn.texts('FREE prize! "claim now, call 0900', "Ok lar, see you")
    return None, "\t", zip(drawn.answer("spam", "ham"), texts, strict=True)


def adult(drawn):
    numbers = [drawn.numbers(40, 9), drawn.whole(2000, 9000), drawn.whole(1, 16)]
    words = [drawn.words("Private", "?", "State-gov") for _ in range(11)]
    return None, ", ", zip(*numbers, *words, drawn.answer(">50K", "<=50K"), strict=True)


def credit(drawn):
    columns = [range(1, ROWS + 1), drawn.numbers(200_000, 50_000), drawn.answer(1, 0)]
    return "ID,LIMIT_BAL,default payment next month", ",", zip(*columns, strict=True)


def churn(drawn):
    names = [f"{row:04d}-QWERT" for row in range(ROWS)]
    total = [" " if row % 97 == 0 else cell for row, cell in enumerate(drawn.numbers(2000, 500))]
    columns = [names, drawn.whole(0, 2), drawn.numbers(60, 10), total, drawn.answer("Yes", "No")]
    header = "customerID,SeniorCitizen,MonthlyCharges,TotalCharges,Churn"
    return header, ",", zip(*columns, strict=True)


def california(drawn):
    sea = drawn.words("INLAND", "NEAR BAY")
    columns = [drawn.numbers(-119, 1), drawn.numbers(4, 1), sea, drawn.numbers(200_000, 90_000)]
    header = "longitude,median_income,ocean_proximity,median_house_value"
    return header, ",", zip(*columns, strict=True)


def ames(drawn):
    zones, pool = drawn.words("RL", "RM"), drawn.words("Ex", "NA", "TA")
    columns = [range(1, ROWS + 1), zones, drawn.numbers(1500, 400), pool]
    rows = zip(*columns, drawn.numbers(180_000, 60_000), strict=True)
    return "Order,MS Zoning,Gr Liv Area,Pool QC,SalePrice", ",", rows


def soybean(drawn):
    codes = [drawn.words("0", "1", "?") for _ in range(4)]
    classes = drawn.answer("brown-spot", "frog-eye-leaf-spot")
    return None, ",", zip(classes, drawn.answer(1, 0), *codes, strict=True)


def votes(drawn):
    others = [drawn.words("y", "n", "?") for _ in range(4)]
    parties = drawn.answer("republican", "democrat")
    return None, ",", zip(parties, drawn.answer("n", "y"), *others, strict=True)


def german(drawn):
    numbers = [drawn.whole(4, 60), drawn.whole(250, 9000), drawn.whole(19, 70)]
    columns = [*drawn.codes(16), *numbers, drawn.answer("A65", "A61"), drawn.answer(2, 1)]
    return None, " ", zip(*columns, strict=True)


def blood(drawn):
    columns = [drawn.whole(0, 40), drawn.whole(1, 30), drawn.whole(2, 90), drawn.answer(1, 0)]
    header = 'Recency (months),Frequency (times),Time (months),"{}"'
    donated = "whether he/she donated blood in March 2007"
    return header.format(donated), ",", zip(*columns, strict=True)


def allocine(drawn):
    stars = np.clip(np.round(3 + 1.2 * drawn.signal), 1, 5)
    texts = [f'"{text}"' for text in drawn.texts("Un film magnifique, à revoir", "Raté, long")]
    return "note,critique", ",", zip(stars, texts, strict=True)


LOOK_ALIKES = {
    "wine_white": ("winequality-white.csv", wine),
    "sms_spam": ("SMSSpamCollection", spam),
    "adult": ("adult.data", adult),
    "credit_default": ("default of credit card clients.csv", credit),
    "telco_churn": ("WA_Fn-UseC_-Telco-Customer-Churn.csv", churn),
    "california": ("housing.csv", california),
    "ames": ("AmesHousing.csv", ames),
    "soybean": ("soybean-large.data", soybean),
    "house_votes": ("house-votes-84.data", votes),
    "german_credit": ("german.data", german),
    "blood_donation": ("transfusion.data", blood),
    "allocine": ("allocine.csv", allocine),
}


@pytest.fixture
def look_alike(tmp_path):
    """look_alike("adult"): the argument that names such a set and its file."""

    def write(name):
        file, draw = LOOK_ALIKES[name]
        header, sign, rows = draw(Drawn())
        lines = [sign.join(map(str, row)) for row in rows]
        text = "\n".join([*([header] if header else []), *lines])
        (tmp_path / file).write_text(f"{text}\n", encoding="utf-8")
        return f"{name}={tmp_path / file}"

    return write


def run(*arguments):
    command = [sys.executable, SCRIPT, "--rounds", "1", *arguments]
    variables = {**os.environ, "APPRENTI_LANG": "en"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env=variables
    )


QUICK = ("wine_white", "sms_spam", "blood_donation")


@pytest.mark.slow
def test_some_sets_stand_beside_their_reference_figures(look_alike, tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n" + "1,2\n3,4\n" * 30, encoding="utf-8")
    done = run("--json", f"ames={tmp_path / 'other.csv'}", *map(look_alike, QUICK))
    assert not done.returncode, done.stderr
    assert "ames is left out: There is no column named “price”" in done.stderr
    findings, *figures = json.loads(done.stdout)["figures"]
    assert (findings["findings"], findings["verdict"]) == (["D015", "D017"], "ok")
    assert [one["score"] for one in figures] == ["r2", "accuracy", "gain"]
    wine_white, sms_spam, donation = figures
    assert wine_white["reference"] == [0.47, 0.47]
    assert (sms_spam["mean"], sms_spam["verdict"]) == (1.0, "ok")
    assert abs(donation["mean"]) < 0.2


@pytest.mark.slow
def test_every_set_is_read_as_it_is_published(look_alike):
    done = run(*map(look_alike, LOOK_ALIKES))
    assert not done.returncode, done.stderr
    assert "is left out" not in done.stderr
    lines = [line.split() for line in done.stdout.splitlines()[2:]]
    assert {line[0] for line in lines} == {*LOOK_ALIKES}
    assert all(line[-1] in ("ok", "under", "over") for line in lines)
    scores = {tuple(line[:3]): float(line[3]) for line in lines if line[1] != "findings"}
    # What there is to learn is found
    learned = {key: one for key, one in scores.items() if key[1] != "trivial"}
    assert all(one > 0.4 for key, one in learned.items() if key[0] != "blood_donation")


def test_what_is_no_known_set_is_refused_with_the_names(tmp_path):
    done = run("wine_red=red.csv")
    assert done.returncode == 1
    assert "wine_white" in done.stderr
