"""Random months of bookings, absences, cancellations, quotients, avoirs, payments, refunds and what is taken back: the accounts
always add up, each day is billed what it is worth, and a run made again bills nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.creances.encaissement import contrepasser, encaisser
from marelle.creances.models import Facture, LigneFacture, Mandat, Paiement, Payeur, Regie
from marelle.creances.remboursement import rembourser, rendable
from marelle.creances.soldes import avances, avec_restes, decouverts, soldes
from marelle.creances.verification import verifier
from marelle.facturation import apercu, campagnes
from marelle.facturation.avoirs import faire_un_avoir, lignes_a_rendre
from marelle.facturation.calcul import calculer
from marelle.facturation.models import Campagne, RepartitionGarde
from marelle.facturation.selection import selection_de
from marelle.familles.models import Rattachement
from marelle.reservations.models import Reservation
from tests.distribution import Foyer, famille_lemoine
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, preparer_le_cinq
from .monde import absent, annule, reserve, tarifs

pytestmark = pytest.mark.django_db
NOVEMBRE = (date(2026, 11, 1), date(2026, 11, 30))
EXCUSES = 'absences = { excuses = [{ motif = "maladie", nom = "maladie", preuve_heures = 48, carence_jours = 1 }] }'
JOURS = [*MERCREDIS, date(2026, 10, 7), date(2026, 10, 14)]
GESTES = st.tuples(
    st.sampled_from(
        ["absence", "preuve", "annulation", "centre", "quotient", "avoir", "paiement", "remboursement", "contraire"]
    ),
    st.integers(0, 11),
)
Horloge = Callable[[str], object]


@pytest.fixture
def foyers(roussel: Foyer) -> tuple[Foyer, Foyer]:
    tarifs(version=EXCUSES)
    autre = famille_lemoine(roussel.anouk)
    Rattachement.objects.filter(enfant=roussel.anouk, famille=roussel.famille).update(part_garde=50)
    quotient(roussel.famille, 500)
    quotient(autre.famille, 900)
    return roussel, autre


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    mode=st.sampled_from(["reservation", "calendrier", "parts"]),
    voulus=st.lists(st.integers(0, 11), unique=True, min_size=1),
    gestes=st.lists(st.lists(GESTES, max_size=5), min_size=2, max_size=2),
)
def test_les_comptes_tombent_juste(
    foyers: tuple[Foyer, Foyer], regie: Regie, agent: Agent, horloge: Horloge, mode: str, voulus: list[int],
    gestes: list[list[tuple[str, int]]],
) -> None:  # fmt: skip
    roussel, autre = foyers
    with transaction.atomic():
        horloge("2026-09-01 10:00")
        zoe = Agent.objects.create(compte=Compte.objects.create_user("zoe"), nom="Ferry", prenom="Zoé", role=Role.REGIE)
        Mandat.objects.create(regie=regie, agent=zoe, qualite="titulaire", debut=date(2020, 1, 1))
        RepartitionGarde.objects.create(enfant=roussel.anouk, mode=mode, famille_paire=autre.famille)
        for voulu in voulus:
            enfant = roussel.anouk if voulu >= 6 else roussel.elio
            reserve(roussel.famille, enfant, ACTIVITE, JOURS[voulu % 6])
        for mois, aussi in zip((SEPTEMBRE, OCTOBRE, NOVEMBRE), [*gestes, []], strict=True):
            campagne = preparer_le_cinq(regie, agent, mois, horloge)
            if campagne.prevues.filter(etat="prevue").exists():
                emettre(campagne, agent)
            _verifier_les_comptes(regie)
            _rien_de_plus(campagne)
            for geste, rang in aussi:
                _agir(geste, rang, regie, agent, roussel)
        _verifier_les_jours(campagne)
        transaction.set_rollback(True)


def _agir(geste: str, rang: int, regie: Regie, agent: Agent, roussel: Foyer) -> None:
    reserves = list(Reservation.objects.order_by("pk"))
    une = reserves[rang % len(reserves)]
    if geste == "absence" and une.etat == "reservee":
        absent(une)
    elif geste == "preuve" and une.etat == "reservee":
        absent(une, preuve=f"{une.date} 12:00")
    elif geste in ("annulation", "centre"):
        annule([une], "annulee" if geste == "annulation" else "annulee_centre")
    elif geste == "quotient":
        quotient(roussel.famille, 300 + 100 * rang)
    elif geste == "avoir" and (facture := Facture.objects.filter(sorte="facture").order_by("pk").last()):
        restent = {ligne.ligne.pk: max(1, ligne.reste_centimes * (rang + 1) // 12) for ligne in lignes_a_rendre(facture)
                   if ligne.reste_centimes}  # fmt: skip
        if restent:
            faire_un_avoir(facture, restent, "Geste", agent=agent)
    elif geste == "paiement" and (payeur := Payeur.objects.order_by("pk").first()):
        encaisser(regie, payeur, 100 + 300 * rang, "en_ligne", auteur=None)
    elif geste == "remboursement" and (payeur := Payeur.objects.order_by("pk").first()):
        if (permis := rendable(payeur, regie)) > 0:
            zoe = Agent.objects.get(role=Role.REGIE)
            rembourser(regie, payeur, max(1, permis * (rang + 1) // 12), "virement", auteur=zoe, motif="Rendu")
    elif geste == "contraire":
        faits = list(Paiement.objects.filter(annule=None, contrepassation=None).order_by("pk"))
        if faits:
            contrepasser(faits[rang % len(faits)], "Rejeté", auteur=None)


def _verifier_les_comptes(regie: Regie) -> None:
    """Invoices − avoirs − payments = balances, whatever pays what; numbers follow, digests hold."""
    assert verifier() == []
    for payeur in Payeur.objects.order_by("pk"):
        factures = Facture.objects.filter(payeur=payeur)
        du = sum(factures.values_list("montant_centimes", flat=True))
        paye = sum(Paiement.objects.filter(payeur=payeur).values_list("montant_centimes", flat=True))
        restes = sum(une.reste_centimes for une in avec_restes(factures))
        assert soldes([payeur.pk]).get(payeur.pk, 0) == du - paye
        perdu = sum(un.reste_centimes for un in decouverts(payeur, regie))
        assert restes + perdu - sum(une.reste_centimes for une in avances(payeur, regie)) == du - paye
        lignes = LigneFacture.objects.filter(payeur=payeur).aggregate(somme=Sum("montant_centimes"))
        assert (lignes["somme"] or 0) == du


def _rien_de_plus(campagne: Campagne) -> None:
    encore = campagnes.preparer(
        campagne.regie, libelle="encore", debut=campagne.debut, fin=campagne.fin, agent=None,
        date_emission=campagne.date_emission,
    )  # fmt: skip
    assert not apercu.recalculer(encore).prevues.filter(etat="prevue").exists()
    encore.delete()


def _verifier_les_jours(derniere: Campagne) -> None:
    """What stands billed of a day, with what waits for an invoice because its total is nothing, is never negative, nor is its
    care, nor more than the dearest price; nothing of a day that was cancelled."""
    etats = dict(Reservation.objects.order_by().values_list("pk", "etat"))
    sommes: dict[tuple[int, str], list[int]] = {}
    lignes = list(
        LigneFacture.objects.order_by().values_list("payeur_id", "cle", "montant_centimes", "eligible_centimes")
    )
    for payeur, compte in calculer(selection_de(derniere)).items():
        assert compte.montant_centimes == 0
        lignes += [(payeur, une.cle, une.montant_centimes, une.eligible_centimes) for une in compte.lignes]
    for payeur, cle, montant, eligible in lignes:
        tient = sommes.setdefault((payeur, cle.removeprefix("geste:")), [0, 0])
        tient[0] += montant
        tient[1] += eligible
    for (_, cle), (montant, eligible) in sommes.items():
        assert 0 <= eligible <= montant <= 1100, cle
        if etats[int(cle.removeprefix("resa:"))] != "reservee":
            assert montant == 0, cle
