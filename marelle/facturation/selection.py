"""What a billing run looks at: days of some activities, some households, and how far back their corrections are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import QuerySet

from marelle.activites.models import Activite
from marelle.creances.models import Regie
from marelle.creances.regies import options_de, regie_de, regies
from marelle.familles.models import Rattachement
from marelle.socle.erreurs import Introuvable

from .models import Campagne

REPRISE = timedelta(days=400)  # corrections of days older than that are made by an avoir at the desk


@dataclass(frozen=True, slots=True)
class Selection:
    """`depuis`: for each activity, the first day that is looked at again. `familles`: None for all."""

    regie: Regie
    debut: date
    fin: date
    activites: Mapping[str, int]  # code → key
    familles: frozenset[int] | None = None
    depuis: Mapping[str, date] = field(default_factory=dict)

    @property
    def premier_jour(self) -> date:
        return self.premier_jour_de(self.activites)

    def premier_jour_de(self, activites: Iterable[str]) -> date:
        """The first day that is looked at for some of its activities."""
        return min((self.depuis.get(code, self.debut) for code in activites), default=self.debut)

    def regarde(self, activite: str, jour: date) -> bool:
        """Whether a day of that activity is billed, or looked at again, by this run."""
        return activite in self.activites and self.depuis.get(activite, self.debut) <= jour <= self.fin

    def pour(self, familles: Iterable[int]) -> Selection:
        """The same for these households."""
        return replace(self, familles=frozenset(familles))


def enfants_de(familles: Iterable[int]) -> set[int]:
    """The children of these households: keys, with which an index is found, when a query in an « or » is not."""
    return set(Rattachement.objects.filter(famille__in=familles).order_by().values_list("enfant_id", flat=True))


def selection_de(campagne: Campagne) -> Selection:
    """What that run looks at: its days, and those that former runs of the same activities have billed or left unbilled."""
    codes = Activite.objects.filter(code__in=campagne.activites).order_by("pk").values_list("code", "pk")
    familles = frozenset(campagne.familles) or None
    return Selection(
        campagne.regie, campagne.debut, campagne.fin, dict(codes), familles, _premiers_jours(campagne)
    )  # fmt: skip


def _premiers_jours(campagne: Campagne) -> dict[str, date]:
    """The first day of an issued run for each activity: what was before Marelle is not billed by it. A run of a few households
    counts for all: those that it leaves out wait for the next one."""
    au_plus_tot = campagne.debut - REPRISE
    premiers: dict[str, date] = {}
    for debut, activites in _autres_issues(campagne).values_list("debut", "activites"):
        for code in activites:
            premiers[code] = min(premiers.get(code, campagne.debut), max(debut, au_plus_tot))
    return premiers


def remonte_pour_tous(campagne: Campagne) -> bool:
    """Whether a run of a few households begins before every issued one, for some activity: once it is issued, the next runs
    look back to its first day for everybody."""
    if not campagne.familles:
        return False
    avant = _autres_issues(campagne).filter(debut__lte=campagne.debut).values_list("activites", flat=True)
    return not set(campagne.activites) <= {code for activites in avant for code in activites}


def _autres_issues(campagne: Campagne) -> QuerySet[Campagne]:
    issues = Campagne.objects.filter(regie=campagne.regie, etat__in=[Campagne.Etat.EMISE, Campagne.Etat.EMISSION])
    return issues.exclude(pk=campagne.pk).order_by("pk")


def activites_de(regie: Regie) -> list[Activite]:
    """What that régie collects for, in the order of the offer."""
    options = options_de(regie)
    toutes = Activite.objects.select_related("centre").order_by("ordre", "nom", "pk")
    return [une for une in toutes if (sienne := regie_de(une.code)) is not None and sienne.code == options.code]


def regies_facturables() -> list[Regie]:
    """The régies of the text in force, in its order."""
    codes = [une.code for une in regies()]
    return sorted(Regie.objects.filter(code__in=codes).order_by("code"), key=lambda une: codes.index(une.code))


def une_regie(code: int) -> Regie:
    """Raises `Introuvable` for one that bills nothing."""
    trouvee = next((une for une in regies_facturables() if une.code == code), None)
    if trouvee is None:
        raise Introuvable("Cette régie n’existe pas.")
    return trouvee
