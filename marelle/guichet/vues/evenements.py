"""The outings of an activity: put on its days, or taken away, with what that changes for who has booked already."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from marelle.activites import gestion
from marelle.comptes.droits import Droit
from marelle.demandes import evenements
from marelle.demandes.evenements import Bilan
from marelle.socle.erreurs import Refus
from marelle.socle.francais import accorde, compte
from marelle.tarification.evenements import evenements_proposes

from ..formulaires.evenements import Sorties
from ..personne import RequeteAgent, pour
from .ouvertures import premier_du_mois

FORMULAIRE = ["GET", "HEAD", "POST"]
GESTES = {"mettre": evenements.mettre, "retirer": evenements.retirer}


@require_http_methods(FORMULAIRE)
@pour(Droit.REGLER_ACTIVITES)
def sorties(request: RequeteAgent, activite_id: int) -> HttpResponse:
    """A month of an activity: its days to come, and the events of the tariffs."""
    une = gestion.une_activite(request.agent, activite_id)
    premier = premier_du_mois(request.GET.get("mois", ""))
    suivant = (premier + timedelta(days=32)).replace(day=1)
    jours = evenements.jours_a_prevoir(une, premier, suivant - timedelta(days=1))
    unites, groupes = list(une.unites.all()), list(une.groupes.order_by("age_min"))
    proposes = evenements_proposes(une.code, [un.code for un in unites], [jour.date for jour in jours])
    donnees = request.POST if request.method == "POST" else None
    saisie = Sorties(proposes, jours, unites, groupes, donnees)
    refus, statut = "", 422 if saisie.errors else 200
    geste = GESTES.get(request.POST.get("geste", ""))
    if donnees is not None and geste is None:
        refus, statut = "Dites si vous ajoutez ces sorties ou si vous les retirez.", 400
    elif geste is not None and saisie.is_valid():
        try:
            codes, prevenir = saisie.cleaned_data["evenements"], saisie.cleaned_data["prevenir"]
            bilan = geste(une, saisie.choix, codes, request.agent, prevenir=prevenir)
        except Refus as erreur:
            refus, statut = erreur.phrase, erreur.statut
        else:
            messages.success(request, _dire(bilan, est_retrait=geste is evenements.retirer, prevenues=prevenir))
            return redirect(f"{reverse('guichet:sorties', args=[une.pk])}?mois={premier:%Y-%m}")
    contexte = {
        "activite": une,
        "premier": premier,
        "avant": premier - timedelta(days=1),
        "apres": suivant,
        "jours": jours,
        "proposes": proposes,
        "saisie": saisie,
        "refus": refus,
    }
    return render(request, "guichet/sorties.html", contexte, status=statut)


def _dire(bilan: Bilan, *, est_retrait: bool, prevenues: bool) -> str:
    """« 2 jours ont maintenant ce que vous avez coché. 3 familles avaient déjà réservé : leur prix ne change pas. »"""
    nombre, familles = len(bilan.jours), len(bilan.familles)
    verbe = accorde(nombre, "n’a plus,n’ont plus" if est_retrait else "a maintenant,ont maintenant")
    dits = [f"{compte(nombre, 'jour')} {verbe} ce que vous avez coché."]
    if familles:
        a_qui, leur = accorde(familles, "lui,leur"), accorde(familles, "son,leur")
        suite = f"le supplément ne {a_qui} sera pas facturé" if est_retrait else f"{leur} prix ne change pas"
        dits.append(f"{compte(familles, 'famille')} {accorde(familles, 'avait,avaient')} déjà réservé : {suite}.")
        if prevenues:
            dits.append(f"{accorde(familles, 'Elle est prévenue,Elles sont prévenues')} par e-mail.")
    if bilan.paniers:
        dits.append(f"{compte(bilan.paniers, 'panier')} en cours à relire avant l’envoi.")
    return " ".join(dits)
