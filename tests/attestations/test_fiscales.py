"""Tax certificates: what the ledger says of the year, numbered, frozen, replaced; each payer its own."""

from __future__ import annotations

from datetime import date
from unittest.mock import Mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from marelle.attestations import lots
from marelle.attestations.calcul import a_certifier
from marelle.attestations.documents import decrire, pdf
from marelle.attestations.emission import etablir
from marelle.attestations.models import Attestation, LotAttestations, Signataire
from marelle.attestations.verification import verifier
from marelle.courriels.models import Courriel
from marelle.creances.encaissement import contrepasser
from marelle.creances.imputation import imputer_credits
from marelle.creances.models import Payeur
from marelle.creances.payeurs import payeur_adulte, payeur_de
from marelle.creances.remboursement import rembourser
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from marelle.taches import file
from tests import distribution as gens
from tests.editions.conftest import lire, texte

SEPTEMBRE, DECEMBRE = date(2026, 9, 2), date(2026, 12, 16)


def centimes(payeur: Payeur, annee: int = 2026) -> int:
    return sum(une.centimes for une in a_certifier(annee, [payeur.pk]).get(payeur.pk, ()))


def test_seule_la_garde_payee_des_moins_de_six_ans_compte(roussel, payeur, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    facturer(roussel.elio, (SEPTEMBRE, 1120, 800))  # born in 2019
    assert centimes(payeur) == 0
    payer(2240, date(2026, 10, 5))
    lignes = a_certifier(2026)[payeur.pk]
    assert [(une.enfant, une.centimes, une.debut) for une in lignes] == [(roussel.jeanne, 800, SEPTEMBRE)]


def test_paye_en_janvier_compte_pour_janvier(roussel, payeur, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), (DECEMBRE, 1120, 800))
    payer(1120, date(2026, 12, 30))
    payer(1120, date(2027, 1, 4))
    assert (centimes(payeur), centimes(payeur, 2027)) == (800, 800)


def test_un_cheque_rejete_n_a_rien_paye(roussel, payeur, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    cheque = payer(1120, date(2026, 10, 5))
    contrepasser(cheque, "Chèque sans provision", auteur=None)
    assert centimes(payeur) == 0


def test_un_avoir_sur_une_facture_payee_passe_a_la_suivante(roussel, payeur, regie, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), (date(2026, 9, 9), 1120, 800))
    payer(2240, date(2026, 10, 5))
    facturer(roussel.jeanne, (date(2026, 9, 9), -1120, -800), le=date(2026, 10, 20))
    assert centimes(payeur) == 800  # what is given back is no longer paid care
    facturer(roussel.jeanne, (DECEMBRE, 1500, 900))
    with transaction.atomic():
        imputer_credits(Payeur.objects.select_for_update().get(pk=payeur.pk), regie)
    payer(380, date(2026, 12, 20))
    assert centimes(payeur) == 800 + 900


def test_un_avoir_rembourse_ne_paie_pas_la_garde_suivante(roussel, payeur, regie, facturer, payer) -> None:
    """What was paid in excess was given back: the next invoice is not paid by it. Taken back, it is."""
    agent = gens.nadia()
    regie.mandats.create(agent=agent, qualite="titulaire", debut=date(2020, 1, 1))
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), (date(2026, 9, 9), 1120, 800))
    payer(2240, date(2026, 10, 5))
    facturer(roussel.jeanne, (date(2026, 9, 9), -1120, -800), le=date(2026, 10, 20))
    rendu = rembourser(regie, payeur, 1120, "virement", auteur=agent, motif="Absence justifiée")
    facturer(roussel.jeanne, (DECEMBRE, 1120, 800))
    imputer_credits(payeur, regie)
    assert centimes(payeur) == 800
    contrepasser(rendu, "Compte clos", auteur=agent)
    assert centimes(payeur) == 1600


