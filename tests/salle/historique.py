"""Refuses, while tests run, the bulk changes that would leave a hole in the past of a historised model."""

import sys
from typing import Any

from django.db.models import Model, QuerySet

EN_BLOC = ("update", "bulk_update", "bulk_create")


def est_historise(modele: type[Model]) -> bool:
    """Whether simple_history keeps the past of this model."""
    return hasattr(modele._meta, "simple_history_manager_attribute")


def proteger() -> None:
    """From now on, in this process, `update`, `bulk_update` and `bulk_create` raise on historised models."""
    for nom in EN_BLOC:
        setattr(QuerySet, nom, _gardee(nom, getattr(QuerySet, nom)))


def _gardee(nom: str, methode: Any) -> Any:
    def garde(self: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        appelant = sys._getframe(2).f_globals.get("__name__")  # one frame is the manager's
        assert not est_historise(self.model) or appelant == "simple_history.utils", (
            f"{self.model.__name__}.{nom} : simple_history ne le verrait pas"
        )
        return methode(self, *args, **kwargs)

    garde.alters_data = True  # type: ignore[attr-defined]
    garde.queryset_only = False  # type: ignore[attr-defined]
    return garde
