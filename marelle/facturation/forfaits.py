"""What is not billed by the day: packages of the children who have one, yearly fees of the households that book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from marelle.activites.models import Ouverture, Periode
from marelle.creances.emission import LigneAEmettre
from marelle.creances.models import LigneFacture
from marelle.regles.forfaits import Cotisation, Forfait, cotisations_dues, prix_du_forfait
from marelle.regles.phrases import dire_jour_du_mois, typo
from marelle.regles.tarifs import Tarifs, VersionTarifs
from marelle.tarification.cotisations import annee_de

from .deja import Dejas, deja_par_prefixe
from .journees import Journee
from .models import AbonnementForfait
from .repartition import parts_du
from .selection import Selection

if TYPE_CHECKING:
    from .calcul import Calcul

Sorte = LigneFacture.Sorte


@dataclass(frozen=True, slots=True)
class Tranche:
    """A week, a month or a period, both ends included."""

    debut: date
    fin: date


def tranches(par: str, debut: date, fin: date, periodes: Iterable[Periode] = ()) -> list[Tranche]:
    """The stretches of a package that begin between two days, or hold the first."""
    if par == "periode":
        return [Tranche(une.debut, une.fin) for une in periodes if une.debut <= fin and une.fin >= debut]
    trouvees = []
    jour = debut - timedelta(days=debut.weekday()) if par == "semaine" else debut.replace(day=1)
    while jour <= fin:
        suivant = jour + timedelta(days=7) if par == "semaine" else (jour + timedelta(days=32)).replace(day=1)
        trouvees.append(Tranche(jour, suivant - timedelta(days=1)))
        jour = suivant
    return trouvees


class Forfaits:
    """The packages of the children of a run, and the days that they cover."""

    def __init__(self, selection: Selection, tarifs: Tarifs) -> None:
        self.selection, self.tarifs = selection, tarifs
        self.abonnements: dict[int, list[AbonnementForfait]] = {}
        if any(version.forfaits for version in tarifs.versions):
            self._lire()
        self.repas: dict[tuple[int, date], int] = {}  # what the meals of the days covered would have cost

    def _lire(self) -> None:
        lus = AbonnementForfait.objects.filter(debut__lte=self.selection.fin).select_related("enfant")
        if self.selection.familles is not None:
            lus = lus.filter(famille__in=self.selection.familles)
        for un in lus.order_by("pk"):
            if un.fin is None or un.fin >= self.selection.premier_jour:
                self.abonnements.setdefault(un.enfant_id, []).append(un)

    @property
    def familles(self) -> set[int]:
        return {un.famille_id for siens in self.abonnements.values() for un in siens}

    def couvre(self, une: Journee) -> Forfait | None:
        """The package that pays that day already."""
        for un in self.abonnements.get(une.enfant_id, ()):
            version = self.tarifs.version_du(une.jour)
            forfait = version.forfaits.get(un.forfait) if version and un.vaut_le(une.jour) else None
            if forfait is not None and concerne(forfait, une.activite):
                return forfait
        return None

    def noter_le_repas(self, une: Journee, centimes: int) -> None:
        cle = (une.enfant_id, une.jour)
        self.repas[cle] = self.repas.get(cle, 0) + centimes

    def facturer(self, calcul: Calcul) -> None:
        """The lines of every stretch, for those who pay them."""
        if not self.abonnements:
            return
        dejas = deja_par_prefixe(["forfait:"])
        periodes = list(Periode.objects.order_by("debut"))
        for siens in self.abonnements.values():
            for un in siens:
                self._facturer(calcul, un, dejas, periodes)

    def _facturer(self, calcul: Calcul, un: AbonnementForfait, dejas: Dejas, periodes: list[Periode]) -> None:
        debut = max(un.debut, self.selection.premier_jour)
        fin = min(un.fin or self.selection.fin, self.selection.fin)
        version = self.tarifs.version_du(debut)
        forfait = version.forfaits.get(un.forfait) if version else None
        if version is None or forfait is None or debut > fin:
            return
        siennes = [code for code in self.selection.activites if concerne(forfait, code)]
        concernes = {une.activite.temps for une in calcul.unites.values() if une.activite.code in siennes}
        temps = [une for une in periodes if une.temps in concernes]
        for tranche in tranches(forfait.par, debut, fin, temps) if siennes else ():
            self._facturer_la_tranche(calcul, un, forfait, version, tranche, dejas)

    def _facturer_la_tranche(
        self,
        calcul: Calcul,
        un: AbonnementForfait,
        forfait: Forfait,
        version: VersionTarifs,
        tranche: Tranche,
        dejas: Dejas,
    ) -> None:
        ouverts = self._jours_ouverts(forfait, tranche)
        jours = [jour for jour in ouverts if un.vaut_le(jour)]
        if not jours:
            return
        cle = f"forfait:{un.pk}:{tranche.debut.isoformat()}"
        situation = f"{len(jours)}/{len(ouverts)}" if forfait.au_prorata else "plein"
        deja = dejas.get(cle, {})
        if deja and all(une.situation == situation for une in deja.values()):
            return
        quotient = calcul.debiteurs.quotient_de(un.famille_id, jours[0])
        prix = prix_du_forfait(
            forfait, version.deliberation, version.en_vigueur_le, quotient, len(jours), len(ouverts)
        )  # fmt: skip
        repas = sum(self.repas.get((un.enfant_id, jour), 0) for jour in jours)
        for chacun in calcul.debiteurs.adultes_de(calcul.debiteurs.payeur_entier(un.famille_id)):
            montant = parts_du(prix.total_centimes, chacun.parts)
            garde = parts_du(max(0, prix.total_centimes - repas), chacun.parts)
            calcul.ajouter(
                chacun,
                LigneAEmettre(
                    cle=cle, libelle=libelle_du_forfait(forfait, tranche), montant_centimes=montant, explication=prix.explication,
                    eligible_centimes=garde, sorte=Sorte.FORFAIT, enfant_id=un.enfant_id, date=tranche.debut,
                    activite=next(code for code in self.selection.activites if concerne(forfait, code)),
                    prix=prix.en_donnees() | {"situation": situation},
                ),
                deja.get(chacun.payeur_id),
            )  # fmt: skip

    def _jours_ouverts(self, forfait: Forfait, tranche: Tranche) -> list[date]:
        cles = [cle for code, cle in self.selection.activites.items() if concerne(forfait, code)]
        ouvertes = Ouverture.objects.filter(activite__in=cles, fermeture="", date__range=(tranche.debut, tranche.fin))
        return sorted(set(ouvertes.order_by().values_list("date", flat=True)))


def concerne(forfait: Forfait, activite: str) -> bool:
    return any(fnmatchcase(activite, motif) for motif in forfait.activites)


def libelle_du_forfait(forfait: Forfait, tranche: Tranche) -> str:
    """« Forfait mensuel, du 1er au 30 septembre 2026 »."""
    fin = dire_jour_du_mois(tranche.fin, 0)
    memes = (tranche.debut.year, tranche.debut.month) == (tranche.fin.year, tranche.fin.month)
    debut = dire_jour_du_mois(tranche.debut).split(" ")[0] if memes else dire_jour_du_mois(tranche.debut)
    return typo(f"{forfait.nom}, du {debut} au {fin}")[:200]


def facturer_les_cotisations(calcul: Calcul) -> None:
    """The yearly fees of the households that book in the period, once a year, whatever the régie that asks first."""
    tarifs = calcul.tarifs
    if not any(version.cotisations for version in tarifs.versions):
        return
    dejas: set[str] = set(deja_par_prefixe(["cotisation:"]))
    for une in calcul.journees:
        version = tarifs.version_du(une.jour)
        if version is None or not une.est_reservee or not une.est_a_facturer or une.jour < calcul.selection.debut:
            continue
        for due in version.cotisations:
            qui = f"f{une.famille_id}" if due.par == "famille" else f"e{une.enfant_id}"
            cle = f"cotisation:{due.code}:{annee_de(due, une.jour)[0].isoformat()}:{qui}"
            if cle not in dejas:  # a shared child books from two households: the first one pays
                dejas.add(cle)
                _une_cotisation(calcul, due, cle, une)


def _une_cotisation(calcul: Calcul, due: Cotisation, cle: str, une: Journee) -> None:
    montant = cotisations_dues([due], calcul.debiteurs.quotient_de(une.famille_id, une.jour), 1)[0]
    debut, fin = annee_de(due, une.jour)
    annee = str(debut.year) if debut.year == fin.year else f"{debut.year}-{fin.year}"
    for chacun in calcul.debiteurs.adultes_de(calcul.debiteurs.payeur_entier(une.famille_id)):
        ligne = LigneAEmettre(
            cle=cle, libelle=typo(f"{due.nom} {annee}")[:200], montant_centimes=parts_du(montant.montant_centimes, chacun.parts),
            explication=montant.detail, sorte=Sorte.COTISATION, enfant_id=une.enfant_id if due.par == "enfant" else None,
        )  # fmt: skip
        calcul.ajouter(chacun, ligne, None)
