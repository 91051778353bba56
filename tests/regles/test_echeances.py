"""What is asked when booking: the sums add up to the price, in the right order; a final sale gives nothing back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.bornes import PARIS
from marelle.regles.calculs import Unique
from marelle.regles.echeances import JourAPayer, Paiement, echeances, sommes_a_payer
from marelle.regles.montants import Ajustement
from marelle.regles.presences import Absence, Absences, Excuse
from marelle.regles.tarifs import Faits, Supplements, Tarif, Tarifs, VersionTarifs, calculer

MIDI = datetime(2026, 4, 2, 12, tzinfo=PARIS)
ACOMPTES = st.one_of(
    st.none(),
    st.builds(lambda part: Ajustement(part=Fraction(part, 100)), st.integers(1, 100)),
    st.builds(lambda centimes: Ajustement(centimes=centimes), st.integers(1, 9000)),
)
PAIEMENTS = st.builds(Paiement, st.sampled_from([0, 0, 20, 90]), ACOMPTES, st.integers(0, 60))
JOURS = st.builds(
    JourAPayer, st.integers(1, 10**6), st.integers(1, 3), PAIEMENTS, st.integers(0, 30_000),
    st.dates(date(2026, 4, 2), date(2026, 12, 31)),
)  # fmt: skip


@given(PAIEMENTS, st.integers(0, 30_000), st.dates(date(2026, 4, 2), date(2026, 12, 31)))
def test_les_echeances_font_le_prix_et_vont_dans_l_ordre(paiement: Paiement, total: int, jour: date) -> None:
    lignes = echeances(paiement, total, MIDI, jour)
    assert sum(une.centimes for une in lignes) == total
    assert all(une.centimes > 0 for une in lignes)
    limites = [une.avant or MIDI for une in lignes]
    assert limites == sorted(limites)
    assert all(une.avant == MIDI + timedelta(minutes=paiement.delai_minutes) for une in lignes if une.perd_la_place)


@given(st.lists(JOURS, max_size=6, unique_by=lambda un: un.cle))
def test_les_sommes_de_plusieurs_jours_font_leurs_prix(jours: list[JourAPayer]) -> None:
    sommes = sommes_a_payer(jours, MIDI)
    parts: Counter[int] = Counter()
    for une in sommes:
        for cle, centimes in une.parts:
            parts[cle] += centimes
    assert parts == Counter({un.cle: un.total_centimes for un in jours if un.total_centimes})
    # One sum that loses the places, one due at once, then one rest for each set of days.
    sortes = [(une.est_solde, not une.perd_la_place) for une in sommes]
    assert sortes == sorted(sortes)
    assert len([une for une in sommes if not une.est_solde]) == len(
        {une.perd_la_place for une in sommes if not une.est_solde}
    )
    toutes = [une for un in jours for une in echeances(un.paiement, un.total_centimes, MIDI, un.jour)]
    for une in sommes:
        assert une.avant is None or une.avant in {autre.avant for autre in toutes}
        assert not (une.perd_la_place and une.avant is None)


def test_la_limite_est_la_plus_proche() -> None:
    jours = [
        JourAPayer(1, "a", Paiement(90), 1000, date(2026, 5, 1)),
        JourAPayer(2, "a", Paiement(60, Ajustement(centimes=300)), 1000, date(2026, 5, 20)),
        JourAPayer(3, "a", Paiement(60, Ajustement(centimes=300)), 1000, date(2026, 5, 10)),
    ]
    garde, solde = sommes_a_payer(jours, MIDI)
    assert (garde.centimes, garde.avant, garde.perd_la_place) == (1600, MIDI + timedelta(hours=1), True)
    assert solde.avant is not None
    assert (solde.centimes, solde.avant.date(), solde.est_solde) == (1400, date(2026, 5, 10), True)


@pytest.mark.parametrize(
    ("annulee", "absence", "attendu"),
    [
        ("avoir", Absence(est_prevenue=True), 500),
        ("rien", Absence(est_prevenue=True), 2000),
        ("rien", Absence(est_prevenue=True, par_le_service=True), 0),
        ("rien", Absence("maladie", est_prevenue=True, preuve_apres_heures=1), 0),
        ("rien", Absence(), 3000),
    ],
)
def test_ce_qui_reste_du_d_un_jour_annule(annulee: str, absence: Absence, attendu: int) -> None:
    """A quarter stays due of a day cancelled in time; half as much again of an absence without excuse."""
    regle = Absences(Fraction(1, 4), Fraction(3, 2), (Excuse("maladie", "maladie", 48),))
    tarif = Tarif(
        "Jour",
        ("*",),
        (),
        Unique(2000),
        supplements=Supplements(absences=regle),
        paiement=Paiement(60, annulee=annulee),
    )
    version = VersionTarifs(date(2026, 1, 1), "", (), (tarif,))
    prix = calculer(Tarifs("essai", (version,)), version, replace(Faits("camp", "jour"), absence=absence))
    assert prix is not None
    assert prix.total_centimes == attendu


@pytest.mark.parametrize("fold", [0, 1])
def test_la_nuit_ou_l_heure_change_le_delai_dure_autant(fold: int) -> None:
    """2 h 45 comes twice: after the second one, twenty minutes end at 3 h 05, not an hour before they began."""
    nuit = datetime(2026, 10, 25, 2, 45, fold=fold, tzinfo=PARIS)
    [une] = echeances(Paiement(20), 500, nuit, date(2026, 11, 4))
    assert une.avant is not None
    assert une.avant.timestamp() - nuit.timestamp() == 20 * 60
