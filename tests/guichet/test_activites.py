"""Places, openings, closures and the day list."""

import time

import pytest
from django.urls import reverse

from marelle.activites.models import Centre, Fermeture, Jauge, Ouverture, Periode
from marelle.courriels.models import Courriel
from marelle.demandes.decision import accepter
from marelle.demandes.models import Demande
from marelle.familles.models import FicheSanitaire, Responsable
from marelle.journal.models import Entree
from marelle.reservations.models import Place, Reservation
from tests import distribution as gens

from . import monde
from .formulaire import formulaire


def nu(page):
    return page.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def inscrits(chaveignes, roussel, fauvel, karim):
    """Élio is booked on two Wednesdays, Malo asks for the first; two places each day."""
    demande = monde.demander(roussel, roussel.elio, chaveignes, monde.mercredis(2))
    accepter(demande.pk, gens.auteur_agent(karim))
    return monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(2))


def places_du_jour(une, rang=0):
    return reverse("guichet:places_du_jour", args=[une.pk, monde.mercredis()[rang].isoformat()])


def champs(une, places, rang=0):
    jauges = Jauge.objects.filter(activite=une, date=monde.mercredis()[rang])
    return {f"jauge_{jauge.pk}": places for jauge in jauges}


def test_une_capacite_ne_descend_pas_sous_les_enfants(guichet, karim, chaveignes, inscrits):
    client = guichet(karim)
    refus = client.post(places_du_jour(chaveignes), champs(chaveignes, 1))
    assert refus.status_code == 409
    assert "2 enfants sont déjà inscrits ou demandés : la capacité ne peut pas descendre sous 2." in nu(refus)
    assert set(Jauge.objects.filter(activite=chaveignes).values_list("places", flat=True)) == {2}
    client.post(places_du_jour(chaveignes), champs(chaveignes, 5))
    assert set(Jauge.objects.filter(date=monde.PREMIER_MERCREDI).values_list("places", flat=True)) == {5}
    assert Entree.objects.filter(action="activite.places").count() == 6


def test_une_place_ajoutee_va_a_qui_attend(guichet, karim, chaveignes, inscrits, roussel):
    une_autre = monde.demander(roussel, roussel.anouk, chaveignes, monde.mercredis(1))
    assert une_autre.etat == "liste_attente"
    page = guichet(karim).post(places_du_jour(chaveignes), champs(chaveignes, 3), follow=True)
    assert "1 demande de la liste d’attente avance" in nu(page)
    une_autre.refresh_from_db()
    assert une_autre.etat == "deposee"


def test_une_page_ouverte_depuis_longtemps_ne_defait_pas_les_places_d_un_collegue(guichet, karim, chaveignes):
    """Every capacity of the day is on the page: saving one wrote the others as they were when it was opened."""
    premiere, *autres = Jauge.objects.filter(activite=chaveignes, date=monde.PREMIER_MERCREDI).order_by("pk")
    client = guichet(karim)
    vue = {f"initial-jauge_{une.pk}": une.places for une in (premiere, *autres)}
    assert f'name="initial-jauge_{premiere.pk}" value="2"' in nu(client.get(places_du_jour(chaveignes)))
    Jauge.objects.filter(pk=premiere.pk).update(places=9)
    client.post(places_du_jour(chaveignes), {**vue, **champs(chaveignes, 2), f"jauge_{autres[0].pk}": 4})
    premiere.refresh_from_db()
    autres[0].refresh_from_db()
    assert (premiere.places, autres[0].places) == (9, 4)
    vue = {f"initial-jauge_{une.pk}": 2 for une in (premiere, *autres)}
    assert client.post(places_du_jour(chaveignes), {**vue, **champs(chaveignes, 2)}).status_code == 302


def test_ouvrir_des_jours(guichet, karim, chaveignes):
    groupes = chaveignes.groupes.order_by("age_min")
    donnees = {"ouvrir-debut": "2027-01-04", "ouvrir-fin": "2027-01-31", "ouvrir-jours": ["2"]}
    donnees |= {f"ouvrir-places_{groupe.pk}": 7 for groupe in groupes}
    client = guichet(karim)
    assert client.post(reverse("guichet:ouvrir", args=[chaveignes.pk]), {}).status_code == 422
    page = client.post(reverse("guichet:ouvrir", args=[chaveignes.pk]), donnees, follow=True)
    assert "4 jours ouverts." in nu(page)
    assert Ouverture.objects.filter(date__year=2027).values("date").distinct().count() == 4
    assert "déjà ouverts" in nu(client.post(reverse("guichet:ouvrir", args=[chaveignes.pk]), donnees, follow=True))


