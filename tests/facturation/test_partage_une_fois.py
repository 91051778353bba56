"""A day is shared once: a third party is billed its part of it with that of the household, or both wait; whatever comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, LigneFacture, Payeur, Regie
from marelle.creances.payeurs import payeur_adulte, payeur_de
from marelle.facturation import campagnes
from marelle.facturation.models import Campagne, PartAdulte, PriseEnCharge, RepartitionGarde
from marelle.familles.models import Rattachement
from tests.distribution import Foyer, famille_lemoine
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, factures, preparer_le_cinq
from .monde import annule, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
AIDE = 'aides = [{{ code = "ccas", nom = "Part du CCAS", valeur = "{}" }}]'
MINIMUM = 'facture_minimum = "15,00"\n'
JOUR = 1100  # no quotient: the dearest band; care and meal


@pytest.fixture
def ccas(roussel: Foyer) -> Payeur:
    return Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS de Chinon", adresse="1 place", commune="Chinon")


@pytest.fixture
def lemoine(roussel: Foyer, ccas: Payeur) -> Foyer:
    """Hugo has Anouk too, each pays half; both have the aide for her. The Roussels have more to pay: Élio comes too."""
    foyer = famille_lemoine(roussel.anouk)
    Rattachement.objects.filter(enfant=roussel.anouk, famille=roussel.famille).update(part_garde=50)
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode="parts")
    for un in (roussel, foyer):
        aider(un, ccas)
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS)
    return foyer


def aider(foyer: Foyer, ccas: Payeur) -> None:
    PriseEnCharge.objects.create(
        famille=foyer.famille, enfant=foyer.anouk, aide="ccas", payeur=ccas, debut=date(2026, 9, 1)
    )


def septembre_sans(payeur: Payeur, regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> None:
    """The month is billed to everybody but one, who is set aside."""
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)
    campagnes.mettre_de_cote(campagne, payeur.pk, "À vérifier", agent)
    emettre(campagne, agent)


def doit(payeur: Payeur) -> int:
    return sum(Facture.objects.filter(payeur=payeur).values_list("montant_centimes", flat=True))


def par_jour(enfant: object) -> dict[int, int]:
    """What stands billed of each day of that child, all payers together."""
    sommes = dict.fromkeys((un.day for un in MERCREDIS), 0)
    for jour, montant in LigneFacture.objects.filter(enfant=enfant).values_list("date", "montant_centimes"):
        sommes[jour.day] += montant
    return sommes


def changer(quoi: str, roussel: Foyer, lemoine: Foyer) -> None:
    if quoi == "aide finie":
        PriseEnCharge.objects.filter(famille=lemoine.famille).update(fin=date(2026, 9, 8))
    elif quoi == "toutes les aides finies":
        PriseEnCharge.objects.update(fin=date(2026, 9, 8))
    elif quoi in ("reservation", "calendrier"):
        RepartitionGarde.objects.update(mode=quoi, famille_paire=lemoine.famille)
    elif quoi == "parts":
        Rattachement.objects.filter(famille=roussel.famille, enfant=roussel.anouk).update(part_garde=70)
        Rattachement.objects.filter(famille=lemoine.famille, enfant=roussel.anouk).update(part_garde=30)
    elif quoi == "adultes":
        for adulte, part in ((roussel.camille, 30), (roussel.paul, 70)):
            PartAdulte.objects.create(famille=roussel.famille, responsable=adulte, part_pourcent=part)


CHANGEMENTS = ["rien", "aide finie", "toutes les aides finies", "reservation", "calendrier", "parts", "adultes"]


@pytest.mark.parametrize("quoi", CHANGEMENTS)
@pytest.mark.parametrize("aide", ["8,00", "11,00"])
@pytest.mark.parametrize("est_annulee", [False, True])
def test_un_foyer_reporte_est_facture_a_cote_de_son_tiers(
    roussel: Foyer, lemoine: Foyer, ccas: Payeur, facturer: Facturer, regie: Regie, agent: Agent,
    horloge: Callable[[str], object], quoi: str, aide: str, est_annulee: bool,
) -> None:  # fmt: skip
    """The Lemoines are under the minimum; with 11,00 € they have nothing to pay. The CCAS does not wait for them."""
    tarifs(version=MINIMUM + AIDE.format(aide))
    reserves = reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    facturer(SEPTEMBRE)
    assert factures(lemoine) == []
    assert doit(ccas) == (4 * 800 if aide == "8,00" else 4 * 1100)
    changer(quoi, roussel, lemoine)
    reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 10, 7))
    if est_annulee:
        annule(reserves[:1])
    tarifs(version=AIDE.format(aide))  # without any minimum: what waited is billed
    facturer(OCTOBRE)
    assert par_jour(roussel.anouk) == {9: 0 if est_annulee else JOUR} | {un.day: JOUR for un in MERCREDIS[1:]}
    assert not preparer_le_cinq(regie, agent, OCTOBRE, horloge).prevues.filter(etat="prevue").exists()


def test_deux_foyers_aides_par_le_meme_tiers_ne_se_confondent_pas(
    roussel: Foyer, lemoine: Foyer, ccas: Payeur, facturer: Facturer, regie: Regie, agent: Agent,
    horloge: Callable[[str], object],
) -> None:  # fmt: skip
    """The aide of one household was ended before it was billed, that of the other stands: nothing is asked twice."""
    tarifs(version=AIDE.format("8,00"))
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    septembre_sans(payeur_de(lemoine.famille), regie, agent, horloge)
    assert doit(ccas) == 4 * 400
    changer("aide finie", roussel, lemoine)
    facturer(OCTOBRE)
    assert (doit(payeur_de(lemoine.famille)), doit(ccas)) == (4 * 550, 4 * 400)


@pytest.mark.parametrize("quoi", ["aide finie", "quotient", "rien"])
def test_les_adultes_d_un_foyer_partagent_le_meme_prix(
    roussel: Foyer, ccas: Payeur, facturer: Facturer, quoi: str
) -> None:
    """Camille's third is under the minimum when Paul's is billed: hers is of the price that he paid his share of."""
    changer("adultes", roussel, roussel)
    aider(roussel, ccas)
    tarifs(version=MINIMUM + AIDE.format("3,00"))
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    facturer(SEPTEMBRE)
    assert [doit(payeur_adulte(un)) for un in (roussel.camille, roussel.paul)] == [0, 4 * 560]
    assert doit(ccas) == 0
    changer(quoi, roussel, roussel)
    PriseEnCharge.objects.update(fin=date(2026, 9, 8)) if quoi == "aide finie" else None
    quotient(roussel.famille, 300) if quoi == "quotient" else None
    tarifs(version=AIDE.format("3,00"))
    facturer(OCTOBRE)
    assert (doit(payeur_adulte(roussel.camille)), doit(ccas)) == (4 * 240, 4 * 300)


@pytest.mark.parametrize("reste", ["camille", "paul", "foyer"])
def test_le_tiers_n_est_ni_perdu_ni_demande_deux_fois_quand_les_adultes_changent(
    roussel: Foyer, ccas: Payeur, facturer: Facturer, regie: Regie, agent: Agent, horloge: Callable[[str], object],
    reste: str,
) -> None:  # fmt: skip
    """One adult is set aside, then who is billed apart changes: the CCAS owes its share of each day once."""
    changer("adultes", roussel, roussel)
    aider(roussel, ccas)
    tarifs(version=AIDE.format("3,00"))
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    septembre_sans(payeur_adulte(roussel.camille), regie, agent, horloge)
    PartAdulte.objects.all().delete()
    siennes = {"camille": [(roussel.camille, 100)], "paul": [(roussel.paul, 20), (roussel.camille, 80)], "foyer": []}
    for adulte, part in siennes[reste]:
        PartAdulte.objects.create(famille=roussel.famille, responsable=adulte, part_pourcent=part)
    facturer(OCTOBRE)
    assert par_jour(roussel.anouk) == {un.day: JOUR for un in MERCREDIS}
    assert doit(ccas) == 4 * 300


@pytest.mark.parametrize("quoi", ["reservation", "rien", "toutes les aides finies"])
def test_le_tiers_mis_de_cote_doit_sa_part_quelle_que_soit_la_garde(
    roussel: Foyer, lemoine: Foyer, ccas: Payeur, facturer: Facturer, regie: Regie, agent: Agent,
    horloge: Callable[[str], object], quoi: str,
) -> None:  # fmt: skip
    """Both households were billed without the share of the CCAS, that was set aside; then who books pays."""
    tarifs(version=AIDE.format("8,00"))
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    septembre_sans(ccas, regie, agent, horloge)
    changer(quoi, roussel, lemoine)
    facturer(OCTOBRE)
    assert (doit(ccas), par_jour(roussel.anouk)) == (4 * 800, {un.day: JOUR for un in MERCREDIS})


def test_un_jour_se_partage_encore_tant_qu_un_foyer_attend(
    roussel: Foyer, lemoine: Foyer, facturer: Facturer, regie: Regie, agent: Agent, horloge: Callable[[str], object]
) -> None:
    """The Lemoines were billed their half, the Roussels were set aside; then who booked pays all of it."""
    tarifs()
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    septembre_sans(payeur_de(roussel.famille), regie, agent, horloge)
    assert doit(payeur_de(lemoine.famille)) == 4 * 550
    changer("reservation", roussel, lemoine)
    facturer(OCTOBRE)
    assert doit(payeur_de(lemoine.famille)) == 0
    assert doit(payeur_de(roussel.famille)) == 4 * JOUR + 4 * JOUR


@pytest.mark.parametrize("quoi", ["reservation", "calendrier", "adultes", "toutes les aides finies"])
def test_ce_que_le_tiers_paie_en_entier_est_facture(
    roussel: Foyer, lemoine: Foyer, ccas: Payeur, facturer: Facturer, regie: Regie, agent: Agent,
    horloge: Callable[[str], object], quoi: str,
) -> None:  # fmt: skip
    """Neither household has anything to pay: nobody waits, and what is settled afterwards is for other days."""
    tarifs(version=AIDE.format("11,00"))
    reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS)
    facturer(SEPTEMBRE)
    changer(quoi, roussel, lemoine)
    assert not preparer_le_cinq(regie, agent, OCTOBRE, horloge).prevues.filter(etat="prevue").exists()
    assert (doit(ccas), doit(payeur_de(lemoine.famille)), doit(payeur_de(roussel.famille))) == (4 * JOUR, 0, 4 * JOUR)
