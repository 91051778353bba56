"""Slots, ranks, thresholds and payments against what one would do by hand, minute by minute or day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.bornes import PARIS
from marelle.regles.calculs import ParTranche, Tranche, Unique
from marelle.regles.creneaux import Creneau
from marelle.regles.echeances import Paiement, dire_le_paiement, echeances
from marelle.regles.montants import Ajustement, arrondir
from marelle.regles.presences import Absence, Absences, Excuse, Seuil, reste_du
from marelle.regles.tarifs import Faits, Modulation, Supplements, Tarif, Tarifs, VersionTarifs, calculer

JOUR = date(2026, 9, 1)
montants = st.integers(0, 3000)
minutes = st.integers(0, 24 * 60 - 1)


def a(minute: int) -> time:
    return time(minute // 60, minute % 60)


def prix(tarif: Tarif, faits: Faits) -> int:
    trouve = calculer(Tarifs("Essai", ()), VersionTarifs(JOUR, "nº 1", (), (tarif,)), faits)
    assert trouve is not None
    return trouve.total_centimes


@given(
    st.lists(minutes, min_size=2, max_size=6, unique=True), st.lists(montants, min_size=5, max_size=5), minutes, minutes
)
def test_un_creneau_est_du_si_une_de_ses_minutes_est_passee_la(
    bornes: list[int], couts: list[int], arrivee: int, depart: int
) -> None:
    bornes.sort()
    paires = list(zip(bornes, bornes[1:], couts, strict=False))
    creneaux = tuple(Creneau(f"c{de}", a(de), a(fin), Unique(cout)) for de, fin, cout in paires)
    tarif = Tarif("Garderie", ("*",), (), None, creneaux=creneaux)
    presentes = set(range(arrivee, depart))
    attendu = sum(cout for de, fin, cout in paires if presentes & set(range(de, fin)))
    assert prix(tarif, Faits("g", "u", arrivee=a(arrivee), depart=a(depart))) == attendu
    assert prix(tarif, Faits("g", "u")) == sum(cout for _, _, cout in paires), "sans heures, la journée entière"


@given(st.data(), st.integers(0, 10_000), montants, st.booleans(), st.sampled_from(["foyer", "inscrits", "presents"]))
def test_le_rang_compte_les_enfants_que_le_tarif_dit(
    donnees: st.DataObject, remise: int, base: int, pour_tous: bool, parmi: str
) -> None:
    """A household whose children are there or not: ranks by hand, from the eldest."""
    la = donnees.draw(st.lists(st.booleans(), min_size=1, max_size=5))
    lui = donnees.draw(st.integers(0, len(la) - 1))
    la[lui] = True
    presents = [n for n in range(len(la)) if la[n]]
    rangs = {"foyer": (lui + 1, len(la)), "inscrits": (presents.index(lui) + 1, len(presents))}
    rangs["presents"] = rangs["inscrits"]
    faits = Faits(
        "a", "u", rang=lui + 1, enfants=len(la),
        rang_inscrit=rangs["inscrits"][0], enfants_inscrits=rangs["inscrits"][1],
        rang_present=rangs["presents"][0], enfants_presents=rangs["presents"][1],
    )  # fmt: skip
    rabais = {2: Modulation(Ajustement(Fraction(remise, 10_000)))}
    tarif = Tarif("T", ("*",), (), Unique(base), fratrie=rabais, fratrie_parmi=parmi, fratrie_pour_tous=pour_tous)
    a_droit = rangs[parmi][1 if pour_tous else 0] >= 2
    assert prix(tarif, faits) == (base - (base * remise * 2 + 10_000) // 20_000 if a_droit else base)


@given(st.integers(1, 10), montants, montants, montants, st.integers(0, 12))
def test_la_repetition_s_ajoute_a_partir_de_son_seuil(des: int, cout: int, plus: int, base: int, avant: int) -> None:
    regles = Supplements(prix_sans_reservation=Unique(cout), sans_reservation_repetee=Seuil(des, plus))
    tarif = Tarif("T", ("*",), (), Unique(base), supplements=regles)
    faits = Faits("a", "u", est_sans_reservation=True, sans_reservation_avant=avant)
    assert prix(tarif, faits) == cout + (plus if avant + 1 >= des else 0)
    assert prix(tarif, Faits("a", "u", sans_reservation_avant=avant)) == base


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), montants, st.integers(0, 100))
def test_une_excuse_n_allege_que_prouvee_comme_elle_le_demande(
    collective: bool, ecole: bool, du_service: bool, absent_ecole: bool, base: int, part: int
) -> None:
    excuse = Excuse("m", "m", facture=Fraction(part, 100), est_collective=collective, si_absent_ecole=ecole)
    recue = (du_service or not collective) and (absent_ecole or not ecole)
    absence = Absence("m", collectives=("m",) if du_service else (), est_absent_ecole=absent_ecole)
    reste = reste_du(Absences(excuses=(excuse,)), absence, base)
    assert reste.est_excusee is recue
    assert reste.centimes == ((base * part * 2 + 100) // 200 if recue else base)


@given(st.sampled_from(["", "m", "c"]), st.booleans(), st.none() | st.integers(0, 72), st.booleans(), st.data())
def test_ce_que_dit_le_service_n_alourdit_jamais_une_absence(
    motif: str, prevenue: bool, preuve: int | None, absent_ecole: bool, data: st.DataObject
) -> None:
    part = st.integers(0, 150).map(lambda une: Fraction(une, 100))
    excuses = (
        Excuse("m", "m", preuve_heures=48, facture=data.draw(part), carence_jours=data.draw(st.integers(0, 1))),
        Excuse("c", "c", facture=data.draw(part), est_collective=True),
        Excuse("e", "e", facture=data.draw(part), si_absent_ecole=True),
    )
    regle = Absences(data.draw(part), data.draw(part), excuses)
    base = data.draw(montants)
    dite = Absence(motif, prevenue, preuve)
    sans = reste_du(regle, dite, base)
    avec = reste_du(regle, replace(dite, collectives=("c",), est_absent_ecole=absent_ecole), base)
    possibles = {sans.centimes, arrondir(excuses[1].facture * base)}
    possibles |= {arrondir(excuses[2].facture * base)} if absent_ecole else set()
    assert avec.centimes == min(possibles)
    assert avec.est_excusee or not sans.est_excusee


@given(
    montants,
    st.integers(0, 10_080),
    st.none() | st.integers(0, 5000),
    st.booleans(),
    st.integers(0, 60),
    st.integers(0, 90),
)
def test_ce_qui_est_demande_en_reservant_fait_le_prix(
    total: int, delai: int, acompte: int | None, en_part: bool, solde: int, dans: int
) -> None:
    valeur = (
        None
        if acompte is None
        else Ajustement(Fraction(min(acompte, 100), 100))
        if en_part
        else Ajustement(None, acompte)
    )
    reserve_le = datetime(2026, 9, 1, 10, 0, tzinfo=PARIS)
    paiement = Paiement(delai, valeur, solde)
    lignes = echeances(paiement, total, reserve_le, reserve_le.date() + timedelta(days=dans))
    assert sum(une.centimes for une in lignes) == total
    assert all(une.centimes > 0 for une in lignes)
    assert all(une.avant is None or une.avant >= reserve_le for une in lignes)
    assert [une.perd_la_place for une in lignes[1:]] == [False] * len(lignes[1:])
    phrase = dire_le_paiement(paiement, total, reserve_le, reserve_le.date() + timedelta(days=dans))
    assert phrase.endswith(".") if total else phrase == ""


@given(st.integers(0, 3000))
def test_le_quotient_donne_le_prix_de_chaque_creneau(quotient: int) -> None:
    tranches = (Tranche("A", 0, 999), Tranche("B", 1000, None))
    cher = ParTranche(tranches, {"A": 100, "B": 250})
    tarif = Tarif("G", ("*",), (), None, creneaux=(Creneau("matin", time(7), time(9), cher),))
    assert tarif.depend_du_quotient
    assert prix(tarif, Faits("g", "u", quotient)) == (100 if quotient < 1000 else 250)
