"""What the Treasury was paid for the titres, read from its CSV: all of a file or nothing of it, twice the same is once."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.creances.encaissement import contrepasser, encaisser
from marelle.creances.models import Facture, Paiement
from marelle.creances.payeurs import verrouiller
from marelle.creances.regies import options_de
from marelle.creances.soldes import avec_restes
from marelle.journal.service import noter
from marelle.regie.transmissions import transmises
from marelle.regles.argent import euros
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui, maintenant

from .models import ImportRetour
from .references import est_une_reference, noter_reference

TAILLE_MAXIMUM = 2_000_000
LIGNES_MAXIMUM = 10_000
REPRIS = "Repris par le Trésor public"
COLONNES = ("numero_facture", "date", "montant", "mode", "identifiant", "reference")
_MONTANT = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")


class RetourRefuse(ErreurMarelle):
    """The file is not imported, nothing of it: `lignes` says what is wrong, line by line."""

    statut = 422

    def __init__(self, lignes: list[str]) -> None:
        super().__init__("Rien n’est importé : corrigez le fichier, puis envoyez-le de nouveau.")
        self.lignes = lignes


@dataclass(frozen=True, slots=True)
class LigneRetour:
    """One line: an amount paid (centimes; 0 when it only gives a reference, negative when the Treasury takes a payment back),
    of which invoice, when, how."""

    rang: int
    facture: Facture
    jour: date | None
    montant_centimes: int
    mode: str
    cle: str
    reference: str


@dataclass(slots=True)
class BilanRetour:
    """What an import did. `repris`: payments that the Treasury took back. `avertissements`: payments over what was due, which
    stay to the payer's credit."""

    lignes: int = 0
    paiements: int = 0
    deja_connus: int = 0
    repris: int = 0
    references: int = 0
    total_centimes: int = 0
    avertissements: list[str] = field(default_factory=list)


def importer(nom: str, octets: bytes, agent: Agent) -> BilanRetour:
    """Record the payments and the references of that file. Raises `RetourRefuse`: nothing is then recorded."""
    lues = lire(octets)
    with transaction.atomic():
        bilan = BilanRetour(lignes=len(lues))
        verrouiller(ligne.facture.payeur_id for ligne in lues)
        for ligne in lues:
            _appliquer(ligne, bilan, agent)
        ligne_import = ImportRetour.objects.create(
            nom=nom[:100], empreinte=hashlib.sha256(octets).hexdigest(), lignes=bilan.lignes,
            paiements=bilan.paiements, deja_connus=bilan.deja_connus, references_ajoutees=bilan.references,
            total_centimes=bilan.total_centimes, fait_le=maintenant(), fait_par=agent,
        )  # fmt: skip
        noter(
            agent.compte, "tresor.retour", ligne_import, lignes=bilan.lignes, paiements=bilan.paiements,
            deja_connus=bilan.deja_connus, total_centimes=bilan.total_centimes,
        )  # fmt: skip
    return bilan


def _appliquer(ligne: LigneRetour, bilan: BilanRetour, agent: Agent) -> None:
    if ligne.reference and noter_reference(ligne.facture, ligne.reference, agent):
        bilan.references += 1
    if not ligne.montant_centimes:
        return
    if ligne.montant_centimes < 0:
        _reprendre(ligne, bilan)
        return
    if Paiement.objects.filter(reference_unique=ligne.cle).exists():
        bilan.deja_connus += 1
        return
    facture = ligne.facture
    reste = _reste(facture)
    paye = min(ligne.montant_centimes, reste)
    encaisser(
        facture.regie, facture.payeur, ligne.montant_centimes, Paiement.Mode.TRESOR, auteur=None,
        factures=[(facture, paye)] if paye else [], date_paiement=ligne.jour, emetteur=ligne.mode,
        reference=ligne.reference, reference_unique=ligne.cle,
    )  # fmt: skip
    bilan.paiements += 1
    bilan.total_centimes += ligne.montant_centimes
    if paye < ligne.montant_centimes:
        trop = euros(ligne.montant_centimes - paye)
        bilan.avertissements.append(
            f"Ligne {ligne.rang} : {trop} de plus que ce qui restait dû sur la facture {facture.numero}. "
            "Cette somme reste au crédit du payeur."
        )


def _reprendre(ligne: LigneRetour, bilan: BilanRetour) -> None:
    """A payment of the Treasury that it took back (a cheque without funds): its counter-entry, once."""
    paiement = Paiement.objects.filter(reference_unique=ligne.cle).select_related("payeur").first()
    if paiement is None or paiement.montant_centimes != -ligne.montant_centimes:
        repris = euros(-ligne.montant_centimes)
        raise RetourRefuse([f"Ligne {ligne.rang} : aucun paiement de {repris} n’a cet identifiant sur cette facture."])
    if Paiement.objects.filter(annule=paiement).exists():
        bilan.deja_connus += 1
        return
    contrepasser(paiement, REPRIS, auteur=None)
    bilan.repris += 1
    bilan.total_centimes += ligne.montant_centimes


def _reste(facture: Facture) -> int:
    """What is left to pay of it now: the lines before may have paid a part."""
    lue = avec_restes(Facture.objects.filter(pk=facture.pk)).get()
    return max(0, int(lue.reste_centimes))  # type: ignore[attr-defined]


