"""How the hours of the Caf are said: the words of each group, days and hours in French, the two CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.journal.service import noter

from .caf import ETATS, NOMS_DES_TEMPS, LigneCaf, Somme, sommes
from .neutre_tables import texte_sur
from .regimes import INCONNU
from .regimes import NOMS as REGIMES

NOMS = {
    "centre": "Centre",
    "temps": "Temps d’accueil",
    "age": "Âge",
    "regime": "Régime",
    "commune": "Commune",
    "quotient": "Tranche de quotient",
    "etat": "État",
    "activite": "Activité",
}
CHAMPS = {
    "age": ("centre", "temps", "age", "regime"),
    "commune": ("centre", "temps", "commune"),
    "quotient": ("centre", "temps", "quotient"),
}
PREFIXE = "l_"
FAMILLES_MONTREES = 50


@dataclass(frozen=True, slots=True)
class Rangee:
    """One row of the figures: its words, its sums, and the address of the lines behind it (the end of it)."""

    titre: str
    detail: str
    somme: Somme
    jours: str
    realisees: str
    facturees: str
    par_etat: tuple[tuple[str, str, str], ...]
    criteres: tuple[tuple[str, str], ...]


def rangees(lignes: Iterable[LigneCaf], par: str) -> list[Rangee]:
    champs = CHAMPS[par]
    return [_rangee(une, champs) for une in sommes(lignes, champs)]


def total(lignes: Iterable[LigneCaf]) -> Rangee | None:
    """Everything at once; None without any line."""
    toutes = sommes(lignes, ())
    return _rangee(toutes[0], ()) if toutes else None


def _rangee(somme: Somme, champs: Sequence[str]) -> Rangee:
    mots = [dire(nom, valeur) for nom, valeur in zip(champs, somme.cle, strict=True)]
    return Rangee(
        titre=f"{mots[0]}, {mots[1].lower()}" if mots else "Ensemble",
        detail=", ".join(mots[2:]),
        somme=somme,
        jours=en_jours(somme.demi_journees),
        realisees=en_heures(somme.realisees),
        facturees=en_heures(somme.facturees),
        par_etat=tuple((etat, mot, en_jours(somme.par_etat.get(etat, 0))) for etat, mot in ETATS.items()),
        criteres=tuple((f"{PREFIXE}{nom}", valeur) for nom, valeur in zip(champs, somme.cle, strict=True)),
    )


def criteres_de(demandes: Mapping[str, str]) -> dict[str, str]:
    """What an address says of the lines wanted: `l_temps=mercredi`…"""
    return {nom: demandes[f"{PREFIXE}{nom}"] for nom in NOMS if demandes.get(f"{PREFIXE}{nom}")}


def dire(nom: str, valeur: str) -> str:
    """A value as people read it."""
    mots = {"temps": NOMS_DES_TEMPS, "regime": REGIMES, "etat": ETATS}
    dit = str(mots.get(nom, {}).get(valeur, valeur))
    return f"quotient {dit}" if nom == "quotient" else dit


def en_jours(demi_journees: int) -> str:
    """« 12,5 »."""
    return f"{demi_journees // 2},5" if demi_journees % 2 else str(demi_journees // 2)


def en_heures(minutes: int) -> str:
    """« 1 204 h 30 »."""
    heures, reste = divmod(minutes, 60)
    ecrites = f"{heures:,}".replace(",", "\u00a0")
    return f"{ecrites}\u00a0h\u00a0{reste:02}" if reste else f"{ecrites}\u00a0h"


def sans_regime(lignes: Iterable[LigneCaf]) -> tuple[list[Famille], int]:
    """The households whose régime is not known (the first of them), and how many they are."""
    cles = {une.famille_id for une in lignes if une.regime == INCONNU}
    return list(Famille.objects.filter(pk__in=cles).order_by("nom", "pk")[:FAMILLES_MONTREES]), len(cles)


def decimales(minutes: int) -> str:
    """Hours with two decimals, rounded to the nearest hundredth: « 8,50 »."""
    centiemes = (minutes * 100 + 30) // 60
    return f"{centiemes // 100},{centiemes % 100:02}"


def totaux_en_csv(lignes: Iterable[LigneCaf], par: str) -> bytes:
    champs = CHAMPS[par]
    titres = [*(NOMS[nom] for nom in champs), "Enfants différents", "Journées", "Heures réalisées", "Heures facturées"]
    contenu = [
        [
            *(texte_sur(dire(nom, valeur)) for nom, valeur in zip(champs, une.cle, strict=True)),
            len(une.enfants), en_jours(une.demi_journees), decimales(une.realisees), decimales(une.facturees),
            *(en_jours(une.par_etat.get(etat, 0)) for etat in ETATS),
        ]
        for une in sommes(lignes, champs)
    ]  # fmt: skip
    return _csv([*titres, *(f"Journées : {mot}" for mot in ETATS.values())], contenu)


def lignes_en_csv(lignes: Iterable[LigneCaf]) -> bytes:
    """Each attendance behind the figures."""
    titres = [
        "Jour", "Enfant", "Âge", "Régime", "Commune", "Quotient", "Centre", "Temps d’accueil", "Activité", "Unité", "État",
        "Source", "Demi-journées", "Heures réalisées", "Heures facturées",
    ]  # fmt: skip
    contenu = [
        [
            f"{une.jour:%d/%m/%Y}", texte_sur(une.enfant), une.age, dire("regime", une.regime), texte_sur(une.commune),
            une.quotient, texte_sur(une.centre), dire("temps", une.temps), texte_sur(une.activite), texte_sur(une.unite),
            ETATS[une.etat], une.source, une.demi_journees, decimales(une.realisees), decimales(une.facturees),
        ]
        for une in lignes
    ]  # fmt: skip
    return _csv(titres, contenu)


def _csv(titres: Sequence[str], lignes: Iterable[Sequence[object]]) -> bytes:
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerow(titres)
    ecrit.writerows(lignes)
    return sortie.getvalue().encode("utf-8-sig")


def journaliser(agent: Agent, debut: date | None, fin: date | None) -> None:
    """Who took the names of children out, for which period."""
    noter(agent.compte, "caf.export", du=debut.isoformat() if debut else "", au=fin.isoformat() if fin else "")
