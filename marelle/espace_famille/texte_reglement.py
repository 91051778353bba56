"""What the rules in force say, chapter by chapter: who, when, until when, how many, who decides, from which text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from marelle.activites.models import Activite, Temps
from marelle.activites.selection import jours_d_ouverture, offres_detaillees
from marelle.collectivite.identite import reglement
from marelle.editions.formes import TexteReglement
from marelle.regles.bornes import PARIS
from marelle.regles.calendrier import LUNDI_A_DIMANCHE
from marelle.regles.enonces import Rubrique, rubriques_du_reglement
from marelle.regles.phrases import dire_heure, dire_jour_du_mois, enumerer
from marelle.regles.reglement import Version
from marelle.socle.horloge import aujourdhui

POUR_TOUS = (
    "Une demande se fait sur ce portail, ou auprès du service.",
    "Tant que le service ne l’a pas traitée, vous pouvez la retirer et en faire une autre.",
    "Un e-mail vous donne la réponse.",
)


@dataclass(frozen=True, slots=True)
class Offre:
    """One activity: for whom, on which days, at which hours."""

    nom: str
    lieu: str
    qui: str
    quand: str
    unites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapitre:
    """The activities that share the same rules, and these rules."""

    offres: list[Offre]
    rubriques: tuple[Rubrique, ...]

    @property
    def titre(self) -> str:
        return enumerer([offre.nom for offre in self.offres])


def version_en_vigueur() -> Version:
    midi = datetime.combine(aujourdhui(), time(12), PARIS)
    return reglement().version_du(aujourdhui(), midi)


def version_nommee(code: str) -> Version | None:
    """The version of that code, the one in force for an empty code; None when there is no such one."""
    if not code:
        return version_en_vigueur()
    return next((une for une in reglement().versions if une.code == code), None)


def chapitres(version: Version) -> list[Chapitre]:
    """The whole text of a version, for the activities offered today."""
    est_en_vigueur = version == version_en_vigueur()
    jour = aujourdhui() if est_en_vigueur else version.en_vigueur_le
    par_regles: dict[tuple[Rubrique, ...], Chapitre] = {}
    jours = jours_d_ouverture()
    for activite in offres_detaillees():
        propre = activite.mode_decision if est_en_vigueur else ""  # what it was, or will be, is not known
        rubriques = tuple(rubriques_du_reglement(reglement(), activite.code, jour, propre))
        chapitre = par_regles.setdefault(rubriques, Chapitre([], rubriques))
        chapitre.offres.append(_offre(activite, jours.get(activite.pk, [])))
    return list(par_regles.values())


def donnees_du_reglement(version: Version) -> TexteReglement:
    """The same for the PDF."""
    return {
        "nom": reglement().nom,
        "depuis": dire_le(version.en_vigueur_le),
        "source": version.source,
        "pour_tous": list(POUR_TOUS),
        "chapitres": [
            {
                "titre": chapitre.titre,
                "offres": [
                    {"nom": o.nom, "lieu": o.lieu, "qui": o.qui, "quand": o.quand, "unites": list(o.unites)}
                    for o in chapitre.offres
                ],
                "rubriques": [
                    {"titre": r.titre, "phrases": list(r.phrases), "source": r.source} for r in chapitre.rubriques
                ],
            }
            for chapitre in chapitres(version)
        ],
    }


def dire_le(jour: date) -> str:
    """« 1er septembre 2024 »."""
    return dire_jour_du_mois(jour, 0)


def _offre(activite: Activite, jours: list[int]) -> Offre:
    groupes = sorted(activite.groupes.all(), key=lambda un: un.age_min)
    qui = f"Enfants de {activite.age_min} à {activite.age_max} ans"
    if len(groupes) > 1:
        qui += f", par groupes : {enumerer([groupe.nom for groupe in groupes])}"
    unites = sorted(activite.unites.all(), key=lambda une: (une.ordre, une.pk))
    return Offre(
        nom=activite.nom,
        lieu=activite.centre.nom,
        qui=qui,
        quand=_quand(activite.temps, jours),
        unites=tuple(f"{u.nom}, de {dire_heure(u.heure_debut)} à {dire_heure(u.heure_fin)}" for u in unites),
    )


def _quand(temps: str, jours: list[int]) -> str:
    if not jours:
        return "Aucun jour n’est ouvert en ce moment"
    noms = [LUNDI_A_DIMANCHE[numero] for numero in jours]
    if len(noms) > 2 and jours == list(range(jours[0], jours[-1] + 1)):
        dit = f"Du {noms[0]} au {noms[-1]}"
    else:
        dit = f"{'Le' if len(noms) == 1 else 'Les'} {enumerer(noms)}"
    return f"{dit}, {'pendant les vacances scolaires' if temps == Temps.VACANCES else 'en période d’école'}"
