"""*Nouvelle inscription scolaire*: asked by the household of the child, decided by the service, in force once accepted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marelle.courriels.models import Courriel
from marelle.demandes import decision
from marelle.demandes.models import Demande, Envoi
from marelle.familles.models import Enfant
from marelle.scolarite.models import Ecole, Scolarite
from marelle.scolarite.scolarites import porter_les_rentrees
from marelle.socle.erreurs import Refus
from tests.distribution import Foyer, auteur_agent, famille_fauvel, famille_lemoine, famille_roussel, karim
from tests.monde import portail

pytestmark = pytest.mark.django_db


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    """The Roussels live in Ville-Exemple, whose schools are Les Tilleuls and Les Marronniers."""
    horloge("2027-03-10 10:00")
    portail("vals-du-dauphine")
    foyer = famille_roussel()
    for adulte in foyer.adultes.values():
        adulte.commune, adulte.code_postal = "Ville-Exemple", "99000"
        adulte.save()
    return foyer


def adresse(enfant: Any) -> str:
    return f"/inscription-scolaire/{enfant.pk}/"


def reponses(**autres: str) -> dict[str, str]:
    """What the Roussels write for Élio, born in 2019: CE2 in September 2027."""
    saisies = {"annee": "2027", "ecole": "marronniers", "niveau": "ce2", "debut": "2027-09-01", "ecole_precedente": ""}
    champs = {f"inscription_scolaire-{nom}": valeur for nom, valeur in (saisies | autres).items()}
    return champs | {"certifie": "on", "jeton": str(uuid.uuid4())}


def la_demande() -> Demande:
    return Demande.objects.get(nature="inscription_scolaire")


def deposer(client: Client, foyer: Foyer, **autres: str) -> Demande:
    client.force_login(foyer.compte)
    reponse = client.post(adresse(foyer.elio), reponses(**autres))
    assert reponse.status_code == 302, reponse.content.decode()
    return la_demande()


def test_la_demande_attend_a_cote_de_l_ecole_en_vigueur(client: Client, roussel: Foyer) -> None:
    demande = deposer(client, roussel)
    assert demande.etat == "deposee"
    assert demande.contenu["secteur"] == "secteur"
    assert not Scolarite.objects.exists()
    page = client.get(f"/accuses/{demande.envoi_id}/").content.decode()
    assert "Inscription scolaire 2027-2028 · École élémentaire des Marronniers, CE2" in page
    assert {c.destinataire for c in Courriel.objects.filter(gabarit="depot")} == {
        "camille@familles.exemple",
        "paul@familles.exemple",
    }
    assert client.get(f"/accuses/{demande.envoi_id}/pdf")["Content-Type"] == "application/pdf"


def test_acceptee_elle_est_en_vigueur_et_se_voit(client: Client, roussel: Foyer) -> None:
    agent = karim()
    demande = deposer(client, roussel)
    decision.accepter(demande.pk, auteur_agent(agent))
    [scolarite] = Scolarite.objects.select_related("ecole", "niveau")
    assert (scolarite.annee, scolarite.ecole.code, scolarite.niveau.code) == (2027, "marronniers", "ce2")
    assert (
        "École élémentaire des Marronniers"
        in client.get(f"/dossier/enfants/{roussel.elio.pk}/autorisations/").content.decode()
    )
    assert "2027-2028" in client.get("/inscription-scolaire/").content.decode()
    assert Courriel.objects.filter(gabarit="decision").exists()
    client.force_login(agent.compte)
    assert (
        "École élémentaire des Marronniers" in client.get(f"/guichet/familles/{roussel.famille.pk}/").content.decode()
    )


def test_la_fiche_de_l_enfant_change_a_la_rentree_et_une_seule_fois(
    client: Client, roussel: Foyer, horloge: Callable[[str], object]
) -> None:
    demande = deposer(client, roussel)
    decision.accepter(demande.pk, auteur_agent(karim()))
    assert Enfant.objects.get(pk=roussel.elio.pk).ecole == "École de Chaveignes"
    assert porter_les_rentrees() == 0
    horloge("2027-09-01 03:00")
    assert porter_les_rentrees() == 1
    elio = Enfant.objects.get(pk=roussel.elio.pk)
    assert (elio.ecole, elio.classe) == ("École élémentaire des Marronniers", "CE2")
    elio.classe = "CE2 B"
    elio.save()
    assert porter_les_rentrees() == 0
    assert Enfant.objects.get(pk=elio.pk).classe == "CE2 B"


def test_en_cours_d_annee_la_fiche_change_aussitot(client: Client, roussel: Foyer) -> None:
    demande = deposer(client, roussel, annee="2026", niveau="ce1", debut="2027-03-15")
    decision.accepter(demande.pk, auteur_agent(karim()))
    assert Enfant.objects.get(pk=roussel.elio.pk).classe == "CE1"


def test_l_enfant_d_une_autre_famille_n_existe_pas(client: Client, roussel: Foyer) -> None:
    fauvel = famille_fauvel()
    client.force_login(fauvel.compte)
    assert client.get(adresse(roussel.elio)).status_code == 404
    assert client.post(adresse(roussel.elio), reponses()).status_code == 404
    assert not Demande.objects.exists()


def test_l_autre_foyer_de_l_enfant_demande_aussi_sans_voir_ni_remplacer(client: Client, roussel: Foyer) -> None:
    lemoine = famille_lemoine(roussel.elio)  # type: ignore[arg-type]
    premiere = deposer(client, roussel, ecole_precedente="École de la Lune")
    client.force_login(lemoine.compte)
    page = client.get(adresse(roussel.elio)).content.decode()
    assert "L’autre foyer" in page
    assert "École de la Lune" not in page
    client.post(adresse(roussel.elio), reponses(derogation="fratrie"))
    assert Demande.objects.filter(nature="inscription_scolaire", etat="deposee").count() == 2
    assert Demande.objects.get(pk=premiere.pk).etat == "deposee"


def test_postee_deux_fois_envoyee_une_fois(client: Client, roussel: Foyer) -> None:
    client.force_login(roussel.compte)
    envoi = reponses()
    assert client.post(adresse(roussel.elio), envoi).status_code == 302
    assert client.post(adresse(roussel.elio), envoi).status_code == 302
    assert Demande.objects.count() == Envoi.objects.count() == 1


def test_une_nouvelle_demande_remplace_celle_qui_attend(client: Client, roussel: Foyer) -> None:
    deposer(client, roussel)
    client.post(adresse(roussel.elio), reponses(ecole="hameau", derogation="travail"))
    etats = sorted(Demande.objects.values_list("etat", flat=True))
    assert etats == ["deposee", "retiree"]


@pytest.mark.parametrize(
    ("faux", "phrase"),
    [
        ({"ecole": "poudlard"}, "Choisissez une des réponses de la liste."),
        ({"ecole": ""}, "Choisissez une réponse."),
        ({"niveau": "terminale"}, "Choisissez une des réponses de la liste."),
        ({"annee": "2031"}, "Choisissez une des réponses de la liste."),
        ({"ecole": "tilleuls"}, "n’a pas ce niveau : choisissez parmi PS, MS et GS"),
        ({"niveau": "cp", "annee": "2027", "ecole": "bourg"}, "n’est pas l’école de votre secteur"),
        ({"ecole": "hameau", "niveau": "ps"}, "Vérifiez le niveau : Élio a 8 ans cette année-là."),
        ({"debut": "2027-08-31"}, "Choisissez un jour de l’année 2027-2028"),
        ({"debut": "2029-01-01"}, "Choisissez un jour de l’année 2027-2028"),
        ({"annee": "2026", "debut": "2026-09-02"}, "Choisissez un jour de l’année 2026-2027"),
        ({"debut": "hier"}, "Écrivez la date"),
        ({"ecole": "hameau", "derogation": "piscine"}, "Choisissez une des réponses de la liste."),
        ({"ecole_precedente": "É" * 200}, "120 caractères au plus"),
    ],
)
def test_une_reponse_impossible_se_dit_et_rien_ne_part(
    client: Client, roussel: Foyer, faux: dict[str, str], phrase: str
) -> None:
    client.force_login(roussel.compte)
    reponse = client.post(adresse(roussel.elio), reponses(**faux))
    assert reponse.status_code == 422
    dit = reponse.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    assert phrase in dit
    assert not Demande.objects.exists()


def test_sans_certification_rien_ne_part(client: Client, roussel: Foyer) -> None:
    client.force_login(roussel.compte)
    saisies = reponses()
    del saisies["certifie"]
    assert client.post(adresse(roussel.elio), saisies).status_code == 422
    assert not Demande.objects.exists()


def test_une_autre_ecole_se_demande_par_derogation(client: Client, roussel: Foyer) -> None:
    demande = deposer(client, roussel, ecole="bourg", derogation="fratrie", derogation_precision="Sa sœur y est.")
    assert demande.contenu["secteur"] == "ecole"
    client.force_login(karim().compte)
    page = client.get(f"/guichet/demandes/{demande.pk}/").content.decode()
    assert "une autre école que celle du secteur" in page
    assert "Sa sœur y est." in page


def test_un_etat_forge_ne_compte_pas(client: Client, roussel: Foyer) -> None:
    demande = deposer(
        client,
        roussel,
        ecole="bourg",
        derogation="fratrie",
        secteur="secteur",
        etat="acceptee",
        validee_le="2027-01-01",
    )
    assert demande.etat == "deposee"
    assert demande.contenu["secteur"] == "ecole"
    assert "validee_le" not in demande.contenu


def test_refusee_avec_son_motif(client: Client, roussel: Foyer) -> None:
    demande = deposer(client, roussel)
    client.force_login(karim().compte)
    refus = {"motif_choisi": "autre", "motif": "L’école est pleine en CE2."}
    assert client.post(f"/guichet/demandes/{demande.pk}/refus", refus).status_code == 302
    assert not Scolarite.objects.exists()
    client.force_login(roussel.compte)
    assert "L’école est pleine en CE2." in client.get(f"/demandes/{demande.pk}/").content.decode()


def test_renvoyee_elle_se_corrige_sur_sa_page(client: Client, roussel: Foyer) -> None:
    demande = deposer(client, roussel)
    decision.renvoyer(demande.pk, auteur_agent(karim()), "Écrivez l’école précédente.")
    page = client.get(f"/demandes/{demande.pk}/").content.decode()
    assert adresse(roussel.elio) in page
    assert "Écrivez l’école précédente." in client.get(adresse(roussel.elio)).content.decode()
    client.post(adresse(roussel.elio), reponses(ecole_precedente="École de Chaveignes"))
    demande.refresh_from_db()
    assert demande.etat == "deposee"
    assert demande.contenu["ecole_precedente"] == "École de Chaveignes"


def test_une_ecole_qui_a_ferme_entre_temps_ne_s_accepte_pas(client: Client, roussel: Foyer) -> None:
    demande = deposer(client, roussel)
    Ecole.objects.filter(code="marronniers").update(est_ouverte=False)
    with pytest.raises(Refus, match="n’accueille plus"):
        decision.accepter(demande.pk, auteur_agent(karim()))
    assert la_demande().etat == "deposee"


def test_les_documents_demandes_menent_a_leur_envoi(client: Client, roussel: Foyer) -> None:
    client.force_login(roussel.compte)
    page = client.get(adresse(roussel.elio)).content.decode()
    for code in ("identite", "domicile", "vaccins"):
        assert f"/dossier/documents/?type={code}&amp;enfant={roussel.elio.pk}" in page


def test_ailleurs_la_page_n_existe_pas(client: Client, horloge: Callable[[str], object]) -> None:
    horloge("2027-03-10 10:00")
    portail("cc-tvv")
    foyer = famille_roussel()
    client.force_login(foyer.compte)
    assert client.get("/inscription-scolaire/").status_code == 404
    assert client.post(adresse(foyer.elio), reponses()).status_code == 404
    assert "inscription scolaire" not in client.get("/dossier/").content.decode()
