"""Runs of direct debits: what each mandated payer owes on a day, told in time, sent to the bank, recorded as paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from marelle.comptes.models import Agent
from marelle.creances.encaissement import encaisser
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Facture, Paiement, Regie
from marelle.creances.payeurs import verrouiller
from marelle.creances.regies import options_de
from marelle.creances.soldes import avec_restes, impayees
from marelle.journal.service import noter
from marelle.regles.regies import Sepa
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui, maintenant

from . import courrier
from .caducite import caducites
from .en_cours import paiements_en_cours
from .mandats_sepa import en_vigueur
from .models import LignePrelevement, MandatSepa, Prelevement

# What the bank answers when it rejects (ISO 20022 external codes), in words.
REJETS = {
    "AM04": "provision insuffisante",
    "AC01": "numéro de compte inexact",
    "AC04": "compte clos",
    "AC06": "compte bloqué",
    "AG01": "prélèvement interdit sur ce compte",
    "AG02": "opération non admise",
    "MD01": "mandat absent ou révoqué",
    "MD06": "contesté par le titulaire et remboursé",
    "MD07": "titulaire décédé",
    "MS02": "refusé par le titulaire",
    "MS03": "motif non communiqué par la banque",
    "RC01": "code de la banque inexact",
    "SL01": "refusé selon les consignes du titulaire",
}


LOINTAIN = timedelta(days=90)  # after the first day possible: further is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class APrelever:
    """One line to be: a payer, its mandate, what it owes."""

    mandat: MandatSepa
    sequence: str
    factures: list[tuple[Facture, int]]

    @property
    def montant_centimes(self) -> int:
        return sum(montant for _, montant in self.factures)


def exiger_sepa(regie: Regie) -> Sepa:
    """The creditor's account; raises `Refus` with the keys of `regies.toml` that are missing."""
    options = options_de(regie)
    if Paiement.Mode.PRELEVEMENT not in options.modes:
        raise Refus(f"La régie « {options.nom} » n’est pas autorisée à recevoir des prélèvements.")
    manquent = [cle for cle in ("ics", "iban", "bic", "titulaire") if not getattr(options.sepa, cle)]
    if manquent:
        raise Refus(f"Il manque dans regies.toml, sous [regies.sepa] : {', '.join(manquent)}.")
    return options.sepa


def premiere_date(regie: Regie) -> date:
    """The first day that may be collected: families are told so many days before."""
    return aujourdhui() + timedelta(days=options_de(regie).sepa.preavis_jours)


def exiger_un_jour(regie: Regie, jour: date) -> None:
    """Raises `Refus` for a day that is too soon to tell the families, or so far away that its year is mistyped."""
    premiere = premiere_date(regie)
    if jour < premiere:
        raise Refus(
            f"Les familles sont prévenues {options_de(regie).sepa.preavis_jours} jours avant : "
            f"choisissez le {premiere:%d/%m/%Y} ou après."
        )
    if jour - premiere > LOINTAIN:
        raise Refus(f"Le {jour:%d/%m/%Y} est bien loin : vérifiez l’année, ou préparez ce prélèvement plus tard.")


def proposer(regie: Regie, jour: date) -> list[APrelever]:
    """One line per mandated payer who owes something that is due by that day; not what is being paid online, nor debited, nor
    by a mandate that is void on that day."""
    mandats = list(en_vigueur(regie).order_by("pk"))
    caducs = caducites(mandats, jour, avant=jour)
    dues: list[tuple[MandatSepa, list[Any]]] = [
        (mandat, [une for une in impayees(mandat.payeur, regie) if une.date_echeance <= jour])
        for mandat in mandats
        if mandat.pk not in caducs
    ]
    pris = paiements_en_cours(une for _, siennes in dues for une in siennes)
    lignes = []
    for mandat, siennes in dues:
        parts = [(une, une.reste_centimes) for une in siennes if une.pk not in pris]
        if parts:
            lignes.append(APrelever(mandat, _sequence(mandat), parts))
    return lignes


def _sequence(mandat: MandatSepa) -> str:
    """The first debit of a mandate says so to the bank, unless it served elsewhere; an abandoned run does not count."""
    if mandat.dernier_ailleurs_le is not None:
        return LignePrelevement.Sequence.SUIVANT
    deja = LignePrelevement.objects.filter(mandat=mandat, prelevement__abandonne_le__isnull=True).exists()
    return LignePrelevement.Sequence.SUIVANT if deja else LignePrelevement.Sequence.PREMIER


