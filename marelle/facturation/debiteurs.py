"""Who owes a day, in what share, and what is known of each of them: the household that booked, the one that has the child
that week, each its part; then each adult billed apart. What was billed once is priced again for the same payers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marelle.creances.payeurs import payeur_adulte, payeurs_des
from marelle.familles.models import Rattachement
from marelle.regles.tarifs import Faits, Tarifs
from marelle.socle.horloge import PARIS, annee_scolaire
from marelle.tarification.foyer import FoyerTarifaire, foyers_tarifaires
from marelle.tarification.situation import Presences, compte_des_presences, faits_du_foyer, presences_des

from .anomalies import Anomalie
from .journees import Journee
from .models import PartAdulte, RepartitionGarde
from .repartition import Part, parts_de, semaine_est_paire

RIEN = FoyerTarifaire((), "", {}, {})
Mode = RepartitionGarde.Mode


# What a line keeps of the household: priced again later, the day keeps it.
DU_FOYER = (
    *("quotient", "regime", "rang", "rang_inscrit", "rang_present", "enfants", "enfants_inscrits", "enfants_presents"),
    *("est_resident", "residence", "a_panier_repas"),
)


def du_foyer(faits: Faits) -> tuple[tuple[str, Any], ...]:
    return tuple((nom, getattr(faits, nom)) for nom in DU_FOYER)


@dataclass(frozen=True, slots=True)
class Debiteur:
    """One payer of a day. `foyer`: what is known of its household for that price. `aides`: (code, days used this year, payer).

    `porte_les_aides`: of the adults of a household, the one beside whom the third party's share is written."""

    payeur_id: int
    famille_id: int
    foyer: tuple[tuple[str, Any], ...]
    parts: tuple[Part, ...] = ()
    aides: tuple[tuple[str, int, int], ...] = ()
    porte_les_aides: bool = True

    @property
    def quotient(self) -> int | None:
        valeur: int | None = dict(self.foyer)["quotient"]
        return valeur

    def en_donnees(self) -> dict[str, Any]:
        """As the line keeps it."""
        faits = {"famille": self.famille_id, "foyer": dict(self.foyer), "porte_les_aides": self.porte_les_aides}
        return faits | {"parts": self.parts, "aides": self.aides}

    @classmethod
    def depuis(cls, payeur_id: int, faits: Mapping[str, Any]) -> Debiteur:
        """The same payer as it was billed."""
        return cls(
            payeur_id, faits["famille"], tuple(faits["foyer"].items()), tuple((d, f, t) for d, f, t in faits["parts"]),
            tuple((c, j, p) for c, j, p in faits["aides"]), faits["porte_les_aides"],
        )  # fmt: skip


