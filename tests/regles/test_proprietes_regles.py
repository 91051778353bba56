"""Windows, maxima and patterns agree with the slow reference."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.calendrier import Calendrier
from marelle.regles.reglement import Reglement, examiner, examiner_demande, lire_reglement, reste
from tests.regles import reference
from tests.regles.mondes import CALENDRIER, MONDE, PERIODES, contexte, un_jour

ENTETE = '[[version]]\nen_vigueur_le = 2024-01-01\nsource = "essai"\n'
DEPART = datetime(2027, 1, 4)  # noqa: DTZ001 - naive on purpose, Paris time
heures_du_mois = st.integers(0, 24 * 20).map(lambda n: DEPART + timedelta(hours=n))
semaines = st.dates(date(2027, 1, 25), date(2027, 4, 9))


def reserver(texte: str) -> Reglement:
    return lire_reglement(f"{ENTETE}[version.reserver]\n{texte}")


@st.composite
def phases(tirer: st.DrawFn) -> list[dict[str, Any]]:
    liste = []
    for _ in range(tirer(st.integers(1, 4))):
        ouvre, ferme = sorted([tirer(heures_du_mois), tirer(heures_du_mois)])
        publics = tirer(st.lists(st.sampled_from(["resident", "fratrie"]), max_size=2, unique=True))
        liste.append({"ouvre": ouvre, "ferme": ferme, "publics": publics})
    return liste


def reglement_des(phases: list[dict[str, Any]]) -> Reglement:
    tables = "".join(
        f"[[version.reserver.phases]]\nouvre = {p['ouvre'].isoformat()}\nferme = {p['ferme'].isoformat()}\n"
        f"publics = {p['publics']}\n"
        for p in phases
    )
    return lire_reglement(f'{ENTETE}{tables}[publics]\nresident = "les habitants"\nfratrie = "les fratries"\n')


@given(phases(), st.sets(st.sampled_from(["resident", "fratrie"])), heures_du_mois)
def test_la_fenetre_s_ouvre_comme_la_reference(
    phases: list[dict[str, Any]], publics: set[str], instant: datetime
) -> None:
    jour = un_jour(date(2027, 2, 3))
    reglement = reglement_des(phases)
    verdict = examiner(reglement, CALENDRIER, contexte(instant, publics=frozenset(publics)), jour)
    assert verdict.est_possible == reference.phase_ouverte(phases, publics, instant)
    if verdict.est_possible:
        return
    suivants = (instant + timedelta(hours=n) for n in range(24 * 21))
    prochaine = next((i for i in suivants if reference.phase_ouverte(phases, publics, i)), None)
    assert verdict.clause in ("reserver.fenetre", "reserver.publics")
    assert (verdict.prochaine.replace(tzinfo=None) if verdict.prochaine else None) == prochaine


@given(phases(), heures_du_mois)
def test_la_limite_de_la_fenetre_est_possible_et_la_derniere(phases: list[dict[str, Any]], instant: datetime) -> None:
    publics = {"resident"}
    jour = un_jour(date(2027, 2, 3))
    verdict = examiner(reglement_des(phases), CALENDRIER, contexte(instant, publics=frozenset(publics)), jour)
    if not verdict.est_possible or verdict.limite is None:
        return
    derniere = verdict.limite.replace(tzinfo=None)
    assert reference.phase_ouverte(phases, publics, derniere)
    apres = (derniere + timedelta(hours=n) for n in range(1, 24 * 21))
    assert not any(reference.phase_ouverte(phases, publics, i) for i in apres)


@given(
    st.integers(0, 4),
    st.sampled_from(["semaine", "mois", "periode", "annee", "annee_civile"]),
    st.sets(semaines, max_size=6),
    st.lists(semaines, min_size=1, max_size=8, unique=True),
)
def test_les_maxima_comptent_comme_la_reference(nombre: int, par: str, deja: set[date], demandes: list[date]) -> None:
    reglement = reserver(f'maximum = {{ nombre = {nombre}, par = "{par}" }}')
    situation = contexte(DEPART, deja=frozenset(deja))
    verdicts = examiner_demande(reglement, CALENDRIER, situation, [un_jour(jour) for jour in demandes])
    assert [v.est_possible for v in verdicts] == reference.acceptes(nombre, par, deja, demandes, PERIODES)
    assert {v.clause for v in verdicts if not v.est_possible} <= {"reserver.maximum"}


@given(st.integers(1, 4), st.sets(semaines, max_size=6), semaines)
def test_ce_qui_reste_et_ce_qui_passe_s_accordent(nombre: int, deja: set[date], le: date) -> None:
    reglement = reserver(f'maximum = {{ nombre = {nombre}, par = "mois" }}')
    situation = contexte(DEPART, deja=frozenset(deja - {le}))
    restants = reste(reglement, situation, un_jour(le))
    assert restants is not None
    assert examiner(reglement, CALENDRIER, situation, un_jour(le)).est_possible == (restants > 0)


@given(st.integers(1, 3), st.lists(semaines, min_size=1, max_size=10, unique=True))
def test_les_semaines_au_dela_du_maximum_attendent(nombre: int, demandes: list[date]) -> None:
    reglement = reserver(
        f'maximum = {{ nombre = {nombre}, par = "annee", unite = "semaines", au_dela = "liste_attente" }}'
    )
    verdicts = examiner_demande(reglement, CALENDRIER, contexte(DEPART), [un_jour(jour) for jour in demandes])
    vues: list[tuple[int, int]] = []
    for jour, verdict in zip(demandes, verdicts):
        semaine = jour.isocalendar()[:2]
        if semaine not in vues:
            vues.append(semaine)
        assert (verdict.issue == "liste_attente") == (vues.index(semaine) >= nombre or len(vues) > nombre)
        assert verdict.est_possible


@given(st.sets(semaines, max_size=8), st.lists(semaines, min_size=1, max_size=12, unique=True))
def test_la_semaine_complete_comme_la_reference(deja: set[date], demandes: list[date]) -> None:
    reglement = reserver("motif = { semaine_complete = true }")
    calendrier = Calendrier(CALENDRIER.feries)
    jours = [un_jour(jour) for jour in demandes]
    sans_periode = [type(jour)(date=jour.date) for jour in jours]
    verdicts = examiner_demande(reglement, calendrier, contexte(DEPART, deja=frozenset(deja)), sans_periode)
    dates = deja | set(demandes)
    assert [v.est_possible for v in verdicts] == [reference.semaine_entiere(MONDE, jour, dates) for jour in demandes]


@given(st.integers(1, 5), st.integers(0, 3), st.lists(semaines, min_size=1, max_size=12, unique=True))
def test_le_minimum_par_semaine_comme_la_reference(minimum: int, si_ferie: int, demandes: list[date]) -> None:
    reglement = reserver(f"motif = {{ minimum_par_semaine = {minimum}, minimum_si_ferie = {si_ferie} }}")
    jours = [type(un_jour(jour))(date=jour) for jour in demandes]
    verdicts = examiner_demande(reglement, CALENDRIER, contexte(DEPART), jours)
    attendus = [reference.assez_dans_la_semaine(MONDE, jour, set(demandes), minimum, si_ferie) for jour in demandes]
    assert [v.est_possible for v in verdicts] == attendus


@given(st.sampled_from(["paires", "impaires", "alternees"]), st.lists(semaines, min_size=1, max_size=6, unique=True))
def test_les_semaines_paires_impaires_ou_alternees(semaines: str, demandes: list[date]) -> None:
    reglement = reserver(f'motif = {{ semaines = "{semaines}" }}')
    verdicts = examiner_demande(reglement, CALENDRIER, contexte(DEPART), [un_jour(jour) for jour in demandes])
    numeros = [jour.isocalendar().week for jour in demandes]
    if semaines == "alternees":
        ecarts = {abs(a - b) % 2 for a in numeros for b in numeros}
        assert all(v.est_possible == (ecarts == {0}) for v in verdicts)
    else:
        voulu = 0 if semaines == "paires" else 1
        assert [v.est_possible for v in verdicts] == [numero % 2 == voulu for numero in numeros]
