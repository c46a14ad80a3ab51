"""What is fitted on the training rows: plain data, which does what scikit-learn would do."""

import json

import numpy as np
import pandas as pd
import pytest

from apprenti.backends.common import (
    columns,
    image_files,
    impute_scale_encode,
    impute_scale_encode_short,
    pixels,
    tfidf,
    tokens,
)
from apprenti.backends.common.settings import Config

CONFIG = Config()
EVERY = np.arange(1000)


def stored(preparation):
    """Return a preparation as whoever opens model.json finds it."""
    return json.loads(json.dumps(preparation, ensure_ascii=False, allow_nan=False))


# Pixels and columns


def test_pixels_are_scaled_by_the_largest_of_the_training_rows():
    inputs = np.array([[0, 51, 255], [0, 0, 102]], dtype=np.uint8)
    known = pixels.fit_preparation(inputs, np.array([0]), CONFIG)
    prepared = pixels.prepare(inputs, np.array([0, 1]), known, CONFIG)
    assert prepared.tolist() == np.float32([[0, 0.2, 1], [0, 0, 0.4]]).tolist()
    assert prepared.dtype == np.float32


def test_black_images_are_left_as_they_are():
    black = np.zeros((3, 2, 2))
    known = pixels.fit_preparation(black, EVERY[:3], CONFIG)
    assert pixels.prepare(black, EVERY[:3], known, CONFIG).tolist() == black.tolist()


def test_columns_get_mean_0_and_deviation_1_whatever_their_size():
    inputs = np.random.default_rng(0).normal([0, 1e6], [1e-3, 10], (1000, 2))
    known = columns.fit_preparation(inputs, EVERY, CONFIG)
    prepared = columns.prepare(inputs, EVERY, known, CONFIG)
    assert prepared.dtype == np.float32
    assert np.abs(prepared.mean(axis=0)).max() < 1e-3
    assert np.abs(prepared.std(axis=0) - 1).max() < 1e-3


def test_a_constant_column_becomes_0_and_not_infinite():
    inputs = np.full((10, 1), 7.0)
    known = columns.fit_preparation(inputs, EVERY[:10], CONFIG)
    assert columns.prepare(inputs, EVERY[:10], known, CONFIG).tolist() == [[0.0]] * 10


# Tables: gaps, numbers, categories


def test_the_short_form_prepares_every_kind_of_column_to_the_same_numbers():
    random, rows = np.random.default_rng(0), 400
    gaps = random.random(rows) < 0.2
    table = pd.DataFrame(
        {
            "single": np.where(gaps, np.nan, random.normal(size=rows)).astype(np.float32),
            "whole": pd.array(np.where(gaps, None, random.integers(9, size=rows)), "Int64"),
            "text": random.choice(["du bon pain", "du vin !", ""], rows),
            "constant": 3,
            "town": np.where(gaps, None, random.choice(["Nice", "Lyon"], rows)),
            "rare": np.where(np.arange(rows) % 150 == 0, "seldom", "often"),
            "known": random.random(rows) < 0.5,
            "late": np.where(np.arange(rows) < 300, np.nan, 1.0),
            "day": pd.Categorical(random.choice(["mon", "tue"], rows)),
        }
    )
    train, valid = np.arange(250), np.arange(260, 390)
    for config in (Config(texts=("text",)), Config(texts=("text",), word_dropout=0.1), Config()):
        known = impute_scale_encode.fit_preparation(table, train, config)
        long = [impute_scale_encode.prepare(table, p, known, config) for p in (train, valid)]
        *short, sizes = impute_scale_encode_short.prepare_both(table, train, valid, config)
        for one, other in zip(long, short, strict=True):
            assert one.dtype == other.dtype
            assert one.tobytes() == np.ascontiguousarray(other).tobytes()
        words = [len(text["words"]) for text in known.get("texts", {}).values()]
        assert sizes == (words if config.word_dropout else None)


