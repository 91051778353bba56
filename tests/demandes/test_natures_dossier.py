"""The sheets of the dossier: asked, decided, beside what is in force; nothing that a browser sends is believed."""

import json
from datetime import date

import pytest
from django.db import connection

from marelle.comptes.models import Compte
from marelle.courriels.models import Courriel
from marelle.creances.payeurs import destinataire, payeur_de
from marelle.demandes import decision, fiches
from marelle.demandes.file import lignes
from marelle.demandes.models import Demande
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.passages import Etat
from marelle.facturation.consultation import accorder
from marelle.familles.models import Enfant, FicheEnfant, FicheSanitaire, PersonneAutorisee, Rattachement, Responsable
from marelle.journal.models import Entree
from marelle.socle.erreurs import Refus
from marelle.socle.pays import lignes_d_adresse
from tests import distribution
from tests.demandes import contenus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portail():
    return distribution.collectivite()


@pytest.fixture
def roussel():
    return distribution.famille_roussel()


@pytest.fixture
def karim():
    return distribution.auteur_agent(distribution.karim())


def anouk(roussel) -> Sujet:
    return Sujet(roussel.famille, roussel.anouk)


def demander(roussel, sujet, nature, donnees) -> Demande:
    envoi = fiches.deposer(sujet, {nature: contenus.contenu(nature, sujet, donnees)}, roussel.auteur)
    return envoi.demandes.get()


def ecarts(demande: Demande) -> dict[str, tuple[str, str]]:
    return {un.libelle: (un.en_vigueur, un.demande) for un in demande.type_nature.ecarts(demande) if un.est_change}


DU_DOSSIER = [
    ("fiche_enfant", lambda: contenus.FICHE_ENFANT),
    ("autorisations", contenus.autorisations),
    ("personnes_autorisees", lambda: contenus.PERSONNES),
    ("fiche_sanitaire", lambda: contenus.SANTE),
]


@pytest.mark.parametrize(("nature", "donnees"), DU_DOSSIER, ids=[nature for nature, _ in DU_DOSSIER])
def test_accepter_rend_en_vigueur_ce_qui_etait_demande(roussel, karim, nature, donnees):
    sujet = anouk(roussel)
    demande = demander(roussel, sujet, nature, donnees())
    assert demande.etat == Etat.DEPOSEE
    assert ecarts(demande)
    decision.accepter(demande.pk, karim)
    sujet = Sujet(roussel.famille, Enfant.objects.get(pk=roussel.anouk.pk))
    assert not ecarts(Demande.objects.get(pk=demande.pk))
    en_vigueur = NATURES[nature].en_vigueur(sujet)
    assert {cle: en_vigueur[cle] for cle in demande.contenu} == demande.contenu


@pytest.mark.parametrize(("nature", "donnees"), DU_DOSSIER, ids=[nature for nature, _ in DU_DOSSIER])
def test_refuser_ne_change_rien(roussel, karim, nature, donnees):
    sujet = anouk(roussel)
    avant = NATURES[nature].en_vigueur(sujet)
    demande = demander(roussel, sujet, nature, donnees())
    decision.refuser(demande.pk, karim, "L’attestation ne va pas avec.")
    assert NATURES[nature].en_vigueur(Sujet(roussel.famille, Enfant.objects.get(pk=roussel.anouk.pk))) == avant
    assert "L’attestation ne va pas avec." in Courriel.objects.filter(gabarit="decision").first().texte


def test_redemander_remplace_ce_qui_attendait_et_oublie_le_brouillon(roussel):
    sujet = anouk(roussel)
    premiere = demander(roussel, sujet, "fiche_enfant", contenus.FICHE_ENFANT)
    brouillon = fiches.garder_brouillon(sujet, "fiche_enfant", {"classe": "CM2"})
    seconde = demander(roussel, sujet, "fiche_enfant", {**contenus.FICHE_ENFANT, "classe": "CM2"})
    premiere.refresh_from_db()
    assert (premiere.etat, seconde.etat, seconde.pk) == (Etat.RETIREE, Etat.DEPOSEE, brouillon.pk)
    assert Demande.objects.filter(etat=Etat.PANIER).count() == 0


