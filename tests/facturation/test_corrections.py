"""What changes after a month was billed comes by itself with the next run; what is frozen does not move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.activites.models import Unite
from marelle.creances.models import LigneFacture, Regie
from marelle.creances.soldes import solde
from marelle.facturation.journees import journees
from marelle.facturation.models import Campagne
from marelle.facturation.selection import Selection
from marelle.familles.models import Rattachement
from marelle.reservations.models import Pointage, Reservation
from marelle.reservations.presences import presences_de
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer, famille_lemoine
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures, lignes
from .monde import absent, annule, ouverture, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
EXCUSES = 'absences = { excuses = [{ motif = "maladie", nom = "maladie", preuve_heures = 48, carence_jours = 1 }] }'
MERCREDI_7 = date(2026, 10, 7)


@pytest.fixture
def booked(roussel: Foyer) -> list[Reservation]:
    """Élio, four Wednesdays of September at 7,01 €, in a household of quotient 500."""
    tarifs(version=EXCUSES)
    quotient(roussel.famille, 500)
    return reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)


def test_une_absence_justifiee_apres_la_cloture_est_rendue(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer
) -> None:
    absent(booked[0])
    absent(booked[1])
    facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes == 4 * 701
    for une, preuve in zip(booked, ("2026-09-10 09:00", "2026-09-10 09:00"), strict=False):
        absent(une, preuve=preuve)
    facturer(OCTOBRE)
    avoir = factures(roussel)[1]
    assert (avoir.sorte, avoir.montant_centimes) == ("avoir", -701)  # the first day is the carence: it stays billed
    assert lignes(avoir) == [("Régularisation : mercredi 16 septembre 2026, journée avec repas", -701)]
    assert avoir.motif
    assert solde(avoir.payeur) == 3 * 701


def test_un_jour_d_absence_n_est_pas_de_la_garde(roussel: Foyer, booked: list[Reservation], facturer: Facturer) -> None:
    absent(booked[0])
    facturer(SEPTEMBRE)
    ecrites = factures(roussel)[0].lignes.order_by("rang")
    assert [une.eligible_centimes for une in ecrites] == [0, 401, 401, 401]


def test_une_annulation_en_retard_ou_par_le_centre_est_rendue(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer
) -> None:
    facturer(SEPTEMBRE)
    annule(booked[:1])
    annule(booked[1:2], Reservation.Etat.ANNULEE_CENTRE)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDI_7)
    facturer(OCTOBRE)
    assert factures(roussel)[1].sorte == "avoir"
    assert factures(roussel)[1].montant_centimes == 701 - 2 * 701
    assert sum(une.eligible_centimes for une in LigneFacture.objects.all()) == 3 * 401


def test_un_jour_oublie_se_facture_au_passage_suivant(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer
) -> None:
    facturer(SEPTEMBRE)
    reserve(roussel.famille, roussel.jeanne, ACTIVITE, MERCREDIS[0])
    facturer(OCTOBRE)
    assert lignes(factures(roussel)[1]) == [("Mercredi 9 septembre 2026, journée avec repas", 701)]


def test_ce_qui_precede_la_premiere_facturation_n_est_pas_facture(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer
) -> None:
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDI_7)
    facturer(OCTOBRE)
    assert factures(roussel)[0].montant_centimes == 701


def test_un_quotient_n_est_pas_retroactif(roussel: Foyer, booked: list[Reservation], facturer: Facturer) -> None:
    facturer(SEPTEMBRE)
    quotient(roussel.famille, 900)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDI_7)
    absent(booked[0], preuve="2026-09-09 12:00")
    facturer(OCTOBRE)
    assert lignes(factures(roussel)[1])[-1] == ("Mercredi 7 octobre 2026, journée avec repas", 1100)
    assert factures(roussel)[1].montant_centimes == 1100  # the day of carence keeps its price of then


def test_un_quotient_retroactif_si_les_tarifs_le_disent(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer
) -> None:
    tarifs(quotient="retroactif = true")
    facturer(SEPTEMBRE)
    quotient(roussel.famille, 900)
    facturer(OCTOBRE)
    assert factures(roussel)[1].montant_centimes == 4 * (1100 - 701)


def test_une_presence_sans_reservation_se_facture_puis_s_efface(roussel: Foyer, facturer: Facturer) -> None:
    tarifs(version='sans_reservation = "30 %"\nretard = { des_minutes = 1, prix = "5,00" }')
    quotient(roussel.famille, 500)
    la = ouverture(ACTIVITE, roussel.elio, MERCREDIS[0])
    pointage = Pointage.objects.create(
        enfant=roussel.elio, famille=roussel.famille, ouverture=la, activite_id=la.activite_id, date=la.date,
        etat=Pointage.Etat.PRESENT, sans_reservation=True, minutes_de_retard=10, saisi_le=maintenant(),
    )  # fmt: skip
    campagne = facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes == 701 + 210 + 500
    assert "sans_reservation" in campagne.prevues.get().anomalies
    pointage.delete()
    facturer(OCTOBRE)
    assert factures(roussel)[1].montant_centimes == -(701 + 210 + 500)


def test_le_pointage_gagne_et_se_corrige(roussel: Foyer, booked: list[Reservation], facturer: Facturer) -> None:
    une = booked[0]
    absent(une, preuve="2026-09-09 08:00")
    Pointage.objects.create(
        enfant=roussel.elio, famille=roussel.famille, ouverture=une.ouverture, activite_id=une.activite_id, date=une.date,
        etat=Pointage.Etat.PRESENT, saisi_le=maintenant(),
    )  # fmt: skip
    campagne = facturer(SEPTEMBRE)
    assert factures(roussel)[0].lignes.first().eligible_centimes == 401
    assert campagne.prevues.get().anomalies == []  # the other Wednesdays were not pointed at all


def test_une_famille_se_facture_sans_lire_les_autres(
    roussel: Foyer, booked: list[Reservation], regie: Regie, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another household's attendance, only that somebody was pointed that day: this child was not, and is looked at."""
    voisine = famille_lemoine(roussel.jeanne)
    Pointage.objects.create(
        enfant=roussel.jeanne, famille=voisine.famille, ouverture=booked[0].ouverture,
        activite_id=booked[0].activite_id, date=booked[0].date, etat=Pointage.Etat.PRESENT, saisi_le=maintenant(),
    )  # fmt: skip
    Rattachement.objects.filter(famille=roussel.famille, enfant=roussel.jeanne).delete()
    lues: list[object] = []
    monkeypatch.setattr(
        "marelle.facturation.journees.presences_de", lambda *quoi: lues.append(presences_de(*quoi)) or lues[-1]
    )
    selection = Selection(regie, *SEPTEMBRE, {ACTIVITE: booked[0].activite_id})
    unites = {une.pk: une for une in Unite.objects.select_related("activite")}
    sienne = selection.pour([roussel.famille.pk])
    toutes, siennes = journees(selection, unites, selection), journees(sienne, unites, sienne)
    assert siennes == [une for une in toutes if une.famille_id == roussel.famille.pk]
    assert [une.jour_est_pointe for une in siennes] == [True, False, False, False]
    assert [len(une) for une in lues] == [1, 0]  # type: ignore[arg-type]
