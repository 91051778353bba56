"""News to many families: whom it is for, what it says, how many will have it before it leaves, how far it has gone."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marelle.comptes.droits import Droit
from marelle.correspondance.diffusion import Cible, actualites_de, cible_de, cibles_de, familles_visees, publier
from marelle.correspondance.formulaires import OBJET_MAX, TEXTE_MAX, Jeton
from marelle.socle.francais import compte

from ..personne import RequeteAgent, pour


class FormulaireActualite(forms.Form):
    """Whom, what; and, once the number of families has been read, the confirmation."""

    cible = forms.ChoiceField(label="À qui ?")
    objet = forms.CharField(
        label="Objet", max_length=OBJET_MAX, error_messages={"required": "Dites en quelques mots de quoi il s’agit."}
    )
    texte = forms.CharField(
        label="Message",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Le même pour toutes : rien qui concerne une seule famille.",
        error_messages={"required": "Écrivez votre message.", "max_length": f"Écrivez {TEXTE_MAX} caractères au plus."},
    )
    jeton = Jeton(required=False, initial=uuid.uuid4)

    def __init__(self, cibles: list[Cible], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cible"].choices = [("", "Choisissez"), *((une.code, une.nom) for une in cibles)]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@pour(Droit.ECRIRE_MESSAGES)
def actualites(request: RequeteAgent) -> HttpResponse:
    """Written, then read again with the number of families, then sent; below, what was sent before."""
    donnees = request.POST if request.method == "POST" else None
    formulaire = FormulaireActualite(cibles_de(request.agent), donnees)
    visee, nombre = None, 0
    if request.method == "POST" and formulaire.is_valid():
        dit = formulaire.cleaned_data
        visee = cible_de(request.agent, dit["cible"])
        nombre = familles_visees(visee.genre, visee.cle).count()
        if nombre and "confirmer" in request.POST:
            publier(visee, dit["objet"], dit["texte"], request.agent, dit["jeton"])
            messages.success(
                request, f"Le message part vers {compte(nombre, 'famille')} : chacune a le sien, et un e-mail."
            )
            return redirect("guichet:actualites")
        if not nombre:
            formulaire.add_error("cible", "Aucune famille n’est dans ce groupe : choisissez-en un autre.")
            visee = None
    contexte = {
        "form": formulaire,
        "visee": visee,
        "nombre": nombre,
        "envoyees": actualites_de(request.agent).annotate(faites=Count("fils"))[:20],
    }
    return render(request, "guichet/messages/actualites.html", contexte, status=422 if formulaire.errors else 200)
