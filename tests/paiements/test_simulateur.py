"""The simulator against the State's protocol: eopayment's own client is the judge, on the WSDL that the simulator serves."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.paiements.conftest import Simulateur
from tests.salle.processus import RACINE

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class _SansRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_immobile = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SansRedirection())


def client(payfip: Simulateur, saisie: str = "T") -> Any:
    """eopayment as it comes, pointed at the simulator's WSDL."""
    import eopayment
    from eopayment.payfip_ws import PayFiP

    p = eopayment.Payment("payfip_ws", {
        "numcli": "102030", "saisie": saisie,
        "normal_return_url": "http://127.0.0.1:9/retour", "automatic_return_url": "http://127.0.0.1:9/notification",
    })  # fmt: skip
    p.backend.payfip = PayFiP(wsdl_url=f"{payfip.adresse}/tpa/services/securite?wsdl")
    return p


def demander(payfip: Simulateur, **autres: Any) -> str:
    champs = {"email": "camille@familles.exemple", "refdet": "F202601000123T01", "subject": "Facture", **autres}
    return str(client(payfip, champs.pop("saisie", "T")).request(champs.pop("montant", "48.60"), **champs)[0])


def code(payfip: Simulateur, **autres: Any) -> str:
    from eopayment.payfip_ws import PayFiPError

    with pytest.raises(PayFiPError) as erreur:
        demander(payfip, **autres)
    return str(erreur.value.code)


def page(payfip: Simulateur, idop: str, **choix: str) -> tuple[int, str, str]:
    """(status, text, where it leads) of the page, or of a button pressed on it."""
    adresse = f"{payfip.adresse}/tpa/paiementws.web"
    donnees = urlencode({"idop": idop, **choix}).encode() if choix else None
    try:
        reponse = _immobile.open(adresse if donnees else f"{adresse}?idop={idop}", donnees, timeout=10)
    except urllib.error.HTTPError as erreur:
        reponse = erreur
    with reponse:
        return reponse.status, reponse.read().decode(), reponse.headers.get("Location", "")


def test_le_client_d_eopayment_est_satisfait(payfip: Simulateur) -> None:
    import eopayment

    p = client(payfip)
    idop = demander(payfip)
    assert str(uuid.UUID(idop)) == idop
    assert p.payment_status(idop).result == eopayment.WAITING
    for issue, attendu in (
        ("P", eopayment.PAID),
        ("V", eopayment.PAID),
        ("R", eopayment.DENIED),
        ("Z", eopayment.DENIED),
    ):
        idop = demander(payfip)
        payfip(idop=idop, issue=issue)
        reponse = p.response(urlencode({"idop": idop}))
        assert (reponse.result, reponse.bank_data["resultrans"], reponse.test) == (attendu, issue, True)
        assert reponse.bank_data["montant"] == "4860"
        assert len(reponse.bank_data["dattrans"]) == 8
        assert len(reponse.bank_data["heurtrans"]) == 4
    idop = demander(payfip)
    payfip(idop=idop, issue="A")
    assert p.payment_status(idop).result == eopayment.WAITING  # eopayment waits two minutes: it may be tried again
    payfip(avancer_minutes=24 * 60)
    assert p.payment_status(idop).result == eopayment.EXPIRED
    assert p.backend.payfip.get_info_client("102030").libelleN2 == "REGIE DE DEMONSTRATION"


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"refdet": "abcd"}, "R3"),
        ({"refdet": "F-2026/1"}, "R3"),
        ({"montant": "0.50"}, "M3"),
        ({"exer": "26"}, "E1"),
        ({"saisie": "W"}, "S1"),
    ],
)
def test_un_champ_faux_a_son_code(payfip: Simulateur, champs: dict[str, str], attendu: str) -> None:
    assert code(payfip, **champs) == attendu


def test_un_champ_absent_a_son_code(payfip: Simulateur) -> None:
    from eopayment.payfip_ws import PayFiPError

    soap = client(payfip).backend.payfip
    bons = {
        "numcli": "102030", "saisie": "T", "exer": "2026", "refdet": "F202601000123T01", "montant": "4860",
        "mel": "a@b.fr", "url_notification": "http://a/n", "url_redirect": "http://a/r",
    }  # fmt: skip
    faux = {
        "numcli": ("T1", "12"), "refdet": ("R1", ""), "montant": ("M1", "48,60"), "mel": ("A1", ""),
        "url_notification": ("N1", "n"), "url_redirect": ("D1", "http://a/" + "r" * 250), "saisie": ("S1", "M"),
    }  # fmt: skip
    assert soap.get_idop(**bons)
    for champ, (attendu, valeur) in {**faux, "mel ": ("A2", "ab.fr"), "montant ": ("M5", "10000001")}.items():
        with pytest.raises(PayFiPError) as erreur:
            soap.get_idop(**{**bons, champ.strip(): valeur})
        assert erreur.value.code == attendu, champ
    for numcli, attendu in (("999999", "T2"), ("999998", "T4")):
        with pytest.raises(PayFiPError) as erreur:
            soap.get_info_client(numcli)
        assert erreur.value.code == attendu


