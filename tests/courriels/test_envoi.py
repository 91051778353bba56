"""Sending: to a real SMTP server, that accepts, refuses, hangs up, or is not there."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from marelle.courriels import envoi, service
from marelle.courriels.models import Courriel, Etat
from marelle.reglages import env

from .conftest import Facteur, port_libre

pytestmark = pytest.mark.django_db
CAMILLE, LEO = "camille@exemple.fr", "leo@exemple.fr"


def _ecrire(*adresses: str) -> list[Courriel]:
    return service.ecrire("bonjour", adresses, {"prenom": "Élio"})


def _relu(courriel: Courriel) -> Courriel:
    courriel.refresh_from_db()
    return courriel


def _attendre(duree: timedelta) -> None:
    """Bring the next attempts nearer, as if `duree` had passed."""
    for courriel in Courriel.objects.all():
        Courriel.objects.filter(pk=courriel.pk).update(prochain_essai_le=courriel.prochain_essai_le - duree)


def test_le_message_part_complet(facteur: Facteur) -> None:
    [courriel] = _ecrire(CAMILLE)
    assert envoi.il_y_en_a_a_envoyer()
    assert envoi.envoyer_en_attente() == 1
    assert not envoi.il_y_en_a_a_envoyer()
    [recu] = facteur.recus
    assert recu["Subject"] == "Acceptée – Élio, mercredi 9 décembre"
    assert recu["To"] == CAMILLE
    assert recu["From"] == f"CC des Essais <{env.COURRIEL_EXPEDITEUR}>"
    assert recu["Reply-To"] == "enfance@essais.exemple"
    assert recu["Auto-Submitted"] == "auto-generated"
    assert recu["Message-ID"].startswith(f"<courriel-{courriel.pk}-")
    corps = [partie.get_content_type() for partie in recu.iter_parts()]
    assert corps == ["text/plain", "text/html"]
    assert (_relu(courriel).etat, courriel.essais) == (Etat.ENVOYE, 1)
    assert courriel.envoye_le is not None


def test_un_lien_personnel_est_oublie_une_fois_parti(facteur: Facteur) -> None:
    [courriel] = service.ecrire("bonjour", [CAMILLE], {"prenom": "Élio"}, confidentiel=True)
    assert courriel.texte_lisible == "Ce message portait un lien personnel : son texte n’est pas gardé."
    assert envoi.envoyer_en_attente() == 1
    assert "Bonjour Élio" in facteur.recus[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Élio" not in _relu(courriel).texte + courriel.html


def test_un_lot_prend_une_seule_connexion_et_une_limite(facteur: Facteur) -> None:
    _ecrire(*(f"f{n}@exemple.fr" for n in range(7)))
    assert envoi.envoyer_en_attente(limite=5) == 5
    assert facteur.connexions == 1
    assert envoi.envoyer_en_attente(limite=5) == 2
    assert envoi.envoyer_en_attente() == 0
    assert facteur.connexions == 2


@pytest.mark.parametrize(
    ("reponse", "etat"), [("550 no such user camille@exemple.fr", Etat.ABANDONNE), ("450 greylisted", Etat.ECHEC)]
)
def test_une_adresse_refusee_n_arrete_pas_les_autres(facteur: Facteur, reponse: str, etat: str) -> None:
    facteur.refus_par_adresse[CAMILLE] = reponse
    refuse, accepte = _ecrire(CAMILLE, LEO)
    assert envoi.envoyer_en_attente() == 1
    assert (_relu(refuse).etat, _relu(accepte).etat) == (etat, Etat.ENVOYE)
    assert refuse.derniere_erreur == f"Le serveur refuse cette adresse (code {reponse[:3]})."


def test_un_message_refuse_pour_un_temps_repart(facteur: Facteur) -> None:
    facteur.refus_du_message = "451 plus tard"
    [courriel] = _ecrire(CAMILLE)
    assert envoi.envoyer_en_attente() == 0
    assert _relu(courriel).derniere_erreur == "Le serveur refuse ce message (code 451)."
    assert envoi.envoyer_en_attente() == 0, "pas avant une minute"
    facteur.refus_du_message = ""
    _attendre(timedelta(minutes=1))
    assert envoi.envoyer_en_attente() == 1
    assert (_relu(courriel).etat, courriel.essais, courriel.derniere_erreur) == (Etat.ENVOYE, 2, "")


def test_le_serveur_raccroche_au_milieu(facteur: Facteur) -> None:
    facteur.raccroche = True
    lot = _ecrire(CAMILLE, LEO)
    assert envoi.envoyer_en_attente() == 0
    assert {_relu(courriel).etat for courriel in lot} == {Etat.ECHEC}


def test_serveur_absent_puis_abandon_puis_relance(monkeypatch: pytest.MonkeyPatch, facteur: Facteur) -> None:
    monkeypatch.setattr(env, "COURRIEL_URL", f"smtp://127.0.0.1:{port_libre()}")
    [courriel] = _ecrire(CAMILLE)
    attentes = []
    for _ in envoi.ATTENTES:
        assert envoi.envoyer_en_attente() == 0
        assert _relu(courriel).etat == Etat.ECHEC
        attentes.append(round((courriel.prochain_essai_le - timezone.now()) / timedelta(minutes=1)))
        _attendre(timedelta(days=1))
    assert attentes == [1, 5, 30, 120, 720]
    envoi.envoyer_en_attente()
    assert _relu(courriel).etat == Etat.ABANDONNE
    assert courriel.derniere_erreur == "Le serveur d’envoi ne répond pas (ConnectionRefusedError)."
    _attendre(timedelta(days=30))
    assert not envoi.il_y_en_a_a_envoyer()

    monkeypatch.setattr(env, "COURRIEL_URL", facteur.url)
    assert service.relancer(courriel)
    assert envoi.envoyer_en_attente() == 1
    assert not service.relancer(_relu(courriel)), "ce qui est parti ne repart pas"


def test_mort_entre_l_envoi_et_l_ecriture(facteur: Facteur, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message left, the process died before writing it down: it leaves again, under the same Message-ID."""

    def mourir(_courriel: Courriel) -> None:
        raise SystemExit

    [courriel] = _ecrire(CAMILLE)
    with monkeypatch.context() as accident:
        accident.setattr(envoi, "_noter_envoi", mourir)
        with pytest.raises(SystemExit):
            envoi.envoyer_en_attente()
    assert envoi.envoyer_en_attente() == 0, "le bail de dix minutes court encore"
    _attendre(envoi.BAIL)
    assert envoi.envoyer_en_attente() == 1
    assert len({recu["Message-ID"] for recu in facteur.recus}) == 1
    assert len(facteur.recus) == 2
    assert _relu(courriel).etat == Etat.ENVOYE


