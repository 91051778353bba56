"""Many days refused at once: what the family reads stays short enough for a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from marelle.espace_famille.presentation import par_raison
from tests.monde import envoyer, portail, roussel_prets, unite


def test_chaque_raison_une_fois_avec_tous_ses_jours() -> None:
    refuses = [
        (date(2027, 1, 13), "Le centre est fermé."),
        (date(2026, 12, 9), "Déjà réservé."),
        (date(2026, 12, 2), "Déjà réservé."),
        (date(2027, 1, 6), "Déjà réservé."),
        (date(2027, 1, 20), "Déjà réservé."),
    ]
    assert par_raison(refuses) == [
        ("mer. 2, mer. 9 décembre, mer. 6, mer. 20 janvier", "Déjà réservé."),
        ("mercredi 13 janvier", "Le centre est fermé."),
    ]


@pytest.mark.base
def test_une_periode_redemandee_ne_repete_pas_sa_raison(db: None, horloge: Callable[[str], object]) -> None:
    horloge("2026-11-18 10:00")
    portail()
    foyer, journee = roussel_prets(), unite("chaveignes-mercredis")
    envoyer(foyer, foyer.elio, journee, date(2026, 12, 2), date(2026, 12, 9))  # type: ignore[arg-type]
    client = Client()
    client.force_login(foyer.compte)
    adresse = reverse("espace_famille:periode", args=[foyer.elio.pk, journee.activite_id])
    choix = {
        "unite": "journee",
        "mois": "2026-12",
        "du": "2026-12-01",
        "au": "2026-12-12",
        "jours": ["2"],
        "geste": "inscrire",
    }
    page = client.post(adresse, choix).content.decode()
    assert page.count("Une demande est déjà en cours pour ce jour") == 1
    assert "Mer. 2, mer. 9 décembre" in page
