"""What acts in the loss or in the update, and the loss itself: as a formula, in both frameworks."""

import json
import sys

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.class_weight import compute_class_weight

import fork_server
from apprenti.backends.common.classification import balanced
from apprenti.model.catalogue import NETWORKS

ALL = {
    "weight_decay": 0.5,
    "l1": 0.02,
    "clip_norm": 0.3,
    "label_smoothing": 0.2,
    "class_weights": "balanced",
}
BINARY = {"loss": "binary_cross_entropy"}
MODELS, OF_A_FAST_RUN = ("linear", "mlp", "cnn", "resnet", "gru", "conv1d"), ("linear", "mlp")
EACH_MODEL = [
    pytest.param(model, marks=[] if model in OF_A_FAST_RUN else pytest.mark.slow)
    for model in MODELS
]
SHRUNK = ("mlp", "cnn", "gru", "conv1d")
"""Those with enough weights that L1 makes zero within a few steps."""
SGD, ADAM = ("sgd", "float64"), ("adam", "float64")
ONE_STEP, ALL_STEPS = 1, 27
RATE = 0.05
NEARLY = 1e-6

# Each framework in a process of its own; what it says is one line of JSON
HEAD = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
from importlib import import_module
import numpy as np
from apprenti.backends.common.classification import balanced
from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config
framework, asked = sys.argv[1], json.loads(sys.argv[2])
of = lambda name: import_module(f"apprenti.backends.{framework}.{name}")
agreement = of("agreement")


