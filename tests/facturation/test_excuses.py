"""What the service says of a day for all, or knows from the school, makes its price; said after the invoice, an avoir."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from marelle.activites.models import Activite
from marelle.comptes.models import Agent
from marelle.creances.models import LigneFacture
from marelle.facturation.models import Campagne
from marelle.reservations import excuses_dites
from marelle.reservations.models import Absence, AbsenceEcole, Pointage, Reservation
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures, lignes
from .monde import absent, annule, ouverture, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
EXCUSES = """absences = { excuses = [
  { motif = "maladie", nom = "maladie", preuve_heures = 48, facture = "50 %" },
  { motif = "greve", nom = "grève", collective = true },
  { motif = "sortie", nom = "sortie scolaire", collective = true, facture = "25 %" },
  { motif = "ecole", nom = "absent de l’école aussi", si_absent_ecole = true },
] }"""
GREVE = MERCREDIS[0]


@pytest.fixture
def booked(roussel: Foyer) -> list[Reservation]:
    """Élio, four Wednesdays of September at 7,01 €."""
    tarifs(version=EXCUSES)
    quotient(roussel.famille, 500)
    return reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)


def greve(agent: Agent, motif: str = "greve", jour: date = GREVE, **choix: object) -> excuses_dites.ExcuseCollective:
    saisie = excuses_dites.Saisie(motif, jour, jour, [Activite.objects.get(code=ACTIVITE)], **choix)  # type: ignore[arg-type]
    vu = excuses_dites.apercu(saisie).empreinte
    return excuses_dites.dire(agent, saisie, uuid.uuid4(), vu, prevenir=False)[0]


def pointer(reservation: Reservation, etat: str) -> None:
    Pointage.objects.create(
        enfant=reservation.enfant, famille=reservation.famille, ouverture=reservation.ouverture,
        activite=reservation.activite, date=reservation.date, etat=etat, saisi_le=maintenant(),
    )  # fmt: skip


def explications(foyer: Foyer) -> list[tuple[int, str]]:
    dites = factures(foyer)[-1].lignes.order_by("rang").values_list("montant_centimes", "explication")
    return [(montant, dit.rpartition(", ")[2].replace("\u00a0", " ")) for montant, dit in dites]


def test_qui_n_est_pas_venu_est_excuse_sans_rien_declarer_et_qui_est_venu_est_facture(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent
) -> None:
    venue = reserve(roussel.famille, roussel.anouk, ACTIVITE, GREVE)[0]
    pointer(booked[0], "absent_injustifie")
    pointer(venue, "present")
    greve(agent)
    facturer(SEPTEMBRE)
    dites = dict(LigneFacture.objects.filter(date=GREVE).values_list("enfant__prenom", "montant_centimes"))
    assert (dites[roussel.elio.prenom], dites[roussel.anouk.prenom]) == (0, 701)
    assert "absence excusée : grève" in LigneFacture.objects.get(date=GREVE, enfant=roussel.elio).explication.replace(
        "\u00a0", " "
    )


def test_pas_pointe_un_jour_ou_d_autres_le_sont_n_est_pas_venu(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent
) -> None:
    venue = reserve(roussel.famille, roussel.anouk, ACTIVITE, GREVE, MERCREDIS[1])
    for une in venue:
        pointer(une, "present")
    greve(agent)
    facturer(SEPTEMBRE)
    dus = LigneFacture.objects.filter(enfant=roussel.elio).order_by("date").values_list("montant_centimes", flat=True)
    assert list(dus) == [0, 701, 701, 701]  # another day, not to be pointed is not to be absent


def test_un_jour_ou_personne_n_est_pointe_reste_du_et_se_regarde(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent
) -> None:
    greve(agent)
    campagne = facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes == 4 * 701
    assert "sans_presence" in campagne.prevues.get(payeur=factures(roussel)[0].payeur).anomalies


def test_dite_apres_la_facture_l_excuse_fait_son_avoir_et_prise_en_arriere_se_refacture(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent
) -> None:
    pointer(booked[0], "absent_injustifie")
    absent(booked[1], "rendez-vous")
    facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes == 4 * 701
    une = greve(agent)
    greve(agent, "sortie", MERCREDIS[1])
    facturer(OCTOBRE)
    assert factures(roussel)[1].sorte == "avoir"
    assert lignes(factures(roussel)[1]) == [
        ("Régularisation : mercredi 9 septembre 2026, journée avec repas", -701),
        ("Régularisation : mercredi 16 septembre 2026, journée avec repas", -526),  # 25 % of 7,01 is 1,75
    ]
    assert explications(roussel) == [
        (-701, "absence excusée : grève"), (-526, "absence excusée : sortie scolaire"),
    ]  # fmt: skip
    excuses_dites.annuler(agent, une.pk, "Mauvais jour")
    facturer((date(2026, 11, 1), date(2026, 11, 30)))
    assert lignes(factures(roussel)[2]) == [("Régularisation : mercredi 9 septembre 2026, journée avec repas", 701)]


def test_ce_que_la_famille_a_dit_et_ce_que_dit_le_service_le_moins_cher(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent
) -> None:
    """50 % for an illness that was proved; 25 % on a trip; nothing on a strike, even for a proof that was refused; and a day
    that was cancelled too late."""
    for rang in (0, 1):
        absent(booked[rang], preuve=f"{booked[rang].date} 12:00")
    absent(booked[2])
    Absence.objects.filter(reservation=booked[2]).update(justification="refusee")
    greve(agent, "sortie", MERCREDIS[0])
    greve(agent, "greve", MERCREDIS[2])
    facturer(SEPTEMBRE)
    assert [une for _, une in lignes(factures(roussel)[0])] == [175, 351, 0, 701]


def test_une_excuse_d_ecole_suit_ce_que_la_fiche_disait_ce_jour_la(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent, horloge: Callable[[str], object]
) -> None:
    elio = roussel.elio
    fiches = {"2026-09-08": "École Jean-Moulin", "2026-10-02": "Saint-Joseph"}
    for quand, ecole in fiches.items():
        horloge(f"{quand} 09:00")
        elio.ecole, elio.classe = ecole, "CE1"
        elio.save()
    for une in booked[:3]:
        pointer(une, "absent_injustifie")
    greve(agent, ecoles=["ecole jean moulin"], classes=["CE1", "CE2"])
    greve(agent, jour=MERCREDIS[1], ecoles=["Saint-Joseph"])
    greve(agent, jour=MERCREDIS[2], ecoles=["École Jean-Moulin"], classes=["CM2"])
    facturer(SEPTEMBRE)
    assert [une for _, une in lignes(factures(roussel)[0])] == [0, 701, 701, 701]


def test_absent_de_l_ecole_aussi(roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent) -> None:
    """Known after the invoice; a proof that an agent refused stays refused."""
    pointer(booked[0], "absent_injustifie")
    pointer(booked[1], "present")
    absent(booked[2])
    absent(booked[3])
    Absence.objects.filter(reservation=booked[3]).update(justification="refusee")
    facturer(SEPTEMBRE)
    for une in booked:
        AbsenceEcole.objects.create(enfant=une.enfant, date=une.date, notee_par=agent, notee_le=maintenant())
    facturer(OCTOBRE)
    assert [une for _, une in lignes(factures(roussel)[1])] == [-701, -701]
    assert explications(roussel)[0] == (-701, "absence excusée : absent de l’école aussi")


def test_une_annulation_tardive_un_jour_de_greve_est_excusee(
    roussel: Foyer, booked: list[Reservation], facturer: Facturer, agent: Agent
) -> None:
    tarifs(version=EXCUSES.replace("absences = {", 'absences = { prevenue = "50 %",'))
    annule(booked[:2])
    greve(agent)
    assert ouverture(ACTIVITE, roussel.elio, GREVE)
    facturer(SEPTEMBRE)
    assert LigneFacture.objects.filter(date=MERCREDIS[1]).get().montant_centimes == 351
    assert not LigneFacture.objects.filter(date=GREVE).exists()