def test_sans_serveur_les_messages_sont_affiches() -> None:
    [courriel] = _ecrire(CAMILLE)
    assert envoi.envoyer_en_attente() == 1
    assert _relu(courriel).etat == Etat.AFFICHE


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_identifiant_et_mot_de_passe(facteur_avec_mot_de_passe: Facteur, monkeypatch: pytest.MonkeyPatch) -> None:
    port = facteur_avec_mot_de_passe.port
    [courriel] = _ecrire(CAMILLE)
    monkeypatch.setattr(env, "COURRIEL_URL", f"smtp://portail:faux@127.0.0.1:{port}?tls=0")
    assert envoi.envoyer_en_attente() == 0
    assert _relu(courriel).etat == Etat.ECHEC, "notre mot de passe est faux : le message n'y est pour rien"
    assert (
        courriel.derniere_erreur == "Le serveur d’envoi refuse l’identifiant ou le mot de passe du portail (code 535)."
    )
    monkeypatch.setattr(env, "COURRIEL_URL", f"smtp://portail:{quote('sésame')}@127.0.0.1:{port}?tls=0")
    _attendre(timedelta(minutes=1))
    assert envoi.envoyer_en_attente() == 0
    assert _relu(courriel).derniere_erreur == "L’identifiant et le mot de passe d’envoi s’écrivent sans accent."
    monkeypatch.setattr(env, "COURRIEL_URL", f"smtp://portail:{quote('sesame @ 1')}@127.0.0.1:{port}?tls=0")
    _attendre(timedelta(minutes=5))
    assert envoi.envoyer_en_attente() == 1


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://h:port", "smtp:/x"])
def test_une_adresse_de_serveur_fausse_ne_perd_rien(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "COURRIEL_URL", url)
    [courriel] = _ecrire(CAMILLE)
    assert envoi.envoyer_en_attente() == 0
    assert _relu(courriel).etat == Etat.ECHEC
    assert courriel.derniere_erreur.startswith("MARELLE_COURRIEL_URL s’écrit smtp://")


def test_les_traces_ne_disent_pas_l_adresse(facteur: Facteur, caplog: Any, capsys: Any) -> None:
    facteur.refus_par_adresse[CAMILLE] = "550 no such user camille@exemple.fr"
    _ecrire(CAMILLE, LEO)
    envoi.envoyer_en_attente()
    sortie = capsys.readouterr()
    # The catcher runs in this process and writes its own log, addresses included: only the product's is looked at.
    notres = "\n".join(str(ligne.msg) for ligne in caplog.records if not ligne.name.startswith("mail."))
    ecrit = "\n".join(ligne for ligne in sortie.err.splitlines() if "mail.log" not in ligne)
    assert notres, "l’abandon est écrit dans le journal"
    assert "exemple.fr" not in notres + sortie.out + ecrit
