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
    return None


def _dans_un_processus() -> dict[str, Any]:
    fait = subprocess.run([sys.executable, "-m", "bench.documents"], capture_output=True, text=True, check=True)
    lu: dict[str, Any] = json.loads(fait.stdout.splitlines()[-1])
    return lu


def principal() -> None:
    """The print batch of everything, as the job makes it: what it took, as one line of JSON."""
    import django

    django.setup()
    from pypdf import PdfReader  # noqa: F401  counted in the memory before: the job carries it

    from marelle.creances.models import Facture
    from marelle.facturation.impression import pdf_du_lot

    cles = list(Facture.objects.order_by("destinataire__code_postal", "numero").values_list("pk", flat=True))
    debut = time.perf_counter()
    octets = pdf_du_lot(cles)
    secondes, calcul = time.perf_counter() - debut, time.process_time()
    pic = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    pages = octets.count(b"/Type /Page\n")
    dit = {
        "factures": len(cles),
        "pages": pages,
        "secondes": round(secondes, 1),
        "mo": pic,
        "calcul_s": round(calcul, 1),
    }
    print(json.dumps(dit | {"taille_mo": round(len(octets) / 1e6, 1)}))


if __name__ == "__main__":
    principal()
