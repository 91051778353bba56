"""The waiting lists: which days have one, who is on it and why, moving somebody with a reason, offering a place now."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.activites import gestion
from marelle.activites.models import Activite
from marelle.comptes.droits import Droit
from marelle.demandes.file import une_demande
from marelle.demandes.listes import deplacer, jour_de_la_liste, jours_pleins, liste_du_jour
from marelle.demandes.rangs import dire_les_places_liberees, places_liberees
from marelle.demandes.reponses import proposer_maintenant
from marelle.socle.erreurs import Introuvable, Refus

from ..personne import RequeteAgent, auteur, pour


class Deplacement(forms.Form):
    """A new rank, and why: the family reads it."""

    jour = forms.IntegerField(widget=forms.HiddenInput)
    rang = forms.IntegerField(
        label="Nouveau rang",
        min_value=1,
        max_value=10_000,
        error_messages={"invalid": "Écrivez un rang, par exemple 1.", "min_value": "Le premier rang est 1."},
        widget=forms.NumberInput(attrs={"class": "court"}),
    )
    motif = forms.CharField(
        label="Raison, lue par la famille",
        max_length=300,
        error_messages={"required": "Écrivez la raison : la famille la lira."},
    )


@require_safe
@pour(Droit.LIRE_DEMANDES)
def listes(request: RequeteAgent) -> HttpResponse:
    """The days to come for which somebody waits."""
    jours = jours_pleins(list(gestion.activites_de(request.agent)))
    return render(request, "guichet/attente/listes.html", {"jours": jours})


@require_safe
@pour(Droit.LIRE_DEMANDES)
def liste(request: RequeteAgent, activite_id: int, jour: str) -> HttpResponse:
    """The line of one day."""
    return _page(request, gestion.une_activite(request.agent, activite_id), _jour(jour))


@require_POST
@pour(Droit.DECIDER_DEMANDES)
def rang(request: RequeteAgent, activite_id: int, jour: str) -> HttpResponse:
    """Move one child in the line, with a reason."""
    activite, le = gestion.une_activite(request.agent, activite_id), _jour(jour)
    saisie = Deplacement(request.POST)
    if not saisie.is_valid():
        return _page(request, activite, le, saisie, statut=422)
    donnees = saisie.cleaned_data
    attendu = jour_de_la_liste(activite, le, donnees["jour"])
    try:
        nouveau = deplacer(attendu, donnees["rang"], donnees["motif"], request.agent)
    except Refus as refus:
        return _page(request, activite, le, saisie, refus.phrase, refus.statut)
    messages.success(request, f"Le rang est changé : {nouveau.dit}.")
    return redirect("guichet:liste_attente", activite_id, jour)


@require_POST
@pour(Droit.DECIDER_DEMANDES)
def proposition(request: RequeteAgent, demande_id: int) -> HttpResponse:
    """Offer a free place to this demande now, out of its turn."""
    demande = une_demande(request.agent, demande_id)
    premier = min((un.date for un in demande.jours.all()), default=None)
    if premier is None or demande.activite_id is None:
        raise Introuvable("Cette demande n’attend aucun jour.")
    try:
        proposer_maintenant(demande_id, auteur(request))
    except Refus as refus:
        assert demande.activite is not None
        return _page(request, demande.activite, premier, None, refus.phrase, refus.statut)
    messages.success(request, "La place est proposée : la famille reçoit un e-mail.")
    return redirect("guichet:liste_attente", demande.activite_id, premier.isoformat())


def _page(
    request: RequeteAgent,
    activite: Activite,
    le: date,
    saisie: Deplacement | None = None,
    refus: str = "",
    statut: int = 200,
) -> HttpResponse:
    lignes = liste_du_jour(activite, le)
    contexte = {
        "activite": activite,
        "jour": le,
        "lignes": [
            (ligne, _formulaire(ligne.jour.pk, ligne.rang.rang if ligne.rang else None, saisie)) for ligne in lignes
        ],
        "jauges": gestion.jauges_du_jour(activite, le),
        "liberees": dire_les_places_liberees(places_liberees(activite.pk), [le]),
        "refus": refus,
        "peut_decider": request.agent.peut(Droit.DECIDER_DEMANDES),
    }
    return render(request, "guichet/attente/liste.html", contexte, status=statut)


def _formulaire(jour: int, actuel: int | None, saisie: Deplacement | None) -> Deplacement:
    """The form of one line; what was typed comes back in the one it was typed in."""
    if saisie is not None and saisie.data.get("jour") == str(jour):
        saisie.auto_id = f"l{jour}_%s"
        return saisie
    return Deplacement(initial={"jour": jour, "rang": actuel}, auto_id=f"l{jour}_%s")


def _jour(texte: str) -> date:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise Introuvable("Cette date n’existe pas.") from None
