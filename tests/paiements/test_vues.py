"""The pages: choosing, leaving for PayFiP, coming back; and what strangers get from the open address."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marelle.creances.models import Facture, Paiement, Regie
from marelle.creances.payeurs import payeur_de
from marelle.paiements.models import Etat, Tentative
from marelle.paiements.reconciliation import verifier_une
from tests.distribution import Foyer, famille_fauvel, karim
from tests.paiements.conftest import Simulateur

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]
Commencer = Callable[..., Tentative]
PAYER, RETOUR, NOTIFICATION = "/finances/payer/", "/finances/payer/retour", "/finances/payer/notification"


@pytest.fixture
def famille(roussel: Foyer, regie: Regie, payfip: Simulateur) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def texte(reponse: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode()))).replace("\u202f", "\u00a0")


def envoyer(client: Client, *factures: Facture, vu: int | None = None, **autres: str) -> Any:
    payeur = factures[0].payeur_id
    donnees = {"groupe": f"{factures[0].regie.code}-{payeur}", "facture": [une.numero for une in factures], **autres}
    return client.post(PAYER, {**donnees, **({"vu": vu} if vu is not None else {})})


def test_la_page_dit_ce_qui_est_du_et_mene_a_payfip(famille: Client, facturer: Facturer, payfip: Simulateur) -> None:
    premiere, seconde = facturer(1999), facturer(4860)
    page = famille.get(PAYER)
    assert page.status_code == 200
    for mot in (premiere.numero, seconde.numero, "68,59 €", "Payer 68,59 €", "PayFiP", "15 minutes", "camille@"):
        assert mot.replace(" €", "\u00a0€") in texte(page).replace(" €", "\u00a0€"), mot
    assert payfip.adresse in page.headers["Content-Security-Policy"].partition("form-action")[2].split(";")[0]
    depart = envoyer(famille, premiere, seconde, vu=6859)
    tentative = Tentative.objects.get()
    assert depart.status_code == 303
    assert depart.url == f"{payfip.adresse}/tpa/paiementws.web?idop={tentative.idop}"
    demande = payfip()["operations"][tentative.idop]["demande"]
    assert demande["urlnotif"] == "http://testserver/finances/payer/notification"
    assert demande["urlredirect"] == "http://testserver/finances/payer/retour"


def test_une_facture_demandee_est_seule_cochee(famille: Client, facturer: Facturer) -> None:
    facturer(1999)
    seconde = facturer(4860)
    page = famille.get(PAYER, {"facture": seconde.numero})
    assert page.content.decode().count(" checked") == 1
    assert "Payer 48,60" in texte(page)


def test_le_prix_du_navigateur_ne_compte_pas(famille: Client, facturer: Facturer, payfip: Simulateur) -> None:
    facture = facturer(4860)
    reponse = envoyer(famille, facture, vu=100, montant_centimes="100", total="100", reste_centimes="100")
    assert reponse.status_code == 409
    assert "Le total est maintenant 48,60" in texte(reponse)
    envoyer(famille, facture, montant_centimes="100", total="1", prix="1")
    (operation,) = payfip()["operations"].values()
    assert operation["demande"]["montant"] == "4860"


@pytest.mark.parametrize(
    ("montant", "statut"),
    [
        ("30", 303),
        ("30,00", 303),
        ("30.5", 303),
        ("1 0", 303),
        ("0,50", 409),
        ("99", 409),
        ("abc", 400),
        ("-3", 400),
        ("1e3", 400),
    ],
)
def test_payer_une_partie(famille: Client, facturer: Facturer, montant: str, statut: int) -> None:
    reponse = envoyer(famille, facturer(4860), montant=montant)
    assert reponse.status_code == statut
    if statut != 303:
        assert f'value="{montant}"' in reponse.content.decode()  # nothing typed is lost
        assert 'role="alert"' in reponse.content.decode()


def test_sans_rien_cocher(famille: Client, facturer: Facturer) -> None:
    facture = facturer(4860)
    reponse = famille.post(PAYER, {"groupe": f"1-{facture.payeur_id}"})
    assert reponse.status_code == 400
    assert "au moins une facture" in texte(reponse)


def test_la_facture_d_une_autre_famille_n_existe_pas(
    famille: Client, facturer: Facturer, commencer: Commencer, payeur: Any
) -> None:
    autre = facturer(4860, de=payeur_de(famille_fauvel().famille))
    mienne = facturer(1000)
    assert envoyer(famille, autre).status_code == 404
    deguisee = {"groupe": f"1-{mienne.payeur_id}", "facture": [mienne.numero, autre.numero]}
    assert famille.post(PAYER, deguisee).status_code == 404
    assert autre.numero not in texte(famille.get(PAYER, {"facture": autre.numero}))
    for inventee in ("\x00", "", "x" * 500, "202601000001'--"):
        assert famille.post(PAYER, {"groupe": f"1-{mienne.payeur_id}", "facture": [inventee]}).status_code == 404


def test_le_paiement_d_une_autre_famille_n_existe_pas(
    famille: Client, facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    tentative = commencer(facturer(4860))
    intruse = Client()
    intruse.force_login(famille_fauvel().compte)
    for idop in (tentative.idop, "inconnu", "", "x" * 500, "\x00"):
        assert intruse.get(RETOUR, {"idop": idop}).status_code == 404
    assert famille.get(RETOUR, {"idop": tentative.idop}).status_code == 200
    assert famille.get(RETOUR).status_code == 404


def test_un_agent_n_est_pas_une_famille(facturer: Facturer, regie: Regie) -> None:
    client = Client()
    client.force_login(karim().compte)
    assert client.get(PAYER).status_code == 302


@pytest.mark.parametrize(
    ("issue", "mots"),
    [
        ("P", ["Paiement reçu", "reçu nº Q-", "48,60"]),
        ("V", ["Prélèvement enregistré", "débitée dans les prochains jours", "reçu nº Q-"]),
        ("R", ["Paiement refusé", "rien n’est débité", "Recommencer le paiement"]),
        ("Z", ["Paiement refusé", "rien n’est débité"]),
        ("A", ["Paiement abandonné", "Recommencer le paiement"]),
        ("Q", ["Nous vérifions votre paiement", "Ne payez pas une deuxième fois", "Vérifier à nouveau"]),
    ],
)
def test_le_retour_dit_ce_qui_s_est_passe(
    famille: Client, facturer: Facturer, commencer: Commencer, payfip: Simulateur, issue: str, mots: list[str]
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, issue)
    for _ in range(2):  # a page that is loaded again says the same
        page = texte(famille.get(RETOUR, {"idop": tentative.idop, "resultrans": "P"}))
        assert not [mot for mot in mots if mot not in page]
    assert Paiement.objects.count() == (issue in "PV")


def test_le_retour_avant_le_resultat(famille: Client, facturer: Facturer, commencer: Commencer) -> None:
    tentative = commencer(facturer(4860))
    assert "Nous vérifions votre paiement" in texte(famille.get(RETOUR, {"idop": tentative.idop}))


@pytest.mark.parametrize("panne", ["indisponible", "html", "coupure"])
def test_payfip_en_panne_se_dit_en_francais(
    famille: Client, facturer: Facturer, commencer: Commencer, payfip: Simulateur, panne: str
) -> None:
    facture = facturer(4860)
    payfip(panne=panne, panne_fois=1)
    reponse = envoyer(famille, facture)
    assert reponse.status_code == 503
    assert "ne répond pas pour l’instant. Rien n’a été débité" in texte(reponse)
    tentative = commencer(facture)
    payfip.issue(tentative, "P")
    payfip(panne=panne, panne_fois=1)
    assert "Nous vérifions" in texte(famille.get(RETOUR, {"idop": tentative.idop}))
    assert "Paiement reçu" in texte(famille.get(RETOUR, {"idop": tentative.idop}))


def test_un_paiement_en_cours_se_continue(famille: Client, facturer: Facturer, commencer: Commencer) -> None:
    facture = facturer(4860)
    tentative = commencer(facture)
    page = famille.get(PAYER)
    assert "Un paiement de 48,60" in texte(page)
    assert f"idop={tentative.idop}" in page.content.decode()
    assert " checked" not in page.content.decode()
    assert envoyer(famille, facture).status_code == 303  # the same again leads to the same page
    assert Tentative.objects.count() == 1


def test_les_autres_manieres_de_payer_se_disent(famille: Client, facturer: Facturer) -> None:
    facturer(4860, regie=Regie.objects.get(code=2))
    page = texte(famille.get(PAYER))
    assert "sur le site PayFiP du Trésor public" in page
    assert "À payer à réception de l’avis du Trésor public" in page
    assert "À payer avant le" not in page, "la facture dit « à réception de l’avis »"
    assert "avis des sommes à payer" in page
    assert famille.get(PAYER).content.decode().count('name="vu"') == 0


def test_rien_a_payer(famille: Client) -> None:
    assert "Rien à payer" in texte(famille.get(PAYER))


def test_moins_d_un_euro_se_dit_avant_le_clic(famille: Client, facturer: Facturer) -> None:
    facture = facturer(50)
    assert "ne reçoit pas moins de 1,00" in texte(famille.get(PAYER))
    assert envoyer(famille, facture).status_code == 409


def test_sans_adresse_la_page_la_demande(famille: Client, facturer: Facturer, roussel: Foyer) -> None:
    roussel.compte.email = ""
    roussel.compte.save()
    for adulte in roussel.adultes.values():
        adulte.courriel = ""
        adulte.save()
    facture = facturer(4860)
    assert 'name="mel"' in famille.get(PAYER).content.decode()
    assert envoyer(famille, facture, mel="camille").status_code == 422
    assert envoyer(famille, facture, mel="camille@exemple.fr").status_code == 303
    assert Tentative.objects.get().mel == "camille@exemple.fr"


# The open address


@pytest.mark.parametrize("nom", ["idop", "idOp"])
@pytest.mark.parametrize("methode", ["get", "post"])
def test_la_notification_de_payfip_declenche_la_question(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, nom: str, methode: str
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    inconnu = Client(enforce_csrf_checks=True)
    reponse = getattr(inconnu, methode)(NOTIFICATION, {nom: tentative.idop})
    assert (reponse.status_code, reponse.content) == (200, b"OK")
    assert _taches() == 1
    verifier_une.func(tentative.pk)
    assert Tentative.objects.get().etat == Etat.PAYEE


def test_une_notification_forgee_n_est_pas_crue_et_ne_dit_rien(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    tentative = commencer(facturer(4860))
    mensonge = {"resultrans": "P", "montant": "4860", "refdet": tentative.refdet, "saisie": "W"}
    reponses = [
        Client().post(NOTIFICATION, {"idop": idop, **mensonge})
        for idop in (tentative.idop, "inconnu", "", "x" * 5000, "\x00'\"<script>")
    ]
    assert {(une.status_code, une.content) for une in reponses} == {(200, b"OK")}
    assert _taches() == 1  # of all these, one is ours
    verifier_une.func(tentative.pk)
    assert Tentative.objects.get().etat == Etat.EN_ATTENTE
    assert not Paiement.objects.exists()
    assert Client().get(NOTIFICATION).status_code == 200


def test_un_deluge_de_notifications_ne_fait_pas_un_deluge_de_questions(
    facturer: Facturer, commencer: Commencer
) -> None:
    tentative = commencer(facturer(4860))
    for _ in range(30):
        assert Client().post(NOTIFICATION, {"idop": tentative.idop}).status_code == 200
    assert _taches() == 12


def test_les_adresses_sont_celles_que_les_autres_pages_nomment() -> None:
    assert reverse("espace_famille:payer") == PAYER
    assert reverse("espace_famille:payer_retour") == RETOUR


def _taches() -> int:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.filter(task_path__endswith="verifier_une").count()
