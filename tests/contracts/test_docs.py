"""The pages of commands and settings say what the code says; `--rewrite-docs` writes them anew."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from apprenti import project
from apprenti.cli.commands import COMMANDS
from apprenti.data.sources import open_source
from apprenti.language import LANGUAGES, choose, say
from apprenti.train.template import toml

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "en": {"commands": DOCS / "commands.md", "settings": DOCS / "settings.md"},
    "fr": {"commands": DOCS / "fr" / "commandes.md", "settings": DOCS / "fr" / "reglages.md"},
}
WRITTEN_BY = "<!-- python -m pytest tests/contracts --rewrite-docs -->\n\n"

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
        for command in ("", *COMMANDS)
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
    example = toml(data, open_source(data, folder))
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
        assert re.findall(r"^## apprenti ?(.*)$", commands, re.MULTILINE) == ["", *COMMANDS]


LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)|!\[[^\]]*\]\(([^)\s]+)\)")


def test_every_link_in_the_documents_leads_somewhere():
    root = DOCS.parent
    documents = [*root.glob("*.md"), *DOCS.rglob("*.md"), *(root / "src").rglob("*.md")]
    assert len(documents) > 5
    lost = []
    for document in documents:
        for found in LINK.findall(document.read_text(encoding="utf-8")):
            target = "".join(found)
            if "://" not in target and not (document.parent / target).exists():
                lost.append((document.relative_to(root).as_posix(), target))
    assert not lost