def random_table(seed, rows=400):
    """Return a table with every kind of column, and rows of kinds that come late."""
    random = np.random.default_rng(seed)

    def with_gaps(values, share):
        column = pd.Series(values, dtype=None if share else getattr(values, "dtype", None))
        return column.mask(random.random(rows) < share) if share else column

    letters = np.array(list("abcdé 🎈"), object)
    frequent = random.choice(letters, rows, p=[0.4, 0.3, 0.2, 0.09, 0.004, 0.004, 0.002])
    frequent[[10, 200]] = "rare"
    late = np.where(np.arange(rows) < 300, "known", "never seen before")
    table = {
        "real": random.normal(50, 9, rows),
        "real, gaps": with_gaps(random.normal(-3, 1e-4, rows), 0.2),
        "whole": random.integers(-4, 9, rows),
        "whole, gaps": with_gaps(random.integers(0, 1000, rows), 0.05),
        "whole, gaps of its own": pd.array(with_gaps(random.integers(9, size=rows), 0.1), "Int64"),
        "constant": np.full(rows, 7.5),
        "constant, gaps": with_gaps(np.full(rows, 3.0), 0.5),
        "empty": np.full(rows, np.nan),
        "truth": random.random(rows) < 0.3,
        "truth, gaps": with_gaps((random.random(rows) < 0.5).astype(object), 0.1),
        "letters": frequent,
        "letters, gaps": with_gaps(random.choice(letters, rows), 0.1),
        "one word": np.full(rows, "x", object),
        "late": late,
        "no word": np.full(rows, None, object),
    }
    return pd.DataFrame(table).sample(frac=1, axis=1, random_state=seed)


