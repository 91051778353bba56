"""Prices against a slow and obvious reference: Decimal, one formula after the other, without our rounding nor our classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marelle.regles.calculs import Lineaire, ParTranche, TauxEffort, Tranche, Unique
from marelle.regles.forfaits import Forfait, prix_du_forfait
from marelle.regles.lecture_tarifs import ErreurTarifs, lire_tarifs
from marelle.regles.montants import Ajustement, arrondir, tranches_entamees
from marelle.regles.presences import Absence, Absences, Aide, AideAccordee, Excuse
from marelle.regles.prix import Prix
from marelle.regles.tarifs import Faits, Modulation, Supplements, Tarif, Tarifs, VersionTarifs, calculer

JOUR = date(2026, 9, 1)
montants = st.integers(0, 5000)
dix_milliemes = st.integers(0, 20_000)  # 0 to 200 %, by hundredths of a percent
quotients = st.integers(0, 5000)


def d(entier: int) -> Decimal:
    return Decimal(entier)


def au_centime(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_l_arrondi_est_celui_de_decimal(numerateur: int, denominateur: int) -> None:
    attendu = Decimal(numerateur) / Decimal(denominateur)
    juste = (2 * numerateur) % (2 * denominateur) == denominateur  # exactly half-way
    obtenu = arrondir(Fraction(numerateur, denominateur))
    assert obtenu == (numerateur // denominateur + 1 if juste else int(attendu.to_integral_value(ROUND_HALF_UP)))


@given(st.integers(-10, 2000), st.integers(1, 120))
def test_une_tranche_entamee_est_due(minutes: int, pas: int) -> None:
    compte, reste = 0, max(minutes, 0)
    while reste > 0:
        compte, reste = compte + 1, reste - pas
    assert tranches_entamees(minutes, pas) == compte


@given(quotients, st.integers(0, 500), montants, montants)
def test_le_taux_d_effort(quotient: int, taux: int, un: int, autre: int) -> None:
    """`taux` in hundredths of a percent of the quotient, an amount in euros."""
    plancher, plafond = min(un, autre), max(un, autre)
    attendu = min(max(au_centime(d(quotient) * 100 * d(taux) / 10_000), plancher), plafond)
    assert TauxEffort(Fraction(taux, 10_000), plancher, plafond).pour(quotient).centimes == attendu


@given(quotients, st.integers(0, 1000), st.integers(1, 3000), montants, montants)
def test_la_ligne_entre_deux_points(quotient: int, bas: int, ecart: int, prix_bas: int, prix_haut: int) -> None:
    ligne = Lineaire(bas, prix_bas, bas + ecart, prix_haut)
    obtenu = ligne.pour(quotient).centimes
    if quotient <= bas:
        assert obtenu == prix_bas
    elif quotient >= bas + ecart:
        assert obtenu == prix_haut
    else:
        exact = (d(prix_bas) * (bas + ecart - quotient) + d(prix_haut) * (quotient - bas)) / d(ecart)
        assert abs(d(obtenu) - exact) <= Decimal("0.5")
        assert min(prix_bas, prix_haut) <= obtenu <= max(prix_bas, prix_haut)


@st.composite
def mondes(tirer: Any) -> tuple[dict[str, Any], Faits]:
    """The numbers of a tariff, and a situation."""
    bornes = sorted(tirer(st.sets(st.integers(1, 3000), min_size=1, max_size=4)))
    nombres = {
        "bornes": bornes,
        "accueil": [tirer(montants) for _ in range(len(bornes) + 1)],
        "pas": tirer(st.sampled_from([0, 15, 30, 60])),
        "repas": tirer(st.none() | montants),
        "pai": tirer(st.none() | montants),
        "remise": tirer(st.integers(0, 10_000)),
        "majoration": tirer(dix_milliemes),
        "sur_tout": tirer(st.booleans()),
        "minimum": tirer(montants),
        "tardive": tirer(dix_milliemes),
        "non_reserve": tirer(montants),
        "injustifiee": tirer(dix_milliemes),
        "aide": tirer(st.integers(0, 10_000)),
        "ccas": tirer(montants),
    }
    faits = Faits(
        "a",
        "u",
        quotient=tirer(quotients),
        rang=tirer(st.integers(1, 4)),
        est_resident=tirer(st.booleans()),
        minutes=tirer(st.integers(0, 600)),
        a_panier_repas=tirer(st.booleans()),
        est_tardive=tirer(st.booleans()),
        est_sans_reservation=tirer(st.booleans()),
        absence=tirer(st.sampled_from([None, Absence(), Absence(est_prevenue=True), Absence("maladie")])),
        aides=(AideAccordee("caf"), AideAccordee("ccas")),
    )
    return nombres, faits


def version_de(n: dict[str, Any]) -> VersionTarifs:
    debuts = [0, *n["bornes"]]
    fins = [*(borne - 1 for borne in n["bornes"]), None]
    tranches = tuple(Tranche(f"T{r}", *b) for r, b in enumerate(zip(debuts, fins, strict=True)))
    prix = {tranche.code: montant for tranche, montant in zip(tranches, n["accueil"], strict=True)}
    tarif = Tarif(
        "Essai",
        ("*",),
        (),
        ParTranche(tranches, prix),
        par_minutes=n["pas"],
        repas=None if n["repas"] is None else Unique(n["repas"]),
        repas_pai=None if n["pai"] is None else Unique(n["pai"]),
        fratrie={2: Modulation(Ajustement(Fraction(n["remise"], 10_000)), n["sur_tout"])},
        hors_secteur=Modulation(Ajustement(Fraction(n["majoration"], 10_000)), n["sur_tout"]),
        minimum=n["minimum"],
        supplements=Supplements(
            tardive=Ajustement(Fraction(n["tardive"], 10_000)),
            sans_reservation=Ajustement(centimes=n["non_reserve"]),
            absences=Absences(injustifiee=Fraction(n["injustifiee"], 10_000), excuses=(Excuse("maladie", "maladie"),)),
        ),
    )
    aides = {
        "caf": Aide("caf", "Caf", Ajustement(Fraction(n["aide"], 10_000))),
        "ccas": Aide("ccas", "CCAS", Ajustement(centimes=n["ccas"])),
    }
    return VersionTarifs(JOUR, "nº 1", tranches, (tarif,), aides=aides)


def lentement(n: dict[str, Any], f: Faits) -> int:
    """The same price, as one would do it on paper."""
    assert f.quotient is not None
    rang = len([borne for borne in n["bornes"] if f.quotient >= borne])
    accueil = n["accueil"][rang]
    if n["pas"]:
        accueil = sum(accueil for debut in range(0, f.minutes, n["pas"]) if debut < f.minutes)
    repas = 0
    if n["repas"] is not None:
        repas = (n["pai"] or 0) if f.a_panier_repas else n["repas"]
    autre = repas if n["sur_tout"] else 0
    if f.rang >= 2:
        accueil -= au_centime(d(accueil + autre) * n["remise"] / 10_000)
    if not f.est_resident:
        accueil += au_centime(d(accueil + autre) * n["majoration"] / 10_000)
    jour = max(accueil + repas, n["minimum"])
    total = jour
    if f.est_tardive:
        total += au_centime(d(jour) * n["tardive"] / 10_000)
    if f.est_sans_reservation:
        total += n["non_reserve"]
    if f.absence is not None:
        sans_excuse = not f.absence.est_prevenue and not f.absence.motif
        total = au_centime(d(total) * n["injustifiee"] / 10_000) if sans_excuse else 0
    total -= au_centime(d(total) * n["aide"] / 10_000)
    return max(total - n["ccas"], 0)


@settings(max_examples=100, deadline=None)
@given(mondes())
def test_le_prix_est_celui_de_la_reference(monde: tuple[dict[str, Any], Faits]) -> None:
    nombres, faits = monde
    prix = calculer(Tarifs("Essai", ()), version_de(nombres), faits)
    assert prix is not None
    assert prix.total_centimes == lentement(nombres, faits)
    assert prix.total_centimes >= 0
    assert all(isinstance(ligne.montant_centimes, int) for ligne in prix.lignes)
    assert Prix.depuis(prix.en_donnees()) == prix
    brut = sum(ligne.montant_centimes for ligne in prix.lignes if not ligne.tiers)
    assert brut == prix.total_centimes + sum(prix.tiers_centimes.values())


@settings(max_examples=50, deadline=None)
@given(mondes())
def test_sans_quotient_aucune_famille_ne_paie_plus_cher(monde: tuple[dict[str, Any], Faits]) -> None:
    nombres, faits = monde
    version, tarifs = version_de(nombres), Tarifs("Essai", ())
    connu, inconnu = (calculer(tarifs, version, replace(faits, quotient=q)) for q in (faits.quotient, None))
    assert connu is not None
    assert inconnu is not None
    assert inconnu.est_maximum
    assert connu.lignes[0].montant_centimes <= inconnu.lignes[0].montant_centimes


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=5))
def test_des_tranches_se_lisent_si_et_seulement_si_chaque_quotient_en_a_une(bornes: list[tuple[int, int]]) -> None:
    """Written by hand: from 0, each quotient up to the last bound in exactly one band, in order."""
    lignes = [f'{{ code = "T{r}", de = {de}, a = {a} }}' for r, (de, a) in enumerate(bornes)]
    fin = bornes[-1][1] + 1
    lignes.append(f'{{ code = "fin", de = {fin} }}')
    prix = ", ".join(f'T{r} = "1,00"' for r in range(len(bornes)))
    texte = (
        f'nom = "E"\n[[version]]\nen_vigueur_le = 2026-01-01\ndeliberation = "d"\ntranches = [{", ".join(lignes)}]\n'
        f'[[version.tarifs]]\nnom = "T"\nactivites = ["*"]\naccueil = {{ tranches = {{ {prix}, fin = "1,00" }} }}\n'
    )
    couverts = [quotient for de, a in bornes for quotient in range(de, a + 1)]
    est_bon = couverts == list(range(fin)) and all(de <= a for de, a in bornes)
    if est_bon:
        assert len(lire_tarifs(texte, "essai.toml").versions[0].tranches) == len(bornes) + 1
    else:
        with pytest.raises(ErreurTarifs):
            lire_tarifs(texte, "essai.toml")


@given(montants, st.integers(0, 31), st.integers(1, 31))
def test_un_prorata_n_est_jamais_plus_cher_que_le_forfait(prix: int, jours: int, ouverts: int) -> None:
    forfait = Forfait("f", "Forfait", ("*",), "mois", Unique(prix), au_prorata=True)
    total = prix_du_forfait(forfait, "d", JOUR, 700, min(jours, ouverts), ouverts).total_centimes
    assert total == au_centime(d(prix) * min(jours, ouverts) / d(ouverts))
    assert 0 <= total <= prix
