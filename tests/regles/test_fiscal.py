"""Tax certificates: which children, which year, which part of a payment; never more than was billed for care, nor paid."""

from __future__ import annotations

import random
from datetime import date

import pytest

from marelle.regles.fiscal import Facture, Ligne, Versement, annee_fiscale, certifier, est_concerne
from marelle.regles.lettres import en_lettres

ELIO, JEANNE = "elio", "jeanne"


def ligne(mois: int, jour: int, montant: int, eligible: int, objet: str = ELIO, annee: int = 2026) -> Ligne:
    return Ligne(date(annee, mois, jour), objet, montant, eligible)


def verse(montant: int, le: date, *, cesu: bool = False) -> Versement:
    return Versement(le, montant, cesu)


def par_annee(*factures: Facture) -> dict[int, int]:
    annees: dict[int, int] = {}
    for (annee, _), un in certifier(factures).items():
        annees[annee] = annees.get(annee, 0) + un.centimes
    return annees


@pytest.mark.parametrize(("naissance", "oui"), [(date(2020, 1, 1), True), (date(2019, 12, 31), False)])
def test_moins_de_six_ans_au_premier_janvier(naissance: date, oui: bool) -> None:
    assert est_concerne(naissance, 2026) is oui


def test_l_annee_est_celle_du_paiement_ou_du_service_s_il_vient_apres() -> None:
    assert annee_fiscale(date(2027, 1, 4), date(2026, 12, 2)) == 2027
    assert annee_fiscale(date(2026, 12, 20), date(2027, 1, 6)) == 2027


def test_ce_qui_est_paye_et_rien_d_autre() -> None:
    lignes = [ligne(12, 2, 1120, 800), ligne(12, 9, 1120, 800)]
    assert par_annee(Facture(lignes)) == {}
    assert par_annee(Facture(lignes, [verse(1120, date(2026, 12, 31))])) == {2026: 800}  # the oldest day
    assert par_annee(Facture(lignes, [verse(560, date(2026, 12, 31))])) == {2026: 400}  # half of it, in proportion
    a_cheval = [verse(1680, date(2026, 12, 31)), verse(560, date(2027, 1, 2))]
    assert par_annee(Facture(lignes, a_cheval)) == {2026: 1200, 2027: 400}


def test_les_enfants_ont_chacun_leur_part_et_leurs_dates() -> None:
    lignes = [ligne(9, 2, 1000, 700), ligne(9, 2, 900, 600, JEANNE), ligne(9, 9, 1000, 700)]
    faits = certifier([Facture(lignes, [verse(2900, date(2026, 10, 20))])])
    assert {objet: un.centimes for (_, objet), un in faits.items()} == {ELIO: 1400, JEANNE: 600}
    assert (faits[2026, ELIO].debut, faits[2026, ELIO].fin) == (date(2026, 9, 2), date(2026, 9, 9))


def test_le_cesu_est_dit_a_part() -> None:
    payes = [verse(600, date(2026, 10, 1), cesu=True), verse(400, date(2026, 10, 1))]
    un = certifier([Facture([ligne(9, 2, 1000, 500)], payes)])[2026, ELIO]
    assert (un.centimes, un.cesu_centimes) == (500, 300)


def test_un_avoir_deja_paye_paie_la_facture_suivante_sans_compter_deux_fois() -> None:
    """September 100 € (80 of care) paid; 20 € (16 of care) given back, which pay a part of October's 50 € (40 of care)."""
    septembre = Facture([ligne(9, 2, 8000, 6400)], [verse(10000, date(2026, 10, 5))])  # its line, once corrected
    octobre = Facture([ligne(10, 7, 5000, 4000)], [verse(3000, date(2026, 11, 5))])
    assert par_annee(septembre, octobre) == {2026: 6400 + 4000}
    assert par_annee(Facture([ligne(9, 2, 8000, 6400)]), octobre) == {2026: 2400}  # not paid: nothing passes on


