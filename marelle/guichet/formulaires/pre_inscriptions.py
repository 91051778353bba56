"""The answer to a pré-inscription: yes (in spite of what looks like it), or no and why."""

from __future__ import annotations

from django import forms


class Accord(forms.Form):
    malgre_les_doublons = forms.BooleanField(label="J’ai vérifié : ce n’est aucune de ces familles.", required=False)


class RefusDeLaFiche(forms.Form):
    motif = forms.CharField(
        label="Motif, envoyé à la famille",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : « Vous avez déjà un accès : nous vous en renvoyons le lien. »",
    )

    def __init__(self, donnees: object = None) -> None:
        super().__init__(donnees, auto_id="refus_%s")  # type: ignore[arg-type]
        self.fields["motif"].error_messages["required"] = "Écrivez le motif : la famille le lira."
