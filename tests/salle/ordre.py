"""Shuffles the rows of every query that asks for no order, so that no test passes by the luck of insertion order."""

from collections.abc import Iterator
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

_pairs = SQLCompiler._order_by_pairs


def melanger() -> None:
    """From now on, in this process, SELECTs of rows without ORDER BY come back in a random order."""

    def order_by_pairs(self: SQLCompiler) -> Iterator[tuple[Any, bool]]:
        a_un_ordre = False
        for paire in _pairs(self):
            a_un_ordre = True
            yield paire
        if not a_un_ordre and _peut_melanger(self):
            yield OrderBy(Random()), False

    SQLCompiler._order_by_pairs = order_by_pairs  # type: ignore[method-assign]


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