def test_un_trop_paye_rembourse_ne_change_pas_l_attestation(roussel, payeur, regie, facturer, payer) -> None:
    agent = gens.nadia()
    regie.mandats.create(agent=agent, qualite="titulaire", debut=date(2020, 1, 1))
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    payer(2000, date(2026, 10, 5))
    rembourser(regie, payeur, 880, "virement", auteur=agent, motif="Payé deux fois")
    assert centimes(payeur) == 800


def test_une_attestation_dit_tout_et_se_relit_octet_pour_octet(roussel, payeur, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), (DECEMBRE, 1120, 800))
    payer(1120, date(2026, 12, 20), "cesu")
    payer(1120, date(2026, 12, 20))
    une = etablir(2026, [payeur], None)[0]
    assert (une.numero, une.version, une.montant_centimes, une.cesu_centimes) == ("AF-2026-000001", 1, 1600, 800)
    fichier = pdf(une)
    dit = texte(fichier)
    for phrase in (
        "Attestation fiscale 2026",
        "AF-2026-000001",
        "Camille Roussel",
        "Jeanne-Apolline Roussel · naissance le 30 juin 2021",
        "du 2 septembre au 16 décembre 2026",
        "16,00 €",
        "seize euros",
        "dont réglé par CESU préfinancé : 8,00 €",
        "hors frais de repas, de sorties et pénalités",
        "article 200 quater B",
        "Comment les paiements sont répartis",
        "7GA à 7GC",
    ):
        assert phrase in dit, (phrase, dit)
    assert "<pdfaid:part>2</pdfaid:part>" in lire(fichier).trailer["/Root"]["/Metadata"].get_data().decode()
    assert pdf(Attestation.objects.get()) == fichier


def test_une_nouvelle_version_annule_et_remplace_quand_quelque_chose_a_change(
    roussel, payeur, facturer, payer, horloge
) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), (DECEMBRE, 1120, 800))
    payer(1120, date(2026, 12, 20))
    premiere = etablir(2026, [payeur], None)[0]
    assert etablir(2026, [payeur], None) == []
    payer(1120, date(2026, 12, 31))
    seconde = etablir(2026, [payeur], None)[0]
    assert (seconde.version, seconde.remplace, seconde.montant_centimes) == (2, premiere, 1600)
    assert seconde.numero == "AF-2026-000002"
    assert "annule et remplace l’attestation nº AF-2026-000001" in texte(pdf(seconde))
    assert etablir(2026, [payeur], None, refaire=True) == []  # clicked twice: it would say the same
    Signataire.objects.create(nom="Nadia Ferrand")
    horloge("2027-02-01 00:30")
    assert etablir(2026, [payeur], None, refaire=True)[0].version == 3
    assert decrire(Attestation.objects.get(version=3))["emise_le"] == "1er février 2027"  # in Paris
    assert verifier() == []


