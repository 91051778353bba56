"""The quotient read through API Particulier: the client against the simulator, over real HTTP; then at the desk."""

from __future__ import annotations

import importlib.util
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.journal.models import Entree
from marelle.socle.horloge import aujourdhui
from marelle.tarification import api_particulier
from marelle.tarification.api_particulier import Identite, RefusApi, interroger
from marelle.tarification.debit import Debit
from marelle.tarification.foyer import foyer_tarifaire
from marelle.tarification.models import QuotientFamilial
from marelle.tarification.reponses_particulier import Lu, dire_le_refus
from tests import distribution as gens
from tests.monde import portail, roussel_prets

RACINE = Path(__file__).parents[2]
SIRET = "20000000000017"


def _simulateur() -> Any:
    lu = importlib.util.spec_from_file_location(
        "simulateur_particulier", RACINE / "outils/simulateur_particulier/__main__.py"
    )
    assert lu is not None
    assert lu.loader is not None
    module = importlib.util.module_from_spec(lu)
    lu.loader.exec_module(module)
    return module


@pytest.fixture
def api(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The simulator, listening; the portal set on it, no call counted yet."""
    serveur = _simulateur().Serveur(coupure_s=0.0)
    serveur.aujourdhui = aujourdhui
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
    fil.start()
    settings.API_PARTICULIER_ADRESSE, settings.API_PARTICULIER_SIRET = serveur.adresse, SIRET
    settings.API_PARTICULIER_JETON = serveur.jeton
    monkeypatch.setattr(api_particulier.env, "VAR", tmp_path)
    yield serveur
    serveur.shutdown()
    serveur.server_close()
    fil.join()


def demander(nom: str = "Roussel") -> Lu:
    qui = Identite(nom, ("Camille", "Anne"), "F", date(1988, 3, 14), commune="Tours", departement="37")
    return interroger(qui)


def test_la_caf_et_la_msa_repondent(api: Any, horloge: Callable[[str], object]) -> None:
    horloge("2026-11-18 10:00")
    caf, msa = demander(), demander("Fermier")
    assert (caf.fournisseur, caf.mois) == ("CNAF", date(2026, 11, 1))
    assert (msa.fournisseur, msa.valeur) == ("MSA", 712)
    [demande, _] = api.recues
    assert demande["recipient"] == [SIRET]
    assert demande["prenoms[]"] == ["Camille", "Anne"]
    assert demande["nomCommuneNaissance"] == ["Tours"]
    assert demande["anneeDateNaissance"] == ["1988"]
    assert "codeCogInseeCommuneNaissance" not in demande


@pytest.mark.parametrize(
    ("nom", "code", "phrase"),
    [
        ("Inconnu", "37003", "Ni la Caf ni la MSA ne trouvent ce dossier"),
        ("Trop", "00429", "réessayez dans 7 secondes"),
        ("Panne", "37999", "relevez le quotient sur CDAP"),
        ("Lent", "37002", "ne répondent pas pour le moment"),
        ("Expiré", "00103", "Le jeton d’API Particulier n’est pas ou plus accepté"),
        ("Droits", "00100", "L’habilitation de la collectivité ne permet pas"),
        ("Illisible", "illisible", "ne se lit pas"),
        ("Négatif", "illisible", "ne se lit pas"),
        ("Futur", "illisible", "ne se lit pas"),
        ("Ailleurs", "302", "ne répondent pas"),
        ("Coupure", "muette", "ne répondent pas"),
    ],
)
def test_ce_qui_n_est_pas_un_quotient_est_une_phrase(api: Any, nom: str, code: str, phrase: str) -> None:
    with pytest.raises(RefusApi) as refus:
        demander(nom)
    assert refus.value.code == code
    assert phrase in refus.value.phrase
    assert api.jeton not in refus.value.phrase


def test_ce_que_l_api_ne_comprend_pas_est_nomme(api: Any) -> None:
    with pytest.raises(RefusApi, match="ne comprennent pas la commune de naissance"):
        interroger(Identite("Roussel", ("Camille",), "F", date(1988, 3, 14), departement="37"))
    with pytest.raises(RefusApi, match="ne comprennent pas le nom de naissance"):
        interroger(Identite("", ("Camille",), "F", date(1988, 3, 14), commune="Tours", departement="37"))
    phrase, _ = dire_le_refus(400, {"errors": [{"code": "00366", "source": {"parameter": "mois"}}]}, {})
    assert "interrogez pour le mois en cours" in phrase
    for corps in (None, [], {"errors": "?"}, {"errors": [1]}, "<html>"):
        assert dire_le_refus(503, corps, {})[1] == "503"


def test_une_naissance_a_l_etranger_ne_demande_pas_de_commune(api: Any) -> None:
    assert interroger(Identite("Da Silva", ("Ana",), "F", date(1990, 1, 2), pays="99139")).valeur >= 0
    assert "nomCommuneNaissance" not in api.recues[0]


def test_personne_a_l_adresse_et_trop_a_la_fois(api: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        settings.API_PARTICULIER_ADRESSE = f"http://127.0.0.1:{libre.getsockname()[1]}"
    with pytest.raises(RefusApi, match="ne répondent pas"):
        demander()
    monkeypatch.setattr("marelle.tarification.debit.monotonic", lambda: 1000.0)
    (api_particulier.env.VAR / "api-particulier.debit").write_text("999.5 " * api_particulier.PAR_SECONDE)
    with pytest.raises(RefusApi, match="Trop d’interrogations"):
        demander()


def test_le_debit_est_celui_de_tous_ensemble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks in the same second: three calls between them. On a clock that began again, the old ones are forgotten."""
    monkeypatch.setattr("marelle.tarification.debit.monotonic", lambda: 1000.0)
    fichier = tmp_path / "debit"
    with ThreadPoolExecutor(8) as fils:
        passes = list(fils.map(lambda _: Debit(fichier, 3).passer(), range(24)))
    assert sum(passes) == 3
    fichier.write_text("1500.0 1500.0 1500.0 brouillé")
    assert Debit(fichier, 3).passer()
    assert Debit(tmp_path / "absent" / "debit", 3).passer()


def test_la_production_refuse_le_simulateur_et_le_jeton_en_clair(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from marelle.reglages import env, particulier

    bons = {"API_PARTICULIER_JETON": "x", "API_PARTICULIER_SIRET": SIRET}
    for production, adresse, siret, est_bon in (
        (True, "http://127.0.0.1:8091", SIRET, False),
        (True, "https://staging.particulier.api.gouv.fr", SIRET, False),
        (True, "https://particulier.api.gouv.fr", SIRET, True),
        (True, "https://particulier.api.gouv.fr", "2000", False),
        (False, "http://particulier.api.gouv.fr", SIRET, False),
        (False, "http://127.0.0.1:8091", SIRET, True),
        (True, "", "", True),
    ):
        for cle, valeur in {**bons, "PRODUCTION": production, "API_PARTICULIER_ADRESSE": adresse}.items():
            monkeypatch.setattr(env, cle, valeur)
        monkeypatch.setattr(env, "API_PARTICULIER_SIRET", siret)
        if est_bon:
            assert adresse == importlib.reload(particulier).API_PARTICULIER_ADRESSE
        else:
            with pytest.raises(ImproperlyConfigured):
                importlib.reload(particulier)
    monkeypatch.undo()
    importlib.reload(particulier)


# At the desk


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> gens.Foyer:
    horloge("2026-11-18 10:00")
    portail()
    return roussel_prets()


@pytest.fixture
def guichet(roussel: gens.Foyer) -> Client:
    client = Client()
    client.force_login(gens.karim().compte)
    return client


def texte(reponse: Any) -> str:
    brut = reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", brut).split())


def saisie(roussel: gens.Foyer, **autres: str) -> dict[str, str]:
    return {
        "adulte": str(roussel.adultes["camille"].pk), "nom_naissance": "Fermier", "prenoms": "Camille Anne", "sexe": "F",
        "date_naissance": "1988-03-14", "commune": "Tours", "departement": "37", "pays": "99100", **autres,
    }  # fmt: skip


def adresse(roussel: gens.Foyer) -> str:
    return reverse("guichet:quotient_interrogation", args=[roussel.famille.pk])


@pytest.mark.django_db
def test_un_agent_interroge_et_le_quotient_compte(api: Any, guichet: Client, roussel: gens.Foyer) -> None:
    assert "Interroger la Caf ou la MSA" in texte(guichet.get(reverse("guichet:quotients", args=[roussel.famille.pk])))
    assert 'value="Roussel"' in guichet.get(adresse(roussel)).content.decode()
    page = texte(guichet.post(adresse(roussel), saisie(roussel), follow=True))
    assert "Quotient 712, lu auprès de la MSA, enregistré pour la famille Roussel." in page
    un = QuotientFamilial.objects.get()
    assert (un.valeur, un.source, un.fournisseur, un.mois) == (712, "api", "MSA", date(2026, 11, 1))
    assert (un.valable_du, un.valable_au) == (date(2026, 11, 18), date(2027, 8, 31))
    assert foyer_tarifaire(roussel.famille).quotients[0].regime == "msa"
    camille = Client()
    camille.force_login(roussel.compte)
    assert "Quotient familial 712 , lu auprès de la MSA le 18 novembre" in texte(camille.get("/dossier/tarifs/"))
    entrees = list(Entree.objects.filter(action="quotient.saisie").values_list("details", flat=True))
    assert entrees == [{"source": "api"}]


@pytest.mark.django_db
def test_on_n_interroge_pas_deux_fois_en_un_jour(api: Any, guichet: Client, roussel: gens.Foyer, horloge: Any) -> None:
    guichet.post(adresse(roussel), saisie(roussel))
    encore = guichet.post(adresse(roussel), saisie(roussel))
    assert encore.status_code == 409
    assert "Déjà lu pour cet adulte le 18 novembre à 10 h : 712." in texte(encore)
    assert len(api.recues) == 1
    horloge("2026-11-19 10:01")
    guichet.force_login(Agent.objects.get().compte)
    assert guichet.post(adresse(roussel), saisie(roussel)).status_code == 302
    assert QuotientFamilial.objects.count() == 2


@pytest.mark.django_db
def test_un_refus_est_dit_journalise_et_rien_ne_se_perd(api: Any, guichet: Client, roussel: gens.Foyer) -> None:
    reponse = guichet.post(adresse(roussel), saisie(roussel, nom_naissance="Inconnu"))
    assert reponse.status_code == 409
    assert "Ni la Caf ni la MSA ne trouvent ce dossier" in texte(reponse)
    assert 'value="Camille Anne"' in reponse.content.decode()
    assert not QuotientFamilial.objects.exists()
    entree = Entree.objects.get(action="quotient.interrogation")
    assert entree.details == {"reponse": "37003"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"adulte": "999999"}, "Choisissez une des réponses"),
        ({"commune": ""}, "À remplir pour une naissance en France."),
        ({"departement": "Indre"}, "numéro du département"),
        ({"pays": "France"}, "Écrivez le code Insee du pays"),
        ({"date_naissance": "2030-01-01"}, "n’est pas possible"),
        ({"prenoms": ""}, "À remplir."),
    ],
)
def test_une_mauvaise_saisie_ne_part_pas(
    api: Any, guichet: Client, roussel: gens.Foyer, change: dict[str, str], phrase: str
) -> None:
    reponse = guichet.post(adresse(roussel), saisie(roussel, **change))
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert api.recues == []


@pytest.mark.django_db
def test_en_janvier_la_page_dit_d_attendre_fevrier(
    api: Any, guichet: Client, roussel: gens.Foyer, horloge: Any
) -> None:
    assert "se lit en février" not in texte(guichet.get(adresse(roussel)))
    horloge("2027-01-12 10:00")
    guichet.force_login(Agent.objects.get().compte)
    assert "se lit en février" in texte(guichet.get(adresse(roussel)))


@pytest.mark.django_db
def test_sans_reglage_la_page_n_existe_pas(guichet: Client, roussel: gens.Foyer) -> None:
    assert guichet.get(adresse(roussel)).status_code == 404
    assert "Interroger" not in texte(guichet.get(reverse("guichet:quotients", args=[roussel.famille.pk])))
    lucas = Client()
    lucas.force_login(gens.lucas().compte)
    assert lucas.get(adresse(roussel)).status_code == 403
