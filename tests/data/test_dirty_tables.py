"""However people write a table, what it says is read, or it is told what could not be.

Thousands of files, each a clean table written with one kind of dirt, or with two: no cell may come
back with another value without a word.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from tests import dirty

from apprenti.backends.common.convert import convert
from apprenti.backends.common.settings import Config
from apprenti.data.kinds import files, needs
from apprenti.data.kinds.table import open_table
from apprenti.data.kinds.written import CATEGORY, DATE, NUMBER, TIME
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

FULL_SEEDS = 2
"""Each pair of kinds is written with so many tables; each kind alone with ten times as many."""

NOT_TOGETHER = (
    {dirty.decimal_commas, dirty.commas_between_thousands},
    {dirty.decimal_commas, dirty.points_between_thousands},
    {dirty.records_of_json, dirty.title_lines},
)
"""Pairs that nobody could read."""


def pairs():
    for one, other in itertools.combinations(dirty.KINDS, 2):
        for kinds in itertools.product(dirty.KINDS[one], dirty.KINDS[other]):
            if {*kinds} not in NOT_TOGETHER:
                yield kinds


def file_of(kinds, seed, folder):
    """Return a clean table written with these kinds, and the path of its file; None: impossible."""
    made = dirty.sheet(np.random.default_rng(seed))
    for kind in kinds:
        kind(made)
    path = folder / f"ventes{made.ending}"
    try:
        path.write_bytes(dirty.write(made))
    except UnicodeEncodeError:  # the old signs of Windows do not have all of these
        return None
    return made, path


def difference(made, path):
    """Return what is read otherwise than it is meant and not told; "" if nothing is."""
    try:
        table = open_table(DataSettings(source=path.name, target="reçu"), path)
    except ApprentiError as error:
        return f"refused: {error.key} {error.values}"
    if [*table.frame.columns] != [*made.clean.columns]:
        return f"columns: {[*table.frame.columns]}"
    if len(table.frame) != len(made.clean):
        return f"{len(table.frame)} rows"
    for name, meant in made.clean.items():
        if said := _column(name, table.frame[name].reset_index(drop=True), meant, table, made):
            return f"{name}: {said}"
    return ""


KIND_OF = {"ville": CATEGORY, "code": CATEGORY, "reçu": CATEGORY, "jour": DATE, "heure": TIME}


def _column(name, found, meant, table, made):
    written = table.columns.written[name]
    if written.kind != KIND_OF.get(name, NUMBER):
        return f"is a {written.kind}: {made.cells[name][:4]}"
    if name == "heure":
        meant = meant / 60
    if written.kind == DATE:
        found, meant = found.dt.tz_localize(None), meant.astype(found.dt.tz_localize(None).dtype)
        unlike = found != meant
    elif written.kind == CATEGORY:
        unlike = found != meant
    else:
        unlike = ~np.isclose(found, meant, rtol=1e-9, equal_nan=True)
        unlike = pd.Series(unlike)
    wrong = [row for row in np.flatnonzero(unlike) if not pd.isna(found[row])]
    if wrong:
        return f"{written}: {[(made.cells[name][r], found[r], meant[r]) for r in wrong[:3]]}"
    told = table.columns.unread[name].rows if name in table.columns.unread else 0
    if int(unlike.sum()) != told:
        gone = [made.cells[name][row] for row in np.flatnonzero(unlike)[:3]]
        return f"{int(unlike.sum())} cells are gaps ({gone}), {told} are told"
    return ""


def spared(path):
    """Return a table as its script reads it, and as one would that leaves nothing out."""
    table = open_table(DataSettings(source=path.name, target="reçu"), path)
    settings = {name: value for name, value in table.settings.items() if name in Config._fields}
    every = {name: value for name, value in settings.items() if name not in needs.SETTINGS}
    return [convert(files.read(path, table.kind, one), Config(**one)) for one in (settings, every)]


@pytest.mark.few(20)
@pytest.mark.parametrize("kind", dirty.EVERY, ids=lambda kind: kind.__name__)
def test_what_a_script_leaves_out_changes_no_cell(kind, tmp_path):
    if written := file_of([kind], 0, tmp_path):
        pd.testing.assert_frame_equal(*spared(written[1]), check_exact=True)


@pytest.mark.few(30)
@pytest.mark.parametrize("kind", dirty.EVERY, ids=lambda kind: kind.__name__)
def test_a_table_with_one_kind_of_dirt_says_what_it_says(kind, tmp_path, request):
    for seed in range(10 * FULL_SEEDS if request.config.getoption("full") else 1):
        if written := file_of([kind], seed, tmp_path):
            assert not difference(*written), (kind.__name__, seed)


@pytest.mark.slow
def test_of_thousands_of_tables_with_two_kinds_none_is_read_otherwise(tmp_path):
    written, wrong = 0, []
    for number, kinds in enumerate(pairs()):
        for seed in range(FULL_SEEDS):
            if made := file_of(kinds, 1000 * seed + number, tmp_path):
                written += 1
                if said := difference(*made):
                    wrong.append(f"{' + '.join(kind.__name__ for kind in kinds)}: {said}")
    assert not wrong, "\n".join(wrong[:20])
    assert written > 2000
