"""Two households, adults apart, third parties: each its own invoice, at its own quotient, to the centime; packages, fees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.creances.models import Facture, LigneFacture, Payeur
from marelle.creances.payeurs import payeur_adulte, payeur_de
from marelle.facturation import apercu, campagnes
from marelle.facturation.models import (
    AbonnementForfait,
    Campagne,
    PartAdulte,
    PriseEnCharge,
    RepartitionGarde,
)
from marelle.facturation.repartition import part_du, parts_de, semaine_est_paire
from marelle.familles.models import Rattachement
from tests.distribution import Foyer, famille_lemoine
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, factures, lignes, preparer_le_cinq
from .monde import annule, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]


@pytest.fixture
def lemoine(roussel: Foyer) -> Foyer:
    """Hugo has Anouk too; his quotient is higher."""
    tarifs()
    foyer = famille_lemoine(roussel.anouk)
    Rattachement.objects.filter(enfant=roussel.anouk, famille=roussel.famille).update(part_garde=50)
    quotient(roussel.famille, 500)
    quotient(foyer.famille, 900)
    return foyer


@pytest.mark.parametrize("total", [0, 1, 701, 999, 1001])
@pytest.mark.parametrize("parts", [[50, 50], [33, 67], [33, 33, 34], [1, 99], [60, 30]])
def test_les_parts_d_un_prix_font_ce_prix(total: int, parts: list[int]) -> None:
    assert sum(part_du(total, une) for une in parts_de(parts)) == total


def test_les_semaines_changent_le_jour_de_bascule() -> None:
    vendredi = 4
    assert date(2026, 9, 9).isocalendar().week == 37
    assert not semaine_est_paire(date(2026, 9, 9), 0)
    assert semaine_est_paire(date(2026, 9, 10), vendredi)  # it began on Friday the 4th, in week 36
    assert not semaine_est_paire(date(2026, 9, 11), vendredi)


def test_sans_repartition_qui_reserve_paie(roussel: Foyer, lemoine: Foyer, facturer: Facturer) -> None:
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS[:3])
    reserve(lemoine.famille, roussel.anouk, ACTIVITE, MERCREDIS[3])
    facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes == 3 * 701
    assert factures(lemoine)[0].montant_centimes == 1100


def test_chaque_foyer_paie_sa_part_a_son_quotient(roussel: Foyer, lemoine: Foyer, facturer: Facturer) -> None:
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode="parts")
    reserves = reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS[:2])
    facturer(SEPTEMBRE)
    une, autre = factures(roussel)[0], factures(lemoine)[0]
    assert une.montant_centimes == 2 * 351  # half of 7,01 € goes up, the other household's would go down
    assert autre.montant_centimes == 2 * 550
    assert une.lignes.first().explication.endswith("part de garde 50 %".replace(" %", "\u00a0%"))
    assert une.lignes.first().eligible_centimes == 201
    annule(reserves[:1])
    facturer(OCTOBRE)
    assert factures(roussel)[1].montant_centimes == -351
    assert factures(lemoine)[1].montant_centimes == -550


def test_les_parts_d_un_meme_prix_font_ce_prix(roussel: Foyer, lemoine: Foyer, facturer: Facturer) -> None:
    quotient(lemoine.famille, 500)
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode="parts")
    reserve(lemoine.famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    facturer(SEPTEMBRE)
    assert factures(roussel)[0].montant_centimes + factures(lemoine)[0].montant_centimes == 701


def test_une_semaine_sur_deux(roussel: Foyer, lemoine: Foyer, facturer: Facturer) -> None:
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode="calendrier", famille_paire=lemoine.famille)
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)  # weeks 37, 38, 39, 40
    facturer(SEPTEMBRE)
    assert [une.date.day for une in factures(roussel)[0].lignes.order_by("rang")] == [9, 23]
    assert [une.date.day for une in factures(lemoine)[0].lignes.order_by("rang")] == [16, 30]
    assert factures(lemoine)[0].montant_centimes == 2 * 1100


def test_le_foyer_mis_de_cote_paie_sa_part_plus_tard(
    roussel: Foyer, lemoine: Foyer, regie: object, agent: object, horloge: object, facturer: Facturer
) -> None:
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode="parts")
    reserve(roussel.famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)  # type: ignore[arg-type]
    campagnes.mettre_de_cote(campagne, payeur_de(lemoine.famille).pk, "Réclamation en cours", agent)  # type: ignore[arg-type]
    emettre(campagne, agent)  # type: ignore[arg-type]
    assert factures(roussel)
    assert not factures(lemoine)
    facturer(OCTOBRE)
    assert factures(lemoine)[0].montant_centimes == 550
    assert len(factures(roussel)) == 1


@pytest.mark.parametrize(("mode", "part", "attendus"), [("parts", 70, (491, 330)), ("reservation", 50, (701, 0))])
def test_les_parts_changent_avant_que_tous_soient_factures(
    roussel: Foyer, lemoine: Foyer, regie: object, agent: object, horloge: object, facturer: Facturer,
    mode: str, part: int, attendus: tuple[int, int],
) -> None:  # fmt: skip
    """Half of the day was billed when who pays it changed: all of it is shared anew, nothing is lost nor owed twice."""
    garde = RepartitionGarde.objects.create(enfant=roussel.anouk, mode="parts")
    reserve(roussel.famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)  # type: ignore[arg-type]
    campagnes.mettre_de_cote(campagne, payeur_de(lemoine.famille).pk, "Réclamation en cours", agent)  # type: ignore[arg-type]
    emettre(campagne, agent)  # type: ignore[arg-type]
    RepartitionGarde.objects.filter(pk=garde.pk).update(mode=mode)
    for foyer, la_sienne in ((roussel, part), (lemoine, 100 - part)):
        Rattachement.objects.filter(enfant=roussel.anouk, famille=foyer.famille).update(part_garde=la_sienne)
    facturer(OCTOBRE)
    assert tuple(sum(une.montant_centimes for une in factures(un)) for un in (roussel, lemoine)) == attendus


def test_deux_adultes_factures_a_part(roussel: Foyer, facturer: Facturer) -> None:
    tarifs()
    quotient(roussel.famille, 500)
    for adulte, part in ((roussel.camille, 33), (roussel.paul, 67)):
        PartAdulte.objects.create(famille=roussel.famille, responsable=adulte, part_pourcent=part)
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    facturer(SEPTEMBRE)
    montants = {
        un: Facture.objects.get(payeur=payeur_adulte(un)).montant_centimes for un in (roussel.camille, roussel.paul)
    }
    assert montants == {roussel.camille: 4 * 231, roussel.paul: 4 * 470}  # 2,3133 € and the rest of 7,01 €
    assert not factures(roussel)


def test_un_tiers_paie_sa_part_sur_sa_facture(roussel: Foyer, facturer: Facturer) -> None:
    tarifs(version='aides = [{ code = "ccas", nom = "Part du CCAS", valeur = "2,00", jours_par_an = 3 }]')
    quotient(roussel.famille, 500)
    ccas = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS de Chinon", adresse="1 place", commune="Chinon")
    PriseEnCharge.objects.create(famille=roussel.famille, aide="ccas", payeur=ccas, debut=date(2026, 9, 1))
    reserves = reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    facturer(SEPTEMBRE)
    assert [montant for _, montant in lignes(factures(roussel)[0])] == [501, 501, 501, 701]  # three days a year
    du_ccas = Facture.objects.get(payeur=ccas)
    assert (du_ccas.montant_centimes, du_ccas.famille) == (600, None)
    assert lignes(du_ccas)[0] == ("Part du CCAS : mercredi 9 septembre 2026, journée avec repas", 200)
    assert factures(roussel)[0].lignes.first().eligible_centimes == 287  # 4,01 × 5,01 / 7,01
    annule(reserves[:1])
    facturer(OCTOBRE)
    assert factures(roussel)[1].montant_centimes == -501
    assert Facture.objects.filter(payeur=ccas).order_by("pk").last().montant_centimes == -200


def test_le_tiers_attend_le_foyer_mis_de_cote(
    roussel: Foyer, regie: object, agent: object, horloge: object, facturer: Facturer
) -> None:
    tarifs(version='aides = [{ code = "ce", nom = "CE", valeur = "100 %" }]')
    ce = Payeur.objects.create(sorte="tiers", code="ce", nom="CE", adresse="1 rue", commune="Chinon")
    PriseEnCharge.objects.create(
        famille=roussel.famille, enfant=roussel.elio, aide="ce", payeur=ce, debut=date(2026, 9, 1)
    )
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    reserve(roussel.famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)  # type: ignore[arg-type]
    assert campagne.prevues.get(payeur=ce).montant_centimes == 1100
    campagnes.mettre_de_cote(campagne, payeur_de(roussel.famille).pk, "Réclamation", agent)  # type: ignore[arg-type]
    assert not campagne.prevues.filter(payeur=ce).exists()
    Campagne.objects.update(etat="emise")  # the month goes by with the other families
    facturer(OCTOBRE)
    assert Facture.objects.get(payeur=ce).montant_centimes == 1100
    assert factures(roussel)[0].montant_centimes == 1100


def test_le_forfait_remplace_les_journees(roussel: Foyer, facturer: Facturer) -> None:
    tarifs(fin='[[version.forfaits]]\ncode = "mensuel"\nnom = "Forfait mensuel"\nactivites = ["*-mercredis"]\npar = "mois"\n'
        'prix = "20,00"\nau_prorata = true')  # fmt: skip
    AbonnementForfait.objects.create(
        famille=roussel.famille, enfant=roussel.elio, forfait="mensuel", debut=date(2026, 9, 10)
    )
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    facturer(SEPTEMBRE)
    (facture,) = factures(roussel)
    assert ("Forfait mensuel, du 1er au 30 septembre 2026", 1200) in lignes(facture)  # 3 Wednesdays of the 5 that open
    assert facture.montant_centimes == 1200 + 1100  # the 9th came before the package
    with pytest.raises(Exception, match="rien à émettre"):
        facturer(OCTOBRE, activites=["chaveignes-vacances"])
    facturer(OCTOBRE)
    assert factures(roussel)[1].montant_centimes == 2000


def test_la_cotisation_une_fois_par_an(roussel: Foyer, facturer: Facturer) -> None:
    tarifs(fin='[[version.cotisations]]\ncode = "adhesion"\nnom = "Adhésion"\npar = "famille"\nannee = "scolaire"\n'
        'prix = "15,00"\n'
        '[[version.cotisations]]\ncode = "carte"\nnom = "Carte"\npar = "enfant"\nannee = "civile"\nprix = "2,00"')  # fmt: skip
    for enfant in (roussel.elio, roussel.anouk):
        reserve(roussel.famille, enfant, ACTIVITE, MERCREDIS[0], date(2026, 10, 7))
    facturer(SEPTEMBRE)
    facturer(OCTOBRE)
    cotisations = LigneFacture.objects.filter(sorte="cotisation").order_by("pk")
    assert [(une.libelle, une.montant_centimes, une.eligible_centimes) for une in cotisations] == [
        ("Adhésion 2026-2027", 1500, 0), ("Carte 2026", 200, 0), ("Carte 2026", 200, 0),
    ]  # fmt: skip


def test_sous_le_minimum_on_attend(roussel: Foyer, facturer: Facturer) -> None:
    tarifs(version='facture_minimum = "15,00"')
    quotient(roussel.famille, 900)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0], date(2026, 10, 7))
    with pytest.raises(Exception, match="rien à émettre"):
        facturer(SEPTEMBRE)
    assert Campagne.objects.get().prevues.get().anomalies == ["reportee"]
    Campagne.objects.update(etat="emise")  # the month went by with the other families
    facturer(OCTOBRE)
    assert factures(roussel)[0].montant_centimes == 2200


def test_l_apercu_dit_le_foyer_a_verifier(roussel: Foyer, regie: object, agent: object, horloge: object) -> None:
    tarifs()
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode="parts")
    PartAdulte.objects.create(famille=roussel.famille, responsable=roussel.paul, part_pourcent=60)
    reserve(roussel.famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    campagne = apercu.recalculer(preparer_le_cinq(regie, agent, SEPTEMBRE, horloge))  # type: ignore[arg-type]
    une = campagne.prevues.get(payeur=payeur_adulte(roussel.paul))
    assert une.anomalies == ["parts", "sans_quotient"]
    assert une.montant_centimes == 1100