def test_une_fiche_renvoyee_repart_sous_le_meme_numero(roussel, karim):
    sujet = anouk(roussel)
    demande = demander(roussel, sujet, "fiche_enfant", contenus.FICHE_ENFANT)
    decision.renvoyer(demande.pk, karim, "Le numéro de contrat n’est pas lisible.")
    fiches.garder_brouillon(sujet, "fiche_enfant", {"assurance_police": "AB-9"})
    corrigee = demander(roussel, sujet, "fiche_enfant", {**contenus.FICHE_ENFANT, "assurance_police": "AB-999"})
    assert corrigee.pk == demande.pk
    assert corrigee.etat == Etat.DEPOSEE
    assert list(Demande.objects.values_list("pk", flat=True)) == [demande.pk]


def test_la_fiche_sanitaire_est_chiffree_partout_dans_la_base(roussel, karim):
    sujet = anouk(roussel)
    demande = demander(roussel, sujet, "fiche_sanitaire", contenus.SANTE)
    assert demande.contenu_clair == {}
    assert demande.type_nature.resumer(demande) == "Fiche médicale"
    decision.accepter(demande.pk, karim)
    with connection.cursor() as curseur:
        brut = ""
        for table in ("demandes_demande", "familles_fichesanitaire", "courriels_courriel", "journal_entree"):
            curseur.execute(f"SELECT * FROM {table}")
            brut += str(curseur.fetchall())
    assert "Arachide" not in brut
    assert "varicelle" not in brut
    fiche = FicheSanitaire.objects.get(enfant=roussel.anouk)
    assert fiche.alerte == "Arachide – Antihistaminique, puis le 15."
    assert fiche.a_pai
    assert json.loads(fiche.contenu)["vaccin_dtp"] == "2023-04-12"


def test_les_vaccins_demandes_sont_ceux_de_l_age(roussel):
    grande = NATURES["fiche_sanitaire"].formulaire(anouk(roussel))
    petit = NATURES["fiche_sanitaire"].formulaire(Sujet(roussel.famille, roussel.elio))
    assert [nom for nom in grande.fields if nom.startswith("vaccin_")] == ["vaccin_dtp"]
    assert len([nom for nom in petit.fields if nom.startswith("vaccin_")]) == 7
    assert "a-t-il des allergies" in str(petit.fields["allergie"].label)


@pytest.mark.parametrize(
    ("change", "champ", "phrase"),
    [
        ({"vaccin_dtp": ""}, "vaccin_dtp", "dites plus bas pourquoi"),
        ({"vaccin_dtp": "2031-01-01"}, "vaccin_dtp", "n’est pas encore passée"),
        ({"vaccin_dtp": "2016-01-01"}, "vaccin_dtp", "n’était pas encore née"),
        ({"allergie": ""}, "allergie", "oui ou par non"),
        ({"allergie": "peut-être"}, "allergie", "Choisissez"),
        ({"allergies": ""}, "allergies", "par exemple arachide"),
        ({"conduite": ""}, "conduite", "appeler le 15"),
        ({"maladies": ["peste"]}, "maladies", "Choisissez parmi"),
        ({"medecin_telephone": "12"}, "medecin_telephone", "06 12 34 56 78"),
        ({"autres": "x" * 1001}, "autres", "1000 caractères"),
        ({"autres": "a\x00b"}, "autres", ""),
    ],
)
def test_une_fiche_medicale_mal_remplie_dit_quoi_faire(roussel, change, champ, phrase):
    forme = contenus.formulaire("fiche_sanitaire", anouk(roussel), {**contenus.SANTE, **change})
    assert not forme.is_valid()
    assert phrase in " ".join(forme.errors[champ])


def test_un_vaccin_manquant_s_explique(roussel):
    donnees = {**contenus.SANTE, "vaccin_dtp": "", "vaccins_absents": "Rendez-vous le 3 décembre."}
    assert contenus.contenu("fiche_sanitaire", anouk(roussel), donnees)["vaccin_dtp"] is None


def test_les_autorisations_se_repondent_toutes(roussel, karim):
    sujet = anouk(roussel)
    assert not contenus.formulaire("autorisations", sujet, {"sorties": "oui"}).is_valid()
    demande = demander(roussel, sujet, "autorisations", contenus.autorisations(partir_seul="non"))
    decision.accepter(demande.pk, karim)
    roussel.anouk.refresh_from_db()
    assert roussel.anouk.autorisations.accords["partir_seul"] is False
    assert roussel.anouk.autorisations.accords["baignade"] is True


