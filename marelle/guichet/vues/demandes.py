"""The queue and the demande that is open beside it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marelle.comptes.acces import pour_agents
from marelle.comptes.droits import Droit
from marelle.demandes.avis import JOURS
from marelle.demandes.file import VUES, Filtre, Ligne, file, lignes, plus_ancienne, une_demande
from marelle.demandes.models import Demande
from marelle.journal.service import noter_lecture_sante

from ..cadre import permises
from ..formulaires.demandes import Acceptation, FiltreDeLaFile, MotifDeRefus, MotifDeRenvoi
from ..personne import RequeteAgent, pour
from ..pre_inscription import onglet_des_pre_inscriptions
from ..presentation import presenter

PAR_PAGE = 20


@require_safe
@pour_agents
def demandes(request: RequeteAgent) -> HttpResponse:
    """The queue; its first demande is open beside it. Who may not read demandes is led to their own first page."""
    if not request.agent.peut(Droit.LIRE_DEMANDES):
        pages = permises(request.agent)
        if pages:
            return redirect(pages[0][0])
    return _file(request)


@pour(Droit.LIRE_DEMANDES)
def _file(request: RequeteAgent) -> HttpResponse:
    return page(request, None)


@require_safe
@pour(Droit.LIRE_DEMANDES)
def demande(request: RequeteAgent, demande_id: int) -> HttpResponse:
    """One demande, open beside the queue."""
    return page(request, demande_id)


def page(
    request: RequeteAgent, demande_id: int | None, *, refus: str = "", statut: int = 200, **saisies: Any
) -> HttpResponse:
    """The queue with the demande asked (or its first), what was typed kept when a decision did not go through."""
    formulaire = FiltreDeLaFile(request.agent, request.GET)
    filtre = formulaire.filtre
    toutes = file(request.agent, filtre)
    feuille = Paginator(toutes.prefetch_related(JOURS), PAR_PAGE).get_page(request.GET.get("page"))
    rangees = lignes(feuille.object_list, feuille.start_index() or 1)
    contexte = {
        "formulaire": formulaire,
        "vue": filtre.vue,
        "vues": _onglets(request, filtre),
        "page": feuille,
        "lignes": rangees,
        "ancienne": plus_ancienne(toutes) if rangees and filtre.vue == "a_traiter" else None,
        "requete": _requete(request, sauf=("page",)),
        "retour": _requete(request),
        **_ouverte(request, demande_id, rangees, feuille),
        "refus": refus,
        "refuser": saisies.get("refuser") or MotifDeRefus(),
        "renvoyer": saisies.get("renvoyer") or MotifDeRenvoi(),
        "accepter": saisies.get("accepter") or Acceptation(),
    }
    return render(request, "guichet/demandes.html", contexte, status=statut)


def _ouverte(
    request: RequeteAgent, demande_id: int | None, rangees: list[Ligne], feuille: Page[Demande]
) -> dict[str, Any]:
    """The demande that is open: the one asked, else the first of the page."""
    if demande_id is None and not rangees:
        return {"ouverte": None, "precedente": None, "suivante": None, "choisie": False}
    ligne = next((une for une in rangees if une.demande.pk == demande_id), None)
    if demande_id is None:
        ligne = rangees[0]
    if ligne is None:
        ligne = lignes([une_demande(request.agent, demande_id or 0)], 0)[0]
    confidentielle = ligne.demande.type_nature.EST_CONFIDENTIELLE
    montre = not confidentielle or (demande_id is not None and request.agent.peut(Droit.LIRE_SANTE))
    if confidentielle and montre and ligne.demande.enfant is not None:
        noter_lecture_sante(
            request.agent.compte,
            ligne.demande.enfant,
            dossier=f"famille:{ligne.demande.famille_id}",
            adresse_ip=request.META.get("REMOTE_ADDR", ""),
        )
    rang = rangees.index(ligne) if ligne in rangees else -1
    return {
        "ouverte": presenter(ligne, request.agent, montre=montre),
        "precedente": rangees[rang - 1].demande.pk if rang > 0 else None,
        "suivante": rangees[rang + 1].demande.pk if -1 < rang < len(rangees) - 1 else None,
        "choisie": demande_id is not None,
    }


def _onglets(request: RequeteAgent, filtre: Filtre) -> list[dict[str, Any]]:
    reste = _requete(request, sauf=("page", "vue"))
    liste = reverse("guichet:demandes")  # in full: a decision that did not go through is said at an address of its own
    onglets = [
        {"libelle": nom, "lien": f"{liste}?{reste}vue={code}", "est_courant": code == filtre.vue, "nombre": 0}
        for code, (nom, _) in VUES.items()
    ]
    return [*onglets, *onglet_des_pre_inscriptions(request.agent)]


def _requete(request: RequeteAgent, sauf: tuple[str, ...] = ()) -> str:
    """What is in the address, to be put in front of one more parameter; empty, or ends with « & »."""
    gardes = request.GET.copy()
    for nom in sauf:
        gardes.pop(nom, None)
    ecrite = gardes.urlencode()
    return f"{ecrite}&" if ecrite else ""
