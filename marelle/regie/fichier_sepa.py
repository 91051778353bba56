"""The file of a run of direct debits for the bank: pain.008.001.02, checked by its schema.

The account at the Treasury (DFT) and French banks take this version, the one that the SEPA guides of the CFONB were written
for; ask the correspondent before changing `SCHEMA` for pain.008.001.08. The same run gives the same file, byte for byte, with
the same message number: sent twice, the bank sees it.
"""

from __future__ import annotations

from typing import Any

from marelle.comptes.models import Agent
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Facture
from marelle.journal.service import noter
from marelle.regles.sepa import en_signes_sepa
from marelle.socle.erreurs import Refus
from marelle.socle.francais import enumere
from marelle.socle.horloge import PARIS, aujourdhui

from .caducite import caducites
from .models import LignePrelevement, Prelevement
from .prelevements import exiger_sepa

SCHEMA = "pain.008.001.02"


def ecrire(run: Prelevement) -> bytes:
    """The file. Raises `Refus` when the creditor's account is incomplete, or the run abandoned."""
    from sepaxml import SepaDD  # with its schemas: only who makes a file carries it

    run.refresh_from_db(fields=["abandonne_le", "enregistre_le"])
    if run.abandonne_le is not None:
        raise Refus("Ce prélèvement est abandonné : il ne s’envoie pas à la banque.")
    creancier = exiger_sepa(run.regie)
    lignes = list(run.lignes.select_related("mandat").order_by("sequence", "pk"))
    _exiger_les_mandats(run, lignes)
    sepa = SepaDD(
        {
            "name": creancier.titulaire, "IBAN": creancier.iban, "BIC": creancier.bic, "batch": True,
            "creditor_id": creancier.ics, "currency": "EUR", "instrument": "CORE",
        },
        schema=SCHEMA,
        clean=True,
    )  # fmt: skip
    numeros = _numeros(lignes)
    for ligne in lignes:
        sepa.add_payment(_operation(run, ligne, numeros))
    return _stable(sepa, run)


def _exiger_les_mandats(run: Prelevement, lignes: list[LignePrelevement]) -> None:
    """Nobody is debited by a mandate revoked since the run was prepared, nor by one void on its day: a run that kept it alive
    was abandoned since. Once recorded, the file is only a record."""
    if not run.est_en_cours:
        return
    suite = "Abandonnez ce prélèvement, puis préparez-en un autre."
    if revoques := [une.mandat.rum for une in lignes if une.mandat.revoque_le is not None]:
        raise Refus(f"Révoqué depuis la préparation : {enumere(revoques)}. {suite}")
    jour = run.date_prelevement
    caducs = caducites([une.mandat for une in lignes], jour, avant=jour)
    if rums := [une.mandat.rum for une in lignes if une.mandat_id in caducs]:
        raise Refus(f"Caduc au {jour:%d/%m/%Y}, sans prélèvement depuis 36 mois : {enumere(rums)}. {suite}")


def remettre(run: Prelevement, *, auteur: Agent) -> bytes:
    """The file for whoever takes it to the bank: it holds whole account numbers, so that a mandate is asked and the act is
    journaled. Raises `Refus`, `SansMandat`."""
    exiger_mandat(auteur, run.regie, jour=aujourdhui())
    octets = ecrire(run)
    noter(auteur.compte, "regie.fichier_sepa", run, nombre=run.nombre, montant_centimes=run.montant_centimes)
    return octets


def nom_du_fichier(run: Prelevement) -> str:
    return f"prelevements-{run.date_prelevement:%Y-%m-%d}-{run.pk}.xml"


def _operation(run: Prelevement, ligne: LignePrelevement, numeros: dict[int, str]) -> dict[str, Any]:
    mandat = ligne.mandat
    operation = {
        "name": mandat.titulaire,
        "IBAN": mandat.iban,
        "amount": ligne.montant_centimes,
        "type": ligne.sequence,
        "collection_date": run.date_prelevement,
        "mandate_id": mandat.rum,
        "mandate_date": mandat.signe_le,
        "description": "Factures " + " ".join(numeros[pk] for pk, _ in ligne.factures),
        "endtoend_id": ligne.reference_unique,
    }
    return operation | ({"BIC": mandat.bic} if mandat.bic else {})


def _numeros(lignes: list[LignePrelevement]) -> dict[int, str]:
    cles = [pk for ligne in lignes for pk, _ in ligne.factures]
    return dict(Facture.objects.filter(pk__in=cles).values_list("pk", "numero"))


def _stable(sepa: Any, run: Prelevement) -> bytes:
    """The library draws its numbers by chance: ours are those of the run."""
    sepa._finalize_batch()
    sepa._finalize_batch = lambda: None  # `export` would add the batches again
    entete = sepa._xml.find("CstmrDrctDbtInitn/GrpHdr")
    entete.find("MsgId").text = run.reference
    entete.find("CreDtTm").text = run.cree_le.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M:%S")
    for nom in sepa._xml.iter("Nm"):  # the library drops accents, and lets through what banks refuse
        nom.text = en_signes_sepa(nom.text)
    for lot in sepa._xml.iter("PmtInf"):
        lot.find("PmtInfId").text = f"{run.reference}-{lot.find('PmtTpInf/SeqTp').text}"
    return bytes(sepa.export(validate=True))
