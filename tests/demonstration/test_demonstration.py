"""The demonstration, on any day of the year: its stories stand, its counters hold, and a second start changes nothing."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from PIL import Image

from marelle.chargement import charger
from marelle.comptes.models import Compte
from marelle.courriels.models import Courriel
from marelle.creances.models import Paiement
from marelle.creances.soldes import solde
from marelle.creances.verification import verifier as verifier_le_grand_livre
from marelle.demandes.calendrier import CalendrierEnfant
from marelle.demandes.dossier import etats_des_dossiers
from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.demonstration import preparer
from marelle.demonstration.donnees import creer
from marelle.demonstration.scenes import decor, prochain_jour
from marelle.familles.models import Enfant, Famille
from marelle.pieces import rangement
from marelle.pieces.models import Piece
from marelle.regie.verification import verifier as verifier_la_regie
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui, maintenant
from tests.distribution import COLLECTIVITES

pytestmark = pytest.mark.django_db
SECRET = "Bonjour-1234-marelle"


def famille(rang: int) -> Famille:
    return Famille.objects.get(numero=f"FAM-{rang:05d}")


@pytest.mark.parametrize(
    "instant",
    [
        "2026-11-22 23:30",
        pytest.param("2026-12-31 10:00", marks=pytest.mark.dates),
        pytest.param("2027-07-18 15:00", marks=pytest.mark.dates),
    ],
)
def test_les_histoires_tiennent_quel_que_soit_le_jour(horloge: Callable[[str], Any], instant: str) -> None:
    """A Sunday night, New Year's Eve, the middle of the summer."""
    horloge(instant)
    charger(COLLECTIVITES / "cc-tvv")
    comptes = preparer(SECRET)
    assert [compte.identifiant for compte in comptes] == [
        *(f"famille{n}" for n in range(1, 6)), "agent1", "direction1", "regie1"
    ]  # fmt: skip
    assert verifier() == []
    _famille1()
    _les_autres()
    _le_service()
    avant = (Famille.objects.count(), Demande.objects.count(), Compte.objects.get(username="famille1").password)
    preparer(SECRET)
    assert (Famille.objects.count(), Demande.objects.count(), Compte.objects.get(username="famille1").password) == avant


def _famille1() -> None:
    dossiers = {une.prenom: une for une in etats_des_dossiers(famille(1), _enfants(1)).values()}
    assert [une.phrase for une in dossiers["Élio"].manques if une.jusquau is None] == []
    assert any("modification" in une.code for une in dossiers["Jeanne-Apolline"].manques)
    vues: Counter[str] = Counter()
    for enfant in famille(1).enfants.exclude(prenom="Jeanne-Apolline"):
        for unite in (decor().principale, decor().seconde):
            debut = aujourdhui() - timedelta(days=60)
            fin = aujourdhui() + timedelta(days=330)
            calendrier = CalendrierEnfant(famille(1), enfant, unite, debut, fin, maintenant())
            vues.update(case.etat for case in calendrier.cases())
    assert {"reserve", "attente", "refuse", "annule", "direct", "liste", "libre"} <= set(vues)


def _les_autres() -> None:
    for rang in (2, 5):
        assert all(not une.est_complet for une in etats_des_dossiers(famille(rang), _enfants(rang)).values())
        assert not Demande.objects.filter(famille=famille(rang)).exists()
    lou = Enfant.objects.get(prenom="Lou")
    assert sorted(lou.rattachements.values_list("famille__nom", "part_garde")) == [("Marchais", 50), ("Texier", 50)]
    assert Reservation.objects.filter(enfant=lou).values("famille").distinct().count() == 2


def _enfants(rang: int) -> list[int]:
    return list(famille(rang).enfants.values_list("pk", flat=True))


def _le_service() -> None:
    attend = Counter(Demande.objects.filter(etat="deposee").values_list("nature", flat=True))
    assert sum(attend.values()) >= 12
    assert len(attend) == 9, attend
    prochain = prochain_jour()
    assert prochain is not None
    unite, jour = prochain
    presents = Reservation.objects.filter(activite=unite.activite, date=jour, etat="reservee")
    assert presents.count() >= 15
    assert presents.filter(enfant__fiche_sanitaire__a_pai=True).exists()


@pytest.mark.parametrize(
    "instant",
    [
        "2026-11-22 23:30",
        pytest.param("2027-01-01 00:10", marks=pytest.mark.dates),
        pytest.param("2027-07-18 15:00", marks=pytest.mark.dates),
    ],
)
def test_ce_qui_fut_paye_deux_fois_est_rendu(horloge: Callable[[str], Any], instant: str) -> None:
    """Where a régie takes transfers: the third household has nothing left to pay nor in credit, and reads why."""
    horloge(instant)
    charger(COLLECTIVITES / "terres-val-de-loire")
    preparer(SECRET)
    assert [*verifier(), *verifier_le_grand_livre(), *verifier_la_regie()] == []
    rendu = Paiement.objects.get(est_remboursement=True)
    assert (rendu.mode, rendu.payeur.famille, solde(rendu.payeur)) == ("virement", famille(3), 0)
    assert rendu.motif == "Facture payée deux fois"
    assert rendu.date_paiement <= aujourdhui()
    assert Courriel.objects.filter(gabarit="remboursement").count() == 1


def test_elle_refuse_la_production() -> None:
    with override_settings(PRODUCTION=True), pytest.raises(ErreurMarelle, match="MARELLE_PRODUCTION"):
        preparer(SECRET)


def test_un_mot_de_passe_change_vaut_pour_tous() -> None:
    charger(COLLECTIVITES / "cc-tvv")
    preparer(SECRET)
    preparer("Un-autre-5678-secret")
    assert all(compte.check_password("Un-autre-5678-secret") for compte in Compte.objects.all())


def test_les_familles_inventees_sont_toujours_les_memes(horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-02 08:00")
    charger(COLLECTIVITES / "cc-tvv")
    assert creer(40) > 100
    assert Famille.objects.count() == 40
    assert verifier() == []
    piece = Piece.objects.order_by("pk").last()
    assert piece is not None
    assert Image.open(io.BytesIO(rangement.lire(piece.cle))).format == "JPEG", "un document s’ouvre"
    noms = list(Enfant.objects.order_by("pk").values_list("prenom", "nom", "date_naissance"))
    creer(5)
    assert Famille.objects.count() == 45
    assert noms[0] == Enfant.objects.order_by("pk").values_list("prenom", "nom", "date_naissance")[0]
    assert verifier() == []
