"""apprenti explain: what a finding, a failure, a term or a setting means."""

from apprenti.cli.options import Json, Lang


def run(as_json: Json = False, lang: Lang = None) -> None:
    pass
