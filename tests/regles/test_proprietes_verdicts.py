"""Whatever the règlement, a verdict holds together: it says why, until when, and what it promises comes true."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from marelle.regles.reglement import Reglement, examiner, examiner_demande, lire_reglement, phrases_du_reglement
from marelle.regles.situation import Action, Contexte, Jour, Manque, Places
from marelle.regles.verdict import Issue, Verdict
from tests.regles.mondes import CALENDRIER, contexte, dates, delais, instants, tables, un_jour
from tests.regles.test_proprietes_delais import toml

PEU = settings(max_examples=60)
SANS_ISSUE = {"sans_reservation"}  # nothing to do: the child may simply come


def table(valeurs: dict[str, Any]) -> str:
    return f"{{ {', '.join(f'{cle} = {valeur}' for cle, valeur in valeurs.items())} }}"


def horloge(regle: dict[str, Any]) -> str:
    plates = {cle: toml(valeur) for cle, valeur in regle.items() if cle != "table"}
    if "table" in regle:
        plates["table"] = f"[{', '.join(table({c: toml(v) for c, v in ligne.items()}) for ligne in regle['table'])}]"
    return table(plates)


@st.composite
def phases(tirer: st.DrawFn) -> str:
    ouvre, ferme = tirer(delais()), tirer(delais())
    contenu = {"ouvre": horloge(ouvre)}
    if tirer(st.booleans()):
        contenu["ferme"] = horloge(ferme)
    if tirer(st.booleans()):
        contenu["publics"] = '["resident"]'
    if tirer(st.booleans()):
        contenu["motif"] = tirer(st.sampled_from(["{ semaine_complete = true }", '{ semaines = "paires" }']))
    if tirer(st.booleans()):
        contenu["issue"] = tirer(st.sampled_from(['"accepter"', '"liste_attente"']))
    return table(contenu)


@st.composite
def reglements(tirer: st.DrawFn) -> Reglement:
    """A règlement with clauses of every kind, taken or left."""
    clauses = {"decision": tirer(st.sampled_from(['"agent"', '"automatique"']))}
    if tirer(st.booleans()):
        clauses["delai"] = horloge(tirer(st.one_of(delais(), tables())))
    if tirer(st.booleans()):
        clauses["phases"] = f"[{', '.join(tirer(st.lists(phases(), min_size=1, max_size=3)))}]"
    if tirer(st.booleans()):
        clauses["tardif"] = table({"jusqua": horloge(tirer(delais())), "majoration": "{ pourcentage = 10 }"})
    if tirer(st.booleans()):
        par = tirer(st.sampled_from(["semaine", "mois", "periode"]))
        clauses["maximum"] = table({"nombre": tirer(st.integers(0, 3)), "par": toml(par)})
    if tirer(st.booleans()):
        clauses["motif"] = "{ minimum_par_semaine = 2 }"
    if tirer(st.booleans()):
        clauses["portes"] = '["fiche_sanitaire", "piece.*"]'
    lignes = "\n".join(f"{cle} = {valeur}" for cle, valeur in clauses.items())
    liste = toml(tirer(st.booleans())).lower()
    return lire_reglement(
        f'[publics]\nresident = "les habitants"\n[[version]]\nen_vigueur_le = 2024-01-01\nsource = "essai"\n'
        f"liste_attente = {liste}\n[version.reserver]\n{lignes}\n[version.annuler]\n{lignes}"
    )


@st.composite
def situations(tirer: st.DrawFn) -> Contexte:
    return contexte(
        tirer(instants),
        tirer(st.sampled_from([Action.RESERVER, Action.ANNULER, Action.MODIFIER])),
        publics=frozenset(tirer(st.sets(st.just("resident")))),
        manques=tuple(tirer(st.lists(st.just(Manque("piece.assurance", "Il manque l’assurance.")), max_size=1))),
        deja=frozenset(tirer(st.sets(dates, max_size=4))),
    )


@st.composite
def jours(tirer: st.DrawFn) -> Jour:
    compteurs = st.integers(0, 3)
    places = Places(2, tirer(compteurs), tirer(compteurs), tirer(st.integers(0, 1)))
    fermeture = tirer(st.sampled_from([None, None, None, "Noël"]))
    return un_jour(tirer(dates), places=tirer(st.sampled_from([None, places])), fermeture=fermeture)


def est_coherent(verdict: Verdict) -> None:
    assert verdict.clause
    assert verdict.phrase.endswith(".")
    assert "  " not in verdict.phrase
    assert "'" not in verdict.phrase
    if not verdict.est_possible:
        assert verdict.option or verdict.prochaine or verdict.clause in SANS_ISSUE
    for instant in (verdict.limite, verdict.prochaine):
        assert instant is None or instant.tzinfo is not None


@PEU
@given(reglements(), situations(), jours())
def test_tout_verdict_dit_pourquoi_et_que_faire(reglement: Reglement, situation: Contexte, jour: Jour) -> None:
    verdict = examiner(reglement, CALENDRIER, situation, jour)
    est_coherent(verdict)
    if verdict.est_possible and verdict.limite:
        assert situation.maintenant <= verdict.limite


@PEU
@given(reglements(), situations(), jours())
def test_a_la_prochaine_date_la_meme_clause_ne_refuse_plus(
    reglement: Reglement, situation: Contexte, jour: Jour
) -> None:
    verdict = examiner(reglement, CALENDRIER, situation, jour)
    if verdict.prochaine is None:
        return
    assert verdict.prochaine > situation.maintenant
    assert verdict.prochaine.date() <= jour.date
    ensuite = examiner(reglement, CALENDRIER, replace(situation, maintenant=verdict.prochaine), jour)
    assert ensuite.est_possible or ensuite.clause != verdict.clause


@PEU
@given(reglements(), situations(), jours())
def test_a_sa_limite_ce_qui_est_possible_l_est_encore(reglement: Reglement, situation: Contexte, jour: Jour) -> None:
    verdict = examiner(reglement, CALENDRIER, situation, jour)
    if not verdict.est_possible or verdict.limite is None:
        return
    assert examiner(reglement, CALENDRIER, replace(situation, maintenant=verdict.limite), jour).est_possible


@PEU
@given(delais(), situations(), jours(), st.integers(0, 1000))
def test_sans_fenetre_possible_maintenant_l_etait_plus_tot(
    regle: dict[str, Any], situation: Contexte, jour: Jour, heures: int
) -> None:
    reglement = lire_reglement(
        '[[version]]\nen_vigueur_le = 2024-01-01\nsource = "essai"\n[version.reserver]\n'
        f"delai = {horloge(regle)}\n[version.annuler]\ndelai = {horloge(regle)}"
    )
    if not examiner(reglement, CALENDRIER, situation, jour).est_possible:
        return
    avant = replace(situation, maintenant=situation.maintenant - timedelta(hours=heures))
    assert examiner(reglement, CALENDRIER, avant, jour).est_possible


@PEU
@given(reglements(), situations(), st.lists(jours(), min_size=1, max_size=6, unique_by=lambda jour: jour.date))
def test_une_demande_ne_donne_jamais_plus_que_ses_jours_seuls(
    reglement: Reglement, situation: Contexte, demande: list[Jour]
) -> None:
    verdicts = examiner_demande(reglement, CALENDRIER, situation, demande)
    assert len(verdicts) == len(demande)
    for jour, verdict in zip(demande, verdicts):
        est_coherent(verdict)
        if verdict.est_possible:
            assert examiner(reglement, CALENDRIER, situation, jour).est_possible


@PEU
@given(reglements(), situations(), jours())
def test_un_agent_recoit_le_meme_verdict(reglement: Reglement, situation: Contexte, jour: Jour) -> None:
    verdict = examiner(reglement, CALENDRIER, situation, jour)
    assert examiner(reglement, CALENDRIER, replace(situation, par_agent=True), jour) == verdict


@PEU
@given(reglements(), st.integers(0, 10_000))
def test_annuler_ne_regarde_pas_les_places(reglement: Reglement, minutes: int) -> None:
    maintenant = datetime(2026, 11, 1) + timedelta(minutes=minutes)  # noqa: DTZ001
    jour = un_jour(maintenant.date() + timedelta(days=12))
    situation = contexte(maintenant, Action.ANNULER)
    plein = replace(jour, places=Places(1, 1, 0, 5))
    assert examiner(reglement, CALENDRIER, situation, jour) == examiner(reglement, CALENDRIER, situation, plein)


@PEU
@given(reglements(), dates)
def test_un_reglement_se_dit_toujours_en_phrases(reglement: Reglement, jour: Any) -> None:
    for phrase in phrases_du_reglement(reglement, "mercredis", jour):
        assert phrase.endswith(".")
        assert "None" not in phrase
        assert "  " not in phrase


def test_l_issue_depend_de_qui_decide() -> None:
    texte = '[[version]]\nen_vigueur_le = 2024-01-01\nsource = "essai"\n[version.reserver]\ndecision = "{}"'
    jour = un_jour(datetime(2026, 12, 2).date())  # noqa: DTZ001
    situation = contexte(datetime(2026, 11, 2))  # noqa: DTZ001
    assert examiner(lire_reglement(texte.format("agent")), CALENDRIER, situation, jour).issue is Issue.INSTRUIRE
    assert examiner(lire_reglement(texte.format("automatique")), CALENDRIER, situation, jour).issue is Issue.ACCEPTER
