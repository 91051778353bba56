"""School holidays of the zones, as the ministry published them; and a year that nobody knows yet."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from marelle.collectivite.vacances import A_CONFIRMER, periodes_d_ecole, vacances_de_l_annee

PUBLIEES = {
    ("A", 2025): "18/10/25 02/11/25, 20/12/25 04/01/26, 07/02/26 22/02/26, 04/04/26 19/04/26, "
    "15/05/26 16/05/26, 04/07/26 31/08/26",
    ("B", 2025): "18/10/25 02/11/25, 20/12/25 04/01/26, 14/02/26 01/03/26, 11/04/26 26/04/26, "
    "15/05/26 16/05/26, 04/07/26 31/08/26",
    ("A", 2026): "17/10/26 01/11/26, 19/12/26 03/01/27, 13/02/27 28/02/27, 10/04/27 25/04/27, "
    "06/05/27 08/05/27, 03/07/27 31/08/27",
    ("B", 2026): "17/10/26 01/11/26, 19/12/26 03/01/27, 20/02/27 07/03/27, 17/04/27 02/05/27, "
    "06/05/27 08/05/27, 03/07/27 31/08/27",
    ("A", 2027): "23/10/27 07/11/27, 18/12/27 02/01/28, 19/02/28 05/03/28, 22/04/28 08/05/28, "
    "26/05/28 27/05/28, 04/07/28 31/08/28",
    ("B", 2027): "23/10/27 07/11/27, 18/12/27 02/01/28, 05/02/28 20/02/28, 08/04/28 23/04/28, "
    "26/05/28 27/05/28, 04/07/28 31/08/28",
}  # fmt: skip


@pytest.mark.parametrize(("zone", "rentree"), PUBLIEES)
def test_les_dates_publiees(zone: str, rentree: int) -> None:
    dites = [f"{une.debut:%d/%m/%y} {une.fin:%d/%m/%y}" for une in vacances_de_l_annee(zone, rentree)]
    assert ", ".join(dites) == PUBLIEES[(zone, rentree)]


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_une_annee_inconnue_repete_la_derniere_et_le_dit(zone: str) -> None:
    connue, suivante = vacances_de_l_annee(zone, 2027), vacances_de_l_annee(zone, 2028)
    assert [une.debut.weekday() for une in suivante] == [une.debut.weekday() for une in connue]
    assert all(une.nom.endswith(A_CONFIRMER) for une in suivante)
    assert not any(A_CONFIRMER * 2 in une.nom for une in vacances_de_l_annee(zone, 2030))


@pytest.mark.parametrize(("zone", "rentree"), PUBLIEES)
def test_la_classe_et_les_vacances_se_suivent_sans_trou_ni_recouvrement(zone: str, rentree: int) -> None:
    vacances = vacances_de_l_annee(zone, rentree)
    classe = periodes_d_ecole(vacances, rentree)
    longues = [une for une in vacances if (une.fin - une.debut).days >= 4]
    toutes = sorted([*longues, *classe], key=lambda une: une.debut)
    assert toutes[0].debut == date(rentree, 9, 1)
    assert toutes[-1].fin == date(rentree + 1, 8, 31)
    assert all((b.debut - a.fin).days == 1 for a, b in itertools.pairwise(toutes))
    assert len(classe) == 5
