"""Sending a cart and deciding: who has a place, who waits, what stays in the cart, what everybody is told."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch

import pytest

from marelle.activites.models import Jauge, Ouverture
from marelle.courriels.models import Courriel
from marelle.demandes import attente, decision, depot, panier
from marelle.demandes.accuse import donnees_de_l_accuse
from marelle.demandes.models import Demande, Envoi, JourDemande
from marelle.demandes.retenues import liberer_les_paniers_expires
from marelle.demandes.verification import verifier
from marelle.familles.models import Rattachement, Responsable
from marelle.regles.reglement import Reglement
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import a_l_instant, maintenant
from tests.demandes.monde import FAMILLE, SERVICE, choisir, compteurs, demander, envoyer, etats
from tests.reservations.terrain import terrain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tout_est_juste() -> object:
    yield
    assert verifier() == []


def test_une_demande_deposee_retient_sa_place_puis_la_prend() -> None:
    sol = terrain(places=2, familles=1)
    demande = demander(sol, 0, 0, 1)
    assert compteurs(sol) == (0, 1, 0)
    decision.accepter(demande.pk, SERVICE)
    assert compteurs(sol) == (1, 0, 0)
    assert list(demande.passages.values_list("verbe", "acteur")) == [("deposer", "famille"), ("accepter", "agent")]


def test_refuser_rend_la_place_et_dit_le_motif() -> None:
    sol = terrain(places=1, familles=1)
    Responsable.objects.create(famille=sol.familles[0], nom="Roussel", prenom="Camille", courriel="camille@x.exemple")
    demande = demander(sol, 0, 0)
    decision.refuser(demande.pk, SERVICE, "Le groupe est complet.")
    assert compteurs(sol) == (0, 0, 0)
    assert "Le groupe est complet." in Courriel.objects.get(gabarit="decision").texte


def test_le_meme_panier_poste_deux_fois_donne_le_meme_accuse() -> None:
    sol = terrain(places=1, familles=1)
    choisir(sol, 0, 0)
    jeton = depot.panier_de(sol.familles[0]).jeton
    premier = depot.deposer_panier(sol.familles[0], jeton, FAMILLE)
    second = depot.deposer_panier(sol.familles[0], jeton, FAMILLE)
    assert premier.est_nouveau
    assert not second.est_nouveau
    assert premier.envoi == second.envoi
    with pytest.raises(Refus, match="autre appareil"):
        depot.deposer_panier(sol.familles[0], uuid.uuid4(), FAMILLE)


def test_un_envoi_d_apres_minuit_est_du_jour_de_paris(horloge: Callable[[str], object]) -> None:
    """In the database, half past midnight of 1 July is 10.30 p.m. of 30 June."""
    sol = terrain(places=1, familles=1)
    choisir(sol, 0, 0)
    horloge("2026-07-01 00:30")
    envoi = Envoi.objects.get(pk=envoyer(sol, 0).envoi.pk)  # type: ignore[union-attr]
    assert donnees_de_l_accuse(envoi, "Camille")["silences"][0]["date"] == date(2026, 9, 1)
    with patch.object(Reglement, "version_du", side_effect=Reglement.version_du, autospec=True) as version_du:
        attente.decide_la_regle(Demande.objects.get())
    assert version_du.call_args.args[1] == date(2026, 7, 1)


def test_un_panier_vide_ne_s_envoie_pas() -> None:
    sol = terrain(places=1, familles=1)
    with pytest.raises(Refus, match="vide"):
        envoyer(sol, 0)
    assert not Envoi.objects.exists()


def test_un_envoi_a_autant_de_reponses_que_les_jours_en_demandent() -> None:
    """One day free, one full: two demandes under one receipt."""
    sol = terrain(places=1, familles=2)
    demander(sol, 0, 0)
    envoi = envoyer(sol, 1, 0, 1).envoi
    assert envoi is not None
    assert etats(sol, 1) == {"deposee": 1, "liste_attente": 1}
    assert envoi.demandes.count() == 2


def test_ce_qui_est_refuse_reste_au_panier_avec_sa_raison() -> None:
    sol = terrain(places=1, familles=2, liste=False)
    choisir(sol, 0, 0)
    choisir(sol, 1, 0, 1)
    envoyer(sol, 0)
    fait = envoyer(sol, 1)
    assert etats(sol, 1) == {"panier": 1, "deposee": 1}
    assert [refuse.jour.date for refuse in fait.refuses] == [sol.jours[0]]
    assert fait.refuses[0].verdict.phrase.endswith(".")


def test_rien_a_envoyer_ne_fait_pas_d_accuse() -> None:
    sol = terrain(places=1, familles=2, liste=False)
    choisir(sol, 1, 0)
    demander(sol, 0, 0)
    fait = envoyer(sol, 1)
    assert fait.envoi is None
    assert etats(sol, 1) == {"panier": 1}
    assert Envoi.objects.count() == 1


def test_la_place_liberee_va_au_premier_arrive() -> None:
    sol = terrain(places=1, familles=4, jours=1)
    premiere = demander(sol, 0, 0)
    for rang in (1, 2, 3):
        demander(sol, rang, 0)
    decision.retirer(premiere.pk, FAMILLE, sol.familles[0].pk)
    assert [next(iter(etats(sol, rang))) for rang in (1, 2, 3)] == ["deposee", "liste_attente", "liste_attente"]
    decision.refuser(Demande.objects.get(famille=sol.familles[1]).pk, SERVICE, "Non.")
    assert etats(sol, 2) == {"deposee": 1}


def test_on_sert_le_premier_qui_peut_se_servir() -> None:
    """The afternoon is full for the first in line, who needs the whole day: the next one takes the morning."""
    sol = terrain(places=2, familles=5, jours=1)
    Jauge.objects.filter(partie="apres_midi").update(places=1)
    journee = demander(sol, 0, 0)
    matin = demander(sol, 1, 0, unite=sol.matin)
    demander(sol, 2, 0)
    demander(sol, 3, 0, unite=sol.matin)
    decision.retirer(matin.pk, FAMILLE, sol.familles[1].pk)
    assert (etats(sol, 2), etats(sol, 3)) == ({"liste_attente": 1}, {"deposee": 1})
    decision.retirer(journee.pk, FAMILLE, sol.familles[0].pk)
    assert etats(sol, 2) == {"deposee": 1}


def test_un_seul_jour_servi_se_detache_de_sa_demande() -> None:
    sol = terrain(places=1, familles=2)
    premiere = demander(sol, 0, 0)
    demander(sol, 0, 1)
    demander(sol, 1, 0, 1)
    decision.refuser(premiere.pk, SERVICE, "Non.")
    assert etats(sol, 1) == {"deposee": 1, "liste_attente": 1}
    assert Demande.objects.get(etat="deposee", famille=sol.familles[1]).mere is not None


def test_retirer_un_jour_laisse_les_autres() -> None:
    sol = terrain(places=1, familles=1)
    demande = demander(sol, 0, 0, 1, 2)
    jour = JourDemande.objects.get(date=sol.jours[1])
    decision.retirer(demande.pk, FAMILLE, sol.familles[0].pk, [jour.pk])
    assert etats(sol, 0) == {"deposee": 2, "retiree": 1}
    assert compteurs(sol, 1) == (0, 0, 0)


def test_on_ne_retire_pas_la_demande_des_autres() -> None:
    sol = terrain(places=1, familles=2)
    demande = demander(sol, 0, 0)
    with pytest.raises(Introuvable):
        decision.retirer(demande.pk, FAMILLE, sol.familles[1].pk)
    assert etats(sol, 0) == {"deposee": 1}


def test_mis_en_attente_par_un_agent_on_n_est_servi_que_par_lui() -> None:
    sol = terrain(places=1, familles=2, jours=1)
    premiere, seconde = demander(sol, 0, 0), demander(sol, 1, 0)
    decision.mettre_en_attente(premiere.pk, SERVICE)
    assert (etats(sol, 0), etats(sol, 1)) == ({"liste_attente": 1}, {"deposee": 1})
    decision.refuser(seconde.pk, SERVICE, "Non.")
    assert etats(sol, 0) == {"deposee": 1}, "it was in the line: the day was full"


def test_en_reserve_quand_personne_d_autre_n_attend() -> None:
    sol = terrain(places=1, familles=1)
    demande = demander(sol, 0, 0, 1)
    decision.mettre_en_attente(demande.pk, SERVICE)
    assert Demande.objects.get().est_en_reserve
    assert compteurs(sol) == (0, 0, 0)
    decision.accepter(demande.pk, SERVICE)
    assert compteurs(sol) == (1, 0, 0)


def test_en_reserve_meme_si_un_seul_de_ses_jours_a_de_la_place() -> None:
    sol = terrain(places=1, familles=2)
    demande = demander(sol, 0, 0, 1)
    demander(sol, 1, 0)
    decision.mettre_en_attente(demande.pk, SERVICE)
    assert (etats(sol, 0), etats(sol, 1)) == ({"liste_attente": 2}, {"deposee": 1})


def test_renvoyee_elle_quitte_la_file_et_ne_bloque_personne() -> None:
    sol = terrain(places=1, familles=3, jours=1)
    premiere = demander(sol, 0, 0)
    attend = demander(sol, 1, 0)
    demander(sol, 2, 0)
    decision.renvoyer(attend.pk, SERVICE, "Précisez.")
    decision.retirer(premiere.pk, FAMILLE, sol.familles[0].pk)
    assert (etats(sol, 1), etats(sol, 2)) == ({"a_corriger": 1}, {"deposee": 1})


def test_automatique_le_depot_reserve_et_la_file_aussi() -> None:
    sol = terrain(places=1, familles=2, jours=1, mode_decision="automatique")
    demander(sol, 0, 0)
    demander(sol, 1, 0)
    assert (etats(sol, 0), etats(sol, 1)) == ({"acceptee": 1}, {"liste_attente": 1})
    demander(sol, 0, 0)  # the day is booked: pressed again, it is asked to be cancelled
    assert etats(sol, 1) == {"acceptee": 1}
    assert Counter(Reservation.objects.values_list("etat", flat=True)) == {"annulee": 1, "reservee": 1}


def test_annuler_et_prendre_la_place_d_un_frere_dans_le_meme_panier() -> None:
    """The place that the cart gives back goes to whom the same cart puts in line: both are read before they are written."""
    sol = terrain(places=1, familles=2, jours=1, mode_decision="automatique")
    Rattachement.objects.create(enfant=sol.enfants[1], famille=sol.familles[0])
    demander(sol, 0, 0)
    choisir(sol, 0, 0)
    panier.basculer(sol.familles[0], sol.enfants[1], sol.journee, sol.jours[0])
    envoyer(sol, 0)
    assert Reservation.objects.get(etat="reservee").enfant == sol.enfants[1]


def test_le_lot_accepte_dans_l_ordre_et_dit_ce_qu_il_laisse() -> None:
    sol = terrain(places=1, familles=3, jours=1, retient_places=False)
    demandes = [demander(sol, rang, 0) for rang in range(3)]
    lot = decision.accepter_lot([une.pk for une in reversed(demandes)], SERVICE)
    assert lot.acceptees == [demandes[0]]
    assert set(lot.laissees) == {une.pk for une in demandes[1:]}
    assert compteurs(sol) == (1, 0, 0)


def test_inscrit_par_le_service_le_jour_est_direct_meme_accepte_en_lot() -> None:
    sol = terrain(places=1, familles=1)
    choisir(sol, 0, 0)
    fait = depot.deposer_panier(sol.familles[0], depot.panier_de(sol.familles[0]).jeton, SERVICE)
    assert fait.envoi is not None
    decision.accepter_lot([fait.envoi.demandes.get().pk], SERVICE)
    assert Reservation.objects.get().est_directe


def test_le_panier_retient_puis_lache_a_l_heure() -> None:
    sol = terrain(places=1, familles=2, jours=1, panier_retient_minutes=10)
    choisir(sol, 0, 0)
    assert compteurs(sol) == (0, 1, 0)
    demander(sol, 1, 0)
    assert etats(sol, 1) == {"liste_attente": 1}
    with a_l_instant(maintenant() + timedelta(minutes=11)):
        assert liberer_les_paniers_expires() == 1
    assert (etats(sol, 0), etats(sol, 1)) == ({"panier": 1}, {"deposee": 1})


def test_un_jour_ferme_entre_temps_ne_s_accepte_plus() -> None:
    sol = terrain(places=1, familles=1)
    demande = demander(sol, 0, 0)
    Ouverture.objects.filter(date=sol.jours[0]).update(fermeture="Neige")
    with pytest.raises(Refus, match="Neige"):
        decision.accepter(demande.pk, SERVICE, derogation="Exception")
    assert etats(sol, 0) == {"deposee": 1}


def test_chaque_parent_a_son_panier_et_l_enfant_une_seule_place() -> None:
    sol = terrain(places=2, familles=2, jours=1)
    Rattachement.objects.create(enfant=sol.enfants[0], famille=sol.familles[1])
    for famille in sol.familles:
        assert panier.basculer(famille, sol.enfants[0], sol.journee, sol.jours[0]).ajoutes == [sol.jours[0]]
    envoyer(sol, 0)
    autre = depot.deposer_panier(sol.familles[1], depot.panier_de(sol.familles[1]).jeton, FAMILLE)
    assert autre.envoi is None
    assert "déjà" in autre.refuses[0].verdict.phrase
    assert compteurs(sol) == (0, 1, 0)


def test_l_enfant_qui_a_sa_place_par_une_autre_formule_n_attend_pas_la_meme() -> None:
    """Where demandes hold nothing, a child may have asked for two formules of one day: the line has one place for it."""
    sol = terrain(places=1, familles=1, jours=1, retient_places=False)
    journee, matin = demander(sol, 0, 0), demander(sol, 0, 0, unite=sol.matin)
    decision.accepter(matin.pk, SERVICE)
    decision.mettre_en_attente(journee.pk, SERVICE)
    journee.refresh_from_db()
    assert (journee.etat, journee.est_en_reserve) == ("liste_attente", True)
    assert compteurs(sol) == (1, 0, 0)


@pytest.mark.parametrize(
    ("places", "retient", "etat"),
    [
        ({"matin": 0, "apres_midi": 0}, True, "liste_attente"),
        ({"apres_midi": 0}, True, "liste_attente"),
        ({}, True, "deposee"),
        ({}, False, "deposee"),  # no row tells the second one
    ],
    ids=["tout-plein", "une-partie", "libre", "sans-retenue"],
)
def test_de_deux_formules_d_un_jour_au_panier_une_seule_part(places: dict[str, int], retient: bool, etat: str) -> None:
    sol = terrain(places=1, familles=1, jours=1, retient_places=retient)
    for partie, nombre in places.items():
        Jauge.objects.filter(partie=partie).update(places=nombre)
    for unite in (sol.journee, sol.matin):
        panier.ajouter_periode(
            sol.familles[0], sol.enfants[0], unite, sol.jours[0], sol.jours[0], [], desinscrire=False
        )
    recu = depot.deposer_panier(sol.familles[0], depot.panier_de(sol.familles[0]).jeton, FAMILLE)
    assert etats(sol, 0) == {etat: 1, "panier": 1}
    assert [un.verdict.phrase for un in recu.refuses] == [depot.DEJA_DEMANDEE]
