"""Texts: what their words become, and what the two networks that read them make of it."""

import json
import sys

import numpy as np
import pytest

import fork_server
from apprenti.backends.common import text_column, tfidf, tokens
from apprenti.backends.common.settings import Config
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS, OF_TEXTS
from apprenti.train.plan import plan

TEXTS = np.array(["Un bon été", "un bon, bon hôtel !", "", "Quiet room 😊", "noisy"], object)
TRAIN, OTHERS = np.array([0, 1, 2]), np.array([3, 4])


CONFIG = Config()


# ---- Words become numbers


def test_the_known_words_are_those_of_the_training_rows_the_most_frequent_first():
    found = tokens.fit_preparation(TEXTS, TRAIN, CONFIG)
    assert found == {"words": ["bon", "un", "été", ",", "hôtel", "!"], "length": 6}
    changed = TEXTS.copy()
    changed[OTHERS] = "bon bon bon bon and a text of so many words more than there are elsewhere"
    assert tokens.fit_preparation(changed, TRAIN, CONFIG) == found


def test_a_word_that_is_not_known_and_an_empty_text_are_1_and_what_is_left_is_0():
    found = tokens.fit_preparation(TEXTS, TRAIN, CONFIG)
    rows = tokens.prepare(TEXTS, np.arange(5), found, CONFIG)
    assert rows.dtype == np.int32
    assert rows.tolist() == [
        [3, 2, 4, 0, 0, 0],
        [3, 2, 5, 2, 6, 7],
        [1, 0, 0, 0, 0, 0],
        [1, 1, 1, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
    ]


def test_texts_are_cut_and_words_are_counted_as_the_settings_say():
    config = Config(max_tokens=2, vocabulary=1)
    found = tokens.fit_preparation(TEXTS, TRAIN, config)
    assert found == {"words": ["un"], "length": 2}
    assert tokens.prepare(TEXTS, np.array([1, 3]), found, config).tolist() == [[2, 1], [1, 1]]


def test_a_text_longer_than_those_of_the_training_is_cut():
    found = tokens.fit_preparation(TEXTS, np.array([0]), CONFIG)
    assert tokens.prepare(TEXTS, np.array([1]), found, CONFIG).tolist() == [[2, 3, 1]]


def test_training_texts_that_are_all_empty_still_have_a_shape():
    found = tokens.fit_preparation(TEXTS, np.array([2]), CONFIG)
    assert tokens.prepare(TEXTS, np.arange(5), found, CONFIG).shape == (5, 1)


def test_tf_idf_knows_the_words_of_the_training_rows_only():
    found = tfidf.fit_preparation(TEXTS, TRAIN, CONFIG)
    assert found["words"] == ["!", ",", "bon", "hôtel", "un", "été"]
    rows = tfidf.prepare(TEXTS, np.arange(5), found, CONFIG)
    assert (rows.dtype, rows.shape) == (np.float32, (5, 6))
    assert rows[:2].sum(axis=1).min() > 0 and not rows[2:].any()
    assert len(tfidf.fit_preparation(TEXTS, TRAIN, Config(vocabulary=2))["words"]) == 2


def test_a_table_gives_its_texts_as_they_stand_in_it(texts_csv):
    config = Config(target="opinion", text="comment", split_by="opinion")
    texts = text_column.read(texts_csv, config)[0]
    assert len(texts) == 200
    assert list(texts[3:5]) == ["", ""]
    together = " ".join(texts)
    assert all(sign in together for sign in ("été", "😊", '"catastrophe"', "« suite »", "\n"))
    inputs, labels, _ = text_column.read(texts_csv, config._replace(labelled=False))
    assert (labels, list(inputs)) == (None, list(texts))


def test_an_accent_written_as_two_signs_is_the_accent_written_as_one(tmp_path):
    rows = "text,target\n" + "\u00e9t\u00e9,a\ne\u0301te\u0301,b\n" * 10
    (tmp_path / "data.csv").write_text(rows, encoding="utf-8")
    assert set(text_column.read(tmp_path / "data.csv", Config())[0]) == {"\u00e9t\u00e9"}


# ---- The networks


# Each framework in a process of its own; both are given the same weights. What it says is JSON
BUILD = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.settings import Config
framework = sys.argv[1]
predict = import_module(f"apprenti.backends.{framework}.classification").predict
random = np.random.default_rng(0)
config = Config(vocabulary=20, embedding_size=5, hidden_units=(4, 3))
words = np.zeros((6, 9), np.int32)
for row, length in zip(words, (1, 2, 3, 5, 8, 9)):
    row[:length] = random.integers(1, 22, length)

def draw(*shape):
    return random.normal(size=shape).astype(np.float32)

# As Keras has them: the three gates of a GRU are z, r, h; kernels are places x inputs x outputs
def weights_of(model):
    drawn = [draw(22, 5)]
    for size, units in ((5, 4), (4, 3)):
        if model == "gru":
            drawn += [draw(size, 3 * units), draw(units, 3 * units), draw(2, 3 * units)]
        else:
            drawn += [draw(3, size, units), draw(units)]
    return [*drawn, draw(3, 2), draw(2)]

def gates(values):
    z, r, h = np.split(values.T, 3)
    return np.concatenate([r, z, h])

def for_pytorch(model, weights):
    first, *middle, kernel, bias = weights
    found = [first]
    while middle and model == "gru":
        inputs, states, biases, *middle = middle
        found += [gates(inputs), gates(states), gates(biases[0]), gates(biases[1])]
    while middle:
        kernels, biases, *middle = middle
        found += [kernels.T, biases]
    return [*found, kernel.T, bias]

said = {}
for model in ("gru", "conv1d"):
    build_model = import_module(f"apprenti.backends.{framework}.{model}").build_model
    weights, answers = weights_of(model), []
    for length in (9, 30):
        network = build_model(config, (length,), 2)
        if framework == "pytorch":
            import torch
            made = list(network.parameters())
            for ours, given in zip(made, for_pytorch(model, weights), strict=True):
                ours.data = torch.from_numpy(given.copy()).reshape(ours.shape)
            count = sum(one.numel() for one in made)
        else:
            network.set_weights(weights)
            count = network.count_params()
        padded = np.pad(words, ((0, 0), (0, length - 9)))
        answers.append(predict(network, padded).tolist())
    said[model] = {"parameters": count, "answers": answers}
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def built():
    found = {}
    for framework in NETWORKS:
        command = [sys.executable, "-c", BUILD, framework]
        done = fork_server.run(command)
        assert done.returncode == 0, done.stderr
        found[framework] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_parameters_of_both_frameworks_can_be_counted_by_hand(built):
    words = 22 * 5
    gru = 3 * (5 * 4 + 4 * 4 + 2 * 4) + 3 * (4 * 3 + 3 * 3 + 2 * 3)
    conv1d = (3 * 5 * 4 + 4) + (3 * 4 * 3 + 3)
    for said in built.values():
        assert said["gru"]["parameters"] == words + gru + 3 * 2 + 2
        assert said["conv1d"]["parameters"] == words + conv1d + 3 * 2 + 2


@pytest.mark.parametrize("model", OF_TEXTS)
def test_with_the_same_weights_both_frameworks_give_the_same_answers(built, model):
    ours, theirs = (np.array(built[framework][model]["answers"]) for framework in NETWORKS)
    assert ours.shape == (2, 6, 2)
    assert np.abs(ours - theirs).max() < 1e-5
    # The rows differ, so that equal answers mean something
    assert ours.std(axis=1).min() > 0.01


@pytest.mark.parametrize("framework", NETWORKS)
def test_a_gru_does_not_read_the_padding(built, framework):
    short, long = np.array(built[framework]["gru"]["answers"])
    assert np.abs(short - long).max() < 1e-6


# ---- Whole runs


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("framework", "model"),
    [
        ("sklearn", "linear"),
        ("pytorch", "mlp"),
        ("pytorch", "gru"),
        ("pytorch", "conv1d"),
        ("tensorflow", "gru"),
    ],
)
def test_a_model_learns_from_texts(framework, model, make_project, texts_csv, train):
    settings = {"target": "opinion", "framework": framework, "kind": model}
    settings |= {"epochs": 12, "learning_rate": 0.01, "hidden_units": [32]}
    run = train(make_project(texts_csv, **settings))
    # Always the same answer would be right for 16 of the 30 rows
    assert run.history[-1]["valid_accuracy"] >= 0.75


@pytest.mark.parametrize("model", OF_TEXTS)
def test_a_reader_of_texts_is_refused_where_there_are_none(model, make_project):
    with pytest.raises(ApprentiError) as caught:
        plan(make_project("digits", kind=model))
    assert caught.value.key == "not_texts"


def test_a_gru_without_a_layer_and_an_image_model_for_texts_are_refused(make_project, texts_csv):
    for name, settings in {
        "no_layers": {"kind": "gru", "hidden_units": []},
        "not_images": {"kind": "cnn"},
    }.items():
        with pytest.raises(ApprentiError) as caught:
            plan(make_project(texts_csv, target="opinion", **settings))
        assert caught.value.key == name
