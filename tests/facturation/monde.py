"""Tariffs of an example, read by name, and what makes a booking without its cart: for months that are billed by hundreds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from marelle.activites.models import Ouverture
from marelle.familles.models import Enfant, Famille
from marelle.reservations.models import Absence, Reservation
from marelle.socle.horloge import PARIS
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from tests.monde import unite

BASE = """
nom = "Exemple"

[quotient]
{quotient}

[[version]]
en_vigueur_le = 2026-01-01
deliberation = "Délibération d’essai"
tranches = [{{ code = "A", de = 0, a = 700 }}, {{ code = "B", de = 701 }}]
{version}

[[version.tarifs]]
nom = "Journée"
activites = ["*"]
accueil = {{ tranches = {{ A = "4,01", B = "8,00" }} }}
repas = "3,00"
{tarif}
{fin}
"""


def tarifs(*, quotient: str = "", version: str = "", tarif: str = "", fin: str = "") -> None:
    """4,01 € of care up to a quotient of 700, 8,00 € over it, and 3,00 € of meal."""
    charger_tarifs(BASE.format(quotient=quotient, version=version, tarif=tarif, fin=fin), "essai/tarifs.toml")
    oublier()


def ouverture(activite: str, enfant: Enfant, jour: date) -> Ouverture:
    choisies = Ouverture.objects.filter(unite=unite(activite), date=jour).select_related("groupe")
    return next(
        une for une in choisies
        if une.groupe is None or une.groupe.age_min <= enfant.age_le(jour) <= une.groupe.age_max
    )  # fmt: skip


def reserve(famille: Famille, enfant: Enfant, activite: str, *jours: date) -> list[Reservation]:
    """Booked, without going through the cart."""
    return [
        Reservation.objects.create(
            famille=famille, enfant=enfant, ouverture=une, activite_id=une.activite_id, date=une.date
        )
        for une in (ouverture(activite, enfant, jour) for jour in jours)
    ]


def absent(reservation: Reservation, motif: str = "maladie", preuve: str = "") -> Absence:
    """Declared on the day before; with the hour at which its proof came, accepted."""
    recue = datetime.fromisoformat(preuve).replace(tzinfo=PARIS) if preuve else None
    return Absence.objects.update_or_create(
        reservation=reservation,
        defaults={
            "motif": motif,
            "declaree_le": datetime.combine(reservation.date, datetime.min.time(), PARIS),
            "justification": Absence.Justification.ACCEPTEE if preuve else Absence.Justification.A_DIRE,
            "preuve_recue_le": recue,
        },
    )[0]


def annule(reservations: Iterable[Reservation], etat: str = Reservation.Etat.ANNULEE) -> None:
    Reservation.objects.filter(pk__in=[une.pk for une in reservations]).update(etat=etat)