@transaction.atomic
def preparer(regie: Regie, jour: date, *, auteur: Agent) -> Prelevement:
    """Make the run and tell each payer. Raises `Refus`: creditor incomplete, notice too short, nothing to collect."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    exiger_sepa(regie)
    exiger_un_jour(regie, jour)
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)
    verrouiller(en_vigueur(regie).order_by().values_list("payeur_id", flat=True))  # nobody pays meanwhile
    prevues = proposer(regie, jour)
    if not prevues:
        raise Refus(dire_qu_il_n_y_a_rien(regie, jour))
    run = Prelevement.objects.create(
        regie=regie, date_prelevement=jour, nombre=len(prevues),
        montant_centimes=sum(une.montant_centimes for une in prevues), cree_le=maintenant(), cree_par=auteur,
    )  # fmt: skip
    for une in prevues:
        ligne = LignePrelevement.objects.create(
            prelevement=run, mandat=une.mandat, sequence=une.sequence, montant_centimes=une.montant_centimes,
            factures=[[facture.pk, montant] for facture, montant in une.factures],
        )  # fmt: skip
        courrier.annoncer_le_prelevement(ligne)
    noter(
        auteur.compte, "regie.prelevement", run, nombre=run.nombre, montant_centimes=run.montant_centimes,
        date=jour.isoformat(),
    )  # fmt: skip
    return run


def dire_qu_il_n_y_a_rien(regie: Regie, jour: date) -> str:
    """Why nobody would be debited on that day, the void mandates too."""
    phrase = "Aucun payeur qui a signé un mandat ne doit quelque chose d’échu à cette date."
    if caducs := len(caducites(en_vigueur(regie), jour, avant=jour)):
        sont = "est caduc" if caducs == 1 else "sont caducs"
        phrase += f" {compte(caducs, 'mandat')} {sont} à cette date : aucun prélèvement depuis 36 mois."
    return phrase


@transaction.atomic
def enregistrer(run: Prelevement, *, auteur: Agent) -> int:
    """The day has come: each line becomes a payment, once. Returns how many. What was paid otherwise meanwhile stays as an
    advance: the bank has the money. Raises `Refus` before the day, or when it is done."""
    run = _ouvert(run, auteur)
    if run.date_prelevement > aujourdhui():
        raise Refus(f"Ce prélèvement a lieu le {run.date_prelevement:%d/%m/%Y} : enregistrez-le ce jour-là, ou après.")
    lignes = list(run.lignes.select_related("mandat__payeur").order_by("pk"))
    verrouiller(ligne.mandat.payeur_id for ligne in lignes)
    for ligne in lignes:
        _payer(run, ligne, auteur)
    Prelevement.objects.filter(pk=run.pk).update(enregistre_le=maintenant())
    noter(auteur.compte, "regie.prelevement_enregistre", run, nombre=len(lignes), montant_centimes=run.montant_centimes)
    return len(lignes)


def _payer(run: Prelevement, ligne: LignePrelevement, auteur: Agent) -> Paiement:
    voulues = dict(ligne.factures)
    restes = avec_restes(Facture.objects.filter(pk__in=voulues)).order_by("date_emission", "rang", "pk")
    parts = [
        (une, min(voulues[une.pk], une.reste_centimes))  # type: ignore[attr-defined]
        for une in restes
        if une.reste_centimes > 0  # type: ignore[attr-defined]
    ]
    est_juste = sum(montant for _, montant in parts) == ligne.montant_centimes
    return encaisser(
        run.regie, ligne.mandat.payeur, ligne.montant_centimes, Paiement.Mode.PRELEVEMENT,
        auteur=auteur if est_juste else None,  # the ledger lets the machine keep what exceeds: the money is here
        factures=parts, date_paiement=run.date_prelevement, reference=ligne.mandat.rum,
        reference_unique=ligne.reference_unique,
    )  # fmt: skip


@transaction.atomic
def abandonner(run: Prelevement, *, auteur: Agent) -> None:
    """It will not be sent to the bank: its invoices may be paid otherwise, and each payer is told. Raises `Refus`."""
    run = _ouvert(run, auteur)
    Prelevement.objects.filter(pk=run.pk).update(abandonne_le=maintenant())
    for ligne in run.lignes.select_related("mandat__payeur", "prelevement__regie").order_by("pk"):
        courrier.dire_l_abandon(ligne)
    noter(auteur.compte, "regie.prelevement_abandonne", run, nombre=run.nombre)


def _ouvert(run: Prelevement, auteur: Agent) -> Prelevement:
    exiger_mandat(auteur, run.regie, jour=aujourdhui())
    run = Prelevement.objects.select_for_update(no_key=True, of=("self",)).select_related("regie").get(pk=run.pk)
    if not run.est_en_cours:
        raise Refus("Ce prélèvement est déjà enregistré, ou abandonné.")
    return run


def prelevements_de(regie: Regie) -> QuerySet[Prelevement]:
    return Prelevement.objects.filter(regie=regie).select_related("cree_par").order_by("-date_prelevement", "-pk")


def un_prelevement(regie: Regie, cle: int) -> Prelevement:
    trouve = prelevements_de(regie).select_related("regie").filter(pk=cle).first()
    if trouve is None:
        raise Introuvable("Ce prélèvement n’existe pas dans cette régie.")
    return trouve


def lignes_de(run: Prelevement) -> list[tuple[LignePrelevement, Paiement | None, bool]]:
    """Each line with its payment, once recorded, and whether the bank rejected it since."""
    lignes = list(run.lignes.select_related("mandat__payeur__famille").order_by("pk"))
    faits = Paiement.objects.filter(reference_unique__in=[une.reference_unique for une in lignes])
    par_reference = {un.reference_unique: un for un in faits.select_related("contrepassation")}
    trouves = [(une, par_reference.get(une.reference_unique)) for une in lignes]
    return [(une, un, getattr(un, "contrepassation", None) is not None) for une, un in trouves]


def dire_le_rejet(code: str, precision: str = "") -> str:
    """« Prélèvement rejeté par la banque : provision insuffisante (AM04) »."""
    mots = f"Prélèvement rejeté par la banque : {REJETS[code]} ({code})" if code in REJETS else ""
    return " – ".join(un for un in (mots, precision.strip()) if un)