def data_for(model, count=90):
    random = np.random.default_rng(0)
    if model in ("gru", "conv1d"):  # Few words, so that each is in a batch many times
        inputs = random.integers(1, 6, (count, 7))
    else:
        shape = (8, 8, 2) if model in ("cnn", "resnet") else (5,)
        inputs = random.normal(size=(count, *shape)).astype("float32")
    targets = np.r_[np.zeros(count // 9 * 6), np.ones(count // 9 * 2), np.full(count // 9, 2)]
    targets = targets.astype(int)
    return Data(inputs, inputs[::3], targets, targets[::3], (np.arange(3), []), {"outputs": 3})

def config_of(model="mlp", **more):
    usual = dict(hidden_units=(6,), filters=(3,), residual_blocks=1, vocabulary=5, batch_size=10,
                 embedding_size=4, learning_rate=0.05, epochs=3, schedule="constant", train=90,
                 embedded=model in ("gru", "conv1d"))
    return Config(**{**usual, **more})

def learned(model, arm, more):
    config, data = config_of(model, **more), data_for(model)
    if config.class_weights == "balanced":
        config = config._replace(class_weights=balanced(data.train_targets))
    agreement.build_model = of(model).build_model
    optimizer, precision, steps = arm
    if (framework, optimizer) == ("pytorch", "adam"):
        optimizer = "keras_adam"  # The same epsilon as in Keras
    found = agreement.learn(data, agreement.Arm(optimizer, precision, steps), config)
    return found["weights_0"].tolist(), found[f"weights_{steps}"].tolist()
"""

LEARN = (
    HEAD
    + """
print(json.dumps([learned(*one) for one in asked]))
"""
)

ASKED = [
    *((model, (*SGD, ALL_STEPS), ALL) for model in MODELS),
    *((model, (*SGD, ALL_STEPS), {**ALL, **BINARY}) for model in MODELS),
    *(("mlp", (*ADAM, ALL_STEPS), {name: value}) for name, value in {**ALL, **BINARY}.items()),
    *(("mlp", (*SGD, ONE_STEP), {name: value}) for name, value in ALL.items()),
    *((model, (*SGD, ONE_STEP), more) for model in MODELS for more in ({}, {"clip_norm": 0.01})),
    *((model, (*SGD, ONE_STEP), {"weight_decay": 0.5, "l1": 0.2}) for model in MODELS),
    ("mlp", (*ADAM, ONE_STEP), {}),
    ("mlp", (*ADAM, ONE_STEP), {"weight_decay": 0.5}),
]


def said_by(framework, script, asked, folder):
    command = [sys.executable, "-c", script, framework, json.dumps(asked)]
    done = fork_server.run(command, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def learned(tmp_path_factory, request):
    """learned(framework, model, way, settings): the weights before and after, as one row."""
    folder = tmp_path_factory.mktemp("remedies")
    models = MODELS if request.config.getoption("full") else OF_A_FAST_RUN
    asked = [one for one in ASKED if one[0] in models]
    keys = [json.dumps(one) for one in asked]
    every = {
        framework: dict(zip(keys, said_by(framework, LEARN, asked, folder), strict=True))
        for framework in NETWORKS
    }

    def find(framework, *asked):
        return tuple(np.array(weights) for weights in every[framework][json.dumps(asked)])

    return find


def kernels(model, first):
    """Say of each number whether it is a weight: biases begin at 0, what normalises at 0 or 1."""
    return (first != 0) & (first != 1)


@pytest.mark.parametrize("model", EACH_MODEL)
@pytest.mark.parametrize("loss", [{}, BINARY], ids=["cross_entropy", BINARY["loss"]])
def test_both_frameworks_learn_the_same_weights_with_all_of_them(learned, model, loss):
    asked = model, (*SGD, ALL_STEPS), {**ALL, **loss}
    (first, ours), (start, theirs) = (learned(framework, *asked) for framework in NETWORKS)
    assert np.array_equal(first, start)
    assert np.abs(ours - theirs).max() < NEARLY
    assert np.abs(ours - first).max() > 0.1
    # Exactly 0, in the same places
    assert np.array_equal(ours == 0, theirs == 0)


@pytest.mark.parametrize("name", [*ALL, *BINARY])
def test_both_frameworks_learn_the_same_weights_with_each_and_adam(learned, name):
    asked = "mlp", (*ADAM, ALL_STEPS), {name: {**ALL, **BINARY}[name]}
    ours, theirs = (learned(framework, *asked)[1] for framework in NETWORKS)
    assert np.abs(ours - theirs).max() < NEARLY


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("way", [SGD, ADAM])
def test_weight_decay_takes_the_same_share_of_every_weight_and_leaves_biases(
    learned, framework, way
):
    first, plain = learned(framework, "mlp", (*way, ONE_STEP), {})
    _, decayed = learned(framework, "mlp", (*way, ONE_STEP), {"weight_decay": 0.5})
    # As in AdamW: apart from the update, which stays what it was
    assert np.allclose(decayed, plain - RATE * 0.5 * first, atol=1e-9)
    assert np.abs(decayed[first != 0]).sum() < np.abs(plain[first != 0]).sum()
    assert np.array_equal(decayed[first == 0], plain[first == 0])


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("model", EACH_MODEL)
def test_decay_and_l1_spare_biases_and_batch_normalisation(learned, framework, model):
    first, plain = learned(framework, model, (*SGD, ONE_STEP), {})
    more = {"weight_decay": 0.5, "l1": 0.2}
    _, ours = learned(framework, model, (*SGD, ONE_STEP), more)
    weights = kernels(model, first)
    stepped = plain - RATE * 0.5 * first
    shrunk = np.sign(stepped) * np.maximum(np.abs(stepped) - RATE * 0.2, 0)
    assert np.allclose(ours[weights], shrunk[weights], atol=1e-9)
    assert np.allclose(ours[~weights], plain[~weights], atol=1e-12)
    assert weights.any() and not weights.all()


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("model", [one for one in EACH_MODEL if one.values[0] in SHRUNK])
def test_l1_makes_weights_exactly_zero(learned, framework, model):
    first, last = learned(framework, model, (*SGD, ALL_STEPS), ALL)
    assert (last[first != 0] == 0).mean() > 0.01


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("model", EACH_MODEL)
def test_a_gradient_is_never_longer_than_the_bound_even_of_words_that_come_twice(
    learned, framework, model
):
    first, plain = learned(framework, model, (*SGD, ONE_STEP), {})
    _, clipped = learned(framework, model, (*SGD, ONE_STEP), {"clip_norm": 0.01})
    whole, short = (plain - first) / RATE, (clipped - first) / RATE
    assert np.linalg.norm(whole) > 0.01
    assert np.linalg.norm(short) == pytest.approx(0.01, rel=1e-3)
    assert np.linalg.norm(short) <= 0.01 * (1 + 1e-6)
    # In the same direction
    assert np.allclose(short / 0.01, whole / np.linalg.norm(whole), atol=1e-3)


# ---- In the loss: the steps of a linear model, from zeros, are its gradients

STEP = (
    HEAD
    + """
said = []
fit, predict, asked_last = of("fit"), of("classification").predict, {}
fit.build_model = of("linear").build_model

def predicting(model, inputs):
    asked_last["model"] = model
    return predict(model, inputs)

of("train").predict = predicting
for more in asked:
    settings = {"batch_size": 90, "epochs": 1, "optimizer": "sgd", **more}
    config, data = config_of(**settings), data_for("linear")
    history = fit.fit(config, data, None, lambda history: False)
    model = asked_last["model"]
    predicted, weights = predict(model, data.train_inputs), agreement.weights_of(model)
    said.append([history, predicted.tolist(), [one.tolist() for one in weights]])
print(json.dumps([said, data.train_inputs.tolist(), data.train_targets.tolist()]))
"""
)
IN_THE_LOSS = (
    {},
    {"label_smoothing": 0.3},
    {"class_weights": "balanced"},
    {"label_smoothing": 0.3, "class_weights": "balanced"},
)
IN_EITHER_LOSS = (*IN_THE_LOSS, *({**more, **BINARY} for more in IN_THE_LOSS))
SEVERAL = {**BINARY, "epochs": 20, "learning_rate": 0.5}


@pytest.fixture(scope="module", params=NETWORKS)
def stepped(request, tmp_path_factory):
    asked = [*IN_EITHER_LOSS, SEVERAL]
    return said_by(request.param, STEP, asked, tmp_path_factory.mktemp("step"))


@pytest.mark.parametrize("place", range(len(IN_EITHER_LOSS)))
def test_smoothing_and_class_weights_equal_their_formulas(stepped, place):
    every, inputs, targets = stepped
    inputs, targets, more = np.array(inputs), np.array(targets), IN_EITHER_LOSS[place]
    share = more.get("label_smoothing", 0)
    truth = np.eye(3)[targets] * (1 - share) + share / 3
    counted = np.ones(len(targets))
    if more.get("class_weights"):
        counted = compute_class_weight("balanced", classes=np.arange(3), y=targets)[targets]
    # Of scores that are all 0 a softmax makes a third each, and sigmoids a half
    said = 1 / 2 if "loss" in more else 1 / 3
    wrong = (said - truth) * counted[:, None] / len(targets)
    weights, biases = every[place][2]
    assert np.allclose(weights, -RATE * inputs.T @ wrong, atol=1e-6)
    assert np.allclose(biases, -RATE * wrong.sum(axis=0), atol=1e-6)


def test_binary_cross_entropy_is_logistic_regression_of_each_class_by_itself(stepped):
    every, inputs, targets = stepped
    rows, truth = np.c_[np.array(inputs), np.ones(len(inputs))], np.eye(3)[targets]
    found = np.zeros((rows.shape[1], 3))
    for _ in range(SEVERAL["epochs"]):
        found -= SEVERAL["learning_rate"] * rows.T @ (expit(rows @ found) - truth) / len(rows)
    weights, biases = every[-1][2]
    assert np.allclose(weights, found[:-1], atol=1e-5)
    assert np.allclose(biases, found[-1], atol=1e-5)
    assert np.abs(found).max() > 0.3


def test_its_probabilities_are_those_of_scikit_learn_for_one_class_against_the_rest(stepped):
    every, inputs, targets = stepped
    _, probabilities, (weights, biases) = every[-1]
    theirs = OneVsRestClassifier(LogisticRegression())
    theirs.label_binarizer_ = LabelBinarizer().fit(targets)
    theirs.classes_, theirs.estimators_ = np.arange(3), []
    for kernel, bias in zip(np.transpose(weights), biases, strict=True):
        one = LogisticRegression()
        one.classes_, one.coef_, one.intercept_ = np.arange(2), kernel[None], np.array([bias])
        theirs.estimators_.append(one)
    assert np.allclose(probabilities, theirs.predict_proba(np.array(inputs)), atol=1e-6)
    assert np.allclose(np.sum(probabilities, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("place", range(len(IN_EITHER_LOSS)))
def test_the_losses_in_the_history_are_the_plain_ones(stepped, place):
    every, _, targets = stepped
    ((row,), probabilities, _) = every[place]
    of_the_truth = np.array(probabilities)[np.arange(len(targets)), targets]
    assert row["train_loss"] == pytest.approx(-np.log(of_the_truth).mean(), abs=2e-6)


def test_balanced_weights_are_those_of_scikit_learn():
    for targets in ([0, 0, 0, 1], [2, 2, 2, 2, 1, 0, 0], [0] * 99 + [1]):
        targets = np.array(targets)
        theirs = compute_class_weight("balanced", classes=np.unique(targets), y=targets)
        assert balanced(targets) == pytest.approx(theirs)


def test_a_class_without_a_training_row_has_no_part_in_the_others_weights():
    zero, _, two = balanced(np.array([0, 0, 0, 2]))
    assert (zero, two) == pytest.approx((4 / (2 * 3), 4 / (2 * 1)))
