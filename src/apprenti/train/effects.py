"""A setting that is given and would change nothing is refused: it would seem to be obeyed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.project import BESIDE_RUNS
from apprenti.train.flat_settings import flat_name, flat_settings

if TYPE_CHECKING:
    from apprenti.train.plan import Plan


def check_effects(overridden: Iterable[str], plans: "Sequence[Plan]") -> None:
    """Refuse a setting given on the command line that none of the planned scripts would use."""
    known = flat_settings(plans[0].choices, plans[0].source)
    for key in overridden:
        if key.partition(".")[0] in BESIDE_RUNS:
            raise ApprentiError("not_of_a_run", key=key)
        name = flat_name(key)
        if name in known and not any(_uses(planned, key, name) for planned in plans):
            models = {planned.choices.model.kind for planned in plans}
            frameworks = {planned.choices.train.framework for planned in plans}
            values = {
                "model": ", ".join(sorted(models)),
                "framework": ", ".join(sorted(frameworks)),
            }
            raise ApprentiError("no_effect", key=key, **values, help=say(f"settings.{key}"))


def _uses(planned: "Plan", key: str, name: str) -> bool:
    """Say whether a script uses a setting as it was given: a model may have no place for it."""
    section, _, within = key.partition(".")
    known = flat_settings(planned.choices, planned.source)
    chosen = getattr(planned.choices, section)
    taken = section == "data" or known[name] == getattr(chosen, within)
    return taken and name in planned.script.used_settings
