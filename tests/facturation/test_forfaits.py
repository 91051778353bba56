"""Packages and yearly fees: at the tariffs of their days, shared so that nothing is lost nor billed twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, LigneFacture, Regie
from marelle.creances.payeurs import payeur_adulte, payeur_de
from marelle.facturation import campagnes
from marelle.facturation.models import AbonnementForfait, Campagne, PartAdulte
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer, famille_fauvel
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, factures, preparer_le_cinq
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
FORFAIT = '[[version.forfaits]]\ncode = "mensuel"\nnom = "Forfait mensuel"\nactivites = ["*-mercredis"]\npar = "mois"\n'
COTISATION = '[[version.cotisations]]\ncode = "adhesion"\nnom = "Adhésion"\npar = "famille"\nannee = "scolaire"\n'
EN_OCTOBRE = """
[[version]]
en_vigueur_le = 2026-10-01
deliberation = "Délibération d’octobre"
tranches = [{ code = "A", de = 0 }]
[[version.tarifs]]
nom = "Journée"
activites = ["*"]
accueil = "9,00"
[[version.forfaits]]
code = "mensuel"
nom = "Forfait mensuel"
activites = ["*-mercredis"]
par = "mois"
prix = "30,00"
"""


def abonner(foyer: Foyer) -> AbonnementForfait:
    return AbonnementForfait.objects.create(
        famille=foyer.famille, enfant=foyer.elio, forfait="mensuel", debut=date(2026, 9, 1)
    )


def partager(foyer: Foyer) -> None:
    for adulte, part in ((foyer.camille, 30), (foyer.paul, 70)):
        PartAdulte.objects.create(famille=foyer.famille, responsable=adulte, part_pourcent=part)


def sommes(sorte: str) -> dict[int, int]:
    """By payer, what stands billed of that kind, corrections with it."""
    trouvees: dict[int, int] = {}
    cles = LigneFacture.objects.filter(sorte=sorte).order_by().values("cle")
    for payeur, montant in LigneFacture.objects.filter(cle__in=cles).values_list("payeur", "montant_centimes"):
        trouvees[payeur] = trouvees.get(payeur, 0) + montant
    return trouvees


def test_chaque_mois_au_tarif_de_ce_mois(roussel: Foyer, facturer: Facturer) -> None:
    """A run looks back over the months before: the new price is theirs no more than the old one is of this month."""
    tarifs(fin=f'{FORFAIT}prix = "20,00"{EN_OCTOBRE}')
    abonner(roussel)
    facturer(SEPTEMBRE)
    facturer(OCTOBRE)
    assert [une.montant_centimes for une in factures(roussel)] == [2000, 3000]


def test_l_adulte_mis_de_cote_doit_encore_sa_part(
    roussel: Foyer, regie: object, agent: object, horloge: object, facturer: Facturer
) -> None:
    tarifs(fin=f'{FORFAIT}prix = "20,00"\n{COTISATION}prix = "15,00"')
    abonner(roussel)
    partager(roussel)
    camille, paul = payeur_adulte(roussel.camille), payeur_adulte(roussel.paul)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0], date(2026, 10, 7))
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)  # type: ignore[arg-type]
    campagnes.mettre_de_cote(campagne, paul.pk, "Réclamation", agent)  # type: ignore[arg-type]
    emettre(campagne, agent)  # type: ignore[arg-type]
    assert not Facture.objects.filter(payeur=paul).exists()
    facturer(OCTOBRE)
    assert sommes("cotisation") == {camille.pk: 450, paul.pk: 1050}
    assert sommes("forfait") == {camille.pk: 2 * 600, paul.pk: 2 * 1400}


def test_corrige_il_reste_a_ceux_qui_l_ont_paye(roussel: Foyer, facturer: Facturer) -> None:
    """The household was billed; its adults are apart since: what changes is given back to the household."""
    tarifs(fin=f'{FORFAIT}prix = "20,00"\nau_prorata = true')
    un = abonner(roussel)
    facturer(SEPTEMBRE)
    partager(roussel)
    un.fin = date(2026, 9, 9)  # two Wednesdays of the five that open
    un.save()
    facturer(OCTOBRE)
    assert list(sommes("forfait").values()) == [800]


@pytest.mark.parametrize("est_partage", [False, True])
def test_le_repas_n_est_pas_de_la_garde(roussel: Foyer, facturer: Facturer, est_partage: bool) -> None:
    """Of 20,00 € for five Wednesdays, four meals at 3,00 € are not care; of the 8,00 € that stay, neither are two."""
    tarifs(fin=f'{FORFAIT}prix = "20,00"\nau_prorata = true')
    un = abonner(roussel)
    if est_partage:
        partager(roussel)
    reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 9, 2), *MERCREDIS[:3])
    facturer(SEPTEMBRE)
    du_forfait = LigneFacture.objects.filter(cle__startswith="forfait:")
    assert sum(du_forfait.values_list("eligible_centimes", flat=True)) == 2000 - 4 * 300
    un.fin = date(2026, 9, 9)
    un.save()
    facturer(OCTOBRE)
    assert sum(du_forfait.values_list("montant_centimes", flat=True)) == 800
    assert sum(du_forfait.values_list("eligible_centimes", flat=True)) == 800 - 2 * 300


def test_ce_qui_vient_apres_sa_fin_est_rendu(roussel: Foyer, facturer: Facturer) -> None:
    """Ended late: the days that it covered are billed, so that it is not."""
    tarifs(fin=f'{FORFAIT}prix = "20,00"')
    un = AbonnementForfait.objects.create(
        famille=roussel.famille, enfant=roussel.elio, forfait="mensuel", debut=date(2026, 8, 1)
    )
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    facturer(SEPTEMBRE)
    un.fin = date(2026, 8, 31)
    un.save()
    facturer(OCTOBRE)
    assert [une.montant_centimes for une in factures(roussel)] == [2000, 1100 - 2000]


@pytest.mark.parametrize("ajoutee", [False, True])
def test_la_cotisation_d_un_jour_laisse_vient_avec_lui(
    roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer, ajoutee: bool
) -> None:
    """Set aside, or booked once the month was issued: the day and its fee come with the next run, once."""
    carte = COTISATION.replace("adhesion", "carte").replace("famille", "enfant")
    tarifs(fin=f'{COTISATION}prix = "15,00"\n{carte}prix = "2,00"')
    fauvel = famille_fauvel()
    reserve(fauvel.famille, fauvel.malo, ACTIVITE, MERCREDIS[1])
    if not ajoutee:
        reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)
    if not ajoutee:
        campagnes.mettre_de_cote(campagne, payeur_de(roussel.famille).pk, "Réclamation", agent)
    emettre(campagne, agent)
    if ajoutee:
        reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    facturer(OCTOBRE)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[1], date(2026, 10, 7))
    facturer(OCTOBRE)
    assert [une.montant_centimes for une in factures(roussel)] == [1100 + 1700, 2 * 1100]
    assert [une.montant_centimes for une in factures(fauvel)] == [1100 + 1700]


@pytest.mark.parametrize("a_encore_un_jour", [False, True])
def test_une_cotisation_oubliee_est_proposee_et_se_voit(
    roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer,
    a_encore_un_jour: bool,
) -> None:  # fmt: skip
    """It was not yet in the tariffs when its days were billed: the next run asks for it once, and says that it is late."""
    tarifs()
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    facturer(SEPTEMBRE)
    tarifs(fin=f'{COTISATION}prix = "15,00"')
    if a_encore_un_jour:
        reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 10, 7))
    campagne = preparer_le_cinq(regie, agent, OCTOBRE, horloge)
    une = campagne.prevues.get()
    assert (une.montant_centimes, une.anomalies[0]) == (1500 + 1100 * a_encore_un_jour, "cotisation")
    emettre(campagne, agent)
    assert not preparer_le_cinq(regie, agent, OCTOBRE, horloge).prevues.exists()


def test_une_cotisation_qui_vaut_plus_tard_ne_se_reclame_pas_aux_jours_d_avant(
    roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer
) -> None:
    tarifs()
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    facturer(SEPTEMBRE)
    tarifs(fin=f'{EN_OCTOBRE}{COTISATION}prix = "15,00"')
    assert not preparer_le_cinq(regie, agent, OCTOBRE, horloge).prevues.exists()


def test_une_cotisation_nulle_a_l_inscription_ne_devient_pas_due(roussel: Foyer, facturer: Facturer) -> None:
    """Free under a quotient of 700: it was the household's when its first day of the year was billed."""
    tarifs(fin=COTISATION + 'prix = { tranches = { A = "0,00", B = "15,00" } }')
    la = quotient(roussel.famille, 500)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0], date(2026, 10, 7))
    facturer(SEPTEMBRE)
    la.valable_au = SEPTEMBRE[1]
    la.save()
    quotient(roussel.famille, 900, du=OCTOBRE[0])
    facturer(OCTOBRE)
    assert [une.montant_centimes for une in factures(roussel)] == [701, 1100]


def test_un_forfait_remonte_au_depart_de_ce_qu_il_concerne(roussel: Foyer, regie: Regie, facturer: Facturer) -> None:
    """The holidays are billed since September, the Wednesdays from October only: so is the package of the Wednesdays."""
    tarifs(fin=f'{FORFAIT}prix = "20,00"')
    abonner(roussel)
    Campagne.objects.create(
        regie=regie, libelle="09/2026", debut=SEPTEMBRE[0], fin=SEPTEMBRE[1], activites=["chaveignes-vacances"],
        etat="emise", date_emission=OCTOBRE[0], date_echeance=OCTOBRE[1], creee_le=maintenant(),
    )  # fmt: skip
    facturer(OCTOBRE)
    assert [une.montant_centimes for une in factures(roussel)] == [2000]
