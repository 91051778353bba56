"""The week, the month and the grid say what happens to an absence on the days that the service excuses for all."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.models import Periode
from marelle.comptes.models import Agent
from marelle.reservations.models import ExcuseCollective
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from tests.distribution import Foyer, karim
from tests.espace_famille.test_pages import requetes
from tests.espace_famille.test_semaine import ouvrir_l_ecran
from tests.monde import activite, portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.django_db
MERCREDI, SUIVANT = date(2026, 12, 2), date(2026, 12, 9)
LUNDI, JEUDI = date(2026, 11, 30), date(2026, 12, 3)
GREVE = "Grève : une absence ce jour-là n’est pas facturée."
TITRE = "En cas d’absence ces jours-là"
TARIFS = """
nom = "Essai"
[[version]]
en_vigueur_le = 2026-09-01
deliberation = "D 1"
absences = {{ excuses = [{{ motif = "greve", nom = "grève", collective = true }}] }}
[[version.tarifs]]
nom = "Accueil"
activites = {activites}
accueil = "8,00"
"""


def monde(horloge: Callable[[str], object], portail_de: str, *codes: str) -> Foyer:
    """18 November: the Roussels on a portal whose tariffs let the service excuse a strike in these activities."""
    horloge("2026-11-18 10:00")
    portail(portail_de)
    karim()
    charger_tarifs(TARIFS.format(activites=list(codes)).replace("'", '"'), "essai/tarifs.toml")
    oublier()
    return roussel_prets()


def excuser(code: str, *jours: date, **portee: object) -> None:
    """As `excuses_dites.dire` writes it."""
    for jour in jours:
        une = ExcuseCollective.objects.create(
            jeton=uuid.uuid4(), motif="greve", nom="grève", debut=jour, fin=jour, dite_le=maintenant(),
            dite_par=Agent.objects.get(), **portee,
        )  # fmt: skip
        une.activites.add(activite(code))


def lire(client: Client, adresse: str, **parametres: object) -> tuple[str, int]:
    """What the page says, in plain text, and its queries, the second time."""
    client.get(adresse, parametres)
    with CaptureQueriesContext(connection) as contexte:
        page = client.get(adresse, parametres)
    assert page.status_code == 200
    texte = re.sub(r"<[^>]+>", "", html.unescape(page.content.decode()))
    return re.sub(r"\s+", " ", texte), len(requetes(contexte))


# What each page costs beside its own budget (12): one query where something is excused, whatever is booked.


def test_la_semaine_le_dit_avec_les_enfants_concernes(client: Client, horloge: Callable[[str], object]) -> None:
    foyer = monde(horloge, "cc-tvv", "chaveignes-mercredis")
    ouvrir_l_ecran("semaine")
    client.force_login(foyer.compte)
    journee = unite("chaveignes-mercredis")
    reserver(foyer, foyer.anouk, journee, MERCREDI)
    reserver(foyer, foyer.elio, journee, MERCREDI, SUIVANT)
    adresse = reverse("espace_famille:semaine")
    avant, cout = lire(client, adresse, du="2026-11-30")
    assert TITRE not in avant
    excuser("chaveignes-mercredis", MERCREDI, SUIVANT)
    texte, cout_dit = lire(client, adresse, du="2026-11-30")
    assert f"{TITRE}Mercredi 2 décembre, Anouk, Élio. {GREVE}" in texte
    assert "Mercredi 9 décembre, Élio" not in texte, "une autre semaine"
    assert f"Mercredi 9 décembre, Élio. {GREVE}" in lire(client, adresse, du="2026-11-30", semaines=2)[0]
    assert max(cout, cout_dit) <= 12, (cout, cout_dit)


def test_le_mois_le_dit_sous_l_activite_excusee_et_pas_sous_une_autre(
    client: Client, horloge: Callable[[str], object]
) -> None:
    foyer = monde(horloge, "chablis", "chablis-mercredis", "peri-beine-soir")
    client.force_login(foyer.compte)
    journee = unite("chablis-mercredis")
    reserver(foyer, foyer.anouk, journee, MERCREDI)
    reserver(foyer, foyer.anouk, unite("peri-beine-soir", "soir"), JEUDI)
    adresse = reverse("espace_famille:mois_calendrier", args=[foyer.anouk.pk, journee.pk])
    excuser("chablis-mercredis", MERCREDI, SUIVANT)
    excuser("peri-beine-soir", JEUDI)
    texte, cout = lire(client, adresse, mois="2026-12")
    assert f"{TITRE}Mercredi 2 décembre. {GREVE}" in texte
    assert "Mercredi 9 décembre. Grève" not in texte, "rien n’y est réservé"
    assert "Jeudi 3 décembre" not in texte, "une autre activité"
    assert cout <= 12, cout


def test_la_grille_le_dit_des_dates_montrees(client: Client, horloge: Callable[[str], object]) -> None:
    foyer = monde(horloge, "terres-val-de-loire", "garderie-olm")
    client.force_login(foyer.compte)
    reserver(foyer, foyer.elio, unite("garderie-olm", "matin"), LUNDI, JEUDI)
    excuser("garderie-olm", LUNDI, JEUDI, unites=["matin"])
    une = activite("garderie-olm")
    periode = Periode.objects.get(temps=une.temps, debut__lte=LUNDI, fin__gte=LUNDI).code
    adresse, choix = reverse("espace_famille:grille"), {"enfant": foyer.elio.pk, "activite": une.pk, "periode": periode}
    texte, cout = lire(client, adresse, **choix)
    assert f"{TITRE}Lundi 30 novembre. {GREVE}Jeudi 3 décembre. {GREVE}" in texte
    seul, _ = lire(client, adresse, **choix, jours=3)
    assert f"{TITRE}Jeudi 3 décembre. {GREVE}" in seul
    assert cout <= 13, f"{cout} : une de plus que sans excuse"
