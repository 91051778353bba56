"""Making a file for the Treasury: the numbers without gaps, the file, the rows that say what went; and taking an export back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from marelle.comptes.models import Agent
from marelle.creances.models import Compteur, Facture, Regie
from marelle.creances.numeros import Suite
from marelle.creances.regies import options_de
from marelle.journal.service import noter
from marelle.regie.models import MandatSepa
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .annonces import annoncer_les_debits
from .fichiers import garder
from .models import AnnulationExport, Export, PieceExportee
from .pes.fichier import ANNULATIONS, FORMES, ROLE, TITRES, Anomalie, Prelevement
from .pes.schemas import valider
from .preparation import Numeros, Prepare, preparer
from .selection import ATransmettre, Tri, origines_des, trier, vivantes

XML = "application/xml"
DEJA = "Une de ces factures vient de partir dans un autre export : rechargez la page."


def exercices_ouverts(jour: date) -> list[int]:
    """The year in course; in January the one before too, while it is being closed."""
    return [jour.year, jour.year - 1] if jour.month == 1 else [jour.year]


def essayer(regie: Regie, sorte: str, exercice: int, jour: date, jusqu_au: date | None = None) -> tuple[Tri, Prepare]:
    """What would go today, and every anomaly of it; nothing is written, no number is taken."""
    tri = trier(regie, exercice, jusqu_au)
    choses = _choses(tri, sorte)
    numeros = _prochains(regie, sorte, exercice, len(choses))
    prepare = preparer(regie, sorte, choses, jour, exercice, numeros)
    if choses:
        prepare.anomalies += valider(prepare.octets, dossier_des_schemas())
    return tri, prepare


def envoyer(
    regie: Regie,
    sorte: str,
    exercice: int,
    jour: date,
    agent: Agent,
    *,
    jusqu_au: date | None = None,
    ecarter_les_erreurs: bool = False,
) -> Export:
    """Make the file and keep it. Raises `Refus` when nothing is ready, when an anomaly blocks it (unless the invoices in
    error are left aside), when the same invoices have just gone."""
    _exiger_la_date(jour, exercice)
    try:
        with transaction.atomic():
            return _envoyer(regie, sorte, exercice, jour, agent, jusqu_au, ecarter_les_erreurs)
    except IntegrityError as erreur:
        raise Refus(DEJA) from erreur


def _exiger_la_date(jour: date, exercice: int) -> None:
    if jour > aujourdhui():
        raise Refus("La date du bordereau est à venir : choisissez aujourd’hui ou avant.")
    if exercice not in exercices_ouverts(aujourdhui()):
        raise Refus(f"L’exercice {exercice} n’est pas ouvert.")
    if jour.year < exercice:
        raise Refus(f"Le {jour:%d/%m/%Y} vient avant l’exercice {exercice} : corrigez la date du bordereau.")


def _envoyer(
    regie: Regie, sorte: str, exercice: int, jour: date, agent: Agent, jusqu_au: date | None, ecarte: bool
) -> Export:
    # The counters are locked first: two agents who press at once go one after the other, and the second finds nothing left.
    bordereaux, pieces = _suites(regie, sorte, exercice)
    choses = _choses(trier(regie, exercice, jusqu_au), sorte)
    if ecarte and choses:
        choses = _sans_erreur(regie, sorte, choses, jour, exercice)
        if not choses:
            raise Refus("Toutes les factures sont en erreur : corrigez-en d’abord une.")
    if not choses:
        raise Refus("Rien n’est à envoyer : tout est déjà parti, ou mis de côté.")
    _exiger_apres(choses, jour)
    numeros = Numeros(bordereaux.suivant(), tuple(pieces.suivant() for _ in choses))
    prepare = preparer(regie, sorte, choses, jour, exercice, numeros)
    refus = prepare.erreurs + [une for une in _valider(prepare) if une.est_bloquante]
    if refus:
        raise Refus(f"{dire(refus[0])} Le fichier n’est pas fait : corrigez d’abord ce qui est en rouge.")
    bordereaux.finir()
    pieces.finir()
    return _inscrire(regie, sorte, exercice, jour, agent, choses, numeros, prepare)


def _exiger_apres(choses: Sequence[ATransmettre], jour: date) -> None:
    """A bordereau holds nothing that was issued after it."""
    dernier = max(une.date_emission for chose in choses for une in (chose.facture, *chose.avoirs))
    if jour < dernier:
        raise Refus(
            f"Une facture ou un avoir de ce bordereau est du {dernier:%d/%m/%Y} : datez-le de ce jour-là au plus tôt, ou n’y "
            "mettez que ce qui fut émis avant."
        )


def dire(anomalie: Anomalie) -> str:
    """« Facture 202601000012 : la civilité … manque. »"""
    return f"Facture {anomalie.facture} : {anomalie.phrase}" if anomalie.facture else anomalie.phrase


def _inscrire(
    regie: Regie, sorte: str, exercice: int, jour: date, agent: Agent,
    choses: Sequence[ATransmettre], numeros: Numeros, prepare: Prepare,
) -> Export:  # fmt: skip
    export = Export.objects.create(
        regie=regie, sorte=sorte, canal=Export.Canal.PES, exercice=exercice, numero=numeros.bordereau,
        date_emission=jour, pieces=len(choses), total_centimes=prepare.fichier.montant_centimes,
        periode_debut=min(une.facture.periode_debut for une in choses),
        periode_fin=max(une.facture.periode_fin for une in choses),
        fait_le=maintenant(), fait_par=agent,
    )  # fmt: skip
    role = PieceExportee.Role.ANNULATION if sorte == ANNULATIONS else PieceExportee.Role.TITRE
    rangees = []
    for chose, id_pce in zip(choses, numeros.pieces, strict=True):
        rangees.append((chose.facture, role, id_pce, chose.entier_centimes))
        reductions = PieceExportee.Role.REDUCTION
        rangees += [(avoir, reductions, id_pce, avoir.montant_centimes) for avoir in chose.avoirs]
    debits = {une.facture: une.prelevement for une in prepare.fichier.pieces if une.prelevement is not None}
    inscrire_pieces(export, rangees, debits)
    fichier = garder(export, prepare.fichier.entete.nom_fichier, XML, prepare.octets)
    annoncer_les_debits(export, [une.facture for une in choses], prepare.fichier.pieces)
    noter(
        agent.compte, "export.fait", export, sorte=sorte, exercice=exercice, bordereau=numeros.bordereau,
        pieces=len(choses), total_centimes=export.total_centimes, empreinte=fichier.empreinte,
    )  # fmt: skip
    return export


def inscrire_pieces(
    export: Export,
    rangees: Sequence[tuple[Facture, str, int, int]],
    debits: Mapping[str, Prelevement] = MappingProxyType({}),
) -> None:
    """Say which invoices went, each with its role, number and amount; `debits`: what the Treasury debits, by the invoice's
    number. A rank already given breaks the database's constraint."""
    cles = [facture.pk for facture, *_ in rangees]
    faits = PieceExportee.objects.filter(facture__in=cles, canal=export.canal, export__annulation__isnull=False)
    envois = dict(faits.order_by().values_list("facture_id").annotate(dernier=Max("envoi")))
    rums = [un.rum for un in debits.values()]
    en_vigueur = MandatSepa.objects.filter(rum__in=rums, revoque_le__isnull=True)
    mandats = dict(en_vigueur.values_list("rum", "pk"))
    PieceExportee.objects.bulk_create(
        PieceExportee(
            export=export, facture=facture, canal=export.canal, role=role, id_pce=id_pce,
            montant_centimes=montant, envoi=envois.get(facture.pk, 0) + 1,
            mandat_id=mandats[debits[facture.numero].rum] if facture.numero in debits else None,
            preleve_le=debits[facture.numero].date if facture.numero in debits else None,
        )
        for facture, role, id_pce, montant in rangees
    )  # fmt: skip


