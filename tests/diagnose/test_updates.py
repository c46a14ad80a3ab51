"""R17, R18, R19: what the record of the updates shows of the layers."""

import pytest
from known_runs import HEALTHY, answers

from apprenti import diagnose

SOUND = (0.1, 0.05, 0.0)


@pytest.fixture
def recorded(left, told):
    """recorded("R17", (update, gradient, stuck), ...): what is found, a line for each layer."""

    def ask(code, *layers, model=""):
        run = left(**HEALTHY, **answers(0.9), settings={"learning_rate": 0.01})
        choices = run.folder / "choices.toml"
        choices.write_text(choices.read_text().replace("[model]", f"[model]\n{model}"))
        lines = ["epoch,layer,update,gradient,stuck"]
        for epoch in (1, 2, 3):
            lines += [f"{epoch},{n},{u},{g},{s}" for n, (u, g, s) in enumerate(layers, 1)]
        (run.folder / "updates.csv").write_text("\n".join(lines))
        return told(code, run)

    return ask


def test_a_layer_that_no_epoch_moves_is_told_with_a_larger_rate(recorded):
    found = recorded("R17", SOUND, (1e-5, 0.05, ""))
    assert (found.values["names"], found.values["all"]) == ([2], 2)
    assert found.commands == ("apprenti train --set learning_rate=0.1",)
    assert not recorded("R17", SOUND, SOUND)


@pytest.mark.parametrize(("share", "severity"), [(0.9, "warning"), (0.6, "note"), (0.3, None)])
def test_units_that_no_row_can_change_are_counted(recorded, share, severity):
    found = recorded("R18", (0.1, 0.05, share), (0.1, 0.05, ""))
    assert (found and (found.severity, found.sentence)) == (severity and (severity, "dead"))


def test_gradients_that_vanish_on_their_way_or_explode_are_told(recorded):
    assert recorded("R19", (0.1, 1e-7, 0.0), (0.1, 0.1, "")).sentence == "vanish"
    assert recorded("R19", (9.0, 1e4, 0.0), (9.0, 1e3, "")).sentence == "explode"
    assert not recorded("R19", SOUND, (0.1, 0.1, ""))


@pytest.mark.parametrize(
    ("code", "layers"),
    [
        ("R17", [SOUND, (1e-5, 0.05, "")]),
        ("R18", [(0.1, 0.05, 0.9), (0.1, 0.05, "")]),
        ("R19", [(0.1, 1e-7, 0.0), (0.1, 0.1, "")]),
        ("R19", [(9.0, 1e4, 0.0), (9.0, 1e3, "")]),
    ],
)
@pytest.mark.parametrize(("activation", "suited"), [("relu", "he"), ("tanh", "glorot")])
def test_a_run_that_began_with_large_weights_is_first_told_to_begin_with_others(
    recorded, code, layers, activation, suited
):
    model = f'activation = "{activation}"\n'
    first = f"apprenti train --set initial_weights={suited}"
    plain = recorded(code, *layers, model=model).commands
    large = recorded(code, *layers, model=f'{model}initial_weights = "normal"\n').commands
    assert large == (first, *plain)


def test_without_a_record_the_command_that_makes_one_is_told(left):
    found = diagnose.diagnose(left(**HEALTHY, **answers(0.9)))
    why = {one.code: one for one in found.answers if one.sentence == "no_updates"}
    assert why.keys() == {"R17", "R18", "R19"}
    assert why["R17"].values["command"] == "apprenti train --set record_updates=true"


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_a_record_changes_no_number_of_a_training(make_project, train, framework):
    settings = {"framework": framework, "epochs": 2, "hidden_units": [8]}
    plain = train(make_project("digits", **settings))
    recorded = train(make_project("digits", **settings, record_updates=True))
    losses = [[row["valid_loss"] for row in run.history] for run in (plain, recorded)]
    assert losses[0] == losses[1]
    lines = (recorded.folder / "updates.csv").read_text().split()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["1", "1"],
        ["1", "2"],
        ["2", "1"],
        ["2", "2"],
    ]
    assert not (plain.folder / "updates.csv").exists()
    assert "updates" not in plain.script.read_text()
