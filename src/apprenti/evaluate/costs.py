"""What errors cost, as the user states it: missed=10,false_alarm=1."""

import math
from typing import NamedTuple

from apprenti.errors import ApprentiError


class Costs(NamedTuple):
    """What one error costs, in any unit; a right prediction costs nothing."""

    missed: float
    """A row of the positive class that is taken for the other."""
    false_alarm: float
    """A row of the other class that is taken for the positive one."""


def parse(stated: str) -> Costs:
    """Return the costs that are stated; raises ApprentiError where they cannot be understood."""
    found: dict[str, float] = {}
    for part in stated.split(","):
        name, equals, value = (one.strip() for one in part.partition("="))
        if not equals or name not in Costs._fields:
            raise ApprentiError("cost_unreadable", stated=stated, part=part.strip())
        if name in found:
            raise ApprentiError("cost_twice", stated=stated, name=name)
        found[name] = _amount(stated, name, value)
    missing = [name for name in Costs._fields if name not in found]
    if missing:
        raise ApprentiError("cost_missing", stated=stated, name=missing[0])
    if not any(found.values()):
        raise ApprentiError("cost_nothing", stated=stated)
    return Costs(**found)


def _amount(stated: str, name: str, value: str) -> float:
    try:
        amount = float(value)
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or amount < 0:
        raise ApprentiError("cost_not_amount", stated=stated, name=name, value=value)
    return amount
