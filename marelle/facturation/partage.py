"""Who shares a day, and what each owes of it: a fact of its own, settled for all its payers together when one of them is first
billed, and written with each of its lines. The latest one says it: who waits to be billed is not guessed from the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .debiteurs import Debiteur
from .deja import Deja
from .repartition import Part

Quoi = tuple[str, int, int]  # an aide, the household that it helps, the third party
RIEN: tuple[Part, ...] = ((0, 0, 1),)


@dataclass(frozen=True, slots=True)
class Partage:
    """Centimes. `dus`: by payer, None where no tariff said a price; `tiers`: what third parties owe beside them."""

    debiteurs: tuple[Debiteur, ...]
    dus: Mapping[int, int | None]
    tiers: Mapping[Quoi, int]

    @classmethod
    def lire(cls, donnees: Sequence[Mapping[str, Any]]) -> Partage:
        """As `en_donnees` wrote it."""
        debiteurs = tuple(Debiteur.depuis(un["payeur"], un) for un in donnees)
        dus = {un["payeur"]: un["du"] for un in donnees}
        tiers = {(code, un["famille"], qui): montant for un in donnees for code, qui, montant in un["tiers"]}
        return cls(debiteurs, dus, tiers)

    def en_donnees(self) -> list[dict[str, Any]]:
        return [
            un.en_donnees()
            | {"payeur": un.payeur_id, "du": self.dus[un.payeur_id]}
            | {"tiers": self._tiers_de(un) if un.porte_les_aides else []}
            for un in self.debiteurs
        ]

    def _tiers_de(self, qui: Debiteur) -> list[tuple[str, int, int]]:
        return [(code, tiers, du) for (code, famille, tiers), du in self.tiers.items() if famille == qui.famille_id]

    @property
    def est_simple(self) -> bool:
        """One payer and no third party: its own line says everything."""
        return len(self.debiteurs) == 1 and not self.tiers

    def attend(self, dejas: Mapping[int, Deja]) -> bool:
        """Whether a household or an adult was set aside, or put off: who pays may then still be settled anew."""
        return any(du != 0 and payeur not in dejas for payeur, du in self.dus.items())

    def est_facture(self, dejas: Mapping[int, Deja], aides: Mapping[Quoi, Deja]) -> bool:
        """Whether each was billed what it owes, third parties too, and nobody else anything."""
        rien = Deja()
        return (
            not self.attend(dejas)
            and all(deja.facture == self.dus.get(payeur, 0) for payeur, deja in dejas.items())
            and all(aides.get(quoi, rien).facture == self.tiers.get(quoi, 0) for quoi in {*aides, *self.tiers})
        )


def dernier_partage(dejas: Mapping[int, Deja], aides: Mapping[Quoi, Deja]) -> Partage | None:
    """How a day was shared when something of it was last billed; None: to one payer alone."""
    derniere = max((*dejas.values(), *aides.values()), key=lambda deja: deja.ligne, default=None)
    return Partage.lire(json.loads(derniere.partage)) if derniere is not None and derniere.partage else None


def partager_encore(connus: Iterable[Debiteur], actuels: Sequence[Debiteur], factures: Iterable[int]) -> list[Debiteur]:
    """The day shared as it is now, since not all of `connus` were billed. `actuels`: who owes it now, each as its household was
    billed when it was; those who no longer owe anything of it are given back, and what third parties paid for them."""
    deja_la, siennes = {un.payeur_id for un in actuels}, {un.famille_id for un in actuels}
    payes = set(factures)
    restent = [
        replace(un, parts=RIEN)
        for un in connus
        if un.payeur_id not in deja_la and (un.payeur_id in payes or un.famille_id not in siennes)
    ]
    return un_seul_porte([*restent, *actuels], deja_la)


def un_seul_porte(debiteurs: Iterable[Debiteur], actuels: Iterable[int]) -> list[Debiteur]:
    """Of each household one, that still owes that day, bears what third parties pay of it: they owe it once."""
    tous, encore, porteurs = list(debiteurs), set(actuels), dict[int, int]()
    for un in sorted(tous, key=lambda un: (un.payeur_id not in encore, not un.porte_les_aides)):
        porteurs.setdefault(un.famille_id, un.payeur_id)
    return [replace(un, porte_les_aides=porteurs[un.famille_id] == un.payeur_id) for un in tous]
