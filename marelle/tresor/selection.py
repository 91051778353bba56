"""What is ready to go to the accountant: invoices not sent yet, with the avoirs that reduce them; avoirs of what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from marelle.creances.models import Facture, LigneFacture, Regie
from marelle.creances.regies import options_de
from marelle.regie.models import Transmission

from .models import Export, PieceExportee

PES = Export.Canal.PES


@dataclass(frozen=True, slots=True)
class ATransmettre:
    """One piece to send: an invoice less the avoirs that go with it; or an avoir, and what it takes from each titre."""

    facture: Facture
    montant_centimes: int
    avoirs: tuple[Facture, ...] = ()
    originaux: tuple[tuple[PieceExportee, int], ...] = ()
    entier_centimes: int = 0  # what was due before those avoirs


@dataclass(slots=True)
class Tri:
    """What a régie has not sent. `sans_objet`: cancelled before it went. `en_attente`: avoirs that wait for their titre to go.
    `autrement`: avoirs of a closed exercice, or of nothing known, which the finance software handles."""

    titres: list[ATransmettre] = field(default_factory=list)
    annulations: list[ATransmettre] = field(default_factory=list)
    sans_objet: list[Facture] = field(default_factory=list)
    en_attente: list[Facture] = field(default_factory=list)
    autrement: list[Facture] = field(default_factory=list)


def vivantes(canal: str = PES) -> QuerySet[PieceExportee]:
    """What has gone by that way and was not refused since."""
    return PieceExportee.objects.filter(canal=canal, export__annulation__isnull=True)


def a_partir(regie: Regie, canal: str = PES, jusqu_au: date | None = None) -> QuerySet[Facture]:
    """The invoices and avoirs of that régie, issued by then, that have not gone by that way; the oldest first."""
    parties = vivantes(canal).order_by().values("facture")
    factures = Facture.objects.filter(regie=regie).exclude(pk__in=parties)
    if jusqu_au is not None:
        factures = factures.filter(date_emission__lte=jusqu_au)
    return factures.select_related("payeur", "famille").order_by("date_emission", "numero")


def trier(regie: Regie, exercice: int, jusqu_au: date | None = None) -> Tri:
    """Sort what has not gone to the Treasury, for a bordereau of that exercice."""
    tri = Tri()
    factures = list(a_partir(regie, PES, jusqu_au))
    attendues = _attendues(regie, factures)
    parties = {une.facture_id: une for une in vivantes().filter(role=PieceExportee.Role.TITRE).select_related("export")}
    avoirs = [une for une in factures if une.est_avoir]
    origines = origines_des(avoirs)
    if not options_de(regie).est_titre:
        avoirs = _apres_transmission(avoirs, origines)
    reductions: dict[int, list[Facture]] = {}
    for avoir in avoirs:
        siennes = origines[avoir.pk]
        if len(siennes) == 1 and (seule := next(iter(siennes))) in attendues:
            reductions.setdefault(seule, []).append(avoir)
        else:
            _ranger_l_avoir(tri, avoir, siennes, parties, exercice)
    for facture, montant in attendues.values():
        siens = tuple(reductions.get(facture.pk, ()))
        reste = montant + sum(un.montant_centimes for un in siens)
        if reste:
            tri.titres.append(ATransmettre(facture, reste, siens, entier_centimes=montant))
        else:
            tri.sans_objet += [facture, *siens]
    return tri


def _attendues(regie: Regie, factures: Sequence[Facture]) -> dict[int, tuple[Facture, int]]:
    """What the Treasury is to collect, by key: every invoice when it collects all of them; of a régie that cashes, what it
    handed over, for what was left of it that day."""
    dues = {une.pk: (une, une.montant_centimes) for une in factures if not une.est_avoir}
    if options_de(regie).est_titre:
        return dues
    transmises = Transmission.objects.filter(facture__in=dues).order_by("pk")
    return {pk: (dues[pk][0], reste) for pk, reste in transmises.values_list("facture_id", "montant_centimes")}


def _apres_transmission(avoirs: Sequence[Facture], origines: dict[int, dict[int, int]]) -> list[Facture]:
    """Of a régie that cashes, the Treasury hears of an avoir only when all it corrects had been handed over before."""
    toutes = {pk for siennes in origines.values() for pk in siennes}
    transmises = dict(Transmission.objects.filter(facture__in=toutes).values_list("facture_id", "transmise_le"))
    return [
        un
        for un in avoirs
        if origines[un.pk] and all(pk in transmises and transmises[pk] < un.emise_le for pk in origines[un.pk])
    ]


def _ranger_l_avoir(
    tri: Tri, avoir: Facture, siennes: dict[int, int], parties: dict[int, PieceExportee], exercice: int
) -> None:
    if not siennes or any(montant > 0 for montant in siennes.values()):
        tri.autrement.append(avoir)
    elif not all(pk in parties for pk in siennes):
        tri.en_attente.append(avoir)
    elif any(parties[pk].export.exercice != exercice or not parties[pk].id_pce for pk in siennes):
        tri.autrement.append(avoir)
    else:
        originaux = tuple((parties[pk], -montant) for pk, montant in siennes.items())
        rendu = -avoir.montant_centimes
        tri.annulations.append(ATransmettre(avoir, rendu, (), originaux, entier_centimes=rendu))


def origines_des(avoirs: Sequence[Facture]) -> dict[int, dict[int, int]]:
    """For each avoir, the invoices it gives back from, each with its (negative) amount. Without `corrige`, its lines say so:
    each takes back what an earlier line of the same key and payer billed. Empty: nothing is known."""
    trouvees: dict[int, dict[int, int]] = {un.pk: {} for un in avoirs}
    sans = []
    for avoir in avoirs:
        if avoir.corrige_id:
            trouvees[avoir.pk] = {avoir.corrige_id: avoir.montant_centimes}
        else:
            sans.append(avoir.pk)
    if sans:
        _par_les_lignes(sans, trouvees)
    return trouvees


def _par_les_lignes(avoirs: Iterable[int], trouvees: dict[int, dict[int, int]]) -> None:
    lignes = list(LigneFacture.objects.filter(facture__in=list(avoirs)).order_by("pk"))
    avant: dict[tuple[int, str], list[tuple[int, int]]] = {}
    payeurs, cles = {une.payeur_id for une in lignes}, {une.cle for une in lignes}
    facturees = LigneFacture.objects.filter(payeur__in=payeurs, facture__sorte=Facture.Sorte.FACTURE).order_by("tour")
    for payeur, cle, tour, facture in facturees.values_list("payeur_id", "cle", "tour", "facture_id"):
        if cle in cles:
            avant.setdefault((payeur, cle), []).append((tour, facture))
    perdus = set()
    for ligne in lignes:
        siennes = [facture for tour, facture in avant.get((ligne.payeur_id, ligne.cle), ()) if tour < ligne.tour]
        if not siennes:
            perdus.add(ligne.facture_id)
            continue
        sommes = trouvees[ligne.facture_id]
        sommes[siennes[-1]] = sommes.get(siennes[-1], 0) + ligne.montant_centimes
    for perdu in perdus:
        trouvees[perdu] = {}
