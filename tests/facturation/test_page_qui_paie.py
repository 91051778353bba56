"""Who pays is settled at the desk: custody, adults apart, an aide, a package; each mistake has its sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur
from marelle.facturation.aides import AidesDuJour
from marelle.facturation.models import AbonnementForfait, PartAdulte, PriseEnCharge, RepartitionGarde
from marelle.familles.models import Rattachement
from marelle.tarification.devis import Devis
from tests.distribution import Foyer, famille_fauvel, famille_lemoine
from tests.monde import unite

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures, lignes
from .monde import reserve, tarifs

pytestmark = pytest.mark.django_db
VERSION = 'aides = [{ code = "ccas", nom = "Part du CCAS", valeur = "2,00" }]'
FORFAIT = '[[version.forfaits]]\ncode = "mois"\nnom = "Forfait"\nactivites = ["*"]\npar = "mois"\nprix = "20,00"'


@pytest.fixture
def page(roussel: Foyer, agent: Agent) -> Callable[..., tuple[int, str]]:
    """`page("parts", {…})` posts a form of the page; without one, reads it."""
    client = Client()
    client.force_login(agent.compte)
    base = f"/guichet/finances/facturation/familles/{roussel.famille.pk}/"

    def ouvrir(quoi: str = "", corps: dict[str, object] | None = None) -> tuple[int, str]:
        reponse = client.get(base) if corps is None else client.post(base + quoi, corps)
        return reponse.status_code, reponse.content.decode().replace("\u00a0", " ")

    return ouvrir


def test_la_garde_d_un_enfant_partage(roussel: Foyer, page: Callable[..., tuple[int, str]]) -> None:
    autre = famille_lemoine(roussel.anouk)
    prefixe, ou = f"garde{roussel.anouk.pk}", f"garde/{roussel.anouk.pk}"
    assert "Anouk, en garde partagée" in page()[1]
    saisie = {f"{prefixe}-mode": "parts", f"{prefixe}-jour_bascule": "4", f"{prefixe}-famille_paire": ""}
    statut, texte = page(ou, saisie)
    assert (statut, "ne font pas 100 %" in texte) == (422, True)
    Rattachement.objects.filter(enfant=roussel.anouk).update(part_garde=50)
    assert page(ou, saisie)[0] == 302
    statut, texte = page(ou, saisie | {f"{prefixe}-mode": "calendrier"})
    assert (statut, "semaines paires" in texte) == (422, True)
    assert (
        page(ou, saisie | {f"{prefixe}-mode": "calendrier", f"{prefixe}-famille_paire": str(autre.famille.pk)})[0]
        == 302
    )
    garde = RepartitionGarde.objects.get()
    assert (garde.mode, garde.famille_paire, garde.jour_bascule) == ("calendrier", autre.famille, 4)
    assert page(f"garde/{roussel.elio.pk}", saisie)[0] == 404
    fauvel = famille_fauvel()
    etranger = saisie | {f"{prefixe}-mode": "calendrier", f"{prefixe}-famille_paire": str(fauvel.famille.pk)}
    assert page(ou, etranger)[0] == 422


def test_les_parts_des_adultes_font_cent(roussel: Foyer, page: Callable[..., tuple[int, str]]) -> None:
    camille, paul = f"p{roussel.camille.pk}", f"p{roussel.paul.pk}"
    statut, texte = page("parts", {camille: "60", paul: "50"})
    assert (statut, "Les parts font 110 %" in texte) == (422, True)
    assert page("parts", {camille: "-5", paul: "105"})[0] == 422
    assert page("parts", {camille: "60", paul: "40"})[0] == 302
    assert sorted(PartAdulte.objects.values_list("part_pourcent", flat=True)) == [40, 60]
    assert page("parts", {camille: "", paul: ""})[0] == 302
    assert not PartAdulte.objects.exists()


def test_une_aide_et_son_organisme(roussel: Foyer, page: Callable[..., tuple[int, str]]) -> None:
    tarifs(version=VERSION)
    saisie = {
        "aide-aide": "ccas", "aide-enfant": str(roussel.elio.pk), "aide-organisme": "nouveau", "aide-nom": "CCAS de Chinon",
        "aide-code": "ccas-chinon", "aide-debut": "2026-09-01", "aide-fin": "",
    }  # fmt: skip
    assert page("aide", saisie | {"aide-fin": "2026-08-01"})[0] == 422
    assert page("aide", saisie | {"aide-nom": ""})[0] == 422
    assert page("aide", saisie)[0] == 302
    assert Payeur.objects.get(sorte="tiers").nom == "CCAS de Chinon"
    assert "<strong>Part du CCAS</strong>, CCAS de Chinon, pour Élio" in page()[1]
    tarifs()  # an aide that the tariffs of today no longer have keeps its code
    assert "<strong>ccas</strong>" in page()[1]
    tarifs(version=VERSION)
    statut, texte = page("aide", saisie | {"aide-organisme": "ccas-chinon"})
    assert (statut, "déjà accordée" in texte) == (422, True)
    une = PriseEnCharge.objects.get()
    assert page(f"aide/{une.pk}/fin", {"fin": "2026-08-31"})[0] == 409
    assert page(f"aide/{une.pk}/fin", {"fin": ""})[0] == 409
    assert page(f"aide/{une.pk}/fin", {"fin": "2026-12-31"})[0] == 302
    une.refresh_from_db()
    assert une.fin == date(2026, 12, 31)
    assert page("autre/1/fin", {"fin": "2026-12-31"})[0] == 404


def test_le_prix_montre_compte_l_aide(roussel: Foyer) -> None:
    """The calendar and the cart show what the household will pay, as its invoice will."""
    tarifs(version=VERSION)
    ccas = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS")
    PriseEnCharge.objects.create(
        famille=roussel.famille, enfant=roussel.elio, aide="ccas", payeur=ccas, debut=date(2026, 9, 1)
    )
    devis = Devis(roussel.famille, AidesDuJour(roussel.famille))
    montants = [
        devis.prix(enfant.pk, ACTIVITE, unite(ACTIVITE), MERCREDIS[0]).total_centimes  # type: ignore[union-attr]
        for enfant in (roussel.elio, roussel.anouk)
    ]
    assert montants == [900, 1100]


def test_le_prix_montre_compte_les_jours_d_aide_comme_la_facture(
    roussel: Foyer, facturer: Callable[..., object]
) -> None:
    """Three days a year: booked, in the cart, then billed, each is counted once, and a quote is its invoice's line."""
    tarifs(version=VERSION.replace('valeur = "2,00"', 'valeur = "2,00", jours_par_an = 3'))
    ccas = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS", adresse="1 place", commune="Chinon")
    PriseEnCharge.objects.create(famille=roussel.famille, aide="ccas", payeur=ccas, debut=date(2026, 9, 1))
    suivant, l_an_prochain = date(2026, 10, 7), date(2027, 1, 6)

    def devis(*au_panier: date) -> list[int]:
        un = Devis(roussel.famille, AidesDuJour(roussel.famille))
        un.compter((roussel.elio.pk, jour) for jour in au_panier)
        tous = [
            un.prix(roussel.elio.pk, ACTIVITE, unite(ACTIVITE), jour) for jour in (*MERCREDIS, suivant, l_an_prochain)
        ]
        return [prix.total_centimes for prix in tous if prix]

    assert devis() == [900] * 6
    assert devis(*MERCREDIS) == [900, 900, 900, 1100, 1100, 900]
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[:2])
    assert devis(*MERCREDIS[:3]) == [900, 900, 900, 1100, 1100, 900]
    reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[2:])
    avant = devis()
    facturer(SEPTEMBRE)
    assert [montant for _, montant in lignes(factures(roussel)[0])] == avant[:4] == [900, 900, 900, 1100]
    assert devis() == avant
    reserve(roussel.famille, roussel.elio, ACTIVITE, suivant)
    facturer(OCTOBRE)
    assert [montant for _, montant in lignes(factures(roussel)[1])] == [avant[4]] == [1100]


def test_un_forfait(roussel: Foyer, page: Callable[..., tuple[int, str]]) -> None:
    tarifs(fin=FORFAIT)
    saisie = {"forfait-forfait": "mois", "forfait-enfant": str(roussel.elio.pk), "forfait-debut": "2026-09-01"}
    assert page("forfait", saisie)[0] == 302
    assert "<strong>Forfait</strong>, Élio" in page()[1]
    statut, texte = page("forfait", saisie)
    assert (statut, "a déjà ce forfait" in texte) == (422, True)
    malo = famille_fauvel().malo
    assert page("forfait", saisie | {"forfait-enfant": str(malo.pk)})[0] == 422
    assert AbonnementForfait.objects.get().enfant == roussel.elio
