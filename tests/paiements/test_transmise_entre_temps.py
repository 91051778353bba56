"""An invoice that goes to the Treasury while it is being paid online is not paid here: the money waits as an advance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marelle.creances import soldes
from marelle.creances.models import Facture, Payeur, Regie
from marelle.paiements.interrogation import interroger
from marelle.paiements.models import Etat, Tentative
from marelle.regie.models import Transmission
from marelle.regie.verification import verifier
from marelle.socle.horloge import maintenant
from tests.distribution import nadia
from tests.paiements.conftest import Simulateur

pytestmark = pytest.mark.django_db


def test_ce_que_le_tresor_recouvre_n_est_pas_paye_par_ce_qui_arrive_ensuite(
    facturer: Callable[..., Facture],
    commencer: Callable[..., Tentative],
    payfip: Simulateur,
    regie: Regie,
    payeur: Payeur,
) -> None:
    facture, autre = facturer(4860), facturer(1000)
    tentative = commencer(facture, autre)
    Transmission.objects.create(
        facture=facture, montant_centimes=4860, transmise_le=maintenant(), transmise_par=nadia()
    )
    payfip.issue(tentative, "P")
    assert interroger(tentative).etat == Etat.PAYEE
    restes = {une.pk: une.reste_centimes for une in soldes.avec_restes(Facture.objects.all())}
    assert restes == {facture.pk: 4860, autre.pk: 0}
    assert [une.reste_centimes for une in soldes.avances(payeur, regie)] == [4860]
    assert verifier() == []