def test_la_base_refuse_de_reecrire_une_attestation(roussel, payeur, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    payer(1120, date(2026, 12, 20))
    une = etablir(2026, [payeur], None)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        Attestation.objects.filter(pk=une.pk).update(montant_centimes=99)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attestation.objects.filter(pk=une.pk)._raw_delete("default")


def test_une_annee_se_certifie_quand_elle_est_finie(payeur) -> None:
    with pytest.raises(Refus, match="n’est pas finie"):
        etablir(2027, [payeur], None)
    with pytest.raises(Refus, match="trop ancienne"):
        etablir(2020, [payeur], None)
    assert etablir(2026, [payeur], None) == []  # nothing to certify: no number is used


def test_chaque_payeur_a_la_sienne(roussel, payeur, facturer, payer) -> None:
    paul = payeur_adulte(roussel.adultes["paul"])
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    facturer(roussel.jeanne, (SEPTEMBRE, 560, 400), pour=paul)
    payer(1120, date(2026, 10, 5))
    payer(560, date(2026, 10, 5), pour=paul)
    faites = {une.payeur: une for une in etablir(2026, [payeur, paul], None)}
    assert (faites[payeur].montant_centimes, faites[paul].montant_centimes) == (800, 400)
    assert faites[paul].destinataire["prenom"] == "Paul"


def test_le_lot_de_l_annee_se_lit_en_peu_de_requetes_et_se_reprend(roussel, payeur, facturer, payer) -> None:
    for n in range(12):
        famille = gens.Famille.objects.create(numero=f"FAM-4{n:04}", nom="Giraudet")
        autre = payeur_de(famille)
        facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), pour=autre)
        payer(1120, date(2026, 10, 5), pour=autre)
    with CaptureQueriesContext(connection) as requetes:
        assert len(a_certifier(2026)) == 12
    assert len(requetes) <= 6
    karim = gens.karim()
    lot = lots.demander(2026, karim)
    lots.preparer.func(lot.pk)
    lot.refresh_from_db()
    assert (lot.total, lot.faites, lot.nouvelles, lot.fini_le is not None) == (12, 12, 12, True)
    assert len(lire(b"".join(lots.telecharger(lot.pk, karim))).pages) == 12
    lots.preparer.func(lot.pk)  # a job delivered twice
    assert Attestation.objects.count() == 12
    suite = lots.demander(2026, karim)
    with pytest.raises(Refus, match="déjà en préparation"):
        lots.demander(2026, karim)
    lots.preparer.func(suite.pk)
    assert LotAttestations.objects.get(pk=suite.pk).nouvelles == 0


def test_un_lot_dont_la_tache_est_abandonnee_se_redemande(roussel, payeur, facturer, payer, monkeypatch) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    payer(1120, date(2026, 10, 5))
    karim = gens.karim()
    lot = lots.demander(2026, karim)
    monkeypatch.setattr(lots, "pdf_a_imprimer", Mock(side_effect=OSError))
    for essai in range(len(file.ATTENTES) + 1):
        with pytest.raises(Refus, match="déjà en préparation"):  # it failed, and will be put back
            lots.demander(2026, karim)
        DBTaskResult.objects.update(run_after=maintenant())
        file.executer_une(f"travailleur-{essai}")
        file.reprendre_echecs()
    assert [un.est_arrete for un in lots.lots()] == [True]
    monkeypatch.undo()
    assert lots.demander(2026, karim) == lot
    assert [un.est_arrete for un in lots.lots()] == [False]
    with pytest.raises(Refus, match="déjà en préparation"):
        lots.demander(2026, karim)
    file.executer_une("travailleur")
    lot.refresh_from_db()
    assert (lot.fini_le is not None, lot.cle is not None, Attestation.objects.count()) == (True, True, 1)


def test_le_lot_ecrit_une_fois_a_qui_a_accepte_les_documents_electroniques(
    roussel, payeur, facturer, payer, horloge, monkeypatch
) -> None:
    """Cut in the middle, it goes on; made again, it tells only who has a new version; who has not agreed gets nothing."""
    fauvel = gens.famille_fauvel()
    for foyer in (roussel, fauvel):
        facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), pour=payeur_de(foyer.famille))
        payer(1120, date(2026, 10, 5), pour=payeur_de(foyer.famille))
    roussel.camille.accord_facture_electronique, roussel.camille.accord_facture_le = True, maintenant()
    roussel.camille.save()
    karim = gens.karim()
    lot = lots.demander(2026, karim)
    imprimer = Mock(side_effect=[OSError("disque"), None, None, None])
    monkeypatch.setattr(lots, "_imprimer", imprimer)
    with pytest.raises(OSError, match="disque"):
        lots.preparer.func(lot.pk)
    lots.preparer.func(lot.pk)
    une = Courriel.objects.get(gabarit="attestation")
    assert (une.destinataire, une.dossier) == (roussel.camille.courriel, f"famille:{roussel.famille.pk}")
    assert une.objet == "Votre attestation fiscale 2026"
    assert "/finances/attestations/" in une.texte
    assert "8,00" not in une.texte

    horloge("2027-01-13 09:00")
    lots.preparer.func(lots.demander(2026, karim).pk)
    assert Courriel.objects.filter(gabarit="attestation").count() == 1
    facturer(roussel.jeanne, (DECEMBRE, 1120, 800))
    payer(1120, date(2026, 12, 31))
    lots.preparer.func(lots.demander(2026, karim).pk)
    assert "annule et remplace" in Courriel.objects.filter(gabarit="attestation").latest("pk").texte
    assert Courriel.objects.filter(gabarit="attestation").count() == 2


