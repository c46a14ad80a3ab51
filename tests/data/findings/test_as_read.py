"""D029: what was skipped or mended when the file was read."""

import numpy as np
import pandas as pd

from apprenti.data.findings import Evidence, as_read, look, words
from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.remarks import Remark

COLUMNS = Columns("y", ("x",), (), (), (), ())


def find(*remarks):
    frame = pd.DataFrame({"x": np.arange(60), "y": ["a", "b"] * 30})
    evidence = Evidence(frame, COLUMNS, "classification", None, remarks=remarks)
    return look(evidence, [as_read])


def test_what_was_skipped_is_told_with_its_lines_and_an_example():
    (found,) = find(Remark("titles", 2, (1, 3), "Annual report"))
    assert (found.severity, found.subject) == ("note", "titles")
    told = words.tell(found)
    assert "1, 3" in told.what
    assert "Annual report" in told.what
    assert "skip_rows" in told.todo


def test_what_is_in_doubt_is_a_warning():
    (found,) = find(Remark("kept_totals", 1, (61,), "Total;3"))
    assert found.severity == "warning"


def test_a_plain_file_has_nothing_to_tell():
    assert find() == []
