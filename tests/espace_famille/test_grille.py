"""The grid of pré-inscription: what it shows, what it sends, what it costs, and what it does not believe."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marelle.activites.models import Ouverture, Periode
from marelle.demandes import depot, grille, panier
from marelle.demandes.models import Demande, Envoi, JourDemande
from marelle.demandes.verification import verifier
from marelle.reservations.models import Reservation
from tests.distribution import Foyer, famille_fauvel, karim
from tests.espace_famille.test_pages import requetes
from tests.monde import activite, portail, roussel_prets, unite

pytestmark = pytest.mark.base
LUNDI, MARDI, JEUDI = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("terres-val-de-loire")
    karim()
    return roussel_prets()


def famille(foyer: Foyer) -> Client:
    client = Client()
    client.force_login(foyer.compte)
    return client


def periode(code: str = "garderie-olm", le: date = LUNDI) -> str:
    temps = activite(code).temps
    return Periode.objects.get(temps=temps, debut__lte=le, fin__gte=le).code


def adresse(foyer: Foyer, code: str = "garderie-olm", choisie: str = "", enfant: object = None, jours: str = "") -> str:
    qui = (enfant or foyer.elio).pk  # type: ignore[attr-defined]
    return (
        f"/pre-inscription/grille/?enfant={qui}&activite={activite(code).pk}&periode={choisie or periode(code)}{jours}"
    )


def case(code: str, le: date, quoi: str = "garderie-olm") -> str:
    return f"{unite(quoi, code).pk}-{le}"


def valider(foyer: Foyer, *coches: str, jeton: str = "", **donnees: str):  # type: ignore[no-untyped-def]
    envoi = {"c": coches, "jeton": jeton or str(depot.panier_de(foyer.famille).jeton), "suite": "sortir", **donnees}
    return famille(foyer).post(adresse(foyer), envoi)


def photo() -> tuple[object, ...]:
    return (
        list(Demande.objects.order_by("pk").values_list("pk", "etat", "nature")),
        list(JourDemande.objects.order_by("pk").values_list("pk", "demande_id", "ouverture_id")),
        list(Reservation.objects.order_by("pk").values_list("pk", "etat")),
        Envoi.objects.count(),
    )


def test_matin_et_apres_midi_partent_ensemble(roussel: Foyer) -> None:
    reponse = valider(roussel, case("matin", LUNDI), case("apres-midi", LUNDI), case("matin", JEUDI))
    assert reponse.status_code == 302
    assert "/accuses/" in reponse["Location"]
    [demande] = Demande.objects.filter(etat="deposee")
    assert [(j.date, j.ouverture.unite.code) for j in demande.jours.order_by("date", "pk")] == [
        (LUNDI, "matin"), (LUNDI, "apres-midi"), (JEUDI, "matin"),
    ]  # fmt: skip
    page = famille(roussel).get(adresse(roussel)).content.decode()
    assert page.count('data-etat="attente"') == 4, "trois cases, et la légende"
    assert verifier() == []


def test_nouvelle_inscription_revient_au_formulaire(roussel: Foyer) -> None:
    reponse = valider(roussel, case("matin", LUNDI), suite="nouvelle")
    assert reponse["Location"] == "/pre-inscription/"
    page = famille(roussel).get("/pre-inscription/").content.decode()
    assert "Afficher le calendrier" in page


def test_la_selection_en_masse_coche_sans_script(roussel: Foyer) -> None:
    matin = unite("garderie-olm", "matin").pk
    donnees = {"masse": "appliquer", "masse_jours": ["0", "3"], "masse_unites": [matin], "c": [case("matin", MARDI)]}
    page = famille(roussel).post(adresse(roussel), donnees).content.decode()
    coches = re.findall(r'value="(\d+-[\d-]+)"[^>]* checked', page)
    assert case("matin", LUNDI) in coches
    assert case("matin", JEUDI) in coches
    assert case("matin", MARDI) in coches, "ce qui était coché le reste"
    assert case("apres-midi", LUNDI) not in coches
    assert not Demande.objects.exists(), "rien n’est envoyé, rien n’est au panier"
    page = famille(roussel).post(adresse(roussel), donnees | {"masse": "effacer"}).content.decode()
    assert not re.findall(r'name="c"[^>]* checked', page)


def test_l_annee_se_propose_une_fois_et_convient_a_chaque_activite(roussel: Foyer) -> None:
    formulaire = famille(roussel).get("/pre-inscription/").content.decode()
    assert formulaire.count("Toute l’année scolaire") == 1, (
        "elle était dite une fois par temps d’accueil, toute pareille"
    )
    assert 'value="annee"' in formulaire
    for choisie in ("annee", "annee-restauration"):
        page = famille(roussel).get(adresse(roussel, choisie=choisie))
        assert page.status_code == 200, choisie
        assert "Garderie périscolaire OLM, du mercredi 18 novembre au " in page.content.decode()
    autre = famille(roussel).get(adresse(roussel, choisie=periode("meung-vacances", date(2026, 12, 21))))
    assert autre.status_code == 422
    assert "n’est pas ouverte pour Garderie périscolaire OLM" in autre.content.decode()


def test_la_grille_dit_la_fin_les_places_et_pourquoi(roussel: Foyer) -> None:
    page = famille(roussel).get(adresse(roussel, choisie="annee-periscolaire")).content.decode()
    assert "Fin des pré-inscriptions le " in page
    assert "40 places" in page
    assert "Délai passé" in page
    assert "était possible jusqu’au" in page
    assert "Sélection en masse" in page


def test_une_cantine_n_a_qu_un_creneau(roussel: Foyer) -> None:
    page = famille(roussel).get(adresse(roussel, "cantine-olm")).content.decode()
    assert page.count('scope="col"') == 2


def test_les_jours_choisis_seuls(roussel: Foyer) -> None:
    page = famille(roussel).get(adresse(roussel, jours="&jours=0")).content.decode()
    assert case("matin", LUNDI) in page
    assert case("matin", MARDI) not in page


def test_poster_deux_fois_n_envoie_qu_une_fois(roussel: Foyer) -> None:
    jeton = str(depot.panier_de(roussel.famille).jeton)
    premiere = valider(roussel, case("matin", LUNDI), jeton=jeton)
    seconde = valider(roussel, case("matin", LUNDI), jeton=jeton)
    assert premiere["Location"] == seconde["Location"]
    assert Demande.objects.count() == Envoi.objects.count() == 1


def test_ce_qui_est_au_panier_d_ailleurs_y_reste(roussel: Foyer) -> None:
    panier.basculer(roussel.famille, roussel.elio, unite("garderie-olm", "matin"), JEUDI)  # type: ignore[arg-type]
    panier.basculer(roussel.famille, roussel.anouk, unite("cantine-olm", "repas"), LUNDI)  # type: ignore[arg-type]
    page = famille(roussel).get(adresse(roussel)).content.decode()
    assert re.search(rf'value="{case("matin", JEUDI)}"[^>]* checked', page)
    assert valider(roussel, case("matin", LUNDI)).status_code == 302
    assert sorted(j.date for j in panier.lignes_du_panier(roussel.famille)) == [LUNDI, JEUDI]
    [demande] = Demande.objects.filter(etat="deposee")
    assert [j.date for j in demande.jours.all()] == [LUNDI]


# What the grid does not believe


def test_l_enfant_d_une_autre_famille(roussel: Foyer) -> None:
    fauvel = famille_fauvel()
    assert famille(roussel).get(adresse(roussel, enfant=fauvel.malo)).status_code == 404
    avant = photo()
    donnees = {"c": [case("matin", LUNDI)], "jeton": str(depot.panier_de(roussel.famille).jeton)}
    assert famille(roussel).post(adresse(roussel, enfant=fauvel.malo), donnees).status_code == 404
    assert photo() == avant


def test_une_case_fermee_cochee_a_la_main(roussel: Foyer) -> None:
    Ouverture.objects.filter(date=LUNDI).update(fermeture="Grève")
    avant = photo()
    reponse = valider(roussel, case("matin", LUNDI))
    assert reponse.status_code == 409
    assert "Grève" in reponse.content.decode()
    assert photo() == avant
    assert valider(roussel, case("matin", LUNDI), case("matin", JEUDI)).status_code == 302
    assert [j.date for j in Demande.objects.get(etat="deposee").jours.all()] == [JEUDI]
    assert not panier.lignes_du_panier(roussel.famille)


def test_un_delai_passe_coche_a_la_main(roussel: Foyer, horloge: Callable[[str], object]) -> None:
    horloge("2026-11-27 00:00")
    avant = photo()
    reponse = valider(roussel, case("matin", LUNDI))
    assert reponse.status_code == 409
    assert "était possible jusqu’au" in reponse.content.decode()
    assert photo() == avant


@pytest.mark.parametrize("faux", ["", "x", "12", "999999-2026-11-30", "0-2026-11-30", "1-2026-13-45", "１-2026-11-30"])
def test_une_case_qui_n_existe_pas(roussel: Foyer, faux: str) -> None:
    avant = photo()
    assert valider(roussel, faux).status_code == 400
    assert photo() == avant


def test_une_case_d_une_autre_activite(roussel: Foyer) -> None:
    avant = photo()
    assert valider(roussel, case("matin", LUNDI, "garderie-villermain")).status_code == 400
    assert photo() == avant


def test_un_formulaire_abime(roussel: Foyer) -> None:
    client = famille(roussel)
    for suite in ("", "?enfant=1", f"?enfant={roussel.elio.pk}&activite=0&periode=x", "?enfant=9&activite=é&periode=x"):
        assert client.get(f"/pre-inscription/grille/{suite}").status_code in (404, 422), suite
    assert client.post(adresse(roussel), {"c": [case("matin", LUNDI)], "jeton": "x"}).status_code == 400
    assert valider(roussel).status_code == 422


def test_un_portail_sans_grille_n_en_a_pas(db: None, horloge: Callable[[str], object]) -> None:
    horloge("2026-11-18 10:00")
    portail("cc-tvv")
    client = famille(roussel_prets())
    for chemin in ("/pre-inscription/", "/pre-inscription/grille/", "/calendrier/annulation/1/"):
        assert client.get(chemin).status_code == 404, chemin


# What it costs


def test_une_annee_entiere_en_septembre_tient_en_80_ko(db: None, horloge: Callable[[str], object]) -> None:
    horloge("2026-09-01 08:00")
    portail("terres-val-de-loire")
    foyer = roussel_prets()
    page = famille(foyer).get(adresse(foyer, choisie="annee-periscolaire")).content
    assert page.count(b'<th scope="row">') > 130
    assert len(page) <= 80_000, len(page)


def test_une_periode_et_l_annee_tiennent_leur_budget(roussel: Foyer) -> None:
    client = famille(roussel)
    valider(roussel, case("matin", LUNDI), case("apres-midi", LUNDI))
    for choisie in ("", "annee-periscolaire"):
        chemin = adresse(roussel, choisie=choisie)
        assert client.get(chemin).status_code == 200
        with CaptureQueriesContext(connection) as contexte:
            page = client.get(chemin).content
        assert len(requetes(contexte)) <= 12, "\n".join(q[:160] for q in requetes(contexte))
        assert len(page) <= 80_000, f"{choisie} : {len(page)} octets"


# The grid and the cart are two ways into the same demandes

CASES = st.lists(
    st.tuples(st.sampled_from(["matin", "apres-midi"]), st.integers(0, 25)), min_size=1, max_size=12, unique=True
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choix=CASES)
def test_la_grille_envoie_ce_que_le_panier_aurait_envoye(roussel: Foyer, choix: list[tuple[str, int]]) -> None:
    from django.db import transaction

    jours = sorted(set(Ouverture.objects.filter(activite=activite("garderie-olm")).values_list("date", flat=True)))
    choisis = sorted((jours[40 + rang], code) for code, rang in choix)
    with transaction.atomic():
        par_la_grille = _par_la_grille(roussel, choisis)
        transaction.set_rollback(True)
    with transaction.atomic():
        par_le_panier = _par_le_panier(roussel, choisis)
        transaction.set_rollback(True)
    assert par_la_grille == par_le_panier


def _par_la_grille(foyer: Foyer, choisis: list[tuple[date, str]]) -> list[object]:
    creneaux = [(unite("garderie-olm", code).pk, le) for le, code in choisis]
    jeton = depot.panier_de(foyer.famille).jeton
    grille.envoyer(foyer.famille, foyer.elio, activite("garderie-olm"), creneaux, jeton, foyer.auteur)  # type: ignore[arg-type]
    return _parties()


def _par_le_panier(foyer: Foyer, choisis: list[tuple[date, str]]) -> list[object]:
    from marelle.socle.erreurs import Refus

    for le, code in choisis:
        try:
            panier.ajouter_periode(
                foyer.famille,
                foyer.elio,
                unite("garderie-olm", code),
                le,
                le,
                [],
                desinscrire=False,  # type: ignore[arg-type]
            )
        except Refus:
            continue
    with contextlib.suppress(Refus):
        depot.deposer_panier(foyer.famille, depot.panier_de(foyer.famille).jeton, foyer.auteur)
    return _parties()


def _parties() -> list[object]:
    """What left, by demande: its state and its squares."""
    demandes = Demande.objects.exclude(etat="panier").prefetch_related("jours__ouverture__unite")
    return sorted((d.etat, sorted((j.date, j.ouverture.unite.code) for j in d.jours.all())) for d in demandes)
