"""Outings put on days of an activity at the desk: what the page says, who keeps its price, who is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marelle.activites.evenements import codes_prevus
from marelle.activites.models import Ouverture
from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.demandes import panier
from marelle.demandes.decision import accepter
from marelle.demandes.depot import deposer_panier, panier_de
from marelle.journal.models import Entree
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Refus
from marelle.tarification.evenements import evenements_dus
from tests import distribution as gens
from tests.facturation.monde import tarifs

from . import monde

PISCINE = 'evenements = [{ code = "piscine", nom = "Sortie à la piscine", prix = "4,50" }]'
PREMIER, DEUXIEME, TROISIEME, _ = monde.mercredis()


def nu(reponse):
    return reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def sorties(chaveignes, guichet, karim):
    """The page of December: `(client, address, what is posted for these days)`."""
    tarifs(version=PISCINE)
    champs = {"evenements": ["piscine"], "prevenir": "on", "geste": "mettre"}
    champs["unites"] = [str(une.pk) for une in chaveignes.unites.all()]
    champs["groupes"] = [str(un.pk) for un in chaveignes.groupes.all()]
    adresse = reverse("guichet:sorties", args=[chaveignes.pk]) + "?mois=2026-12"
    return guichet(karim), adresse, lambda *jours: champs | {"jours": [jour.isoformat() for jour in jours]}


def prevus(activite, jour):
    return [codes_prevus(une.evenements) for une in Ouverture.objects.filter(activite=activite, date=jour)]


def reserves(foyer, enfant, activite, *jours):
    demande = monde.demander(foyer, enfant, activite, jours)
    accepter(demande.pk, gens.auteur_agent(Agent.objects.get()))
    return list(Reservation.objects.filter(enfant=enfant, date__in=jours).order_by("date"))


def test_qui_avait_reserve_garde_son_prix(sorties, chaveignes, roussel, fauvel, horloge):
    client, adresse, pour = sorties
    [avant] = reserves(roussel, roussel.elio, chaveignes, PREMIER)
    panier.basculer(fauvel.famille, fauvel.malo, chaveignes.unites.get(code="journee"), PREMIER)
    jeton = panier_de(fauvel.famille).jeton
    Courriel.objects.all().delete()
    page = nu(client.get(adresse))
    assert "Sortie à la piscine, 4,50 €" in page
    assert "Mercredi 2 décembre : 1 famille a déjà réservé" in page
    horloge("2026-11-16 11:00")
    page = nu(client.post(adresse, pour(PREMIER, DEUXIEME), follow=True))
    assert (
        "2 jours ont maintenant ce que vous avez coché. 1 famille avait déjà réservé : son prix ne change pas." in page
    )
    assert "1 panier en cours à relire avant l’envoi." in page
    assert "Mercredi 2 décembre : sortie à la piscine ; 1 famille a déjà réservé" in page
    assert {*prevus(chaveignes, PREMIER), *prevus(chaveignes, DEUXIEME)} == {("piscine",)}
    assert set(prevus(chaveignes, TROISIEME)) == {()}
    courriels = Courriel.objects.all()
    assert {un.gabarit for un in courriels} == {"evenement"}
    assert "mercredi 2 décembre, Élio : sortie à la piscine" in nu_texte(courriels[0].texte)
    assert "votre prix ne change pas" in nu_texte(courriels[0].texte)
    assert Entree.objects.filter(action="activite.evenement").count() == 2
    # The cart that was shown another price is read again; then it owes what it was shown.
    with pytest.raises(Refus, match="relisez-le"):
        deposer_panier(fauvel.famille, jeton, fauvel.auteur)
    deposer_panier(fauvel.famille, panier_de(fauvel.famille).jeton, fauvel.auteur)
    apres = reserves_de(fauvel, PREMIER)
    assert evenements_dus([avant.pk, apres.pk]) == {apres.pk: ("piscine",)}


def test_la_liste_du_jour_dit_la_sortie(sorties, chaveignes, roussel):
    client, adresse, pour = sorties
    reserves(roussel, roussel.elio, chaveignes, PREMIER, DEUXIEME)
    client.post(adresse, pour(PREMIER))
    liste = reverse("guichet:liste_du_jour")
    assert f"{chaveignes.nom} : Sortie à la piscine" in nu(client.get(liste, {"jour": PREMIER.isoformat()}))
    assert "Sortie à la piscine" not in nu(client.get(liste, {"jour": DEUXIEME.isoformat()}))


def reserves_de(foyer, jour):
    demande = foyer.famille.demandes.get(jours__date=jour, etat="deposee")
    accepter(demande.pk, gens.auteur_agent(Agent.objects.get()))
    return Reservation.objects.get(famille=foyer.famille, date=jour)


def nu_texte(texte):
    return " ".join(texte.replace("\xa0", " ").replace("\u202f", " ").split())


def test_une_sortie_retiree_n_est_due_par_personne(sorties, chaveignes, roussel):
    client, adresse, pour = sorties
    client.post(adresse, pour(PREMIER))
    [une] = reserves(roussel, roussel.elio, chaveignes, PREMIER)
    assert evenements_dus([une.pk]) == {une.pk: ("piscine",)}
    Courriel.objects.all().delete()
    page = nu(client.post(adresse, pour(PREMIER) | {"geste": "retirer", "prevenir": ""}, follow=True))
    assert (
        "1 jour n’a plus ce que vous avez coché. 1 famille avait déjà réservé : le supplément ne lui sera pas" in page
    )
    assert evenements_dus([une.pk]) == {}
    assert not Courriel.objects.exists()


def test_pour_un_groupe_seulement(sorties, chaveignes):
    client, adresse, pour = sorties
    grands = chaveignes.groupes.get(age_min=6)
    page = nu(client.post(adresse, pour(PREMIER) | {"groupes": [str(grands.pk)]}, follow=True))
    assert "sortie à la piscine (journée avec repas, 6-11 ans ; matin, 6-11 ans)" in page
    les = Ouverture.objects.filter(activite=chaveignes, date=PREMIER).exclude(evenements=[])
    assert {une.groupe_id for une in les} == {grands.pk}


@pytest.mark.parametrize(
    ("champs", "statut", "phrase"),
    [
        ({"evenements": []}, 422, "Choisissez au moins une sortie."),
        ({"jours": []}, 422, "Choisissez au moins un jour."),
        ({"evenements": ["cirque"]}, 422, "Choisissez parmi les réponses de la liste."),
        ({"jours": ["2026-12-03"]}, 422, "Choisissez parmi les réponses de la liste."),
        ({"geste": ""}, 400, "Dites si vous ajoutez"),
        ({"geste": "retirer"}, 409, "aucun de ces jours n’a cette sortie"),
    ],
)
def test_une_saisie_fausse_ne_change_rien(sorties, chaveignes, champs, statut, phrase):
    client, adresse, pour = sorties
    reponse = client.post(adresse, pour(PREMIER) | champs)
    assert reponse.status_code == statut
    assert phrase in nu(reponse)
    assert set(prevus(chaveignes, PREMIER)) == {()}


def test_sans_sortie_dans_les_tarifs_la_page_le_dit(chaveignes, guichet, karim):
    page = nu(guichet(karim).get(reverse("guichet:sorties", args=[chaveignes.pk]) + "?mois=2026-12"))
    assert "Les tarifs n’ont pas de sortie" in page
