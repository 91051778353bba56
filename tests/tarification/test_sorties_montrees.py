"""An outing is read before it is asked for, with its price, on each way to book; then in the cart and on the receipt."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.evenements import avec
from marelle.activites.models import Ouverture
from marelle.demandes import depot, panier
from marelle.demandes.accuse import donnees_de_l_accuse
from marelle.demandes.models import Envoi
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer
from tests.monde import reserver, unite

from .monde import quotient
from .test_prix_montres import ECRANS, MERCREDI, SUIVANT, TRANSACTION, adresse, au_panier, avec_des_tarifs, texte

pytestmark = pytest.mark.django_db
PISCINE = "Sortie à la piscine (+ 4,50 €)"


@pytest.fixture
def piscine(roussel: Foyer) -> Callable[[date], None]:
    """Puts the outing on a day. Élio's price is 10,40 € without it."""
    evenements = 'evenements = [{ code = "piscine", nom = "Sortie à la piscine", prix = "4,50" }]'
    avec_des_tarifs("hors_secteur = {", f"{evenements}\nhors_secteur = {{")
    quotient(roussel.famille, 1020)

    def mettre(jour: date) -> None:
        for une in Ouverture.objects.filter(unite=unite("chaveignes-mercredis"), date=jour):
            une.evenements = avec(une.evenements, "piscine", maintenant())
            une.save()

    return mettre


def colle(page: str) -> str:
    """Without the spaces that the tags leave."""
    return page.replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize("ecran", ECRANS)
def test_la_sortie_et_son_prix_se_lisent_avant_de_demander(
    camille: Client, roussel: Foyer, piscine: Callable[[date], None], ecran: str
) -> None:
    camille.get(adresse(roussel, ecran))
    with CaptureQueriesContext(connection) as avant:
        assert "piscine" not in texte(camille.get(adresse(roussel, ecran)))
    piscine(MERCREDI)
    with CaptureQueriesContext(connection) as apres:
        reponse = camille.get(adresse(roussel, ecran))
    page = colle(texte(reponse))
    assert page.count(PISCINE) >= 2, "dans la case, et dans la liste sous le calendrier"
    assert f"Les sorties de ces jours Mercredi 9 décembre : {PISCINE}" in page
    assert "10,40 €" in page, "le prix de base reste celui de la journée"
    assert len(reponse.content) < 60_000
    requetes = [[une["sql"] for une in lues if not une["sql"].startswith(TRANSACTION)] for lues in (avant, apres)]
    assert len(requetes[1]) == len(requetes[0]), "lue avec l’ouverture"
    if ecran == "grille":
        assert 'data-prix="1490"' in reponse.content.decode()


def test_l_agenda_le_dit_dans_le_mois_et_le_prix_du_jour_le_compte(
    camille: Client, roussel: Foyer, piscine: Callable[[date], None]
) -> None:
    piscine(MERCREDI)
    mois = texte(camille.get(reverse("espace_famille:agenda", args=[roussel.elio.pk]) + "?mois=2026-12"))
    assert mois.count(PISCINE) == 1
    jour = texte(camille.get(reverse("espace_famille:agenda_jour", args=[roussel.elio.pk, "2026-12-09"])))
    assert PISCINE in jour
    assert "14,90 €" in jour


@pytest.mark.parametrize("ecran", ["grille", "agenda"])
def test_une_page_restee_ouverte_ne_demande_pas_une_sortie_qu_elle_n_a_pas_montree(
    camille: Client, roussel: Foyer, piscine: Callable[[date], None], ecran: str
) -> None:
    def champs(page: str) -> dict[str, list[str]]:
        return {nom: re.findall(f'name="{nom}" value="([^"]+)"', page) for nom in ("vue", "jeton")}

    quoi = unite("chaveignes-mercredis")
    if ecran == "grille":
        lue, envoi, choix = adresse(roussel, "grille"), adresse(roussel, "grille"), {"c": f"{quoi.pk}-{MERCREDI}"}
    else:
        lue = reverse("espace_famille:agenda_jour", args=[roussel.elio.pk, MERCREDI.isoformat()])
        envoi = reverse("espace_famille:agenda_geste", args=[roussel.elio.pk, MERCREDI.isoformat()])
        choix = {"reserver": str(quoi.pk)}
    ouverte = champs(camille.get(lue).content.decode())
    piscine(MERCREDI)
    refusee = camille.post(envoi, choix | ouverte)
    assert refusee.status_code == 409
    page = texte(refusee)
    assert "Une sortie vient d’être prévue le mercredi 9 décembre : relisez le prix, puis validez." in page
    assert PISCINE in colle(page), "le nouveau prix est montré"
    assert not Envoi.objects.exists()
    assert camille.post(envoi, choix | champs(refusee.content.decode())).status_code == 302
    assert Envoi.objects.count() == 1


def test_le_panier_et_l_accuse_l_expliquent(camille: Client, roussel: Foyer, piscine: Callable[[date], None]) -> None:
    piscine(MERCREDI)
    au_panier(roussel, MERCREDI, SUIVANT)
    page = texte(camille.get("/panier/"))
    assert PISCINE in page
    assert "Sortie à la piscine 4,50 € Total 14,90 €" in page
    assert "Si tout est accepté 25,30 €" in page
    assert "2 choix au panier : 25,30 €" in texte(camille.get(adresse(roussel, "calendrier")))
    depot.deposer_panier(roussel.famille, depot.panier_de(roussel.famille).jeton, roussel.auteur)
    envoi = Envoi.objects.get()
    recu = texte(camille.get(reverse("espace_famille:accuse", args=[envoi.pk])))
    assert "Mercredi 9 décembre : sortie à la piscine (en supplément)" in recu
    assert "Mercredi 16 décembre" not in recu
    [enfant] = donnees_de_l_accuse(envoi, "Camille")["enfants"]
    assert [une["quoi"] for une in enfant["activites"][0]["lignes"]] == [
        "Journée avec repas, sortie à la piscine (en supplément)", "Journée avec repas",
    ]  # fmt: skip
    assert "(+" not in re.sub("Les sorties.*", "", texte(camille.get(adresse(roussel, "calendrier"))))


def test_qui_avait_reserve_lit_la_sortie_sans_prix_et_annule_a_son_prix(
    camille: Client, roussel: Foyer, piscine: Callable[[date], None], horloge: Callable[[str], object]
) -> None:
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    horloge("2026-11-18 11:00")
    piscine(MERCREDI)
    piscine(SUIVANT)
    horloge("2026-11-18 12:00")
    reserver(roussel, roussel.elio, unite("chaveignes-mercredis"), SUIVANT)
    camille.force_login(roussel.compte)
    page = texte(camille.get(adresse(roussel, "calendrier")))
    assert "Sortie à la piscine" in page
    assert "4,50" not in page
    panier.basculer(roussel.famille, roussel.elio, unite("chaveignes-mercredis"), MERCREDI)
    assert "À annuler, 1 jour −10,40 €" in texte(camille.get("/panier/"))
    panier.basculer(roussel.famille, roussel.elio, unite("chaveignes-mercredis"), SUIVANT)
    assert "À annuler, 2 jours −25,30 €" in texte(camille.get("/panier/"))
    assert "2 choix au panier : −25,30 €" in texte(camille.get(adresse(roussel, "calendrier")))


def test_la_page_des_tarifs_les_liste(camille: Client, piscine: Callable[[date], None]) -> None:
    page = texte(camille.get(reverse("espace_famille:tarifs")))
    assert "Les jours de sortie, en plus : Sortie à la piscine 4,50 €." in page
