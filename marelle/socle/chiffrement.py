"""Can what is encrypted at rest be read with the keys in force, and how does it pass to the newest one?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from encrypted_fields.fields import EncryptedFieldMixin

from .coffre import coffre

Champ = tuple[type[models.Model], Any]


@dataclass(frozen=True, slots=True)
class Bilan:
    """How many values were read; those that no key opens, as « table.colonne, ligne n »."""

    lues: int
    illisibles: list[str]


def verifier() -> Bilan:
    """Decrypt every value and forget it. The field itself would show the ciphertext instead of saying that a key is wrong."""
    return _parcourir(renouvelle=False)


def renouveler() -> Bilan:
    """Encrypt every value again with the keys in force (MARELLE_CLE_SECRETE and the first of MARELLE_CLES_CHIFFREMENT);
    may be run while the portal is in use."""
    return _parcourir(renouvelle=True)


def champs_chiffres() -> list[Champ]:
    """Each model and field that is encrypted at rest."""
    return [
        (modele, champ)
        for modele in apps.get_models()
        for champ in modele._meta.concrete_fields
        if isinstance(champ, EncryptedFieldMixin)
    ]


def _parcourir(*, renouvelle: bool) -> Bilan:
    lues, illisibles = 0, []
    for modele, champ in champs_chiffres():
        cles = coffre()
        for pk, brut in _valeurs(modele, champ):
            lues += 1
            try:
                nouveau = cles.rotate(brut.encode()).decode()
            except InvalidToken:
                illisibles.append(f"{modele._meta.db_table}.{champ.column}, ligne {pk}")
                continue
            if renouvelle:
                _remplacer(modele, champ, pk, brut, nouveau)
    return Bilan(lues, illisibles)


def _valeurs(modele: type[models.Model], champ: Any) -> Iterator[tuple[Any, str]]:
    """Keys, then texts as they are stored, a hundred at a time: no long read stands open while rows are written."""
    presentes = ~Q(**{f"{champ.name}__isnull": True})
    cles = list(modele._base_manager.filter(presentes).order_by("pk").values_list("pk", flat=True))
    for debut in range(0, len(cles), 100):
        bruts = modele._base_manager.annotate(brut=Cast(F(champ.name), TextField()))
        yield from list(bruts.filter(pk__in=cles[debut : debut + 100]).order_by("pk").values_list("pk", "brut"))


def _remplacer(modele: type[models.Model], champ: Any, pk: Any, brut: str, nouveau: str) -> None:
    """Only if nobody wrote it meanwhile: what was just written has the newest key already."""
    lignes = modele._base_manager.annotate(brut=Cast(F(champ.name), TextField())).filter(pk=pk, brut=brut)
    lignes.update(**{champ.name: Value(nouveau, output_field=TextField())})