def test_la_fiche_d_information_change_l_enfant_et_garde_son_passe(roussel, karim):
    demande = demander(roussel, anouk(roussel), "fiche_enfant", {**contenus.FICHE_ENFANT, "prenom": "Anouck"})
    assert ecarts(demande)["Prénom"] == ("Anouk", "Anouck")
    assert ecarts(demande)["Type de repas"] == ("–", "Repas sans porc")
    decision.accepter(demande.pk, karim)
    roussel.anouk.refresh_from_db()
    assert roussel.anouk.prenom == "Anouck"
    assert roussel.anouk.history.count() == 2
    assert FicheEnfant.objects.get(enfant=roussel.anouk).validee_le is not None


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"prenom": ""}, "prenom"),
        ({"prenom": "<script>alert(1)</script>"}, "prenom"),
        ({"nom": "a" * 81}, "nom"),
        ({"date_naissance": "1999-01-01"}, "date_naissance"),
        ({"date_naissance": "31/02/2017"}, "date_naissance"),
        ({"type_repas": "caviar"}, "type_repas"),
        ({"sexe": "x"}, "sexe"),
        ({"assurance_police": ""}, "assurance_police"),
    ],
)
def test_une_fiche_d_information_hostile_est_refusee(roussel, change, champ):
    forme = contenus.formulaire("fiche_enfant", anouk(roussel), {**contenus.FICHE_ENFANT, **change})
    assert not forme.is_valid()
    assert list(forme.errors) == [champ]


def test_ce_qui_n_est_pas_un_champ_n_est_pas_garde(roussel):
    donnees = {**contenus.FICHE_ENFANT, "etat": "acceptee", "validee_le": "2026-01-01", "est_archive": "on"}
    assert set(contenus.contenu("fiche_enfant", anouk(roussel), donnees)) == set(contenus.FICHE_ENFANT)


def test_les_personnes_s_ajoutent_se_retirent_et_se_comparent_par_leur_nom(roussel, karim):
    sujet = anouk(roussel)
    PersonneAutorisee.objects.create(
        enfant=roussel.anouk, prenom="Luc", nom="Petit", lien="voisin", telephone="06 99 88 77 66"
    )
    demande = demander(roussel, sujet, "personnes_autorisees", contenus.PERSONNES)
    assert ecarts(demande) == {
        "Luc Petit": ("voisin, 06 99 88 77 66, peut venir chercher l’enfant", "–"),
        "Jeanne Lemoine": ("–", "grand-mère, 06 12 34 56 78, peut venir chercher l’enfant"),
    }
    decision.accepter(demande.pk, karim)
    assert [str(une) for une in roussel.anouk.personnes_autorisees.all()] == ["Jeanne Lemoine"]


@pytest.mark.parametrize(
    ("donnees", "champ"),
    [
        ({"combien": "2"}, "aucune"),
        ({**contenus.PERSONNES, "aucune": "on"}, "aucune"),
        ({**contenus.PERSONNES, "telephone_1": ""}, "telephone_1"),
        ({**contenus.PERSONNES, "telephone_1": "bonjour"}, "telephone_1"),
        ({**contenus.PERSONNES, "lien_1": ""}, "lien_1"),
    ],
)
def test_une_liste_de_personnes_incomplete_est_refusee(roussel, donnees, champ):
    forme = contenus.formulaire("personnes_autorisees", anouk(roussel), donnees)
    assert not forme.is_valid()
    assert list(forme.errors) == [champ]


def test_une_erreur_dit_de_quelle_personne_elle_parle(roussel):
    """Ten persons have the same four fields: the summary at the top of the page names the one."""
    deux = {**contenus.PERSONNES, "combien": "2", "prenom_2": "Paul", "nom_2": "Petit", "lien_2": "voisin"}
    forme = contenus.formulaire("personnes_autorisees", anouk(roussel), deux)
    assert [champ.nom_court for champ in forme if champ.errors] == ["Personne 2, téléphone"]


def test_personne_d_autre_est_une_reponse(roussel, karim):
    demande = demander(roussel, anouk(roussel), "personnes_autorisees", {"combien": "2", "aucune": "on"})
    decision.accepter(demande.pk, karim)
    assert NATURES["personnes_autorisees"].en_vigueur(anouk(roussel)) == {"personnes": [], "aucune": True}


def test_le_nombre_de_personnes_montrees_a_un_plafond(roussel):
    for combien in ("999999999", "-3", "dix", ""):
        forme = contenus.formulaire("personnes_autorisees", anouk(roussel), {**contenus.PERSONNES, "combien": combien})
        assert 1 <= forme.nombre <= 10


