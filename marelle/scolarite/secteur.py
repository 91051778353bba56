"""Is a school the one of an address? Sectors are data: communes, and streets where one commune has several schools."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from marelle.familles.models import Famille
from marelle.familles.recherche import sans_accents
from marelle.socle.pays import FRANCE, est_a_l_etranger, lignes_d_adresse

from .models import Ecole

SANS_OBJET, DE_SECTEUR, AUTRE_ECOLE, AUTRE_COMMUNE, INCONNU = "sans_objet", "secteur", "ecole", "commune", "inconnu"
PHRASES = {
    DE_SECTEUR: "École du secteur",
    AUTRE_ECOLE: "Dérogation : une autre école que celle du secteur",
    AUTRE_COMMUNE: "Dérogation : la famille habite hors des secteurs",
    INCONNU: "Secteur non vérifié : l’adresse de la famille manque",
}


@dataclass(frozen=True, slots=True)
class Adresse:
    """Where a household lives, as its main adult says."""

    voie: str = ""
    code_postal: str = ""
    commune: str = ""
    pays: str = FRANCE

    def __str__(self) -> str:
        return ", ".join(lignes_d_adresse({"adresse": self.voie, **asdict(self)}))


def adresse_de(famille: Famille) -> Adresse:
    """The address of the main adult, or of the first who has one."""
    adultes = famille.responsables.exclude(commune="").order_by("-est_principal", "rang", "pk")
    adulte = adultes.first()
    return Adresse(adulte.adresse, adulte.code_postal, adulte.commune, adulte.pays) if adulte else Adresse()


def ecoles_de_secteur(adresse: Adresse, ecoles: Iterable[Ecole]) -> list[Ecole]:
    """The schools that serve this address; a school that names the street comes before those of the whole commune. Abroad, a
    commune that bears the name of one of ours is not it."""
    if est_a_l_etranger(adresse.pays):
        return []
    par_rue, par_commune = [], []
    for ecole in ecoles:
        for zone in ecole.secteur:
            if sans_accents(zone["commune"]) != sans_accents(adresse.commune):
                continue
            if not zone["rues"]:
                par_commune.append(ecole)
            elif any(_est_dans(rue, adresse.voie) for rue in zone["rues"]):
                par_rue.append(ecole)
    return par_rue or par_commune


def _est_dans(rue: str, voie: str) -> bool:
    """Whole words ending a part of the address: « rue du Pont » is in « 3 rue du Pont, bât. B », not in « rue du Pont Neuf »."""
    cherches = sans_accents(rue).split()
    return any(sans_accents(part).split()[-len(cherches) :] == cherches for part in voie.split(","))


def situation(adresse: Adresse, ecole: Ecole, ecoles: Sequence[Ecole]) -> str:
    """What asking for this school means for who lives there: one of the codes above."""
    if not any(une.secteur for une in ecoles):
        return SANS_OBJET
    if not adresse.commune:
        return INCONNU
    siennes = ecoles_de_secteur(adresse, ecoles)
    if ecole in siennes:
        return DE_SECTEUR
    return AUTRE_ECOLE if siennes else AUTRE_COMMUNE


def demande_une_derogation(code: str) -> bool:
    return code in (AUTRE_ECOLE, AUTRE_COMMUNE)