@pytest.fixture
def deux_foyers(roussel, facturer, payer) -> None:
    """Camille, who has agreed to electronic documents, and Nora, who has not."""
    fauvel = gens.famille_fauvel()
    autre = fauvel.famille.responsables.get(est_principal=True)
    autre.prenom = "Nora"
    autre.save()
    for foyer in (roussel, fauvel):
        facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800), pour=payeur_de(foyer.famille))
        payer(1120, date(2026, 10, 5), pour=payeur_de(foyer.famille))
    roussel.camille.accord_facture_electronique, roussel.camille.accord_facture_le = True, maintenant()
    roussel.camille.save()


def preparer(**choix: bool) -> tuple[LotAttestations, set[str]]:
    """A batch that was made, and who is in its document."""
    karim = gens.Agent.objects.first() or gens.karim()
    lot = lots.demander(2026, karim, **choix)
    lots.preparer.func(lot.pk)
    lot.refresh_from_db()
    lu = texte(b"".join(lots.telecharger(lot.pk, karim))) if lot.cle else ""
    return lot, {nom for nom in ("Camille", "Nora") if nom in lu}


def test_ce_qui_part_par_courriel_ne_s_imprime_que_si_on_le_demande(deux_foyers, payeur) -> None:
    lot, imprimees = preparer()
    assert (lot.par_courriel, imprimees) == (1, {"Nora"})
    lot, imprimees = preparer()  # nothing is made again, nobody is written to again: the paper is the same
    assert (lot.par_courriel, imprimees, lot.nouvelles) == (1, {"Nora"}, 0)
    lot, imprimees = preparer(avec_courriel=True)
    assert (lot.par_courriel, lot.avec_courriel, imprimees) == (0, True, {"Camille", "Nora"})
    assert Courriel.objects.filter(gabarit="attestation").count() == 1


def test_un_courriel_abandonne_laisse_le_papier(deux_foyers, payeur) -> None:
    preparer()
    Courriel.objects.filter(gabarit="attestation").update(etat="abandonne")
    lot, imprimees = preparer()
    assert (lot.par_courriel, imprimees) == (0, {"Camille", "Nora"})


def test_ce_qu_aucun_lot_n_a_annonce_s_imprime(deux_foyers, payeur, horloge) -> None:
    """Established at the desk before the batch: nobody was written to, and nobody is left without."""
    etablir(2026, [payeur], gens.karim())
    horloge("2027-01-13 09:00")
    lot, imprimees = preparer()
    assert (lot.nouvelles, lot.par_courriel, imprimees) == (1, 0, {"Camille", "Nora"})
    assert not Courriel.objects.filter(gabarit="attestation").exists()


def test_quand_tout_part_par_courriel_il_n_y_a_rien_a_imprimer(roussel, payeur, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    payer(1120, date(2026, 10, 5))
    roussel.camille.accord_facture_electronique, roussel.camille.accord_facture_le = True, maintenant()
    roussel.camille.save()
    lot, _ = preparer()
    assert (lot.par_courriel, lot.cle, lot.fini_le is not None) == (1, None, True)


def test_un_lot_abandonne_repris_suit_la_case_cochee_cette_fois(deux_foyers, payeur, monkeypatch) -> None:
    karim = gens.karim()
    lot = lots.demander(2026, karim)
    monkeypatch.setattr(lots, "attend", lambda *_: False)
    assert lots.demander(2026, karim, avec_courriel=True) == lot
    lots.preparer.func(lot.pk)
    lot.refresh_from_db()
    assert (lot.avec_courriel, lot.par_courriel) == (True, 0)