def lire(octets: bytes) -> list[LigneRetour]:
    """The lines of the file, all of them good. Raises `RetourRefuse` with what is wrong in each."""
    lignes = list(islice(_rangees(_texte(octets)), LIGNES_MAXIMUM + 1))
    if len(lignes) > LIGNES_MAXIMUM:
        raise RetourRefuse(["Le fichier a plus de 10 000 lignes : coupez-le en plusieurs."])
    numeros = {valeurs["numero_facture"] for _, valeurs in lignes}
    factures = {
        une.numero: une
        for une in Facture.objects.filter(numero__in=numeros).select_related("regie", "payeur").order_by("pk")
    }
    hors_regie = transmises(une for une in factures.values() if not options_de(une.regie).est_titre)
    erreurs: list[str] = []
    lues, vues = [], Counter[str]()
    for rang, valeurs in lignes:
        facture = factures.get(valeurs["numero_facture"])
        dites = list(_fautes(valeurs, facture, hors_regie))
        erreurs += [f"Ligne {rang} : {une}" for une in dites]
        if facture is not None and not dites:
            lues.append(_ligne(rang, valeurs, facture, vues))
    if not lignes:
        erreurs.append("Le fichier n’a aucune ligne sous ses titres de colonnes.")
    if erreurs:
        raise RetourRefuse(erreurs)
    return lues


def _texte(octets: bytes) -> str:
    if len(octets) > TAILLE_MAXIMUM:
        raise RetourRefuse(["Le fichier dépasse 2 Mo : coupez-le en plusieurs."])
    for codage in ("utf-8-sig", "cp1252"):
        try:
            texte = octets.decode(codage)
        except UnicodeDecodeError:
            continue
        if "\x00" not in texte:
            return texte
    raise RetourRefuse(["Ce fichier n’est pas un CSV : enregistrez-le en « CSV, séparateur point-virgule »."])


def _rangees(texte: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that is not empty, with its rank in the file, by the names of the columns in their order of the file."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=";")
    try:
        titres = [_titre(un) for un in next(lecteur, [])]
        if "numero_facture" not in titres or not {"montant", "reference"} & set(titres):
            attendus = " ; ".join(COLONNES)
            raise RetourRefuse([f"La première ligne ne nomme pas les colonnes attendues : {attendus}."])
        for cellules in lecteur:
            if not any(une.strip() for une in cellules):
                continue
            valeurs = dict.fromkeys(COLONNES, "") | {nom: une.strip() for nom, une in zip(titres, cellules)}
            yield lecteur.line_num, valeurs
    except csv.Error:
        raise RetourRefuse([f"Ligne {lecteur.line_num} : elle ne se lit pas comme un CSV."]) from None


def _titre(texte: str) -> str:
    """« Numéro facture » is « numero_facture »."""
    nu = unicodedata.normalize("NFKD", texte.strip().lower())
    return re.sub(r"[^a-z0-9]+", "_", "".join(un for un in nu if not unicodedata.combining(un))).strip("_")


def _fautes(valeurs: dict[str, str], facture: Facture | None, hors_regie: set[int]) -> Iterator[str]:
    numero = valeurs["numero_facture"]
    if facture is None:
        yield f"la facture « {numero} » n’existe pas." if numero else "le numéro de facture manque."
        return
    if facture.est_avoir:
        yield f"{numero} est un avoir : le Trésor ne l’encaisse pas."
    elif not options_de(facture.regie).est_titre and facture.pk not in hors_regie:
        yield f"la facture {numero} est encaissée par la régie : elle n’a pas été transmise au Trésor."
    reference = valeurs["reference"]
    if reference and not est_une_reference(reference):
        yield f"« {reference} » n’est pas une référence de titre, comme 2026-12-345."
    if not valeurs["montant"]:
        if not reference:
            yield "il n’y a ni montant ni référence."
        return
    montant = lire_le_montant(valeurs["montant"])
    if montant is None:
        yield f"« {valeurs['montant']} » n’est pas un montant, comme 48,60."
    elif montant == 0:
        yield "un montant payé est plus grand que zéro."
    elif montant < 0 and not valeurs["identifiant"]:
        yield "un montant négatif reprend un paiement : il faut l’identifiant que ce paiement avait."
    jour = _jour(valeurs["date"])
    if jour is None:
        yield f"« {valeurs['date']} » n’est pas une date, comme 14/12/2026."
    elif jour > aujourdhui():
        yield f"la date {valeurs['date']} est à venir."


def lire_le_montant(texte: str) -> int | None:
    """« 1 048,60 € » → 104860 centimes, without a float; None when it is not an amount. A leading minus is read."""
    net = re.sub(r"[\s\u00a0\u202f€]", "", texte)
    lu = _MONTANT.fullmatch(net.lstrip("-"))
    if lu is None:
        return None
    centimes = int(lu[1]) * 100 + int((lu[2] or "0").ljust(2, "0"))
    return -centimes if net.startswith("-") else centimes


def _jour(texte: str) -> date | None:
    for forme in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(texte, forme).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def _ligne(rang: int, valeurs: dict[str, str], facture: Facture, vues: Counter[str]) -> LigneRetour:
    """`cle` makes a payment be recorded once: the identifier of the Treasury, or the line itself and how many times the file
    says it."""
    montant = lire_le_montant(valeurs["montant"]) or 0
    jour = _jour(valeurs["date"])
    ecrit = f"{facture.numero}|{jour}|{montant}|{valeurs['mode'].lower()}"
    if valeurs["identifiant"]:
        ecrit = f"{facture.numero}|{valeurs['identifiant']}"
    elif montant:
        vues[ecrit] += 1
        ecrit = f"{ecrit}|{vues[ecrit]}"
    cle = f"tresor:{hashlib.sha256(ecrit.encode()).hexdigest()[:40]}"
    return LigneRetour(rang, facture, jour, montant, valeurs["mode"][:80], cle, valeurs["reference"])


def imports_recents() -> list[ImportRetour]:
    """The last files imported."""
    return list(ImportRetour.objects.select_related("fait_par")[:20])
