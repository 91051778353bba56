"""What happens for the n-th time: absences without excuse, late collections, days not booked, as the tariffs count them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Min

from marelle.activites.models import Periode
from marelle.regles.presences import reste_du
from marelle.regles.tarifs import Tarif, Tarifs, VersionTarifs
from marelle.socle.horloge import annee_scolaire
from marelle.tarification.foyer import FoyerTarifaire

from .journees import Journee
from .selection import Selection, activites_de

VersionDu = Callable[[date], VersionTarifs | None]


def ce_qui_compte(selection: Selection, tarifs: Tarifs) -> Selection:
    """What is read so that a day has the same rank whatever the run that looks at it: every activity of the régie where things
    are counted, since the beginning of the widest stretch that the first day lies in; an absence in a row, since the rentrée."""
    pars = {par for version in tarifs.versions for tarif in version.tarifs for par in _comptes_par(tarif)}
    debut = annee_scolaire(selection.premier_jour)[0]
    if "annee_civile" in pars:
        debut = min(debut, date(selection.premier_jour.year, 1, 1))
    if "periode" in pars:
        siennes = Periode.objects.filter(debut__lte=selection.premier_jour, fin__gte=selection.premier_jour)
        debut = min(debut, siennes.aggregate(premier=Min("debut"))["premier"] or debut)
    activites = {une.code: une.pk for une in activites_de(selection.regie)} if pars else {}
    activites |= selection.activites
    return replace(selection, activites=activites, depuis=dict.fromkeys(activites, debut))


def _comptes_par(tarif: Tarif) -> Iterable[str]:
    """In which stretches that tariff counts something."""
    regles = tarif.supplements
    if regles.absences.repetees_des:
        yield regles.absences.repetees_par
    for seuil in (regles.retard_repete, regles.sans_reservation_repetee):
        if seuil is not None:
            yield seuil.par


class Compteurs:
    """Counts the days in their order, child by child; what counts before is written on each day."""

    def __init__(self, version_du: VersionDu, foyers: Mapping[int, FoyerTarifaire]) -> None:
        self.version_du, self.foyers = version_du, foyers
        self.comptes: dict[tuple[int, str, str], int] = {}
        self._periodes: list[Periode] | None = None

    def compter(self, journees: Iterable[Journee]) -> None:
        for une in journees:
            if une.est_annulee or (une.absence is None and not une.minutes_de_retard and not une.est_sans_reservation):
                continue
            version = self.version_du(une.jour)
            tarif = version.tarif(une.activite, une.unite.code) if version else None
            if tarif is not None:
                self._absence(une, tarif)
                self._supplements(une, tarif)

    def _absence(self, une: Journee, tarif: Tarif) -> None:
        if une.absence is None:
            return
        regle = tarif.supplements.absences
        foyer = self.foyers.get(une.famille_id)
        if foyer is not None and foyer.derogations:
            une.absence = replace(une.absence, dispenses=foyer.dispenses(une.enfant_id, une.jour))
        if regle.repetees_des:
            une.absence = replace(une.absence, injustifiees_avant=self._avant(une, "absence", regle.repetees_par))
            if not reste_du(regle, une.absence, 0).est_excusee:
                self._ajouter(une, "absence", regle.repetees_par)

    def _supplements(self, une: Journee, tarif: Tarif) -> None:
        regles = tarif.supplements
        if une.minutes_de_retard and regles.retard_repete is not None:
            une.retards_avant = self._ajouter(une, "retard", regles.retard_repete.par)
        if une.est_sans_reservation and regles.sans_reservation_repetee is not None:
            une.sans_reservation_avant = self._ajouter(une, "sans", regles.sans_reservation_repetee.par)

    def _avant(self, une: Journee, quoi: str, par: str) -> int:
        return self.comptes.get((une.enfant_id, quoi, self._fenetre(une, par)), 0)

    def _ajouter(self, une: Journee, quoi: str, par: str) -> int:
        """How many came before this one, that counts from now on."""
        cle = (une.enfant_id, quoi, self._fenetre(une, par))
        avant = self.comptes.get(cle, 0)
        self.comptes[cle] = avant + 1
        return avant

    def _fenetre(self, une: Journee, par: str) -> str:
        """The stretch in which they are counted, a month, a period or a year, with which of these: two tariffs that do not
        count by the same each count for themselves."""
        return f"{par}:{self._tranche(une, par)}"

    def _tranche(self, une: Journee, par: str) -> str:
        if par == "mois":
            return f"{une.jour:%Y-%m}"
        if par == "annee_civile":
            return str(une.jour.year)
        if par == "periode":
            if self._periodes is None:
                self._periodes = list(Periode.objects.order_by("debut"))
            temps = une.unite.activite.temps
            la = (p.code for p in self._periodes if p.temps == temps and p.debut <= une.jour <= p.fin)
            return next(la, f"{une.jour:%Y-%m}")
        return str(annee_scolaire(une.jour)[0].year)
