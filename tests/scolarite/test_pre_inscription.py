"""*Fiche de pré-inscription*: sent by who has no access, unread until its address is confirmed, once, and forgotten in time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from marelle.collectivite.models import Collectivite
from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.cryptogramme import defi
from marelle.journal.models import Entree
from marelle.scolarite import pre_inscription as fiches
from marelle.scolarite.models import PreInscription
from marelle.scolarite.oubli import oublier_les_pre_inscriptions
from marelle.socle.memoire import oublier
from tests.distribution import famille_roussel, karim
from tests.scolarite.monde import ADRESSE, confirmee, dit, envoyer, reponses, secret

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ouverte")]


def test_du_formulaire_au_service_par_le_lien(client: Client) -> None:
    fiche = envoyer(client)
    assert fiche.etat == "a_confirmer"
    assert "Il reste à confirmer" in dit(client.get(f"{ADRESSE}envoyee/"))
    reponse = client.get(f"{ADRESSE}confirmation/{secret()}/")
    assert reponse.url == f"{ADRESSE}confirmation/"
    assert PreInscription.objects.get().etat == "a_confirmer", "opening a link confirms nothing"
    assert fiche.numero in dit(client.post(reponse.url))
    fiche.refresh_from_db()
    assert fiche.etat == "deposee"
    assert fiche.contenu["enfants"][0]["prenom"] == "Sami"
    assert fiche.contenu["souhaits"] == ["mercredi", "ecole"]
    [recue] = Courriel.objects.filter(gabarit="pre_inscription_recue")
    assert recue.destinataire == "nour@exemple.fr"
    assert fiche.numero in recue.texte


def test_le_lien_ne_sert_qu_une_fois(client: Client) -> None:
    confirmee(client)
    rejoue = client.get(f"{ADRESSE}confirmation/{secret()}/")
    assert rejoue.status_code == 410
    assert "Ce lien a déjà servi" in dit(rejoue)
    assert client.post(f"{ADRESSE}confirmation/").status_code == 410
    assert Courriel.objects.filter(gabarit="pre_inscription_recue").count() == 1


@pytest.mark.parametrize("faux", ["x", "A" * 43, "0", "..%2f"])
def test_un_lien_forge_n_existe_pas(client: Client, faux: str) -> None:
    envoyer(client)
    assert client.get(f"{ADRESSE}confirmation/{faux}/").status_code == 404
    assert client.post(f"{ADRESSE}confirmation/").status_code == 404
    assert PreInscription.objects.get().etat == "a_confirmer"


def test_un_lien_perime_ne_confirme_rien(client: Client, horloge: Callable[[str], object]) -> None:
    envoyer(client)
    lien = f"{ADRESSE}confirmation/{secret()}/"
    horloge("2026-11-25 10:00")
    assert client.get(lien).status_code == 410


def test_le_lien_n_est_garde_nulle_part(client: Client) -> None:
    fiche = envoyer(client)
    assert secret() not in (fiche.empreinte, str(fiche.jeton))
    assert Courriel.objects.get().est_confidentiel


def test_envoyee_deux_fois_une_seule_fiche(client: Client) -> None:
    saisies = reponses()
    assert client.post(ADRESSE, saisies).status_code == client.post(ADRESSE, saisies).status_code == 302
    assert PreInscription.objects.count() == Courriel.objects.count() == 1


def test_l_email_ne_repete_rien_de_ce_qui_est_ecrit(client: Client) -> None:
    """Whoever gives somebody else's address sends them no words of theirs."""
    envoyer(client, adulte1__nom="Gagnez-un-voyage", enfant1__prenom="Publicité")
    courriel = Courriel.objects.get()
    for mot in ("Gagnez", "Publicité", "Nour"):
        assert mot not in courriel.objet + courriel.texte + courriel.html


def test_la_page_ne_dit_pas_si_l_adresse_est_connue(client: Client) -> None:
    famille_roussel()
    connue = client.post(ADRESSE, reponses(adulte1__courriel="camille@familles.exemple"))
    inconnue = client.post(ADRESSE, reponses())
    assert (connue.status_code, connue.url) == (inconnue.status_code, inconnue.url)


