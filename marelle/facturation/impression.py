"""The print batch of a billing run: one PDF of the invoices of those who did not agree to e-mail, by postcode.

Made by a job, in parts of some invoices each, so that it holds little memory and no page waits for it. The file is encrypted
where documents are; nothing names it, so that the nightly clean-up removes it after a day: it is made again when asked.
It is made of parts put end to end, for paper: each invoice alone is the accessible, archivable one.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from marelle.comptes.models import Agent
from marelle.creances.models import Facture
from marelle.creances.payeurs import nom_de
from marelle.journal.service import noter
from marelle.pieces import rangement
from marelle.socle.horloge import PARIS
from marelle.socle.pays import est_a_l_etranger

from .documents import pdf_pour_papier
from .envois import campagne_de, factures_de, part_par_courriel

PAR_PARTIE = 25  # invoices set at once: the typesetter keeps about a megabyte for each
ESPACE = uuid.UUID("0a5d1f52-31d6-4b7e-8b8e-5f1f0a9c7c21")


@dataclass(frozen=True, slots=True)
class Lot:
    """What there is to print of a run, how many leave by e-mail, how many have no address; whether the PDF is there."""

    a_imprimer: int
    par_courriel: int
    sans_adresse: int
    pret_le: datetime | None
    est_en_cours: bool
    a_echoue: bool


def lot_de(campagne_id: int) -> Lot:
    """The state of a run's print batch."""
    factures = list(factures_de(campagne_id))
    papier = [une for une in factures if not part_par_courriel(une)]
    sans = sum(1 for une in papier if _est_sans_adresse(une.destinataire))
    fichier = rangement.chemin(_cle(campagne_id))
    pret = datetime.fromtimestamp(fichier.stat().st_mtime, tz=PARIS) if fichier.is_file() else None
    statut = _derniere_tache(campagne_id)
    en_cours = statut in ("READY", "RUNNING")
    return Lot(len(papier), len(factures) - len(papier), sans, pret, en_cours, statut == "FAILED" and pret is None)


def _est_sans_adresse(a_qui: dict[str, str]) -> bool:
    """Abroad, an address may have no postcode."""
    lieu = "commune" if est_a_l_etranger(a_qui.get("pays", "")) else "code_postal"
    return not a_qui.get(lieu)


def demander_le_lot(campagne_id: int, agent: Agent, *, recto_verso: bool) -> None:
    """Have the PDF made; asked again while it is being made, it changes nothing."""
    campagne = campagne_de(campagne_id)
    with transaction.atomic():
        if _derniere_tache(campagne_id) in ("READY", "RUNNING"):
            return
        noter(agent.compte, "facture.lot_a_imprimer", campagne)
        imprimer_le_lot.enqueue(campagne_id, recto_verso)


@task()
def imprimer_le_lot(campagne_id: int, recto_verso: bool) -> None:
    """Make the PDF of a run's print batch and keep it."""
    rangement.jeter(_cle(campagne_id))
    rangement.ranger(_cle(campagne_id), pdf_du_lot(a_imprimer(campagne_id), recto_verso=recto_verso))


def fichier_du_lot(campagne_id: int) -> uuid.UUID:
    """The key of the file, to be shown by `pieces.service.montrer`."""
    return _cle(campagne_de(campagne_id).pk)


def a_imprimer(campagne_id: int) -> list[int]:
    """The keys of what goes on paper, by postcode, commune then name: as the post sorts it. Without address: first."""
    papier = [une for une in factures_de(campagne_id) if not part_par_courriel(une)]
    return [une.pk for une in sorted(papier, key=_ordre)]


def _ordre(facture: Facture) -> tuple[str, str, str, str]:
    a_qui = facture.destinataire
    return (a_qui.get("code_postal", ""), a_qui.get("commune", "").casefold(), nom_de(a_qui).casefold(), facture.numero)


def pdf_du_lot(cles: Sequence[int], *, recto_verso: bool = False, titre: str = "Factures à imprimer") -> bytes:
    """One PDF of these invoices, in this order; `recto_verso`: each begins on a sheet of its own."""
    from pypdf import PdfWriter  # only the jobs that print carry it

    from marelle.editions.service import oublier_les_pages

    livre = PdfWriter()
    for partie in _parties(cles):
        livre.append(io.BytesIO(pdf_pour_papier(partie, titre=titre, recto_verso=recto_verso)), import_outline=False)
        if recto_verso and len(livre.pages) % 2:
            livre.add_blank_page()
        oublier_les_pages()
    livre.add_metadata({"/Title": titre})
    sortie = io.BytesIO()
    livre.write(sortie)
    return sortie.getvalue()


def _parties(cles: Sequence[int]) -> Iterator[list[Facture]]:
    for debut in range(0, len(cles), PAR_PARTIE):
        voulues = cles[debut : debut + PAR_PARTIE]
        lues = Facture.objects.in_bulk(voulues)
        yield [lues[cle] for cle in voulues]


def _cle(campagne_id: int) -> uuid.UUID:
    return uuid.uuid5(ESPACE, f"campagne:{campagne_id}")


def _derniere_tache(campagne_id: int) -> str:
    """How the last job of that batch stands: « READY », « RUNNING », « FAILED », « SUCCESSFUL », or nothing."""
    faites = DBTaskResult.objects.filter(task_path=imprimer_le_lot.module_path).order_by("-enqueued_at")
    for une in faites[:50]:
        if une.args_kwargs["args"][:1] == [campagne_id]:
            return str(une.status)
    return ""
