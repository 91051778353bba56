"""One payer of a billing run: its lines before they are issued; set aside, or taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from marelle.comptes.droits import Droit
from marelle.facturation import campagnes, registre
from marelle.facturation.anomalies import DITES, Anomalie
from marelle.socle.erreurs import Refus

from ..formulaires.facturation import MiseDeCote
from ..personne import RequeteAgent, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.FACTURER)
def payeur(request: RequeteAgent, campagne_id: int, payeur_id: int) -> HttpResponse:
    """What would be issued to one payer, line by line; a POST sets it aside from this run."""
    campagne = campagnes.une_campagne(campagne_id)
    prevue = registre.une_prevue(campagne, payeur_id)
    fiche = MiseDeCote(request.POST if request.method == "POST" else None)
    refus = ""
    if request.method == "POST" and fiche.is_valid():
        try:
            campagnes.mettre_de_cote(campagne, payeur_id, fiche.cleaned_data["motif"], request.agent)
        except Refus as erreur:
            refus = erreur.phrase
        else:
            messages.success(request, f"{prevue.nom} : mis de côté, ses journées attendent la prochaine facturation.")
            return redirect("guichet:facturation", campagne.pk)
    compte = registre.compte_de(campagne, prevue) if campagne.est_modifiable else None
    contexte = {
        "campagne": campagne,
        "prevue": prevue,
        "fiche": fiche,
        "refus": refus,
        "lignes": registre.lignes_par_enfant(compte),
        "total": compte.montant_centimes if compte else 0,
        "anomalies": [DITES[Anomalie(code)] for code in prevue.anomalies],
    }
    statut = 409 if refus else 422 if fiche.errors else 200
    return render(request, "guichet/facturation/payeur.html", contexte, status=statut)


@require_POST
@pour(Droit.FACTURER)
def reprise(request: RequeteAgent, campagne_id: int, payeur_id: int) -> HttpResponse:
    campagne = campagnes.une_campagne(campagne_id)
    campagnes.reprendre(campagne, payeur_id, request.agent)
    messages.success(request, "Ce payeur est de nouveau dans la facturation.")
    return redirect("guichet:facturation_payeur", campagne.pk, payeur_id)
