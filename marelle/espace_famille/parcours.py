"""Where a child's file stands, tab by tab: which squares of the path are done, which may be opened, what comes after."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.collectivite.options import Onglet
from marelle.demandes.dossier import EtatDossier, Exigence
from marelle.demandes.suivi import Suivi
from marelle.familles.models import Enfant
from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import PARIS, aujourdhui

from .fiches import nommer
from .liens import lien_de_l_exigence

# From the worst to the best: a tab is what the least advanced of its sheets is.
ORDRE = ("manque", "perime", "a_corriger", "en_attente", "valide")
BADGES = {
    "manque": ("ocre", "document"),
    "perime": ("ocre", "document"),
    "a_corriger": ("bleu", "crayon"),
    "en_attente": ("ocre", "horloge"),
    "valide": ("vert", "coche"),
}


@dataclass(frozen=True, slots=True)
class Etape:
    """One tab of the path. `detail` says its state in words; `bloque_par` the title of the tab to do first."""

    onglet: Onglet
    etat: str
    detail: str
    lien: str
    bloque_par: str = ""

    @property
    def fait(self) -> bool:
        """The family has nothing to do on it."""
        return self.etat in ("valide", "en_attente")

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES[self.etat]


def etapes_de(enfant: Enfant, dossier: EtatDossier, suivis: dict[str, Suivi]) -> list[Etape]:
    """The tabs in their order: one opens when those before it have been sent at least once."""
    etapes: list[Etape] = []
    bloque_par = ""
    for onglet in identite().onglets:
        exigences = [une for une in dossier.exigences if une.onglet == onglet.code]
        siens = [suivis[nature] for nature in onglet.natures if nature in suivis]
        etat = min((une.etat for une in exigences), key=ORDRE.index, default="manque")
        if any(suivi.a_corriger for suivi in siens):
            etat = "a_corriger"
        detail = f"Après « {bloque_par} »" if bloque_par else _dire(etat, exigences, siens)
        lien = "" if bloque_par else reverse("espace_famille:fiche", args=[enfant.pk, onglet.code])
        etapes.append(Etape(onglet, etat, detail, lien, bloque_par))
        if etat == "manque" and not bloque_par:
            bloque_par = onglet.titre
    return etapes


def _dire(etat: str, exigences: list[Exigence], suivis: list[Suivi]) -> str:
    annee = aujourdhui().year
    if etat == "a_corriger":
        return "À corriger"
    envoyees = [s.en_attente.depose_le for s in suivis if s.en_attente is not None and s.en_attente.depose_le]
    if envoyees:
        quand = date_sans_jour(max(envoyees).astimezone(PARIS).date(), annee)
        return f"Modification envoyée le {quand}" if etat == "valide" else f"Envoyée le {quand}"
    if any(suivi.brouillon for suivi in suivis):
        return "Brouillon à valider"
    valides = [une.valide_le for une in exigences if une.valide_le is not None]
    if etat == "valide" and valides:
        return f"Validée le {date_sans_jour(max(valides).astimezone(PARIS).date(), annee)}"
    return "Demandée par l’autre foyer" if etat == "en_attente" else "À compléter"


def marelle(etapes: list[Etape], courant: str) -> list[dict[str, object]]:
    """For composants/marelle_etapes.html."""
    return [
        {
            "titre": etape.onglet.titre,
            "detail": etape.detail,
            "lien": etape.lien,
            "fait": etape.fait,
            "est_courante": etape.onglet.code == courant,
        }
        for etape in etapes
    ]


def frise(enfant: Enfant, etapes: list[Etape], dossier: EtatDossier) -> list[dict[str, object]]:
    """« Où en est le dossier », for composants/frise.html: the tabs, the documents, then what it opens."""
    lignes: list[dict[str, object]] = [
        {"titre": etape.onglet.titre, "quand": etape.detail, "texte": "", "fait": etape.fait} for etape in etapes
    ]
    lignes += [
        {"titre": une.nom, "quand": _dire_piece(une), "texte": "", "fait": une.etat in ("valide", "en_attente")}
        for une in dossier.exigences
        if une.code.startswith("piece.")
    ]
    suite = "Dès maintenant" if dossier.peut_demander else "Dès que le service aura tout validé"
    lignes.append({"titre": "Réservations possibles", "quand": suite, "texte": "", "fait": dossier.peut_demander})
    return lignes


def documents_a_envoyer(enfant: Enfant, dossier: EtatDossier) -> list[tuple[str, str]]:
    """The mandatory documents that the family still has to send, each with its address."""
    return [
        (une.nom, lien_de_l_exigence(enfant.pk, une.code))
        for une in dossier.exigences
        if une.code.startswith("piece.") and une.etat in ("manque", "perime", "a_corriger")
    ]


def _dire_piece(une: Exigence) -> str:
    annee = aujourdhui().year
    return {
        "manque": "À envoyer",
        "perime": "Expirée, à renouveler",
        "a_corriger": "À renvoyer",
        "en_attente": "Envoyée, le service la vérifie",
        "valide": f"Valable jusqu’au {date_sans_jour(une.jusquau, annee)}" if une.jusquau else "Validée",
    }[une.etat]


def premiere_a_faire(etapes: list[Etape]) -> Etape | None:
    """The first tab where the family has something to do."""
    return next((etape for etape in etapes if not etape.fait), None)


def phrase_d_attente(etape: Etape) -> str:
    return f"Validez d’abord {nommer(etape.bloque_par)} : les onglets se remplissent l’un après l’autre."
