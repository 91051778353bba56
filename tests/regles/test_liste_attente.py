"""The waiting list as rules: its order against a slow sort, its offers against a clock that ticks minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.attente import POINTS_AU_PLUS, Attente, Critere, Faits, Sorte, entre, lire_attente, ordre, points
from marelle.regles.bornes import PARIS
from marelle.regles.enonces import phrases_du_reglement
from marelle.regles.lecture import ErreurReglement, lire_toml
from marelle.regles.offres import HeuresCalmes, ReglesDesOffres
from marelle.regles.reglement import lire_reglement

MINUTE = timedelta(minutes=1)
ARRIVEES = st.integers(0, 8 * 10**15)
# Hours that no change of hour repeats nor skips, so that the slow clock needs no convention.
HEURES = st.builds(time, st.sampled_from([0, 1, *range(4, 24)]), st.sampled_from([0, 15, 30]))
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)


@given(st.lists(st.tuples(st.integers(0, POINTS_AU_PLUS), ARRIVEES), max_size=12))
def test_les_points_d_abord_puis_l_arrivee(file: list[tuple[int, int]]) -> None:
    lent = sorted(file, key=lambda un: (-un[0], un[1]))
    assert sorted(file, key=lambda un: ordre(un[1], un[0])) == lent
    assert all(-(2**63) <= ordre(arrivee, obtenus) < 2**63 for obtenus, arrivee in file)


@given(st.lists(ARRIVEES, min_size=1, max_size=6, unique=True), st.integers(0, 6))
def test_se_placer_entre_deux(arrivees: list[int], rang: int) -> None:
    cles = sorted(arrivees)
    rang = min(rang, len(cles))
    avant, apres = (cles[rang - 1] if rang else None), (cles[rang] if rang < len(cles) else None)
    cle = entre(avant, apres)
    if avant is None or apres is None or apres - avant > 1:
        assert sorted([*cles, cle]).index(cle) == rang
    assert entre(None, None) == 0


def _lentement(regles: ReglesDesOffres, debut: datetime) -> datetime:
    """Minute by minute: those of the quiet hours do not count, and nothing starts in them."""
    instant, reste = debut, regles.heures * 60
    while reste:
        if regles.calmes is None or not _est_calme(regles.calmes, instant):
            reste -= 1
        instant += MINUTE
    return instant


def _est_calme(calmes: HeuresCalmes, instant: datetime) -> bool:
    local = instant.astimezone(PARIS).time()
    apres, avant = local >= calmes.debut, local < calmes.fin
    return apres and avant if calmes.debut < calmes.fin else apres or avant


@given(INSTANTS, st.integers(1, 50), st.none() | st.tuples(HEURES, HEURES).filter(lambda h: h[0] != h[1]))
def test_la_fin_d_une_offre_comme_une_horloge_lente(
    debut: datetime, heures: int, calmes: tuple[time, time] | None
) -> None:
    regles = ReglesDesOffres(heures, HeuresCalmes(*calmes) if calmes else None)
    assert regles.compter(debut) == _lentement(regles, debut)
    envoi = regles.debut_utile(debut)
    assert envoi >= debut
    assert regles.calmes is None or not _est_calme(regles.calmes, envoi)


@given(INSTANTS, st.integers(1, 48), st.integers(0, 72))
def test_une_offre_ne_depasse_jamais_sa_limite(debut: datetime, heures: int, avant_la_limite: int) -> None:
    regles = ReglesDesOffres(heures, HeuresCalmes(time(21), time(8)))
    limite = debut + timedelta(hours=avant_la_limite)
    delai = regles.delai(debut, limite)
    if delai is None:
        assert limite - regles.debut_utile(debut) < timedelta(hours=1)
    else:
        assert delai.debut >= debut
        assert (
            timedelta(hours=1)
            <= delai.fin.astimezone(UTC) - delai.debut.astimezone(UTC)
            <= timedelta(hours=13 * heures)
        )
        assert delai.fin <= limite


def test_les_heures_calmes_traversent_le_changement_d_heure() -> None:
    """Night of 24 to 25 October 2026, one hour longer: the quiet hours are longer, the offer is not."""
    regles = ReglesDesOffres(4, HeuresCalmes(time(21), time(8)))
    fin = regles.compter(datetime(2026, 10, 24, 19, tzinfo=PARIS))
    assert fin.astimezone(PARIS) == datetime(2026, 10, 25, 10, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("critere", "faits", "rempli"),
    [
        (
            Critere(Sorte.RESIDENT, 1, "", frozenset({"45130"})),
            Faits(codes_postaux=frozenset({"45130", "75001"})),
            True,
        ),
        (Critere(Sorte.RESIDENT, 1, "", frozenset({"45130"})), Faits(codes_postaux=frozenset({"75001"})), False),
        (Critere(Sorte.FRATRIE, 1, ""), Faits(a_fratrie=True), True),
        (Critere(Sorte.PARENTS_OCCUPES, 1, ""), Faits(parents_occupes=False), False),
        (Critere(Sorte.AGE, 1, "", age_min=3, age_max=5), Faits(age=5), True),
        (Critere(Sorte.AGE, 1, "", age_min=3, age_max=5), Faits(age=6), False),
        (Critere(Sorte.PREMIERE_PLACE, 1, ""), Faits(), True),
        (Critere(Sorte.PREMIERE_PLACE, 1, ""), Faits(a_deja_une_place=True), False),
    ],
)
def test_chaque_critere_regarde_ce_qu_il_dit(critere: Critere, faits: Faits, *, rempli: bool) -> None:
    assert critere.est_rempli(faits) is rempli
    assert points(Attente((critere,)).remplis(faits)) == int(rempli)


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ('mode = "offres"', "mode"),
        ('mode = "offre"', "vont ensemble"),
        ("offre = { heures = 24 }", "vont ensemble"),
        ('mode = "offre"\noffre = { heures = 0 }', "heures"),
        ('mode = "offre"\noffre = { heure = 24 }', "heure"),
        (
            'mode = "offre"\noffre = { heures = 24, heures_calmes = { debut = "8:00", fin = "08:00" } }',
            "toute la journée",
        ),
        ('criteres = [{ si = "quotient", points = 2 }]', "quotient"),
        ('criteres = [{ si = "fratrie" }]', "points"),
        ('criteres = [{ si = "fratrie", points = 2, de = 3 }]', "de"),
        ('criteres = [{ si = "resident", points = 2 }]', "codes_postaux"),
        ('criteres = [{ si = "age", points = 2, de = 6, a = 3 }]', "avant"),
        ('criteres = [{ si = "fratrie", points = 500 }, { si = "premiere_place", points = 1 }]', "501 points"),
    ],
)
def test_ce_qui_n_est_pas_compris_arrete_le_chargement(texte: str, faute: str) -> None:
    with pytest.raises(ErreurReglement, match=faute):
        lire_attente(lire_toml(texte, "reglement.toml"))


REGLEMENT = """
code = "essai"
nom = "Essai"
[[version]]
en_vigueur_le = 2020-01-01
source = "essai"
liste_attente = true
[version.reserver]
decision = "agent"
[version.activites."club".attente]
mode = "offre"
criteres = [{ si = "fratrie", points = 2 }, { si = "age", points = 1, de = 3, a = 5, dit = "avoir moins de 6 ans" }]
[version.activites."club".attente.offre]
heures = 24
heures_calmes = { debut = "21:00", fin = "08:00" }
jusqua = { nombre = 1, unite = "jours_calendaires", heure = "12:00" }
sans_reponse = "perd"
"""


def test_le_reglement_dit_comment_la_liste_est_servie() -> None:
    phrases = " ".join(phrases_du_reglement(lire_reglement(REGLEMENT), "club", date(2026, 11, 4))).replace(
        "\u00a0", " "
    )
    for dite in (
        "le même centre (2 points), avoir moins de 6 ans (1 point)",
        "qui a 24 heures pour l’accepter, sans compter de 21 h à 8 h.",
        "jusqu’à la veille de l’accueil à 12 h",
        "passe à la fin de la liste",
    ):
        assert dite in phrases
    assert "points" not in " ".join(phrases_du_reglement(lire_reglement(REGLEMENT), "autre", date(2026, 11, 4)))
