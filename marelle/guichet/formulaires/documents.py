"""A document that the centre gives families to download: its title, its file, when it is published."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.pieces.centre import verifier
from marelle.pieces.formats import FichierRefuse
from marelle.pieces.models import DocumentDuCentre
from marelle.pieces.televersement import ChampFichier
from marelle.socle.formulaires import ChampDate
from marelle.socle.horloge import aujourdhui


class FicheDocument(forms.ModelForm[DocumentDuCentre]):
    class Meta:
        model = DocumentDuCentre
        fields = ["titre", "rang", "publie_du", "publie_au"]

    titre = forms.CharField(label="Titre", max_length=120, help_text="Ce que les familles lisent : Menus de décembre.")
    fichier = ChampFichier(label="Fichier PDF", help_text="PDF, 10 Mo au plus.")
    rang = forms.IntegerField(
        label="Place dans la liste", min_value=1, max_value=999, initial=1, help_text="1 vient en premier."
    )
    publie_du = ChampDate(label="Publié à partir du", initial=aujourdhui)
    publie_au = ChampDate(label="Jusqu’au", required=False, help_text="Sans date, le document reste publié.")

    field_order = ["titre", "fichier", "rang", "publie_du", "publie_au"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fichier = self.fields["fichier"]
        fichier.widget.attrs["accept"] = ".pdf,application/pdf"
        if self.instance.pk:
            fichier.required = False
            fichier.label = "Remplacer le fichier PDF"

    def clean_fichier(self) -> Any:
        recu = self.cleaned_data["fichier"]
        if recu is not None:
            try:
                verifier(recu)
            except FichierRefuse as refus:
                raise forms.ValidationError(refus.phrase, code="refuse") from None
        return recu

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        du, au = donnees.get("publie_du"), donnees.get("publie_au")
        if du and au and au < du:
            self.add_error("publie_au", "La fin vient avant le début : inversez les deux dates.")
        return donnees
