"""« Mon compte » in the guide's order: cards and pencils, three tabs one after the other, certification, drafts, pending."""

import re

import pytest
from django.urls import reverse

from marelle.demandes import decision, fiches
from marelle.demandes.models import Demande, Envoi
from marelle.demandes.natures import Sujet
from marelle.demandes.passages import Etat
from marelle.espace_famille.liens import lien_de_l_exigence
from marelle.familles.models import FicheSanitaire
from tests import distribution, monde
from tests.demandes import contenus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portail():
    return distribution.collectivite()


@pytest.fixture
def roussel():
    return distribution.famille_roussel()


@pytest.fixture
def camille(client, roussel):
    """The Roussels' browser."""
    client.force_login(roussel.compte)
    return client


@pytest.fixture
def karim():
    return distribution.auteur_agent(distribution.karim())


def adresse(enfant, onglet="information") -> str:
    return reverse("espace_famille:fiche", args=[enfant.pk, onglet])


def postees(page, *natures: tuple[str, dict], certifie: bool = True, **boutons: str) -> dict:
    """What a browser posts from this page: its token, the answers, the box."""
    jeton = re.search(r'name="jeton" value="([^"]+)"', page.content.decode())[1]
    donnees = {f"{nature}-{nom}": valeur for nature, dites in natures for nom, valeur in dites.items()}
    return {**donnees, "jeton": jeton, **({"certifie": "on"} if certifie else {}), **boutons}


def information(**change):
    return (("fiche_enfant", {**contenus.FICHE_ENFANT, **change}), ("autorisations", contenus.autorisations()))


def valider(client, enfant, onglet, *natures):
    page = client.get(adresse(enfant, onglet))
    return client.post(adresse(enfant, onglet), postees(page, *natures))


def texte(reponse) -> str:
    brut = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", brut.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "’"))


def test_mon_compte_montre_chaque_membre_avec_son_crayon(camille, roussel):
    page = camille.get(reverse("espace_famille:dossier"))
    html = page.content.decode()
    for enfant in roussel.enfants.values():
        assert reverse("espace_famille:enfant", args=[enfant.pk]) in html
        assert f"Modifier la fiche\u00a0: {enfant.prenom}" in html
    for adulte in roussel.adultes.values():
        assert reverse("espace_famille:adulte", args=[adulte.pk]) in html
    assert "Dossier à compléter" in html
    assert "Transmettre des documents" in html


def test_mon_compte_tient_son_budget_de_requetes(camille, django_assert_max_num_queries):
    camille.get(reverse("espace_famille:dossier"))
    with django_assert_max_num_queries(12):
        camille.get(reverse("espace_famille:dossier"))


def test_un_onglet_tient_son_budget_de_requetes(camille, roussel, django_assert_max_num_queries):
    camille.get(adresse(roussel.anouk))
    with django_assert_max_num_queries(12):
        camille.get(adresse(roussel.anouk))


def test_le_crayon_mene_au_premier_onglet_a_faire(camille, roussel):
    crayon = reverse("espace_famille:enfant", args=[roussel.anouk.pk])
    assert camille.get(crayon).url == adresse(roussel.anouk)
    valider(camille, roussel.anouk, "information", *information())
    assert camille.get(crayon).url == adresse(roussel.anouk, "personnes")


def test_les_trois_onglets_se_valident_l_un_apres_l_autre(camille, roussel):
    refus = camille.get(adresse(roussel.anouk, "medicale"), follow=True)
    assert "Validez d’abord la fiche d’information" in texte(refus)
    suite = valider(camille, roussel.anouk, "information", *information())
    assert suite.url == adresse(roussel.anouk, "personnes")
    suite = valider(camille, roussel.anouk, "personnes", ("personnes_autorisees", contenus.PERSONNES))
    assert suite.url == adresse(roussel.anouk, "medicale")
    suite = valider(camille, roussel.anouk, "medicale", ("fiche_sanitaire", contenus.SANTE))
    assert suite.url == reverse("espace_famille:dossier")
    natures = set(Demande.objects.filter(etat=Etat.DEPOSEE, enfant=roussel.anouk).values_list("nature", flat=True))
    assert natures == {"fiche_enfant", "autorisations", "personnes_autorisees", "fiche_sanitaire"}


