"""How an invoice reaches its payer: an e-mail to who agreed, paper for the others, sorted as the post does."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.creances.models import Facture, Regie
from marelle.creances.payeurs import payeur_de
from marelle.facturation import impression
from marelle.facturation.envois import annoncer, annoncer_la_campagne
from marelle.facturation.models import Campagne, FacturePrevue
from marelle.familles.models import Responsable
from marelle.journal.models import Entree
from marelle.socle.horloge import maintenant
from marelle.taches.moteur import travailler
from tests.distribution import Foyer, collectivite, famille_fauvel, famille_lemoine, famille_roussel, karim, lucas
from tests.factures import facture_de_septembre, facturer, ligne, regie_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def regie(db: None, horloge: Callable[[str], object], settings: Any, tmp_path: Path) -> Regie:
    horloge("2026-10-06 09:00")
    settings.MEDIA_ROOT = tmp_path
    collectivite("terres-val-de-loire")
    return regie_de("terres-val-de-loire")


def accorder(adulte: Responsable) -> None:
    adulte.accord_facture_electronique, adulte.accord_facture_le = True, maintenant()
    adulte.save()


def campagne(regie: Regie, factures: list[Facture]) -> Campagne:
    """A run that issued these."""
    jour = date(2026, 10, 6)
    une = Campagne.objects.create(
        regie=regie, libelle="Septembre 2026", debut=date(2026, 9, 1), fin=date(2026, 9, 30), activites=["x"],
        date_emission=jour, date_echeance=date(2026, 11, 5), creee_le=maintenant(), etat=Campagne.Etat.EMISE,
    )  # fmt: skip
    for facture in factures:
        FacturePrevue.objects.create(campagne=une, payeur=facture.payeur, facture=facture, etat="emise")
    return une


@pytest.fixture
def trois(regie: Regie) -> list[Foyer]:
    """The Roussels, who agreed to e-mail; the Fauvels of 37120, the Lemoines of 37000."""
    roussel, fauvel, lemoine = famille_roussel(), famille_fauvel(), famille_lemoine()
    accorder(roussel.camille)
    for foyer, cle, code in ((fauvel, "ines", "37120"), (lemoine, "hugo", "37000")):
        adulte = foyer.adultes[cle]
        adulte.code_postal, adulte.commune = code, f"Ville de {code}"
        adulte.save()
    lemoine.enfants["elio"] = roussel.elio
    return [roussel, fauvel, lemoine]


def test_l_e_mail_dit_le_montant_l_echeance_et_ouvre_le_portail(regie: Regie, trois: list[Foyer]) -> None:
    factures = [facture_de_septembre(regie, foyer) for foyer in trois]
    assert annoncer_la_campagne(campagne(regie, factures).pk) == 1
    [courriel] = Courriel.objects.all()
    assert courriel.destinataire == "camille@familles.exemple"
    assert (
        courriel.objet.replace("\u00a0", " ")
        == "Facture de 112,00 € – septembre 2026, à payer avant le 5 novembre 2026"
    )
    assert courriel.dossier == f"famille:{trois[0].famille.pk}"
    assert f"/finances/factures/{factures[0].numero}/" in courriel.texte
    assert "en ligne ou par un autre moyen" in courriel.texte
    for secret in ("Anouk", "Élio", "712"):
        assert secret not in courriel.texte + courriel.html, secret


def test_recommencer_n_ecrit_pas_deux_fois(regie: Regie, trois: list[Foyer]) -> None:
    une = campagne(regie, [facture_de_septembre(regie, foyer) for foyer in trois])
    annoncer_la_campagne(une.pk)
    annoncer_la_campagne(une.pk)
    assert Courriel.objects.count() == 1


def test_un_avoir_s_annonce_avec_sa_raison(regie: Regie, trois: list[Foyer]) -> None:
    lignes = [ligne(trois[0].elio, date(2026, 9, 9), -1120)]
    annoncer([facturer(regie, payeur_de(trois[0].famille), lignes, motif="Élio était malade.")])
    courriel = Courriel.objects.get()
    assert courriel.objet.startswith("Avoir de 11,20")
    assert "vous rend 11,20\u00a0€ : Élio était malade." in courriel.texte.replace("\u00a0:", " :")


def test_un_titre_ne_donne_pas_d_echeance(regie: Regie, trois: list[Foyer]) -> None:
    titres = regie_de("chablis")
    annoncer([facture_de_septembre(titres, trois[0])])
    courriel = Courriel.objects.get()
    assert "à payer avant" not in courriel.objet + courriel.texte
    assert "avis des sommes à payer" in courriel.texte


def test_le_lot_a_imprimer_est_range_par_code_postal(regie: Regie, trois: list[Foyer]) -> None:
    factures = [facture_de_septembre(regie, foyer) for foyer in trois]
    une = campagne(regie, factures)
    assert impression.a_imprimer(une.pk) == [factures[2].pk, factures[1].pk]
    lot = impression.lot_de(une.pk)
    assert (lot.a_imprimer, lot.par_courriel, lot.sans_adresse, lot.pret_le) == (2, 1, 0, None)
    livre = PdfReader(io.BytesIO(impression.pdf_du_lot(impression.a_imprimer(une.pk))))
    assert ["37000" in livre.pages[0].extract_text(), "37120" in livre.pages[1].extract_text()] == [True, True]
    recto_verso = PdfReader(io.BytesIO(impression.pdf_du_lot(impression.a_imprimer(une.pk), recto_verso=True)))
    assert len(recto_verso.pages) == 4


def test_des_parties_mises_bout_a_bout(regie: Regie, trois: list[Foyer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impression, "PAR_PARTIE", 1)
    cles = [facture_de_septembre(regie, foyer).pk for foyer in trois]
    livre = PdfReader(io.BytesIO(impression.pdf_du_lot(cles)))
    assert len(livre.pages) == 3
    assert livre.metadata is not None
    assert livre.metadata.title == "Factures à imprimer"


@pytest.mark.django_db(transaction=True)
def test_le_guichet_demande_le_lot_une_tache_le_fait_et_on_le_telecharge(
    regie: Regie, trois: list[Foyer], client: Client
) -> None:
    une = campagne(regie, [facture_de_septembre(regie, foyer) for foyer in trois])
    agent: Agent = karim()
    client.force_login(agent.compte)
    adresse = f"/guichet/finances/facturation/{une.pk}/impression/"
    assert "2 factures sur papier" in client.get(adresse).content.decode()
    assert client.get(f"{adresse}pdf").status_code == 404
    for _ in range(2):  # pressed twice: one job
        assert client.post(adresse).status_code == 302
    assert "Le PDF se prépare" in client.get(adresse).content.decode()
    travailler(une_fois=True)
    page = client.get(adresse).content.decode()
    assert "Télécharger le PDF" in page
    pdf = client.get(f"{adresse}pdf")
    assert pdf.content.startswith(b"%PDF-1.7")
    assert "attachment" in pdf["Content-Disposition"]
    assert Entree.objects.filter(action="facture.lot_a_imprimer").count() == 1


def test_qui_ne_facture_pas_n_imprime_pas(regie: Regie, trois: list[Foyer], client: Client) -> None:
    facture = facture_de_septembre(regie, trois[0])
    une = campagne(regie, [facture])
    client.force_login(lucas().compte)
    assert client.get(f"/guichet/finances/facturation/{une.pk}/impression/").status_code == 403
    assert client.get(f"/guichet/finances/facturation/factures/{facture.numero}/pdf").status_code == 403
    client.force_login(karim().compte)
    assert client.get(f"/guichet/finances/facturation/factures/{facture.numero}/pdf").status_code == 200
    assert client.get("/guichet/finances/facturation/factures/999/pdf").status_code == 404
    assert client.get("/guichet/finances/facturation/999/impression/").status_code == 404
