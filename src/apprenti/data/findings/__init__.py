"""What is wrong with a table: one rule a file, each with its code, severity and page of docs.

A rule is a module with CODE, SEVERITY (the highest it gives) and `find(evidence)`, which yields
Findings (`apprenti.findings`). Rules never see the rows of the test part: these are taken away
before any is asked. Only those whose subject is the parts themselves are given all rows, and they
compare hashes.
"""

from collections.abc import Collection, Sequence
from types import ModuleType

from apprenti.data.describe.description import plain, without_test
from apprenti.data.describe.samples import Rows
from apprenti.data.findings import (
    as_read,
    blank_texts,
    class_in_one_part,
    class_spellings,
    classes_unread,
    constant,
    contradictions,
    copies_between_parts,
    dates_drawn,
    duplicates,
    few_rows,
    folders_as_parts,
    gives_away,
    id_like,
    images_misplaced,
    images_unread,
    imbalance,
    long_tail,
    many_values,
    missing,
    mixed,
    mostly_missing,
    nowhere,
    one_class,
    ordered_classes,
    other_files,
    outliers,
    placeholders,
    read_as_words,
    read_so,
    shades_lost,
    small_class,
    text_beside,
    together,
    twins,
    uneven_parts,
    unlabelled,
    unseen_values,
    untaught_class,
    variants,
    wide,
)
from apprenti.data.findings.evidence import Evidence, Files
from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.passed_over import PassedOver
from apprenti.data.source import Source, Table
from apprenti.data.split.parts import TEST
from apprenti.data.split.sharing import Sharing
from apprenti.findings import Finding, by_gravity, found, gather, not_applicable

ABOUT_FILES = (
    classes_unread,
    images_unread,
    images_misplaced,
    other_files,
    class_in_one_part,
    class_spellings,
    shades_lost,
    folders_as_parts,
)
"""The rules that are about files of images: what of them is read, and how."""

RULES = (
    few_rows,
    one_class,
    small_class,
    imbalance,
    unlabelled,
    missing,
    mostly_missing,
    blank_texts,
    mixed,
    constant,
    id_like,
    many_values,
    outliers,
    twins,
    duplicates,
    contradictions,
    copies_between_parts,
    unseen_values,
    dates_drawn,
    gives_away,
    together,
    text_beside,
    read_as_words,
    placeholders,
    variants,
    wide,
    long_tail,
    ordered_classes,
    as_read,
    read_so,
    nowhere,
    uneven_parts,
    untaught_class,
    *ABOUT_FILES,
)
"""In the order of their codes."""

ABOUT_PARTS = (copies_between_parts,)
"""The rules that are given the rows of the test part too."""

ABOUT_ARRAYS = (
    few_rows,
    one_class,
    small_class,
    imbalance,
    duplicates,
    contradictions,
    copies_between_parts,
    long_tail,
    *ABOUT_FILES,
    untaught_class,
)
"""The rules that need nothing but the answers, and to know which inputs are the same."""


BEFORE_TRAINING = (nowhere, uneven_parts, untaught_class)
"""The rules that are asked again before each training: what its own split leaves to learn from."""

GRAVE = (*(rule for rule in RULES if rule.SEVERITY == "error"), copies_between_parts)
"""The rules that are asked of each table before it is learned from: what they find would make any
result worth nothing, or too good to be true."""

SLOW = (gives_away,)
"""The rules that train models to find out."""


def look(evidence: Evidence, rules: Sequence[ModuleType] = RULES) -> list[Finding]:
    """Return what these rules find, errors first, then warnings, then notes."""
    return found(answers(evidence, rules))


def answers(
    evidence: Evidence,
    rules: Sequence[ModuleType] = RULES,
    leave_out: Collection[ModuleType] = (),
) -> list[Finding]:
    """Return an answer of each rule, also where nothing was found; see `apprenti.findings`."""
    whole = evidence._replace(frame=plain(evidence.frame), counted={})
    parts = whole.parts
    seen = whole._replace(
        frame=without_test(whole.frame, parts),
        counted={},
        parts=None if parts is None else parts[parts != TEST],
    )
    given = {rule: whole if rule in ABOUT_PARTS else seen for rule in rules}
    told = [
        answer
        for rule, shown in given.items()
        for answer in gather([rule], shown, leave_out=leave_out)
    ]
    return by_gravity(told)


def look_at_files(source: Source) -> list[Finding]:
    """Return what is not read of a folder of images, or not in full."""
    return found(gather(ABOUT_FILES, Files(source.passed_over)))


def look_at_rows(
    rows: Rows,
    task: str,
    table: Table | None = None,
    beside: PassedOver | None = None,
    shared: Sharing | None = None,
) -> list[Finding]:
    """Return what is wrong with images or other arrays: with their answers, and their copies."""
    return found(answers_of_rows(rows, task, table, beside, shared))


def answers_of_rows(
    rows: Rows,
    task: str,
    table: Table | None = None,
    beside: PassedOver | None = None,
    shared: Sharing | None = None,
) -> list[Finding]:
    """Return an answer of each rule on images or other arrays.

    `table` is the one that names the files, where there is one, and `shared` how it was split;
    `beside` is what is not read.
    """
    import pandas as pd

    target, inputs = rows.target, f"{rows.target} contents"
    columns = Columns(target, (), (inputs,), (), (), ())
    content = {inputs: rows.contents, target: rows.labels}
    frame = pd.DataFrame(content, index=None if rows.names is None else list(rows.names))
    evidence = Evidence(
        frame, columns, task, rows.parts, named=rows.names is not None, beside=beside
    )
    told = answers(evidence, ABOUT_ARRAYS)
    asked = set(ABOUT_ARRAYS)
    if table is not None:
        answers_alone = table.frame[[table.columns.target]]
        whole = Evidence(answers_alone, table.columns, task, None, sharing=shared)
        of_table = [unlabelled, nowhere, uneven_parts]
        told += gather(of_table, whole)
        asked.update(of_table)
    told += [not_applicable(rule.CODE, "no_columns") for rule in RULES if rule not in asked]
    return by_gravity(told)


__all__ = [
    "BEFORE_TRAINING",
    "GRAVE",
    "RULES",
    "SLOW",
    "Evidence",
    "answers",
    "answers_of_rows",
    "look",
    "look_at_files",
    "look_at_rows",
]
