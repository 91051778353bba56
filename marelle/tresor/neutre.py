"""The parcel for any finance software: CSV, JSON and PDFs of what was billed, each invoice once; made by a job."""

from __future__ import annotations

import tempfile
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django_tasks import task

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Regie
from marelle.creances.numeros import Suite
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .colis import composer, oublier_les_lots
from .envoi import DEJA, inscrire_pieces
from .fichiers import garder_par_morceaux
from .models import Export, FichierExport, PieceExportee
from .selection import a_partir, vivantes

ZIP = "application/zip"
SERIE = "export-neutre"


def nouvelles(regie: Regie, debut: date, fin: date) -> QuerySet[Facture]:
    """The invoices and avoirs issued in that period that no parcel holds yet."""
    return a_partir(regie, Export.Canal.NEUTRE, fin).filter(date_emission__gte=debut)


def deja_au_tresor(regie: Regie, debut: date, fin: date) -> int:
    """How many of them have gone to the Treasury by a PES file already: the finance software must not send them again."""
    parties = vivantes().order_by().values("facture")
    return nouvelles(regie, debut, fin).filter(pk__in=parties).count()


def preparer_le_colis(regie: Regie, debut: date, fin: date, agent: Agent) -> Export:
    """Say what goes, then let a job make the file. Raises `Refus` when nothing is new in that period."""
    if debut > fin:
        raise Refus("La période finit avant de commencer : corrigez une des deux dates.")
    try:
        with transaction.atomic():
            suite = Suite(regie, aujourdhui().year, SERIE)  # locked: two agents go one after the other
            factures = list(nouvelles(regie, debut, fin))
            if not factures:
                raise Refus("Aucune facture nouvelle dans cette période : tout est déjà dans un export.")
            export = _inscrire(regie, debut, fin, factures, suite.suivant(), agent)
            suite.finir()
            fabriquer.enqueue(export.pk)
            return export
    except IntegrityError as erreur:
        raise Refus(DEJA) from erreur


def _inscrire(regie: Regie, debut: date, fin: date, factures: list[Facture], numero: int, agent: Agent) -> Export:
    total = sum(une.montant_centimes for une in factures)
    export = Export.objects.create(
        regie=regie, sorte=Export.Sorte.NEUTRE, canal=Export.Canal.NEUTRE, exercice=aujourdhui().year, numero=numero,
        date_emission=aujourdhui(), periode_debut=debut, periode_fin=fin, pieces=len(factures), total_centimes=total,
        fait_le=maintenant(), fait_par=agent,
    )  # fmt: skip
    inscrire_pieces(export, [(une, PieceExportee.Role.COPIE, 0, une.montant_centimes) for une in factures])
    noter(agent.compte, "export.fait", export, sorte=export.sorte, pieces=len(factures), total_centimes=total)
    return export


def relancer(export_id: int) -> Export:
    """Make the file again, when the job that should have made it did not."""
    export = Export.objects.filter(pk=export_id, sorte=Export.Sorte.NEUTRE).first()
    if export is None:
        raise Introuvable("Cet export n’existe pas.")
    if FichierExport.objects.filter(export=export).exists():
        raise Refus("Ce fichier est déjà prêt.")
    fabriquer.enqueue(export.pk)
    return export


@task()
def fabriquer(export_id: int) -> None:
    """Make the parcel of an export, once: run again, it finds its file and does nothing; interrupted, it goes on from the last
    lot that it has drawn."""
    export = Export.objects.select_related("regie", "fait_par").get(pk=export_id)
    if FichierExport.objects.filter(export=export).exists():
        return
    nom = f"factures-{export.regie.code:02}-{export.exercice}-{export.numero:03}.zip"
    with tempfile.TemporaryFile() as sortie:  # a year of invoices is tens of megabytes
        composer(export, sortie)
        try:
            with transaction.atomic():
                garder_par_morceaux(export, nom, ZIP, sortie)
        except IntegrityError:
            return  # another worker has just made it: the daily clean-up removes this copy
    oublier_les_lots(export)