def test_ouvrir_des_jours_qui_n_existent_pas_entre_ces_dates(guichet, karim, chaveignes):
    """A Wednesday asked from a Monday to a Tuesday: the page said that these days were open already."""
    donnees = {"ouvrir-debut": "2027-01-04", "ouvrir-fin": "2027-01-05", "ouvrir-jours": ["2"]}
    donnees |= {f"ouvrir-places_{groupe.pk}": 7 for groupe in chaveignes.groupes.all()}
    page = guichet(karim).post(reverse("guichet:ouvrir", args=[chaveignes.pk]), donnees)
    assert page.status_code == 422
    assert "Aucun des jours cochés ne tombe entre ces deux dates." in nu(page)


def test_un_jour_ferme_n_a_pas_de_place_libre(guichet, karim, chaveignes):
    Ouverture.objects.filter(date=monde.PREMIER_MERCREDI).update(fermeture="Neige")
    client = guichet(karim)
    mois = nu(client.get(reverse("guichet:places", args=[chaveignes.pk]), {"mois": "2026-12"}))
    assert mois.count("Fermé") == 2
    jour = nu(client.get(places_du_jour(chaveignes)))
    assert "Fermé ce jour-là" in jour
    assert "Neige" in jour
    assert "Après-midi, 6-11 ans" in jour
    assert "0 réservée, 0 demandée, 2 libres, 0 en attente" in jour
    assert "pres_midi" not in jour


def test_fermer_annule_refuse_et_previent_une_fois(guichet, karim, chaveignes, inscrits, roussel, fauvel):
    Courriel.objects.all().delete()
    donnees = {
        "centre": chaveignes.centre.pk, "debut": "2026-12-02", "fin": "2026-12-02", "motif": "Grève", "confirme": "on",
    }  # fmt: skip
    client = guichet(karim)
    avant = client.post(reverse("guichet:fermer"), {**donnees, "confirme": ""})
    assert avant.status_code == 422
    assert "1 jour d’accueil : 1 réservation à annuler, 1 demande à clore, 2 familles à prévenir." in nu(avant)
    assert not Fermeture.objects.exists()
    page = nu(client.post(reverse("guichet:fermer"), donnees, follow=True))
    assert "1 jour fermé : 1 réservation annulée, 1 demande close, 2 familles prévenues." in page
    annulee = Reservation.objects.get(date=monde.PREMIER_MERCREDI)
    assert (annulee.etat, annulee.motif) == ("annulee_centre", "Grève")
    assert Reservation.objects.filter(etat="reservee").count() == 1
    refusee = Demande.objects.get(enfant=fauvel.malo, etat="refusee")
    assert "Grève" in refusee.motif
    inscrits.refresh_from_db()
    assert inscrits.etat == "deposee"  # its other day stays asked
    assert inscrits.jours.count() == 1
    assert not Place.objects.filter(jauge__date=monde.PREMIER_MERCREDI).exists()
    assert not Jauge.objects.filter(date=monde.PREMIER_MERCREDI).exclude(prises=0, retenues=0, attente=0).exists()
    # One e-mail per adult who has an address: Camille, Paul, Inès.
    assert Courriel.objects.filter(gabarit="fermeture").count() == Courriel.objects.count() == 3
    assert Demande.objects.filter(origine="agent", nature="annulation", etat="acceptee").count() == 1


def test_rouvrir(guichet, karim, chaveignes, inscrits):
    client = guichet(karim)
    donnees = {"centre": "tous", "debut": "2026-12-02", "motif": "Neige", "confirme": "on"}
    client.post(reverse("guichet:fermer"), donnees)
    fermeture = Fermeture.objects.get()
    page = nu(client.post(reverse("guichet:rouvrir", args=[fermeture.pk]), follow=True))
    assert "ne reviennent pas" in page
    assert not Ouverture.objects.exclude(fermeture="").exists()
    assert not Fermeture.objects.exists()


def test_fermer_un_jour_passe_ou_vide_se_refuse(guichet, karim, chaveignes):
    client = guichet(karim)
    for debut in ("2026-11-01", "2026-12-03"):
        reponse = client.post(
            reverse("guichet:fermer"), {"centre": "tous", "debut": debut, "motif": "x", "confirme": "on"}
        )
        assert reponse.status_code == 409
    assert not Fermeture.objects.exists()


