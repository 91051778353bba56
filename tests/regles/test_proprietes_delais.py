"""Deadlines of every unit, anchor, table and shift fall where the slow reference finds them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from marelle.regles.bornes import lire_borne
from marelle.regles.delais import limite_du_delai
from marelle.regles.lecture import Table
from marelle.regles.reglement import examiner, limite, lire_reglement
from marelle.regles.situation import Action
from marelle.regles.verdict import Issue
from tests.regles import reference
from tests.regles.mondes import CALENDRIER, MONDE, PARIS, contexte, dates, delais, periode_de, tables, un_jour


def borne(regle: dict[str, Any]) -> Any:
    return lire_borne(Table(regle, "delai", "essai"))


def a_paris(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=PARIS) if instant else None


@given(delais(), dates, st.times().map(lambda heure: heure.replace(second=0, microsecond=0)))
def test_chaque_delai_tombe_comme_la_reference(regle: dict[str, Any], le: date, debut: time) -> None:
    jour = un_jour(le, debut)
    periode = periode_de(le)
    attendu = reference.limite(regle, MONDE, le, debut, (periode.debut, periode.fin))
    assert borne(regle).instant(CALENDRIER, jour) == a_paris(attendu)


@given(tables(), dates)
def test_chaque_table_tombe_comme_la_reference(regle: dict[str, Any], le: date) -> None:
    attendu = reference.limite(regle, MONDE, le, time(7, 30), None)
    assert borne(regle).instant(CALENDRIER, un_jour(le)) == a_paris(attendu)


@given(st.lists(delais(), min_size=1, max_size=3), dates)
def test_de_plusieurs_horloges_la_plus_tot_l_emporte(regles: list[dict[str, Any]], le: date) -> None:
    jour = un_jour(le)
    bornes = tuple(borne(regle) for regle in regles)
    instants = [instant for b in bornes if (instant := b.instant(CALENDRIER, jour))]
    trouve = limite_du_delai(bornes, CALENDRIER, jour)
    assert (trouve is None) == (not instants)
    assert all(trouve <= instant for instant in instants if trouve)
    assert trouve is None or trouve.date() <= le


@given(st.integers(1, 10), dates, st.integers(0, 20), st.times())
def test_les_jours_ouvres_comptes_dans_l_autre_sens(nombre: int, le: date, avance: int, heure: time) -> None:
    reglement = lire_reglement(
        f"""[[version]]
        en_vigueur_le = 2024-01-01
        source = "essai"
        [version.reserver]
        delai = {{ nombre = {nombre}, unite = "jours_ouvres" }}"""
    )
    demande_le = le - timedelta(days=avance)
    verdict = examiner(reglement, CALENDRIER, contexte(datetime.combine(demande_le, heure)), un_jour(le))
    assert verdict.est_possible == reference.il_reste_assez_de_jours_ouvres(MONDE, demande_le, le, nombre)


@given(st.integers(0, 200), dates, st.times().map(lambda heure: heure.replace(second=0, microsecond=0)))
@example(48, date(2027, 3, 29), time(7, 30))  # the hour changes on 28 March 2027
@example(48, date(2026, 10, 26), time(7, 30))  # and on 25 October 2026
@example(48, date(2026, 10, 27), time(2, 30))  # the cut-off itself falls in the doubled hour
def test_des_heures_sont_celles_de_l_horloge_du_mur(nombre: int, le: date, debut: time) -> None:
    trouve = borne({"nombre": nombre, "unite": "heures"}).instant(CALENDRIER, un_jour(le, debut))
    mur = datetime.combine(le, debut) - timedelta(hours=nombre)
    assert trouve.replace(tzinfo=None) == mur
    assert trouve.tzinfo is PARIS


@given(delais(), dates, st.integers(-3000, 3000))
@example({"nombre": 4, "unite": "jours_ouvres", "heure": "09:00"}, date(2026, 12, 2), 0)
@example({"nombre": 4, "unite": "jours_ouvres", "heure": "09:00"}, date(2026, 12, 2), 1)
def test_la_limite_est_le_dernier_instant_possible(regle: dict[str, Any], le: date, minutes: int) -> None:
    reglement = lire_reglement(
        '[[version]]\nen_vigueur_le = 2024-01-01\nsource = "essai"\n[version.annuler]\n'
        f"delai = {{ {', '.join(f'{cle} = {toml(valeur)}' for cle, valeur in regle.items())} }}"
    )
    jour = un_jour(le)
    derniere = limite(reglement, CALENDRIER, contexte(datetime(2026, 8, 1), Action.ANNULER), jour)  # noqa: DTZ001
    assume(derniere is not None)
    maintenant = derniere.replace(tzinfo=None) + timedelta(minutes=minutes)
    assume(maintenant.date() <= le)
    verdict = examiner(reglement, CALENDRIER, contexte(maintenant, Action.ANNULER), jour)
    assert verdict.limite == derniere
    assert (verdict.issue is Issue.REFUSER) == (minutes > 0)
    assert verdict.regime == ""


def toml(valeur: object) -> str:
    if isinstance(valeur, list):
        return f"[{', '.join(map(toml, valeur))}]"
    return str(valeur) if isinstance(valeur, int | date) else f'"{valeur}"'