def as_scikit_learn_would(inputs, train):
    """Return the columns of the pipeline that is usual for a table."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    named = OneHotEncoder(min_frequency=0.01, handle_unknown="infrequent_if_exist")
    numbers = list(inputs.select_dtypes("number"))
    words = [name for name in inputs if name not in numbers]
    plain = inputs[numbers].astype(float)
    for name in words:
        # It tells True from "True" and needs one kind of word a column; None and NaN are gaps
        text = inputs[name].astype(str).astype(object)
        plain[name] = text.where(inputs[name].notna(), None)
    both = make_column_transformer((scaled, numbers), (named, words), sparse_threshold=0)
    return both.fit(plain.iloc[train]).transform(plain)


@pytest.mark.filterwarnings("ignore:Skipping features without any observed values")
@pytest.mark.filterwarnings("ignore:Found unknown categories")
@pytest.mark.parametrize("seed", range(8))
def test_a_table_is_prepared_as_scikit_learn_would_prepare_it(seed):
    inputs = random_table(seed)
    train = np.random.default_rng(seed).permutation(300)[:250]
    known = impute_scale_encode.fit_preparation(inputs, train, CONFIG)
    ours = impute_scale_encode.prepare(inputs, np.arange(400), known, CONFIG)
    theirs = as_scikit_learn_would(inputs, train)
    assert ours.dtype == np.float32
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-5
    # The table has what is compared: rare words, gaps, words that no training row has
    assert known["categories"]["letters"]["rare"]
    assert known["gaps"].keys() >= {"real, gaps", "whole, gaps of its own", "empty"}
    assert "never seen before" not in known["categories"]["late"]["frequent"]


def test_a_table_of_numbers_or_of_words_alone_is_prepared():
    for chosen in (["real", "whole"], ["letters", "truth"]):
        inputs = random_table(0)[chosen]
        known = impute_scale_encode.fit_preparation(inputs, EVERY[:300], CONFIG)
        ours = impute_scale_encode.prepare(inputs, EVERY[:400], known, CONFIG)
        assert np.abs(ours - as_scikit_learn_would(inputs, EVERY[:300])).max() < 1e-5


def test_a_gap_where_the_training_rows_had_none_gets_the_median():
    inputs = pd.DataFrame({"n": [1.0, 2.0, 6.0, np.nan], "word": ["a", "b", "a", None]})
    known = impute_scale_encode.fit_preparation(inputs, np.arange(3), CONFIG)
    prepared = impute_scale_encode.prepare(inputs, np.arange(4), known, CONFIG)
    assert prepared[3, 0] == prepared[1, 0]
    # A word that no training row has, and none of them rare: no column is 1
    assert prepared[3, 1:].tolist() == [0, 0]


def test_columns_of_new_rows_may_stand_in_another_order():
    inputs = random_table(1)
    known = impute_scale_encode.fit_preparation(inputs, EVERY[:300], CONFIG)
    usual = impute_scale_encode.prepare(inputs, EVERY[:400], known, CONFIG)
    turned = inputs[inputs.columns[::-1]]
    assert np.array_equal(impute_scale_encode.prepare(turned, EVERY[:400], known, CONFIG), usual)


# Texts

SIGNS = (
    *("été", "Été", "ÊTRE", "l'été;", "don't", "stop_it", "😊😊", "x2", "—", "«ok»!", "?"),
    *("Straße", "İstanbul", "ﬁn", "日本"),
)


def random_texts(seed, count=120):
    random = np.random.default_rng(seed)
    words = [*SIGNS, *"abcdefgh"]
    texts = [" ".join(random.choice(words, random.integers(0, 30))) for _ in range(count)]
    return np.array([*texts, "", "\n\t", "nothing known"], object)


@pytest.mark.parametrize("vocabulary", [1, 7, 20, 5000])
@pytest.mark.parametrize("seed", range(3))
def test_words_are_weighed_as_scikit_learn_would_weigh_them(seed, vocabulary):
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, train = random_texts(seed), np.random.default_rng(seed).permutation(123)[:80]
    config = Config(vocabulary=vocabulary)
    theirs = TfidfVectorizer(
        max_features=vocabulary,
        token_pattern=r"\w+|[^\w\s]",
        sublinear_tf=True,
        dtype=np.float32,
    ).fit(texts[train])
    known = tfidf.fit_preparation(texts, train, config)
    assert known["words"] == theirs.get_feature_names_out().tolist()
    ours = tfidf.prepare(texts, np.arange(123), known, config)
    assert ours.dtype == np.float32
    assert np.abs(ours - theirs.transform(texts).toarray()).max() < 1e-6
    assert ours.any()


def test_texts_beside_other_columns_become_what_they_are_alone():
    texts = random_texts(1)
    table = random_table(1)[: len(texts)]
    beside = table.assign(avis=texts)
    beside.loc[beside.index[:3], "avis"] = None
    texts[:3] = ""
    config, every = CONFIG._replace(texts=("avis",)), np.arange(len(table))
    known = impute_scale_encode.fit_preparation(beside, every[:50], config)
    others = impute_scale_encode.fit_preparation(table, every[:50], CONFIG)
    words = tfidf.fit_preparation(texts, every[:50], CONFIG)
    assert known == {**others, "texts": {"avis": words}} == stored(known)
    made = impute_scale_encode.prepare(beside, every, stored(known), config)
    expected = [
        impute_scale_encode.prepare(table, every, others, CONFIG),
        tfidf.prepare(texts, every, words, CONFIG),
    ]
    assert np.array_equal(made, np.hstack(expected)) and made.dtype == np.float32


# All of them


def prepared_twice(block, inputs, train, config=CONFIG):
    """Return what a block prepares with what it fitted, and with that read back from JSON."""
    known = block.fit_preparation(inputs, train, config)
    some = np.arange(len(inputs))
    return known, [block.prepare(inputs, some, one, config) for one in (known, stored(known))]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("block", "make"),
    [
        (pixels, lambda seed: np.random.default_rng(seed).random((90, 4, 4, 3))),
        (pixels, lambda seed: np.random.default_rng(seed).integers(0, 256, (90, 4, 4))),
        (columns, lambda seed: np.random.default_rng(seed).normal(7, 1e-9, (90, 5))),
        (impute_scale_encode, random_table),
        (tfidf, random_texts),
        (tokens, random_texts),
    ],
    ids=lambda value: getattr(value, "__name__", "").rpartition(".")[2],
)
def test_what_is_fitted_does_the_same_after_it_was_kept_as_json(block, make, seed):
    inputs = make(seed)
    known, (usual, again) = prepared_twice(block, inputs, np.arange(40, 80))
    assert stored(known) == known
    assert np.array_equal(usual, again)
    assert usual.dtype in (np.float32, np.int32)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("block", "make"),
    [
        (pixels, lambda seed: np.random.default_rng(seed).random((90, 4))),
        (columns, lambda seed: np.random.default_rng(seed).normal(size=(90, 4))),
        (impute_scale_encode, lambda seed: random_table(seed)),
        (tfidf, random_texts),
        (tokens, random_texts),
    ],
)
def test_only_training_rows_decide(block, make, seed):
    inputs, train = make(seed), np.arange(40, 80)
    known = block.fit_preparation(inputs, train, CONFIG)
    others = np.setdiff1d(np.arange(len(inputs)), train)
    if isinstance(inputs, pd.DataFrame):
        changed = inputs.copy()
        changed.iloc[others] = inputs.iloc[np.roll(others, 7)].to_numpy()
        changed = changed.astype(inputs.dtypes)
    else:
        changed = inputs.copy()
        changed[others] = inputs[others][::-1] * (1 if inputs.dtype == object else 50)
    assert block.fit_preparation(changed, train, CONFIG) == known
    # A training row does decide
    fewer = block.fit_preparation(inputs, train[:5], CONFIG)
    assert fewer != known


def test_images_in_files_need_no_fitting():
    known = image_files.fit_preparation(np.array(["a.png"]), np.array([0]), CONFIG)
    assert stored(known) == known == {"scale": 255.0}


def test_all_preparations_have_the_same_functions():
    every = (pixels, columns, impute_scale_encode, tfidf, tokens, image_files)
    for name in ("fit_preparation", "prepare"):
        parameters = {tuple(getattr(block, name).__annotations__) for block in every}
        assert len(parameters) == 1, name
