"""The lines of an invoice, as they are issued and read: what, for whom, when, how much and why."""

from __future__ import annotations

from typing import Any

from marelle.creances.emission import LigneAEmettre
from marelle.creances.models import LigneFacture
from marelle.regles.phrases import dire_date, typo

from .deja import Deja
from .journees import Journee
from .prix_factures import Chiffre

Sorte = LigneFacture.Sorte
REPRISE = "Régularisation : "


def libelle_de(une: Journee) -> str:
    """« Mercredi 2 septembre 2026, journée avec repas »."""
    dit = dire_date(une.jour, 0)
    nom = une.unite.nom[:1].lower() + une.unite.nom[1:]
    return typo(f"{dit[:1].upper()}{dit[1:]}, {nom}")[:180]


def corrige(libelle: str) -> str:
    """« Régularisation : mercredi 2 septembre 2026, journée avec repas »."""
    return libelle if libelle.startswith(typo(REPRISE)) else typo(f"{REPRISE}{libelle[:1].lower()}{libelle[1:]}")[:200]


def ligne_de_journee(
    une: Journee, chiffre: Chiffre, du: int, garde: int, donnees: dict[str, Any], *, est_correction: bool
) -> LigneAEmettre:
    """`du` centimes, of which `garde` are care; `prix` is the whole price, and what it was made of. `minutes`: what stands
    billed of that day once this line is issued."""
    return LigneAEmettre(
        cle=une.cle,
        libelle=corrige(libelle_de(une)) if est_correction else libelle_de(une),
        montant_centimes=du,
        explication=chiffre.explication,
        eligible_centimes=garde,
        sorte=Sorte.CORRECTION if est_correction else Sorte.PRESTATION,
        enfant_id=une.enfant_id,
        activite=une.activite,
        unite=une.unite.code,
        date=une.jour,
        minutes=chiffre.minutes,
        prix=chiffre.donnees | donnees,
    )


def ligne_d_aide(
    cle: str, code: str, une: Journee, chiffre: Chiffre, du: int, donnees: dict[str, Any], *, est_correction: bool
) -> LigneAEmettre:
    """What a third party pays of a day."""
    nom = next((ligne.libelle for ligne in chiffre.prix.lignes if ligne.tiers == code), code)
    return LigneAEmettre(
        cle=cle,
        libelle=typo(f"{nom} : {libelle_de(une)[:1].lower()}{libelle_de(une)[1:]}")[:200],
        montant_centimes=du,
        explication=chiffre.explication,
        sorte=Sorte.CORRECTION if est_correction else Sorte.PRISE_EN_CHARGE,
        enfant_id=une.enfant_id,
        activite=une.activite,
        unite=une.unite.code,
        date=une.jour,
        prix=chiffre.donnees | donnees,
    )


def ligne_effacee(cle: str, ligne: LigneFacture, deja: Deja) -> LigneAEmettre:
    """What is given back of a presence that was pointed by mistake."""
    return LigneAEmettre(
        cle=cle,
        libelle=corrige(ligne.libelle),
        montant_centimes=-deja.tient,
        explication="présence effacée",
        eligible_centimes=-(deja.eligible + deja.eligible_rendu),
        sorte=Sorte.CORRECTION,
        enfant_id=ligne.enfant_id,
        activite=ligne.activite,
        unite=ligne.unite,
        date=ligne.date,
    )
