"""The e-mails that the portal wrote: their state, one of them, sending it again. A link that opens an access is never shown."""

from __future__ import annotations

from csp import constants as csp
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.courriels import selection
from marelle.courriels.models import Etat
from marelle.courriels.service import relancer as remettre_en_file
from marelle.socle.erreurs import Introuvable
from marelle.socle.formulaires import texte_recu

from ..personne import RequeteAgent, pour

PAR_PAGE = 30
TONS = {
    Etat.A_ENVOYER: ("ocre", "horloge"),
    Etat.ENVOYE: ("vert", "coche"),
    Etat.AFFICHE: ("bleu", "info"),
    Etat.ECHEC: ("rouge", "alerte"),
    Etat.ABANDONNE: ("rouge", "croix"),
}


@require_safe
@pour(Droit.LIRE_COURRIELS)
def courriels(request: RequeteAgent) -> HttpResponse:
    """The messages, the latest first; by state, by words of the address or of the subject."""
    etat = request.GET.get("etat", "")
    etat = etat if etat in Etat.values else ""
    texte = texte_recu(request.GET, "q")
    choisis = selection.courriels(etat=etat)
    if texte:
        choisis = choisis.filter(Q(destinataire__icontains=texte) | Q(objet__icontains=texte))
    feuille = Paginator(choisis, PAR_PAGE).get_page(request.GET.get("page"))
    gardee = request.GET.copy()
    gardee.pop("page", None)
    nombres = selection.nombre_par_etat()
    contexte = {
        "page": feuille,
        "lignes": [(un, *TONS[Etat(un.etat)]) for un in feuille.object_list],
        "etat": etat,
        "texte": texte,
        "etats": [(valeur, nom, nombres[valeur]) for valeur, nom in Etat.choices],
        "requete": f"{gardee.urlencode()}&" if gardee else "",
    }
    return render(request, "guichet/courriels.html", contexte)


@require_safe
@pour(Droit.LIRE_COURRIELS)
def courriel(request: RequeteAgent, courriel_id: int) -> HttpResponse:
    un = get_object_or_404(selection.entiers(), pk=courriel_id)
    ton, symbole = TONS[Etat(un.etat)]
    contexte = {
        "courriel": un,
        "ton": ton,
        "symbole": symbole,
        "peut_repartir": un.etat in (Etat.ECHEC, Etat.ABANDONNE) and request.agent.peut(Droit.GERER_FAMILLES),
    }
    return render(request, "guichet/courriel.html", contexte)


@require_safe
@csp_replace({"default-src": [csp.NONE], "style-src": [csp.UNSAFE_INLINE], "sandbox": [""]})
@pour(Droit.LIRE_COURRIELS)
def version_html(request: RequeteAgent, courriel_id: int) -> HttpResponse:
    """The message as a mail program shows it, alone: its own styles, no script."""
    un = get_object_or_404(selection.entiers(), pk=courriel_id)
    if un.est_confidentiel:
        raise Introuvable("Ce message portait un lien personnel : il n’est pas montré.")
    return HttpResponse(un.html)


@require_POST
@pour(Droit.GERER_FAMILLES)
def relancer(request: RequeteAgent, courriel_id: int) -> HttpResponse:
    """Put a message that failed back in the queue."""
    un = get_object_or_404(selection.entiers(), pk=courriel_id)
    if remettre_en_file(un):
        messages.success(request, f"Le message à {un.destinataire} repart dans la minute.")
    else:
        messages.error(request, "Ce message est déjà parti, ou attend déjà de partir.")
    return redirect("guichet:courriel", un.pk)
