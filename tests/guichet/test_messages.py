"""Messages at the desk: who waits the longest first, one answer and not two, news to many, each agent within their rights."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent
from marelle.correspondance import conservation, diffusion, envoi, suivi
from marelle.correspondance.models import Actualite, Fil, Message, PieceJointe
from marelle.courriels.models import Courriel
from marelle.demandes import decision
from marelle.journal.models import Entree
from marelle.pieces import rangement, service
from marelle.socle.erreurs import Refus
from tests import distribution as gens
from tests.pieces import fichiers

from . import monde

pytestmark = pytest.mark.base


@pytest.fixture(autouse=True)
def _dossier(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "pieces"


def texte(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def question(foyer: gens.Foyer, objet: str = "Une question", recus: tuple[object, ...] = ()) -> Fil:
    ecrit = envoi.Ecrit("Peut-on venir à 9 h ?", uuid.uuid4(), recus)  # type: ignore[arg-type]
    return envoi.ecrire_au_service(foyer.famille, envoi.Propos(objet), ecrit, foyer.auteur)


def repondre(client: Client, fil: Fil, dit: str = "Oui, sans souci.", **champs: object):
    dernier = fil.messages.order_by("-pk").values_list("pk", flat=True)[0]
    corps = {"message-texte": dit, "message-jeton": uuid.uuid4(), "vu": dernier}
    return client.post(f"/guichet/messages/{fil.pk}/reponse", corps | champs)


def geste(client: Client, fil: Fil, quoi: str, **champs: str):
    return client.post(f"/guichet/messages/{fil.pk}/{quoi}", champs)


def test_ceux_qui_attendent_depuis_le_plus_longtemps_d_abord(guichet, karim, roussel, fauvel, horloge):
    question(roussel, "La première")
    horloge("2026-11-17 09:00")
    question(fauvel, "La seconde")
    page = texte(guichet(karim).get("/guichet/messages/"))
    assert page.index("La première") < page.index("La seconde")
    assert "2 messages à répondre" in page
    assert "Arrivé hier" in page
    assert '<b class="badge pousse" data-ton="rose">2<span class="sr"> à répondre</span></b>' in page


def test_la_reponse_arrive_a_la_famille_et_le_message_ne_se_compte_plus(guichet, karim, roussel):
    fil = question(roussel)
    assert repondre(guichet(karim), fil).status_code == 302
    fil.refresh_from_db()
    assert (fil.attend_depuis, fil.pris_par) == (None, None)
    assert fil.a_lire_depuis is not None
    assert Courriel.objects.filter(gabarit="message").count() == 2
    assert "Tout a sa réponse" in texte(guichet(karim).get("/guichet/messages/"))
    assert "Une question" in texte(guichet(karim).get("/guichet/messages/?vue=repondus"))
    assert Entree.objects.get(action="message.reponse").dossier == f"famille:{roussel.famille.pk}"


def test_deux_agents_ne_repondent_pas_en_meme_temps(guichet, karim, nadia, roussel):
    fil = question(roussel)
    assert geste(guichet(karim), fil, "prise").status_code == 302
    page = texte(guichet(nadia).get(f"/guichet/messages/{fil.pk}/"))
    assert "Karim Benali s’en occupe" in page
    assert "<textarea" not in page
    refusee = repondre(guichet(nadia), fil, "Non, à 8 h 30.")
    assert refusee.status_code == 409
    assert "Karim Benali s’en occupe depuis 9 h" in texte(refusee)
    assert "Non, à 8 h 30." in texte(refusee), "ce qui était écrit reste"
    assert geste(guichet(nadia), fil, "prise").status_code == 409
    assert geste(guichet(nadia), fil, "cloture").status_code == 409
    assert geste(guichet(nadia), fil, "abandon").status_code == 409
    assert geste(guichet(nadia), fil, "prise", reprendre="1").status_code == 302
    assert repondre(guichet(nadia), fil).status_code == 302
    assert Message.objects.count() == 2


def test_repondre_apres_un_collegue_est_dit_et_rien_ne_part(guichet, karim, nadia, roussel):
    fil = question(roussel)
    vu = fil.messages.get().pk
    assert repondre(guichet(karim), fil).status_code == 302
    refusee = repondre(guichet(nadia), fil, "Moi aussi.", vu=vu)
    assert refusee.status_code == 409
    assert "Un message est arrivé pendant que vous écriviez" in texte(refusee)
    assert Message.objects.count() == 2


def test_poster_deux_fois_la_meme_reponse_l_envoie_une_fois(guichet, karim, roussel):
    fil, jeton = question(roussel), uuid.uuid4()
    for _ in range(2):
        assert repondre(guichet(karim), fil, **{"message-jeton": jeton}).status_code == 302
    assert Message.objects.count() == 2
    assert Courriel.objects.count() == 2


def test_clore_laisser_rouvrir(guichet, karim, roussel):
    fil, client = question(roussel), guichet(karim)
    geste(client, fil, "prise")
    geste(client, fil, "abandon")
    geste(client, fil, "cloture")
    fil.refresh_from_db()
    assert fil.est_clos
    with pytest.raises(Refus, match="rouvrez-le"):
        suivi.prendre(fil.pk, karim)
    assert "Une question" in texte(client.get("/guichet/messages/?vue=clos"))
    geste(client, fil, "reouverture")
    fil.refresh_from_db()
    assert fil.attend_depuis is not None
    actions = list(Entree.objects.filter(action__startswith="message.").order_by("pk").values_list("action", flat=True))
    assert actions == ["message.pris", "message.laisse", "message.clos", "message.rouvert"]


def test_ecrire_a_une_famille_depuis_sa_page(guichet, karim, roussel):
    client = guichet(karim)
    assert "Écrire à la famille" in texte(client.get(f"/guichet/familles/{roussel.famille.pk}/"))
    corps = {"message-objet": "Le sac d’Élio", "message-texte": "Il est au centre.", "message-enfant": roussel.elio.pk}
    reponse = client.post(f"/guichet/familles/{roussel.famille.pk}/message/", corps)
    fil = Fil.objects.get()
    assert reponse["Location"] == f"/guichet/messages/{fil.pk}/"
    assert (fil.enfant, fil.ouvert_par, fil.attend_depuis) == (roussel.elio, "service", None)
    assert "Le sac d’Élio" in texte(client.get(f"/guichet/familles/{roussel.famille.pk}/"))
    assert "pas encore lu" in texte(client.get(f"/guichet/messages/{fil.pk}/"))


def test_ouvrir_un_fichier_est_inscrit_au_journal(guichet, karim, roussel):
    from marelle.pieces.televersement import lire

    question(roussel, recus=(lire("photo.jpg", fichiers.image()),))
    piece = PieceJointe.objects.get()
    assert guichet(karim).get(f"/guichet/messages/fichiers/{piece.cle}/").status_code == 200
    assert Entree.objects.filter(action="message.fichier").count() == 1


def agent_de(role: Role) -> Agent:
    compte = gens.Compte.objects.create_user(f"agent-{role}", f"{role}@service.exemple", gens.MOT_DE_PASSE)
    return Agent.objects.create(compte=compte, prenom="Sam", nom="Petit", role=role)


@pytest.mark.parametrize("role", [Role.LECTURE, Role.ANIMATION])
def test_un_agent_sans_le_droit(guichet, roussel, role):
    fil, client = question(roussel), guichet(agent_de(role))
    for adresse in (
        "/guichet/messages/",
        f"/guichet/messages/{fil.pk}/",
        "/guichet/messages/actualites/",
        f"/guichet/familles/{roussel.famille.pk}/message/",
    ):
        assert client.get(adresse).status_code == 403, adresse
    for quoi in ("prise", "abandon", "cloture", "reouverture"):
        assert geste(client, fil, quoi).status_code == 403, quoi
    assert repondre(client, fil).status_code == 403
    if role == Role.LECTURE:
        assert "Une question" not in texte(client.get(f"/guichet/familles/{roussel.famille.pk}/"))
    assert Message.objects.count() == 1


def inscrire(foyer: gens.Foyer, enfant: object, activite: object, agent: Agent) -> None:
    demande = monde.demander(foyer, enfant, activite, monde.mercredis(1))  # type: ignore[arg-type]
    decision.accepter(demande.pk, gens.auteur_agent(agent))


def test_un_agent_limite_a_un_centre_ne_voit_que_ses_familles(guichet, karim, nadia, roussel, fauvel, chaveignes):
    ailleurs = monde.activite("panzoult")
    inscrire(fauvel, fauvel.malo, chaveignes, nadia)
    chaveignes.centre.agents.add(karim)
    sienne, autre = question(fauvel, "La sienne"), question(roussel, "Celle d’ailleurs")
    client = guichet(karim)
    page = texte(client.get("/guichet/messages/"))
    assert "La sienne" in page
    assert "Celle d’ailleurs" not in page
    assert client.get(f"/guichet/messages/{autre.pk}/").status_code == 404
    assert repondre(client, autre).status_code == 404
    assert repondre(client, sienne).status_code == 302
    page = texte(client.get("/guichet/messages/actualites/"))
    assert "Toutes les familles" not in page
    assert ailleurs.nom not in page
    refusee = publier(client, f"activite-{ailleurs.pk}", confirmer="1")
    assert refusee.status_code == 422
    assert not Actualite.objects.exists()


def publier(client: Client, cible: str, **champs: str):
    corps = {
        "cible": cible,
        "objet": "Le centre ferme le 7",
        "texte": "Travaux le lundi 7.",
        "jeton": str(uuid.uuid4()),
    }
    return client.post("/guichet/messages/actualites/", corps | champs)


def executer_les_taches() -> None:
    for tache in DBTaskResult.objects.order_by("enqueued_at"):
        diffusion.diffuser.func(*tache.args_kwargs["args"])


def test_ecrire_a_toutes_les_familles_se_confirme_puis_part_en_arriere_plan(
    guichet, karim, roussel, fauvel, monkeypatch
):
    monkeypatch.setattr(diffusion, "PAR_LOT", 1)
    client = guichet(karim)
    relue = publier(client, "toutes")
    assert "2 familles le recevront" in texte(relue)
    assert not Actualite.objects.exists()
    jeton = str(uuid.uuid4())
    for _ in range(2):
        assert publier(client, "toutes", confirmer="1", jeton=jeton).status_code == 302
    assert Actualite.objects.count() == 1
    assert not Fil.objects.exists(), "le travail se fait après"
    executer_les_taches()
    executer_les_taches()
    assert set(Fil.objects.values_list("famille", flat=True)) == {roussel.famille.pk, fauvel.famille.pk}
    assert Message.objects.count() == 2
    assert Courriel.objects.filter(gabarit="message").count() == 3
    assert "Travaux" not in " ".join(Courriel.objects.values_list("texte", flat=True))
    assert "2 familles" in texte(client.get("/guichet/messages/actualites/"))
    assert Entree.objects.get(action="message.actualite").details["familles"] == 2


def test_ecrire_aux_familles_d_une_activite(guichet, karim, nadia, roussel, fauvel, chaveignes):
    inscrire(fauvel, fauvel.malo, chaveignes, nadia)
    client = guichet(karim)
    publier(client, f"activite-{chaveignes.pk}", confirmer="1")
    publier(client, f"centre-{chaveignes.centre_id}", confirmer="1")
    executer_les_taches()
    assert list(Fil.objects.values_list("famille__nom", flat=True)) == ["Fauvel", "Fauvel"]


def test_une_famille_repond_a_une_actualite_et_le_service_le_voit(guichet, karim, roussel):
    publier(guichet(karim), "toutes", confirmer="1")
    executer_les_taches()
    assert "Tout a sa réponse" in texte(guichet(karim).get("/guichet/messages/"))
    fil = Fil.objects.get()
    envoi.repondre_au_service(roussel.famille, fil.pk, envoi.Ecrit("Merci.", uuid.uuid4()), roussel.auteur)
    assert "réponse à une actualité" in texte(guichet(karim).get("/guichet/messages/"))


def test_deux_ans_apres_tout_part_fichiers_compris(karim, roussel, horloge: Callable[[str], object]):
    from marelle.pieces.televersement import lire

    question(roussel, recus=(lire("photo.jpg", fichiers.image()),))
    cle = PieceJointe.objects.get().cle
    horloge("2028-11-14 10:00")
    assert conservation.purger() == 0
    assert service.faire_le_menage() == 0, "un fichier joint n’est pas un orphelin"
    assert rangement.chemin(cle).is_file()


def test_le_menage_de_deux_ans(karim, roussel, horloge, django_capture_on_commit_callbacks):
    from marelle.pieces.televersement import lire

    question(roussel, recus=(lire("photo.jpg", fichiers.image()),))
    cle = PieceJointe.objects.get().cle
    horloge("2028-11-16 10:00")
    with django_capture_on_commit_callbacks(execute=True):
        assert conservation.purger() == 1
    assert not Fil.objects.exists()
    assert not rangement.chemin(cle).exists()


def test_les_listes_tiennent_leur_budget_de_requetes(guichet, karim, roussel, fauvel, django_assert_max_num_queries):
    client = guichet(karim)
    for n in range(5):
        question(roussel, f"Objet {n}")
        question(fauvel, f"Objet {n}")
    fil = Fil.objects.order_by("pk").first()
    for adresse in ("/guichet/messages/", f"/guichet/messages/{fil.pk}/", "/guichet/messages/actualites/"):
        client.get(adresse)
        with django_assert_max_num_queries(10):
            assert client.get(adresse).status_code == 200


def test_on_n_ecrit_pas_a_une_famille_archivee(guichet, karim, roussel):
    roussel.famille.est_archivee = True
    roussel.famille.save()
    corps = {"message-objet": "Bonjour", "message-texte": "Êtes-vous là ?"}
    refusee = guichet(karim).post(f"/guichet/familles/{roussel.famille.pk}/message/", corps)
    assert refusee.status_code == 409
    assert "archivée" in texte(refusee)
    assert "Êtes-vous là" in texte(refusee)
    assert not Fil.objects.exists()