def test_un_onglet_ferme_ne_recoit_rien(camille, roussel):
    page = camille.get(adresse(roussel.anouk))
    reponse = camille.post(adresse(roussel.anouk, "medicale"), postees(page, ("fiche_sanitaire", contenus.SANTE)))
    assert reponse.status_code == 302
    assert not Demande.objects.exists()


def test_la_case_a_cocher_est_obligatoire_et_rien_de_tape_n_est_perdu(camille, roussel):
    page = camille.get(adresse(roussel.anouk))
    donnees = postees(page, *information(classe="CM1 de madame Faye"), certifie=False)
    reponse = camille.post(adresse(roussel.anouk), donnees)
    assert reponse.status_code == 422
    assert "Cochez la case pour valider la fiche d’information." in texte(reponse)
    assert "CM1 de madame Faye" in reponse.content.decode()
    assert 'href="#id_certifie"' in reponse.content.decode()
    assert not Demande.objects.exists()


def test_les_fautes_sont_resumees_et_menent_a_leur_champ(camille, roussel):
    page = camille.get(adresse(roussel.anouk))
    reponse = camille.post(adresse(roussel.anouk), postees(page, *information(assurance_police="", type_repas="")))
    assert reponse.status_code == 422
    assert "2 réponses sont à corriger" in texte(reponse)
    assert 'href="#id_fiche_enfant-assurance_police"' in reponse.content.decode()


def test_enregistrer_sans_valider_se_retrouve_sur_un_autre_appareil(camille, roussel):
    page = camille.get(adresse(roussel.anouk))
    donnees = postees(page, *information(assurance_police="", classe="CE2"), certifie=False, brouillon="1")
    camille.post(adresse(roussel.anouk), donnees)
    assert set(Demande.objects.values_list("etat", flat=True)) == {Etat.PANIER}
    camille.logout()
    camille.force_login(roussel.compte)
    relue = camille.get(adresse(roussel.anouk))
    assert 'value="CE2"' in relue.content.decode()
    assert "Brouillon : rien n’est encore envoyé" in texte(relue)
    assert not Envoi.objects.exists()


def test_le_brouillon_de_la_fiche_medicale_est_chiffre(camille, roussel):
    valider(camille, roussel.anouk, "information", *information())
    valider(camille, roussel.anouk, "personnes", ("personnes_autorisees", contenus.PERSONNES))
    page = camille.get(adresse(roussel.anouk, "medicale"))
    donnees = postees(page, ("fiche_sanitaire", {"allergies": "Arachide"}), certifie=False, brouillon="1")
    camille.post(adresse(roussel.anouk, "medicale"), donnees)
    brouillon = Demande.objects.get(nature="fiche_sanitaire")
    assert brouillon.contenu_clair == {}
    assert brouillon.contenu["allergies"] == "Arachide"


def test_poste_deux_fois_une_seule_demande(camille, roussel):
    page = camille.get(adresse(roussel.anouk))
    donnees = postees(page, *information())
    for _ in range(2):
        assert camille.post(adresse(roussel.anouk), donnees).status_code == 302
    assert Envoi.objects.count() == 1
    assert Demande.objects.count() == 2


def test_ajouter_une_personne_garde_ce_qui_est_tape_sans_parler_de_faute(camille, roussel):
    valider(camille, roussel.anouk, "information", *information())
    page = camille.get(adresse(roussel.anouk, "personnes"))
    dites = {**contenus.PERSONNES, "prenom_2": "Luc", "nom_2": "Petit"}
    donnees = postees(page, ("personnes_autorisees", dites), certifie=False, ajouter="1")
    reponse = camille.post(adresse(roussel.anouk, "personnes"), donnees)
    assert reponse.status_code == 200
    html = reponse.content.decode()
    assert 'value="Luc"' in html
    assert "personnes_autorisees-prenom_3" in html
    assert 'role="alert"' not in html


