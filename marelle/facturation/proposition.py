"""Which month does one come to bill? The first that is not billed yet; what is said when they all are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.db.models.functions import TruncMonth

from marelle.activites.models import Ouverture
from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regles.phrases import MOIS
from marelle.socle.francais import de
from marelle.socle.horloge import aujourdhui

from .models import Campagne
from .selection import REPRISE, activites_de

Faite = tuple[date, date, frozenset[str]]  # the first and last day of a run of all households, its activities


@dataclass(frozen=True, slots=True)
class Proposition:
    """A whole month; when it is not the one that is expected, `deja` says that the others are billed, `ensuite` when this one
    may be."""

    debut: date
    fin: date
    deja: str = ""
    ensuite: str = ""


def proposer(regie: Regie) -> Proposition:
    """The first month not billed yet, up to the last one that is over (the one under way where one pays before); when all of
    them are, the one after, and why."""
    present, avance = aujourdhui().replace(day=1), options_de(regie).moment == Campagne.Moment.AVANCE
    attendu = present if avance else _mois_avant(present)
    emises = Campagne.objects.filter(
        regie=regie, familles=[], etat__in=[Campagne.Etat.EMISE, Campagne.Etat.EMISSION], fin__gte=attendu - REPRISE
    ).order_by("debut", "pk")
    faites = [(debut, fin, frozenset(codes)) for debut, fin, codes in emises.values_list("debut", "fin", "activites")]
    mois = premier_a_facturer(_derniers_jours(regie, attendu), faites, attendu) if faites else attendu
    if mois is not None:
        return Proposition(mois, fin_du_mois(mois))
    suivant = fin_du_mois(attendu) + timedelta(days=1)
    deja = f"Tout est facturé jusqu’à la fin {de(MOIS[attendu.month - 1])} {attendu.year}"
    return Proposition(suivant, fin_du_mois(suivant), deja, _ensuite(suivant, avance))


def premier_a_facturer(
    derniers_jours: Mapping[tuple[str, date], date], faites: Iterable[Faite], attendu: date
) -> date | None:
    """The first month up to `attendu` with an activity whose last open day no run holds; an activity counts from its first
    run on. `derniers_jours`: the last open day by activity and (first day of) month. A run looks back: what is left unbilled
    before a day that it bills is in it."""
    faites, depuis = list(faites), dict[str, date]()
    for debut, _, codes in faites:
        for code in codes:
            depuis[code] = min(depuis.get(code, debut), debut)
    restent = (
        mois
        for (code, mois), dernier in derniers_jours.items()
        if mois <= attendu
        and dernier >= depuis.get(code, date.max)
        and not any(code in codes and debut <= dernier <= fin for debut, fin, codes in faites)
    )
    return min(restent, default=None)


def fin_du_mois(jour: date) -> date:
    return (jour.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _mois_avant(premier: date) -> date:
    return (premier - timedelta(days=1)).replace(day=1)


def _derniers_jours(regie: Regie, attendu: date) -> dict[tuple[str, date], date]:
    """Closed days do not count: there is nothing in them to bill."""
    ouvertes = Ouverture.objects.filter(
        activite__in=activites_de(regie), date__range=(attendu - REPRISE, fin_du_mois(attendu)), fermeture=""
    ).order_by()
    par_mois = ouvertes.annotate(mois=TruncMonth("date")).values_list("activite__code", "mois")
    return {(code, mois): dernier for code, mois, dernier in par_mois.annotate(dernier=Max("date"))}


def _ensuite(mois: date, avance: bool) -> str:
    if avance:
        return "Voici le mois suivant."
    apres = fin_du_mois(mois) + timedelta(days=1)
    return (
        f"Le mois en cours n’est pas fini : il se facture à partir du 1er {MOIS[apres.month - 1]}, ou dès maintenant en "
        "choisissant « D’avance »."
    )
