"""The boarding list of a bus: each run, its stops in order, whom to call; the stops in the day list; whose centres."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.models import Centre
from marelle.comptes.models import Agent
from marelle.demandes import decision, depot, panier
from marelle.familles.models import PersonneAutorisee
from marelle.reservations.models import Absence
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import oublier
from marelle.transport.models import Course, Sens
from marelle.transport.selection import dessertes, lire_choix
from tests.distribution import Foyer, auteur_agent
from tests.monde import portail, roussel_prets, unite

MERCREDI = date(2026, 12, 2)


@pytest.fixture
def inscrits(karim: Agent) -> Foyer:
    """Anouk gets on at Beine and comes back to Milly, Élio gets on at Milly; Jeanne-Apolline is driven."""
    from marelle.collectivite.models import Collectivite, TexteReglement

    for modele in (Collectivite, TexteReglement):
        modele._default_manager.all().delete()
    portail("chablis")
    foyer = roussel_prets()
    quoi = unite("chablis-mercredis")
    aller = {une.nom: str(une.cle) for une in dessertes(quoi, Sens.ALLER)}
    retour = {une.nom: str(une.cle) for une in dessertes(quoi, Sens.RETOUR)}
    choix = {
        "anouk": (aller["Beine, mairie"], retour["Milly, école"]),
        "elio": (aller["Milly, école"], ""),
        "jeanne": ("", ""),
    }
    for prenom, arrets in choix.items():
        panier.basculer(foyer.famille, foyer.enfants[prenom], quoi, MERCREDI, lire_choix(quoi, *arrets))
    envoi = depot.deposer_panier(foyer.famille, depot.panier_de(foyer.famille).jeton, foyer.auteur).envoi
    assert envoi is not None
    for demande in envoi.demandes.order_by("pk"):
        decision.accepter(demande.pk, auteur_agent(karim))
    PersonneAutorisee.objects.create(
        enfant=foyer.enfants["anouk"], nom="Petit", prenom="Odile", lien="voisine", telephone="06 00 00 00 01"
    )
    return foyer


def texte(reponse) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reponse.content.decode()))


def course(sens: Sens) -> Course:
    return Course.objects.get(ligne__code="beine-chablis", date=MERCREDI, sens=sens)


def test_la_liste_du_depart_arret_par_arret(inscrits: Foyer, guichet: Callable[[Agent], Client], karim: Agent) -> None:
    page = texte(guichet(karim).get(reverse("guichet:bus"), {"jour": "2026-12-02"}))
    assert "Beine – Chablis, départ" in page
    assert "2 enfants attendus · 2 places prises sur 20" in page
    ordre = [
        page.index(mot) for mot in ("Beine, mairie – 7", "Anouk", "Poinchy", "Personne à cet arrêt", "Milly", "Élio")
    ]
    assert ordre == sorted(ordre)
    assert "06 12 34 56 78" in page
    assert "Odile Petit (voisine)" in page
    assert "Jeanne-Apolline" not in page


def test_la_liste_du_retour_et_l_absent_barre(
    inscrits: Foyer, guichet: Callable[[Agent], Client], karim: Agent
) -> None:
    reservation = inscrits.enfants["anouk"].reservations.get()
    Absence.objects.create(reservation=reservation, motif="maladie", declaree_le=maintenant())
    donnees = {"jour": "2026-12-02", "course": course(Sens.RETOUR).pk}
    reponse = guichet(karim).get(reverse("guichet:bus"), donnees)
    assert "Beine – Chablis, retour" in texte(reponse)
    assert "0 enfant attendu" in texte(reponse)
    assert "<s>Anouk Roussel-Lemoine</s>" in reponse.content.decode()
    assert "Élio" not in texte(reponse)


def test_la_liste_du_jour_dit_le_bus(inscrits: Foyer, guichet: Callable[[Agent], Client], karim: Agent) -> None:
    centre = Centre.objects.get(code="chablis")
    client = guichet(karim)
    reponse = client.get(reverse("guichet:liste_du_jour"), {"centre": centre.pk, "jour": "2026-12-02"})
    assert (
        "départ Beine, mairie (7\u00a0h\u00a040), retour Milly, école (17\u00a0h\u00a042)" in reponse.content.decode()
    )
    assert reverse("guichet:bus") in reponse.content.decode()
    pdf = client.get(reverse("guichet:liste_du_jour_pdf"), {"centre": centre.pk, "jour": "2026-12-02"})
    assert pdf.content[:4] == b"%PDF"


def test_un_agent_ne_voit_que_les_bus_de_ses_centres(
    inscrits: Foyer, guichet: Callable[[Agent], Client], karim: Agent
) -> None:
    Centre.objects.get(code="pontigny").agents.add(karim)
    client = guichet(karim)
    page = texte(client.get(reverse("guichet:bus"), {"jour": "2026-12-02"}))
    assert "Beine – Chablis" not in page
    assert "Anouk" not in page
    donnees = {"jour": "2026-12-02", "course": course(Sens.ALLER).pk}
    assert client.get(reverse("guichet:bus"), donnees).status_code == 404


def test_la_liste_ne_coute_pas_plus_pour_plus_d_enfants(
    inscrits: Foyer, guichet: Callable[[Agent], Client], karim: Agent
) -> None:
    client = guichet(karim)
    client.get(reverse("guichet:bus"), {"jour": "2026-12-02"})
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(reverse("guichet:bus"), {"jour": "2026-12-02"}).status_code == 200
    assert len(requetes) <= 16, [une["sql"][:100] for une in requetes.captured_queries]
    assert client.get(reverse("guichet:bus"), {"jour": "n’importe quoi"}).status_code == 200


def test_les_jours_ouverts_ensuite_ont_leur_bus(
    inscrits: Foyer, guichet: Callable[[Agent], Client], nadia: Agent
) -> None:
    from marelle.activites.models import Activite, Jauge

    samedi = date(2026, 12, 5)
    une = Activite.objects.get(code="chablis-mercredis")
    donnees = {"debut": "2026-12-05", "fin": "2026-12-05", "jours": ["5"]}
    donnees |= {f"places_{groupe.pk}": "10" for groupe in une.groupes.order_by("pk")}
    prefixees = {f"ouvrir-{nom}": valeur for nom, valeur in donnees.items()}
    reponse = guichet(nadia).post(reverse("guichet:ouvrir", args=[une.pk]), prefixees)
    assert reponse.status_code == 302, texte(reponse)
    blocs = set(Jauge.objects.filter(activite=une, date=samedi).values_list("bloc", flat=True))
    assert {c.jauge.bloc for c in Course.objects.filter(date=samedi, ligne__code="beine-chablis")} == blocs
    assert len(blocs) == 1
    oublier()
