"""What the family has asked: waiting, decided, history; one demande with its story; withdrawing; correcting; receipts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marelle.collectivite.identite import identite
from marelle.demandes.a_payer import a_payer
from marelle.demandes.accuse import demandes_de, donnees_de_l_accuse, silences_de
from marelle.demandes.bus import MODIFIABLES
from marelle.demandes.decision import retirer
from marelle.demandes.models import Demande, Envoi
from marelle.demandes.offres import offre_en_cours
from marelle.demandes.panier import remettre_au_panier
from marelle.demandes.passages import Etat, Verbe
from marelle.demandes.rangs import dire_les_places_liberees, jours_attendus, places_liberees
from marelle.demandes.selection import PAR_PAGE, SUJETS, VUES, compter, demande_de, demandes_vues, rangs_de, resumer
from marelle.editions.service import produire
from marelle.regles.phrases import typo
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import jour_a_paris
from marelle.transport.selection import est_desservie

from ..autres_places import autres_places
from ..liens import lien_de_l_exigence
from ..personne import RequeteFamille, auteur, famille_requise
from ..presentation import etape, jours_par_enfant, ligne
from ..reservations_a_payer import a_garder


@require_safe
@famille_requise
def liste(request: RequeteFamille) -> HttpResponse:
    """*Mes demandes en attente*, those decided within a month, and the history."""
    vue = request.GET.get("vue", "attente")
    sujet = request.GET.get("sujet", "tout")
    vue, sujet = (vue if vue in VUES else "attente"), (sujet if sujet in SUJETS else "tout")
    page = Paginator(demandes_vues(request.famille, vue, sujet), PAR_PAGE).get_page(request.GET.get("page"))
    demandes = list(page.object_list)
    rangs = rangs_de(demandes)
    lignes = [ligne(une, rangs.get(une.pk)) for une in demandes]
    par_jour = vue == "attente" and "demandes" in identite().tableaux
    a_jours = [une for une in lignes if par_jour and une.demande.type_nature.PORTE_SUR_DES_JOURS]
    contexte = {
        "vue": vue,
        "sujet": sujet,
        "page": page,
        "jours": jours_par_enfant(a_jours),
        "lignes": [une for une in lignes if une not in a_jours],
        "requete": f"vue={vue}&sujet={sujet}&",
        "a_garder": a_garder(request.acces),
        "onglets": _onglets(vue, compter(request.famille)),
    }
    return render(request, "espace_famille/demandes.html", contexte)


def _onglets(vue: str, nombres: dict[str, int]) -> list[dict[str, Any]]:
    titres = {"attente": "En attente", "traitees": "Traitées depuis un mois", "historique": "Historique"}
    adresse = reverse("espace_famille:demandes")
    return [
        {"libelle": titre, "lien": f"{adresse}?vue={nom}", "est_courant": nom == vue, "nombre": nombres.get(nom, 0)}
        for nom, titre in titres.items()
    ]


def _demande_ou_404(request: RequeteFamille, demande_id: int) -> Demande:
    demande = demande_de(request.famille, demande_id)
    if demande is None:
        raise Http404
    return demande


@require_safe
@famille_requise
def demande(request: RequeteFamille, demande_id: int) -> HttpResponse:
    """One demande: its state, its days, its story, and what can be done."""
    return _page(request, _demande_ou_404(request, demande_id))


def _page(request: RequeteFamille, une: Demande, refus: str = "", statut: int = 200) -> HttpResponse:
    jours = list(une.jours.all())
    contexte = {
        "demande": une,
        "ligne": ligne(une, rangs_de([une]).get(une.pk)),
        "resume": resumer(une),
        "jours": jours,
        "peut_changer_le_bus": une.nature == "reservation"
        and une.etat in MODIFIABLES
        and est_desservie(une.activite_id),
        "attendus": jours_attendus(une, jours),
        "liberees": _places_liberees(une),
        "offre": offre_en_cours(request.famille, une.pk) if une.etat == Etat.PROPOSEE else None,
        "etapes": [etape(passage) for passage in une.passages.all()],
        "autres": autres_places(une) if une.etat == Etat.REFUSEE else [],
        "refus": refus,
        "lien_correction": _lien_correction(une),
    }
    return render(request, "espace_famille/demande.html", contexte, status=statut)


def _places_liberees(une: Demande) -> str:
    """How many places came free lately, for who waits; nothing for the others."""
    if une.etat != Etat.LISTE_ATTENTE or une.activite_id is None:
        return ""
    return dire_les_places_liberees(places_liberees(une.activite_id), [jour.date for jour in une.jours.all()])


def _lien_correction(une: Demande) -> str:
    """Where a sheet that was sent back is corrected; days go back to the cart instead (a POST)."""
    if une.etat == Etat.A_CORRIGER and une.nature == "absence":  # declared again, on the page of its first day
        premier = min(jour.date for jour in une.jours.all())
        return reverse("espace_famille:agenda_jour", args=[une.enfant_id, premier.isoformat()])
    if une.etat != Etat.A_CORRIGER or une.type_nature.PORTE_SUR_DES_JOURS:
        return ""
    if une.enfant_id is None and une.responsable_id is not None:
        return reverse("espace_famille:adulte", args=[une.responsable_id])
    code = f"piece.{une.contenu.get('type_piece', '')}" if une.nature == "piece" else une.nature
    return lien_de_l_exigence(une.enfant_id or 0, code)


@require_POST
@famille_requise
def retrait(request: RequeteFamille, demande_id: int) -> HttpResponse:
    """The red cross: the whole demande, or the days ticked."""
    jours = [int(cle) for cle in request.POST.getlist("jour") if cle.isdecimal()] or None
    try:
        retirer(demande_id, auteur(request), request.famille.pk, jours)
    except ErreurMarelle as erreur:
        if erreur.statut == 404:
            raise Http404 from None
        return _page(request, _demande_ou_404(request, demande_id), erreur.phrase, erreur.statut)
    messages.success(request, "C’est retiré : le service ne traitera pas cette demande.")
    return redirect("espace_famille:demandes")


@require_POST
@famille_requise
def correction(request: RequeteFamille, demande_id: int) -> HttpResponse:
    """Days that the service sent back return to the cart, where the family changes them and sends again."""
    une = _demande_ou_404(request, demande_id)
    if une.etat != Etat.A_CORRIGER or une.nature not in ("reservation", "annulation"):
        return _page(request, une, "Cette demande n’est pas à corriger.", 409)
    jours = list(une.jours.select_related("demande", "ouverture"))
    retirer(une.pk, auteur(request), request.famille.pk)
    remettre_au_panier(request.famille, jours)
    messages.success(request, "Les jours sont de nouveau au panier : corrigez, puis validez.")
    return redirect("espace_famille:panier")


def _envoi_ou_404(request: RequeteFamille, envoi_id: int) -> Envoi:
    envoi = request.famille.envois.filter(pk=envoi_id).select_related("famille").first()
    if envoi is None:
        raise Http404
    return envoi


@require_safe
@famille_requise
def accuse(request: RequeteFamille, envoi_id: int) -> HttpResponse:
    """The receipt on screen."""
    envoi = _envoi_ou_404(request, envoi_id)
    demandes = demandes_de(envoi)
    contexte = {
        "envoi": envoi,
        "lignes": [ligne(une) for une in demandes],
        "a_garder": typo(" ".join(a_payer(demandes))),
        "silences": silences_de(demandes, jour_a_paris(envoi.depose_le)),
    }
    return render(request, "espace_famille/accuse.html", contexte)


@require_safe
@famille_requise
def accuse_pdf(request: RequeteFamille, envoi_id: int) -> HttpResponse:
    """The receipt as a PDF, as things stand."""
    envoi = _envoi_ou_404(request, envoi_id)
    premier = next((p for une in demandes_de(envoi) for p in une.passages.all() if p.verbe == Verbe.DEPOSER), None)
    deposant = premier.par_nom if premier else f"Famille {envoi.famille.nom}"
    lien = reverse("espace_famille:accuse", args=[envoi.pk])
    pdf = produire("accuse", donnees_de_l_accuse(envoi, deposant, lien))
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="accuse-de-reception-{envoi.numero}.pdf"'
    return reponse
