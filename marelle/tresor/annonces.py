"""What a family is told of the debits of the Treasury: an e-mail when the file that carries one is made, the sentence that its
invoice says meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from marelle.courriels.service import ecrire
from marelle.creances.models import Facture, Regie
from marelle.creances.payeurs import destinataires
from marelle.creances.regies import options_de
from marelle.facturation.comment_payer import adresse_des_finances
from marelle.regie.mandats_sepa import en_vigueur
from marelle.regie.models import MandatSepa
from marelle.regles.argent import euros
from marelle.socle.francais import date_longue, date_sans_jour

from .debits_annules import annules_dits, sans_debit
from .models import Export, PieceExportee
from .pes.fichier import Piece
from .prelevements import caducs_pour_un_envoi
from .selection import vivantes


def annoncer_les_debits(export: Export, factures: Iterable[Facture], pieces: Iterable[Piece]) -> None:
    """Tell each payer that the Treasury will debit: what it takes, from when, by which mandate. In the transaction that keeps the
    file. Made again with the same debit (sum, day, mandate), nobody is told twice; with another, the new one replaces it. Whoever
    was told meanwhile that it was annulled is told again, whatever it is."""
    par_numero = {une.numero: une for une in factures}
    debitees = [(par_numero[une.facture], une) for une in pieces if une.prelevement is not None]
    deja = PieceExportee.objects.filter(facture__in=[une for une, _ in debitees], mandat__isnull=False)
    annoncees = set(deja.exclude(export=export).order_by().values_list("facture_id", flat=True))
    annules = annules_dits(annoncees)
    ecrits = destinataires({une.payeur_id: une.payeur for une, _ in debitees}.values())
    for facture, piece in debitees:
        courriel, fois = ecrits[facture.payeur_id].get("courriel", ""), annules.get(facture.pk, 0)
        _annoncer(export.regie, facture, piece, courriel, remplace=facture.pk in annoncees, annules=fois)


def _annoncer(regie: Regie, facture: Facture, piece: Piece, courriel: str, *, remplace: bool, annules: int) -> None:
    """`annules`: how many times its payer was told that a debit of that invoice was annulled."""
    debit = piece.prelevement
    assert debit is not None
    contexte = {
        "montant": euros(piece.montant_centimes),
        "le": date_longue(debit.date, 0),
        "numero": facture.numero,
        "fin": debit.iban[-4:],
        "rum": debit.rum,
        "ics": options_de(regie).sepa.ics,
        "remplace": remplace and not annules,
        "etait_annule": annules > 0,
        "lien": adresse_des_finances(),
    }
    cle = f"tresor:prelevement:{facture.pk}:{debit.rum}:{debit.date}:{piece.montant_centimes}" + (
        f":{annules}" if annules else ""
    )
    dossier = f"famille:{facture.payeur.famille_id}" if facture.payeur.famille_id else ""
    ecrire("prelevement_tresor", [courriel], contexte, cle=cle, dossier=dossier)


def debits_dits(factures: Sequence[Facture]) -> dict[int, str]:
    """For each of these invoices (by key, read with what is left of them) that the Treasury debits, as far as is known now: what
    its payer is to know instead of how to pay. A few queries for each budget that debits; none for the others."""
    dits: dict[int, str] = {}
    regies = {une.regie_id: une.regie for une in factures}
    for cle, regie in regies.items():
        options = options_de(regie)
        if options.est_titre and options.a_des_mandats:
            siennes = [une for une in factures if une.regie_id == cle and not une.est_avoir]
            dits |= _dits(regie, siennes)
    return dits


def dire_ensemble(dits: Iterable[str]) -> list[str]:
    """The sentences of several invoices, each once: « ces sommes » where it is said of more than one."""
    nombres = Counter(dits)
    return [dit.replace("cette somme", "ces sommes") if fois > 1 else dit for dit, fois in nombres.items()]


def _dits(regie: Regie, factures: Sequence[Facture]) -> dict[int, str]:
    envoyees = {une.facture_id: une for une in vivantes().filter(facture__in=factures).select_related("mandat")}
    dits = {cle: dire_l_envoye(une, une.mandat) for cle, une in envoyees.items() if une.mandat is not None}
    attendent = [une for une in factures if une.pk not in envoyees and getattr(une, "reste_centimes", 1) > 0]
    mandats = _utilisables(regie, {une.payeur_id for une in attendent})
    prevues = [une for une in attendent if une.payeur_id in mandats]
    # Who was told that its debit is annulled has to pay, until another file carries one.
    annulees = set(sans_debit([une.pk for une in prevues]).values_list("facture_id", flat=True)) if prevues else set()
    return dits | {une.pk: dire_le_prevu(mandats[une.payeur_id]) for une in prevues if une.pk not in annulees}


def _utilisables(regie: Regie, payeurs: set[int]) -> Mapping[int, MandatSepa]:
    """The mandates that a file made today would carry, by payer."""
    if not payeurs or not options_de(regie).pes.siret:  # no file for the Treasury is made from here
        return {}
    mandats = {un.payeur_id: un for un in en_vigueur(regie).filter(payeur__in=payeurs)}
    caducs = caducs_pour_un_envoi(regie, mandats.values())
    return {cle: un for cle, un in mandats.items() if un.pk not in caducs}


def dire_l_envoye(piece: PieceExportee, mandat: MandatSepa) -> str:
    le = f" à partir du {date_sans_jour(piece.preleve_le, 0)}" if piece.preleve_le else ""
    return f"Le Trésor public prélève cette somme{le} {_sur(mandat)} : vous n’avez rien à faire."


def dire_le_prevu(mandat: MandatSepa) -> str:
    return (
        f"Le Trésor public prélèvera cette somme {_sur(mandat)} : vous n’avez rien à faire. La date vous sera annoncée."
    )


def _sur(mandat: MandatSepa) -> str:
    return f"sur votre compte qui finit par {mandat.iban_fin} (mandat {mandat.rum})"