class Debiteurs:
    """Everything that says who pays, read once for the households of a run: six queries."""

    def __init__(self, tarifs: Tarifs, journees: Iterable[Journee], familles: Iterable[int] = ()) -> None:
        lues = list(journees)
        self.tarifs = tarifs
        enfants = {une.enfant_id for une in lues}
        gardes = RepartitionGarde.objects.filter(enfant__in=list(enfants)).exclude(mode=Mode.RESERVATION)
        self.gardes = {un.enfant_id: un for un in gardes.order_by("pk")}
        self.foyers_de = self._foyers_des(enfants & set(self.gardes))
        voulues = {une.famille_id for une in lues} | set(familles)
        voulues |= {famille for parts in self.foyers_de.values() for famille, _ in parts}
        self.foyers = foyers_tarifaires(voulues)
        self.payeurs = {famille: payeur.pk for famille, payeur in payeurs_des(voulues).items()}
        self.presences: Mapping[int, Presences] = {}
        if compte_des_presences(tarifs) and lues:
            self.presences = presences_des(voulues, annee_scolaire(min(une.jour for une in lues))[0])
        self.adultes = self._adultes(voulues)
        self.anomalies: dict[int, set[Anomalie]] = {}

    @staticmethod
    def _foyers_des(enfants: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """The households of each shared child with their shares, always in the same order."""
        foyers: dict[int, list[tuple[int, int]]] = {}
        lignes = Rattachement.objects.filter(enfant__in=list(enfants)).order_by("famille_id")
        for enfant, famille, part in lignes.values_list("enfant_id", "famille_id", "part_garde"):
            foyers.setdefault(enfant, []).append((famille, part))
        return foyers

    @staticmethod
    def _adultes(familles: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """The payer and the share of each adult billed apart."""
        parts = PartAdulte.objects.filter(famille__in=list(familles)).select_related("responsable").order_by("pk")
        trouves: dict[int, list[tuple[int, int]]] = {}
        for une in parts:
            trouves.setdefault(une.famille_id, []).append((payeur_adulte(une.responsable).pk, une.part_pourcent))
        return trouves

    def pour(self, une: Journee) -> list[Debiteur]:
        """Who owes that day; each at the quotient of its own household."""
        foyers = self._foyers_de(une)
        pleines = parts_de([part for _, part in foyers])
        debiteurs = []
        for (famille, _), part in zip(foyers, pleines, strict=True):
            modele = self.foyer(une, famille)
            parts = (part,) if len(foyers) > 1 else ()
            debiteurs += self.adultes_de(replace(modele, parts=parts))
        return debiteurs

    def foyer(self, une: Journee, famille: int) -> Debiteur:
        """A household as it is now, that pays the whole of that day."""
        foyer, retenu = self.foyers.get(famille, RIEN), une.retenu
        reference = retenu.retenu_le.astimezone(PARIS).date() if retenu else None
        quotient = foyer.quotient_du(une.jour, self.tarifs, reference)
        faits = faits_du_foyer(
            foyer, self.tarifs, une.enfant_id, une.unite, une.activite, une.jour, quotient,
            presences=self.presences.get(famille),
        )  # fmt: skip
        if retenu is not None and famille == une.famille_id:
            faits = replace(faits, quotient=retenu.valeur, regime=retenu.regime)
        return Debiteur(self.payeurs[famille], famille, du_foyer(faits))

    def quotient_de(self, famille: int, jour: date) -> int | None:
        quotient = self.foyers.get(famille, RIEN).quotient_du(jour, self.tarifs)
        return quotient.valeur if quotient else None

    def payeur_entier(self, famille: int) -> Debiteur:
        """A household for what is not a day: a package, a yearly fee."""
        return Debiteur(self.payeurs[famille], famille, (("quotient", None),))

    def adultes_de(self, debiteur: Debiteur) -> list[Debiteur]:
        """The household itself, or its adults billed apart, each its share of it."""
        adultes = self.adultes.get(debiteur.famille_id)
        if not adultes:
            return [debiteur]
        if sum(part for _, part in adultes) != 100:
            self._noter(debiteur.payeur_id, Anomalie.PARTS, [payeur for payeur, _ in adultes])
        avant = debiteur.parts or ((0, 1, 1),)  # the place of the household's own share
        return [
            replace(debiteur, payeur_id=payeur, parts=(*avant, part), porte_les_aides=rang == 0)
            for rang, ((payeur, _), part) in enumerate(zip(adultes, parts_de([un for _, un in adultes]), strict=True))
        ]

    def _foyers_de(self, une: Journee) -> list[tuple[int, int]]:
        garde = self.gardes.get(une.enfant_id)
        if garde is None:
            return [(une.famille_id, 100)]
        foyers = [
            (famille, part)
            for famille, part in self.foyers_de.get(une.enfant_id, [])
            if part or garde.mode != Mode.PARTS
        ]
        if garde.mode == Mode.PARTS and len(foyers) > 1 and sum(part for _, part in foyers) == 100:
            return foyers
        if garde.mode == Mode.CALENDRIER and len(foyers) == 2 and garde.famille_paire_id in dict(foyers):
            est_pair = semaine_est_paire(une.jour, garde.jour_bascule)
            return [(famille, 100) for famille, _ in foyers if (famille == garde.famille_paire_id) == est_pair]
        self._noter(self.payeurs[une.famille_id], Anomalie.GARDE)
        return [(une.famille_id, 100)]

    def _noter(self, payeur: int, anomalie: Anomalie, autres: Iterable[int] = ()) -> None:
        for un in (payeur, *autres):
            self.anomalies.setdefault(un, set()).add(anomalie)
