"""Whether what went to the accountant says true: bordereaux without gaps, totals, no invoice twice, files as they were made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise

from django.db.models import Count, Sum

from marelle.creances.models import Compteur
from marelle.creances.regies import regies
from marelle.pieces import rangement
from marelle.regles.argent import euros
from marelle.socle.erreurs import Introuvable

from .envoi import porteuse, series
from .models import Export, FichierExport, PieceExportee
from .pes.fichier import FORMES


def verifier() -> list[str]:
    """One French sentence for each thing that is wrong."""
    return [*_numeros(), *_totaux(), *_doubles(), *_fichiers()]


def _numeros() -> Iterator[str]:
    donnes: dict[tuple[int, int, str], list[int]] = {}
    for export in Export.objects.filter(sorte__in=FORMES).select_related("regie").order_by("numero", "pk"):
        cle = (porteuse(export.regie).pk, export.exercice, series(export.sorte)[0])
        donnes.setdefault(cle, []).append(export.numero)
    premiers = {une.pes.premier_bordereau for une in regies()}  # what another software gave before is skipped
    compteurs = {(un.regie_id, un.exercice, un.serie): un.dernier for un in Compteur.objects.order_by("pk")}
    for cle, numeros in donnes.items():
        suivent = all(apres == avant + 1 or apres in premiers for avant, apres in pairwise(numeros))
        if not suivent or compteurs.get(cle) != numeros[-1]:
            yield f"Bordereaux {cle[2].removeprefix('bordereau-')} de {cle[1]} : les numéros ne se suivent pas."


def _totaux() -> Iterator[str]:
    for export in Export.objects.annotate(somme=Sum("contenu__montant_centimes")).order_by("pk"):
        if export.somme != export.total_centimes:
            yield f"Export {export} : ses pièces ne font pas {euros(export.total_centimes)}."


def _doubles() -> Iterator[str]:
    vivantes = PieceExportee.objects.filter(export__annulation__isnull=True).order_by()
    for numero, canal in (
        vivantes.values_list("facture__numero", "canal").annotate(n=Count("pk")).filter(n__gt=1)
        .values_list("facture__numero", "canal")
    ):  # fmt: skip
        yield f"Facture {numero} : partie deux fois ({dict(Export.Canal.choices)[canal]})."


def _fichiers() -> Iterator[str]:
    for fichier in FichierExport.objects.order_by("pk"):
        try:
            empreinte = hashlib.sha256()
            for morceau in rangement.lire_par_morceaux(fichier.cle):
                empreinte.update(morceau)
        except Introuvable:
            yield f"Export {fichier.nom} : son fichier manque, ou aucune clé ne l’ouvre."
            continue
        if empreinte.hexdigest() != fichier.empreinte:
            yield f"Export {fichier.nom} : son fichier n’est plus celui qui a été transmis."
