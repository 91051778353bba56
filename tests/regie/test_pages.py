"""The pages of the cash desk: one gesture to the next payment, a sentence for each refusal, nothing for who is not named."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.creances.models import Mandat, Paiement, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.guichet.formulaires.regie import MOTIF_MAX
from marelle.journal.models import Entree
from marelle.regie import prelevements
from marelle.regie.encaissements import annuler, recevoir
from marelle.regie.models import Bordereau, Versement
from tests.distribution import Foyer

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db
Guichet = Callable[[Agent], Client]
REGIE = "/guichet/finances/regie/1/"


def texte(reponse: object) -> str:
    brut = reponse.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", brut.replace("\u00a0", " ").replace("\u202f", " "))


def corps(montant: str = "48,60", **autres: str) -> dict[str, str]:
    return {
        "montant": montant, "mode": "cheque", "emetteur": "Crédit agricole", "reference": "7654321",
        "date_paiement": "2026-11-20", "jeton": str(uuid.uuid4()), **autres,
    }  # fmt: skip


def page_du_payeur(payeur: Payeur) -> str:
    return f"{REGIE}payeurs/{payeur.pk}/"


def test_le_numero_d_une_facture_ouvre_son_payeur_avec_son_reste(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur
) -> None:
    facturer(payeur, 2000)
    facture = facturer(payeur, 4860)
    client = guichet(regisseuse)
    ouverte = client.get(REGIE, {"q": facture.numero})
    assert ouverte.url == f"{page_du_payeur(payeur)}?facture={facture.pk}"
    page = texte(client.get(ouverte.url))
    assert 'name="montant" value="48,60"' in page
    assert re.search(rf'name="part_{facture.pk}" value="48,60"', page)
    assert client.get(REGIE, {"q": "FAM-00001"}).url == page_du_payeur(payeur)


def test_plusieurs_payeurs_trouves_se_choisissent(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur, fauvel: Foyer
) -> None:
    facturer(payeur, 4860)
    payeur_de(fauvel.famille)
    page = texte(guichet(regisseuse).get(REGIE, {"q": "fam"}))
    assert "2 payeurs" in page
    assert page.index("Camille Roussel") < page.index("Inès Fauvel")
    assert "Personne de ce nom" in texte(guichet(regisseuse).get(REGIE, {"q": "zzz\x00"}))


def test_enregistrer_puis_le_suivant_en_un_geste(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur
) -> None:
    facturer(payeur, 4860)
    client, envoi = guichet(regisseuse), corps()
    fait = client.post(page_du_payeur(payeur), envoi)
    paiement = Paiement.objects.get()
    assert fait.url == f"{REGIE}?fait={paiement.pk}"
    page = texte(client.get(fait.url))
    assert f"Quittance {paiement.numero}" in page
    assert re.search(r'<input[^>]*name="q"[^>]*autofocus', page)
    client.post(page_du_payeur(payeur), envoi)
    assert Paiement.objects.count() == 1
    assert 'value="cheque"' in page_mode(texte(client.get(page_du_payeur(payeur))))


def test_un_montant_de_trop_se_voit_aussitot(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur
) -> None:
    """A figure typed twice is accepted where advances are: the next page says how much no invoice asked for."""
    facturer(payeur, 4860)
    client = guichet(regisseuse)
    page = texte(client.post(page_du_payeur(payeur), corps("486,60"), follow=True))
    assert "486,60 € reçus, chèque" in page
    assert "Dont 438,00 € en avance : aucune facture ne les demande." in page
    facturer(payeur, 100_000)
    page = texte(client.post(page_du_payeur(payeur), corps("10", reference="2"), follow=True))
    assert "en avance" not in page


def test_ce_qu_un_cheque_exige_n_est_pas_dit_facultatif(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur
) -> None:
    facturer(payeur, 4860)
    assert "facultatif" not in texte(guichet(regisseuse).get(page_du_payeur(payeur)))


def page_mode(page: str) -> str:
    """The box of the means that is ticked on arrival."""
    return next(iter(re.findall(r"<input[^>]*name=\"mode\"[^>]*checked[^>]*>", page)), "")


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"montant": "-5"}, "montant positif"),
        ({"montant": "0"}, "montant positif"),
        ({"montant": "1e3"}, "montant positif"),
        ({"montant": ""}, "Écrivez un montant"),
        ({"emetteur": ""}, "Donnez la banque"),
        ({"mode": "en_ligne"}, "Choisissez une des réponses"),
        ({"mode": "ancv"}, "Chèques-Vacances"),
        ({"date_paiement": "2027-01-01"}, "à venir"),
        ({"mode": "especes", "montant": "300,01"}, "limitées à 300,00 €"),
        ({"jeton": "x"}, "correct"),
    ],
)
def test_une_mauvaise_saisie_est_dite_et_rien_n_est_perdu(
    champs: dict[str, str], phrase: str, guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur
) -> None:
    facturer(payeur, 50_000)
    reponse = guichet(regisseuse).post(page_du_payeur(payeur), corps(**champs))
    assert reponse.status_code in (409, 422)
    page = texte(reponse)
    if phrase != "correct":
        assert phrase in page
    assert "7654321" in page
    assert not Paiement.objects.exists()


def test_les_montants_par_facture_font_le_total(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, payeur: Payeur
) -> None:
    une, autre = facturer(payeur, 4860), facturer(payeur, 2000)
    client = guichet(regisseuse)
    refus = client.post(page_du_payeur(payeur), corps("30,00", **{f"part_{autre.pk}": "20,00"}))
    assert refus.status_code == 409
    assert "doivent être égaux" in texte(refus)
    client.post(page_du_payeur(payeur), corps("30,00", **{f"part_{autre.pk}": "20", f"part_{une.pk}": "10"}))
    assert Paiement.objects.get().montant_centimes == 3000


@pytest.mark.parametrize("qui", ["direction", "secretariat"])
def test_sans_mandat_une_phrase_et_403(
    qui: str,
    request: pytest.FixtureRequest,
    guichet: Guichet,
    regisseuse: Agent,
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
) -> None:
    agent = request.getfixturevalue(qui)
    facturer(payeur, 4860)
    recevoir(regie, payeur, recu(2000, "especes"), auteur=regisseuse)
    paiement = Paiement.objects.get()
    client = guichet(agent)
    gestes = {
        page_du_payeur(payeur): corps("20,00"),
        f"{REGIE}paiements/{paiement.pk}/annulation": {"motif": "Erreur"},
        f"{REGIE}depots/nouveau": {"mode": "especes", "paiement": str(paiement.pk), "date_depot": "2026-11-20"},
        f"{REGIE}versements/nouveau": {"motif": "periodique", "date_versement": "2026-11-20", "attendu": "0"},
        f"{REGIE}relances/envoi": {"relance": "1-1"},
        f"{REGIE}transmission/nouvelle": {"facture": "1"},
        f"{REGIE}payeurs/{payeur.pk}/relances/": {"motif": "Échelonnement"},
        f"{REGIE}prelevements/nouveau": {"jour": "2026-12-20"},
        f"{REGIE}payeurs/{payeur.pk}/mandat/": {
            "titulaire": "X", "iban": "FR7630001007941234567890185", "signe_le": "2026-11-01",
        },
    }  # fmt: skip
    for adresse, donnees in gestes.items():
        reponse = client.post(adresse, donnees)
        assert reponse.status_code == 403, adresse
        if qui == "direction":
            assert "mandataires" in texte(reponse), adresse
    assert Paiement.objects.count() == 1
    assert not Bordereau.objects.exists()
    assert not Versement.objects.exists()


def test_qui_lit_les_factures_lit_la_regie_sans_pouvoir_agir(
    guichet: Guichet, secretariat: Agent, regisseuse: Agent, facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    facturer(payeur, 4860)
    recevoir(regie, payeur, recu(2000), auteur=regisseuse)
    client = guichet(secretariat)
    assert client.get("/guichet/finances/regie/").url == f"{REGIE}journal/"
    for suite in ("journal/", "depots/", "impayes/", "relances/", "prelevements/", "transmission/"):
        reponse = client.get(f"{REGIE}{suite}")
        assert reponse.status_code == 200, suite
        assert "Vous lisez cette régie" in texte(reponse)
    assert client.get(REGIE).status_code == 403
    assert client.get("/guichet/finances/regie/regisseurs/").status_code == 403


def test_une_regie_de_titres_ou_inconnue_n_a_pas_de_guichet(guichet: Guichet, regisseuse: Agent) -> None:
    for code in (3, 9):
        assert guichet(regisseuse).get(f"/guichet/finances/regie/{code}/").status_code == 404


def test_un_paiement_se_lit_s_imprime_et_s_annule(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    facturer(payeur, 4860)
    paiement = recevoir(regie, payeur, recu(2000), auteur=regisseuse)
    client, adresse = guichet(regisseuse), f"{REGIE}paiements/{paiement.pk}/"
    assert "Banque postale, nº 0001234" in texte(client.get(adresse))
    pdf = client.get(f"{adresse}quittance.pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.post(f"{adresse}annulation", {"motif": ""}).status_code == 422
    client.post(f"{adresse}annulation", {"motif": "Chèque sans provision"})
    assert client.post(f"{adresse}annulation", {"motif": "Encore"}).status_code == 409
    page = texte(client.get(adresse))
    assert "Chèque sans provision" in page
    assert "Annuler le paiement" not in page
    assert "Ce qu’il réglait" in page
    contraire = Paiement.objects.get(annule=paiement)
    assert "Ce qu’elle reprend" in texte(client.get(f"{REGIE}paiements/{contraire.pk}/"))
    assert Entree.objects.filter(action="paiement.annule").count() == 1


def test_deposer_puis_verser(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    facturer(payeur, 4860)
    premier = recevoir(regie, payeur, recu(2000), auteur=regisseuse)
    annuler(recevoir(regie, payeur, recu(1000, jeton="j2"), auteur=regisseuse), "Erreur", auteur=regisseuse)
    client, adresse = guichet(regisseuse), f"{REGIE}depots/"
    assert "1 paiement, 20,00 €" in texte(client.get(adresse))
    donnees = {"mode": "cheque", "paiement": str(premier.pk), "date_depot": "2026-11-20"}
    clos = client.post(f"{adresse}nouveau", donnees)
    page = texte(client.get(clos.url))
    assert "Bordereau B-2026-01-0001" in page
    assert client.get(f"{clos.url}pdf").content[:5] == b"%PDF-"
    assert client.post(f"{adresse}nouveau", donnees).status_code == 409
    assert client.post(f"{adresse}nouveau", {**donnees, "date_depot": "hier"}).status_code == 409
    verse = {"motif": "periodique", "date_versement": "2026-11-20", "attendu": "2000"}
    client.post(f"{REGIE}versements/nouveau", verse)
    fait = Versement.objects.get()
    assert client.get(f"{REGIE}versements/{fait.pk}/pdf").content[:5] == b"%PDF-"
    assert "Rien à verser" in texte(client.get(adresse))


def test_le_journal_a_l_ecran_en_tableur_et_sur_papier(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    facturer(payeur, 4860)
    recevoir(regie, payeur, recu(2000), auteur=regisseuse)
    client, adresse = guichet(regisseuse), f"{REGIE}journal/"
    assert "Q-2026-01-000001" in texte(client.get(adresse, {"du": "2026-11-20", "mode": "cheque"}))
    assert "Aucun paiement" in texte(client.get(adresse, {"mode": "especes"}))
    assert "n’est pas appliqué" in texte(client.get(adresse, {"du": "hier"}))
    assert "finit avant de commencer" in texte(client.get(adresse, {"du": "2026-11-20", "au": "2026-11-19"}))
    assert b"Q-2026-01-000001;20/11/2026" in client.get(f"{adresse}csv", {"mode": "cheque"}).content
    assert client.get(f"{adresse}pdf").content[:5] == b"%PDF-"


def test_ce_qui_etait_destine_a_une_facture_payee_entre_temps_n_en_paie_pas_une_autre(
    guichet: Guichet, regisseuse: Agent, facturer: Facturer, regie: Regie, payeur: Payeur
) -> None:
    """The page of a colleague still shows it: what it says of it is not read as « the oldest first »."""
    une, autre = facturer(payeur, 2000), facturer(payeur, 4860)
    recevoir(regie, payeur, recu(2000, parts={une.pk: 2000}), auteur=regisseuse)
    client = guichet(regisseuse)
    refus = client.post(page_du_payeur(payeur), corps("20,00", **{f"part_{une.pk}": "20,00", f"part_{autre.pk}": ""}))
    assert (refus.status_code, Paiement.objects.count()) == (409, 1)
    assert f"La facture {une.numero} est déjà payée" in texte(refus)


def test_la_reponse_de_la_banque_et_un_mot_tiennent_dans_le_motif(
    guichet: Guichet, regisseuse: Agent, regie: Regie, payeur: Payeur
) -> None:
    from marelle.creances.encaissement import encaisser

    paiement = encaisser(regie, payeur, 1000, "prelevement", auteur=regisseuse)
    ici = f"{REGIE}paiements/{paiement.pk}/annulation"
    plus_long = max(prelevements.REJETS, key=lambda code: len(prelevements.REJETS[code]))
    client = guichet(regisseuse)
    assert client.post(ici, {"code": plus_long, "motif": "x" * (MOTIF_MAX + 1)}).status_code == 422
    client.post(ici, {"code": plus_long, "motif": "x" * MOTIF_MAX})
    motif = Paiement.objects.get(annule=paiement).motif
    assert motif.endswith("x")
    assert len(motif) <= 200


def test_la_regie_ne_donne_pas_de_quittance_de_ce_que_le_tresor_a_recu(
    guichet: Guichet, regisseuse: Agent, regie: Regie, payeur: Payeur
) -> None:
    from marelle.creances.encaissement import encaisser

    client, paiement = guichet(regisseuse), encaisser(regie, payeur, 1000, "tresor", auteur=None)
    assert "quittance" not in texte(client.get(f"{REGIE}paiements/{paiement.pk}/"))
    assert client.get(f"{REGIE}paiements/{paiement.pk}/quittance.pdf").status_code == 404


def test_une_adresse_impossible_n_existe_pas(guichet: Guichet, direction: Agent, regie: Regie) -> None:
    client = guichet(direction)
    for impossible in (f"facturation/1/payeurs/{2**63}/", "facturation/factures/%00/", "attestations/%00.pdf"):
        assert client.get(f"/guichet/finances/{impossible}").status_code == 404


def test_la_direction_nomme_mais_pas_elle_meme(
    guichet: Guichet, direction: Agent, regisseuse: Agent, regie: Regie, autre_regie: Regie
) -> None:
    client, adresse = guichet(direction), "/guichet/finances/regie/regisseurs/"
    assert "Zoé Ferry" in texte(client.get(adresse))
    donnees = {"agent": str(regisseuse.pk), "qualite": "titulaire", "arrete": "2026-41", "debut": "2026-11-01"}
    ici = "/guichet/finances/regie/2/regisseurs"
    assert client.post(ici, {**donnees, "agent": str(direction.pk)}).status_code == 422
    assert client.post(ici, {**donnees, "arrete": ""}).status_code == 422
    assert client.post(ici, donnees).url == reverse("guichet:regisseurs")
    nomme = Mandat.objects.get(regie=autre_regie)
    assert client.post(ici, donnees).status_code == 409
    assert client.post(f"{adresse}{nomme.pk}/fin", {"fin": "2020-01-01"}).status_code == 409
    client.post(f"{adresse}{nomme.pk}/fin", {"fin": "2026-11-30"})
    nomme.refresh_from_db()
    assert f"{nomme.fin}" == "2026-11-30"
    prolonge = client.post(f"{adresse}{nomme.pk}/fin", {"fin": "2027-12-31"})
    assert "nommez de nouveau" in texte(prolonge)  # nobody prolongs a mandate, least of all their own
    assert Entree.objects.filter(action__startswith="regie.mandat").count() == 2
