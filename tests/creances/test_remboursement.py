"""Money given back is an act of the ledger: only what is in credit, once, frozen; it pays nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from marelle.comptes.models import Agent
from marelle.creances.encaissement import contrepasser, encaisser
from marelle.creances.imputation import imputer_credits
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Facture, Paiement, Payeur, Regie, Restitution
from marelle.creances.remboursement import rembourser, rendable
from marelle.creances.soldes import avances, avec_restes, decouverts, releve, solde
from marelle.creances.verification import verifier
from marelle.journal.models import Entree
from marelle.socle.erreurs import Refus
from tests.distribution import karim

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]
ESPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def en_novembre(horloge: Callable[[str], object]) -> None:
    horloge("2026-11-20 10:00")


@pytest.fixture
def rendre(regie: Regie, payeur: Payeur, regisseuse: Agent) -> Callable[..., Paiement]:
    """`rendre(1140)` gives back 11,40 € by transfer."""

    def faire(montant: int, mode: str = "virement", **autres: object) -> Paiement:
        champs: dict[str, object] = {"auteur": regisseuse, "motif": "Jour annulé", **autres}
        return rembourser(regie, payeur, montant, mode, **champs)  # type: ignore[arg-type]

    return faire


@pytest.fixture
def avance(facturer: Facturer, regie: Regie, payeur: Payeur) -> Paiement:
    """60 € received for an invoice of 48,60 €: 11,40 € are in credit."""
    facturer(4860)
    return encaisser(regie, payeur, 6000, "en_ligne", auteur=None)


def reste(facture: Facture) -> int:
    return avec_restes(Facture.objects.filter(pk=facture.pk)).get().reste_centimes


def test_ce_qui_est_rendu_ne_paie_plus_rien(
    avance: Paiement, facturer: Facturer, regie: Regie, payeur: Payeur, rendre: Callable[..., Paiement]
) -> None:
    rendu = rendre(1140, reference="VIR 42")
    assert (rendu.montant_centimes, rendu.numero, rendu.est_remboursement) == (-1140, "Q-2026-01-000002", True)
    assert (solde(payeur), rendable(payeur, regie), list(avances(payeur, regie))) == (0, 0, [])
    suivante = facturer(2000)
    assert imputer_credits(payeur, regie) == 0
    assert (reste(suivante), solde(payeur)) == (2000, 2000)
    assert [une.solde_centimes for une in releve([payeur])] == [4860, 6860, 860, 2000]
    [ecrit] = Entree.objects.filter(action="remboursement.fait")
    assert ecrit.details["numero"] == rendu.numero
    assert verifier() == []


def test_un_credit_rendu_en_partie_paie_du_reste(
    avance: Paiement, facturer: Facturer, regie: Regie, payeur: Payeur, rendre: Callable[..., Paiement]
) -> None:
    rendre(1000)
    suivante = facturer(2000)
    assert imputer_credits(payeur, regie) == 140
    assert reste(suivante) == 1860
    assert verifier() == []


def test_un_avoir_se_rend(facturer: Facturer, regie: Regie, payeur: Payeur, rendre: Callable[..., Paiement]) -> None:
    facture = facturer(4860)
    encaisser(regie, payeur, 4860, "en_ligne", auteur=None)
    avoir = facturer(-860, corrige=facture)
    rendre(860)
    assert (reste(avoir), reste(facture), solde(payeur)) == (0, 0, 0)
    assert verifier() == []


@pytest.mark.parametrize(
    ("montant", "mode", "autres", "dit"),
    [
        (1141, "virement", {}, f"n’y a que 11,40{ESPACE}€ à rembourser"),
        (1140, "virement", {"reserve_centimes": 400}, f"n’y a que 7,40{ESPACE}€"),
        (1140, "virement", {"reserve_centimes": 1140}, "rien à se faire rembourser"),
        (0, "virement", {}, "montant positif"),
        (-1, "virement", {}, "montant positif"),
        (1140, "carte", {}, "par virement, par chèque ou en espèces"),
        (1140, "virement", {"motif": " "}, "Dites pourquoi"),
        (1140, "virement", {"date_remboursement": date(2026, 11, 21)}, "à venir"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_et_rien_n_est_rendu(
    montant: int, mode: str, autres: dict[str, object], dit: str, avance: Paiement, rendre: Callable[..., Paiement]
) -> None:
    with pytest.raises(Refus, match=dit), transaction.atomic():
        rendre(montant, mode, **autres)
    assert Paiement.objects.count() == 1
    assert not Restitution.objects.exists()


def test_ce_qu_une_facture_attend_ne_se_rend_pas(
    avance: Paiement, facturer: Facturer, regie: Regie, payeur: Payeur, rendre: Callable[..., Paiement]
) -> None:
    """Issued, not yet set against the credit: it is owed all the same."""
    facturer(1000)
    assert rendable(payeur, regie) == 140
    with pytest.raises(Refus, match=f"que 1,40{ESPACE}€"), transaction.atomic():
        rendre(1140)


def test_sans_mandat_personne_ne_rend_d_argent(avance: Paiement, rendre: Callable[..., Paiement]) -> None:
    with pytest.raises(SansMandat):
        rendre(1140, auteur=karim())


def test_le_tresor_rend_ce_qu_il_a_recu(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, rendre: Callable[..., Paiement]
) -> None:
    titres = Regie.objects.get(code=2)
    with pytest.raises(Refus, match="le Trésor public rembourse"):
        rembourser(titres, payeur, 100, "virement", auteur=regisseuse, motif="Essai")
    facturer(4860)
    encaisser(regie, payeur, 6000, "tresor", auteur=None)
    with pytest.raises(Refus, match="rien à se faire rembourser"):
        rendre(1140)


def test_une_reference_ne_rend_qu_une_fois(avance: Paiement, payeur: Payeur, rendre: Callable[..., Paiement]) -> None:
    deux = [rendre(500, reference_unique="remboursement:a") for _ in range(2)]
    assert deux[0] == deux[1]
    assert solde(payeur) == -640


def test_le_virement_revenu_remet_la_somme_au_credit(
    avance: Paiement,
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
    regisseuse: Agent,
    rendre: Callable[..., Paiement],
) -> None:
    """Taken back, it pays what is owed by then."""
    rendu = rendre(1140)
    suivante = facturer(1000)
    contraire = contrepasser(rendu, "Compte clos", auteur=regisseuse)
    assert (contraire.montant_centimes, contraire.est_remboursement) == (1140, True)
    assert (reste(suivante), solde(payeur), rendable(payeur, regie)) == (0, -140, 140)
    with pytest.raises(Refus, match=f"remboursement {rendu.numero} est déjà annulé"):
        contrepasser(rendu, "Encore", auteur=regisseuse)
    with pytest.raises(Refus, match="l’annulation d’un remboursement"):
        contrepasser(contraire, "Encore", auteur=regisseuse)
    assert verifier() == []


def test_l_argent_rendu_puis_rejete_se_doit(
    avance: Paiement,
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
    regisseuse: Agent,
    rendre: Callable[..., Paiement],
) -> None:
    """The payment is rejected after a part of it was given back: that part is owed too, and the next money covers it."""
    rendre(1140)
    contrepasser(avance, "Rejeté par la banque", auteur=regisseuse)
    assert solde(payeur) == 6000
    assert [un.reste_centimes for un in decouverts(payeur, regie)] == [1140]
    assert verifier() == []
    encaisser(regie, payeur, 6000, "cheque", auteur=regisseuse)
    assert (solde(payeur), list(decouverts(payeur, regie))) == (0, [])
    assert verifier() == []


def test_un_credit_venu_apres_couvre_ce_qui_fut_rendu_pour_rien(
    avance: Paiement,
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
    regisseuse: Agent,
    rendre: Callable[..., Paiement],
) -> None:
    rendu = rendre(1140)
    contrepasser(avance, "Rejeté par la banque", auteur=regisseuse)
    encaisser(regie, payeur, 4860, "cheque", auteur=regisseuse)
    facturer(-500)
    imputer_credits(payeur, regie)
    assert [un.reste_centimes for un in decouverts(payeur, regie)] == [640]
    contrepasser(rendu, "Jamais parti", auteur=regisseuse)  # the avoir is in credit again, nothing else is
    assert (solde(payeur), rendable(payeur, regie)) == (-500, 500)
    assert verifier() == []


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE creances_paiement SET est_remboursement = (1 = 0)",
        "UPDATE creances_restitution SET montant_centimes = 1",
        "DELETE FROM creances_restitution",
    ],
)
def test_la_base_refuse_de_le_reecrire(ordre: str, avance: Paiement, rendre: Callable[..., Paiement]) -> None:
    rendre(1140)
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_la_base_refuse_un_remboursement_positif(avance: Paiement) -> None:
    avance.pk, avance.rang, avance.numero, avance.est_remboursement = None, 99, "x", True
    avance._state.adding = True
    with pytest.raises(IntegrityError, match="paiement_de_son_sens"), transaction.atomic():
        avance.save(force_insert=True)


def test_verifier_dit_ce_qui_est_faux(
    avance: Paiement, payeur: Payeur, regie: Regie, rendre: Callable[..., Paiement]
) -> None:
    rendu = rendre(1000)
    Restitution.objects.create(remboursement=rendu, paiement=avance, montant_centimes=140, faite_le=rendu.enregistre_le)
    [faute] = verifier()
    assert faute.startswith(f"Remboursement {rendu.numero} : 11,40")