def test_une_prise_en_charge_ne_se_certifie_pas() -> None:
    lignes = [ligne(9, 2, 1000, 800), ligne(9, 2, -400, -320)]
    assert par_annee(Facture(lignes, [verse(600, date(2026, 10, 1))])) == {2026: 480}


def _mois_au_hasard(de: random.Random) -> list[Facture]:
    factures = []
    for _ in range(de.randint(1, 4)):
        lignes = []
        for _ in range(de.randint(1, 6)):
            montant = de.choice([de.randint(1, 2000), de.randint(1, 2000), -de.randint(1, 900)])
            part = de.randint(0, abs(montant)) * (1 if montant > 0 else -1)
            lignes.append(
                ligne(de.randint(1, 12), de.choice([1, 1, 8, 15]), montant, part, de.choice([ELIO, JEANNE, None]))
            )
        payes = [
            verse(de.randint(1, 1500), date(2026 + de.randint(0, 1), de.randint(1, 12), 1), cesu=de.random() < 0.3)
            for _ in range(de.randint(0, 4))
        ]
        factures.append(Facture(lignes, payes))
    return factures


@pytest.mark.parametrize("graine", range(400))
def test_jamais_plus_que_la_garde_facturee_ni_que_l_argent_recu(graine: int) -> None:
    de = random.Random(graine)
    factures = _mois_au_hasard(de)
    faits = certifier(factures)
    total = sum(un.centimes for un in faits.values())
    assert total <= sum(un.montant for une in factures for un in une.versements)
    assert total <= sum(max(0, un.eligible) for une in factures for un in une.lignes)
    assert all(un.centimes > 0 and 0 <= un.cesu_centimes <= un.centimes for un in faits.values())
    for objet in (ELIO, JEANNE):
        siens = sum(un.centimes for (_, o), un in faits.items() if o == objet)
        assert siens <= sum(max(0, un.eligible) for une in factures for un in une.lignes if un.objet == objet)


@pytest.mark.parametrize("graine", range(100))
def test_tout_paye_certifie_toute_la_garde_et_l_ordre_d_un_meme_jour_ne_change_rien(graine: int) -> None:
    de = random.Random(graine)
    lignes = [
        ligne(de.randint(1, 3), de.choice([1, 8]), montant, de.randint(0, montant), de.choice([ELIO, JEANNE]))
        for montant in (de.randint(1, 2000) for _ in range(6))
    ]
    du = sum(un.montant for un in lignes)
    premier = de.randint(0, du)
    payes = [verse(premier, date(2026, 4, 1), cesu=True), verse(du - premier, date(2026, 4, 1))]
    payes += [verse(1, date(2026, 5, 1))]  # one centime too many
    faits = certifier([Facture(lignes, payes)])
    assert sum(un.centimes for un in faits.values()) == sum(un.eligible for un in lignes)
    autre = certifier([Facture(de.sample(lignes, len(lignes)), de.sample(payes, len(payes)))])
    assert autre == faits


@pytest.mark.parametrize(
    ("centimes", "dit"),
    [
        (0, "zéro euro"),
        (100, "un euro"),
        (2101, "vingt et un euros et un centime"),
        (7171, "soixante et onze euros et soixante et onze centimes"),
        (8000, "quatre-vingts euros"),
        (8199, "quatre-vingt-un euros et quatre-vingt-dix-neuf centimes"),
        (20000, "deux cents euros"),
        (20350, "deux cent trois euros et cinquante centimes"),
        (100000, "mille euros"),
        (348675, "trois mille quatre cent quatre-vingt-six euros et soixante-quinze centimes"),
        (8020000, "quatre-vingt mille deux cents euros"),
        (100000000, "un million d’euros"),
    ],
)
def test_un_montant_en_lettres(centimes: int, dit: str) -> None:
    assert en_lettres(centimes) == dit
