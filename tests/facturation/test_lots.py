"""An issue goes lot by lot, and the household of a child may be in another lot than the other: it bills what was previewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.facturation import campagnes, emission
from marelle.facturation.deja import deja_factures, deja_par_prefixe
from marelle.facturation.models import AbonnementForfait, Campagne, PriseEnCharge, RepartitionGarde
from marelle.facturation.selection import Selection, activites_de
from marelle.familles.models import Rattachement
from tests.distribution import Foyer, famille_fauvel, famille_lemoine

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, emettre, factures, preparer_le_cinq
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db
AIDE = 'aides = [{{ code = "ccas", nom = "Part du CCAS", valeur = "2,00", jours_par_an = {jours} }}]'
CARTE = '[[version.cotisations]]\ncode = "carte"\nnom = "Carte"\npar = "enfant"\nannee = "civile"\nprix = "2,00"'
FORFAIT = (
    '[[version.forfaits]]\ncode = "mensuel"\nnom = "Forfait"\nactivites = ["*-mercredis"]\npar = "mois"\nprix = "20,00"'
)


@pytest.fixture
def lemoine(roussel: Foyer, monkeypatch: pytest.MonkeyPatch) -> Foyer:
    """The other household of Anouk, issued in the lot after that of the Roussels; it books the first Wednesday, they the next."""
    monkeypatch.setattr(emission, "PAR_LOT", 1)
    foyer = famille_lemoine(roussel.anouk)
    Rattachement.objects.filter(enfant=roussel.anouk, famille=roussel.famille).update(part_garde=50)
    reserve(foyer.famille, roussel.anouk, ACTIVITE, MERCREDIS[0])
    reserve(roussel.famille, roussel.anouk, ACTIVITE, MERCREDIS[1])
    return foyer


@pytest.fixture
def preparer(regie: Regie, agent: Agent, horloge: Callable[[str], object]) -> Callable[..., Campagne]:
    return lambda periode, **autres: preparer_le_cinq(regie, agent, periode, horloge, **autres)


def aides(jours: int, *foyers: Foyer) -> Payeur:
    """The CCAS pays 2,00 € of so many days a year, for each of these households."""
    tarifs(version=AIDE.format(jours=jours))
    ccas = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS de Chinon", adresse="1 place", commune="Chinon")
    for un in foyers:
        PriseEnCharge.objects.create(famille=un.famille, aide="ccas", payeur=ccas, debut=date(2026, 9, 1))
    return ccas


def prevu(campagne: Campagne) -> dict[int, int]:
    return dict(campagne.prevues.filter(etat="prevue").values_list("payeur_id", "montant_centimes"))


def emis() -> dict[int, int]:
    return dict(Facture.objects.values_list("payeur_id", "montant_centimes"))


def doit(payeur: Payeur) -> int:
    return sum(Facture.objects.filter(payeur=payeur).values_list("montant_centimes", flat=True))


@pytest.mark.parametrize(
    ("quoi", "roussel_doit", "lemoine_doit"), [("carte", 1100, 1300), ("forfait", 2000, 1100), ("aide", 1100, 900)]
)
def test_les_deux_foyers_d_un_enfant_dans_deux_lots(
    roussel: Foyer, lemoine: Foyer, agent: Agent, preparer: Callable[..., Campagne],
    quoi: str, roussel_doit: int, lemoine_doit: int,
) -> None:  # fmt: skip
    """A fee owed once, asked of who books first; a package that covers the days of both; one day of aide a year."""
    if quoi == "aide":
        aides(1, roussel, lemoine)
    else:
        tarifs(fin=CARTE if quoi == "carte" else FORFAIT)
    if quoi == "forfait":
        reserve(lemoine.famille, roussel.anouk, ACTIVITE, MERCREDIS[2])
        AbonnementForfait.objects.create(
            famille=roussel.famille, enfant=roussel.anouk, forfait="mensuel", debut=date(2026, 9, 10)
        )
    campagne = preparer(SEPTEMBRE)
    vus = prevu(campagne)
    assert [vus.get(payeur_de(un.famille).pk, 0) for un in (roussel, lemoine)] == [roussel_doit, lemoine_doit]
    emettre(campagne, agent)
    assert emis() == vus
    assert prevu(preparer(SEPTEMBRE)) == {}


@pytest.mark.parametrize("mode", ["parts", "reservation"])
@pytest.mark.parametrize("hors", ["mise de côté", "d’une autre facturation"])
def test_le_tiers_attend_l_autre_foyer_d_un_enfant_partage(
    roussel: Foyer, lemoine: Foyer, agent: Agent, preparer: Callable[..., Campagne], mode: str, hors: str
) -> None:
    """Both have the aide, half of each day or the whole of one: the CCAS is billed a household's share with that household."""
    ccas = aides(9, roussel, lemoine)
    RepartitionGarde.objects.create(enfant=roussel.anouk, mode=mode)
    if hors == "mise de côté":
        campagne = preparer(SEPTEMBRE)
        assert prevu(campagne)[ccas.pk] == 400
        campagnes.mettre_de_cote(campagne, payeur_de(lemoine.famille).pk, "Réclamation en cours", agent)
    else:
        campagne = preparer(SEPTEMBRE, familles=[roussel.famille.pk])
    campagne.refresh_from_db()
    assert prevu(campagne)[ccas.pk] == 200
    emettre(campagne, agent)
    assert (doit(ccas), factures(lemoine)) == (200, [])
    emettre(preparer(OCTOBRE), agent)
    assert (doit(ccas), doit(payeur_de(lemoine.famille))) == (400, 900)
    assert prevu(preparer(OCTOBRE)) == {}


def test_un_lot_ne_lit_pas_ce_qui_est_aux_autres(
    roussel: Foyer, lemoine: Foyer, facturer: Callable[..., Campagne], regie: Regie
) -> None:
    tarifs(fin=CARTE)
    facturer(SEPTEMBRE)
    activites = {une.code: une.pk for une in activites_de(regie)}
    tous = Selection(regie, *SEPTEMBRE, activites)
    fauvel = famille_fauvel()

    def lues(selection: Selection, *enfants: int) -> int:
        return len(deja_par_prefixe("cotisation:", selection, enfants)) + len(deja_factures(selection, enfants))

    assert lues(tous) == lues(tous.pour([roussel.famille.pk])) == 3
    assert lues(tous.pour([fauvel.famille.pk])) == 0
    assert lues(tous.pour([fauvel.famille.pk]), roussel.anouk.pk) == 3
