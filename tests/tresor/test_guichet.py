"""The accounts at the desk: who may, what is checked first, the file, its history, what the Treasury returned."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Paiement, Payeur
from marelle.creances.payeurs import payeur_de
from marelle.journal.models import Entree
from marelle.tresor.models import CategorieTiers, Export
from tests import distribution as gens
from tests.distribution import Foyer

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]


def texte(reponse) -> str:
    brut = reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", brut).split())


def envoi(sorte: str = "ormc", **autres: str) -> dict[str, str]:
    champs = {"sorte": sorte, "jour": "2026-11-20", "exercice": "2026", **autres}
    return {"forme": sorte, **{f"{sorte}-{nom}": valeur for nom, valeur in champs.items()}}


def test_qui_peut_ouvrir_la_comptabilite(guichet: Client, agent: Agent, decor: None) -> None:
    assert guichet.get(reverse("guichet:tresor")).status_code == 200
    assert "Comptabilité" in texte(guichet.get(reverse("guichet:finances")))
    karim = Client()
    karim.force_login(gens.karim().compte)
    assert karim.get(reverse("guichet:tresor")).status_code == 403
    assert karim.post(reverse("guichet:tresor_envoyer", args=[1]), envoi()).status_code == 403
    assert guichet.get(reverse("guichet:tresor_regie", args=[77])).status_code == 404


def test_du_controle_au_fichier_telecharge(guichet: Client, facturer: Facturer) -> None:
    facturer(4860)
    assert "1 facture à envoyer au Trésor 48,60 €" in texte(guichet.get(reverse("guichet:tresor")))
    page = texte(guichet.get(reverse("guichet:tresor_regie", args=[1])))
    assert "Prêt" in page
    assert "1 pièce, bordereau 1" in page
    assert "Les schémas de la DGFiP ne sont pas installés" in page
    page = texte(guichet.post(reverse("guichet:tresor_envoyer", args=[1]), envoi(), follow=True))
    assert "Bordereau 1 : 1 pièce, 48,60 €" in page
    export = Export.objects.get()
    fichier = guichet.get(reverse("guichet:tresor_fichier", args=[export.pk]))
    assert fichier["Content-Type"] == "application/xml"
    assert "attachment" in fichier["Content-Disposition"]
    assert b"encoding='ISO-8859-1'" in fichier.content
    assert Entree.objects.filter(action="export.telecharge").count() == 1
    historique = texte(guichet.get(reverse("guichet:tresor_envois")))
    assert "Rôle ORMC 2026-1" in historique
    assert "Fait" in historique
    assert "Annulé" not in historique
    reponse = guichet.post(reverse("guichet:tresor_envoyer", args=[1]), envoi())
    assert reponse.status_code == 409
    assert "Rien n’est à envoyer" in texte(reponse)


def test_une_erreur_se_lit_avec_sa_facture_et_sa_famille(guichet: Client, facturer: Facturer, fauvel: Foyer) -> None:
    facturer(100)
    fautive = facturer(385, payeur_de(fauvel.famille))
    fauvel.ines.code_postal = ""
    fauvel.ines.save()
    reponse = guichet.get(reverse("guichet:tresor_regie", args=[1]))
    assert f"Facture {fautive.numero} : Le code postal du payeur manque" in texte(reponse)
    assert reverse("guichet:famille", args=[fauvel.famille.pk]) in reponse.content.decode()
    assert guichet.post(reverse("guichet:tresor_envoyer", args=[1]), envoi()).status_code == 409
    assert not Export.objects.exists()
    guichet.post(reverse("guichet:tresor_envoyer", args=[1]), envoi(ecarter="on"))
    assert Export.objects.get().pieces == 1


@pytest.mark.parametrize("change", [{"jour": "2027-01-01"}, {"jour": "hier"}, {"exercice": "1999"}, {"sorte": "autre"}])
def test_une_mauvaise_demande_est_dite(guichet: Client, facturer: Facturer, change: dict[str, str]) -> None:
    facturer(100)
    champs = envoi()
    champs.update({f"ormc-{nom}": valeur for nom, valeur in change.items()})
    reponse = guichet.post(reverse("guichet:tresor_envoyer", args=[1]), champs)
    assert reponse.status_code == 409
    assert "Rien n’est fait" in texte(reponse)
    assert not Export.objects.exists()


def test_annuler_un_envoi_que_le_tresor_a_refuse(guichet: Client, facturer: Facturer) -> None:
    facturer(4860)
    guichet.post(reverse("guichet:tresor_envoyer", args=[1]), envoi())
    adresse = reverse("guichet:tresor_annulation", args=[Export.objects.get().pk])
    assert guichet.post(adresse, {"motif": ""}).status_code == 409
    page = texte(guichet.post(adresse, {"motif": "Poste inconnu"}, follow=True))
    assert "Poste inconnu" in page
    assert "Annulé" in texte(guichet.get(reverse("guichet:tresor_envois")))
    assert "1 facture à envoyer" in texte(guichet.get(reverse("guichet:tresor")))


def test_importer_un_retour(guichet: Client, facturer: Facturer) -> None:
    facture = facturer(4860)
    adresse = reverse("guichet:tresor_retours")

    def envoyer(contenu: str):
        fichier = SimpleUploadedFile("retour.csv", contenu.encode(), "text/csv")
        return guichet.post(adresse, {"fichier": fichier}, follow=True)

    assert guichet.post(adresse, {}).status_code == 422
    faux = envoyer("numero_facture;date;montant\n999;14/11/2026;1\n")
    assert faux.status_code == 422
    assert "Ligne 2 : la facture « 999 » n’existe pas" in texte(faux)
    bon = f"numero_facture;date;montant;reference\n{facture.numero};14/11/2026;48,60;2026-1-1\n"
    assert "1 paiement pour 48,60 € ; 1 référence de titre" in texte(envoyer(bon))
    assert "1 paiement déjà connu." in texte(envoyer(bon))
    assert Paiement.objects.count() == 1


def test_dire_la_categorie_d_un_organisme(guichet: Client, decor: None) -> None:
    ccas = Payeur.objects.create(sorte="tiers", code="ccas", nom="CCAS de Chinon")
    adresse = reverse("guichet:tresor_organismes")
    assert "CCAS de Chinon" in texte(guichet.get(adresse))
    assert guichet.post(adresse, {"payeur": ccas.pk, "couple": "01-09"}).status_code == 409
    assert guichet.post(adresse, {"payeur": "9", "couple": "26-09"}).status_code == 404
    guichet.post(adresse, {"payeur": ccas.pk, "couple": "26-09"})
    assert str(CategorieTiers.objects.get()) == "26/09"


def test_l_export_pour_le_logiciel_de_finances(guichet: Client, facturer: Facturer) -> None:
    facturer(4860)
    adresse = reverse("guichet:tresor_colis", args=[1])
    assert "1 facture de cette année" in texte(guichet.get(adresse))
    assert guichet.post(adresse, {"debut": "x", "fin": "2026-11-30"}).status_code == 422
    page = texte(guichet.post(adresse, {"debut": "2026-11-01", "fin": "2026-11-30"}, follow=True))
    assert "Le fichier se prépare" in page or "Télécharger le fichier" in page
    assert guichet.post(adresse, {"debut": "2026-11-01", "fin": "2026-11-30"}).status_code == 409


def test_les_avoirs_traites_ailleurs_quittent_la_liste(guichet: Client, facturer: Facturer) -> None:
    avoir = facturer(-300, cle="jamais-facture")
    page = texte(guichet.get(reverse("guichet:tresor_regie", args=[1])))
    assert "À traiter dans le logiciel de finances" in page
    adresse = reverse("guichet:tresor_autrement", args=[1])
    assert guichet.post(adresse, {"facture": avoir.pk, "motif": ""}).status_code == 409
    guichet.post(adresse, {"facture": avoir.pk, "motif": "Mandat\x00 128"})
    assert "À traiter dans le logiciel" not in texte(guichet.get(reverse("guichet:tresor_regie", args=[1])))
