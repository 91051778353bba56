"""A freed place offered to who waits: held, told, accepted in one tap, left, let pass; and always a next in line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest

from marelle.courriels.models import Courriel
from marelle.demandes import decision
from marelle.demandes.capacite import changer_les_places
from marelle.demandes.models import Demande, OffreDePlace, RangAttente
from marelle.demandes.offres import offre_du_lien
from marelle.demandes.reponses import (
    OffreFinie,
    accepter_offre,
    decliner_offre,
    finir_les_offres,
    proposer_maintenant,
)
from marelle.demandes.verification import verifier
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import PARIS, a_l_instant, maintenant
from tests.demandes.monde import FAMILLE, OFFRES, SERVICE, adultes, attente, compteurs, demander, liens
from tests.distribution import karim
from tests.reservations.terrain import Terrain, terrain

pytestmark = pytest.mark.django_db
UN_JOUR = timedelta(days=1)
MIDI = datetime(2026, 10, 6, 12, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _a_midi_et_tout_est_juste() -> Iterator[None]:
    with a_l_instant(MIDI):
        yield
    with a_l_instant(MIDI):
        assert verifier() == []


def file_d_attente(combien: int = 3, *, texte: str = OFFRES, places: int = 1) -> tuple[Terrain, list[Demande]]:
    """A full day, whose place belongs to the first household, and the others who wait; all with an address."""
    sol = terrain(places=places, familles=combien + 1, jours=2)
    attente(texte)
    adultes(sol)
    demandes = []
    for rang in range(combien + 1):  # a minute after one another
        with a_l_instant(maintenant() - timedelta(minutes=combien - rang)):
            demandes.append(demander(sol, rang, 0))
            if rang == 0:
                decision.accepter(demandes[0].pk, SERVICE)
    return sol, demandes


def liberer(sol: Terrain, premiere: Demande) -> None:
    """The first household cancels its day: the place is free."""
    from marelle.demandes import depot, panier

    panier.basculer(sol.familles[0], sol.enfants[0], sol.journee, sol.jours[0])
    depot.deposer_panier(sol.familles[0], depot.panier_de(sol.familles[0]).jeton, FAMILLE)


def etats(demandes: list[Demande]) -> list[str]:
    return [Demande.objects.get(pk=une.pk).etat for une in demandes]


def test_la_place_liberee_est_proposee_au_premier_et_retenue() -> None:
    sol, demandes = file_d_attente()
    liberer(sol, demandes[0])
    assert etats(demandes[1:]) == ["proposee", "liste_attente", "liste_attente"]
    assert compteurs(sol) == (0, 1, 2)
    offre = OffreDePlace.objects.get()
    assert offre.fin_le == MIDI + timedelta(days=1, hours=22)  # 9 h the first day, 13 the second, 2 the third
    [courriel] = Courriel.objects.filter(gabarit="offre")
    assert courriel.destinataire == "famille1@x.exemple"
    assert courriel.est_confidentiel
    assert "jeudi 8 octobre à 10\u00a0h" in courriel.objet


def test_un_geste_accepte_et_un_second_ne_change_rien() -> None:
    sol, demandes = file_d_attente()
    liberer(sol, demandes[0])
    offre = offre_du_lien(liens()[0][1])
    accepter_offre(offre, FAMILLE)
    accepter_offre(offre, FAMILLE)
    assert etats(demandes[1:]) == ["acceptee", "liste_attente", "liste_attente"]
    assert compteurs(sol) == (1, 0, 2)
    verbes = list(demandes[1].passages.values_list("verbe", "acteur"))
    assert verbes[-2:] == [("proposer", "regle"), ("confirmer", "famille")]
    assert Courriel.objects.filter(gabarit="decision", destinataire="famille1@x.exemple").count() == 1


def test_laisser_la_place_la_propose_au_suivant() -> None:
    sol, demandes = file_d_attente()
    liberer(sol, demandes[0])
    decliner_offre(offre_du_lien(liens()[0][1]), FAMILLE)
    assert etats(demandes[1:]) == ["retiree", "proposee", "liste_attente"]
    assert [adresse for adresse, _ in liens()] == ["famille1@x.exemple", "famille2@x.exemple"]


def test_sans_reponse_le_suivant_puis_on_quitte_la_liste() -> None:
    sol, demandes = file_d_attente(2)
    liberer(sol, demandes[0])
    with a_l_instant(MIDI + 2 * UN_JOUR):
        assert finir_les_offres() == 1
        assert finir_les_offres() == 0
        assert etats(demandes[1:]) == ["liste_attente", "proposee"]
        with pytest.raises(OffreFinie, match="pris fin"):
            accepter_offre(offre_du_lien(liens()[0][1]), FAMILLE)
    with a_l_instant(MIDI + 4 * UN_JOUR):
        finir_les_offres()
        assert etats(demandes[1:]) == ["proposee", "liste_attente"]  # offered again: nobody else waits
    with a_l_instant(MIDI + 6 * UN_JOUR):
        finir_les_offres()
        assert etats(demandes[1:]) == ["retiree", "proposee"]
        assert "quitte la liste" in Courriel.objects.filter(gabarit="sans_reponse").latest("pk").texte
        accepter_offre(offre_du_lien(liens()[-1][1]), FAMILLE)
        assert etats(demandes[1:]) == ["retiree", "acceptee"]


@pytest.mark.parametrize(("regle", "premier"), [("garde", 1), ("perd", 3)])
def test_le_rang_de_qui_n_a_pas_repondu(regle: str, premier: int) -> None:
    sol, demandes = file_d_attente(3, texte=OFFRES.replace("heures = 24", f'heures = 24, sans_reponse = "{regle}"'))
    liberer(sol, demandes[0])
    with a_l_instant(MIDI + 2 * UN_JOUR):
        finir_les_offres()
        assert etats(demandes[1:]) == ["liste_attente", "proposee", "liste_attente"]
        decision.refuser(demandes[2].pk, SERVICE, "Le dossier manque.")
        assert Demande.objects.get(etat="proposee").pk == demandes[premier].pk
        suite = Courriel.objects.get(gabarit="sans_reponse").texte
        assert ("à son rang" if regle == "garde" else "à la fin") in suite


def test_les_heures_calmes_ne_comptent_pas_et_rien_ne_part() -> None:
    sol, demandes = file_d_attente()
    soir = MIDI.replace(hour=22)
    with a_l_instant(soir):
        liberer(sol, demandes[0])
        offre, courriel = OffreDePlace.objects.get(), Courriel.objects.get(gabarit="offre")
        matin = datetime(2026, 10, 7, 8, tzinfo=PARIS)
        assert offre.debut_le == courriel.prochain_essai_le == matin
        assert offre.fin_le == datetime(2026, 10, 8, 19, tzinfo=PARIS)
        accepter_offre(offre, FAMILLE)  # who looks at the portal meanwhile may answer
    assert etats(demandes)[1] == "acceptee"


def test_trop_tard_pour_un_e_mail_la_place_revient_au_service() -> None:
    sol, demandes = file_d_attente()
    with a_l_instant(datetime.combine(sol.jours[0], MIDI.time(), PARIS).replace(hour=7, minute=30)):
        liberer(sol, demandes[0])
        assert etats(demandes[1:]) == ["deposee", "liste_attente", "liste_attente"]
        assert not liens()
        assert compteurs(sol) == (0, 1, 2)


def test_l_offre_s_arrete_a_la_limite_utile_puis_le_service_appelle() -> None:
    jusqua = OFFRES.replace(
        "heures = 24", 'heures = 24, jusqua = { nombre = 2, unite = "jours_calendaires", heure = "12:00" }'
    )
    sol, demandes = file_d_attente(2, texte=jusqua)
    limite = datetime.combine(sol.jours[0] - 2 * UN_JOUR, MIDI.time(), PARIS)
    with a_l_instant(limite - timedelta(hours=3)):
        liberer(sol, demandes[0])
        assert OffreDePlace.objects.get().fin_le == limite
    with a_l_instant(limite):
        finir_les_offres()
        assert etats(demandes[1:]) == ["liste_attente", "deposee"]


def test_le_service_repond_pendant_l_offre() -> None:
    sol, demandes = file_d_attente()
    liberer(sol, demandes[0])
    secret = liens()[0][1]
    decision.accepter(demandes[1].pk, SERVICE)
    assert OffreDePlace.objects.get().etat == "acceptee"
    assert compteurs(sol) == (1, 0, 2)
    accepter_offre(offre_du_lien(secret), FAMILLE)
    assert demandes[1].passages.filter(verbe="confirmer").count() == 0


def test_refuser_ou_retirer_pendant_l_offre_sert_le_suivant() -> None:
    sol, demandes = file_d_attente()
    liberer(sol, demandes[0])
    decision.refuser(demandes[1].pk, SERVICE, "Le dossier manque.")
    assert etats(demandes[1:]) == ["refusee", "proposee", "liste_attente"]
    with pytest.raises(OffreFinie, match="autrement"):
        accepter_offre(offre_du_lien(liens()[0][1]), FAMILLE)
    decision.retirer(demandes[2].pk, FAMILLE, sol.familles[2].pk)
    assert etats(demandes[1:]) == ["refusee", "retiree", "proposee"]


def test_un_agent_propose_une_place_a_qui_il_avait_mis_en_reserve() -> None:
    sol = terrain(places=2, familles=2, jours=2)
    attente()
    adultes(sol)
    une = demander(sol, 0, 0)
    decision.mettre_en_attente(une.pk, SERVICE)
    assert Demande.objects.get().est_en_reserve
    proposer_maintenant(une.pk, SERVICE)
    assert etats([une]) == ["proposee"]
    accepter_offre(offre_du_lien(liens()[0][1]), FAMILLE)
    assert compteurs(sol) == (1, 0, 0)
    with pytest.raises(Refus):
        proposer_maintenant(une.pk, SERVICE)


def test_aucune_place_libre_ne_se_propose() -> None:
    _, demandes = file_d_attente()
    with pytest.raises(Refus, match="Aucune place"):
        proposer_maintenant(demandes[1].pk, SERVICE)


def test_servir_beaucoup_d_enfants_a_la_fois_ne_coute_que_leurs_e_mails(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    sol, demandes = file_d_attente(12)
    jauges = [jauge.pk for jauge in sol.jauges() if jauge.date == sol.jours[0]]
    agent = karim()
    with django_assert_max_num_queries(26 + 12):
        changer_les_places(dict.fromkeys(jauges, 13), agent)
    assert set(etats(demandes[1:])) == {"proposee"}
    assert len(liens()) == 12


def test_un_lien_invente_n_ouvre_rien() -> None:
    with pytest.raises(Introuvable):
        offre_du_lien("invente")


def test_perdre_son_rang_ne_touche_que_cette_demande() -> None:
    sol, demandes = file_d_attente(3, texte=OFFRES.replace("heures = 24", 'heures = 24, sans_reponse = "perd"'))
    liberer(sol, demandes[0])
    with a_l_instant(MIDI + 2 * UN_JOUR):
        finir_les_offres()
        assert RangAttente.objects.get().jour.demande_id == demandes[1].pk
        assert maintenant() == MIDI + 2 * UN_JOUR
