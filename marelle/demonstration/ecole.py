"""School in the demonstration: an enrolment in force, some to decide, two families without access who have written."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from marelle.collectivite.identite import identite
from marelle.demandes import decision, fiches
from marelle.demandes.models import Demande
from marelle.demandes.natures import Sujet
from marelle.familles.models import Famille
from marelle.scolarite import pre_inscription
from marelle.scolarite.annees import niveau_attendu
from marelle.scolarite.models import Ecole, Niveau
from marelle.scolarite.scolarites import ecoles_ouvertes, niveaux
from marelle.scolarite.secteur import adresse_de, situation
from marelle.socle.horloge import a_l_instant, annee_scolaire, aujourdhui

from . import noms
from .dossiers import naissance
from .vie import il_y_a, la_famille, le_service
from .voisins import Voisin


def inscriptions_scolaires(famille: Famille, voisins: Sequence[Voisin]) -> None:
    """Élio is in his school since the autumn; a neighbour asks for one, which the service has to decide."""
    if identite().inscription_scolaire is None:
        return
    elio = Sujet(famille, famille.enfants.get(prenom="Élio"))
    accordee = _demander(elio, 40)
    if accordee is not None:
        with a_l_instant(il_y_a(38, 10, 15)):
            decision.accepter(accordee.pk, le_service())
    for rang, voisin in enumerate(voisins[1:12:5]):
        _demander(voisin.sujet, 2 + rang)


def _demander(sujet: Sujet, jours: int) -> Demande | None:
    """The level of the child's age, in the first school that has it."""
    assert sujet.enfant is not None
    annee, ecoles = annee_scolaire(aujourdhui())[0].year, ecoles_ouvertes()
    niveau = niveau_attendu(sujet.enfant.date_naissance, annee, niveaux())
    ecole = _premiere(ecoles, niveau)
    if niveau is None or ecole is None:
        return None
    contenu: dict[str, Any] = {
        "annee": annee,
        "ecole": ecole.code,
        "niveau": niveau.code,
        "debut": max(date(annee, 9, 1), aujourdhui()).isoformat(),
        "ecole_precedente": "",
        "derogation": "",
        "derogation_precision": "",
        "secteur": situation(adresse_de(sujet.famille), ecole, ecoles),
    }
    with a_l_instant(il_y_a(jours, 20, 12)):
        envoi = fiches.deposer(sujet, {"inscription_scolaire": contenu}, la_famille(sujet.famille))
    return envoi.demandes.get()


def _premiere(ecoles: Sequence[Ecole], niveau: Niveau | None) -> Ecole | None:
    return next((une for une in ecoles if niveau in une.niveaux.all()), None)


def pre_inscriptions(voisins: Sequence[Voisin]) -> None:
    """Two families without access; the second may be a neighbour who forgot that it has one."""
    if identite().pre_inscription is None:
        return
    adulte = voisins[3].famille.responsables.get(est_principal=True)
    _ecrire("Nour", "Belkacem", "nour.belkacem@exemple.fr", "Sami", 3)
    _ecrire(adulte.prenom, adulte.nom, adulte.courriel, voisins[3].enfant.prenom, 1)


def _ecrire(prenom: str, nom: str, courriel: str, enfant: str, jours: int) -> None:
    adulte = {
        "civilite": "",
        "prenom": prenom,
        "nom": nom,
        "courriel": courriel,
        "mobile": "",
        "telephone": "02 61 91 00 30",
    }
    adulte |= {"adresse": noms.VOIES[0], "code_postal": noms.CODE_POSTAL, "commune": noms.COMMUNE}
    petit = {
        "prenom": enfant,
        "nom": nom,
        "date_naissance": naissance(4).isoformat(),
        "sexe": "",
        "ecole": "",
        "classe": "",
    }
    with a_l_instant(il_y_a(jours, 21, 5)):
        fiche = pre_inscription.ecrire_une_fiche(
            {"adultes": [adulte], "enfants": [petit], "souhaits": ["mercredi"]}, uuid.uuid4()
        )
        pre_inscription.deposer(fiche.pk)
