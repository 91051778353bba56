"""The documents of a month: one invoice on request, and the whole print batch in a process of its own, for its memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

from .mesures import Carnet, chronometrer

SECONDES, MEGAOCTETS, MILLISECONDES = 12, 250, 100


def mesurer_les_documents(carnet: Carnet, fois: int) -> None:
    """Every invoice that is issued, as if none of them left by e-mail: call it after the billing run."""
    from marelle.creances.models import Facture
    from marelle.facturation.documents import pdf

    facture = Facture.objects.order_by("-montant_centimes").first()
    if facture is None:
        return carnet.noter("Documents", "", "aucune facture n’est émise", None)
    temps = chronometrer(lambda: pdf(Facture.objects.get(pk=facture.pk)), fois)
    carnet.noter("Une facture en PDF", f"≤ {MILLISECONDES} ms", str(temps), temps.mediane <= MILLISECONDES)
    lot = _dans_un_processus()
    tenu = lot["secondes"] <= SECONDES and lot["mo"] <= MEGAOCTETS
    dit = f"{lot['factures']} factures, {lot['pages']} pages : {lot['secondes']} s, {lot['mo']} Mo de mémoire"
    carnet.noter("Le lot à imprimer", f"≤ {SECONDES} s, ≤ {MEGAOCTETS} Mo", dit, tenu, **lot)
    colis = _dans_un_processus("colis")
    dit = f"{colis['factures']} factures, {colis['taille_mo']} Mo : {colis['secondes']} s, {colis['mo']} Mo de mémoire"
    carnet.noter("Le colis du logiciel de finances", f"≤ {MEGAOCTETS} Mo", dit, colis["mo"] <= MEGAOCTETS, **colis)
    return None


def _dans_un_processus(*quoi: str) -> dict[str, Any]:
    fait = subprocess.run([sys.executable, "-m", "bench.documents", *quoi], capture_output=True, text=True, check=True)
    lu: dict[str, Any] = json.loads(fait.stdout.splitlines()[-1])
    return lu


def principal() -> None:
    """The print batch of everything, or the parcel, as its job makes it: what it took, as one line of JSON."""
    import django

    django.setup()
    mesure = _colis() if sys.argv[1:] == ["colis"] else _lot()
    print(json.dumps(mesure | {"mo": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def _lot() -> dict[str, Any]:
    from pypdf import PdfReader  # noqa: F401  counted in the memory before: the job carries it

    from marelle.creances.models import Facture
    from marelle.facturation.impression import pdf_du_lot

    cles = list(Facture.objects.order_by("destinataire__code_postal", "numero").values_list("pk", flat=True))
    debut = time.perf_counter()
    octets = pdf_du_lot(cles)
    return {
        "factures": len(cles),
        "pages": octets.count(b"/Type /Page\n"),
        "secondes": round(time.perf_counter() - debut, 1),
        "calcul_s": round(time.process_time(), 1),
        "taille_mo": round(len(octets) / 1e6, 1),
    }


def _colis() -> dict[str, Any]:
    """Of every invoice of the first régie; nothing of it is kept."""
    from datetime import date

    from django.db import transaction

    from marelle.comptes.droits import Role
    from marelle.comptes.models import Agent, Compte
    from marelle.creances.models import Regie
    from marelle.pieces import rangement
    from marelle.tresor import neutre

    with transaction.atomic():
        compte = Compte.objects.create_user("banc-colis")
        agent = Agent.objects.create(compte=compte, nom="Banc", prenom="Colis", role=Role.REGIE)
        regie = Regie.objects.order_by("pk")[0]
        export = neutre.preparer_le_colis(regie, date(2000, 1, 1), date(2100, 1, 1), agent)
        debut = time.perf_counter()
        neutre.fabriquer.call(export.pk)
        duree = time.perf_counter() - debut
        rangement.jeter(export.fichier.cle)
        transaction.set_rollback(True)
    taille = round(export.fichier.octets / 1e6, 1)
    return {"factures": export.pieces, "secondes": round(duree, 1), "taille_mo": taille}


if __name__ == "__main__":
    principal()
