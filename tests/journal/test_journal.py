"""The journal: what it keeps, what it hides, and that nobody rewrites it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from marelle.comptes.models import Compte
from marelle.journal import selection, service
from marelle.journal.models import EcritureRefusee, Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Compte:
    return Compte.objects.create(username="agent1")


def _sql(ordre: str, *valeurs: Any) -> int:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)
        return curseur.rowcount


def test_une_entree_dit_qui_quoi_et_sur_quoi(agent: Compte) -> None:
    service.noter(
        agent, "demande.acceptee", agent, dossier="famille:12", adresse_ip="192.0.2.17", demande=812, jours=[1, 2]
    )
    entree = selection.entrees(dossier="famille:12").get()
    assert (entree.acteur_nom, entree.objet_type, entree.objet_id) == ("agent1", "comptes.compte", str(agent.pk))
    assert entree.details == {"demande": 812, "jours": [1, 2]}
    assert entree.adresse_ip == "192.0.2.0/24"
    assert list(selection.entrees(objet=agent)) == [entree]


def test_les_details_ne_gardent_ni_adresse_ni_telephone(agent: Compte) -> None:
    entree = service.noter(None, "essai", motif="écrire à camille@exemple.fr ou au 06 12 34 56 78", long="x" * 900)
    assert entree.acteur_nom == "Marelle"
    assert entree.details["motif"] == "écrire à [adresse] ou au [téléphone]"
    assert len(entree.details["long"]) == 200


@pytest.mark.parametrize(
    ("adresse", "reseau"), [("2001:db8:1:2::9", "2001:db8:1::/48"), ("", ""), ("pas une adresse", "")]
)
def test_l_adresse_du_reseau_est_tronquee(adresse: str, reseau: str) -> None:
    assert service.noter(None, "essai", adresse_ip=adresse).adresse_ip == reseau


def test_le_code_refuse_de_modifier_et_de_supprimer() -> None:
    entree = service.noter(None, "essai")
    for geste in (
        entree.save,
        entree.delete,
        Entree.objects.all().delete,
        lambda: Entree.objects.update(action="autre"),
        lambda: Entree.objects.bulk_update([entree], ["action"]),
    ):
        with pytest.raises(EcritureRefusee):
            geste()


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE journal_entree SET action = 'autre' WHERE id = %s",
        "UPDATE journal_entree SET acteur_nom = 'autre' WHERE id = %s",
        "UPDATE journal_entree SET quand = '2020-01-01' WHERE id = %s",
        "UPDATE journal_entree SET details = '{}' WHERE id = %s",
        "DELETE FROM journal_entree WHERE id = %s",
    ],
)
def test_la_base_refuse_aussi(ordre: str) -> None:
    entree = service.noter(None, "essai", quoi="vrai")
    with pytest.raises(DatabaseError, match="Le journal ne se modifie pas"):
        _sql(ordre, entree.pk)
    entree.refresh_from_db()
    assert (entree.action, entree.details) == ("essai", {"quoi": "vrai"})


def test_un_autre_auteur_ne_se_met_pas_a_la_place(agent: Compte) -> None:
    entree = service.noter(agent, "essai")
    autre = Compte.objects.create(username="agent2")
    with pytest.raises(DatabaseError, match="Le journal ne se modifie pas"):
        _sql("UPDATE journal_entree SET acteur_id = %s WHERE id = %s", autre.pk, entree.pk)


def test_l_entree_survit_au_compte(agent: Compte) -> None:
    entree = service.noter(agent, "essai")
    agent.delete()
    entree.refresh_from_db()
    assert (entree.acteur, entree.acteur_nom) == (None, "agent1")


def test_les_lectures_de_fiche_sanitaire_partent_apres_un_an_et_rien_d_autre(agent: Compte) -> None:
    recente = service.noter_lecture_sante(agent, agent)
    il_y_a_un_an = timezone.now() - timedelta(days=366)
    ancienne = _inserer(service.LECTURE_SANTE, il_y_a_un_an)
    acte = _inserer("demande.acceptee", il_y_a_un_an)
    assert service.purger() == 1
    assert set(Entree.objects.values_list("pk", flat=True)) == {recente.pk, acte.pk}
    assert not Entree.objects.filter(pk=ancienne.pk).exists()
    assert list(selection.lectures_sante(agent)) == [recente]
    with pytest.raises(DatabaseError):
        _sql("DELETE FROM journal_entree WHERE id = %s", acte.pk)


def _inserer(action: str, quand: Any) -> Entree:
    return models.QuerySet(Entree).create(action=action, acteur_nom="agent1", quand=quand)
