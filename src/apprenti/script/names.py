"""The names that a piece of code takes from outside itself."""

import symtable
from functools import cache


@cache
def names_taken(text: str) -> frozenset[str]:
    """Return the names a piece of code takes from outside itself (not its own variables)."""

    def taken(scope: symtable.SymbolTable) -> set[str]:
        here = {s.get_name() for s in scope.get_symbols() if s.is_global() and s.is_referenced()}
        return here.union(*(taken(child) for child in scope.get_children()))

    return frozenset(taken(symtable.symtable(text, "block", "exec")))