def test_un_changement_attend_a_cote_de_ce_qui_est_en_vigueur(camille, roussel, karim):
    valider(camille, roussel.anouk, "information", *information())
    for demande in Demande.objects.filter(etat=Etat.DEPOSEE).order_by("pk"):
        decision.accepter(demande.pk, karim)
    valider(camille, roussel.anouk, "information", *information(type_repas="sans_viande"))
    page = texte(camille.get(adresse(roussel.anouk)))
    assert "Demande en attente Repas sans porc Repas sans viande" in page
    assert "Modification envoyée le" in page


def test_une_fiche_renvoyee_montre_le_motif_et_ce_qui_etait_demande(camille, roussel, karim):
    valider(camille, roussel.anouk, "information", *information())
    demande = Demande.objects.get(nature="fiche_enfant")
    decision.renvoyer(demande.pk, karim, "Le numéro de contrat est illisible.")
    page = camille.get(adresse(roussel.anouk))
    assert "« Le numéro de contrat est illisible. »" in texte(page)
    assert 'value="AB-1234"' in page.content.decode()
    valider(camille, roussel.anouk, "information", *information(assurance_police="ZZ-1"))
    demande.refresh_from_db()
    assert (demande.etat, demande.contenu["assurance_police"]) == (Etat.DEPOSEE, "ZZ-1")


def test_la_fiche_d_un_adulte(camille, roussel):
    ou = reverse("espace_famille:adulte", args=[roussel.camille.pk])
    assert texte(camille.get(ou)).count("écrivez au ") == 1, "où écrire se dit une fois"
    page = camille.get(ou)
    assert 'value="4 rue du Puits"' in page.content.decode()
    faute = camille.post(ou, postees(page, ("fiche_responsable", {**contenus.RESPONSABLE, "code_postal": "375"})))
    assert faute.status_code == 422
    assert "Le code postal a cinq chiffres, par exemple 37500." in texte(faute)
    assert camille.post(ou, postees(page, ("fiche_responsable", contenus.RESPONSABLE))).status_code == 302
    assert Demande.objects.get().responsable == roussel.camille
    assert "Modification en attente" in texte(camille.get(reverse("espace_famille:dossier")))


def test_ajouter_un_enfant_puis_le_corriger(camille, roussel, karim):
    ou = reverse("espace_famille:nouvel_enfant")
    camille.post(ou, postees(camille.get(ou), ("nouvel_enfant", contenus.NOUVEL_ENFANT)))
    demande = Demande.objects.get(nature="nouvel_enfant")
    decision.renvoyer(demande.pk, karim, "Écrivez aussi l’école.")
    assert "Corriger" in texte(camille.get(reverse("espace_famille:dossier")))
    corrige = f"{ou}?demande={demande.pk}"
    page = camille.get(corrige)
    assert "Écrivez aussi l’école." in texte(page)
    camille.post(corrige, postees(page, ("nouvel_enfant", {**contenus.NOUVEL_ENFANT, "ecole": "Chaveignes"})))
    demande.refresh_from_db()
    assert (demande.etat, demande.contenu["ecole"]) == (Etat.DEPOSEE, "Chaveignes")
    assert Demande.objects.count() == 1