def test_fermer_pour_deux_cents_enfants_reste_rapide(karim, chaveignes, django_assert_max_num_queries):
    from marelle.demandes.decision import accepter_lot
    from marelle.demandes.fermeture import fermer

    Jauge.objects.update(places=300)
    demandes = monde.beaucoup(200, chaveignes, monde.mercredis(1))
    for demande in demandes:
        Responsable.objects.create(
            famille=demande.famille, nom="X", prenom="Y", courriel=f"f{demande.pk}@familles.exemple"
        )
    accepter_lot([une.pk for une in demandes], gens.auteur_agent(karim))
    Courriel.objects.all().delete()
    debut = time.perf_counter()
    with django_assert_max_num_queries(40 + 200):  # one insertion of e-mail per household
        bilan = fermer(
            chaveignes.centre, monde.PREMIER_MERCREDI, monde.PREMIER_MERCREDI, "Grève", gens.auteur_agent(karim)
        )
    assert (bilan.reservations, len(bilan.familles), Courriel.objects.count()) == (200, 200, 200)
    print(f"fermeture de 200 réservations : {time.perf_counter() - debut:.2f} s")


def test_un_agent_limite_ne_regle_que_ses_centres(guichet, karim, chaveignes):
    ailleurs = monde.activite("bouchard")
    ailleurs.centre.agents.add(karim)
    client = guichet(karim)
    for nom, cle in (("activite", chaveignes.pk), ("places", chaveignes.pk), ("centre", chaveignes.centre.pk)):
        assert client.get(reverse(f"guichet:{nom}", args=[cle])).status_code == 404, nom
    assert client.get(reverse("guichet:liste_du_jour"), {"centre": chaveignes.centre.pk}).status_code == 404
    donnees = {"centre": "tous", "debut": "2026-12-02", "motif": "x", "confirme": "on"}
    assert client.post(reverse("guichet:fermer"), donnees).status_code == 422
    assert "Chaveignes" not in client.get(reverse("guichet:activites")).content.decode()


@pytest.mark.parametrize(
    ("debut", "fin", "phrase"),
    [
        ("2026-12-20", "2027-01-10", "« Mercredis de novembre à décembre 2026 », du 02/11/2026 au 31/12/2026"),
        ("1990-01-01", "2090-01-01", "une période dure une année au plus"),
    ],
)
def test_une_periode_n_en_couvre_pas_une_autre(guichet, karim, chaveignes, debut, fin, phrase):
    """The first that has a day is the one that counts it: a wrong year moved every window and every maximum."""
    saisie = {"nom": "Hiver", "temps": "mercredi", "debut": debut, "fin": fin}
    reponse = guichet(karim).post(reverse("guichet:periode_nouvelle"), saisie)
    assert reponse.status_code == 422
    assert phrase in nu(reponse)
    assert Periode.objects.filter(temps="mercredi").count() == 1
    une = Periode.objects.get(temps="mercredi")
    corrige = {**saisie, "debut": "2026-11-02", "fin": "2026-12-20"}
    assert guichet(karim).post(reverse("guichet:periode", args=[une.pk]), corrige).status_code == 302


def test_regler_activite_centre_et_periode(guichet, karim, chaveignes):
    client = guichet(karim)
    adresse = reverse("guichet:activite", args=[chaveignes.pk])
    donnees = formulaire(client.get(adresse)) | {
        "nom": "Mercredis",
        "mode_decision": "automatique",
        "retient_places": [],
        "panier_retient_minutes": 10,
    }
    assert client.post(adresse, {**donnees, "age_min": 12}).status_code == 422
    client.post(adresse, donnees)
    chaveignes.refresh_from_db()
    assert (chaveignes.mode_decision, chaveignes.retient_places, chaveignes.panier_retient_minutes) == (
        "automatique",
        False,
        10,
    )
    client.post(reverse("guichet:centre_nouveau"), {"nom": "L’Île-Bouchard", "est_actif": "on"})
    assert Centre.objects.filter(nom="L’Île-Bouchard").exclude(code="").exists()
    periode = {"nom": "Hiver", "temps": "vacances", "debut": "2027-02-06", "fin": "2027-02-01"}
    assert client.post(reverse("guichet:periode_nouvelle"), periode).status_code == 422
    client.post(reverse("guichet:periode_nouvelle"), {**periode, "fin": "2027-02-21"})
    assert Periode.objects.filter(nom="Hiver", code="vacances-2027-02-06").exists()


