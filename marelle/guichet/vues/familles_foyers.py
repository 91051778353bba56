"""The households of a child: a second one, the share of each, one that leaves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marelle.comptes.droits import Droit
from marelle.demandes import foyers
from marelle.familles import gestion
from marelle.familles.models import Enfant, Famille
from marelle.socle.erreurs import Refus
from marelle.socle.francais import de

from ..formulaires.foyers import AutreFoyer, Garde
from ..personne import RequeteAgent, pour


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.GERER_FAMILLES)
def foyers_de_l_enfant(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    """Each button of the page says what it does by its name; a refusal keeps what was typed."""
    une = gestion.une_famille(famille_id)
    enfant = gestion.un_enfant(une, enfant_id)
    liens, refus, statut = foyers.foyers_de(enfant), "", 200
    geste = request.POST.get("geste", "") if request.method == "POST" else ""
    ajout = AutreFoyer(request.POST if geste == "ajouter" else None)
    garde = Garde(request.POST if geste == "garde" else None, liens)
    if request.method == "POST":
        statut = 422
        try:
            if dit := _faire(request, geste, enfant, (ajout, garde)):
                messages.success(request, dit)
                reste = enfant.familles.filter(pk=une.pk).exists()
                ou = ("guichet:foyers_de_l_enfant", une.pk, enfant.pk) if reste else ("guichet:famille", une.pk)
                return redirect(*ou)
        except Refus as un:
            refus, statut = un.phrase, un.statut
    contexte = {"famille": une, "enfant": enfant, "liens": liens, "ajout": ajout, "garde": garde, "refus": refus}
    return render(request, "guichet/famille/foyers.html", contexte, status=statut)


def _faire(request: RequeteAgent, geste: str, enfant: Enfant, formes: tuple[AutreFoyer, Garde]) -> str:
    """What was done, in a sentence; nothing when a form is to correct."""
    ajout, garde = formes
    if geste == "ajouter":
        if not ajout.is_valid():
            return ""
        autre = foyers.rattacher(enfant, ajout.cleaned_data["numero"], request.agent)
        return (
            f"{enfant.prenom} est aussi dans la famille {autre.nom} ({autre.numero}) : réglez la garde, puis qui paie."
        )
    if geste == "garde":
        if not garde.is_valid():
            return ""
        foyers.regler_la_garde(enfant, garde.voulus, request.agent)
        return f"La garde {de(enfant.prenom)} est réglée."
    sienne = _de_l_enfant(enfant, request.POST.get("retirer", ""))
    foyers.retirer(enfant, sienne, request.agent)
    return f"{enfant.prenom} n’est plus dans la famille {sienne.nom} : elle ne voit plus son dossier."


def _de_l_enfant(enfant: Enfant, cle: str) -> Famille:
    trouvee = enfant.familles.filter(pk=cle).first() if cle.isdecimal() and len(cle) < 10 else None
    if trouvee is None:
        raise Refus("Dites quel foyer n’a plus cet enfant : choisissez-le dans la page.")
    return trouvee
