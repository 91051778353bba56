"""The tariffs that apply to a household: its quotient in words, and what each service costs each of its children today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from marelle.activites.models import Unite
from marelle.activites.selection import unites_offertes
from marelle.familles.models import Enfant
from marelle.regles.prix import LigneDePrix, Prix
from marelle.socle.horloge import aujourdhui
from marelle.tarification.etat import dire_la_source, dire_la_validite, etat_du_quotient
from marelle.tarification.foyer import Quotient

from .prix import devis_de


@dataclass(frozen=True, slots=True)
class Ligne:
    """One price of a child, and the activities where it is asked; what outings add to it, with their names."""

    unite: str
    prix: Prix
    activites: tuple[str, ...]
    sorties: tuple[LigneDePrix, ...] = ()


def quotient_dit(request: HttpRequest) -> dict[str, Any] | None:
    """What the household reads of its quotient; None when the collectivité shows no tariffs."""
    devis, jour = devis_de(request), aujourdhui()
    if devis.tarifs is None or devis.foyer is None:
        return None
    etat = etat_du_quotient(devis.foyer, devis.tarifs, jour)
    return {
        "applique": _dire(etat.applique, jour) if etat.applique else None,
        "phrase": etat.phrase,
        "suivants": [_dire(un, jour) for un in etat.suivants],
        "moment": devis.tarifs.quotient.moment,
        "deliberation": version.deliberation if (version := devis.tarifs.version_du(jour)) else "",
    }


def _dire(quotient: Quotient, jour: date) -> dict[str, Any]:
    return {
        "valeur": quotient.valeur,
        "source": dire_la_source(quotient, jour),
        "validite": dire_la_validite(quotient, jour),
    }


def tarifs_de(request: HttpRequest, enfant: Enfant) -> list[Ligne]:
    """What each unité offered at the child's age costs today; the same price asked in several places is said once."""
    devis, jour = devis_de(request), aujourdhui()
    par_prix: dict[tuple[str, Prix, tuple[LigneDePrix, ...]], list[str]] = {}
    version = devis.tarifs.version_du(jour) if devis.tarifs else None
    for unite in unites_offertes():
        if not _est_de_l_age(unite, enfant, jour):
            continue
        prix = devis.prix(enfant.pk, unite.activite.code, unite, jour)
        if prix is None or version is None:
            continue
        tous = list(version.evenements(unite.activite.code, unite.code))
        entier = devis.prix(enfant.pk, unite.activite.code, unite, jour, evenements=tous) or prix
        sorties = tuple(ligne for ligne in entier.lignes if ligne.sorte == "evenement")
        par_prix.setdefault((unite.nom, prix, sorties), []).append(unite.activite.nom)
    return [Ligne(nom, prix, tuple(ou), sorties) for (nom, prix, sorties), ou in par_prix.items()]


def _est_de_l_age(unite: Unite, enfant: Enfant, jour: date) -> bool:
    return unite.activite.age_min <= enfant.age_le(jour) <= unite.activite.age_max
