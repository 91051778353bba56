"""What households have in credit, taken from what booking will ask before anything is booked: as the calls will take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from marelle.creances.models import Payeur, Regie
from marelle.creances.soldes import soldes
from marelle.facturation.models import PartAdulte
from marelle.facturation.repartition import Part, part_du, parts_de
from marelle.regles.echeances import Somme

from .selection import promis_par_payeur


class Credits:
    """The credits of these households, by régie; what was taken is not there for the next sum. Two queries, then five at most
    for each régie that asks, whatever the number of households.

    `des_adultes_apart`: with those of adults billed apart, each for its own share. An agent may know them; one adult may not
    know the other's, and reads the sum without them."""

    def __init__(self, familles: Iterable[int], *, des_adultes_apart: bool) -> None:
        voulues = list(familles)
        apart: dict[int, list[tuple[int, int]]] = {}
        adultes = PartAdulte.objects.filter(famille__in=voulues).order_by("pk")
        for famille, adulte, part in adultes.values_list("famille_id", "responsable_id", "part_pourcent"):
            apart.setdefault(famille, []).append((adulte, part))
        siens = Payeur.objects.filter(famille__in=voulues).exclude(sorte=Payeur.Sorte.TIERS).order_by("pk")
        cles: dict[tuple[int | None, int | None], int] = {
            (famille, adulte): cle for cle, famille, adulte in siens.values_list("pk", "famille_id", "responsable_id")
        }
        self._payeurs: dict[int, list[tuple[int, Part]]] = {}
        for famille in voulues:
            qui: list[tuple[int | None, int]] = [(None, 100)]
            if famille in apart:
                qui = [*apart[famille]] if des_adultes_apart else []
            fractions = parts_de([part for _, part in qui])
            self._payeurs[famille] = [
                (cles[famille, adulte], fraction)
                for (adulte, _), fraction in zip(qui, fractions, strict=True)
                if (famille, adulte) in cles
            ]
        self._restes: dict[int, dict[int, int]] = {}

    def deduire(
        self, famille: int, sommes: Sequence[Somme], regies: Mapping[int, int]
    ) -> tuple[tuple[Somme, ...], int]:
        """These sums, in the order in which they are asked, less what is in credit; how much it pays (centimes). `regies`: the
        code of the régie that asks for each key. What is wholly paid is no longer there."""
        pris_en_tout, restent = 0, []
        for somme in sommes:
            parts = []
            for cle, centimes in somme.parts:
                pris = self._prendre(famille, regies[cle], centimes)
                pris_en_tout += pris
                parts += [(cle, centimes - pris)] if pris < centimes else []
            restent += [replace(somme, parts=tuple(parts))] if parts else []
        return tuple(restent), pris_en_tout

    def _prendre(self, famille: int, code: int, centimes: int) -> int:
        restes, total = self._de_la_regie(code), 0
        for payeur, part in self._payeurs[famille]:
            pris = min(restes.get(payeur, 0), part_du(centimes, part))
            if pris > 0:
                restes[payeur] -= pris
                total += pris
        return total

    def _de_la_regie(self, code: int) -> dict[int, int]:
        if code not in self._restes:
            payeurs = [cle for siens in self._payeurs.values() for cle, _ in siens]
            regie = Regie.objects.filter(code=code).first() if payeurs else None
            dus = soldes(payeurs, regie) if regie else {}
            credits = {cle: -du for cle, du in dus.items() if du < 0}
            promis = promis_par_payeur(credits, regie) if credits and regie else {}
            self._restes[code] = {cle: credit - promis.get(cle, 0) for cle, credit in credits.items()}
        return self._restes[code]
