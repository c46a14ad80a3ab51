"""Projects to judge: one in which everything is done, and copies with one thing planted in each."""

import csv
import json
import shutil
from typing import NamedTuple

import numpy as np

import apprenti
from apprenti import ledger, runs
from apprenti.evaluate.test_set import open_test_set
from apprenti.new import change

ITEMS = (
    *("problem", "data", "split", "model", "training", "environment"),
    *("first_training", "measures", "evaluation", "documentation", "ethics"),
)
NOT_DONE, IN_DOUBT = "not_done", "in_doubt"

SETTINGS = {
    "model.kind": "mlp",
    "train.framework": "sklearn",
    "train.epochs": 20,
    "data.sensitive": ["sex"],
    "goal.use": "The agency ranks the flats that it calls about first",
    "goal.measure": "accuracy",
    "goal.at_least": 0.8,
}
ANSWERS = {
    "data_origin": "Drawn by a formula for this test",
    "personal_data": "no",
    "sensitive_traits": "yes",
    "ai_act_literacy": "yes",
    "ai_act_prohibited": "no",
    "ai_act_field": "none",
}


def flats(path, rows=2000):
    """Write a table of flats that sell or do not, for reasons that a model can learn."""
    draw = np.random.default_rng(0)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["surface", "rooms", "floor", "built", "sex", "sold"])
        for _ in range(rows):
            surface, rooms, floor = draw.normal(70, 20), draw.integers(1, 7), draw.integers(0, 9)
            odds = (surface - 70) / 20 + 0.8 * (rooms - 3.5) - 0.2 * (floor - 4)
            sold = "yes" if odds + draw.normal(0, 0.7) > 0 else "no"
            built = int(draw.integers(1900, 2020))
            sex = "woman" if draw.random() < 0.5 else "man"
            writer.writerow([round(surface, 2), rooms, floor, built, sex, sold])


def new(folder):
    """Make the project, as `apprenti new` does, and choose its model."""
    folder.mkdir()
    flats(folder / "flats.csv")
    apprenti.new(folder, folder / "flats.csv", target="sold")


def perfect(folder):
    """Do everything that the checklist asks for."""
    new(folder)
    change.change(folder, SETTINGS)
    apprenti.data(folder, picture=False)
    apprenti.train(folder, framework="sklearn", kind="trivial")
    apprenti.train(folder, epochs=1, **{"data.split.train": 1000})
    made = apprenti.train(folder).run
    runs.set_note(made, "The one to keep: a small network")
    apprenti.reproduce(made, project=folder)
    open_test_set(made)
    said = {**ANSWERS, "mistakes": "Mostly flats near the border"}
    apprenti.checklist(folder, answers=said)


# ---- What is planted


def the_run(folder):
    return next(iter(sorted((folder / "runs").glob("*-003-*"))))


