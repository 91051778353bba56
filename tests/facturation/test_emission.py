"""The job may be cut anywhere and run twice: each payer has one invoice; what was confirmed is what is issued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Regie
from marelle.creances.verification import verifier
from marelle.facturation import campagnes, emission
from marelle.facturation.dates import exiger_au_lancement
from marelle.facturation.models import Campagne
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from marelle.taches import file
from tests.distribution import Foyer, famille_fauvel, famille_lemoine

from .conftest import ACTIVITE, MERCREDIS, SEPTEMBRE, emettre, factures, preparer_le_cinq
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db


@pytest.fixture
def campagne(roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> Campagne:
    """Three households."""
    tarifs()
    for foyer, enfant in ((roussel, roussel.elio), (fauvel := famille_fauvel(), fauvel.malo)):
        reserve(foyer.famille, enfant, ACTIVITE, *MERCREDIS)
    reserve(famille_lemoine(roussel.anouk).famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    return preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)


def test_coupee_puis_reprise(campagne: Campagne, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    campagnes.lancer(campagne, campagnes.empreinte(campagne), agent)
    monkeypatch.setattr(emission, "PAR_LOT", 1)
    vraie, faites = emission.emettre, []

    def coupee(*args: Any, **options: Any) -> Any:
        if len(faites) == 1:
            raise RuntimeError("the machine stops")
        faites.append(1)
        return vraie(*args, **options)

    monkeypatch.setattr(emission, "emettre", coupee)
    with pytest.raises(RuntimeError):
        emission.emettre_campagne.call(campagne.pk)
    assert Facture.objects.count() == 1
    monkeypatch.setattr(emission, "emettre", vraie)
    for _ in range(2):
        emission.emettre_campagne.call(campagne.pk)
    assert [une.rang for une in Facture.objects.order_by("pk")] == [1, 2, 3]
    assert Facture.objects.values("payeur").distinct().count() == 3
    campagne.refresh_from_db()
    assert campagne.etat == Campagne.Etat.EMISE
    assert verifier() == []


def test_arretee_elle_se_reprend_au_guichet(campagne: Campagne, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its job failed five times, one invoice of three is issued: the page says so, and gives it another."""
    la, page = Client(), f"/guichet/finances/facturation/{campagne.pk}/"
    la.force_login(agent.compte)
    campagnes.lancer(campagne, campagnes.empreinte(campagne), agent)
    monkeypatch.setattr(emission, "PAR_LOT", 1)
    vraie = emission.emettre
    monkeypatch.setattr(emission, "emettre", lambda *a, **o: (Facture.objects.exists() and 1 / 0) or vraie(*a, **o))
    for essai in range(len(file.ATTENTES) + 1):
        assert "l’émission continue" in la.get(page).content.decode()
        assert la.post(f"{page}relance").status_code == 409  # it will be put back
        DBTaskResult.objects.update(run_after=maintenant())
        file.executer_une(f"travailleur-{essai}")
        file.reprendre_echecs()
    dit = la.get(page).content.decode().replace("\u00a0", " ")
    assert "1 sur 3 factures émises" in dit
    assert "l’émission continue" not in dit
    assert "Émission arrêtée" in la.get(page.rpartition(f"{campagne.pk}")[0]).content.decode()
    with pytest.raises(Refus, match="s’est arrêtée : reprenez d’abord « 09/2026 »"):
        exiger_au_lancement(Campagne(regie=campagne.regie, date_emission=date(2026, 10, 6)))
    monkeypatch.setattr(emission, "emettre", vraie)
    assert la.post(f"{page}relance").status_code == 302
    assert la.post(f"{page}relance").status_code == 409
    file.executer_une("travailleur")
    assert [une.rang for une in Facture.objects.order_by("pk")] == [1, 2, 3]
    assert Campagne.objects.get().etat == Campagne.Etat.EMISE


def test_ce_qui_a_change_se_relit(roussel: Foyer, campagne: Campagne, agent: Agent) -> None:
    lue = campagnes.empreinte(campagne)
    reserve(roussel.famille, roussel.jeanne, ACTIVITE, MERCREDIS[0])
    with pytest.raises(Refus, match="a changé"):
        campagnes.lancer(campagne, lue, agent)
    assert not Facture.objects.exists()
    emettre(campagne, agent)
    assert factures(roussel)[0].montant_centimes == 5 * 1100


def test_elle_ne_se_lance_ni_ne_s_abandonne_deux_fois(campagne: Campagne, agent: Agent) -> None:
    emettre(campagne, agent)
    for geste in (
        lambda: campagnes.lancer(campagne, campagnes.empreinte(campagne), agent),
        lambda: campagnes.abandonner(campagne, agent),
        lambda: campagnes.mettre_de_cote(campagne, factures_du(campagne), "Trop tard", agent),
    ):
        with pytest.raises(Refus, match="déjà émise"):
            geste()
    assert Facture.objects.count() == 3


def factures_du(campagne: Campagne) -> int:
    return campagne.prevues.first().payeur_id


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"debut": date(2026, 10, 2), "fin": date(2026, 10, 1)}, "finit avant"),
        ({"debut": date(2026, 10, 1), "fin": date(2026, 10, 31)}, "n’est pas finie"),
        ({"debut": date(2026, 9, 1), "fin": date(2026, 9, 30), "date_echeance": date(2026, 9, 1)}, "échéance"),
        ({"debut": date(2026, 9, 1), "fin": date(2026, 9, 30), "date_emission": date(2027, 9, 1),
          "date_echeance": date(2027, 9, 9)}, "plus d’un mois"),
    ],
)  # fmt: skip
def test_des_dates_impossibles(
    campagne: Campagne, regie: Regie, agent: Agent, options: dict[str, Any], phrase: str
) -> None:
    with pytest.raises(Refus, match=phrase):
        campagnes.preparer(regie, libelle="x", agent=agent, **options)
    assert Campagne.objects.count() == 1


def test_d_avance_puis_annulee(roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> None:
    """Days to come are billed; what is cancelled in time comes back with the next run."""
    from .monde import annule

    tarifs()
    jours = reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    une = campagnes.preparer(regie, libelle="x", debut=SEPTEMBRE[0], fin=SEPTEMBRE[1], agent=agent, moment="avance")
    emettre(une, agent)
    assert factures(roussel)[0].montant_centimes == 4 * 1100
    annule(jours[3:])
    horloge("2026-10-05 09:00")
    emettre(preparer_le_cinq(regie, agent, SEPTEMBRE, horloge), agent)
    assert factures(roussel)[1].montant_centimes == -1100
