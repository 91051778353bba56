"""The parcel for the finance software: its tables add up to what was billed, each invoice is in one parcel."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Regie
from marelle.pieces import rangement
from marelle.socle.erreurs import Refus
from marelle.tresor import colis, envoi, neutre
from marelle.tresor.models import Export, FichierExport
from marelle.tresor.neutre_tables import FACTURES, LIGNES, TOTAUX, decimal, texte_sur
from marelle.tresor.retours import lire_le_montant
from marelle.tresor.verification import verifier

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]
DU, AU = date(2026, 11, 1), date(2026, 11, 30)


def ouvrir(export: Export) -> tuple[zipfile.ZipFile, dict[str, list[dict[str, str]]]]:
    neutre.fabriquer.call(export.pk)
    archive = zipfile.ZipFile(io.BytesIO(rangement.lire(FichierExport.objects.get(export=export).cle)))
    tables = {}
    for nom in ("factures", "lignes", "totaux"):
        texte = archive.read(f"{nom}.csv").decode("utf-8-sig")
        tables[nom] = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    return archive, tables


def somme(lignes: list[dict[str, str]]) -> int:
    return sum(lire_le_montant(une["montant"]) or 0 for une in lignes)


def test_le_colis_dit_ce_qui_est_facture(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facture = facturer(4860)
    facturer(-1860, corrige=facture)
    facturer(12)
    export = neutre.preparer_le_colis(regie, DU, AU, agent)
    archive, tables = ouvrir(export)
    assert export.total_centimes == 3012
    assert [somme(tables[nom]) for nom in ("factures", "lignes", "totaux")] == [3012] * 3
    assert {une["facture_corrigee"] for une in tables["factures"]} == {"", facture.numero}
    document = json.loads(archive.read("export.json"))
    assert document["total_centimes"] == sum(un["montant"] for un in document["totaux"]) == 3012
    assert [list(tables[nom][0]) for nom in ("factures", "lignes", "totaux")] == [
        [nom for nom, _ in colonnes] for colonnes in (FACTURES, LIGNES, TOTAUX)
    ]
    assert "code_analytique : de la régie" in archive.read("LISEZMOI.txt").decode("utf-8-sig")
    pdfs = [nom for nom in archive.namelist() if nom.startswith("pdf/")]
    assert len(pdfs) == 3
    assert archive.read(pdfs[0]).startswith(b"%PDF")
    assert {f"pdf/{une['fichier']}" for une in tables["factures"]} == set(pdfs)


def test_une_facture_n_est_que_dans_un_colis(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facturer(4860)
    premier = neutre.preparer_le_colis(regie, DU, AU, agent)
    with pytest.raises(Refus, match="Aucune facture nouvelle"):
        neutre.preparer_le_colis(regie, DU, AU, agent)
    nouvelle = facturer(500)
    assert [une.facture for une in neutre.preparer_le_colis(regie, DU, AU, agent).contenu.all()] == [nouvelle]
    envoi.annuler(premier.pk, "Refusé par le logiciel", agent)
    assert neutre.nouvelles(regie, DU, AU).count() == 1


def test_le_colis_se_fait_une_fois(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facturer(4860)
    export = neutre.preparer_le_colis(regie, DU, AU, agent)
    assert neutre.relancer(export.pk) == export
    neutre.fabriquer.call(export.pk)
    neutre.fabriquer.call(export.pk)
    assert FichierExport.objects.count() == 1
    with pytest.raises(Refus, match="déjà prêt"):
        neutre.relancer(export.pk)


def test_un_travail_interrompu_reprend_ou_il_en_etait(
    regie: Regie, agent: Agent, facturer: Facturer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lots of two: the machine stops in the second; what was drawn is not drawn again, and nothing of it stays behind."""
    monkeypatch.setattr(colis, "PAR_LOT", 2)
    factures = [facturer(100 + rang) for rang in range(5)]
    export = neutre.preparer_le_colis(regie, DU, AU, agent)
    dessines: list[str] = []

    def dessiner(facture: Facture) -> bytes:
        if len(dessines) == 3:
            dessines.append("arrêt")
            raise MemoryError
        dessines.append(facture.numero)
        return f"%PDF {facture.numero}".encode()

    monkeypatch.setattr("marelle.facturation.documents.pdf", dessiner)
    with pytest.raises(MemoryError):
        neutre.fabriquer.call(export.pk)
    assert not FichierExport.objects.exists()
    archive, tables = ouvrir(export)
    numeros = [une.numero for une in factures]
    assert dessines == [*numeros[:3], "arrêt", *numeros[2:]]
    assert [archive.read(f"pdf/{une['fichier']}").decode() for une in tables["factures"]] == [
        f"%PDF {n}" for n in numeros
    ]
    assert len(list(rangement.chemin(export.fichier.cle).parents[2].glob("??/??/*"))) == 1


def test_un_grand_colis_se_telecharge_par_morceaux(
    regie: Regie, agent: Agent, facturer: Facturer, monkeypatch: pytest.MonkeyPatch
) -> None:
    facturer(4860)
    export = neutre.preparer_le_colis(regie, DU, AU, agent)
    monkeypatch.setattr(rangement, "MORCEAU", 1000)
    neutre.fabriquer.call(export.pk)
    client = Client()
    client.force_login(agent.compte)
    reponse = client.get(reverse("guichet:tresor_fichier", args=[export.pk]))
    assert isinstance(reponse, StreamingHttpResponse)
    octets = reponse.getvalue()
    assert len(octets) == int(reponse["Content-Length"]) == export.fichier.octets > 1000
    assert zipfile.ZipFile(io.BytesIO(octets)).testzip() is None
    assert verifier() == []


def test_ce_qui_est_deja_au_tresor_est_compte(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facturer(4860)
    envoi.envoyer(regie, "ormc", 2026, date(2026, 11, 20), agent)
    facturer(100)
    assert neutre.deja_au_tresor(regie, DU, AU) == 1


def test_une_cellule_n_est_jamais_une_formule() -> None:
    assert [texte_sur(un) for un in ("=1+1", "@x", "-12", "Roussel")] == ["'=1+1", "'@x", "'-12", "Roussel"]
    assert [decimal(un) for un in (-5, 4860, 0)] == ["-0,05", "48,60", "0,00"]