def test_la_fiche_de_l_adulte_date_l_accord_et_deplace_l_adresse_du_compte(roussel, karim):
    sujet = Sujet(roussel.famille, None, roussel.camille)
    Compte.objects.filter(pk=roussel.compte.pk).update(email=roussel.camille.courriel)
    demande = demander(roussel, sujet, "fiche_responsable", contenus.RESPONSABLE)
    assert ecarts(demande)["Mobile"] == ("06 12 34 56 78", "06 11 22 33 44")
    decision.accepter(demande.pk, karim)
    roussel.camille.refresh_from_db()
    roussel.compte.refresh_from_db()
    assert roussel.camille.accord_facture_le is not None
    assert roussel.compte.email == "camille.roussel@familles.exemple"
    assert Courriel.objects.get(gabarit="courriel_change").destinataire == "camille@familles.exemple"
    assert Entree.objects.filter(action="compte.courriel_change").exists()


@pytest.mark.parametrize("avant", [True, False])
def test_l_accord_donne_ou_retire_depuis_passe_avant_la_fiche_qui_attend(roussel, karim, horloge, avant):
    """The sheet says yes: withdrawn before it was sent, it is given again; withdrawn after, it stays withdrawn."""
    sujet, camille = Sujet(roussel.famille, None, roussel.camille), roussel.camille
    horloge("2026-11-16 09:00")
    accorder(camille, accepte=True, par=roussel.compte)
    if avant:
        accorder(camille, accepte=False, par=roussel.compte)
    horloge("2026-11-17 09:00")
    demande = demander(roussel, sujet, "fiche_responsable", contenus.RESPONSABLE)
    horloge("2026-11-18 09:00")
    if not avant:
        accorder(camille, accepte=False, par=roussel.compte)
    dit = "J’accepte de recevoir mes factures par e-mail."
    assert ecarts(Demande.objects.get(pk=demande.pk)).get(dit) == (("Non", "Oui") if avant else None)
    decision.accepter(demande.pk, karim)
    camille.refresh_from_db()
    assert (camille.accord_facture_electronique, camille.accord_facture_le is not None) == (avant, avant)
    assert camille.mobile == "06 11 22 33 44"


def test_le_compte_d_un_autre_foyer_ne_suit_pas(roussel, karim):
    fauvel = distribution.famille_fauvel()
    Compte.objects.filter(pk=fauvel.compte.pk).update(email=roussel.camille.courriel)
    sujet = Sujet(roussel.famille, None, roussel.camille)
    decision.accepter(demander(roussel, sujet, "fiche_responsable", contenus.RESPONSABLE).pk, karim)
    fauvel.compte.refresh_from_db()
    assert fauvel.compte.email == "camille@familles.exemple"


@pytest.mark.parametrize(
    ("change", "champ", "phrase"),
    [
        ({"code_postal": "3750"}, "code_postal", "Le code postal a cinq chiffres, par exemple 37500."),
        ({"code_postal": "37500\n"}, None, ""),
        ({"courriel": "camille"}, "courriel", "Écrivez une adresse e-mail complète"),
        ({"mobile": "0123"}, "mobile", "par exemple 06 12 34 56 78"),
        ({"mobile": ""}, "mobile", "où vous joindre"),
        ({"nom": "R2-D2 <b>"}, "nom", "Écrivez un nom"),
        ({"code_postal": "1050"}, "code_postal", "choisissez aussi le pays"),
        ({"code_postal": "1050", "commune": "Ixelles", "pays": "BE"}, None, ""),
        ({"code_postal": "", "commune": "Dublin 2", "pays": "IE"}, None, ""),
        ({"code_postal": ""}, "code_postal", "À remplir."),
    ],
)
def test_une_fiche_d_adulte_mal_remplie_dit_quoi_faire(roussel, change, champ, phrase):
    sujet = Sujet(roussel.famille, None, roussel.camille)
    forme = contenus.formulaire("fiche_responsable", sujet, {**contenus.RESPONSABLE, **change})
    assert forme.is_valid() is (champ is None)
    if champ:
        assert phrase in " ".join(forme.errors[champ])


