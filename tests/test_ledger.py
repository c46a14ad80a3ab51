"""The ledger: chained lines, of which none can be edited, removed or moved without being found."""

import json
import subprocess
import sys

import pytest

from apprenti import ledger, runs
from apprenti.errors import ApprentiError
from apprenti.ledger import FILE, Asked
from apprenti.runs import Run
from apprenti.writing import write_json

HASH = "0" * 64


def run_of(folder, number, openings=None, name=None):
    """Make a folder that is taken for a run."""
    made = folder / "runs" / (name or f"2026-01-01-{number:03}-mlp-sklearn")
    (made / "model").mkdir(parents=True)
    (made / runs.CHOICES).write_text('[model]\nkind = "mlp"\n[train]\nframework = "sklearn"\n')
    facts = {"status": "finished", "number": number, "started": f"2026-01-01T00:{number:02}:00"}
    if openings is not None:
        facts["ledger"] = openings
    write_json(made / runs.ENVIRONMENT, facts)
    highest = folder / "runs" / runs.HIGHEST
    highest.write_text(f"{number}\n")
    return Run(made)


def asked(run, **more):
    given = {"settings": {}, "data": {"a.csv": HASH}, "beside": (), "by": "ada", **more}
    return Asked(run, script=HASH, weights=HASH, **given)


def opened(folder, run, outcome=ledger.MEASURED, **more):
    opening = ledger.append(folder, asked(run, **more))
    ledger.complete(folder, opening, outcome, {"accuracy": 0.5})
    return opening


@pytest.fixture
def project(tmp_path):
    """A project with three runs, of which each was evaluated once."""
    for number in (1, 2, 3):
        opened(tmp_path, run_of(tmp_path, number))
    return tmp_path


def lines(folder):
    return (folder / FILE).read_text().splitlines()


def write(folder, changed):
    (folder / FILE).write_text("".join(f"{line}\n" for line in changed))


def troubles(folder):
    return [(one.kind, one.line, one.detail) for one in ledger.read(folder).troubles]


def test_each_opening_says_who_when_which_run_and_what_changed_since_the_one_before(tmp_path):
    first = run_of(tmp_path, 1)
    opened(tmp_path, first, settings={"train.epochs": 5})
    second = run_of(tmp_path, 2)
    data = {"a.csv": "1" * 64}
    opened(tmp_path, second, by="  bob\n", settings={"train.epochs": 9}, data=data)
    found = ledger.read(tmp_path)
    assert not found.troubles
    one, other = found.lines
    assert (one.number, one.by, one.run, one.run_number) == (1, "ada", first.name, 1)
    assert one.at.endswith("Z") and one.outcome == ledger.MEASURED
    assert one.measures == {"accuracy": 0.5}
    assert one.previous is None and one.changed["settings"] == {}
    assert (other.number, other.by) == (2, "bob")
    changed = {"runs_made": 1, "runs": [second.name], "data": ["a.csv"]}
    assert other.changed == {**changed, "settings": {"train.epochs": [5, 9]}}
    assert found.openings_of(second) == [other]
    assert found.head == json.loads(lines(tmp_path)[-1])["hash"]


def test_a_line_is_there_before_the_rows_are_read_and_stays_if_nothing_follows(tmp_path):
    run = run_of(tmp_path, 1)
    ledger.append(tmp_path, asked(run))
    (one,) = ledger.read(tmp_path).lines
    assert one.outcome == ledger.OPENED and one.counts


@pytest.mark.parametrize("line", range(6))
def test_an_edited_line_is_found_and_named(line, project):
    there = lines(project)
    there[line] = there[line].replace('"at": "2', '"at": "3')
    write(project, there)
    assert troubles(project) == [("edited", line + 1, "")]


@pytest.mark.parametrize("line", range(5))
def test_a_line_that_was_edited_and_given_a_new_hash_is_found_by_the_next_one(line, project):
    there = lines(project)
    entry = json.loads(there[line])
    entry["at"] = "2020-01-01T00:00:00Z"
    entry["hash"] = ledger.digest(entry)
    there[line] = json.dumps(entry)
    write(project, there)
    assert troubles(project) == [("edited", line + 1, "")]


