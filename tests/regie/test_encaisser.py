"""Money at the desk: only by whom is named, by the means allowed, for what is owed, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Facture, Paiement, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.soldes import avec_restes, solde
from marelle.familles.models import Responsable
from marelle.journal.models import Entree
from marelle.regie.encaissements import annuler, recevoir
from marelle.regie.models import TitresRecus
from marelle.regie.papiers import quittance
from marelle.socle.erreurs import Refus
from tests.distribution import Foyer

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db


def reste(facture: Facture) -> int:
    return avec_restes(Facture.objects.filter(pk=facture.pk)).get().reste_centimes


def test_sans_precision_les_plus_anciennes_sont_payees_d_abord(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    ancienne, recente = facturer(payeur, 4860), facturer(payeur, 2000, date(2026, 11, 6))
    recevoir(regie, payeur, recu(5000), auteur=regisseuse)
    assert (reste(ancienne), reste(recente)) == (0, 1860)


def test_les_factures_choisies_font_le_montant(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    ancienne, recente = facturer(payeur, 4860), facturer(payeur, 2000, date(2026, 11, 6))
    with pytest.raises(Refus, match="doivent être égaux"):
        recevoir(regie, payeur, recu(2500, parts={recente.pk: 2000}), auteur=regisseuse)
    recevoir(regie, payeur, recu(2500, parts={recente.pk: 2000, ancienne.pk: 500}), auteur=regisseuse)
    assert (reste(ancienne), reste(recente)) == (4360, 0)


def test_le_meme_formulaire_envoye_deux_fois_paie_une_fois(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    premier = recevoir(regie, payeur, recu(4860), auteur=regisseuse)
    assert recevoir(regie, payeur, recu(4860), auteur=regisseuse) == premier
    assert Paiement.objects.count() == 1
    with pytest.raises(Refus, match="a déjà servi"):
        recevoir(regie, payeur, recu(100), auteur=regisseuse)


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        (recu(0), "montant positif"),
        (recu(-100), "montant positif"),
        (recu(30_001, "especes"), "limitées à 300,00"),
        (recu(1000, "prelevement"), "guichet"),
        (recu(1000, "tresor"), "guichet"),
        (recu(1000, emetteur=""), "banque et le numéro"),
        (recu(1000, "ancv", nombre_titres=0), "nombre de titres"),
        (replace(recu(1000), date_paiement=date(2026, 11, 21)), "à venir"),
    ],
)
def test_ce_qui_n_est_pas_permis_n_est_pas_enregistre(
    donnees: object, phrase: str, facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 90_000)
    with pytest.raises(Refus, match=phrase):
        recevoir(regie, payeur, donnees, auteur=regisseuse)  # type: ignore[arg-type]
    assert not Paiement.objects.exists()


def test_plus_que_la_facture_ou_celle_d_un_autre_est_refuse(
    facturer: Facturer, regie: Regie, autre_regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent
) -> None:
    sienne = facturer(payeur, 4860)
    de_fauvel = facturer(payeur_de(fauvel.famille), 1000)
    de_l_autre_regie = facturer(payeur, 1000, par=autre_regie)
    with pytest.raises(Refus, match="Il reste 48,60"):
        recevoir(regie, payeur, recu(4861, parts={sienne.pk: 4861}), auteur=regisseuse)
    for etrangere in (de_fauvel, de_l_autre_regie):
        with pytest.raises(Refus, match="pas de ce payeur, ou pas de cette régie"):
            recevoir(regie, payeur, recu(1000, parts={etrangere.pk: 1000}), auteur=regisseuse)
    assert not Paiement.objects.exists()


def test_le_trop_percu_reste_en_avance_seulement_ou_la_regie_le_permet(
    facturer: Facturer, regie: Regie, autre_regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    from marelle.creances.models import Mandat

    Mandat.objects.create(regie=autre_regie, agent=regisseuse, qualite="mandataire", debut=date(2020, 1, 1))
    facturer(payeur, 1000)
    facturer(payeur, 1000, par=autre_regie)
    recevoir(regie, payeur, recu(1500), auteur=regisseuse)
    assert solde(payeur, regie) == -500
    with pytest.raises(Refus, match="dépasse de 5,00"):
        recevoir(autre_regie, payeur, recu(1500, jeton="j2"), auteur=regisseuse)


def test_les_cesu_paient_la_garde_permise_et_rien_d_autre(
    facturer: Facturer, regie: Regie, payeur: Payeur, roussel: Foyer, regisseuse: Agent, activites: None
) -> None:
    """Jeanne-Apolline is 5 on that Wednesday, Anouk 9: for her, the garderie only; a meal never."""
    facturer(payeur, 1500, enfant=roussel.jeanne, activite="mercredis", garde=1200)
    facturer(payeur, 1500, enfant=roussel.anouk, activite="mercredis", garde=1200)
    facturer(payeur, 300, enfant=roussel.anouk, activite="garderie", garde=300)
    facturer(payeur, 400, enfant=roussel.jeanne, activite="cantine")
    with pytest.raises(Refus, match="ne paient ici que 15,00"):
        recevoir(regie, payeur, recu(1501, "cesu"), auteur=regisseuse)
    paiement = recevoir(regie, payeur, recu(1500, "cesu"), auteur=regisseuse)
    assert TitresRecus.objects.get(paiement=paiement).numeros == "A1 A2"
    with pytest.raises(Refus, match="ne paient ici que 0,00"):
        recevoir(regie, payeur, recu(100, "cesu", "j2"), auteur=regisseuse)


def test_une_facture_du_mercredi_d_un_grand_ne_se_paie_pas_en_cesu(
    facturer: Facturer, regie: Regie, payeur: Payeur, roussel: Foyer, regisseuse: Agent, activites: None
) -> None:
    grande = facturer(payeur, 1500, enfant=roussel.anouk, activite="mercredis", garde=1200)
    with pytest.raises(Refus, match="CESU ne peuvent payer que 0,00"):
        recevoir(regie, payeur, recu(500, "cesu", parts={grande.pk: 500}), auteur=regisseuse)


@pytest.mark.parametrize("qui", ["direction", "secretariat"])
def test_sans_mandat_personne_n_encaisse_ni_n_annule(
    qui: str, request: pytest.FixtureRequest, facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    agent = request.getfixturevalue(qui)
    facturer(payeur, 4860)
    with pytest.raises(SansMandat):
        recevoir(regie, payeur, recu(4860), auteur=agent)
    paiement = recevoir(regie, payeur, recu(4860), auteur=regisseuse)
    with pytest.raises(SansMandat):
        annuler(paiement, "Chèque sans provision", auteur=agent)
    assert Paiement.objects.count() == 1


def test_un_cheque_rejete_se_contrepasse_et_la_famille_sait_pourquoi(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facture = facturer(payeur, 4860)
    paiement = recevoir(regie, payeur, recu(4860), auteur=regisseuse)
    contraire = annuler(paiement, "Chèque sans provision", auteur=regisseuse)
    assert (contraire.montant_centimes, reste(facture)) == (-4860, 4860)
    courriel = Courriel.objects.get(gabarit="paiement_annule")
    assert courriel.destinataire == "camille@familles.exemple"
    assert "Chèque sans provision" in courriel.texte
    assert list(Entree.objects.order_by("pk").values_list("action", flat=True)) == ["paiement.recu", "paiement.annule"]
    assert quittance(paiement)["annulee"]["motif"] == "Chèque sans provision"
    with pytest.raises(Refus, match="déjà annulé"):
        annuler(paiement, "Encore", auteur=regisseuse)


def test_la_quittance_part_par_e_mail_a_qui_l_a_accepte(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    recevoir(regie, payeur, recu(1000), auteur=regisseuse)
    assert not Courriel.objects.filter(gabarit="quittance").exists()
    for un in Responsable.objects.filter(est_principal=True):
        un.accord_facture_electronique = True
        un.save()
    paiement = recevoir(regie, payeur, recu(1000, "carte", "j2"), auteur=regisseuse)
    courriel = Courriel.objects.get(gabarit="quittance")
    assert paiement.numero in courriel.objet
    assert "10,00" in courriel.objet


def test_la_quittance_dit_ce_qui_est_paye_et_ce_qui_reste(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Callable[[str], object]
) -> None:
    from marelle.editions import produire

    facturer(payeur, 4860)
    donnees = quittance(recevoir(regie, payeur, recu(4000), auteur=regisseuse))
    assert donnees["reste"] == "8,60\u00a0€"
    assert [une["montant"] for une in donnees["factures"]] == ["40,00\u00a0€"]
    assert donnees["precisions"] == ["Banque postale, nº 0001234"]
    assert produire("quittance", donnees).startswith(b"%PDF-")


def test_le_meme_cheque_ne_se_recoit_pas_deux_fois(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    """Entered again from another page: same bank, same number, same amount. Cancelled, it may be presented again."""
    facturer(payeur, 4860)
    premier = recevoir(regie, payeur, recu(2000), auteur=regisseuse)
    with pytest.raises(Refus, match=f"Ce chèque est déjà enregistré : paiement {premier.numero}"):
        recevoir(regie, payeur, recu(2000, jeton="j2"), auteur=regisseuse)
    recevoir(regie, payeur, recu(1000, jeton="j3"), auteur=regisseuse)  # one cheque for two things
    recevoir(regie, payeur, recu(2000, jeton="j4", reference="0001235"), auteur=regisseuse)
    annuler(premier, "Sans provision", auteur=regisseuse)
    recevoir(regie, payeur, recu(2000, jeton="j5"), auteur=regisseuse)
    assert solde(payeur) == 4860 - 5000