@pytest.mark.parametrize(
    ("saisie", "garde"),
    [("0612345678", "06 12 34 56 78"), ("+33 6 12 34 56 78", "06 12 34 56 78"), ("+32470123456", "+32 470 12 34 56")],
)
def test_un_telephone_s_ecrit_comme_on_le_lit(roussel, saisie, garde):
    sujet = Sujet(roussel.famille, None, roussel.camille)
    assert contenus.contenu("fiche_responsable", sujet, {**contenus.RESPONSABLE, "mobile": saisie})["mobile"] == garde


def test_le_pays_de_l_adresse_vaut_une_fois_accepte_et_s_imprime(roussel, karim):
    sujet = Sujet(roussel.famille, None, roussel.camille)
    ailleurs = {**contenus.RESPONSABLE, "code_postal": "1050", "commune": "Ixelles", "pays": "BE"}
    demande = demander(roussel, sujet, "fiche_responsable", ailleurs)
    dits = {un.champ: (un.en_vigueur, un.demande) for un in NATURES["fiche_responsable"].ecarts(demande)}
    assert dits["pays"] == ("France", "Belgique")
    decision.accepter(demande.pk, karim)
    ecrit = destinataire(payeur_de(roussel.famille))
    assert lignes_d_adresse(ecrit)[1:] == ["1050 Ixelles", "BELGIQUE"]
    ancienne = demander(roussel, sujet, "fiche_responsable", ailleurs)  # sent before countries were known
    ancienne.contenu = {nom: dit for nom, dit in ancienne.contenu.items() if nom != "pays"}
    ancienne.save()
    decision.accepter(ancienne.pk, karim)
    assert Responsable.objects.get(pk=roussel.camille.pk).pays == "BE"


def test_un_nouvel_enfant_existe_une_fois_accepte(roussel, karim):
    sujet = Sujet(roussel.famille)
    demande = demander(roussel, sujet, "nouvel_enfant", contenus.NOUVEL_ENFANT)
    assert roussel.famille.enfants.count() == 3
    assert [une.qui for une in lignes([demande])] == ["Famille Roussel"]  # she is nobody yet
    decision.accepter(demande.pk, karim)
    zoe = Enfant.objects.get(prenom="Zoé")
    assert zoe.date_naissance == date(2024, 2, 29)
    assert Rattachement.objects.get(enfant=zoe).famille == roussel.famille
    demande.refresh_from_db()
    assert demande.enfant == zoe


def test_le_meme_nouvel_enfant_ne_se_cree_pas_deux_fois(roussel, karim):
    sujet = Sujet(roussel.famille)
    une, autre = (demander(roussel, sujet, "nouvel_enfant", contenus.NOUVEL_ENFANT) for _ in range(2))
    assert une.pk != autre.pk
    decision.accepter(une.pk, karim)
    with pytest.raises(Refus, match="déjà dans cette famille"):
        decision.accepter(autre.pk, karim)
    assert not contenus.formulaire("nouvel_enfant", sujet, contenus.NOUVEL_ENFANT).is_valid()


def test_un_nouvel_enfant_renvoye_repart_sous_le_meme_numero(roussel, karim):
    sujet = Sujet(roussel.famille)
    demande = demander(roussel, sujet, "nouvel_enfant", contenus.NOUVEL_ENFANT)
    decision.renvoyer(demande.pk, karim, "La date est-elle juste ?")
    contenu = contenus.contenu("nouvel_enfant", sujet, {**contenus.NOUVEL_ENFANT, "date_naissance": "2023-02-28"})
    envoi = fiches.deposer(sujet, {"nouvel_enfant": contenu}, roussel.auteur, reprise_id=demande.pk)
    assert envoi.demandes.get().pk == demande.pk


def test_chaque_contenu_est_du_json_et_un_brouillon_retrouve_ce_qui_est_faux(roussel):
    sujet = anouk(roussel)
    forme = contenus.formulaire(
        "fiche_enfant", sujet, {**contenus.FICHE_ENFANT, "date_naissance": "bientôt", "nom": ""}
    )
    brouillon = fiches.garder_brouillon(sujet, "fiche_enfant", forme.brouillon())
    relue = Demande.objects.get(pk=brouillon.pk).contenu
    assert (relue["date_naissance"], relue["nom"], relue["type_repas"]) == ("bientôt", "", "sans_porc")
    forme = contenus.formulaire("personnes_autorisees", sujet, {**contenus.PERSONNES, "telephone_1": "06"})
    assert forme.brouillon()["personnes"][0]["telephone"] == "06"