def traiter_autrement(regie: Regie, factures: Sequence[int], motif: str, agent: Agent) -> Export:
    """Say that the finance software has handled these: they leave the list. Raises `Refus` without a reason or an invoice."""
    if not motif.strip():
        raise Refus("Dites comment ces pièces ont été traitées, par exemple « Mandat 128 du 4 janvier ».")
    try:
        with transaction.atomic():
            tri = trier(regie, aujourdhui().year)
            permises = {une.pk: une for une in tri.autrement}
            permises |= {une.facture.pk: une.facture for une in (*tri.titres, *tri.annulations)}
            choisies = [permises[pk] for pk in factures if pk in permises]
            if not choisies:
                raise Refus("Choisissez au moins une pièce qui n’est pas encore partie.")
            return _noter_autrement(regie, choisies, motif.strip()[:200], agent)
    except IntegrityError as erreur:
        raise Refus(DEJA) from erreur


def _noter_autrement(regie: Regie, factures: Sequence[Facture], motif: str, agent: Agent) -> Export:
    jour, role = aujourdhui(), PieceExportee.Role
    suite = Suite(regie, jour.year, "export-autrement")
    export = Export.objects.create(
        regie=regie, sorte=Export.Sorte.AUTREMENT, canal=Export.Canal.PES, exercice=jour.year, numero=suite.suivant(),
        date_emission=jour, pieces=len(factures), total_centimes=sum(une.montant_centimes for une in factures),
        motif=motif, fait_le=maintenant(), fait_par=agent,
    )  # fmt: skip
    suite.finir()
    inscrire_pieces(
        export,
        [(une, role.ANNULATION if une.est_avoir else role.TITRE, 0, une.montant_centimes) for une in factures],
    )
    noter(agent.compte, "export.autrement", export, pieces=len(factures), motif=motif)
    return export


