"""What nobody told: notifications, the periodic job, expiry; and everybody at once, on both databases."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from marelle.courriels.models import Courriel
from marelle.creances import verification
from marelle.creances.models import Facture, Paiement
from marelle.paiements.interrogation import interroger
from marelle.paiements.models import Etat, Tentative
from marelle.paiements.reconciliation import il_y_en_a_a_interroger, notifier, reconcilier, verifier_une
from marelle.taches.moteur import travailler
from tests.paiements.conftest import Simulateur
from tests.salle.processus import RACINE

Commencer = Callable[..., Tentative]
Facturer = Callable[..., Facture]
DEBUT = "2026-11-18 10:00"


def relu(tentative: Tentative) -> Tentative:
    return Tentative.objects.select_related("regie", "payeur", "paiement").get(pk=tentative.pk)


@pytest.mark.django_db
def test_un_onglet_ferme_apres_avoir_paye_est_retrouve_cinq_minutes_plus_tard(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, horloge: Callable[[str], Any]
) -> None:
    voyage = horloge(DEBUT)
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    voyage.shift(timedelta(minutes=4))
    assert not il_y_en_a_a_interroger()
    assert reconcilier() == 0
    voyage.shift(timedelta(minutes=1))
    assert il_y_en_a_a_interroger()
    assert (reconcilier(), reconcilier()) == (1, 0)
    assert relu(tentative).etat == Etat.PAYEE
    assert not il_y_en_a_a_interroger()


@pytest.mark.django_db
def test_ce_que_personne_ne_paie_expire_en_deux_heures(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, horloge: Callable[[str], Any]
) -> None:
    voyage = horloge(DEBUT)
    tentative = commencer(facturer(4860))
    for minutes, attendu in ((20, Etat.EN_ATTENTE), (95, Etat.EN_ATTENTE), (10, Etat.EXPIREE)):
        voyage.shift(timedelta(minutes=minutes))
        reconcilier()
        assert relu(tentative).etat == attendu
    voyage.shift(timedelta(days=3))
    assert not il_y_en_a_a_interroger()


@pytest.mark.django_db
def test_p1_apres_la_purge_de_la_nuit_est_expire_pour_toujours(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    tentative = commencer(facturer(4860))
    payfip(avancer_minutes=24 * 60)
    tentative = interroger(tentative)
    assert (tentative.etat, tentative.reponse) == (Etat.EXPIREE, {"code": "P1"})
    assert tentative.prochaine_le is None


@pytest.mark.django_db
def test_un_refus_est_regarde_une_derniere_fois_quand_sa_page_est_fermee(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, horloge: Callable[[str], Any]
) -> None:
    voyage = horloge(DEBUT)
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "R")
    interroger(tentative)
    payfip.issue(tentative, "P")  # another card, in the same page
    voyage.shift(timedelta(minutes=21))
    assert reconcilier() == 1
    assert relu(tentative).etat == Etat.PAYEE
    assert not il_y_en_a_a_interroger()


@pytest.mark.django_db
def test_payfip_en_panne_n_est_pas_harcele(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, horloge: Callable[[str], Any]
) -> None:
    voyage = horloge(DEBUT)
    tentatives = [commencer(facturer(montant)) for montant in (1000, 2000, 3000)]
    payfip(panne="indisponible")
    voyage.shift(timedelta(minutes=6))
    assert reconcilier() == 1  # the first one found it down: the others wait
    premiere = min(map(relu, tentatives), key=lambda une: une.interrogee_le is None)
    assert premiere.prochaine_le == premiere.cree_le + timedelta(minutes=36)
    payfip(panne="")
    for une in tentatives:
        payfip.issue(une, "P")
    voyage.shift(timedelta(minutes=31))
    reconcilier()
    assert {relu(une).etat for une in tentatives} == {Etat.PAYEE}


@pytest.mark.django_db
def test_un_processus_mort_en_chemin_ne_garde_pas_la_facture(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, horloge: Callable[[str], Any]
) -> None:
    voyage = horloge(DEBUT)
    facture = facturer(4860)
    tentative = commencer(facture)
    Tentative.objects.filter(pk=tentative.pk).update(etat=Etat.CREE, idop=None, prochaine_le=tentative.fin_d_ouverture)
    voyage.shift(timedelta(minutes=16))
    reconcilier()
    assert relu(tentative).etat == Etat.EXPIREE
    assert commencer(facture).etat == Etat.EN_ATTENTE


@pytest.mark.django_db
def test_une_notification_inventee_ne_change_rien(facturer: Facturer, commencer: Commencer, payfip: Simulateur) -> None:
    tentative = commencer(facturer(4860))
    assert not notifier("un-autre")
    assert not notifier("")
    assert notifier(tentative.idop or "")
    travailler(une_fois=True)
    assert relu(tentative).etat == Etat.EN_ATTENTE  # PayFiP says P5: nobody paid
    payfip.issue(tentative, "P")
    notifier(tentative.idop or "")
    travailler(une_fois=True)
    assert relu(tentative).etat == Etat.PAYEE
    assert not notifier(tentative.idop or "")  # replayed
    verifier_une.func(tentative.pk)
    assert Paiement.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("ordre", [("retour", "tache"), ("tache", "retour"), ("tache", "tache"), ("retour", "retour")])
def test_quel_que_soit_l_ordre_un_seul_paiement(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, ordre: tuple[str, str]
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    for qui in ordre:
        if qui == "retour":
            interroger(tentative)  # the view's own copy, read before the other acted
        else:
            verifier_une.func(tentative.pk)
    assert Paiement.objects.count() == 1
    assert Courriel.objects.filter(gabarit="paiement_recu").count() == 1


@pytest.mark.django_db(transaction=True)
def test_tout_a_la_fois_un_seul_paiement(facturer: Facturer, commencer: Commencer, payfip: Simulateur) -> None:
    """Notification, return and reconciliation together: eight threads, each with its connection."""
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    depart, erreurs = threading.Barrier(8), []

    def demander() -> None:
        try:
            mienne = relu(tentative)
            depart.wait(10)
            interroger(mienne)
        except Exception as erreur:
            erreurs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=demander) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    assert erreurs == []
    assert relu(tentative).etat == Etat.PAYEE
    assert list(Paiement.objects.values_list("montant_centimes", flat=True)) == [4860]
    assert Courriel.objects.filter(gabarit="paiement_recu").count() == 1
    assert verification.verifier() == []


PROCESSUS = """
import django, sys
django.setup()
from django.conf import settings
settings.PAYFIP_ADRESSE = sys.argv[2]
from marelle.paiements.models import Tentative
from marelle.paiements.interrogation import interroger
une = Tentative.objects.select_related("regie").get(pk=int(sys.argv[1]))
print("pret", flush=True)
sys.stdin.readline()
print(interroger(une).etat, flush=True)
"""


@pytest.mark.processus
def test_plusieurs_processus_a_la_fois_un_seul_paiement(
    environnement_base: dict[str, str], facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    processus = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESSUS, str(tentative.pk), payfip.adresse],
            cwd=RACINE, env=environnement_base, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for un in processus:
        assert un.stdout is not None
        assert un.stdout.readline() == "pret\n"
    for un in processus:  # all at the same gate
        assert un.stdin is not None
        un.stdin.write("\n")
        un.stdin.flush()
    sorties = [un.communicate(timeout=60)[0].strip() for un in processus]
    assert sorties == ["payee"] * 3
    assert Paiement.objects.count() == 1
    assert verification.verifier() == []