@pytest.mark.parametrize("line", range(5))
def test_a_removed_line_is_found_and_named(line, project):
    there = lines(project)
    del there[line]
    write(project, there)
    assert troubles(project) == [("removed", line + 1, str(line + 1))]


def test_several_removed_lines_are_one_trouble(project):
    write(project, [lines(project)[0], lines(project)[5]])
    assert troubles(project) == [("removed", 2, "2–5")]


@pytest.mark.parametrize("line", range(5))
def test_lines_that_changed_places_are_found_and_named(line, project):
    there = lines(project)
    there[line], there[line + 1] = there[line + 1], there[line]
    write(project, there)
    assert ("reordered", line + 2, str(line + 1)) in troubles(project)
    assert {kind for kind, *_ in troubles(project)} == {"reordered"}


def test_a_line_that_is_there_twice_is_found(project):
    there = lines(project)
    write(project, [*there[:3], there[1], *there[3:]])
    assert troubles(project) == [("repeated", 4, "")]


def test_what_was_cut_off_is_found_by_what_a_run_remembers(project):
    stamp = ledger.read(project).stamp
    run = run_of(project, 4, stamp)
    assert not ledger.read(project).troubles
    write(project, lines(project)[:-2])
    (trouble,) = ledger.read(project).troubles
    assert (trouble.kind, trouble.runs) == ("forgotten", [run.name])
    assert run.name in trouble.told()


def test_a_ledger_that_was_written_anew_is_found_by_what_an_evaluation_remembers(project):
    run = run_of(project, 4)
    write_json(run.folder / ledger.EVALUATION, {"ledger": ledger.read(project).stamp})
    (project / FILE).unlink()
    for number in (1, 2):
        opened(project, Run(project / "runs" / f"2026-01-01-{number:03}-mlp-sklearn"))
    (trouble,) = ledger.read(project).troubles
    assert (trouble.kind, trouble.runs) == ("forgotten", [run.name])


def test_a_missing_ledger_beside_evaluations_is_reported(project):
    run = run_of(project, 4)
    (run.folder / ledger.MEASURES).write_text("{}")
    (project / FILE).unlink()
    (trouble,) = ledger.read(project).troubles
    assert (trouble.kind, trouble.runs) == ("missing", [run.name])


def test_a_project_that_evaluated_nothing_needs_no_ledger(tmp_path):
    run_of(tmp_path, 1, {"openings": 0, "head": None})
    found = ledger.read(tmp_path)
    assert not found.troubles and found.head is None and not found.lines


def test_test_rows_that_were_read_without_a_line_are_told(project):
    run = run_of(project, 4)
    (run.folder / ledger.MEASURES).write_text("{}")
    (trouble,) = ledger.read(project).troubles
    assert (trouble.kind, trouble.runs) == ("unrecorded", [run.name])


def test_a_simple_model_that_was_measured_beside_another_is_no_opening_of_its_own(tmp_path):
    simple, run = run_of(tmp_path, 1), run_of(tmp_path, 2)
    (simple.folder / ledger.MEASURES).write_text("{}")
    opened(tmp_path, run, beside=[simple.name])
    assert not ledger.read(tmp_path).troubles
    assert not ledger.selected_on_test(simple)


def test_a_run_that_was_renamed_or_deleted_keeps_its_openings(project):
    run = Run(project / "runs" / "2026-01-01-002-mlp-sklearn")
    renamed = runs.rename(run, "mine")
    found = ledger.read(project)
    assert [one.run for one in found.openings_of(renamed)] == [run.name]
    runs.delete(renamed)
    assert [one.run for one in ledger.read(project).lines][1] == run.name
    assert not ledger.read(project).troubles


# ---- Chosen after looking


def test_a_run_that_alone_was_evaluated_is_not_selected_on_the_test_set(tmp_path):
    run, other = run_of(tmp_path, 1), run_of(tmp_path, 2)
    opened(tmp_path, run)
    opened(tmp_path, run)
    assert not ledger.selected_on_test(run)
    # It was there before, and nobody has evaluated it
    assert not ledger.selected_on_test(other)