def test_trois_fiches_par_jour_pour_une_adresse(client: Client) -> None:
    for _ in range(3):
        envoyer(client)
    trop = client.post(ADRESSE, reponses(adulte1__courriel="NOUR@exemple.fr"))
    assert trop.status_code == 429
    assert "Trop de fiches" in dit(trop)
    assert 'value="Belkacem"' in dit(trop), "nothing typed is lost"
    assert PreInscription.objects.count() == 3
    assert client.post(ADRESSE, reponses(adulte1__courriel="autre@exemple.fr")).status_code == 302


def test_dix_fiches_par_heure_d_un_meme_endroit(client: Client) -> None:
    for n in range(10):
        envoyer(client, adulte1__courriel=f"n{n}@exemple.fr")
    assert client.post(ADRESSE, reponses(adulte1__courriel="n11@exemple.fr")).status_code == 429


def test_le_champ_que_seul_un_robot_remplit(client: Client) -> None:
    reponse = client.post(ADRESSE, reponses(complement="http://exemple.fr"))
    assert reponse.status_code == 422
    assert "Un champ caché de la page a été rempli" in dit(reponse)
    assert not PreInscription.objects.exists()


@pytest.mark.parametrize(
    ("faux", "phrase"),
    [
        ({"adulte1__courriel": "nour"}, "Écrivez une adresse e-mail complète"),
        ({"adulte1__mobile": ""}, "Écrivez un numéro où vous joindre"),
        ({"adulte1__prenom": "<b>Nour</b>"}, "Écrivez un nom avec des lettres"),
        ({"adulte1__code_postal": "381"}, "Le code postal a cinq chiffres"),
        ({"adulte1__code_postal": "1050", "adulte1__pays": "FR"}, "À l’étranger, choisissez aussi le pays."),
        ({"adulte1__code_postal": "", "adulte1__pays": "FR"}, "À remplir."),
        ({"adulte1__pays": "ZZ"}, "Choisissez une des réponses de la liste."),
        ({"adulte2__prenom": "Lou", "adulte2__nom": "Roy", "adulte2__code_postal": "1050"}, "Le code postal a cinq"),
        ({"enfant1__prenom": ""}, "À remplir."),
        ({"enfant1__date_naissance": "2026-12-25"}, "cette date n’est pas encore passée"),
        ({"enfant1__date_naissance": "1990-01-01"}, "un enfant a moins de 18 ans"),
        ({"enfant3__prenom": "Lina"}, "À remplir."),
        ({"adulte2__prenom": "Karim"}, "À remplir."),
        ({"souhaits": "piscine"}, "Choisissez parmi les réponses"),
        ({"certifie": ""}, "Cochez la case pour envoyer la fiche."),
        ({"jeton": "abc"}, ""),
    ],
)
def test_une_reponse_impossible_se_dit_et_rien_ne_part(client: Client, faux: dict[str, str], phrase: str) -> None:
    reponse = client.post(ADRESSE, reponses(**faux))
    assert reponse.status_code == 422
    assert phrase in dit(reponse)
    assert not PreInscription.objects.exists()
    assert not Courriel.objects.exists()


@pytest.mark.parametrize(("code", "pays"), [("1050", "BE"), ("", "IE"), ("38110", "FR"), ("38110", "")])
def test_une_famille_qui_vit_a_l_etranger_le_dit(client: Client, code: str, pays: str) -> None:
    fiche = envoyer(client, adulte1__code_postal=code, adulte1__commune="Ixelles", adulte1__pays=pays)
    [adulte] = fiche.contenu["adultes"]
    assert (adulte["code_postal"], adulte["pays"]) == (code, pays or "FR")


def test_un_pays_choisi_revient_avec_les_erreurs(client: Client) -> None:
    page = dit(client.post(ADRESSE, reponses(adulte1__pays="BE", adulte1__prenom="")))
    assert '<option value="BE" selected>Belgique</option>' in page


def test_aucune_question_de_sante(client: Client) -> None:
    page = dit(client.get(ADRESSE))
    noms = set(re.findall(r'name="([\w-]+)"', page))
    permis = {
        "prenom",
        "nom",
        "sexe",
        "ecole",
        "classe",
        "date_naissance",
        "civilite",
        "courriel",
        "mobile",
        "telephone",
    }
    permis |= {
        "adresse",
        "code_postal",
        "commune",
        "pays",
        "souhaits",
        "jeton",
        "certifie",
        "csrfmiddlewaretoken",
        "complement",
    }
    champs = {nom.rpartition("-")[2] for nom in noms} - {"viewport", "color", "robots", "config", "scheme"}
    assert champs <= permis, champs - permis
    assert "<textarea" not in page, "no free text: health would come in it"
    assert "Rien sur la santé ici" in page


