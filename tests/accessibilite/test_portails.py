"""Every kind of page of the four portals, by day and by night, wide and narrow: axe finds nothing, and nothing sticks out.

Pages are found, not listed: each address that answers a household (or an agent) with HTML is one. A page is loaded once; the
width and the theme change under it.

In the suite a page that is the same everywhere is seen in one portal, each in its turn, wide by day or narrow by night; the
screens that make a portal are seen in it. `MARELLE_TEST_AXE_TOUT=1 pytest tests/accessibilite` sees every page of every portal in
the four ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Page

from marelle.activites.models import Periode
from marelle.collectivite.identite import identite
from marelle.comptes.models import Compte
from marelle.demandes import decision, panier
from marelle.demandes.models import Demande
from marelle.reservations.models import Reservation
from tests.distribution import Foyer, auteur_agent, nadia
from tests.factures import facture_de_septembre, regie_de
from tests.monde import envoyer, portail, reserver, roussel_prets, unite
from tests.salle.regard import TOUT, regarder
from tests.test_coherence import adresses

pytestmark = [pytest.mark.navigateur, pytest.mark.base]
PORTAILS = {
    "cc-tvv": ("chaveignes-mercredis", "journee", [date(2026, 12, jour) for jour in (2, 9, 16)]),
    "terres-val-de-loire": ("garderie-olm", "matin", [date(2026, 12, jour) for jour in (1, 3, 4)]),
    "chablis": ("chablis-mercredis", "journee", [date(2026, 12, jour) for jour in (2, 9, 16)]),
    "vals-du-dauphine": ("saint-victor-mercredis", "journee", [date(2026, 12, jour) for jour in (2, 9, 16)]),
}
# What makes a portal: seen in each of them.
PROPRES = (
    *("account_login", "espace_famille:accueil", "espace_famille:dossier", "espace_famille:fiche"),
    *(
        "espace_famille:inscription",
        "espace_famille:mon_calendrier",
        "espace_famille:calendrier",
        "espace_famille:mois",
    ),
    *("espace_famille:agenda", "espace_famille:grille", "espace_famille:pre_inscription", "espace_famille:demandes"),
)
# Before signing in; seen as a stranger.
DEHORS = ("account_login", "account_reset_password", "account_reset_password_done", "espace_famille:contact")
COMPTE = ("account_change_password", "account_logout", "mfa_index")
SANS_PAGE = (
    "_pdf",
    "fiche_simple",
    "fiche_complete",
    "courriel_html",
)  # an e-mail is shown where no script runs, not even axe
GRILLE = "?enfant={enfant_id}&activite={activite_id}&periode={periode}"


def peupler(code: str) -> tuple[Foyer, Compte]:
    """A household with something in every state: booked, refused, to correct, waiting, in the cart."""
    portail(code)
    agent, foyer = nadia(), roussel_prets()
    quoi, (un, deux, trois) = unite(*PORTAILS[code][:2]), PORTAILS[code][2]
    elio, anouk, jeanne = (foyer.enfants[nom] for nom in ("elio", "anouk", "jeanne"))
    reserver(foyer, elio, quoi, un)
    [refusee] = envoyer(foyer, anouk, quoi, deux)
    decision.refuser(refusee.pk, auteur_agent(agent), "Les places sont prises.")
    [renvoyee] = envoyer(foyer, jeanne, quoi, deux)
    decision.renvoyer(renvoyee.pk, auteur_agent(agent), "Choisissez un autre jour.")
    envoyer(foyer, elio, quoi, deux)
    panier.basculer(foyer.famille, elio, quoi, trois)
    facture_de_septembre(regie_de(code), foyer)
    return foyer, agent.compte


def pages(code: str, foyer: Foyer, compte: Compte, espace: str) -> Iterator[str]:
    """Every address of a face that answers this account with a page; in the suite, those of this portal's turn."""
    client = Client()
    client.force_login(compte)
    siens = _cles(code, foyer)
    noms = [un for un in adresses(get_resolver()) if un[0].startswith(espace) and not un[0].endswith(SANS_PAGE)]
    for nom, exemples in a_voir(code, noms):
        adresse = reverse(nom, kwargs={cle: siens.get(cle, valeur) for cle, valeur in exemples.items()})
        adresse += GRILLE.format(**siens) if nom == "espace_famille:grille" else ""
        reponse = client.get(adresse)
        if reponse.status_code == 200 and reponse.headers["Content-Type"].startswith("text/html"):
            yield adresse


def a_voir(code: str, noms: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """A quarter of the pages that are the same everywhere, and those that make the portal."""
    tour = list(PORTAILS).index(code)
    return [un for rang, un in enumerate(noms) if TOUT or un[0].startswith(PROPRES) or rang % len(PORTAILS) == tour]


def _cles(code: str, foyer: Foyer) -> dict[str, object]:
    """What the household has, for the addresses that name something."""
    quoi, jours = unite(*PORTAILS[code][:2]), PORTAILS[code][2]
    return {
        "enfant_id": foyer.enfants["elio"].pk,
        "responsable_id": foyer.adultes["camille"].pk,
        "adulte_id": foyer.adultes["camille"].pk,
        "famille_id": foyer.famille.pk,
        "activite_id": quoi.activite_id,
        "unite_id": quoi.pk,
        "centre_id": quoi.activite.centre_id,
        "demande_id": Demande.objects.get(etat="a_corriger").pk,
        "envoi_id": Demande.objects.get(etat="deposee").envoi_id,
        "reservation_id": Reservation.objects.get().pk,
        "jour": jours[0].isoformat(),
        "numero": foyer.famille.factures.get().numero,
        "onglet": identite().onglets[0].code,
        "periode": Periode.objects.filter(temps=quoi.activite.temps, fin__gte=jours[0]).order_by("debut")[0].code,
    }


@pytest.mark.parametrize("code", PORTAILS)
def test_chaque_page_se_lit_de_jour_de_nuit_large_et_etroite(
    transactional_db: None,
    horloge: Callable[[str], object],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
    code: str,
) -> None:
    horloge("2026-11-18 10:00")
    foyer, agent = peupler(code)
    famille = [*pages(code, foyer, foyer.compte, "espace_famille:"), *_noms(code, COMPTE)]
    assert len(famille) >= 12, "les pages ne se trouvent plus"
    fautes: list[str] = []
    faces = (
        (None, _noms(code, DEHORS)),
        (foyer.compte, famille),
        (agent, list(pages(code, foyer, agent, "guichet:"))),
    )
    for compte, adresses_de_la_face in faces:
        page = nouvelle_page()  # one at a time: Chromium may leave undrawn a page that another one hides
        if compte:
            connecter(page, compte)
        fautes += [une for adresse in adresses_de_la_face for une in regarder(page, adresse)]
        page.close()
    assert not fautes, "\n".join(fautes)


def _noms(code: str, noms: Sequence[str]) -> list[str]:
    return [reverse(nom) for nom, _ in a_voir(code, [(nom, None) for nom in noms])]
