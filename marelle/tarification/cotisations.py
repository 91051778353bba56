"""The yearly fees (*adhésion*) that a first booking will bring with it, said before it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from marelle.regles.forfaits import Cotisation, cotisations_dues
from marelle.regles.prix import LigneDePrix
from marelle.regles.tarifs import Tarifs
from marelle.reservations.models import Reservation
from marelle.socle.horloge import annee_scolaire

from .foyer import FoyerTarifaire


def annee_de(cotisation: Cotisation, jour: date) -> tuple[date, date]:
    """The first and the last day of the year of that fee."""
    return annee_scolaire(jour) if cotisation.annee == "scolaire" else (date(jour.year, 1, 1), date(jour.year, 12, 31))


def cotisations_a_venir(
    famille_id: int, foyer: FoyerTarifaire, tarifs: Tarifs, jours: Iterable[tuple[int, date]]
) -> list[LigneDePrix]:
    """For each fee and year among these days: the children (or the household) who have nothing booked in it yet.

    One query, and only where the tariffs of these days have a fee."""
    voulus = sorted(jours, key=lambda un: un[1])
    par_annee: dict[tuple[Cotisation, date], set[int]] = {}
    fins: dict[tuple[Cotisation, date], date] = {}
    for enfant_id, jour in voulus:
        version = tarifs.version_du(jour)
        for une in version.cotisations if version else ():
            debut, fin = annee_de(une, jour)
            par_annee.setdefault((une, debut), set()).add(enfant_id)
            fins[(une, debut)] = fin
    if not par_annee:
        return []
    deja = _deja(famille_id, min(debut for _, debut in par_annee))
    lignes: list[LigneDePrix] = []
    for (une, debut), enfants in par_annee.items():
        inscrits = {enfant for enfant, jour in deja if debut <= jour <= fins[(une, debut)]}
        nouveaux = enfants - inscrits if une.par == "enfant" else (enfants if not inscrits else set())
        premier = next(jour for enfant, jour in voulus if debut <= jour <= fins[(une, debut)])
        quotient = foyer.quotient_du(premier, tarifs)
        lignes += cotisations_dues([une], quotient.valeur if quotient else None, len(nouveaux))
    return lignes


def _deja(famille_id: int, depuis: date) -> list[tuple[int, date]]:
    """Children and days booked by the household from a day on."""
    lignes = Reservation.objects.filter(famille=famille_id, date__gte=depuis, etat=Reservation.Etat.RESERVEE)
    return list(lignes.order_by().values_list("enfant_id", "date"))
