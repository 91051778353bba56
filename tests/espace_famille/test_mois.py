"""The month: members, activities and their filter, places in words, stops, refusals that explain themselves, its budget."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.models import Jauge
from marelle.courriels.models import Courriel
from marelle.demandes.models import JourDemande
from marelle.demandes.verification import verifier
from marelle.socle.memoire import oublier
from marelle.transport.models import Course, Sens, Trajet
from marelle.transport.selection import dessertes
from tests.distribution import Foyer, famille_fauvel, karim
from tests.monde import portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.django_db
MERCREDI = date(2026, 12, 2)


@pytest.fixture
def foyer(horloge: Callable[[str], object], client: Client) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("chablis")
    karim()
    foyer = roussel_prets()
    client.force_login(foyer.compte)
    return foyer


def adresse(foyer: Foyer, nom: str = "mois_calendrier", quoi: str = "chablis-mercredis", code: str = "journee") -> str:
    return reverse(f"espace_famille:{nom}", args=[foyer.enfants["anouk"].pk, unite(quoi, code).pk])


def arret(nom: str, sens: Sens = Sens.ALLER) -> str:
    return next(str(une.cle) for une in dessertes(unite("chablis-mercredis"), sens) if une.nom == nom)


def presser(client: Client, foyer: Foyer, jour: str = "2026-12-02", **autres: str):  # type: ignore[no-untyped-def]
    return client.post(adresse(foyer, "mois_jour"), {"mois": "2026-12", "jour": jour, **autres})


def test_les_membres_puis_leurs_activites_avec_un_filtre(foyer: Foyer, client: Client) -> None:
    page = client.get(reverse("espace_famille:mois")).content.decode()
    assert "Veuillez d’abord sélectionner une personne." in page
    assert "Anouk Roussel-Lemoine" in page
    lieu = reverse("espace_famille:mois_activites", args=[foyer.enfants["anouk"].pk])
    page = client.get(lieu).content.decode()
    assert "Chablis mercredi, journée avec repas" in page
    assert "Péri Beine matin" in page
    page = client.get(lieu, {"filtre": "mercredi"}).content.decode()
    assert "Chablis mercredi, matin" in page
    assert "Péri Beine matin" not in page


def test_chaque_jour_dit_ses_places_disponibles_en_mots(foyer: Foyer, client: Client) -> None:
    reserver(foyer, foyer.enfants["elio"], unite("chablis-mercredis"), MERCREDI)
    page = client.get(adresse(foyer), {"mois": "2026-12"}).content.decode()
    assert page.count('62 places <span class="plus">disponibles</span>') == 2
    assert page.count('61 places <span class="plus">disponibles</span>') == 1
    assert "Chablis mercredi, journée avec repas, du 02/09/2026 au 30/06/2027" in page


def test_un_jour_presse_entre_au_panier_avec_ses_arrets_puis_en_sort(foyer: Foyer, client: Client) -> None:
    reponse = presser(client, foyer, depart=arret("Beine, mairie"), retour="non")
    assert reponse.status_code == 302
    page = client.get(reponse.url).content.decode()
    assert "Bus\u00a0: départ Beine, mairie (7\u00a0h\u00a040)" in page
    assert "choix au panier" in page
    assert Trajet.objects.get().arret_retour is None
    # the stops chosen stay chosen for the next day pressed
    assert f'<option value="{arret("Beine, mairie")}" selected>' in page
    presser(client, foyer)
    assert not JourDemande.objects.exists()


def test_les_inscriptions_multiples_prennent_le_bus_chaque_jour(foyer: Foyer, client: Client) -> None:
    donnees = {"du": "2026-12-01", "au": "2026-12-31", "jours": ["2"], "depart": arret("Milly, école"), "retour": "non"}
    reponse = client.post(adresse(foyer, "mois_multiples"), donnees)
    assert reponse.status_code == 302
    assert list(JourDemande.objects.order_by("date").values_list("date__day", flat=True)) == [2, 9, 16]
    assert Trajet.objects.filter(arret_aller__nom="Milly, école").count() == 3


def test_un_bus_plein_un_seul_jour_se_dit_les_autres_entrent(foyer: Foyer, client: Client) -> None:
    plein = Course.objects.get(ligne__code="beine-chablis", date="2026-12-09", sens="aller")
    Jauge.objects.filter(pk=plein.pk).update(places=0)
    donnees = {"du": "2026-12-01", "au": "2026-12-31", "jours": ["2"], "depart": arret("Milly, école"), "retour": "non"}
    page = client.post(adresse(foyer, "mois_multiples"), donnees).content.decode()
    assert "Mercredi 9 décembre" in page
    assert "Le bus de 7\u00a0h\u00a053 à Milly, école est complet ce jour-là" in page
    assert JourDemande.objects.count() == 2
    reponse = presser(client, foyer, "2026-12-09", depart=arret("Milly, école"))
    assert reponse.status_code == 409
    assert "est complet ce jour-là" in reponse.content.decode()
    assert presser(client, foyer, "2026-12-09", depart="non").status_code == 302


@pytest.mark.parametrize("forge", ["999999", "x", "-1", "1; drop"])
def test_un_arret_forge_est_refuse_d_une_phrase(foyer: Foyer, client: Client, forge: str) -> None:
    reponse = presser(client, foyer, depart=forge)
    assert reponse.status_code == 400
    assert "Le bus ne s’arrête pas là" in reponse.content.decode()
    donnees = {"du": "2026-12-01", "au": "2026-12-31", "depart": forge, "retour": "non"}
    reponse = client.post(adresse(foyer, "mois_multiples"), donnees)
    assert reponse.status_code == 422
    assert "Le bus ne s’arrête pas là" in reponse.content.decode()
    assert not JourDemande.objects.exists()


def test_un_prix_ou_un_etat_forge_ne_change_rien(foyer: Foyer, client: Client) -> None:
    presser(client, foyer, etat="acceptee", prix="0", famille="1", enfant=str(foyer.enfants["elio"].pk))
    jour = JourDemande.objects.select_related("demande").get()
    assert (jour.demande.etat, jour.demande.enfant) == ("panier", foyer.enfants["anouk"])


def test_l_enfant_d_un_autre_foyer_n_existe_pas(foyer: Foyer, client: Client) -> None:
    malo, quoi = famille_fauvel().enfants["malo"], unite("chablis-mercredis")
    assert client.get(reverse("espace_famille:mois_activites", args=[malo.pk])).status_code == 404
    assert client.get(reverse("espace_famille:mois_calendrier", args=[malo.pk, quoi.pk])).status_code == 404
    for nom in ("mois_jour", "mois_multiples"):
        reponse = client.post(reverse(f"espace_famille:{nom}", args=[malo.pk, quoi.pk]), {"jour": "2026-12-02"})
        assert reponse.status_code == 404
    assert not JourDemande.objects.exists()


def test_sous_48_heures_la_page_dit_d_appeler_et_que_c_est_facture(
    foyer: Foyer, client: Client, horloge: Callable[[str], object]
) -> None:
    reserver(foyer, foyer.enfants["anouk"], unite("chablis-mercredis"), MERCREDI)
    horloge("2026-11-30 07:31")
    oublier()
    client.force_login(foyer.compte)
    page = client.get(adresse(foyer), {"mois": "2026-12"}).content.decode()
    assert "la réservation enregistrée est facturée" in page
    assert 'Appelez le centre (Centre de Loisirs de Chablis) au <a href="tel:' in page
    assert presser(client, foyer).status_code == 409
    reponse = client.post(
        adresse(foyer, "mois_jour", code="matin"), {"mois": "2026-12", "jour": "2026-12-02"}, follow=True
    )
    assert "30 novembre à 7\u00a0h\u00a030" in reponse.content.decode()
    assert verifier() == []


def test_hors_des_periodes_prevues_les_dates_d_ouverture_sont_dites(
    foyer: Foyer, client: Client, horloge: Callable[[str], object]
) -> None:
    lieu = adresse(foyer, quoi="pontigny-vacances")
    page = client.get(lieu, {"mois": "2026-12"}).content.decode()
    assert "La réservation ouvre le samedi 21 novembre." in page
    assert "4 semaines avant le premier jour" in page
    horloge("2026-11-21 00:00")
    oublier()
    client.force_login(foyer.compte)
    assert ">disponibles<" in client.get(lieu, {"mois": "2026-12"}).content.decode()
    horloge("2026-12-17 00:00")  # the Wednesday before the first day of the holidays is over
    oublier()
    client.force_login(foyer.compte)
    page = client.get(lieu, {"mois": "2026-12"}).content.decode()
    assert ">disponibles<" not in page
    assert "mercredi 16 décembre" in page


def test_le_mois_tient_dans_son_budget(foyer: Foyer, client: Client) -> None:
    presser(client, foyer, depart=arret("Beine, mairie"))
    client.get(adresse(foyer), {"mois": "2026-12"})
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        page = client.get(adresse(foyer), {"mois": "2026-12"})
    assert len(requetes) <= 12, [une["sql"][:120] for une in requetes.captured_queries]
    assert len(page.content) <= 80_000


def test_l_ecran_n_existe_que_la_ou_il_est_choisi(foyer: Foyer, client: Client) -> None:
    from marelle.collectivite.models import Collectivite

    une = Collectivite.objects.get()
    une.texte = une.texte.replace('"mois", ', "")
    une.save()
    oublier()
    for nom in ("mois_calendrier", "mois_jour"):
        assert client.get(adresse(foyer, nom)).status_code in (404, 405)
    assert client.get(reverse("espace_famille:mois")).status_code == 404
    assert presser(client, foyer).status_code == 404


def test_le_bus_se_lit_partout_et_se_change_avant_la_decision(foyer: Foyer, client: Client) -> None:
    presser(client, foyer, depart=arret("Beine, mairie"))
    jour = JourDemande.objects.get()
    panier = client.get(reverse("espace_famille:panier")).content.decode()
    dit = "Bus\u00a0: départ Beine, mairie (7\u00a0h\u00a040)"
    assert dit in panier
    lieu = reverse("espace_famille:bus", args=[jour.pk])
    assert lieu in panier
    jeton = client.get(reverse("espace_famille:panier")).context["jeton"]
    accuse = client.post(reverse("espace_famille:panier_envoi"), {"jeton": jeton}, follow=True).content.decode()
    assert dit in accuse
    assert dit in client.get(reverse("espace_famille:demandes")).content.decode()
    demande = reverse("espace_famille:demande", args=[JourDemande.objects.get().demande_id])
    assert dit in client.get(demande).content.decode()
    assert dit in client.get(reverse("espace_famille:mon_calendrier"), {"mois": "2026-12"}).content.decode()
    assert "Bus\u00a0: départ Beine, mairie" in Courriel.objects.filter(gabarit="depot").order_by("pk")[0].texte
    reponse = client.post(lieu, {"depart": "non", "retour": arret("Milly, école", Sens.RETOUR)})
    assert reponse.url == demande
    page = client.get(demande).content.decode()
    assert "Bus\u00a0: retour Milly, école (17\u00a0h\u00a042)" in page
    assert "départ Beine" not in page
    assert verifier() == []


def test_le_bus_d_un_autre_foyer_ou_d_un_jour_decide_n_existe_pas(foyer: Foyer, client: Client) -> None:
    [demande] = reserver(foyer, foyer.enfants["elio"], unite("chablis-mercredis"), MERCREDI)
    presser(client, foyer)
    jour = JourDemande.objects.get(demande__etat="panier")
    lieu = reverse("espace_famille:bus", args=[jour.pk])
    assert client.get(reverse("espace_famille:bus", args=[demande.jours.get().pk])).status_code == 404
    assert client.get(lieu).status_code == 200
    reponse = client.post(lieu, {"depart": "999", "retour": "non"})
    assert reponse.status_code == 422
    client.force_login(famille_fauvel().compte)
    assert client.get(lieu).status_code == 404
    assert client.post(lieu, {"depart": arret("Beine, mairie"), "retour": "non"}).status_code == 404
    assert not Trajet.objects.exists()


def test_un_bus_plein_au_changement_se_dit_et_rien_ne_change(foyer: Foyer, client: Client) -> None:
    presser(client, foyer)
    plein = Course.objects.get(ligne__code="beine-chablis", date=MERCREDI, sens="aller")
    Jauge.objects.filter(pk=plein.pk).update(places=0)
    lieu = reverse("espace_famille:bus", args=[JourDemande.objects.get().pk])
    reponse = client.post(lieu, {"depart": arret("Beine, mairie"), "retour": "non"})
    assert reponse.status_code == 409
    assert "est complet ce jour-là" in reponse.content.decode()
    assert not Trajet.objects.exists()


def test_un_jour_reserve_dit_que_c_est_son_annulation_qui_est_au_panier(foyer: Foyer, client: Client) -> None:
    """Said as a booking, it was a day cancelled by who thought to book it; pressed by script, it is said once."""
    reserver(foyer, foyer.enfants["anouk"], unite("chablis-mercredis", "journee"), MERCREDI)  # type: ignore[arg-type]
    matin = adresse(foyer, "mois_jour", code="matin")
    presse = {"mois": "2026-12", "jour": "2026-12-02"}
    dits = [client.post(matin, presse, headers={"HX-Request": "true"}) for _ in range(2)]
    annonces = [json.loads(un["HX-Trigger"])["dire"] for un in dits]
    assert annonces == [
        "L’annulation du mercredi 2 décembre est au panier pour Anouk.",
        "L’annulation du mercredi 2 décembre n’est plus dans le panier d’Anouk.",
    ]
    assert not [un for un in dits if 'class="toast"' in un.content.decode()], "la page l’annonce déjà"
    case = f"{foyer.enfants['anouk'].pk}.{unite('chablis-mercredis', 'journee').pk}.2026-12-02"
    page = client.post("/semaine/case", {"du": "2026-11-30", "case": case}, headers={"HX-Request": "true"})
    assert "annulation du mercredi 2 décembre est au panier" in json.loads(page["HX-Trigger"])["dire"]


def test_le_menu_dit_qu_on_est_a_l_inscription(foyer: Foyer, client: Client) -> None:
    for chemin in (adresse(foyer), "/semaine/", "/inscription/"):
        page = client.get(chemin).content.decode()
        [courante] = re.findall(r'<a href="([^"]*)"[^>]*aria-current="page"', page)
        assert courante == "/inscription/", chemin


def test_une_faute_ne_fait_pas_apparaitre_d_autres_jours(foyer: Foyer, client: Client) -> None:
    page = client.post(adresse(foyer, "mois_multiples"), {"mois": "2026-12", "jours": ["2"]})
    assert page.status_code == 422
    assert re.findall(r'name="jours" value="(\d)"', page.content.decode()) == ["2"], "le mercredi, seul jour d’accueil"


def test_un_jour_ferme_n_est_pas_l_exemple_de_ce_qui_s_annule(foyer: Foyer, client: Client) -> None:
    page = client.get(adresse(foyer, quoi="pontigny-vacances"), {"mois": "2027-01"}).content.decode()
    assert "Jour de l’an" in page
    assert "1er janvier 2027\N{NO-BREAK SPACE}: annulable" not in page
    decembre = client.get(adresse(foyer, quoi="pontigny-vacances"), {"mois": "2026-12"}).content.decode()
    assert "annulable gratuitement jusqu’au " in decembre
