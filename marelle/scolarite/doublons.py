"""Which households of the portal may be the one that a pré-inscription describes? Shown to the agent, who decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marelle.familles.models import Enfant, Famille, Responsable
from marelle.familles.recherche import sans_accents
from marelle.regles.phrases import dire_jour_du_mois


@dataclass
class Doublon:
    """A household, and what it has in common."""

    famille: Famille
    raisons: list[str] = field(default_factory=list)


def doublons_de(contenu: dict[str, Any]) -> list[Doublon]:
    """By the address or telephone of an adult, the names of an adult, the first name and birth date of a child."""
    trouves: dict[int, Doublon] = {}
    for famille, raison in [
        *_par_les_adultes(contenu.get("adultes", [])),
        *_par_les_enfants(contenu.get("enfants", [])),
    ]:
        siennes = trouves.setdefault(famille.pk, Doublon(famille)).raisons
        if raison not in siennes:
            siennes.append(raison)
    return sorted(trouves.values(), key=lambda un: (-len(un.raisons), un.famille.nom, un.famille.pk))


def _par_les_adultes(saisis: Iterable[dict[str, Any]]) -> Iterable[tuple[Famille, str]]:
    """Compared here and not by the database: SQLite does not know accents."""
    cherches = list(saisis)
    adresses = {str(un.get("courriel", "")).lower() for un in cherches} - {""}
    numeros = {un.get(nom, "") for un in cherches for nom in ("telephone", "mobile")} - {""}
    noms = {_cle(un.get("prenom", ""), un.get("nom", "")) for un in cherches}
    adultes = Responsable.objects.filter(famille__est_archivee=False).select_related("famille").order_by("pk")
    for adulte in adultes.iterator(chunk_size=500):
        if adulte.courriel.lower() in adresses:
            yield adulte.famille, f"même adresse e-mail que {adulte}"
        if {adulte.telephone, adulte.mobile} & numeros:
            yield adulte.famille, f"même numéro de téléphone que {adulte}"
        if _cle(adulte.prenom, adulte.nom) in noms:
            yield adulte.famille, f"{adulte} porte les mêmes nom et prénom"


def _par_les_enfants(saisis: Iterable[dict[str, Any]]) -> Iterable[tuple[Famille, str]]:
    for saisi in saisis:
        ne_le = date.fromisoformat(saisi["date_naissance"])
        memes = (
            Enfant.objects.filter(date_naissance=ne_le, est_archive=False).prefetch_related("familles").order_by("pk")
        )
        for enfant in memes:
            if sans_accents(enfant.prenom) == sans_accents(saisi.get("prenom", "")):
                for famille in enfant.familles.all():
                    yield famille, f"{enfant}, même prénom et même date de naissance ({dire_jour_du_mois(ne_le, 0)})"


def _cle(prenom: str, nom: str) -> tuple[str, str]:
    return sans_accents(prenom), sans_accents(nom)
