"""The families' certificates and the desk's: each its own, plain sentences, attendance from what was pointed."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from marelle.activites.models import Ouverture
from marelle.attestations import lots
from marelle.attestations.emission import etablir
from marelle.attestations.models import Attestation, LotAttestations, Signataire
from marelle.creances.payeurs import payeur_adulte
from marelle.familles.models import Acces
from marelle.reservations.models import Pointage
from marelle.socle.horloge import maintenant
from tests import distribution as gens
from tests.editions.conftest import texte as texte_du_pdf

SEPTEMBRE = date(2026, 9, 2)


def client_de(compte) -> Client:
    client = Client()
    client.force_login(compte)
    return client


def texte(reponse) -> str:
    brut = reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", brut))


@pytest.fixture
def camille(roussel) -> Client:
    return client_de(roussel.compte)


@pytest.fixture
def payee(roussel, facturer, payer) -> None:
    facturer(roussel.jeanne, (SEPTEMBRE, 1120, 800))
    payer(1120, date(2026, 10, 5))


def test_la_famille_obtient_son_attestation_et_la_retrouve(camille, payee) -> None:
    page = texte(camille.get(reverse("espace_famille:attestations")))
    assert "Obtenir l’attestation 2026" in page
    suite = camille.post(reverse("espace_famille:attestation_demande", args=[2026]), follow=True)
    assert "Votre attestation 2026 est prête" in texte(suite)
    assert "8,00 €" in texte(suite)
    fichier = camille.get(reverse("espace_famille:attestation_pdf", args=["AF-2026-000001"]))
    assert fichier["Content-Type"] == "application/pdf"
    assert "Jeanne-Apolline" in texte_du_pdf(fichier.content)
    encore = camille.post(reverse("espace_famille:attestation_demande", args=[2026]), follow=True)
    assert "est à jour" in texte(encore)
    assert Attestation.objects.count() == 1


def test_sans_paiement_et_avant_la_fin_de_l_annee_une_phrase(camille, roussel) -> None:
    rien = camille.post(reverse("espace_famille:attestation_demande", args=[2026]))
    assert (rien.status_code, "il n’y a rien à attester pour 2026" in texte(rien)) == (409, True)
    avant = camille.post(reverse("espace_famille:attestation_demande", args=[2027]))
    assert (avant.status_code, "n’est pas finie" in texte(avant)) == (409, True)


def test_sans_enfant_de_moins_de_six_ans_la_page_le_dit() -> None:
    fauvel = gens.famille_fauvel()
    fauvel.malo.date_naissance = date(2016, 1, 1)
    fauvel.malo.save()
    page = texte(client_de(fauvel.compte).get(reverse("espace_famille:attestations")))
    assert "seulement les enfants de moins de 6 ans" in page
    assert "Obtenir" not in page


def test_le_tresor_est_nomme(camille) -> None:
    assert "Ce que le Trésor public encaisse (Titres) compte quand il l’a signalé" in texte(
        camille.get(reverse("espace_famille:attestations"))
    )


def test_personne_ne_voit_l_attestation_d_un_autre(roussel, payeur, payee, facturer, payer) -> None:
    paul = payeur_adulte(roussel.adultes["paul"])
    facturer(roussel.jeanne, (SEPTEMBRE, 560, 400), pour=paul)
    payer(560, date(2026, 10, 5), pour=paul)
    siennes = {une.payeur: une.numero for une in etablir(2026, [payeur, paul], None)}
    fauvel = client_de(gens.famille_fauvel().compte)
    # Each adult has an access of its own: Camille does not see what Paul paid apart.
    Acces.objects.filter(famille=roussel.famille).update(responsable=roussel.adultes["camille"])
    camille = client_de(roussel.compte)
    for qui, numero, statut in (
        (fauvel, siennes[payeur], 404),
        (fauvel, siennes[paul], 404),
        (camille, siennes[paul], 404),
        (camille, siennes[payeur], 200),
    ):
        assert qui.get(reverse("espace_famille:attestation_pdf", args=[numero])).status_code == statut
    assert siennes[paul] not in texte(camille.get(reverse("espace_famille:attestations")))
    assert (
        client_de(gens.lucas().compte).get(reverse("guichet:attestation_pdf", args=[siennes[paul]])).status_code == 403
    )


@pytest.fixture
def pointes(roussel) -> None:
    for jour, etat in (
        (date(2026, 12, 2), "present"),
        (date(2026, 12, 9), "absent_injustifie"),
        (date(2026, 12, 16), "present"),
    ):
        ouverture = Ouverture.objects.get(unite__code="journee", date=jour, groupe__age_min=3)
        present = etat == "present"
        Pointage.objects.create(
            enfant=roussel.jeanne, famille=roussel.famille, ouverture=ouverture, activite=ouverture.activite, date=jour,
            etat=etat, arrivee=time(8, 30) if present else None, depart=time(17) if present else None, saisi_le=maintenant(),
        )  # fmt: skip


def test_l_attestation_de_presence_dit_les_jours_venus(camille, roussel, pointes) -> None:
    adresse = reverse("espace_famille:attestation_presence")
    choix = {"enfant": roussel.jeanne.pk, "du": "2026-12-01", "au": "2026-12-31", "heures": "on"}
    dit = texte_du_pdf(camille.get(adresse, choix).content)
    assert "2 jours de présence pendant cette période, 17 h en tout" in dit
    assert "mercredi 2 décembre 2026" in dit
    assert "de 8 h 30 à 17 h" in dit
    assert "9 décembre" not in dit
    rien = camille.get(adresse, {**choix, "du": "2026-09-01", "au": "2026-09-30"})
    assert (rien.status_code, "aucun jour de cette période" in texte(rien)) == (409, True)
    assert camille.get(adresse, {**choix, "au": "2026-11-01"}).status_code == 422
    fauvel = client_de(gens.famille_fauvel().compte)
    assert fauvel.get(adresse, choix).status_code == 422  # not a child of its list


# -- the desk -----------------------------------------------------------------------------------------------------------


def test_le_guichet_prepare_l_annee_et_refait_une_attestation(roussel, payeur, payee, pointes) -> None:
    karim = client_de(gens.karim().compte)
    assert "Attestations" in texte(karim.get(reverse("guichet:finances")))
    karim.post(reverse("guichet:attestations_lot"), {"annee": "2026"})
    lot = LotAttestations.objects.get()
    assert "Actualiser" in texte(karim.get(reverse("guichet:attestations")))
    assert "déjà en préparation" in texte(karim.post(reverse("guichet:attestations_lot"), {"annee": "2026"}))
    assert karim.get(reverse("guichet:attestations_lot_pdf", args=[lot.pk])).status_code == 404
    lots.preparer.func(lot.pk)
    assert "1 attestation établie pour 1 payeur" in texte(karim.get(reverse("guichet:attestations")))
    assert karim.get(reverse("guichet:attestations_lot_pdf", args=[lot.pk]))["Content-Type"] == "application/pdf"
    assert karim.post(reverse("guichet:attestations_lot"), {"annee": "2027"}).status_code == 409

    karim.post(
        reverse("guichet:attestations_signataire"),
        {"nom": "Hélène Garnier", "qualite": "La directrice", "lieu": "Panzoult"},
    )
    assert Signataire.objects.get().nom == "Hélène Garnier"
    assert karim.post(reverse("guichet:attestations_signataire"), {"siret": "12"}).status_code == 422
    adresse = reverse("guichet:attestation_etablie", args=[roussel.famille.pk, payeur.pk, 2026])
    page = texte(karim.post(adresse, follow=True))
    assert "Annulée et remplacée par AF-2026-000002" in page
    nouvelle = karim.get(reverse("guichet:attestation_pdf", args=["AF-2026-000002"])).content
    assert "Hélène Garnier" in texte_du_pdf(nouvelle)
    ancienne = karim.get(reverse("guichet:attestation_pdf", args=["AF-2026-000001"])).content
    assert "Annulée et remplacée par l’attestation nº AF-2026-000002" in texte_du_pdf(ancienne)
    choix = {"enfant": roussel.jeanne.pk, "du": "2026-12-01", "au": "2026-12-31"}
    fichier = karim.get(reverse("guichet:attestation_presence", args=[roussel.famille.pk]), choix)
    assert "2 jours de présence" in texte_du_pdf(fichier.content)


def test_la_page_dit_combien_ne_s_impriment_pas_et_pourquoi_et_une_case_les_imprime(roussel, payeur, payee) -> None:
    roussel.camille.accord_facture_electronique, roussel.camille.accord_facture_le = True, maintenant()
    roussel.camille.save()
    karim, adresse = client_de(gens.karim().compte), reverse("guichet:attestations_lot")
    karim.post(adresse, {"annee": "2026"})
    assert "déjà en préparation" in texte(deux := karim.post(adresse, {"annee": "2026", "avec_courriel": "oui"}))
    assert deux.status_code == 409
    lots.preparer.func(LotAttestations.objects.get().pk)
    page = texte(karim.get(reverse("guichet:attestations")))
    assert "1 attestation partie par e-mail n’est pas à imprimer : son payeur a accepté les documents" in page
    assert "À imprimer : 2026" not in page
    karim.post(adresse, {"annee": "2026", "avec_courriel": "oui"})
    lots.preparer.func(LotAttestations.objects.latest("pk").pk)
    page = texte(karim.get(reverse("guichet:attestations")))
    assert "Imprimé avec celles qui partent par e-mail." in page
    assert "À imprimer : 2026" in page
    refus = karim.post(adresse, {"annee": "2027", "avec_courriel": "oui"})
    assert re.search(r'name="avec_courriel"[^>]*checked', refus.content.decode())


def test_la_regie_lit_et_n_etablit_pas(roussel, payeur, payee) -> None:
    from marelle.comptes.droits import Role
    from marelle.comptes.models import Agent, Compte

    compte = Compte.objects.create_user("nadege")
    Agent.objects.create(compte=compte, nom="Petit", prenom="Nadège", role=Role.REGIE)
    nadege = client_de(compte)
    assert nadege.get(reverse("guichet:attestations")).status_code == 200
    assert nadege.post(reverse("guichet:attestations_lot"), {"annee": "2026"}).status_code == 403
    adresse = reverse("guichet:attestation_etablie", args=[roussel.famille.pk, payeur.pk, 2026])
    assert nadege.post(adresse).status_code == 403
    assert not Attestation.objects.exists()
