"""The accounts at the desk: what is ready to go to the Treasury, its checks, the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui
from marelle.tresor import consultation, envoi, neutre
from marelle.tresor.pes.fichier import ANNULATIONS
from marelle.tresor.selection import Tri

from ..formulaires.tresor import FicheColis, FicheEnvoi
from ..personne import RequeteAgent, pour

ONGLETS = (
    ("guichet:tresor", "À envoyer"),
    ("guichet:tresor_envois", "Envois faits"),
    ("guichet:tresor_retours", "Retours du Trésor"),
    ("guichet:tresor_organismes", "Organismes"),
    ("guichet:tresor_caf", "Heures Caf"),
)


def page(request: RequeteAgent, gabarit: str, contexte: dict[str, Any], onglet: str, statut: int = 200) -> HttpResponse:
    """A page of the accounts in their frame, under its tab."""
    onglets = [
        {"libelle": mot, "lien": reverse(nom), "est_courant": nom == onglet, "nombre": 0} for nom, mot in ONGLETS
    ]
    communs = {"onglets": onglets, "refus": ""}
    return render(request, f"guichet/tresor/{gabarit}.html", communs | contexte, status=statut)


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def accueil(request: RequeteAgent) -> HttpResponse:
    return page(request, "accueil", {"etats": consultation.etats()}, "guichet:tresor")


@require_safe
@pour(Droit.EXPORTER_COMPTES)
def regie(request: RequeteAgent, code: int) -> HttpResponse:
    """What would go today to the Treasury, with what keeps it from going."""
    return _regie(request, consultation.une_regie(code))


def _regie(request: RequeteAgent, une: Regie, refus: str = "", statut: int = 200) -> HttpResponse:
    sortes = (consultation.forme_de(une), ANNULATIONS)
    jour = aujourdhui()
    parts, tri = [], Tri()
    for sorte in sortes:
        tri, prepare = envoi.essayer(une, sorte, jour.year, jour)
        choses = consultation.choses_de(tri, sorte)
        erreurs, remarques = consultation.signalees(prepare, choses)
        fiche = FicheEnvoi(initial={"sorte": sorte}, avec_erreurs=any(e.facture for e in erreurs), prefix=sorte)
        montrees = [(un, consultation.payeur_ecrit(un.facture)) for un in choses[: consultation.MONTREES]]
        parts.append(
            {"sorte": sorte, "nom": dict(fiche.fields["sorte"].choices)[sorte], "nombre": len(choses),  # type: ignore[attr-defined]
             "total": prepare.fichier.montant_centimes, "erreurs": erreurs, "remarques": remarques, "fiche": fiche,
             "pieces": montrees, "reste": len(choses) - len(montrees), "bordereau": prepare.fichier.id_bord}
        )  # fmt: skip
    autrement = [(facture, consultation.payeur_ecrit(facture)) for facture in tri.autrement]
    contexte = {
        "regie": une, "options": options_de(une), "parts": parts, "tri": tri, "autrement": autrement, "refus": refus,
    }  # fmt: skip
    return page(request, "regie", contexte, "guichet:tresor", statut)


@require_POST
@pour(Droit.EXPORTER_COMPTES)
def envoyer(request: RequeteAgent, code: int) -> HttpResponse:
    """Make the file."""
    une = consultation.une_regie(code)
    fiche = FicheEnvoi(request.POST, prefix=request.POST.get("forme", ""))
    try:
        if not fiche.is_valid():
            raise Refus(" ".join(str(dite) for dites in fiche.errors.values() for dite in dites))
        lu = fiche.cleaned_data
        fait = envoi.envoyer(
            une, lu["sorte"], lu["exercice"], lu["jour"], request.agent,
            jusqu_au=lu["jusqu_au"], ecarter_les_erreurs=lu["ecarter"],
        )  # fmt: skip
    except Refus as refus:
        return _regie(request, une, refus.phrase, refus.statut)
    phrase = f"Bordereau {fait.numero} : {compte(fait.pieces, 'pièce')}, {euros(fait.total_centimes)}."
    messages.success(request, f"{phrase} Téléchargez le fichier et déposez-le sur votre portail de la DGFiP.")
    return redirect("guichet:tresor_envoi", fait.pk)


@require_POST
@pour(Droit.EXPORTER_COMPTES)
def autrement(request: RequeteAgent, code: int) -> HttpResponse:
    """Pieces that the finance software has handled: they leave the list, with the reason."""
    une = consultation.une_regie(code)
    cles = [int(cle) for cle in request.POST.getlist("facture") if cle.isdecimal() and len(cle) < 19]
    try:
        envoi.traiter_autrement(une, cles, texte_recu(request.POST, "motif", 200), request.agent)
    except Refus as refus:
        return _regie(request, une, refus.phrase, refus.statut)
    messages.success(request, "C’est noté : ces pièces ne sont plus à envoyer.")
    return redirect("guichet:tresor_regie", une.code)


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.EXPORTER_COMPTES)
def colis(request: RequeteAgent, code: int) -> HttpResponse:
    """The parcel for the finance software."""
    une = consultation.une_regie(code)
    fiche = FicheColis(request.POST if request.method == "POST" else None)
    contexte: dict[str, Any] = {"regie": une, "fiche": fiche}
    statut = 200
    if request.method == "POST":
        try:
            if fiche.is_valid():
                fait = neutre.preparer_le_colis(
                    une, fiche.cleaned_data["debut"], fiche.cleaned_data["fin"], request.agent
                )
                return redirect("guichet:tresor_envoi", fait.pk)
            statut = 422
        except Refus as refus:
            contexte["refus"], statut = refus.phrase, refus.statut
    debut = aujourdhui().replace(month=1, day=1)
    contexte["nouvelles"] = neutre.nouvelles(une, debut, aujourdhui()).count()
    contexte["deja"] = neutre.deja_au_tresor(une, debut, aujourdhui())
    return page(request, "colis", contexte, "guichet:tresor", statut)
