"""What documents show is what the code says; `--rewrite-docs` writes it anew.

Commands, settings, the loop in both READMEs, the apprenti.toml and the JSON of a project.
Files that they name are there, and links lead somewhere.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import json_schemas
from apprenti import project, run_settings, runs
from apprenti.cli.commands import COMMANDS
from apprenti.cli.runs_command import COMMANDS as OF_RUNS
from apprenti.data.source import open_source
from apprenti.language import LANGUAGES, choose, say
from apprenti.new.template import toml, write_project
from apprenti.train.plan import plan

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = {
    "en": {"commands": DOCS / "commands.md", "settings": DOCS / "settings.md"},
    "fr": {"commands": DOCS / "fr" / "commandes.md", "settings": DOCS / "fr" / "reglages.md"},
}
WRITTEN_BY = "<!-- python -m pytest tests/contracts --rewrite-docs -->\n\n"

EVERY = ["", *COMMANDS]
after_runs = EVERY.index("runs") + 1
EVERY[after_runs:after_runs] = [f"runs {name}" for name in OF_RUNS]

WORDS = {
    "en": {
        "commands": "# Commands\n\nWhat `--help` says of each. Exit status: 0 done, 1 a problem "
        "that the message explains, 2 wrong usage, 130 interrupted.\n",
        "settings": "# Settings\n\nThe settings of `apprenti.toml`, with what each may be and what "
        "it is where nothing is said.\n`--set NAME=VALUE` changes one for a single run; its short "
        "name will do (`epochs` for\n`train.epochs`; `seed` is `train.seed`, and `split.seed` the "
        "other one).\n",
        "file": "## The file of a new project\n",
        "head": "| setting | what it does | allowed | default |\n|---|---|---|---|\n",
        "needed": "*must be given*",
        "open": "*left open*",
    },
    "fr": {
        "commands": "# Commandes\n\nCe que `--help` dit de chacune. Code de sortie\u202f: 0 fait, "
        "1 un problème que le message explique,\n2 commande mal écrite, 130 interrompu.\n",
        "settings": "# Réglages\n\nLes réglages d'`apprenti.toml`, avec les valeurs admises et "
        "celle qui vaut quand rien n'est dit.\n`--set NOM=VALEUR` en change un pour un seul "
        "entraînement\u202f; son nom court suffit (`epochs` pour\n`train.epochs`\u202f; `seed` est "
        "`train.seed`, et `split.seed` l'autre).\n",
        "file": "## Le fichier d'un nouveau projet\n",
        "head": "| réglage | ce qu'il fait | valeurs admises | par défaut |\n|---|---|---|---|\n",
        "needed": "*à donner*",
        "open": "*laissé libre*",
    },
}


def help_of(command, language):
    variables = {**os.environ, "APPRENTI_LANG": language, "COLUMNS": "80", "PYTHONUTF8": "1"}
    words = [sys.executable, "-m", "apprenti", *command.split(), "--help"]
    done = subprocess.run(words, env=variables, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip()


def commands_page(language):
    pages = [
        f"## {f'apprenti {command}'.strip()}\n\n```text\n{help_of(command, language)}\n```\n"
        for command in EVERY
    ]
    return "\n".join([WORDS[language]["commands"], *pages])


def settings_page(language, folder):
    choose(language)
    words = WORDS[language]
    text = words["settings"]
    for section in project.SECTIONS:
        rows = [row(s, words) for s in project.settings() if s.section == section]
        text += f"\n## [{section}]\n\n{words['head']}" + "".join(rows)
    data = project.DataSettings(source="digits")
    example = toml(data, open_source(data, folder), of_the_guide=True)
    return f"{text}\n{words['file']}\n```toml\n{example}```\n"


def row(setting, words):
    help_text = say(f"settings.{setting.key}")
    allowed = project.limits(setting.field).replace("|", "\\|")
    return f"| `{setting.name}` | {help_text} | {allowed} | {default(setting, words)} |\n"


def default(setting, words):
    if setting.field.is_required():
        return words["needed"]
    value = setting.field.default
    if value is None:
        return words["open"]
    return f"`{json.dumps(list(value) if isinstance(value, tuple) else value)}`"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["commands", "settings"])
def test_the_page_says_what_the_code_says(name, language, tmp_path, request):
    path = PAGES[language][name]
    made = commands_page(language) if name == "commands" else settings_page(language, tmp_path)
    made = WRITTEN_BY + made
    if request.config.getoption("--rewrite-docs", default=False):
        path.write_text(made, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == made


def test_every_setting_and_command_has_its_place_in_both_languages():
    for pages in PAGES.values():
        settings, commands = (
            pages[n].read_text(encoding="utf-8") for n in ("settings", "commands")
        )
        assert re.findall(r"^## \[(.*)\]$", settings, re.MULTILINE) == list(project.SECTIONS)
        named = re.findall(r"^\| `(\w+)` \|", settings, re.MULTILINE)
        assert named == [setting.name for setting in project.settings()]
        assert re.findall(r"^## apprenti ?(.*)$", commands, re.MULTILINE) == EVERY


FOLDERS = ("docs", "src", "tests", "benchmarks")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(page for name in FOLDERS for page in (ROOT / name).rglob("*.md")),
]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)|!\[[^\]]*\]\(([^)\s]+)\)")


def test_every_link_in_the_documents_leads_somewhere():
    lost = []
    for document in DOCUMENTS:
        for found in LINK.findall(document.read_text(encoding="utf-8")):
            target = "".join(found)
            if "://" not in target and not (document.parent / target).exists():
                lost.append((document.relative_to(ROOT).as_posix(), target))
    assert not lost


def anchors(page):
    """Return the names of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_heading_leads_to_one():
    lost = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for target, heading in re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", text):
            page = document.parent / target if target else document
            if heading not in anchors(page):
                lost.append((document.relative_to(ROOT).as_posix(), heading))
    assert not lost