def annuler(export_id: int, motif: str, agent: Agent) -> Export:
    """The Treasury refused that export: its invoices may go again. Raises `Refus` when a réduction went on one of its titres."""
    if not motif.strip():
        raise Refus("Dites pourquoi cet export est annulé : ce que le Trésor a répondu.")
    with transaction.atomic():
        export = Export.objects.select_for_update(of=("self",)).filter(pk=export_id).first()
        if export is None:
            raise Introuvable("Cet export n’existe pas.")
        if AnnulationExport.objects.filter(export=export).exists():
            raise Refus("Cet export est déjà annulé.")
        if export.sorte in (ROLE, TITRES):  # nobody sends a réduction of its titres meanwhile
            _suites(export.regie, ANNULATIONS, export.exercice)
        if _reduits(export):
            raise Refus("Des réductions de ces titres sont déjà parties : annulez d’abord leur export.")
        AnnulationExport.objects.create(
            export=export, motif=motif.strip()[:200], faite_le=maintenant(), faite_par=agent
        )
        noter(agent.compte, "export.annule", export, motif=motif.strip())
    return export


def _reduits(export: Export) -> bool:
    """Whether a réduction that stands names a titre of that export."""
    titres = set(PieceExportee.objects.filter(export=export).values_list("facture_id", flat=True))
    parties = vivantes().filter(role=PieceExportee.Role.ANNULATION, export__regie=export.regie).exclude(export=export)
    avoirs = [une.facture for une in parties.select_related("facture").order_by("pk")]
    return any(titres & siennes.keys() for siennes in origines_des(avoirs).values())


def dossier_des_schemas() -> Path:
    return Path(settings.SCHEMAS_PES)


def _valider(prepare: Prepare) -> list[Anomalie]:
    return valider(prepare.octets, dossier_des_schemas())


def _choses(tri: Tri, sorte: str) -> list[ATransmettre]:
    return tri.annulations if sorte == ANNULATIONS else tri.titres


def _sans_erreur(
    regie: Regie, sorte: str, choses: Sequence[ATransmettre], jour: date, exercice: int
) -> list[ATransmettre]:
    """Those that no error names; an error of the settings still blocks everything."""
    numeros = Numeros(1, tuple(range(1, len(choses) + 1)))
    fautives = {une.facture for une in preparer(regie, sorte, choses, jour, exercice, numeros).erreurs}
    return [une for une in choses if une.facture.numero not in fautives]


def porteuse(regie: Regie) -> Regie:
    """The régie whose counter gives the numbers: bordereaux are numbered by budget, which several régies may share."""
    pes = options_de(regie).pes
    budget = (pes.siret, pes.code_collectivite, pes.code_budget)
    for autre in Regie.objects.order_by("code"):
        leur = options_de(autre).pes
        if all(budget) and (leur.siret, leur.code_collectivite, leur.code_budget) == budget:
            return autre
    return regie


def series(sorte: str) -> tuple[str, str]:
    """The counters of the bordereaux of that kind, and of their pieces."""
    return f"bordereau-{FORMES[sorte][1]}", f"piece-{FORMES[sorte][1]}"


def _suites(regie: Regie, sorte: str, exercice: int) -> tuple[Suite, Suite]:
    qui, pes = porteuse(regie), options_de(regie).pes
    suites = (Suite(qui, exercice, series(sorte)[0]), Suite(qui, exercice, series(sorte)[1]))
    for suite, premier in zip(suites, (pes.premier_bordereau, pes.premiere_piece), strict=True):
        suite.compteur.dernier = max(suite.compteur.dernier, premier - 1)
    return suites


def _prochains(regie: Regie, sorte: str, exercice: int, nombre: int) -> Numeros:
    """The numbers that would be given now."""
    qui, pes = porteuse(regie), options_de(regie).pes
    compteurs = Compteur.objects.filter(regie=qui, exercice=exercice, serie__in=series(sorte))
    derniers = dict(compteurs.order_by().values_list("serie", "dernier"))
    bordereau = max(derniers.get(series(sorte)[0], 0) + 1, pes.premier_bordereau)
    piece = max(derniers.get(series(sorte)[1], 0) + 1, pes.premiere_piece)
    return Numeros(bordereau, tuple(range(piece, piece + nombre)))
