"""How well the training rows are learned is measured on rows drawn from all of them."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def sorted_table(tmp_path_factory):
    """20,000 rows in the order of their class: one that is easy to tell, then two that are not."""
    random = np.random.default_rng(0)
    kind = np.repeat(["easy", "noise", "other noise"], [10_000, 5_000, 5_000])
    table = pd.DataFrame({"size": random.normal(size=20_000) + 9 * (kind == "easy"), "kind": kind})
    path = tmp_path_factory.mktemp("sorted") / "sorted.parquet"
    table.to_parquet(path, index=False, row_group_size=2_000)
    return path


def test_rows_that_lie_in_order_on_the_disk_are_measured_like_rows_in_memory(
    sorted_table, make_project, train
):
    how = {"target": "kind", "kind": "linear", "epochs": 1, "learning_rate": 0.01}
    scores = {}
    for streamed in (False, True):
        run = train(make_project(sorted_table, streamed=streamed, **how))
        scores[streamed] = run.history[-1]
    for row in scores.values():
        # Half of the rows are easy, and of the others half are guessed
        assert row["train_accuracy"] == pytest.approx(0.75, abs=0.03)
        assert row["train_accuracy"] == pytest.approx(row["valid_accuracy"], abs=0.03)
