"""Deposits close once, without gaps, and nothing rewrites them; what is handed over is what the account held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from marelle.comptes.models import Agent
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Mandat, Paiement, Payeur, Regie
from marelle.regie.caisse import comptes, rappels
from marelle.regie.depots import fermer, verser
from marelle.regie.encaissements import annuler, recevoir
from marelle.regie.journal import Filtre, en_csv, paiements_de, totaux
from marelle.regie.models import Bordereau, Versement
from marelle.regie.papiers import bordereau, journal, versement
from marelle.regie.verification import verifier
from marelle.socle.erreurs import Refus

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 20)


@pytest.fixture
def encaisses(facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent) -> list[Paiement]:
    """Two cheques of 20 €, 30 € in cash, 15 € by card."""
    facturer(payeur, 50_000)
    return [
        recevoir(regie, payeur, recu(montant, mode, f"j{rang}", reference=f"000123{rang}"), auteur=regisseuse)
        for rang, (montant, mode) in enumerate([(2000, "cheque"), (2000, "cheque"), (3000, "especes"), (1500, "carte")])
    ]


def test_les_comptes_se_deduisent_des_paiements(encaisses: list[Paiement], regie: Regie, regisseuse: Agent) -> None:
    tenus = comptes(regie)
    assert (tenus.caisse, tenus.cheques, tenus.dft, tenus.encaisse) == (3000, 4000, 1500, 8500)
    fermer(regie, "cheque", [encaisses[0].pk], date_depot=JOUR, auteur=regisseuse)
    tenus = comptes(regie)
    assert (tenus.cheques, tenus.dft, tenus.encaisse) == (2000, 3500, 8500)


def test_un_paiement_est_dans_un_seul_bordereau_et_les_numeros_se_suivent(
    encaisses: list[Paiement], regie: Regie, regisseuse: Agent
) -> None:
    cheque, autre, liquide, carte = encaisses
    premier = fermer(regie, "cheque", [cheque.pk], date_depot=JOUR, auteur=regisseuse)
    for mode, choisis in [
        ("cheque", [cheque.pk]),
        ("cheque", [autre.pk, cheque.pk]),
        ("cheque", [liquide.pk]),
        ("carte", [carte.pk]),
        ("cheque", []),
    ]:
        with pytest.raises(Refus):
            fermer(regie, mode, choisis, date_depot=JOUR, auteur=regisseuse)
    second = fermer(regie, "cheque", [autre.pk], date_depot=JOUR, auteur=regisseuse)
    assert [premier.numero, second.numero] == ["B-2026-01-0001", "B-2026-01-0002"]
    assert verifier() == []


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE regie_bordereau SET montant_centimes = 1",
        "DELETE FROM regie_lignebordereau",
        "UPDATE regie_lignebordereau SET paiement_id = paiement_id",
        "UPDATE regie_versement SET montant_centimes = 1",
        "DELETE FROM regie_ligneversement",
        "DELETE FROM regie_versement",
    ],
)
def test_la_base_refuse_de_rouvrir_ce_qui_est_clos(
    ordre: str, encaisses: list[Paiement], regie: Regie, regisseuse: Agent
) -> None:
    fermer(regie, "especes", [encaisses[2].pk], date_depot=JOUR, auteur=regisseuse)
    verser(regie, motif="periodique", date_versement=JOUR, attendu_centimes=4500, auteur=regisseuse)
    if connection.vendor == "postgresql" and "paiement_id = paiement_id" in ordre:
        ordre = "UPDATE regie_lignebordereau SET paiement_id = paiement_id + 1"
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_un_paiement_glisse_dans_un_bordereau_clos_se_voit(
    encaisses: list[Paiement], regie: Regie, regisseuse: Agent
) -> None:
    clos = fermer(regie, "cheque", [encaisses[0].pk], date_depot=JOUR, auteur=regisseuse)
    clos.lignes.create(paiement=encaisses[1])
    assert any(clos.numero in phrase for phrase in verifier())


def test_un_cheque_annule_ne_se_depose_pas_rejete_apres_il_sort_du_compte(
    encaisses: list[Paiement], regie: Regie, regisseuse: Agent
) -> None:
    annuler(encaisses[0], "Erreur de saisie", auteur=regisseuse)
    assert comptes(regie).cheques == 2000
    with pytest.raises(Refus, match="déjà déposé, ou annulé"):
        fermer(regie, "cheque", [encaisses[0].pk], date_depot=JOUR, auteur=regisseuse)
    fermer(regie, "cheque", [encaisses[1].pk], date_depot=JOUR, auteur=regisseuse)
    annuler(encaisses[1], "Chèque sans provision", auteur=regisseuse)
    tenus = comptes(regie)
    assert (tenus.cheques, tenus.dft) == (0, 1500)


def test_le_versement_remet_tout_ce_que_le_compte_a_recu(
    encaisses: list[Paiement], regie: Regie, regisseuse: Agent
) -> None:
    fermer(regie, "cheque", [encaisses[0].pk, encaisses[1].pk], date_depot=JOUR, auteur=regisseuse)
    with pytest.raises(Refus, match="Le compte a changé"):
        verser(regie, motif="periodique", date_versement=JOUR, attendu_centimes=1500, auteur=regisseuse)
    fait = verser(regie, motif="fin_annee", date_versement=JOUR, attendu_centimes=5500, auteur=regisseuse)
    assert (fait.numero, fait.nombre, comptes(regie).dft) == ("V-2026-01-0001", 3, 0)
    annuler(encaisses[0], "Chèque sans provision", auteur=regisseuse)
    assert comptes(regie).dft == -2000
    with pytest.raises(Refus, match="rien à verser"):
        verser(regie, motif="periodique", date_versement=JOUR, attendu_centimes=-2000, auteur=regisseuse)
    assert verifier() == []


def test_sans_mandat_ni_depot_ni_versement(encaisses: list[Paiement], regie: Regie, direction: Agent) -> None:
    with pytest.raises(SansMandat):
        fermer(regie, "cheque", [encaisses[0].pk], date_depot=JOUR, auteur=direction)
    with pytest.raises(SansMandat):
        verser(regie, motif="periodique", date_versement=JOUR, attendu_centimes=1500, auteur=direction)
    assert not Bordereau.objects.exists()
    assert not Versement.objects.exists()


def test_la_regie_rappelle_ce_qu_il_est_temps_de_faire(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Callable[[str], object]
) -> None:
    facturer(payeur, 100_000)
    recevoir(regie, payeur, recu(49_999, "carte"), auteur=regisseuse)
    assert rappels(regie, JOUR) == []
    recevoir(regie, payeur, recu(1, "carte", "j2"), auteur=regisseuse)
    assert "L’encaisse est de 500,00" in rappels(regie, JOUR)[0]
    Mandat.objects.update(fin=date(2026, 12, 31))
    dits = " ".join(rappels(regie, date(2026, 12, 23)))
    for mot in ("une fois par mois", "Au 31 décembre", "Le mandat de Zoé Ferry finit le 31 décembre"):
        assert mot in dits
    assert "l’année passée" in " ".join(rappels(regie, date(2027, 1, 5)))


def test_le_journal_se_filtre_se_totalise_et_s_exporte(
    encaisses: list[Paiement], regie: Regie, regisseuse: Agent
) -> None:
    annuler(encaisses[3], "=Erreur", auteur=regisseuse)
    tout = paiements_de(regie, Filtre())
    assert [(un.libelle, un.nombre, un.montant_centimes) for un in totaux(tout)] == [
        ("Espèces", 1, 3000),
        ("Chèque", 2, 4000),
        ("Carte bancaire", 2, 0),
        ("Total", 5, 7000),
    ]
    assert totaux(paiements_de(regie, Filtre(mode="cheque")))[-1].nombre == 2
    assert totaux(paiements_de(regie, Filtre(au=date(2026, 11, 19))))[-1].nombre == 0
    lignes = en_csv(tout).decode("utf-8-sig").splitlines()
    assert len(lignes) == 6
    assert "-15,00" in lignes[1]
    assert "'=Erreur" in lignes[1]


def test_une_date_qui_ne_peut_pas_etre_est_refusee(
    encaisses: list[Paiement], regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    """A year mistyped on what nothing rewrites: money leaves after it came, and comes within the year."""
    with pytest.raises(Refus, match="du 20/11/2026"):
        fermer(regie, "cheque", [encaisses[0].pk], date_depot=date(2026, 11, 19), auteur=regisseuse)
    with pytest.raises(Refus, match="du 20/11/2026"):
        verser(regie, motif="periodique", date_versement=date(2016, 11, 20), attendu_centimes=1500, auteur=regisseuse)
    with pytest.raises(Refus, match="vérifiez l’année"):
        recevoir(regie, payeur, recu(2000, jeton="j9", date_paiement=date(2016, 11, 20)), auteur=regisseuse)


def test_un_jour_de_la_regie_est_un_jour_de_paris(
    regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Callable[[str], object]
) -> None:
    """Half past midnight on New Year's Day is still December in Greenwich, and in the database."""
    horloge("2027-01-01 00:30")
    recevoir(regie, payeur, recu(2000), auteur=regisseuse)
    assert ";01/01/2027;" in en_csv(paiements_de(regie, Filtre(du=date(2027, 1, 1)))).decode("utf-8-sig")


def test_les_papiers_de_la_regie_sont_des_pdf(encaisses: list[Paiement], regie: Regie, regisseuse: Agent) -> None:
    from marelle.editions import produire

    clos = fermer(regie, "cheque", [encaisses[0].pk, encaisses[1].pk], date_depot=JOUR, auteur=regisseuse)
    fait = verser(regie, motif="periodique", date_versement=JOUR, attendu_centimes=5500, auteur=regisseuse)
    dits = bordereau(clos)
    assert ("Nombre", "2 chèques") in dits["faits"]
    for donnees in (dits, versement(fait), journal(regie, Filtre())):
        assert produire("bordereau", donnees).startswith(b"%PDF-")