def test_un_champ_de_sante_forge_n_est_pas_garde(client: Client) -> None:
    fiche = envoyer(client, enfant1__allergies="arachide", adulte1__etat="acceptee", etat="acceptee")
    assert "arachide" not in str(fiche.contenu)
    assert fiche.etat == "a_confirmer"


def test_ce_qui_est_ecrit_est_chiffre(client: Client) -> None:
    envoyer(client)
    with connection.cursor() as curseur:
        curseur.execute("SELECT contenu_chiffre FROM scolarite_preinscription")
        [[brut]] = curseur.fetchall()
    assert "Belkacem" not in str(brut)
    assert "Belkacem" not in str(list(Entree.objects.order_by("pk").values()))


def test_ailleurs_la_fiche_n_existe_pas(client: Client) -> None:
    Collectivite.objects.update(
        texte=re.sub(r"\[pre_inscription\].*?\n\n", "", Collectivite.objects.get().texte, flags=re.S)
    )
    oublier()
    for adresse in ("", "pdf", "envoyee/", "confirmation/", "confirmation/x/"):
        assert client.get(f"{ADRESSE}{adresse}").status_code == 404
    assert "pré-inscription" not in dit(client.get("/compte/connexion/"))
    client.force_login(karim().compte)
    assert client.get("/guichet/pre-inscriptions/").status_code == 404
    assert "Pré-inscriptions" not in dit(client.get("/guichet/"))


# What is forgotten.


def test_une_fiche_jamais_confirmee_est_effacee(client: Client, horloge: Callable[[str], object]) -> None:
    envoyer(client)
    gardee = confirmee(client, adulte1__courriel="autre@exemple.fr")
    horloge("2026-11-25 09:59")
    assert oublier_les_pre_inscriptions() == 0
    horloge("2026-11-25 10:01")
    assert oublier_les_pre_inscriptions() == 1
    assert list(PreInscription.objects.order_by("pk")) == [gardee]
    assert oublier_les_pre_inscriptions() == 0


def test_une_fiche_repondue_perd_son_contenu(client: Client, horloge: Callable[[str], object]) -> None:
    fiche = confirmee(client)
    fiches.refuser(fiche.pk, karim(), "Vous avez déjà un accès.")
    horloge("2027-05-20 10:00")
    assert oublier_les_pre_inscriptions() == 1
    fiche.refresh_from_db()
    assert fiche.contenu == {}
    assert fiche.motif == "Vous avez déjà un accès."
    client.force_login(Agent.objects.get().compte)
    assert "est effacé" in dit(client.get(f"/guichet/pre-inscriptions/{fiche.pk}/"))
    assert "Contenu effacé" in dit(client.get("/guichet/pre-inscriptions/?vue=repondues"))


# What goes with it.


def test_la_fiche_a_imprimer_est_pour_tous(client: Client) -> None:
    reponse = client.get(f"{ADRESSE}pdf")
    assert reponse["Content-Type"] == "application/pdf"
    noms = PdfReader(io.BytesIO(reponse.content)).get_fields() or {}
    assert {"adulte1_prenom", "adulte2_pays", "enfant4_naissance", "souhait_mercredi", "souhait_ecole"} <= set(noms)
    assert "souhait_restauration" not in noms, "only what this portal offers"


def test_le_cryptogramme_ne_s_use_que_si_le_reste_est_juste(client: Client) -> None:
    ligne = Collectivite.objects.get()
    ligne.texte = f"cryptogramme = true\n{ligne.texte}"
    ligne.save()
    oublier()
    assert client.post(ADRESSE, reponses()).status_code == 422
    un = defi.nouveau()
    preuve = {"cryptogramme_reponse": "", "cryptogramme_jeton": un.jeton, "cryptogramme_preuve": str(un.preuve)}
    faute = client.post(ADRESSE, reponses(adulte1__prenom="", **preuve))
    assert faute.status_code == 422
    assert un.jeton in dit(faute), "the challenge answered is kept for the next try"
    assert client.post(ADRESSE, reponses(**preuve)).status_code == 302
    assert client.post(ADRESSE, reponses(**preuve)).status_code == 422
    assert PreInscription.objects.count() == 1
