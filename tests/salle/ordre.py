"""Shuffles the rows of every query that asks for no order, so that no test passes by the luck of insertion order."""

from typing import Any

from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)

# As both databases write it: compiled once, not for each query.
AU_HASARD = (OrderBy(Random()), ("RANDOM()", (), False))
_order_by = SQLCompiler.get_order_by


def melanger() -> None:
    """From now on, in this process, SELECTs of rows without ORDER BY come back in a random order."""

    def get_order_by(self: SQLCompiler) -> list[Any]:
        return _order_by(self) or ([AU_HASARD] if _peut_melanger(self) else [])

    SQLCompiler.get_order_by = get_order_by  # type: ignore[method-assign]


def _peut_melanger(compilateur: SQLCompiler) -> bool:
    """Leave alone what an ORDER BY would change: distinct rows, unions, groups, subqueries and existence tests."""
    requete = compilateur.query
    return not (
        requete.subquery
        or requete.distinct
        or requete.combinator
        or requete.group_by is not None
        or requete.is_sliced
        or requete.alias_prefix != "T"
        or isinstance(compilateur, SQLInsertCompiler | SQLUpdateCompiler | SQLDeleteCompiler | SQLAggregateCompiler)
    )