def test_la_liste_du_jour_dit_la_sante_d_abord_et_le_journalise(guichet, chaveignes, inscrits, roussel):
    FicheSanitaire.objects.filter(enfant=roussel.elio).delete()
    FicheSanitaire.objects.create(
        enfant=roussel.elio, alerte="Arachide. Appeler le 15.", a_pai=True, contenu='{"x": "secret"}'
    )
    client = guichet(gens.lucas())
    page = client.get(reverse("guichet:liste_du_jour"))
    texte = nu(page)
    assert page.context["jour"] == monde.PREMIER_MERCREDI  # the next open day
    attendus = (
        *("Mercredi 2 décembre", "1 enfant attendu", "Arachide. Appeler le 15.", "PAI", "Repas ordinaire"),
        *("Camille Roussel, Paul Roussel", "06 12 34 56 78"),
    )
    for mot in attendus:
        assert mot in texte, mot
    assert "secret" not in texte
    assert texte.index("Arachide") < texte.index("Repart avec")
    assert "Malo" not in texte  # asked, not booked
    lue = Entree.objects.get(action="sante.lecture")
    assert lue.details["enfants"] == [roussel.elio.pk]
    pdf = client.get(reverse("guichet:liste_du_jour_pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert Entree.objects.filter(action="sante.lecture").count() == 2
    assert "Personne n’est attendu" in nu(client.get(reverse("guichet:liste_du_jour"), {"jour": "2026-12-03"}))
    assert client.get(reverse("guichet:liste_du_jour"), {"jour": "n’importe quoi"}).status_code == 200


def test_la_liste_du_jour_coute_autant_pour_cent_enfants(guichet, karim, chaveignes, django_assert_max_num_queries):
    from marelle.demandes.decision import accepter_lot

    Jauge.objects.update(places=300)
    client = guichet(karim)
    demandes = monde.beaucoup(100, chaveignes, monde.mercredis(1))
    accepter_lot([une.pk for une in demandes], gens.auteur_agent(karim))
    with django_assert_max_num_queries(14):  # one of them says who was asked together, one the outings
        assert "100 enfants attendus" in nu(client.get(reverse("guichet:liste_du_jour")))


def test_les_courriels_leur_etat_et_leur_relance(guichet, karim, inscrits):
    client = guichet(karim)
    un = Courriel.objects.order_by("pk").first()
    Courriel.objects.filter(pk=un.pk).update(etat="abandonne", derniere_erreur="Boîte pleine.")
    page = nu(client.get(reverse("guichet:courriels"), {"etat": "abandonne"}))
    assert "Boîte pleine." in page
    assert un.objet in client.get(reverse("guichet:courriel", args=[un.pk])).content.decode()
    html = client.get(reverse("guichet:courriel_html", args=[un.pk]))
    assert "sandbox" in html["Content-Security-Policy"]
    assert "default-src 'none'" in html["Content-Security-Policy"]
    client.post(reverse("guichet:relance", args=[un.pk]))
    un.refresh_from_db()
    assert un.etat == "a_envoyer"
    assert "déjà parti" in nu(client.post(reverse("guichet:relance", args=[un.pk]), follow=True))


@pytest.mark.parametrize(
    "adresse",
    [
        *("/guichet/activites/{}/places/?mois=9999-12", "/guichet/activites/{}/places/?mois=0001-01"),
        *("/guichet/activites/{}/places/?mois=zz", "/guichet/liste-du-jour/?jour=9999-12-31&centre="),
        *("/guichet/e-mails/?q=%00&etat=zz&page=-1", "/guichet/familles/?q=%00", "/guichet/?recherche=%00&page=1e9"),
        *("/guichet/?recherche=99999999999999999999", "/guichet/?recherche=D-٣", "/guichet/demandes/lot/?age=x"),
    ],
)
def test_une_adresse_ecrite_a_la_main_ne_casse_rien(guichet, karim, chaveignes, adresse):
    assert guichet(karim).get(adresse.format(chaveignes.pk)).status_code == 200


@pytest.mark.parametrize(
    "adresse",
    [
        *("/guichet/activites/{}/places/n-importe/", "/guichet/activites/{}/places/9999-12-31/"),
        *("/guichet/demandes/99999999999999999999/", "/guichet/liste-du-jour/?centre=zz", "/guichet/e-mails/99/"),
    ],
)
def test_ce_qui_n_existe_pas_est_un_404(guichet, karim, chaveignes, adresse):
    assert guichet(karim).get(adresse.format(chaveignes.pk)).status_code == 404


@pytest.mark.parametrize(
    ("debut", "fin"), [("0001-01-01", "0001-02-01"), ("2027-02-01", "2027-01-01"), ("2027-01-01", "2030-01-01")]
)
def test_ouvrir_des_jours_impossibles_se_refuse(guichet, karim, chaveignes, debut, fin):
    donnees = {"ouvrir-debut": debut, "ouvrir-fin": fin, "ouvrir-jours": ["2"]}
    donnees |= {f"ouvrir-places_{groupe.pk}": 7 for groupe in chaveignes.groupes.order_by("pk")}
    assert guichet(karim).post(reverse("guichet:ouvrir", args=[chaveignes.pk]), donnees).status_code == 422
