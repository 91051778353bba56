"""The two lists of the bus, *Départ* and *Retour*, and the form « Inscriptions multiples » that has them too."""

from __future__ import annotations

from typing import Any

from django import forms

from marelle.activites.models import Unite
from marelle.transport.models import Sens
from marelle.transport.selection import ARRET_INCONNU, AUCUN, SANS_BUS, dessertes

from .formulaires import PeriodeForm


class BusForm(forms.Form):
    """« Ne prend pas le bus », or a stop with its hour; a direction that the bus does not run for this unité is not shown."""

    def __init__(self, unite: Unite, *args: Any, arrets: tuple[str, str] = ("", ""), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ajouter_les_listes(self, unite, arrets)


class MultiplesForm(PeriodeForm):
    """*Du*, *au*, weekdays, *Départ*, *Retour*."""

    def __init__(self, unite: Unite, *args: Any, arrets: tuple[str, str] = ("", ""), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ajouter_les_listes(self, unite, arrets)
        self.order_fields(["du", "au", "depart", "retour", "jours"])


def ajouter_les_listes(formulaire: forms.Form, unite: Unite, arrets: tuple[str, str]) -> None:
    for nom, sens, choisi in (("depart", Sens.ALLER, arrets[0]), ("retour", Sens.RETOUR, arrets[1])):
        choix = [(str(une.cle), str(une)) for une in dessertes(unite, sens)]
        if choix:
            formulaire.fields[nom] = forms.ChoiceField(
                label=sens.label,
                choices=[(AUCUN, SANS_BUS), *choix],
                initial=choisi or AUCUN,
                error_messages={"invalid_choice": ARRET_INCONNU},
            )
