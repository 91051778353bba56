"""What is issued is frozen, numbered without gaps, paid once; money is taken by those who are named, and only what is owed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from marelle.comptes.models import Agent
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.encaissement import contrepasser, encaisser
from marelle.creances.imputation import imputer_credits
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Facture, Paiement, Payeur, Regie, Ventilation
from marelle.creances.payeurs import payeur_adulte, payeurs_visibles
from marelle.creances.soldes import avec_restes, impayees, releve, solde
from marelle.creances.verification import verifier
from marelle.familles.models import Acces
from marelle.socle.erreurs import ErreurMarelle, Refus
from tests.distribution import Foyer, karim

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]


@pytest.fixture(autouse=True)
def en_novembre(horloge: Callable[[str], object]) -> None:
    horloge("2026-11-20 10:00")


def reste(facture: Facture) -> int:
    return avec_restes(Facture.objects.filter(pk=facture.pk)).get().reste_centimes


def test_les_numeros_se_suivent_par_regie_et_par_annee(facturer: Facturer) -> None:
    numeros = [facturer(100).numero, facturer(100).numero, facturer(100, date(2027, 1, 4)).numero]
    assert numeros == ["202601000001", "202601000002", "202701000001"]
    assert verifier() == []


def test_un_numero_ne_porte_pas_une_date_d_avant_celle_du_numero_d_avant(facturer: Facturer) -> None:
    facturer(100, date(2026, 10, 6))
    with pytest.raises(ErreurMarelle, match="du 06/10/2026"):
        facturer(-50, date(2026, 10, 5))
    assert [facturer(100, jour).rang for jour in (date(2026, 10, 6), date(2025, 12, 31))] == [2, 1]  # a series a year
    assert verifier() == []


def test_une_reference_ne_s_emet_qu_une_fois(facturer: Facturer, regie: Regie) -> None:
    facturer(100, reference="campagne:1:payeur:1")
    demandee = FactureAEmettre(
        Payeur.objects.get(), date(2026, 9, 1), date(2026, 9, 30), [LigneAEmettre("x", "x", 5)],
        reference="campagne:1:payeur:1",
    )  # fmt: skip
    assert emettre(regie, [demandee], date_emission=date(2026, 10, 6)) == []
    assert emettre(regie, [demandee], date_emission=date(2026, 10, 1)) == []  # done again, it asks nothing of the dates
    assert Facture.objects.count() == 1


def test_une_facture_nulle_ou_un_avoir_muet_ne_s_emettent_pas(regie: Regie, payeur: Payeur) -> None:
    for montant in (0, -100):
        demandee = FactureAEmettre(payeur, date(2026, 9, 1), date(2026, 9, 30), [LigneAEmettre("x", "x", montant)])
        with pytest.raises(ErreurMarelle):
            emettre(regie, [demandee], date_emission=date(2026, 10, 6))
    assert not Facture.objects.exists()
    assert facture_suivante(regie, payeur).numero == "202601000001"


def facture_suivante(regie: Regie, payeur: Payeur) -> Facture:
    demandee = FactureAEmettre(payeur, date(2026, 9, 1), date(2026, 9, 30), [LigneAEmettre("y", "y", 1)])
    return emettre(regie, [demandee], date_emission=date(2026, 10, 6))[0]


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE creances_facture SET montant_centimes = 1",
        "UPDATE creances_lignefacture SET libelle = 'autre'",
        "UPDATE creances_paiement SET montant_centimes = 1",
        "UPDATE creances_ventilation SET montant_centimes = 1",
        "DELETE FROM creances_ventilation",
        "DELETE FROM creances_lignefacture",
        "DELETE FROM creances_paiement",
    ],
)
def test_la_base_refuse_de_reecrire(
    ordre: str, facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(4860)
    encaisser(regie, payeur, 1000, Paiement.Mode.CHEQUE, auteur=regisseuse)
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_un_paiement_solde_les_plus_anciennes_d_abord(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    octobre, novembre = facturer(4860), facturer(6480, date(2026, 11, 6))
    encaisser(regie, payeur, 6000, Paiement.Mode.CHEQUE, auteur=regisseuse, reference="0012345")
    assert (reste(octobre), reste(novembre)) == (0, 5340)
    assert solde(payeur) == 5340
    assert [une.solde_centimes for une in releve([payeur])] == [4860, 11340, 5340]
    assert verifier() == []


def test_un_cheque_rejete_se_contrepasse_et_la_facture_est_due_de_nouveau(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facture = facturer(4860)
    paiement = encaisser(regie, payeur, 4860, Paiement.Mode.CHEQUE, auteur=regisseuse)
    contraire = contrepasser(paiement, "Chèque rejeté", auteur=regisseuse)
    assert (reste(facture), solde(payeur)) == (4860, 4860)
    assert contraire.montant_centimes == -4860
    with pytest.raises(Refus, match="déjà annulé"):
        contrepasser(paiement, "Encore", auteur=regisseuse)
    with pytest.raises(Refus, match="déjà l’annulation"):
        contrepasser(contraire, "Encore", auteur=regisseuse)
    assert verifier() == []


def test_sans_mandat_personne_n_enregistre_d_argent(facturer: Facturer, regie: Regie, payeur: Payeur) -> None:
    facturer(4860)
    with pytest.raises(SansMandat):
        encaisser(regie, payeur, 4860, Paiement.Mode.CHEQUE, auteur=karim())
    assert not Paiement.objects.exists()


@pytest.mark.parametrize(
    ("montant", "mode", "dit"),
    [
        (5000, "cheque", "dépasse de 1,40\N{NO-BREAK SPACE}€"),
        (-100, "cheque", "montant positif"),
        (0, "cheque", "montant positif"),
        (100, "cesu", "pas autorisée"),
        (30_001, "especes", "limitées à 300,00"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_et_rien_n_est_enregistre(
    montant: int, mode: str, dit: str, facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(4860)
    with pytest.raises(Refus, match=dit), transaction.atomic():
        encaisser(regie, payeur, montant, mode, auteur=regisseuse)
    assert not Paiement.objects.exists()
    assert not Ventilation.objects.exists()


def test_la_facture_d_une_autre_famille_ne_se_paie_pas(
    facturer: Facturer, regie: Regie, roussel: Foyer, regisseuse: Agent
) -> None:
    facture = facturer(4860)
    autre = payeur_adulte(roussel.paul)
    with pytest.raises(Refus, match="n’est pas de ce payeur"), transaction.atomic():
        encaisser(regie, autre, 4860, "cheque", auteur=regisseuse, factures=[(facture, 4860)])
    assert reste(facture) == 4860


def test_les_titres_ne_se_paient_qu_au_tresor(regie: Regie, payeur: Payeur, regisseuse: Agent) -> None:
    titres = Regie.objects.get(code=2)
    titres.mandats.create(agent=regisseuse, qualite="titulaire", debut=date(2020, 1, 1))
    with pytest.raises(Refus, match="Trésor public"):
        encaisser(titres, payeur, 100, "cheque", auteur=regisseuse)


def test_une_reference_de_paiement_ne_compte_qu_une_fois(facturer: Facturer, regie: Regie, payeur: Payeur) -> None:
    facturer(4860)
    deux = [encaisser(regie, payeur, 4860, "en_ligne", auteur=None, reference_unique="payfip:a") for _ in range(2)]
    assert deux[0] == deux[1]
    assert solde(payeur) == 0


def test_l_argent_deja_la_reste_en_avance_et_paie_la_facture_suivante(
    facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    facturer(4860)
    encaisser(regie, payeur, 6000, "en_ligne", auteur=None)
    suivante = facturer(2000)
    assert imputer_credits(payeur, regie) == 1140
    assert (reste(suivante), solde(payeur)) == (860, 860)
    assert verifier() == []


def test_un_avoir_paie_d_abord_la_facture_qu_il_corrige(facturer: Facturer, regie: Regie, payeur: Payeur) -> None:
    premiere, corrigee = facturer(4860), facturer(6480)
    facturer(-385, corrige=corrigee)
    imputer_credits(payeur, regie)
    assert (reste(premiere), reste(corrigee)) == (4860, 6095)
    assert [une.pk for une in impayees(payeur, regie)] == [premiere.pk, corrigee.pk]
    assert verifier() == []


def test_un_adulte_ne_voit_pas_les_factures_de_l_autre(roussel: Foyer, payeur: Payeur) -> None:
    camille, paul = payeur_adulte(roussel.camille), payeur_adulte(roussel.paul)
    acces = Acces(famille=roussel.famille, responsable=roussel.paul)
    assert set(payeurs_visibles(acces)) == {payeur, paul}
    partage = Acces(famille=roussel.famille, responsable=None)
    assert set(payeurs_visibles(partage)) == {payeur, camille, paul}