def test_a_run_that_is_evaluated_after_another_is_selected_on_the_test_set(tmp_path):
    run, other = run_of(tmp_path, 1), run_of(tmp_path, 2)
    opened(tmp_path, run)
    opened(tmp_path, other)
    opened(tmp_path, run)
    assert ledger.selected_on_test(other) and not ledger.selected_on_test(run)


def test_a_run_that_is_made_after_an_opening_is_selected_on_the_test_set(tmp_path):
    opened(tmp_path, run_of(tmp_path, 1))
    assert ledger.selected_on_test(run_of(tmp_path, 2))


def test_a_run_that_was_gone_on_with_after_its_own_opening_is_selected_on_the_test_set(tmp_path):
    run = run_of(tmp_path, 1)
    opened(tmp_path, run)
    facts = {**run.environment, "ledger": ledger.read(tmp_path).stamp}
    write_json(run.folder / runs.ENVIRONMENT, facts)
    assert ledger.selected_on_test(run)
    assert ledger.read(tmp_path).selected(runs.read(run))


def test_a_script_that_failed_has_shown_nothing(tmp_path):
    run = run_of(tmp_path, 1)
    opened(tmp_path, run, ledger.FAILED)
    other = run_of(tmp_path, 2, ledger.read(tmp_path).stamp)
    assert not ledger.selected_on_test(other)


# ---- Several at once, and what somebody else has made of the file

MANY = """
import sys
from pathlib import Path
from apprenti import ledger
from apprenti.runs import Run
folder = Path(sys.argv[1])
run = Run(folder / "runs" / sys.argv[2])
for _ in range(10):
    opening = ledger.append(folder, ledger.Asked(run, "x", "0", "0", {}, (), {}))
    ledger.complete(folder, opening, "measured", {})
"""


def test_several_at_once_lose_no_line(tmp_path):
    names = [run_of(tmp_path, number).name for number in (1, 2, 3)]
    commands = [[sys.executable, "-c", MANY, str(tmp_path), name] for name in names]
    under_way = [subprocess.Popen(command) for command in commands]
    assert [one.wait() for one in under_way] == [0, 0, 0]
    found = ledger.read(tmp_path)
    assert [one.number for one in found.lines] == list(range(1, 31))
    assert not found.troubles
    assert all(one.outcome == ledger.MEASURED for one in found.lines)


def test_a_line_that_was_cut_off_while_it_was_written_is_told_and_added_to(project):
    path = project / FILE
    path.write_bytes(path.read_bytes()[:-40])
    assert [kind for kind, *_ in troubles(project)] == ["damaged"]
    opened(project, Run(project / "runs" / "2026-01-01-001-mlp-sklearn"))
    assert [one.number for one in ledger.read(project).lines] == [1, 2, 3, 4]
    assert troubles(project)[0][0] == "damaged"


HOSTILE = {
    "binary": b"\xff\xfe\x00" * 100,
    "list": b"[]\n",
    "number": b"7\n",
    "null": b"null\n",
    "kind": b'{"kind": []}\n',
    "other": b'{"kind": "opening", "line": "one"}\n',
    "nested": b"[" * 100_000 + b"\n",
    "digits": b'{"line": ' + b"9" * 5000 + b"}\n",
    "empty": b"",
    "lines": b"\n\n\n",
    "script": b"<script>alert(1)</script>\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_whatever_the_file_holds_is_told_and_never_an_accident(content, tmp_path):
    run_of(tmp_path, 1)
    (tmp_path / FILE).write_bytes(content)
    found = ledger.read(tmp_path)
    assert found.troubles and not found.lines
    assert all(one.told() for one in found.troubles)
    assert found.stamp == {"openings": 0, "head": None}


@pytest.mark.parametrize("kind", ["folder", "large", "binary"])
def test_where_nothing_can_be_recorded_nothing_is_opened(kind, tmp_path):
    run, path = run_of(tmp_path, 1), tmp_path / FILE
    if kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"\xff" * 100 if kind == "binary" else b"x" * 10_000_001)
    assert [one.kind for one in ledger.read(tmp_path).troubles] == ["unreadable"]
    with pytest.raises(ApprentiError) as caught:
        ledger.append(tmp_path, asked(run))
    assert caught.value.key == "ledger_unreadable"
