"""Unpaid, reminded step by step, set aside with a reason, handed over to the Treasury: never twice, never too soon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.encaissement import encaisser
from marelle.creances.imputation import imputer_credits
from marelle.creances.mandats import SansMandat
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.soldes import avec_restes
from marelle.familles.models import Responsable
from marelle.regie import impayes, relances, sursis, transmissions
from marelle.regie.encaissements import annuler, recevoir, redus_au_tresor
from marelle.regie.models import Relance
from marelle.regie.verification import verifier
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui
from tests.distribution import Foyer

from .conftest import Facturer, recu

pytestmark = pytest.mark.django_db
Horloge = Callable[[str], object]
JOUR = date(2026, 11, 20)


def proposees(regie: Regie, jour: date = JOUR) -> list[tuple[int, int, str]]:
    return [(une.payeur.pk, une.etape, une.moyen) for une in relances.proposer(regie, jour)]


def tout_envoyer(regie: Regie, agent: Agent) -> relances.Envoi:
    return relances.envoyer(regie, [une.cle for une in relances.proposer(regie, aujourdhui())], auteur=agent)


def test_les_impayes_se_lisent_par_payeur_et_par_age(
    facturer: Facturer, regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent
) -> None:
    autre = payeur_de(fauvel.famille)
    for echeance, montant in [("2026-12-01", 100), ("2026-11-19", 200), ("2026-10-20", 400), ("2026-09-20", 800)]:
        facturer(payeur, montant, echeance=date.fromisoformat(echeance))
    facturer(autre, 5000, echeance=date(2026, 11, 20))
    recevoir(regie, payeur, recu(300, parts=None), auteur=regisseuse)
    trouves = impayes.debiteurs(regie, JOUR)
    assert [(un.nom, un.par_age) for un in trouves] == [
        ("Inès Fauvel", [5000, 0, 0, 0]),
        ("Camille Roussel", [0, 0, 400, 800]),
    ]
    assert impayes.totaux(trouves) == [5000, 0, 400, 800, 6200]
    assert [un.nom for un in impayes.debiteurs(regie, JOUR, 2)] == ["Camille Roussel"]
    lignes = impayes.en_csv(trouves, JOUR).decode("utf-8-sig").splitlines()
    assert len(lignes) == 4
    assert "plus de 60 jours;8,00;8,00" in lignes[2]


def test_les_etapes_viennent_a_leur_heure_et_une_seule_fois(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    facture = facturer(payeur, 4860, echeance=date(2026, 11, 10))
    assert proposees(regie, date(2026, 11, 19)) == []
    assert proposees(regie) == [(payeur.pk, 1, "courriel")]
    assert tout_envoyer(regie, regisseuse).courriels == 1
    assert proposees(regie) == []
    with pytest.raises(Refus, match="ne reste rien à envoyer"):
        relances.envoyer(regie, [f"{payeur.pk}-1"], auteur=regisseuse)
    horloge("2026-12-10 09:00")
    assert proposees(regie, date(2026, 12, 10)) == [(payeur.pk, 2, "courrier")]
    tout_envoyer(regie, regisseuse)
    assert proposees(regie, date(2027, 6, 1)) == []
    assert [une.etape for une in relances.relances_de(facture)] == [1, 2]
    courriel = Courriel.objects.get(gabarit="relance")
    assert "48,60" in courriel.objet
    assert facture.numero in courriel.texte


def test_une_facture_tres_en_retard_ne_recoit_pas_deux_relances_de_suite(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860, echeance=date(2026, 6, 1))
    tout_envoyer(regie, regisseuse)
    assert proposees(regie, date(2026, 12, 9)) == []
    assert proposees(regie, date(2026, 12, 10)) == [(payeur.pk, 2, "courrier")]


def test_sans_adresse_e_mail_la_relance_est_une_lettre_rangee_par_code_postal(
    facturer: Facturer, regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent
) -> None:
    from marelle.editions import produire

    for un in Responsable.objects.all():
        un.courriel = ""
        un.code_postal = "89800" if un.nom == "Fauvel" else "37500"
        un.save()
    facturer(payeur_de(fauvel.famille), 1000, echeance=date(2026, 11, 1))
    facturer(payeur, 4860, echeance=date(2026, 11, 1))
    fait = tout_envoyer(regie, regisseuse)
    assert (fait.courriels, fait.courriers) == (0, 2)
    donnees = relances.lettres(fait.lot)
    assert [une["destinataire"]["nom"] for une in donnees["lettres"]] == ["Camille Roussel", "Inès Fauvel"]
    assert produire("relance", donnees).startswith(b"%PDF-")


def test_qui_est_ecarte_avec_une_raison_n_est_pas_relance(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860, echeance=date(2026, 11, 1))
    with pytest.raises(Refus, match="Dites pourquoi"):
        sursis.accorder(regie, payeur, " ", auteur=regisseuse)
    sursis.accorder(regie, payeur, "Échelonnement sur trois mois", auteur=regisseuse, jusqu_au=date(2026, 12, 31))
    assert proposees(regie) == []
    with pytest.raises(Refus, match="déjà suspendues"):
        sursis.accorder(regie, payeur, "Encore", auteur=regisseuse)
    assert proposees(regie, date(2027, 1, 1)) != []
    sursis.lever(regie, payeur, auteur=regisseuse)
    assert proposees(regie) == [(payeur.pk, 1, "courriel")]


def test_un_paiement_en_cours_suspend_les_relances(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    facture = facturer(payeur, 4860, echeance=date(2026, 11, 1))
    monkeypatch.setattr("marelle.paiements.selection.en_cours", lambda cles: {facture.pk: object()})
    assert proposees(regie) == []


def relancee_deux_fois(facturer: Facturer, regie: Regie, payeur: Payeur, agent: Agent, horloge: Horloge) -> Facture:
    facture = facturer(payeur, 4860, echeance=date(2026, 11, 1))
    tout_envoyer(regie, agent)
    horloge("2026-12-11 09:00")
    tout_envoyer(regie, agent)
    return facture


def test_une_facture_transmise_ne_se_paie_plus_ici(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    facture = relancee_deux_fois(facturer, regie, payeur, regisseuse, horloge)
    cheque = recevoir(regie, payeur, recu(1000, jeton="avant", parts={facture.pk: 1000}), auteur=regisseuse)
    assert transmissions.a_transmettre(regie, date(2026, 12, 11)) == []
    with pytest.raises(Refus):
        transmissions.transmettre(regie, [facture.pk], auteur=regisseuse)
    horloge("2026-12-28 09:00")
    assert transmissions.a_transmettre(regie, date(2026, 12, 28)) == [facture]
    transmissions.transmettre(regie, [facture.pk, facture.pk], auteur=regisseuse)
    assert transmissions.est_transmise(facture)
    assert transmissions.transmises([facture]) == {facture.pk}
    assert not transmissions.sans_les_transmises(Facture.objects.all()).exists()
    with pytest.raises(Refus, match="transmise au Trésor public"):
        recevoir(regie, payeur, recu(4860, parts={facture.pk: 4860}), auteur=regisseuse)
    assert impayes.debiteurs(regie, date(2026, 12, 28)) == []
    with pytest.raises(Refus):
        transmissions.transmettre(regie, [facture.pk], auteur=regisseuse)
    assert verifier() == []
    assert redus_au_tresor(annuler(cheque, "Chèque sans provision", auteur=regisseuse)) == [(facture, 1000)]


def test_une_avance_ne_paie_pas_ce_que_le_tresor_recouvre_mais_un_avoir_le_reduit(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    transmise = relancee_deux_fois(facturer, regie, payeur, regisseuse, horloge)
    horloge("2026-12-28 10:00")
    transmissions.transmettre(regie, [transmise.pk], auteur=regisseuse)
    encaisser(regie, payeur, 1000, "virement", auteur=None)
    assert avec_restes(Facture.objects.filter(pk=transmise.pk)).get().percu_centimes == 0
    ligne = LigneAEmettre("essai:avoir", "Absence justifiée", -500)
    avoir = FactureAEmettre(
        payeur, date(2026, 9, 1), date(2026, 9, 30), [ligne], motif="Absence justifiée", corrige=transmise
    )
    emettre(regie, [avoir], date_emission=date(2026, 12, 28))
    imputer_credits(payeur, regie)
    assert avec_restes(Facture.objects.filter(pk=transmise.pk)).get().percu_centimes == 500


def test_une_facture_payee_entre_temps_n_est_pas_transmise(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    facture = relancee_deux_fois(facturer, regie, payeur, regisseuse, horloge)
    horloge("2026-12-28 09:00")
    recevoir(regie, payeur, recu(4860), auteur=regisseuse)
    with pytest.raises(Refus, match="vient d’être payée"):
        transmissions.transmettre(regie, [facture.pk], auteur=regisseuse)


def test_sans_mandat_ni_relance_ni_transmission(
    facturer: Facturer, regie: Regie, payeur: Payeur, direction: Agent, secretariat: Agent
) -> None:
    facture = facturer(payeur, 4860, echeance=date(2026, 11, 1))
    for agent in (direction, secretariat):
        for geste in (
            lambda: relances.envoyer(regie, [f"{payeur.pk}-1"], auteur=agent),  # noqa: B023
            lambda: transmissions.transmettre(regie, [facture.pk], auteur=agent),  # noqa: B023
            lambda: sursis.accorder(regie, payeur, "x", auteur=agent),  # noqa: B023
        ):
            with pytest.raises(SansMandat):
                geste()
    assert not Relance.objects.exists()


@pytest.mark.parametrize("ordre", ["UPDATE regie_relance SET etape = 9", "DELETE FROM regie_relance"])
def test_l_historique_des_relances_ne_se_reecrit_pas(
    ordre: str, facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860, echeance=date(2026, 11, 1))
    tout_envoyer(regie, regisseuse)
    with pytest.raises(DatabaseError, match="historique"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_les_pages_des_impayes(
    guichet: Callable[[Agent], Client],
    facturer: Facturer,
    regie: Regie,
    payeur: Payeur,
    fauvel: Foyer,
    regisseuse: Agent,
    horloge: Horloge,
) -> None:
    facturer(payeur, 4860, echeance=date(2026, 11, 1))
    facturer(payeur_de(fauvel.famille), 1000, echeance=date(2026, 11, 1))
    client, ici = guichet(regisseuse), "/guichet/finances/regie/1/"
    page = client.get(f"{ici}impayes/").content.decode()
    assert "Camille Roussel" in page
    assert client.get(f"{ici}impayes/csv").content.count(b"\r\n") == 3
    ecart = f"{ici}payeurs/{payeur_de(fauvel.famille).pk}/relances/"
    assert client.post(ecart, {"motif": ""}).status_code == 422
    client.post(ecart, {"motif": "Réclamation en cours"})
    assert "Réclamation en cours" in client.get(f"{ici}impayes/").content.decode()
    assert "Fauvel" not in client.get(f"{ici}relances/").content.decode()
    assert client.post(f"{ici}relances/envoi", {}).status_code == 409
    client.post(f"{ici}relances/envoi", {"relance": f"{payeur.pk}-1"})
    horloge("2026-12-11 00:30")
    client = guichet(regisseuse)
    client.post(f"{ici}relances/envoi", {"relance": f"{payeur.pk}-2"})
    lot = Relance.objects.get(etape=2).lot
    lettres = client.get(f"{ici}relances/{lot.pk}/lettres.pdf")
    assert (lettres.content[:5], "relances-2026-12-11-" in lettres["Content-Disposition"]) == (b"%PDF-", True)
    assert b"11/12/2026" in client.get(f"{ici}impayes/csv").content
    assert client.get(f"{ici}transmission/pdf").status_code == 404
    horloge("2026-12-28 00:30")
    client = guichet(regisseuse)
    client.post(ecart, {"reprendre": "1"})
    facture = Facture.objects.get(payeur=payeur)
    assert facture.numero in client.get(f"{ici}transmission/").content.decode()
    client.post(f"{ici}transmission/nouvelle", {"facture": str(facture.pk)})
    etat = client.get(f"{ici}transmission/pdf")
    assert (etat.content[:5], "impayes-2026-12-28.pdf" in etat["Content-Disposition"]) == (b"%PDF-", True)
    assert "la trésorerie" in client.get(f"{ici}payeurs/{payeur.pk}/").content.decode()
