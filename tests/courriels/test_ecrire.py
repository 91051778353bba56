"""Writing an e-mail: what it says, to whom, once, and only if the act stands."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import BadHeaderError
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone

from marelle.courriels import rendu, selection, service
from marelle.courriels.message import composer
from marelle.courriels.models import Courriel, Etat

pytestmark = pytest.mark.django_db
CAMILLE = "camille@exemple.fr"


def test_un_message_par_adresse_avec_l_identite_de_la_collectivite() -> None:
    lignes = service.ecrire(
        "bonjour", [CAMILLE, "leo@exemple.fr", CAMILLE, ""], {"prenom": "Camille"}, dossier="famille:12"
    )
    assert [ligne.destinataire for ligne in lignes] == [CAMILLE, "leo@exemple.fr"]
    message = lignes[0]
    assert message.objet == "Acceptée – Camille, mercredi 9 décembre"
    assert "CC des Essais\u00a0:" in message.texte
    assert selection.courriels(dossier="famille:12").count() == 2
    assert selection.nombre_par_etat()["a_envoyer"] == 2


def test_la_typographie_est_faite_et_le_html_echappe() -> None:
    [message] = service.ecrire("bonjour", [CAMILLE], {"prenom": "<b>L'Élio & co</b>"})
    assert message.texte.startswith("Bonjour <b>L’Élio & co</b>\u202f!")
    assert "Bonjour &lt;b&gt;" in message.html
    assert "margin:0 !important" in message.html


def test_le_meme_evenement_n_ecrit_qu_une_fois() -> None:
    [premier] = service.ecrire("bonjour", [CAMILLE], {"prenom": "Camille"}, cle="demande:812:acceptee")
    [second] = service.ecrire("bonjour", [CAMILLE], {"prenom": "Autre"}, cle="demande:812:acceptee")
    assert second.pk == premier.pk
    assert Courriel.objects.get().objet.endswith("Camille, mercredi 9 décembre")
    assert len(service.ecrire("bonjour", [CAMILLE, "leo@exemple.fr"], {"prenom": "x"}, cle="demande:812:acceptee")) == 2
    assert Courriel.objects.count() == 2


def test_sans_transaction_validee_pas_de_message() -> None:
    class ActeAnnule(Exception):
        pass

    @transaction.atomic
    def agir() -> None:
        service.ecrire("bonjour", [CAMILLE], {"prenom": "Camille"})
        raise ActeAnnule

    with pytest.raises(ActeAnnule):
        agir()
    assert not Courriel.objects.exists()


def test_une_adresse_impossible_n_empeche_pas_l_acte() -> None:
    faux, vrai = service.ecrire("bonjour", ["camille(a)exemple", CAMILLE], {"prenom": "Camille"})
    assert (faux.etat, vrai.etat) == (Etat.ABANDONNE, Etat.A_ENVOYER)
    assert faux.derniere_erreur == "L’adresse n’a pas la forme d’une adresse e-mail."


@pytest.mark.parametrize(
    "mal", ["a@b.fr\nBcc: pirate@exemple.fr", "a@b.fr\r\nBcc: pirate@exemple.fr", "a@b.fr, c@d.fr"]
)
def test_une_adresse_ne_peut_pas_ajouter_d_en_tete(mal: str) -> None:
    [message] = service.ecrire("bonjour", [mal], {"prenom": "Camille"})
    assert message.etat == Etat.ABANDONNE


def test_un_prenom_ne_peut_pas_ajouter_d_en_tete() -> None:
    [message] = service.ecrire("bonjour", [CAMILLE], {"prenom": "Zoé\nBcc: pirate@exemple.fr"})
    assert "\n" not in message.objet
    assert list(composer(message).message().keys()).count("Bcc") == 0
    message.objet = "Zoé\nBcc: pirate@exemple.fr"
    with pytest.raises(BadHeaderError):
        composer(message).message()


def test_un_objet_tres_long_est_coupe() -> None:
    [message] = service.ecrire("bonjour", [CAMILLE], {"prenom": "x" * 900})
    assert len(Courriel.objects.get(pk=message.pk).objet) == 250


def test_un_texte_qui_manque_se_voit(collectivite: Path) -> None:
    (collectivite / "bonjour.html").unlink()
    with pytest.raises(TemplateDoesNotExist):
        service.ecrire("bonjour", [CAMILLE], {"prenom": "Camille"})


def test_la_collectivite_remplace_un_texte_du_produit(collectivite: Path) -> None:
    [produit] = service.ecrire("essai", [CAMILLE], {})
    (collectivite / "essai.objet.txt").write_text("Notre essai à nous")
    rendu._moteur.cache_clear()  # texts are read once by each process
    [sien] = service.ecrire("essai", [CAMILLE], {})
    assert produit.objet != sien.objet == "Notre essai à nous"
    assert sien.texte == produit.texte


def test_sans_destinataire_rien_n_est_ecrit() -> None:
    assert service.ecrire("bonjour", ["", "  "], {}) == []


def test_les_messages_de_plus_de_deux_ans_s_en_vont_sauf_ceux_qui_attendent() -> None:
    vieux = timezone.now() - timedelta(days=800)
    for etat in (Etat.ENVOYE, Etat.ABANDONNE, Etat.A_ENVOYER):
        Courriel.objects.create(destinataire=CAMILLE, gabarit="bonjour", etat=etat, cree_le=vieux)
    Courriel.objects.create(destinataire=CAMILLE, gabarit="bonjour", etat=Etat.ENVOYE)
    assert service.purger() == 2
    assert selection.nombre_par_etat() == {"a_envoyer": 1, "envoye": 1, "affiche": 0, "echec": 0, "abandonne": 0}