def edit_json(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def edit_lines(path, edit):
    path.write_text("".join(edit(path.read_text().splitlines(keepends=True))))


def set_by_hand(folder, before, after):
    path = folder / "apprenti.toml"
    text = path.read_text()
    assert before in text, before
    path.write_text(text.replace(before, after))


def untrained(folder):
    """Leave the answers, and take away whatever could bear them out."""
    shutil.rmtree(folder / "runs")
    (folder / "ledger.jsonl").unlink()


def empty(folder):
    untrained(folder)
    for path in (folder / "apprenti.toml", folder / "data.json"):
        path.unlink()
    for path in folder.glob(".*"):
        path.unlink()
    apprenti.new(folder, folder / "flats.csv", target="sold")


def test_rows_among_the_training_rows(folder):
    """Add the test rows to the table again: a random split puts many of them into training."""
    from apprenti.data.source import open_source
    from apprenti.data.split.written import share_out
    from apprenti.project import load

    data = load(folder).choices.data
    shares = share_out(open_source(data, folder), data)
    tested = [int(row) for row in shares.rows[shares.parts == 2]]
    edit_lines(folder / "flats.csv", lambda lines: [*lines, *(lines[row + 1] for row in tested)])
    apprenti.data(folder, picture=False)


def appended(folder):
    edit_lines(folder / "flats.csv", lambda lines: [*lines, "71.5,3,2,1970,man,yes\n"])


def without_test(folder):
    change.change(folder, {"data.split.test": 0})
    apprenti.data(folder, picture=False)


def split_edited(folder):
    import pandas as pd

    path = the_run(folder) / "split.parquet"
    frame = pd.read_parquet(path)
    part = frame.columns[-1]
    moved = frame.assign(**{part: frame[part].astype(str).replace("test", "train")})
    moved.to_parquet(path, index=False)


def rows_of_history(folder, edit, of="*"):
    for path in (folder / "runs").glob(f"{of}/history.csv"):
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
        rows = edit(rows)
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


def never_falling(rows):
    return [{**row, "train_loss": 2 + place / 100} for place, row in enumerate(rows)]


def unvalidated(rows):
    return [{k: v for k, v in row.items() if not k.startswith("valid")} for row in rows]


def turning(rows):
    """Let the validation loss fall for five epochs and then rise, as overfitting does."""
    return [
        {**row, "valid_loss": 0.3 + 0.05 * abs(place - 5), "train_loss": 0.5 - 0.02 * place}
        for place, row in enumerate(rows)
    ]


def foreign(folder):
    edit_json(the_run(folder) / "environment.json", seal="0" * 64)


def other_versions(folder):
    path = the_run(folder) / "environment.json"
    versions = {**json.loads(path.read_text())["versions"], "numpy": "1.0.0"}
    edit_json(path, versions=versions)


def without_baseline(folder):
    runs.delete(runs.find(folder / "runs", "1"))


def unevaluated(folder):
    (folder / "ledger.jsonl").unlink()
    for path in the_run(folder).glob("test_*"):
        path.unlink()


def ledger_edited(folder):
    path = folder / "ledger.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[-1]["measures"]["accuracy"] = 0.99
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def ledger_shortened(folder):
    edit_lines(folder / "ledger.jsonl", lambda lines: lines[1:])


def result_forged(folder):
    path = the_run(folder) / ledger.EVALUATION
    measures = json.loads(path.read_text())["measures"]
    better = [
        {**one, "value": 0.99, "low": 0.98, "high": 0.995} if one["name"] == "accuracy" else one
        for one in measures
    ]
    edit_json(path, measures=better)


def chosen_on_the_test_set(folder):
    made = apprenti.train(folder, seed=1).run
    runs.set_note(made, "Another seed")
    open_test_set(made)


def forgotten(key):
    return lambda folder: change.change(folder, {key: None})


def answered(**said):
    return lambda folder: apprenti.checklist(folder, answers=said)


def seen_before(folder):
    change.change(folder, {"answers.mistakes": {"answer": "They were few", "on": "2020-01-01"}})


def with_column(name, values):
    """Add a column to the table, and have it looked at."""

    def plant(folder):
        def edit(lines):
            heads = [f"{name},{lines[0]}"]
            return [
                *heads,
                *(f"{values[i % len(values)]},{row}" for i, row in enumerate(lines[1:])),
            ]

        edit_lines(folder / "flats.csv", edit)
        apprenti.data(folder, picture=False)

    return plant


def diverged(folder):
    apprenti.train(folder, **{"train.learning_rate": 100.0, "train.optimizer": "sgd"})


class Planted(NamedTuple):
    """A project: what is planted in it, and how the items stand that are not done."""

    name: str
    english: str
    french: str
    plant: object
    expected: dict


def all_but(*done, **others):
    return {item: NOT_DONE for item in ITEMS if item not in done} | others


EMAILS = ("ana@exemple.fr", "bo@example.org", "cy.dee@mail.example.com", "eve@exemple.fr")

PROJECTS = (
    Planted("perfect", "nothing", "rien", lambda folder: None, {}),
    Planted(
        "empty",
        "a new project",
        "un projet neuf",
        empty,
        all_but("environment"),
    ),
    Planted(
        "answers_alone",
        "all the answers, and neither runs nor ledger",
        "toutes les réponses, ni entraînement ni registre",
        untrained,
        {
            **dict.fromkeys(("model", "training", "first_training", "measures"), NOT_DONE),
            **dict.fromkeys(("evaluation", "documentation", "ethics"), NOT_DONE),
        },
    ),
    Planted(
        "no_measure",
        "a goal without a measure",
        "un objectif sans mesure",
        forgotten("goal.measure"),
        {"problem": NOT_DONE, "evaluation": NOT_DONE},
    ),
    Planted(
        "other_task",
        "a measure of the other task",
        "une mesure de l'autre tâche",
        lambda folder: set_by_hand(folder, 'measure = "accuracy"', 'measure = "r2"'),
        {"problem": NOT_DONE, "evaluation": NOT_DONE},
    ),
    Planted(
        "too_easy",
        "a threshold that the trivial baseline reaches",
        "un seuil que le modèle trivial atteint déjà",
        lambda folder: change.change(folder, {"goal.at_least": 0.4}),
        {"problem": IN_DOUBT},
    ),
    Planted(
        "goal_missed",
        "a threshold above the whole interval",
        "un seuil au-dessus de tout l'intervalle",
        lambda folder: change.change(folder, {"goal.at_least": 0.99}),
        {"evaluation": NOT_DONE},
    ),
    Planted(
        "goal_not_shown",
        "a threshold inside the interval",
        "un seuil à l'intérieur de l'intervalle",
        lambda folder: change.change(folder, {"goal.at_least": 0.9}),
        {"evaluation": IN_DOUBT},
    ),
    Planted(
        "not_looked_at",
        "data that was not looked at",
        "des données que personne n'a examinées",
        lambda folder: (folder / "data.json").unlink(),
        {"data": NOT_DONE, "split": NOT_DONE, "documentation": IN_DOUBT},
    ),
    Planted(
        "data_changed",
        "a row more since the data was looked at",
        "une ligne de plus depuis l'examen des données",
        appended,
        {"data": NOT_DONE, "split": NOT_DONE, "documentation": IN_DOUBT},
    ),
    Planted(
        "origin_unsaid",
        "it is not said where the data comes from",
        "personne n'a dit d'où viennent les données",
        forgotten("answers.data_origin"),
        {"data": NOT_DONE},
    ),
    Planted(
        "no_test_set",
        "a split without test rows",
        "un découpage sans lignes de test",
        without_test,
        {"split": NOT_DONE},
    ),
    Planted(
        "test_rows_learned",
        "the test rows put among those to learn from",
        "les lignes de test mises parmi celles d'entraînement",
        test_rows_among_the_training_rows,
        {"data": IN_DOUBT, "split": NOT_DONE, "documentation": NOT_DONE},
    ),
    Planted(
        "split_edited",
        "the record of the split edited by hand",
        "la trace du découpage modifiée à la main",
        split_edited,
        {"split": NOT_DONE},
    ),
    Planted(
        "no_baseline",
        "no trivial baseline",
        "pas de modèle trivial",
        without_baseline,
        {"model": NOT_DONE},
    ),
    Planted(
        "from_elsewhere",
        "a run copied from another machine",
        "un entraînement copié d'une autre machine",
        foreign,
        {"model": IN_DOUBT},
    ),
    Planted(
        "other_settings",
        "settings that no run has tried",
        "des réglages qu'aucun entraînement n'a essayés",
        lambda folder: change.change(folder, {"train.learning_rate": 0.02}),
        {"training": IN_DOUBT},
    ),
    Planted(
        "other_versions",
        "another NumPy since the run",
        "un autre NumPy depuis l'entraînement",
        other_versions,
        {"environment": IN_DOUBT},
    ),
    Planted(
        "never_falling",
        "training losses that only rise",
        "des pertes d'entraînement qui ne font que monter",
        lambda folder: rows_of_history(folder, never_falling),
        {"first_training": NOT_DONE, "measures": IN_DOUBT},
    ),
    Planted(
        "unvalidated",
        "a history without the validation set",
        "un historique sans le jeu de validation",
        lambda folder: rows_of_history(folder, unvalidated, "*-003-*"),
        {"measures": NOT_DONE},
    ),
    Planted(
        "overfitted",
        "a validation loss that turns and rises",
        "une perte de validation qui remonte",
        lambda folder: rows_of_history(folder, turning, "*-003-*"),
        {"measures": IN_DOUBT},
    ),
    Planted(
        "not_evaluated",
        "mistakes said to have been looked at, without an evaluation",
        "des erreurs dites examinées, sans évaluation",
        unevaluated,
        {"evaluation": NOT_DONE, "ethics": NOT_DONE},
    ),
    Planted(
        "seen_before",
        "mistakes said to have been looked at before the evaluation",
        "des erreurs dites examinées avant l'évaluation",
        seen_before,
        {"evaluation": IN_DOUBT},
    ),
    Planted(
        "ledger_edited",
        "a line of the ledger edited by hand",
        "une ligne du registre modifiée à la main",
        ledger_edited,
        {"evaluation": NOT_DONE},
    ),
    Planted(
        "ledger_shortened",
        "a line of the ledger removed",
        "une ligne du registre supprimée",
        ledger_shortened,
        {"evaluation": NOT_DONE},
    ),
    Planted(
        "result_forged",
        "a better result written into test_evaluation.json",
        "un meilleur résultat écrit dans test_evaluation.json",
        result_forged,
        {"evaluation": NOT_DONE},
    ),
    Planted(
        "chosen_on_test",
        "another run evaluated after the first",
        "un autre entraînement évalué après le premier",
        chosen_on_the_test_set,
        {"training": IN_DOUBT, "evaluation": IN_DOUBT, "documentation": NOT_DONE},
    ),
    Planted(
        "not_reproduced",
        "a run that was never run again",
        "un entraînement que personne n'a refait",
        lambda folder: (the_run(folder) / "reproduced.json").unlink(),
        {"documentation": NOT_DONE},
    ),
    Planted(
        "different",
        "a run that came out different",
        "un entraînement refait avec un autre résultat",
        lambda folder: edit_json(the_run(folder) / "reproduced.json", outcome="different"),
        {"documentation": NOT_DONE},
    ),
    Planted(
        "no_note",
        "a run without a note",
        "un entraînement sans note",
        lambda folder: (the_run(folder) / "note.txt").unlink(),
        {"documentation": NOT_DONE},
    ),
    Planted(
        "results_edited",
        "weights that are not those of the run",
        "des poids qui ne sont pas ceux de l'entraînement",
        lambda folder: (the_run(folder) / "model" / "model.skops").write_bytes(b"others"),
        {"documentation": NOT_DONE},
    ),
    Planted(
        "emails",
        "a column of e-mail addresses, and “no personal data”",
        "une colonne d'adresses électroniques, et «\u202faucune donnée personnelle\u202f»",
        with_column("contact", EMAILS),
        {"documentation": NOT_DONE, "ethics": IN_DOUBT},
    ),
    Planted(
        "personal_data",
        "personal data, and no sheet of the CNIL gone through",
        "des données personnelles, et aucune fiche de la CNIL parcourue",
        answered(personal_data="yes"),
        {"ethics": NOT_DONE},
    ),
    Planted(
        "no_fairness",
        "a sensitive column by which the model was not judged",
        "une colonne sensible d'après laquelle personne n'a jugé le modèle",
        lambda folder: edit_json(the_run(folder) / ledger.EVALUATION, fairness=None),
        {"ethics": NOT_DONE},
    ),
    Planted(
        "prohibited",
        "a use that the law prohibits",
        "un usage que la loi interdit",
        answered(ai_act_prohibited="yes"),
        {"ethics": NOT_DONE},
    ),
    Planted(
        "hiring",
        "a use that speaks of hiring, and “no listed field”",
        "un usage qui parle d'embauche, et «\u202faucun domaine\u202f»",
        lambda folder: change.change(folder, {"goal.use": "Who is called for hiring"}),
        {"ethics": IN_DOUBT},
    ),
)
"""Each item has at least one of them; the table of docs/checklist.md is made of these."""