def test_ce_qui_est_a_une_autre_famille_n_existe_pas(camille, roussel):
    fauvel = distribution.famille_fauvel()
    sujet = Sujet(fauvel.famille)
    contenu = contenus.contenu("nouvel_enfant", sujet, contenus.NOUVEL_ENFANT)
    autre = fiches.deposer(sujet, {"nouvel_enfant": contenu}, fauvel.auteur).demandes.get()
    adresses = [
        adresse(fauvel.malo),
        reverse("espace_famille:enfant", args=[fauvel.malo.pk]),
        reverse("espace_famille:adulte", args=[fauvel.ines.pk]),
        reverse("espace_famille:photo", args=[fauvel.malo.pk]),
        f"{reverse('espace_famille:nouvel_enfant')}?demande={autre.pk}",
        adresse(roussel.anouk, "inconnu"),
        reverse("espace_famille:enfant", args=[999999]),
    ]
    assert [camille.get(une).status_code for une in adresses] == [404] * len(adresses)
    page = camille.get(adresse(roussel.anouk))
    assert camille.post(adresse(fauvel.malo), postees(page, *information())).status_code == 404
    assert Demande.objects.filter(famille=roussel.famille).count() == 0


def test_un_enfant_de_deux_foyers_se_modifie_des_deux_sans_montrer_l_autre(client, roussel, karim):
    lemoine = distribution.famille_lemoine(roussel.anouk)
    client.force_login(lemoine.compte)
    valider(client, roussel.anouk, "information", *information(assurance_compagnie="MAIF de Hugo"))
    assert client.get(reverse("espace_famille:adulte", args=[roussel.camille.pk])).status_code == 404
    assert client.get(reverse("espace_famille:enfant", args=[roussel.elio.pk])).status_code == 404
    client.force_login(roussel.compte)
    page = texte(client.get(adresse(roussel.anouk)))
    assert "L’autre foyer a aussi demandé une modification" in page
    assert "MAIF de Hugo" not in page
    for demande in Demande.objects.filter(etat=Etat.DEPOSEE).order_by("pk"):
        decision.accepter(demande.pk, karim)
    assert "MAIF de Hugo" in client.get(adresse(roussel.anouk)).content.decode()


def test_un_agent_est_mene_au_guichet_et_un_inconnu_a_la_connexion(client, roussel):
    assert client.get(adresse(roussel.anouk)).status_code == 302
    client.force_login(distribution.karim().compte)
    assert client.get(adresse(roussel.anouk)).url.startswith("/guichet")


@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        ("fiche_enfant", "/information/"),
        ("autorisations", "/information/"),
        ("personnes_autorisees", "/personnes/"),
        ("fiche_sanitaire", "/medicale/"),
        ("piece.assurance", "/documents/?type=assurance&enfant=7"),
        ("modification_en_attente", "/demandes/"),
        ("autre_chose", "/dossier/"),
    ],
)
def test_chaque_manque_a_son_adresse(code, attendu):
    assert lien_de_l_exigence(7, code).endswith(attendu)


def test_l_accueil_dit_qui_attend_le_service(camille, roussel):
    """Nothing to do is not everything in order: a family that has just sent its sheets cannot book yet, and is told why."""
    for enfant in roussel.enfants.values():
        monde.dossier_complet(roussel, enfant)
    assert "Tout est en ordre." in texte(camille.get("/"))
    FicheSanitaire.objects.filter(enfant=roussel.anouk).update(validee_le=None)
    valider(camille, roussel.anouk, "medicale", ("fiche_sanitaire", contenus.SANTE))
    page = texte(camille.get("/"))
    assert "vous avez envoyé pour Anouk, puis vous pourrez réserver." in page
    assert "Tout est en ordre" not in page


def test_l_accueil_propose_l_onglet_que_l_on_peut_remplir(camille, roussel):
    """Three tabs that open one after the other are one thing to do, which says what follows; a document is another."""
    page = camille.get(reverse("espace_famille:accueil")).content.decode().replace("\u00a0", " ")
    assert page.count("Compléter la fiche") == len(roussel.enfants)
    assert page.count("Ensuite : personnes autorisées et fiche médicale.") == len(roussel.enfants)
    valider(camille, roussel.elio, "information", *information())
    page = camille.get(reverse("espace_famille:accueil")).content.decode().replace("\u00a0", " ")
    assert "Personnes autorisées d’Élio" in page
    assert page.count("Ensuite : fiche médicale.") == 1
