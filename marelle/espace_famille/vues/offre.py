"""A place offered to who waits: the page of the e-mail's link, which needs no sign-in, and the same answer from the portal."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marelle.demandes.models import OffreDePlace
from marelle.demandes.offres import offre_du_lien, offre_en_cours
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.demandes.reponses import accepter_offre, decliner_offre, dire_la_fin
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import maintenant

from ..personne import RequeteFamille, auteur, famille_requise

ACCEPTER, LAISSER = "accepter", "laisser"
C_EST_RESERVE = "C’est réservé : la place est à vous."
C_EST_LAISSE = "C’est noté : la place va à un autre enfant."
REPONDU: dict[str, str] = {OffreDePlace.Etat.ACCEPTEE: C_EST_RESERVE, OffreDePlace.Etat.REFUSEE: C_EST_LAISSE}
FINIE = "espace_famille/offre_finie.html"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def lien(request: HttpRequest, secret: str) -> HttpResponse:
    """What is offered, and its two buttons. Reading changes nothing (mail scanners read); one tap answers."""
    try:
        offre = offre_du_lien(secret)
    except ErreurMarelle as erreur:
        return render(request, FINIE, {"phrase": erreur.phrase}, status=erreur.statut)
    if request.method == "POST":
        nom = f"Famille {offre.demande.famille.nom}, par le lien de l’e-mail"
        try:
            _repondre(offre, request.POST.get("reponse", ""), Auteur(Acteur.FAMILLE, None, nom))
        except ErreurMarelle as erreur:
            return _page(request, offre_du_lien(secret), erreur)
        return redirect("espace_famille:offre", secret)
    return _page(request, offre)


def _repondre(offre: OffreDePlace, reponse: str, qui: Auteur) -> str:
    if reponse == ACCEPTER:
        accepter_offre(offre, qui)
        return C_EST_RESERVE
    if reponse == LAISSER:
        decliner_offre(offre, qui)
        return C_EST_LAISSE
    raise ErreurMarelle("Choisissez l’une des deux réponses : accepter la place, ou la laisser.")


def _page(request: HttpRequest, offre: OffreDePlace, erreur: ErreurMarelle | None = None) -> HttpResponse:
    """The page of an offer in each of its states; 410 once it is over without the family's answer."""
    court = offre.etat == OffreDePlace.Etat.EN_COURS and maintenant() < offre.fin_le
    reponse = REPONDU.get(offre.etat, "")
    statut = erreur.statut if erreur else 200
    if not court and (erreur or not reponse):
        phrase = erreur.phrase if erreur else dire_la_fin(offre)
        return render(request, FINIE, {"phrase": phrase}, status=statut if erreur else 410)
    contexte = {
        "offre": offre,
        "demande": offre.demande,
        "jours": offre.demande.jours.select_related("ouverture__unite").order_by("date", "pk"),
        "court": court,
        "reponse": reponse,
        "refus": erreur.phrase if erreur else "",
    }
    return render(request, "espace_famille/offre.html", contexte, status=statut)


@require_POST
@famille_requise
def reponse(request: RequeteFamille, demande_id: int) -> HttpResponse:
    """The same answer, signed in, from the page of the demande."""
    offre = offre_en_cours(request.famille, demande_id)
    if offre is None:
        raise Http404
    try:
        messages.success(request, _repondre(offre, request.POST.get("reponse", ""), auteur(request)))
    except ErreurMarelle as erreur:
        messages.error(request, erreur.phrase)
    return redirect("espace_famille:demande", demande_id)
