"""Where a family may book before its file is whole, no page says the contrary; the help says the gestures of this portal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import strip_tags

from marelle.familles.models import FicheSanitaire
from tests.distribution import Foyer, karim
from tests.monde import portail, roussel_prets

pytestmark = pytest.mark.base


@pytest.fixture(params=["cc-tvv", "chablis"])
def ici(request: pytest.FixtureRequest, db: None, horloge: Callable[[str], object]) -> tuple[str, Foyer]:
    """A portal with gates and one without, and a child whose health sheet is missing."""
    horloge("2026-11-18 10:00")
    portail(request.param)
    karim()
    foyer = roussel_prets()
    FicheSanitaire.objects.filter(enfant=foyer.enfants["anouk"]).update(validee_le=None)
    return request.param, foyer


def lue(client: Client, chemin: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(client.get(chemin).content.decode().replace("<", " <")))


def test_ce_qui_manque_dit_ce_qu_il_empeche(ici: tuple[str, Foyer], client: Client) -> None:
    code, foyer = ici
    client.force_login(foyer.compte)
    ferme = code == "cc-tvv"
    accueil = lue(client, "/")
    assert ("Sans cette fiche, vous ne pouvez pas réserver pour Anouk." in accueil) == ferme
    assert ("Le service en a besoin pour accueillir Anouk." in accueil) != ferme
    onglet = "medicale" if ferme else "sanitaire"
    fiche = lue(client, f"/dossier/enfants/{foyer.enfants['anouk'].pk}/{onglet}/")
    assert ("Réservations possibles Dès que le service aura tout validé" in fiche) == ferme
    assert ("Réservations possibles Dès maintenant" in fiche) != ferme


def test_l_aide_dit_les_gestes_de_ce_portail(ici: tuple[str, Foyer], client: Client) -> None:
    code, _ = ici
    aide = lue(client, "/aide/")
    ferme = code == "cc-tvv"
    assert ("La réservation s’ouvre ensuite." in aide) == ferme
    assert ("puis « S’inscrire »" in aide) == ferme
    assert ("puis « Choisir sur le mois »" in aide) != ferme
    assert ("« Inscriptions multiples »" in aide) != ferme
    brut = client.get("/aide/").content.decode()
    assert "« " not in brut.split("<main")[1].split("</main")[0], "un guillemet ne reste pas seul au bout d’une ligne"
