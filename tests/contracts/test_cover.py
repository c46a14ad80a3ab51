"""The few combinations of a fast run show all that occurs together in the many of a full one."""

import random

import pytest


@pytest.fixture
def cover(covering):
    return covering[0]


@pytest.fixture
def in_a_fast_run(covering):
    return covering[1]


@pytest.fixture
def in_one_call(covering):
    return covering[2]


def together(combinations, one, other):
    return {(combination[one], combination[other]) for combination in combinations}


def test_a_fast_run_has_every_framework_with_every_model(in_a_fast_run, every_combination):
    assert together(in_a_fast_run, 0, 1) == together(every_combination, 0, 1)


def test_a_fast_run_has_every_model_with_every_kind_of_data(
    in_a_fast_run, every_combination, in_one_call
):
    def by_steps(combinations):
        return [one for one in combinations if one[1] not in in_one_call]

    expected = together(by_steps(every_combination), 1, 2)
    assert together(by_steps(in_a_fast_run), 1, 2) == expected


def test_models_that_learn_in_one_call_are_there_once_and_with_every_kind_of_their_data(
    in_a_fast_run, every_combination, in_one_call
):
    models = [model for _, model, _ in in_a_fast_run if model in in_one_call]
    assert sorted(models) == sorted(in_one_call)
    of_theirs = [
        {data for _, model, data in combinations if model in in_one_call}
        for combinations in (in_a_fast_run, every_combination)
    ]
    assert of_theirs[0] == of_theirs[1]


def test_a_fast_run_has_fewer_combinations_none_twice_and_none_of_its_own(
    in_a_fast_run, every_combination
):
    assert len(in_a_fast_run) < 0.7 * len(every_combination)
    assert len(set(in_a_fast_run)) == len(in_a_fast_run)
    assert set(in_a_fast_run) <= set(every_combination)


def test_no_framework_is_left_to_full_runs(in_a_fast_run):
    frameworks = [framework for framework, *_ in in_a_fast_run]
    assert min(frameworks.count(name) for name in set(frameworks)) >= 10


def test_the_same_are_chosen_each_time(cover, every_combination):
    assert cover(every_combination, (0, 1), (1, 2)) == cover(
        list(every_combination), (0, 1), (1, 2)
    )


@pytest.mark.parametrize("seed", range(20))
def test_what_is_chosen_of_any_combinations_covers_them(cover, seed):
    draw = random.Random(seed)
    made = {tuple(draw.randrange(size) for size in (3, 6, 9)) for _ in range(60)}
    for sides in [(0, 1), (1, 2)], [(0, 2)], [(0, 1), (0, 2), (1, 2)]:
        chosen = cover(sorted(made), *sides)
        for side in sides:
            assert together(chosen, *side) == together(made, *side)
