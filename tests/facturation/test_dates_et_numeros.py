"""The dates of the documents of a régie follow their numbers, whatever is issued between the lots of a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Regie
from marelle.creances.verification import verifier
from marelle.facturation import campagnes, emission
from marelle.facturation.avoirs import faire_un_avoir
from marelle.facturation.models import Campagne
from marelle.socle.erreurs import Refus
from tests.distribution import Foyer, famille_fauvel

from .conftest import ACTIVITE, MERCREDIS, SEPTEMBRE, emettre, preparer_le_cinq
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db
LE_PREMIER = date(2026, 10, 1)
Preparer = Callable[..., Campagne]


@pytest.fixture
def preparer(roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> Preparer:
    """September for two households, prepared on the fifth of October."""
    tarifs()
    fauvel = famille_fauvel()
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    reserve(fauvel.famille, fauvel.malo, ACTIVITE, *MERCREDIS)
    return lambda **autres: preparer_le_cinq(regie, agent, SEPTEMBRE, horloge, **autres)


def premier_lot(campagne: Campagne, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Facture:
    """Launched, and cut once its first invoice is issued."""
    campagnes.lancer(campagne, campagnes.empreinte(campagne), agent)
    monkeypatch.setattr(emission, "PAR_LOT", 1)
    campagne.refresh_from_db()
    assert emission._un_lot(campagne, emission.selection_de(campagne))
    return Facture.objects.get()


def rendre(facture: Facture, agent: Agent) -> Facture:
    return faire_un_avoir(facture, {facture.lignes.order_by("rang").first().pk: 100}, "Fermé", agent=agent)


def dates() -> list[date]:
    return list(Facture.objects.order_by("exercice", "rang").values_list("date_emission", flat=True))


def test_un_avoir_entre_deux_lots_d_une_facturation_antidatee(
    preparer: Preparer, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    campagne = preparer(date_emission=LE_PREMIER)
    facture = premier_lot(campagne, agent, monkeypatch)
    with pytest.raises(Refus, match="du 1er octobre sont en cours d’émission"):
        rendre(facture, agent)
    emission.emettre_campagne.call(campagne.pk)
    rendre(facture, agent)
    assert dates() == [LE_PREMIER, LE_PREMIER, date(2026, 10, 5)]
    assert verifier() == []


def test_le_meme_jour_un_avoir_passe_entre_deux_lots(
    preparer: Preparer, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    campagne = preparer()
    rendre(premier_lot(campagne, agent, monkeypatch), agent)
    emission.emettre_campagne.call(campagne.pk)
    assert dates() == [date(2026, 10, 5)] * 3


def test_deux_facturations_de_dates_differentes_ne_s_emettent_pas_ensemble(preparer: Preparer, agent: Agent) -> None:
    une, autre = preparer(date_emission=LE_PREMIER), preparer()
    campagnes.lancer(autre, campagnes.empreinte(autre), agent)
    with pytest.raises(Refus, match="du 5 octobre sont en cours d’émission"):
        campagnes.lancer(une, campagnes.empreinte(une), agent)


def test_une_date_trop_ancienne_se_refuse_des_l_apercu_et_a_l_emission(
    preparer: Preparer, agent: Agent, roussel: Foyer
) -> None:
    avant = preparer(date_emission=LE_PREMIER)
    emettre(preparer(), agent)
    reserve(roussel.famille, roussel.jeanne, ACTIVITE, MERCREDIS[0])
    campagnes.recalculer(avant)
    with pytest.raises(Refus, match="au plus tôt du 5 octobre"):
        campagnes.lancer(avant, campagnes.empreinte(avant), agent)
    with pytest.raises(Refus, match="au plus tôt du 5 octobre"):
        preparer(date_emission=LE_PREMIER)
    le_cinq: dict[str, Any] = {"date_emission": date(2026, 10, 5), "date_echeance": date(2026, 11, 4)}
    campagnes.changer_les_dates(avant, **le_cinq, agent=agent)
    emettre(avant, agent)
    assert dates() == [date(2026, 10, 5)] * 3


def test_le_guichet_change_les_dates_d_une_facturation_refusee(preparer: Preparer, agent: Agent) -> None:
    avant = preparer(date_emission=LE_PREMIER)
    emettre(preparer(familles=[avant.prevues.order_by("pk").first().famille_id]), agent)
    campagnes.recalculer(avant)
    la, ici = Client(), f"/guichet/finances/facturation/{avant.pk}/"
    la.force_login(agent.compte)
    assert "Changer les dates" in la.get(ici).content.decode()
    refusee = la.post(f"{ici}emission", {"empreinte": campagnes.empreinte(avant)})
    assert (refusee.status_code, Facture.objects.count()) == (409, 1)
    assert "au plus tôt du 5 octobre" in refusee.content.decode().replace("\u00a0", " ")
    for jour, statut in (("2026-10-02", 409), ("n’importe quoi", 422), ("2026-10-05", 302)):
        saisies = {"date_emission": jour, "date_echeance": "2026-11-04"}
        assert la.post(f"{ici}dates", saisies).status_code == statut
    avant.refresh_from_db()
    emettre(avant, agent)
    assert dates() == [date(2026, 10, 5)] * 2