def test_w_demande_une_activation(payfip: Simulateur) -> None:
    assert code(payfip, saisie="W") == "S1"
    payfip(idop=demander(payfip, saisie="X"), issue="P")
    assert demander(payfip, saisie="W")


def test_la_page_sert_une_fois_et_pendant_un_quart_d_heure(payfip: Simulateur) -> None:
    idop = demander(payfip)
    statut, texte, _ = page(payfip, idop)
    assert statut == 200
    assert "SIMULATEUR" in texte
    assert "48,60\u00a0€" in texte
    assert "F202601000123T01" in texte
    statut, _, ou = page(payfip, idop, issue="P", notification="perdue")
    assert (statut, ou) == (303, f"http://127.0.0.1:9/retour?idop={idop}")
    assert "P3" in page(payfip, idop)[1]
    assert "P3" in page(payfip, idop, issue="A")[1]
    tard = demander(payfip)
    payfip(avancer_minutes=16)
    assert "P4" in page(payfip, tard)[1]
    assert "P1" in page(payfip, "inconnu")[1]


def test_fermer_l_onglet_ne_decide_ni_ne_previent(payfip: Simulateur) -> None:
    idop = demander(payfip)
    statut, texte, ou = page(payfip, idop, issue="fermer")
    assert (statut, ou) == (200, "")
    assert "Onglet fermé" in texte
    assert payfip()["operations"][idop]["issue"] == ""
    assert payfip()["notifications"] == []


@pytest.mark.parametrize(("comment", "combien"), [("avant", 1), ("deux", 2), ("perdue", 0)])
def test_les_notifications_partent_comme_on_le_demande(payfip: Simulateur, comment: str, combien: int) -> None:
    page(payfip, demander(payfip), issue="P", notification=comment)
    assert len(payfip()["notifications"]) == combien


def test_un_message_qui_n_est_pas_du_soap_est_une_faute(payfip: Simulateur) -> None:
    for corps in (b"", b"<a/>", b"<html>", b"\xff"):
        with pytest.raises(urllib.error.HTTPError) as erreur:
            _direct.open(f"{payfip.adresse}/tpa/services/securite", corps or b" ", timeout=10)
        with erreur.value as reponse:
            assert reponse.status == 500
            assert b"TechProtocolaireErreur" in reponse.read()


@pytest.mark.processus
def test_le_simulateur_refuse_la_production() -> None:
    fait = subprocess.run(
        [sys.executable, "outils/simulateur_payfip", "--port", "0"], cwd=RACINE, capture_output=True, text=True,
        env={"PATH": os.defpath, "MARELLE_PRODUCTION": "1"}, timeout=30, check=False,
    )  # fmt: skip
    assert fait.returncode == 1
    assert "refuse de démarrer" in fait.stderr


def test_la_demonstration_ne_le_demarre_que_pour_qui_est_paye_en_ligne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(RACINE / "outils"))
    import demo_payfip

    portails = ("cc-tvv", "terres-val-de-loire", "chablis", "vals-du-dauphine", "inconnue")
    assert [un for un in portails if demo_payfip.est_paye_en_ligne(un)] == ["terres-val-de-loire"]


def test_le_port_d_un_simulateur_ne_se_prend_pas_entre_son_choix_et_son_demarrage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its socket listens before its address is told: nobody else can bind it, and who asks too early waits for the answer."""
    monkeypatch.syspath_prepend(str(RACINE / "outils"))
    monkeypatch.syspath_prepend(str(RACINE / "outils/simulateur_payfip"))
    import demo_prise
    from comptoir import Comptoir
    from serveur import Serveur

    with socket.create_server(("127.0.0.1", 0)) as pris:
        usuel = pris.getsockname()[1]
        adresse = demo_prise.reserver("127.0.0.1", usuel)
    port = int(adresse.rpartition(":")[2])
    assert port != usuel
    with pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", port))
    with ThreadPoolExecutor(1) as fil:
        trop_tot = fil.submit(lambda: _direct.open(f"{adresse}/_simulateur", timeout=10).read())
        with Serveur("127.0.0.1", 0, Comptoir(), demo_prise.ceder(adresse)) as serveur:
            assert serveur.adresse == adresse
            serveur.handle_request()
        assert trop_tot.result().startswith(b"{")