NAMED = re.compile(r"`((?:src|tests|docs|benchmarks|backends|texts|cli|data|doctor)/[\w./*-]+)`")
PLACES = (ROOT, ROOT / "src" / "apprenti", ROOT / "tests")


def test_every_file_of_the_project_that_is_named_is_there():
    lost = set()
    for document in DOCUMENTS:
        if document.name == "CHANGELOG.md":
            continue
        for name in NAMED.findall(document.read_text(encoding="utf-8")):
            if not any([*place.glob(name.rstrip("/"))] for place in PLACES):
                lost.add((document.relative_to(ROOT).as_posix(), name))
    assert not lost


# ---- What is shown of a project and of its scripts

READMES = {"en": ROOT / "README.md", "fr": ROOT / "README.fr.md"}
PROJECTS = {"en": DOCS / "project.md", "fr": DOCS / "fr" / "projet.md"}
AT_MOST = 150
SHOWN = ("source", "split", "kind", "hidden_units", "framework", "epochs")


def block(page, kind):
    """Return the one block of code of this kind on a page."""
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    return found


def compare_block(page, kind, made, request):
    if request.config.getoption("--rewrite-docs", default=False):
        kept = page.read_text(encoding="utf-8")
        new = kept.replace(f"```{kind}\n{block(page, kind)}", f"```{kind}\n{made}")
        page.write_text(new, encoding="utf-8", newline="\n")
    assert block(page, kind) == made


def loop(script):
    """Return the model and the loop of an `essential.py`, down to the step of the optimizer."""
    sections = re.split(r"(?m)^(?=# %% )", script)
    (model,) = [section for section in sections if re.search(r"(?m)^model = ", section)]
    (training,) = [section for section in sections if "optimizer.step()" in section]
    return model + training[: training.index("\n", training.index("optimizer.step()")) + 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loop_in_the_readme_is_that_of_an_essential_py(language, tmp_path, request):
    choose(language)
    planned = plan(write_project(tmp_path / "digits", "digits"))
    compare_block(READMES[language], "python", loop(planned.files["essential.py"]), request)


def test_a_readme_is_short():
    for page in READMES.values():
        assert page.read_text(encoding="utf-8").count("\n") <= AT_MOST


def excerpt(content):
    """Return some settings of an apprenti.toml, with their help, under their sections."""
    lines, kept = content.splitlines(), []
    for above, line in zip(["", *lines], lines, strict=False):
        if line.startswith("["):
            kept += ["", line] if kept else [line]
        elif line.split(" = ")[0] in SHOWN:
            kept += [above, line]
    return "\n".join(kept) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_on_the_page_of_a_project_is_what_new_writes(language, tmp_path, request):
    choose(language)
    write_project(tmp_path / "digits", "digits")
    made = excerpt((tmp_path / "digits" / project.FILE).read_text(encoding="utf-8"))
    assert [line.split(" = ")[0] for line in made.splitlines() if " = " in line and line[0] != "#"]
    compare_block(PROJECTS[language], "toml", made, request)


JSON = {"en": DOCS / "json.md", "fr": DOCS / "fr" / "json.md"}
OF_THE_DAY = ("run", "path", "seconds", "started")
SETTINGS = ("model.kind", "train.framework", "train.epochs")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_json_on_its_page_is_what_train_writes(language, tmp_path, train, request):
    run = train(write_project(tmp_path / "tiny", "digits"))
    made = run_settings.as_json(runs.read(run))
    made["settings"] = {name: made["settings"][name] for name in SETTINGS}
    (shown,) = json.loads(block(JSON[language], "json")).get("runs", [made])
    today = made | {name: shown[name] for name in OF_THE_DAY}
    if request.config.getoption("--rewrite-docs", default=False):
        shown = today
        told = json.dumps({"runs": [today], "findings": []}, indent=2)
        compare_block(JSON[language], "json", told + "\n", request)
    assert list(shown) == list(made)
    assert shown == {name: about(value) for name, value in today.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_json_names_every_schema(language):
    named = re.findall(r"\]\((?:\.\./)?schemas/([\w-]+)\.json\)", JSON[language].read_text("utf-8"))
    assert sorted(named) == sorted(["common", *json_schemas.names()])


def about(value):
    """Return what equals a value, or a number that is nearly the same: machines differ."""
    return pytest.approx(value, abs=0.02) if isinstance(value, float) else value


def test_contributing_shows_which_way_imports_point():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    shown = block(ROOT / "CONTRIBUTING.md", "text").splitlines()
    assert shown == [layer.replace("apprenti.", "") for layer in layers]
