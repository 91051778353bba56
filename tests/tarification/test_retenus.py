"""The quotient kept with a booking where the policy is « à la réservation »; elsewhere nothing is kept, and nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marelle.comptes.models import Agent
from marelle.demandes import decision, panier
from marelle.reservations.models import Reservation
from marelle.socle.memoire import oublier
from marelle.tarification import quotients
from marelle.tarification.devis import Devis
from marelle.tarification.models import QuotientRetenu, TexteTarifs
from marelle.tarification.retenus import quotients_retenus
from tests.distribution import Foyer, auteur_agent, karim
from tests.monde import envoyer, portail, reserver, roussel_prets, unite

from .monde import quotient

pytestmark = pytest.mark.django_db
MERCREDI, SUIVANT, DERNIER = date(2026, 12, 9), date(2026, 12, 16), date(2027, 1, 6)


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    foyer = roussel_prets()
    politique("reservation")
    return foyer


def politique(moment: str) -> None:
    """The tariffs of the collectivité with another policy, as they would be loaded."""
    texte = TexteTarifs.objects.latest("pk")
    change = re.sub('moment = "[a-z]+"', f'moment = "{moment}"', texte.texte)
    TexteTarifs.objects.create(texte=change, source=texte.source, empreinte=sha256(change.encode()).hexdigest())
    oublier()


def prix(foyer: Foyer, jour: date = MERCREDI, reservation: Reservation | None = None) -> int:
    quoi = unite("chaveignes-mercredis")
    cle = reservation.pk if reservation else None
    trouve = Devis(foyer.famille).prix(foyer.elio.pk, "chaveignes-mercredis", quoi, jour, reservation_id=cle)
    assert trouve is not None
    return trouve.total_centimes


def agent() -> Agent:
    trouve = Agent.objects.first()
    assert trouve is not None
    return trouve


def test_un_quotient_qui_change_ensuite_ne_change_pas_le_prix_d_un_jour_reserve(roussel: Foyer, horloge) -> None:
    """QF 1 020: 8,00 − 0,80 + 3,20. QF 700 then: 6,20 − 0,62 + 3,20, for what is asked from then on."""
    saisi = quotient(roussel.famille, 1020)
    [demande] = reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    une = Reservation.objects.get()
    horloge("2026-11-19 10:00")
    quotient(roussel.famille, 700, du=date(2026, 11, 19))
    assert prix(roussel, reservation=une) == 1040
    assert prix(roussel) == 878
    retenu = quotients_retenus([une.pk])[une.pk]
    assert (retenu.valeur, retenu.saisie_id) == (1020, saisi.pk)
    assert retenu.retenu_le == demande.depose_le
    assert retenu.deliberation.startswith("Délibération nº 2024-061")


def test_c_est_le_quotient_du_jour_de_la_demande_pas_celui_de_la_decision(roussel: Foyer, horloge) -> None:
    quotient(roussel.famille, 1020)
    [demande] = envoyer(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    montre = prix(roussel)
    horloge("2026-11-20 09:00")
    quotient(roussel.famille, 300)  # valid since September, but not known when the price was shown
    decision.accepter(demande.pk, auteur_agent(agent()))
    assert prix(roussel, reservation=Reservation.objects.get()) == montre == 1040


def test_sans_quotient_connu_le_tarif_maximum_est_retenu(roussel: Foyer, horloge) -> None:
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    une = Reservation.objects.get()
    horloge("2026-11-19 10:00")
    quotient(roussel.famille, 300)
    assert quotients_retenus([une.pk])[une.pk].valeur is None
    assert prix(roussel, reservation=une) == 1184


def test_une_erreur_annulee_rend_aux_reservations_ce_qui_valait_sans_elle(roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)
    faux = quotient(roussel.famille, 102)
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI, SUIVANT)
    assert {un.valeur for un in QuotientRetenu.objects.order_by("pk")} == {102}
    quotients.annuler(roussel.famille, faux.pk, "Faute de frappe", agent())
    assert {un.valeur for un in QuotientRetenu.objects.order_by("pk")} == {1020}


@pytest.mark.parametrize("moment", ["prestation", "facture"])
def test_les_autres_politiques_ne_retiennent_rien_et_suivent_le_quotient(roussel: Foyer, horloge, moment: str) -> None:
    politique(moment)
    quotient(roussel.famille, 1020)
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    assert not QuotientRetenu.objects.exists()
    horloge("2026-11-19 10:00")
    quotient(roussel.famille, 700, du=date(2026, 12, 10))
    une = Reservation.objects.get()
    assert prix(roussel, reservation=une) == 1040, "le jour, et aujourd’hui, le quotient est encore 1 020"
    assert prix(roussel, SUIVANT, une) == (878 if moment == "prestation" else 1040)


def test_retenir_ne_coute_que_trois_requetes_combien_de_jours_qu_il_y_ait(roussel: Foyer) -> None:
    quotient(roussel.famille, 1020)

    def accepter(*jours: date) -> int:
        demandes = envoyer(roussel, roussel.elio, unite("chaveignes-mercredis"), *jours)
        with CaptureQueriesContext(connection) as lues:
            decision.accepter_lot([une.pk for une in demandes], auteur_agent(agent()))
        return len([une for une in lues.captured_queries if "tarification_" in une["sql"]])

    oublier()
    un, deux = accepter(MERCREDI), accepter(SUIVANT, DERNIER)
    assert deux <= un <= 5, (un, deux)
    assert deux == 3, "le foyer, ses dérogations, les lignes"
    assert QuotientRetenu.objects.count() == 3


def test_annuler_un_jour_reserve_rend_ce_qui_avait_ete_montre(roussel: Foyer, horloge) -> None:
    quotient(roussel.famille, 1020)
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    horloge("2026-11-19 10:00")
    quotient(roussel.famille, 700, du=date(2026, 11, 19))
    devis, cle = Devis(roussel.famille), Reservation.objects.get().pk
    quoi = (roussel.elio.pk, "chaveignes-mercredis", unite("chaveignes-mercredis"), MERCREDI)
    assert devis.rendu_centimes(*quoi, cle) == 1040


def test_un_prix_que_la_facture_peut_changer_se_dit_estime(roussel: Foyer) -> None:
    """Only where the quotient of the day of the invoice counts; with the highest tariff, that is what is said."""
    camille, dit = Client(), "Estimation, calculée avec votre quotient d’aujourd’hui"
    camille.force_login(roussel.compte)
    panier.basculer(roussel.famille, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)

    def page() -> str:
        return camille.get("/panier/").content.decode().replace("\u00a0", " ")

    politique("facture")
    assert dit not in page()
    assert "le tarif maximum s’applique" in page()
    quotient(roussel.famille, 1020)
    assert page().count(dit) == 2  # beside the day, and beside the total
    politique("prestation")
    assert dit not in page()
