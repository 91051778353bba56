"""Giving money back at the desk: who, how much, by which means, once; the till, the account and the journal say it."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.creances.encaissement import encaisser
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Paiement, Payeur, Regie
from marelle.creances.soldes import solde
from marelle.creances.verification import verifier
from marelle.regie.caisse import comptes
from marelle.regie.depots import fermer, verser
from marelle.regie.encaissements import annuler, recevoir
from marelle.regie.journal import Filtre, en_csv, paiements_de, totaux
from marelle.regie.papiers import bordereau, journal, versement
from marelle.regie.remboursements import Demande, rembourser
from marelle.regie.verification import verifier as verifier_la_regie
from marelle.socle.erreurs import Refus

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 20)


def demande(montant: int, mode: str = "virement", jeton: str = "r1", **autres: object) -> Demande:
    champs: dict[str, object] = {"reference": "VIR 42", "motif": "Payé deux fois", "date_remboursement": JOUR, **autres}
    return Demande(mode, montant, jeton=jeton, **champs)  # type: ignore[arg-type]


@pytest.fixture
def en_credit(facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent) -> list[Paiement]:
    """20 € in cash and 30 € by cheque for an invoice of 10 €: 40 € are in credit."""
    facturer(payeur, 1000)
    return [
        recevoir(regie, payeur, recu(montant, mode, f"j{rang}"), auteur=regisseuse)
        for rang, (montant, mode) in enumerate([(2000, "especes"), (3000, "cheque")])
    ]


def test_rendu_le_payeur_le_lit(en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent) -> None:
    fait = rembourser(regie, payeur, demande(4000), auteur=regisseuse)
    assert solde(payeur) == 0
    [courriel] = Courriel.objects.filter(gabarit="remboursement")
    dit = courriel.texte.replace("\u00a0", " ")
    assert "40,00 € vous est rendue par virement" in dit
    for phrase in (fait.numero, "VIR 42", "Payé deux fois"):
        assert phrase in dit
    annuler(fait, "Compte clos", auteur=regisseuse)
    [revenu] = Courriel.objects.filter(gabarit="remboursement_annule")
    assert "40,00 € du vendredi 20 novembre 2026 est annulé" in revenu.texte.replace("\u00a0", " ")
    assert solde(payeur) == -4000
    assert [*verifier(), *verifier_la_regie()] == []


def test_le_meme_formulaire_ne_rend_qu_une_fois(
    en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    deux = [rembourser(regie, payeur, demande(1000), auteur=regisseuse) for _ in range(2)]
    assert deux[0] == deux[1]
    with pytest.raises(Refus, match="a déjà servi"):
        rembourser(regie, payeur, demande(1100), auteur=regisseuse)
    assert Courriel.objects.filter(gabarit="remboursement").count() == 1
    assert solde(payeur) == -3000


@pytest.mark.parametrize(
    ("une", "dit"),
    [
        (demande(4001), "n’y a que 40,00"),
        (demande(1000, reference=" "), "référence du virement"),
        (demande(1000, "cheque", reference=""), "numéro du chèque"),
        (demande(2100, "especes"), "La caisse tient 20,00"),
        (demande(30_001, "especes"), "limitées à 300,00"),
        (demande(1000, "carte"), "par virement, par chèque ou en espèces"),
        (demande(1000, date_remboursement=date(2026, 11, 21)), "à venir"),
        (demande(1000, date_remboursement=date(2025, 11, 1)), "plus d’un an"),
        (demande(1000, motif=""), "Dites pourquoi"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit(
    une: Demande, dit: str, en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    with pytest.raises(Refus, match=dit):
        rembourser(regie, payeur, une, auteur=regisseuse)
    assert not Paiement.objects.filter(est_remboursement=True).exists()


def test_sans_mandat_non(en_credit: list[Paiement], regie: Regie, payeur: Payeur, direction: Agent) -> None:
    with pytest.raises(SansMandat):
        rembourser(regie, payeur, demande(1000), auteur=direction)


def test_les_especes_rendues_sortent_de_la_caisse_et_du_bordereau(
    en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    liquide, _ = en_credit
    fait = rembourser(regie, payeur, demande(500, "especes", reference=""), auteur=regisseuse)
    assert (comptes(regie).caisse, comptes(regie).encaisse) == (1500, 4500)
    with pytest.raises(Refus, match="cochez-le aussi"):
        fermer(regie, "especes", [liquide.pk], date_depot=JOUR, auteur=regisseuse)
    with pytest.raises(Refus, match="rien à déposer"):
        fermer(regie, "especes", [fait.pk], date_depot=JOUR, auteur=regisseuse)
    lot = fermer(regie, "especes", [liquide.pk, fait.pk], date_depot=JOUR, auteur=regisseuse)
    assert (lot.montant_centimes, lot.nombre, comptes(regie).dft) == (1500, 2, 1500)
    assert "(remboursement : Payé deux fois)" in bordereau(lot)["lignes"][1][1]
    with pytest.raises(Refus, match="bordereau clos"):
        annuler(fait, "Erreur", auteur=regisseuse)
    assert [*verifier(), *verifier_la_regie()] == []


def test_un_cheque_et_un_virement_sortent_du_compte(
    en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    _, cheque = en_credit
    fermer(regie, "cheque", [cheque.pk], date_depot=JOUR, auteur=regisseuse)
    rembourser(regie, payeur, demande(700, "cheque"), auteur=regisseuse)
    vire = rembourser(regie, payeur, demande(800, jeton="r2"), auteur=regisseuse)
    tenus = comptes(regie)
    assert (tenus.caisse, tenus.cheques, tenus.dft) == (2000, 0, 1500)
    annuler(vire, "Revenu", auteur=regisseuse)
    fait = verser(regie, motif="periodique", date_versement=JOUR, attendu_centimes=2300, auteur=regisseuse)
    assert ["Remboursements", "3", "-7,00\u00a0€"] in [
        [une.replace("−", "-") for une in ligne] for ligne in versement(fait)["totaux"]
    ]
    assert comptes(regie).dft == 0
    assert [*verifier(), *verifier_la_regie()] == []


def test_un_remboursement_n_est_pas_une_recette_du_journal(
    en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    rembourser(regie, payeur, demande(700, "cheque"), auteur=regisseuse)
    lignes = paiements_de(regie, Filtre())
    assert [(un.libelle, un.nombre, un.montant_centimes) for un in totaux(lignes)] == [
        ("Espèces", 1, 2000), ("Chèque", 1, 3000), ("Remboursements", 1, -700), ("Total", 3, 4300),
    ]  # fmt: skip
    assert "(remboursement : Payé deux fois)" in journal(regie, Filtre())["lignes"][-1][1]
    assert en_csv(lignes).decode().splitlines()[1].endswith(";remboursement")


def test_ce_qui_fut_rendu_pour_rien_s_encaisse(
    facturer: Facturer, autre_regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    """A régie that takes no advance takes what is owed of a refund, when the money it gave was rejected."""
    autre_regie.mandats.create(agent=regisseuse, qualite="titulaire", debut=date(2020, 1, 1))
    facturer(payeur, 1000, par=autre_regie)
    recu_en_trop = encaisser(autre_regie, payeur, 1500, "en_ligne", auteur=None)
    rembourser(autre_regie, payeur, demande(500, "cheque"), auteur=regisseuse)
    annuler(recu_en_trop, "Rejeté", auteur=regisseuse)
    with pytest.raises(Refus, match="dépasse de 0,01"):
        recevoir(autre_regie, payeur, recu(1501), auteur=regisseuse)
    recevoir(autre_regie, payeur, recu(1500), auteur=regisseuse)
    assert solde(payeur) == 0
    assert verifier() == []


@pytest.mark.django_db(transaction=True)
def test_deux_agents_a_la_fois_ne_rendent_pas_deux_fois(
    en_credit: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    depart, faits = threading.Barrier(2), []

    def rendre(jeton: str) -> None:
        try:
            depart.wait(10)
            faits.append(rembourser(regie, payeur, demande(4000, jeton=jeton), auteur=regisseuse).montant_centimes)
        except Refus as refus:
            faits.append(refus.phrase)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=rendre, args=(jeton,)) for jeton in ("a", "b")]
    for un in fils:
        un.start()
    for un in fils:
        un.join(30)
    assert sorted(map(str, faits)) == ["-4000", "Ce payeur n’a rien à se faire rembourser par cette régie."]
    assert verifier() == []
