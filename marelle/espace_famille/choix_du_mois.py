"""Where one is on the month's page: the member, the activity, the filter of the list, the stops last chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from marelle.activites.models import Activite, Temps, Unite
from marelle.activites.selection import unites_offertes
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.socle.horloge import aujourdhui
from marelle.transport.models import Sens
from marelle.transport.selection import ChoixBus, dessertes, lire_choix

from .choix import Mois, enfant_ou_404, mois_a_montrer
from .personne import RequeteFamille

SESSION = "arrets"


def nom_de(unite: Unite) -> str:
    """« Péri Beine matin », « Chablis mercredi, journée avec repas »: what the guide's list calls an activity."""
    if len(unite.activite.unites.all()) == 1:
        return unite.activite.nom
    return f"{unite.activite.nom}, {unite.nom[:1].lower()}{unite.nom[1:]}"


@dataclass(frozen=True)
class Situation:
    """This child, this unité of this activity, this month (None when nothing opens any more)."""

    enfant: Enfant
    unite: Unite
    mois: Mois | None
    filtre: str = ""
    a_choisi_le_mois: bool = True

    @property
    def activite(self) -> Activite:
        return self.unite.activite

    @property
    def nom(self) -> str:
        return nom_de(self.unite)

    def adresse_du(self, premier: date | None) -> str:
        parametres = {"mois": f"{premier:%Y-%m}" if premier else "", "filtre": self.filtre}
        return _avec(reverse("espace_famille:mois_calendrier", args=[self.enfant.pk, self.unite.pk]), **parametres)


def situation(request: RequeteFamille, enfant_id: int, unite_id: int) -> Situation:
    """Read and checked: another household's child, a closed activity, one that is not for that age are 404."""
    enfant = enfant_ou_404(request.famille, enfant_id)
    unite = next((une for une in unites_pour(enfant) if une.pk == unite_id), None)
    if unite is None:
        raise Http404
    donnees = request.POST if request.method == "POST" else request.GET
    mois = mois_a_montrer(unite.activite_id, donnees.get("mois", ""))
    return Situation(enfant, unite, mois, lire_filtre(donnees.get("filtre", "")), "mois" in donnees)


def lire_filtre(ecrit: str) -> str:
    return ecrit if ecrit in Temps.values else ""


def unites_pour(enfant: Enfant) -> list[Unite]:
    """What this child may be asked for, its next birthday included (a child grows within the year)."""
    age = enfant.age_le(aujourdhui())
    return [une for une in unites_offertes() if une.activite.age_min - 1 <= age <= une.activite.age_max]


def listes(request: RequeteFamille, enfant: Enfant | None, filtre: str, unite: Unite | None = None) -> dict[str, Any]:
    """The two lists on the left: the members of the family, and the activities of the one chosen."""
    unites = unites_pour(enfant) if enfant else []
    temps = dict.fromkeys(une.activite.temps for une in unites)
    return {
        "enfant": enfant,
        "membres": [
            {
                "libelle": str(un),
                "lien": _avec(reverse("espace_famille:mois_activites", args=[un.pk]), filtre=filtre),
                "est_courant": un == enfant,
            }
            for un in enfants_de(request.famille)
        ],
        "filtre": filtre,
        "filtres": [("", "Toutes"), *((cle, Temps(cle).label) for cle in temps)],
        "activites": [
            {
                "libelle": nom_de(une),
                "lien": _avec(reverse("espace_famille:mois_calendrier", args=[enfant.pk, une.pk]), filtre=filtre),
                "est_courant": une == unite,
            }
            for une in unites
            if enfant and (not filtre or une.activite.temps == filtre)
        ],
    }


def arrets_choisis(request: RequeteFamille, ou: Situation) -> tuple[str, str]:
    """The stops last chosen on this page for this child and this activity, as long as the bus still stops there."""
    gardes = request.session.get(SESSION, {}).get(f"{ou.enfant.pk}-{ou.unite.pk}", ["", ""])
    aller, retour = ([str(une.cle) for une in dessertes(ou.unite, sens)] for sens in (Sens.ALLER, Sens.RETOUR))
    return (gardes[0] if gardes[0] in aller else "", gardes[1] if gardes[1] in retour else "")


def lire_le_bus(request: RequeteFamille, ou: Situation) -> ChoixBus:
    """The stops posted, kept for the next day pressed. Raises `ErreurMarelle` for a stop that is not in the lists."""
    choix = lire_choix(ou.unite, request.POST.get("depart", ""), request.POST.get("retour", ""))
    if choix.cles != arrets_choisis(request, ou):
        cle = f"{ou.enfant.pk}-{ou.unite.pk}"
        request.session[SESSION] = {**request.session.get(SESSION, {}), cle: list(choix.cles)}
    return choix


def _avec(adresse: str, **parametres: str) -> str:
    dits = {nom: valeur for nom, valeur in parametres.items() if valeur}
    return f"{adresse}?{urlencode(dits)}" if dits else adresse
