"""Many at once, in real processes, on the database of the run: nobody oversold, nobody stranded, nothing done twice."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marelle.demandes import fiches, panier
from marelle.demandes.models import Demande, Envoi, Panier, Passage
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.demandes.verification import verifier
from marelle.reservations.models import Place, Reservation
from tests.distribution import karim
from tests.reservations.terrain import Terrain, terrain

pytestmark = [pytest.mark.processus, pytest.mark.django_db(transaction=True)]
RACINE = Path(__file__).resolve().parents[2]
Courir = Callable[..., list[dict[str, Any]]]
DELAI_S = 120


@pytest.fixture(scope="session")
def piste() -> Iterator[list[subprocess.Popen[str]]]:
    """The program that runs the races, once one has asked for it: its Django serves every race of this worker."""
    programmes: list[subprocess.Popen[str]] = []
    yield programmes
    for programme in programmes:
        programme.communicate(timeout=DELAI_S)


@pytest.fixture
def courir(environnement_base: dict[str, str], piste: list[subprocess.Popen[str]]) -> Courir:
    """`courir("melee", 16, tours=10)`: what each process did; a process that broke fails the test with its traceback."""

    def lancer(scenario: str, nombre: int, **parametres: Any) -> list[dict[str, Any]]:
        if not piste:
            commande = [sys.executable, "-m", "tests.reservations.course"]
            tuyau = subprocess.PIPE
            piste.append(
                subprocess.Popen(commande, cwd=RACINE, env=environnement_base, stdin=tuyau, stdout=tuyau, text=True)
            )
        [programme] = piste
        assert programme.stdin is not None
        assert programme.stdout is not None
        print(json.dumps([scenario, nombre, parametres]), file=programme.stdin, flush=True)
        assert select.select([programme.stdout], [], [], DELAI_S)[0], "la course ne finit pas"
        resultats: list[dict[str, Any]] = json.loads(programme.stdout.readline())
        pannes = [un["panne"] for un in resultats if "panne" in un]
        assert not pannes, pannes[0]
        return sorted(resultats, key=lambda un: un["rang"])

    return lancer


def au_panier(sol: Terrain, rang: int, *jours: int) -> tuple[int, str]:
    """These days in the cart of a household; its key and the jeton of its cart."""
    famille = sol.familles[rang]
    for jour in jours:
        panier.basculer(famille, sol.enfants[rang], sol.journee, sol.jours[jour])
    return famille.pk, str(Panier.objects.get(famille=famille).jeton)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="agent"),
        pytest.param({"mode_decision": "automatique"}, id="automatique"),
        pytest.param({"retient_places": False, "panier_retient_minutes": 10}, id="sans-retenue"),
    ],
)
def test_seize_processus_sur_cinq_jours_pleins(courir: Courir, options: dict[str, Any]) -> None:
    terrain(places=3, familles=24, **options)
    karim()
    courir("melee", 16, tours=7, graine=1)
    assert verifier() == []
    faits = Counter(Passage.objects.values_list("verbe", flat=True))
    assert faits["deposer"] > 20
    assert faits["refuser"] or faits["accepter"]
    assert faits["retirer"]
    if options.get("retient_places", True):  # elsewhere carts may take every place, and leave agents nothing to accept
        assert faits["accepter"]
        assert faits["mettre_en_attente"]
        assert faits["remettre_en_file"]
    assert not Demande.objects.exclude(etat="panier").filter(jours=None).exists()


def test_le_meme_panier_poste_par_plusieurs_est_envoye_une_fois(courir: Courir) -> None:
    sol = terrain(places=3, familles=1)
    resultats = courir("envoyer_un_panier", 8, paniers=[au_panier(sol, 0, 0, 1, 2)])
    envoi = Envoi.objects.get()
    assert [un["envoi"] for un in resultats] == [envoi.pk] * 8
    assert sum(un["est_nouveau"] for un in resultats) == 1
    assert envoi.demandes.count() == 1
    assert verifier() == []


def test_la_derniere_place_va_a_un_seul_et_les_autres_attendent(courir: Courir) -> None:
    sol = terrain(places=1, familles=8, jours=1)
    courir("envoyer_un_panier", 8, paniers=[au_panier(sol, rang, 0) for rang in range(8)])
    assert Counter(Demande.objects.values_list("etat", flat=True)) == {"deposee": 1, "liste_attente": 7}
    premiere = Demande.objects.order_by("depose_le", "pk").first()
    assert premiere is not None
    assert verifier() == []


def test_sans_liste_d_attente_la_derniere_place_va_a_un_seul(courir: Courir) -> None:
    sol = terrain(places=1, familles=8, jours=1, liste=False)
    courir("envoyer_un_panier", 8, paniers=[au_panier(sol, rang, 0) for rang in range(8)])
    assert Counter(Demande.objects.values_list("etat", flat=True)) == {"deposee": 1, "panier": 7}
    assert verifier() == []


def test_deux_agents_ne_decident_pas_la_meme_demande(courir: Courir) -> None:
    sol = terrain(places=3, familles=1)
    cle, jeton = au_panier(sol, 0, 0, 1)
    courir("envoyer_un_panier", 1, paniers=[(cle, jeton)])
    resultats = courir("decider", 8, demande=Demande.objects.get().pk, decisions=["accepter", "refuser"])
    assert sum("decide" in un for un in resultats) == 1
    refus = next(un["refus"] for un in resultats if "refus" in un)
    assert "est déjà" in refus
    assert "Agent" in refus
    assert Passage.objects.filter(verbe__in=["accepter", "refuser"]).count() == 1
    assert verifier() == []


def test_deux_agents_ne_decident_pas_la_meme_fiche(courir: Courir) -> None:
    """Without days there is no jauge to lock: the demande itself is."""
    sol = terrain(places=1, familles=1, jours=1)
    sujet = Sujet(sol.familles[0], sol.enfants[0])
    contenu = NATURES["fiche_enfant"].en_vigueur(sujet) | {"classe": "CM2"}
    envoi = fiches.deposer(sujet, {"fiche_enfant": contenu}, Auteur(Acteur.FAMILLE, None, "Famille"))
    resultats = courir("decider", 12, demande=envoi.demandes.get().pk, decisions=["accepter", "refuser"])
    assert sum("decide" in un for un in resultats) == 1
    assert Passage.objects.filter(verbe__in=["accepter", "refuser"]).count() == 1
    assert verifier() == []


def test_des_fiches_deposees_toutes_a_la_fois_le_sont_toutes(courir: Courir) -> None:
    """Transactions that read, then write: on SQLite, without IMMEDIATE, « database is locked »."""
    sol = terrain(places=1, familles=4, jours=1)
    couples = [(famille.pk, enfant.pk) for famille, enfant in zip(sol.familles, sol.enfants, strict=True)]
    courir("deposer_des_fiches", 12, enfants=couples, tours=6)
    assert Envoi.objects.count() == 72
    assert Counter(Demande.objects.values_list("etat", flat=True)) == {"deposee": 4, "retiree": 68}
    assert verifier() == []


def test_des_paniers_croises_ne_se_bloquent_pas(courir: Courir) -> None:
    """Days in one order and in the other: locks are taken by key, so that nobody waits for somebody who waits for them."""
    sol = terrain(places=4, familles=16)
    paniers = [au_panier(sol, rang, *(range(5) if rang % 2 else reversed(range(5)))) for rang in range(16)]
    courir("envoyer_un_panier", 16, paniers=paniers)
    assert Place.objects.filter(etat="retenue").count() == 4 * 3 * 5
    assert verifier() == []


@pytest.mark.parametrize("delai", [0.0, 0.05])
def test_un_jour_que_l_on_ferme_ne_garde_personne(courir: Courir, delai: float) -> None:
    sol = terrain(places=20, familles=12, jours=1, mode_decision="automatique")
    paniers = [au_panier(sol, rang, 0) for rang in range(12)]
    courir("fermer_ou_reserver", 13, paniers=paniers, jour=sol.jours[0].isoformat(), delai=delai)
    assert not Reservation.objects.filter(etat="reservee").exists()
    assert not Demande.objects.filter(etat__in=["deposee", "liste_attente"]).exists()
    assert verifier() == []


def test_une_annulation_sert_celui_qui_attend_pendant_que_d_autres_arrivent(courir: Courir) -> None:
    """Trap (1) of a conditional UPDATE: a cancellation between two failures left a free place and a child waiting."""
    sol = terrain(places=1, familles=9, jours=1, mode_decision="automatique")
    courir("envoyer_un_panier", 1, paniers=[au_panier(sol, 0, 0)])
    paniers = [au_panier(sol, rang, 0) for rang in range(9)]  # the first one's day is now asked to be cancelled
    courir("envoyer_un_panier", 9, paniers=paniers)
    assert Reservation.objects.filter(etat="reservee").count() == 1
    assert Demande.objects.filter(etat="liste_attente").count() == 7
    assert verifier() == []
