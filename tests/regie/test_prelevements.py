"""Direct debits: mandates with a true account number, a run told in time, a file that its schema accepts, paid once."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Facture, Paiement, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.soldes import avec_restes, solde
from marelle.paiements.models import LigneTentative, Tentative
from marelle.regie import fichier_sepa, mandats_sepa, prelevements, relances
from marelle.regie.encaissements import annuler, recevoir
from marelle.regie.mandats_sepa import SaisieMandat
from marelle.regie.models import LignePrelevement, MandatSepa
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from tests.distribution import Foyer

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db
Horloge = Callable[[str], object]
IBAN = "FR76 3000 1007 9412 3456 7890 185"
LE = date(2026, 12, 15)
NS = "{urn:iso:std:iso:20022:tech:xsd:pain.008.001.02}"


def signer(regie: Regie, payeur: Payeur, agent: Agent, **autres: object) -> MandatSepa:
    champs = {"titulaire": "Camille Rousseł", "iban": IBAN, "bic": "BDFEFRPPCCT", "signe_le": date(2026, 11, 1)}
    return mandats_sepa.saisir(regie, payeur, SaisieMandat(**{**champs, **autres}), auteur=agent)  # type: ignore[arg-type]


def reste(facture: Facture) -> int:
    return avec_restes(Facture.objects.filter(pk=facture.pk)).get().reste_centimes


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"iban": "FR76 3000 1007 9412 3456 7890 186"}, "IBAN n’est pas exact"),
        ({"iban": "FR76 3000"}, "IBAN n’est pas exact"),
        ({"bic": "XX"}, "BIC n’est pas exact"),
        ({"signe_le": date(2026, 11, 21)}, "à venir"),
        ({"titulaire": "& – &"}, "nom du titulaire"),
        ({"signe_le": date(206, 11, 1)}, "vérifiez l’année"),
    ],
)
def test_un_mandat_faux_est_refuse(
    champs: dict[str, object], phrase: str, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    with pytest.raises(Refus, match=phrase):
        signer(regie, payeur, regisseuse, **champs)
    assert not MandatSepa.objects.exists()


def test_l_iban_est_chiffre_et_un_seul_mandat_est_en_vigueur(
    regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent, direction: Agent
) -> None:
    mandat = signer(regie, payeur, regisseuse)
    assert MandatSepa.objects.get().iban == IBAN.replace(" ", "")
    with connection.cursor() as curseur:
        curseur.execute("SELECT iban, iban_fin FROM regie_mandatsepa")
        brut, fin = curseur.fetchone()
    assert "7890" not in brut
    assert fin == "0185"
    with pytest.raises(Refus, match="déjà un mandat en vigueur"):
        signer(regie, payeur, regisseuse)
    with pytest.raises(Refus, match="d’un autre mandat"):
        signer(regie, payeur_de(fauvel.famille), regisseuse, rum=mandat.rum)
    with pytest.raises(SansMandat):
        mandats_sepa.revoquer(mandat, "Demande", auteur=direction)
    mandats_sepa.revoquer(mandat, "Demande de la famille", auteur=regisseuse)
    assert signer(regie, payeur, regisseuse).rum != mandat.rum


def test_le_prelevement_se_prepare_s_annonce_et_se_paie_une_fois(
    facturer: Facturer, regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent, horloge: Horloge
) -> None:
    facture, plus_tard = facturer(payeur, 4860), facturer(payeur, 2000, echeance=date(2027, 1, 31))
    facturer(payeur_de(fauvel.famille), 1000)
    mandat = signer(regie, payeur, regisseuse)
    with pytest.raises(Refus, match="14 jours avant"):
        prelevements.preparer(regie, date(2026, 12, 3), auteur=regisseuse)
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    assert (run.nombre, run.montant_centimes) == (1, 4860)
    annonce = Courriel.objects.get(gabarit="prelevement_annonce")
    assert mandat.rum in annonce.texte
    assert "FR12ZZZ123456" in annonce.texte
    assert "0185" in annonce.texte
    assert "7890" not in annonce.texte
    with pytest.raises(Refus, match="Aucun payeur"):
        prelevements.preparer(regie, LE, auteur=regisseuse)
    with pytest.raises(Refus, match="dans le prélèvement du 15/12/2026"):
        recevoir(regie, payeur, recu(4860, parts={facture.pk: 4860}), auteur=regisseuse)
    assert relances.proposer(regie, date(2026, 12, 14)) == [
        une for une in relances.proposer(regie, date(2026, 12, 14)) if une.payeur != payeur
    ]
    with pytest.raises(Refus, match="ce jour-là, ou après"):
        prelevements.enregistrer(run, auteur=regisseuse)
    horloge("2026-12-15 09:00")
    assert prelevements.enregistrer(run, auteur=regisseuse) == 1
    with pytest.raises(Refus, match="déjà enregistré"):
        prelevements.enregistrer(run, auteur=regisseuse)
    paiement = Paiement.objects.get()
    assert (paiement.mode, paiement.montant_centimes, paiement.enregistre_par) == ("prelevement", 4860, regisseuse)
    assert (reste(facture), reste(plus_tard)) == (0, 2000)
    annuler(paiement, prelevements.dire_le_rejet("AM04"), auteur=regisseuse)
    assert reste(facture) == 4860
    assert "provision insuffisante (AM04)" in Courriel.objects.get(gabarit="paiement_annule").texte


def test_ce_qui_est_paye_autrement_entre_temps_reste_en_avance(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    """The transfer of a family that forgot its debit: both arrived, the second is a credit."""
    from marelle.creances.encaissement import encaisser

    facturer(payeur, 4860)
    signer(regie, payeur, regisseuse)
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    encaisser(regie, payeur, 4860, "virement", auteur=regisseuse)
    horloge("2026-12-15 09:00")
    prelevements.enregistrer(run, auteur=regisseuse)
    assert solde(payeur, regie) == -4860


def test_le_fichier_est_celui_que_le_schema_attend_et_toujours_le_meme(
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
    fauvel: Foyer,
    regisseuse: Agent,
    direction: Agent,
    horloge: Horloge,
) -> None:
    facture = facturer(payeur, 4860)
    signer(regie, payeur, regisseuse)
    premier = prelevements.preparer(regie, LE, auteur=regisseuse)
    horloge("2026-12-15 09:00")
    prelevements.enregistrer(premier, auteur=regisseuse)
    facturer(payeur, 2005, date(2026, 12, 1), echeance=date(2026, 12, 31))
    facturer(payeur_de(fauvel.famille), 1000, date(2026, 12, 1), echeance=date(2026, 12, 31))
    signer(regie, payeur_de(fauvel.famille), regisseuse, bic="", titulaire="M. & Mme Inès_Fauvel")
    run = prelevements.preparer(regie, date(2027, 1, 5), auteur=regisseuse)
    assert set(run.lignes.values_list("sequence", "montant_centimes")) == {("RCUR", 2005), ("FRST", 1000)}
    octets = fichier_sepa.remettre(run, auteur=regisseuse)
    assert octets == fichier_sepa.ecrire(run)
    document = ET.fromstring(octets)
    lire = lambda chemin: [un.text for un in document.iter(f"{NS}{chemin}")]  # noqa: E731
    assert lire("MsgId") == [run.reference]
    assert lire("CtrlSum")[0] == "30.05"
    assert sorted(lire("SeqTp")) == ["FRST", "RCUR"]
    assert sorted(lire("InstdAmt")) == ["10.00", "20.05"]
    assert lire("ReqdColltnDt") == ["2027-01-05", "2027-01-05"]
    assert "M. et Mme Ines Fauvel" in lire("Nm")
    assert facture.numero in fichier_sepa.ecrire(premier).decode()
    with pytest.raises(SansMandat):
        fichier_sepa.remettre(run, auteur=direction)
    prelevements.abandonner(run, auteur=regisseuse)
    with pytest.raises(Refus, match="abandonné"):
        fichier_sepa.ecrire(run)


def test_un_prelevement_abandonne_rend_ses_factures_et_reste_le_premier(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facture = facturer(payeur, 4860)
    signer(regie, payeur, regisseuse)
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    prelevements.abandonner(run, auteur=regisseuse)
    dit = Courriel.objects.get(gabarit="prelevement_abandonne").texte
    assert "votre compte ne sera pas débité" in dit
    recevoir(regie, payeur, recu(860, parts={facture.pk: 860}), auteur=regisseuse)
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    assert (run.lignes.get().sequence, run.montant_centimes) == ("FRST", 4000)


def test_un_mandat_revoque_apres_la_preparation_n_est_pas_envoye_a_la_banque(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    facturer(payeur, 4860)
    mandat = signer(regie, payeur, regisseuse)
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    mandats_sepa.revoquer(mandat, "Compte clos", auteur=regisseuse)
    with pytest.raises(Refus, match=f"{mandat.rum}. Abandonnez"):
        fichier_sepa.remettre(run, auteur=regisseuse)
    horloge("2026-12-15 09:00")
    prelevements.enregistrer(run, auteur=regisseuse)  # the bank had the file already: the money came
    assert mandat.rum in fichier_sepa.ecrire(run).decode()


def test_ce_qui_se_paie_en_ligne_n_est_pas_preleve_et_une_date_trop_loin_est_refusee(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facture = facturer(payeur, 4860)
    signer(regie, payeur, regisseuse)
    tentative = Tentative.objects.create(
        regie=regie, payeur=payeur, montant_centimes=4860, numcli="102030", refdet="F202601000001T01", exer="2026",
        saisie="T", mel="camille@exemple.fr", idop="i1", etat="en_attente", cree_le=maintenant(),
    )  # fmt: skip
    LigneTentative.objects.create(tentative=tentative, facture=facture, montant_centimes=4860)
    with pytest.raises(Refus, match="Aucun payeur"):
        prelevements.preparer(regie, LE, auteur=regisseuse)
    with pytest.raises(Refus, match="05/01/2062 est bien loin"):
        prelevements.preparer(regie, date(2062, 1, 5), auteur=regisseuse)


def test_les_payeurs_se_verrouillent_tous_avant_les_numeros(
    facturer: Facturer, regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent, horloge: Horloge
) -> None:
    """Otherwise a desk that cashes for one of them meanwhile waits for us, and we for it."""
    for qui in (payeur, payeur_de(fauvel.famille)):
        facturer(qui, 4860)
        signer(regie, qui, regisseuse)
    with CaptureQueriesContext(connection) as preparees:
        run = prelevements.preparer(regie, LE, auteur=regisseuse)
    horloge("2026-12-15 09:00")
    with CaptureQueriesContext(connection) as enregistrees:
        prelevements.enregistrer(run, auteur=regisseuse)
    for requetes, avant in ((preparees, "creances_ventilation"), (enregistrees, "creances_compteur")):
        dites = [une["sql"] for une in requetes]
        verrou = next(rang for rang, sql in enumerate(dites) if '"creances_payeur"."id" IN' in sql)
        assert verrou < next(rang for rang, sql in enumerate(dites) if avant in sql)


def test_une_regie_sans_ics_ni_mode_dit_ce_qui_manque(autre_regie: Regie, regisseuse: Agent) -> None:
    from marelle.creances.models import Mandat

    Mandat.objects.create(regie=autre_regie, agent=regisseuse, qualite="mandataire", debut=date(2020, 1, 1))
    with pytest.raises(Refus, match="n’est pas autorisée à recevoir des prélèvements"):
        prelevements.preparer(autre_regie, LE, auteur=regisseuse)


def test_les_pages_des_prelevements_ne_disent_que_la_fin_de_l_iban(
    guichet: Callable[[Agent], Client],
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
    regisseuse: Agent,
    horloge: Horloge,
) -> None:
    facturer(payeur, 4860)
    client, ici = guichet(regisseuse), "/guichet/finances/regie/1/"
    donnees = {"titulaire": "Camille Roussel", "iban": IBAN, "bic": "", "signe_le": "2026-11-01", "rum": ""}
    for champs, statut in (({"iban": "FR00"}, 409), ({"rum": "A//B"}, 422), ({"rum": "AB/"}, 422)):
        assert client.post(f"{ici}payeurs/{payeur.pk}/mandat/", {**donnees, **champs}).status_code == statut
    client.post(f"{ici}payeurs/{payeur.pk}/mandat/", donnees)
    pages = [client.get(f"{ici}prelevements/", {"jour": "2026-12-15"}), client.get(f"{ici}payeurs/{payeur.pk}/")]
    for jour, dit in (("2026-11-21", "prévenues 14 jours avant"), ("2028-12-15", "vérifiez l’année")):
        page = client.get(f"{ici}prelevements/", {"jour": jour}).content.decode().replace("\u00a0", " ")
        assert dit in page, "avant le bouton, non après"
        assert "et prévenir" not in page
    assert client.post(f"{ici}prelevements/nouveau", {"jour": "2026-11-21"}).status_code == 409
    run = client.post(f"{ici}prelevements/nouveau", {"jour": "2026-12-15"}).url
    pages += [client.get(run), client.get(f"{ici}prelevements/")]
    for page in pages:
        dite = page.content.decode()
        assert "0185" in dite
        assert "7890" not in dite
    fichier = client.get(f"{run}xml")
    assert (fichier["Content-Type"], b"FR7630001007941234567890185" in fichier.content) == ("application/xml", True)
    assert client.post(f"{run}suite").status_code == 409
    horloge("2026-12-15 09:00")
    client = guichet(regisseuse)
    client.post(f"{run}suite")
    paiement = Paiement.objects.get()
    rejet = client.post(f"{ici}paiements/{paiement.pk}/annulation", {"code": "", "motif": ""})
    assert rejet.status_code == 422
    client.post(f"{ici}paiements/{paiement.pk}/annulation", {"code": "MD01", "motif": ""})
    assert "Rejeté" in client.get(run).content.decode()
    mandat = MandatSepa.objects.get()
    assert client.post(f"{ici}mandats/{mandat.pk}/revocation", {"motif": ""}).status_code == 409
    client.post(f"{ici}mandats/{mandat.pk}/revocation", {"motif": "Compte\x00 clos"})
    assert not mandats_sepa.en_vigueur(regie).exists()
    assert LignePrelevement.objects.count() == 1
