"""The price of a day for one payer: the engine's, then the share of that payer, the part that is care, the minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marelle.activites.models import Unite
from marelle.regles.forfaits import Forfait
from marelle.regles.phrases import typo
from marelle.regles.presences import AideAccordee
from marelle.regles.prix import LigneDePrix, Prix
from marelle.regles.tarifs import Faits, Tarifs, VersionTarifs, calculer
from marelle.tarification.situation import minutes_de

from .debiteurs import Debiteur
from .journees import Journee
from .part_de_garde import eligible
from .repartition import Part, dire_les_parts, parts_du


@dataclass(frozen=True, slots=True)
class Chiffre:
    """What one payer owes of a day (centimes), with the price that explains it. `tiers`: by code, what others owe of it."""

    prix: Prix
    montant: int
    eligible: int
    minutes: int
    repas: int
    tiers: dict[str, int]
    donnees: dict[str, Any]
    explication: str


class Tarificateur:
    """The engine of the quotes, with a memory: thousands of days have a few dozen prices."""

    def __init__(self, tarifs: Tarifs) -> None:
        self.tarifs = tarifs
        self._connus: dict[Any, Chiffre | None] = {}
        self._minutes: dict[int, int] = {}
        self._versions: dict[date, VersionTarifs | None] = {}

    def version(self, jour: date) -> VersionTarifs | None:
        if jour not in self._versions:
            self._versions[jour] = self.tarifs.version_du(jour)
        return self._versions[jour]

    def minutes(self, unite: Unite) -> int:
        if unite.pk not in self._minutes:
            self._minutes[unite.pk] = minutes_de(unite)
        return self._minutes[unite.pk]

    def chiffrer(self, une: Journee, qui: Debiteur, forfait: Forfait | None = None) -> Chiffre | None:
        """None: no tariff speaks of that unité on that day."""
        version = self.version(une.jour)
        if version is None:
            return None
        faits = self._faits(une, qui, version)
        cle = (version.en_vigueur_le, faits, qui.parts, forfait.code if forfait else "")
        if cle not in self._connus:
            self._connus[cle] = self._chiffrer(version, faits, qui.parts, forfait)
        return self._connus[cle]

    def _faits(self, une: Journee, qui: Debiteur, version: VersionTarifs) -> Faits:
        faits = Faits(
            activite=une.activite,
            unite=une.unite.code,
            minutes=self.minutes(une.unite),
            arrivee=une.unite.heure_debut,
            depart=une.unite.heure_fin,
            est_tardive=une.est_tardive,
            est_sans_reservation=une.est_sans_reservation,
            minutes_de_retard=une.minutes_de_retard,
            retards_avant=une.retards_avant,
            sans_reservation_avant=une.sans_reservation_avant,
            absence=une.absence,
            aides=tuple(AideAccordee(code, jours) for code, jours, _ in qui.aides if code in version.aides),
            **dict(qui.foyer),
        )
        return faits.avec_les_evenements(version, une.evenements) if une.evenements else faits

    def _chiffrer(
        self, version: VersionTarifs, faits: Faits, parts: tuple[Part, ...], forfait: Forfait | None
    ) -> Chiffre | None:
        prix = calculer(self.tarifs, version, faits)
        tarif = version.tarif(faits.activite, faits.unite, faits.regime)
        if prix is None or tarif is None:
            return None
        repas = sum(ligne.montant_centimes for ligne in prix.lignes if ligne.sorte == "repas")
        if forfait is not None:
            prix = self._compris(version, faits, prix, forfait)
        garde = 0 if forfait is not None else eligible(prix, tarif, faits.rang_pour(tarif))
        tiers = {code: parts_du(montant, parts[:1]) for code, montant in prix.tiers_centimes.items()}
        minutes = faits.minutes if prix.total_centimes or tiers or forfait else 0
        montant = parts_du(prix.total_centimes, parts)
        if ecart := montant - prix.total_centimes:
            dit = typo(dire_les_parts(parts))
            prix = replace(prix, lignes=(*prix.lignes, LigneDePrix("part", "Part", ecart, dit)))
        return Chiffre(
            prix, montant, min(parts_du(garde, parts), montant), parts_du(minutes, parts), repas, tiers,
            prix.en_donnees(), prix.explication,
        )  # fmt: skip

    def _compris(self, version: VersionTarifs, faits: Faits, prix: Prix, forfait: Forfait) -> Prix:
        """What a package leaves to pay of a day that it covers: the late collection only, and no aide."""
        simple = replace(faits, aides=(), absence=None, est_tardive=False, est_sans_reservation=False)
        entier = calculer(self.tarifs, version, simple)
        sans_retard = calculer(self.tarifs, version, replace(simple, minutes_de_retard=0))
        assert entier is not None  # a price was found for the same unité just before
        assert sans_retard is not None
        compris = LigneDePrix("forfait", forfait.nom, -sans_retard.total_centimes, f"compris dans {forfait.nom}")
        return replace(entier, lignes=(*entier.lignes, compris))
