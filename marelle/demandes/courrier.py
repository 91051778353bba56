"""What the family is written: the receipt when it sends, one e-mail per decision. Rows written in the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse

from marelle.courriels.service import ecrire
from marelle.familles.models import Famille
from marelle.familles.selection import adresses_de
from marelle.regles.phrases import dire_date

from .a_payer import a_payer
from .models import Demande, Envoi, JourDemande
from .natures import NATURES
from .passages import Etat


def destinataires(famille: Famille) -> list[str]:
    """The adults of the household who have an address, each once."""
    return adresses_de([famille.pk]).get(famille.pk, [])


def _jours_de(demandes: Sequence[Demande]) -> dict[int, list[JourDemande]]:
    """The days of these demandes, in date order, in one query."""
    par_demande: dict[int, list[JourDemande]] = {}
    lignes = (
        JourDemande.objects.filter(demande__in=demandes)
        .select_related("ouverture__unite", "trajet")
        .order_by("date", "pk")
    )
    for jour in lignes:
        par_demande.setdefault(jour.demande_id, []).append(jour)
    return par_demande


def qui(demande: Demande) -> str:
    """Whom a demande is about, as an e-mail says it."""
    if demande.enfant is not None:
        return demande.enfant.prenom
    if demande.responsable is not None:
        return str(demande.responsable)
    return ""


def lignes_du_courriel(demande: Demande, jours: Sequence[JourDemande] | None = None) -> list[str]:
    """What is asked, line by line: each day (those given when they are known already), or the nature's summary."""
    if not NATURES[demande.nature].PORTE_SUR_DES_JOURS:
        return [NATURES[demande.nature].resumer(demande)]
    if jours is None:
        jours = list(demande.jours.select_related("ouverture__unite", "trajet").order_by("date"))
    return [
        ", ".join(filter(None, (f"{dire_date(jour.date)} : {jour.ouverture.unite.nom.lower()}", jour.bus)))
        for jour in jours
    ]


def annoncer_depot(
    envoi: Envoi, demandes: Sequence[Demande], jours: Mapping[int, Sequence[JourDemande]] | None = None
) -> None:
    """The receipt (*accusé de réception*), with where to follow and print it. A document sends none (guide, §1).

    Called once in the transaction that makes the envoi: that is what makes it single. `jours`: those known already."""
    dites = [demande for demande in demandes if NATURES[demande.nature].ENVOIE_COURRIEL]
    if not dites:
        return
    contexte = {
        "envoi": envoi,
        "demandes": [_dire(demande, (jours or {}).get(demande.pk)) for demande in dites],
        "a_payer": a_payer(demandes),
        "lien": _lien("espace_famille:accuse", envoi.pk),
    }
    ecrire("depot", destinataires(envoi.famille), contexte, dossier=_dossier(envoi.famille_id))


def annoncer_decisions(demandes: Sequence[Demande]) -> None:
    """One e-mail per household for what has just been decided together."""
    par_famille: dict[int, list[Demande]] = {}
    for demande in demandes:
        if NATURES[demande.nature].ENVOIE_COURRIEL:
            par_famille.setdefault(demande.famille_id, []).append(demande)
    adresses, jours = adresses_de(par_famille), _jours_de(demandes)
    for famille_id, siennes in par_famille.items():
        dites = [_dire(demande, jours.get(demande.pk, [])) for demande in siennes]
        contexte = {
            "demandes": dites,
            "objet_decision": _objet(dites),
            "a_payer": a_payer(siennes),
            "lien": _lien("espace_famille:demandes"),
        }
        ecrire("decision", adresses.get(famille_id, []), contexte, dossier=_dossier(famille_id))


def annoncer_renvoi(demande: Demande) -> None:
    """The service asks the family to correct; said for every nature, documents included: nothing moves without it."""
    contexte = {"demande": _dire(demande), "motif": demande.motif, "lien": _lien("espace_famille:demandes")}
    ecrire("renvoi", destinataires(demande.famille), contexte, dossier=_dossier(demande.famille_id))


MOTS = {
    Etat.ACCEPTEE: "Acceptée",
    Etat.REFUSEE: "Refusée",
    Etat.LISTE_ATTENTE: "En liste d’attente",
    Etat.DEPOSEE: "En attente",
    Etat.A_CORRIGER: "À corriger",
    Etat.RETIREE: "Retirée",
}
SIGNES = {Etat.ACCEPTEE: "✓", Etat.REFUSEE: "✗", Etat.LISTE_ATTENTE: "…"}


def _dire(demande: Demande, jours: Sequence[JourDemande] | None = None) -> dict[str, object]:
    etat = Etat(demande.etat)
    return {
        "mot": MOTS.get(etat, ""),
        "signe": SIGNES.get(etat, "•"),
        "qui": qui(demande),
        "libelle": NATURES[demande.nature].LIBELLE,
        "activite": demande.activite.nom if demande.activite else "",
        "lignes": lignes_du_courriel(demande, jours),
        "motif": demande.motif,
        "est_refusee": etat is Etat.REFUSEE,
        "depose_le": demande.depose_le,
    }


def _objet(dites: Sequence[dict[str, object]]) -> str:
    """Decision first, then about whom: « Acceptée – Élio, réservation »."""
    if len(dites) > 1:
        return f"{len(dites)} demandes traitées"
    une = dites[0]
    return " – ".join(
        str(bout) for bout in (une["mot"], ", ".join(filter(None, (str(une["qui"]), str(une["libelle"])))))
    )


def _lien(nom: str, *arguments: int) -> str:
    return settings.BASE_URL + reverse(nom, args=arguments)


def _dossier(famille_id: int) -> str:
    return f"famille:{famille_id}"
