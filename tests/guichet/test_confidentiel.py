"""Health sheets and documents at the desk: who may read them, and that each reading is journaled."""

import uuid

import pytest
from django.urls import reverse

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.demandes.fiches import deposer
from marelle.demandes.models import Demande
from marelle.demandes.natures import Sujet
from marelle.familles.models import FicheSanitaire
from marelle.journal.models import Entree
from tests import distribution as gens

SECRET = "Arachide et fruits à coque"


@pytest.fixture
def fiche():
    foyer = gens.famille_roussel()
    sujet = Sujet(foyer.famille, foyer.anouk)
    deposer(
        sujet, {"fiche_sanitaire": {"allergie": "oui", "allergies": SECRET, "conduite": "Appeler le 15"}}, foyer.auteur
    )
    return Demande.objects.get(nature="fiche_sanitaire")


def lectrice():
    compte = Compte.objects.create_user("lucie", "lucie@service.exemple")
    return Agent.objects.create(compte=compte, prenom="Lucie", nom="Morel", role=Role.LECTURE)


def lectures():
    return Entree.objects.filter(action="sante.lecture").count()


def test_la_file_ne_montre_pas_une_fiche_que_personne_n_a_ouverte(guichet, karim, fiche):
    page = guichet(karim).get(reverse("guichet:demandes")).content.decode()
    assert "Santé" in page
    assert SECRET not in page
    assert lectures() == 0


def test_la_lire_l_inscrit_au_journal_puis_l_accepter_l_applique(guichet, karim, fiche):
    client = guichet(karim)
    adresse = reverse("guichet:demande", args=[fiche.pk])
    assert SECRET in client.get(adresse).content.decode()
    lue = Entree.objects.get(action="sante.lecture")
    assert (lue.objet_id, lue.acteur) == (str(fiche.enfant_id), karim.compte)
    client.post(reverse("guichet:acceptation", args=[fiche.pk]))
    assert FicheSanitaire.objects.get(enfant=fiche.enfant).validee_le is not None


def test_sans_le_droit_le_contenu_reste_ferme(guichet, fiche):
    page = guichet(lectrice()).get(reverse("guichet:demande", args=[fiche.pk])).content.decode()
    assert SECRET not in page
    assert "Votre rôle ne permet pas" in page
    assert "data-accepter" not in page
    assert lectures() == 0


def test_un_lot_laisse_les_fiches(guichet, karim, fiche):
    client = guichet(karim)
    assert "le règlement ne décide pas" in client.get(reverse("guichet:lot")).content.decode()
    assert client.post(reverse("guichet:lot"), {"demande": [fiche.pk]}).status_code == 422
    fiche.refresh_from_db()
    assert fiche.etat == "deposee"


def test_un_document_ne_s_ouvre_que_par_sa_demande(guichet, karim, fiche, client):
    from marelle.pieces import rangement
    from marelle.pieces.models import Piece

    piece = Piece.objects.create(
        famille=fiche.famille, enfant=fiche.enfant, type_piece="assurance", nom="assurance.pdf",
        format="application/pdf", taille=4, empreinte="x",
    )  # fmt: skip
    rangement.ranger(piece.cle, b"%PDF-1.7")
    foyer_auteur = gens.auteur_agent(karim)
    deposer(
        Sujet(fiche.famille, fiche.enfant),
        {"piece": {"type_piece": "assurance", "piece": str(piece.cle)}},
        foyer_auteur,
    )
    demande = Demande.objects.get(nature="piece")
    adresse = reverse("guichet:piece", args=[demande.pk])
    reponse = guichet(karim).get(adresse)
    assert b"".join(reponse.streaming_content if reponse.streaming else [reponse.content]) == b"%PDF-1.7"
    assert Entree.objects.filter(action="piece.lecture", objet_id=str(piece.pk)).count() == 1
    assert guichet(karim).get(reverse("guichet:piece", args=[fiche.pk])).status_code == 404
    assert guichet(gens.lucas()).get(adresse).status_code == 403
    client.force_login(fiche.famille.acces.get().compte)
    assert client.get(adresse).status_code == 404
    assert uuid.UUID(demande.contenu["piece"]) == piece.cle
