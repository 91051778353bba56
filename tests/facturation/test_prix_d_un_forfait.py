"""A package is billed once, at the tariffs of the first of its days that is looked at, with the quotient of its time for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import LigneFacture, Regie
from marelle.creances.payeurs import payeur_adulte
from marelle.facturation import campagnes
from marelle.facturation.models import AbonnementForfait, Campagne, PartAdulte
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, factures, preparer_le_cinq
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
VACANCES = "chaveignes-vacances"
FORFAIT = """
[[version.forfaits]]
code = "mensuel"
nom = "Forfait mensuel"
activites = ["{}"]
par = "mois"
prix = {}
au_prorata = {}
"""
ENSUITE = """
[[version]]
en_vigueur_le = {}
deliberation = "Délibération suivante"
tranches = [{{ code = "A", de = 0 }}]
[[version.tarifs]]
nom = "Journée"
activites = ["*"]
accueil = "9,00"
"""
AU_QUOTIENT = '{ tranches = { A = "20,00", B = "50,00" } }'


def du_forfait() -> list[int]:
    return list(
        LigneFacture.objects.filter(cle__startswith="forfait:")
        .order_by("pk")
        .values_list("montant_centimes", flat=True)
    )


@pytest.fixture
def abonne(roussel: Foyer) -> AbonnementForfait:
    return AbonnementForfait.objects.create(
        famille=roussel.famille, enfant=roussel.elio, forfait="mensuel", debut=date(2026, 9, 1)
    )


@pytest.mark.parametrize(("avant", "apres"), [("*-vacances", "*-mercredis"), ("*-mercredis", "*-vacances")])
@pytest.mark.parametrize("le", ["2026-10-12", "2026-10-01"])
def test_le_mois_ou_les_tarifs_changent_est_facture_une_fois(
    roussel: Foyer, abonne: AbonnementForfait, regie: Regie, agent: Agent, horloge: Callable[[str], object],
    facturer: Facturer, avant: str, apres: str, le: str,
) -> None:  # fmt: skip
    """The package concerned other activities until October, or the 12th; the Wednesdays are billed since September, the holidays
    since the 20th of October only."""
    fin = FORFAIT.format(avant, '"20,00"', "false") + ENSUITE.format(le) + FORFAIT.format(apres, '"30,00"', "false")
    tarifs(fin=fin)
    Campagne.objects.create(
        regie=regie, libelle="09/2026", debut=date(2026, 9, 1), fin=date(2026, 9, 30), activites=[ACTIVITE],
        etat="emise", date_emission=OCTOBRE[0], date_echeance=OCTOBRE[1], creee_le=maintenant(),
    )  # fmt: skip
    reserve(roussel.famille, roussel.elio, ACTIVITE, date(2026, 10, 14))
    reserve(roussel.famille, roussel.elio, VACANCES, date(2026, 10, 20))
    horloge("2026-11-05 09:00")
    campagne = campagnes.preparer(
        regie, libelle="x", debut=date(2026, 10, 20), fin=OCTOBRE[1], agent=agent, activites=[ACTIVITE, VACANCES]
    )  # fmt: skip
    emettre(campagne, agent)
    octobre = LigneFacture.objects.filter(cle__startswith="forfait:", cle__endswith=":2026-10-01")
    assert octobre.count() == 1
    couverts = dict(factures(roussel)[0].lignes.filter(sorte="prestation").values_list("activite", "montant_centimes"))
    concernee = ACTIVITE if apres == "*-mercredis" else VACANCES
    assert couverts == {ACTIVITE: 900, VACANCES: 900} | {concernee: 0}


@pytest.mark.parametrize("est_retroactif", [False, True])
def test_un_forfait_corrige_garde_le_quotient_de_son_temps(
    roussel: Foyer, abonne: AbonnementForfait, facturer: Facturer, est_retroactif: bool
) -> None:
    """Five Wednesdays at 20,00 €; a quotient entered later makes it 50,00 €; the package then ends after two Wednesdays."""
    tarifs(
        quotient="retroactif = true" if est_retroactif else "", fin=FORFAIT.format("*-mercredis", AU_QUOTIENT, "true")
    )
    quotient(roussel.famille, 500)
    facturer(SEPTEMBRE)
    quotient(roussel.famille, 900)
    reserve(roussel.famille, roussel.jeanne, ACTIVITE, date(2026, 10, 7))
    abonne.fin = date(2026, 9, 9)
    abonne.save()
    facturer(OCTOBRE)
    assert sum(du_forfait()) == (2000 if est_retroactif else 800)


def test_un_quotient_retroactif_change_aussi_le_forfait(
    roussel: Foyer, abonne: AbonnementForfait, facturer: Facturer
) -> None:
    tarifs(quotient="retroactif = true", fin=FORFAIT.format("*-mercredis", AU_QUOTIENT, "false"))
    quotient(roussel.famille, 500)
    facturer(SEPTEMBRE)
    quotient(roussel.famille, 900)
    facturer(OCTOBRE)
    assert sum(du_forfait()) == 2 * 5000


def test_un_forfait_sans_quotient_corrige_reste_au_tarif_maximum(
    roussel: Foyer, abonne: AbonnementForfait, facturer: Facturer
) -> None:
    tarifs(fin=FORFAIT.format("*-mercredis", AU_QUOTIENT, "true"))
    facturer(SEPTEMBRE)
    quotient(roussel.famille, 500)
    abonne.fin = date(2026, 9, 9)
    abonne.save()
    facturer(OCTOBRE)
    assert du_forfait() == [5000, 2000 - 5000]


def test_les_adultes_partagent_le_forfait_et_la_cotisation_d_un_meme_prix(
    roussel: Foyer, abonne: AbonnementForfait, regie: Regie, agent: Agent, horloge: Callable[[str], object],
    facturer: Facturer,
) -> None:  # fmt: skip
    """Camille is set aside; the quotient entered before she is billed is not that of what Paul was billed."""
    carte = '[[version.cotisations]]\ncode = "carte"\nnom = "Carte"\npar = "famille"\nannee = "civile"\nprix = '
    tarifs(fin=FORFAIT.format("*-mercredis", AU_QUOTIENT, "false") + carte + AU_QUOTIENT)
    quotient(roussel.famille, 500)
    for adulte, part in ((roussel.camille, 50), (roussel.paul, 50)):
        PartAdulte.objects.create(famille=roussel.famille, responsable=adulte, part_pourcent=part)
    reserve(roussel.famille, roussel.elio, ACTIVITE, MERCREDIS[0])
    campagne = preparer_le_cinq(regie, agent, SEPTEMBRE, horloge)
    campagnes.mettre_de_cote(campagne, payeur_adulte(roussel.camille).pk, "Réclamation", agent)
    emettre(campagne, agent)
    quotient(roussel.famille, 900)
    abonne.fin = date(2026, 9, 30)
    abonne.save()
    facturer(OCTOBRE)
    assert du_forfait() == [1000, 1000]
    cotisations = LigneFacture.objects.filter(cle__startswith="cotisation:").order_by("pk")
    assert list(cotisations.values_list("montant_centimes", flat=True)) == [1000, 1000]
