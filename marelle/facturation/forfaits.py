"""What is not billed by the day: packages of the children who have one, yearly fees of the households that book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from marelle.activites.models import Ouverture, Periode
from marelle.creances.emission import LigneAEmettre
from marelle.creances.models import LigneFacture
from marelle.regles.calculs import depend_du_quotient
from marelle.regles.forfaits import Cotisation, Forfait, cotisations_dues, prix_du_forfait
from marelle.regles.phrases import dire_jour_du_mois, typo
from marelle.regles.tarifs import Tarifs, VersionTarifs
from marelle.tarification.cotisations import annee_de

from .anomalies import Anomalie
from .debiteurs import Debiteur
from .deja import Deja, Dejas, deja_par_prefixe, est_entier
from .journees import Journee
from .models import AbonnementForfait
from .repartition import parts_de, parts_du
from .selection import REPRISE, Selection, enfants_de

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
        self.ecrits: set[int] = set()  # the packages that some invoice bears
        self._ouverts: dict[tuple[tuple[str, ...], Tranche], list[date]] = {}

    def _lire(self) -> None:
        lus = AbonnementForfait.objects.filter(debut__lte=self.selection.fin).select_related("enfant")
        if self.selection.familles is not None:
            familles = self.selection.familles  # what one household took covers the days that the other one booked
            lus = lus.filter(Q(famille__in=familles) | Q(enfant__in=enfants_de(familles)))
        for un in lus.order_by("pk"):
            if un.fin is None or un.fin >= self.selection.premier_jour - REPRISE:
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
        dejas = deja_par_prefixe("forfait:", self.selection, self.abonnements)
        self.ecrits = {int(cle.split(":")[1]) for cle in dejas}
        periodes = list(Periode.objects.order_by("debut"))
        for siens in self.abonnements.values():
            for un in siens:
                self._facturer(calcul, un, dejas, periodes)

    def _facturer(self, calcul: Calcul, un: AbonnementForfait, dejas: Dejas, periodes: list[Periode]) -> None:
        """Each stretch at the tariffs of the first of its days that is looked at; one that was billed and is after the end of the
        package is given back."""
        fin = self.selection.fin
        if un.fin is not None and un.pk not in self.ecrits:
            fin = min(un.fin, fin)
        faites: set[date] = set()  # another version may concern other activities, that are looked at from another day
        for version, jusqua in self._versions():
            forfait = version.forfaits.get(un.forfait)
            codes = [code for code in self.selection.activites if forfait is not None and concerne(forfait, code)]
            debut = max(un.debut, self.selection.premier_jour_de(codes), version.en_vigueur_le)
            if forfait is None or not codes or debut > min(fin, jusqua):
                continue
            concernes = {une.activite.temps for une in calcul.unites.values() if concerne(forfait, une.activite.code)}
            temps = [une for une in periodes if une.temps in concernes]
            for tranche in tranches(forfait.par, debut, min(fin, jusqua), temps):
                if tranche.debut not in faites:
                    faites.add(tranche.debut)
                    self._facturer_la_tranche(calcul, un, forfait, version, tranche, dejas)

    def _versions(self) -> Iterable[tuple[VersionTarifs, date]]:
        """Each version of the tariffs with its last day."""
        suivantes = [une.en_vigueur_le - timedelta(days=1) for une in self.tarifs.versions[1:]]
        return zip(self.tarifs.versions, [*suivantes, date.max], strict=True)

    def _facturer_la_tranche(
        self,
        calcul: Calcul,
        un: AbonnementForfait,
        forfait: Forfait,
        version: VersionTarifs,
        tranche: Tranche,
        dejas: Dejas,
    ) -> None:
        cle = f"forfait:{un.pk}:{tranche.debut.isoformat()}"
        activite = next(code for code in self.selection.activites if concerne(forfait, code))
        deja = dejas.get(cle, {})
        connu = None if self.tarifs.quotient.est_retroactif else connu_de(deja)
        if connu is not None:
            version, forfait = self._de_son_temps(connu, version, forfait)
        ouverts = self._jours_ouverts(calcul, forfait, tranche)
        jours = [jour for jour in ouverts if un.vaut_le(jour)]
        if not jours and not deja:
            return
        situation = f"{len(jours)}/{len(ouverts)}" if forfait.au_prorata or not jours else "plein"
        est_fige = est_entier(deja) and not self.tarifs.quotient.est_retroactif
        if est_fige and all(une.situation == situation for une in deja.values()):
            return
        quotient = (
            connu.quotient if connu else calcul.debiteurs.quotient_de(un.famille_id, (jours or [tranche.debut])[0])
        )
        prix = prix_du_forfait(forfait, version.deliberation, version.en_vigueur_le, quotient, len(jours), len(ouverts))
        repas = sum(self.repas.get((un.enfant_id, jour), 0) for jour in jours)
        ligne = LigneAEmettre(
            cle=cle, libelle=libelle_du_forfait(forfait, tranche), montant_centimes=prix.total_centimes if jours else 0,
            explication=prix.explication, eligible_centimes=max(0, prix.total_centimes - repas) if jours else 0,
            sorte=Sorte.FORFAIT, enfant_id=un.enfant_id, date=tranche.debut, activite=activite,
            prix=prix.en_donnees() | {"situation": situation},
        )  # fmt: skip
        _partager(calcul, ligne, payeurs_de(calcul, un.famille_id, deja), deja)

    def _de_son_temps(self, deja: Deja, version: VersionTarifs, forfait: Forfait) -> tuple[VersionTarifs, Forfait]:
        """The tariffs at which a stretch was billed, as long as they have that package."""
        siennes = (une for une in self.tarifs.versions if une.en_vigueur_le == deja.tarifs_du)
        version = next((une for une in siennes if forfait.code in une.forfaits), version)
        return version, version.forfaits.get(forfait.code, forfait)

    def _jours_ouverts(self, calcul: Calcul, forfait: Forfait, tranche: Tranche) -> list[date]:
        """Of everything that the package speaks of, whatever the run bills; read once for all the children who have it."""
        connus = (forfait.activites, tranche)
        if connus not in self._ouverts:
            cles = {une.activite_id for une in calcul.unites.values() if concerne(forfait, une.activite.code)}
            jours = (tranche.debut, tranche.fin)
            ouvertes = Ouverture.objects.filter(activite__in=cles, fermeture="", date__range=jours)
            self._ouverts[connus] = sorted(set(ouvertes.order_by().values_list("date", flat=True)))
        return self._ouverts[connus]


def connu_de(deja: Mapping[int, Deja]) -> Deja | None:
    """With the quotient and the tariffs at which that thing was billed first, all of it or to some of those who owe it."""
    return next((une for _, une in sorted(deja.items(), key=lambda un: un[1].ligne) if une.tarifs_du), None)


def payeurs_de(calcul: Calcul, famille: int, deja: Mapping[int, Deja]) -> list[Debiteur]:
    """Who owes a package or a fee: the household, or its adults apart. Billed to others whole, it stays theirs, in the same
    proportion; in part only, they are given back what they paid."""
    entier = calcul.debiteurs.payeur_entier(famille)
    actuels = calcul.debiteurs.adultes_de(entier)
    if deja.keys() <= {un.payeur_id for un in actuels}:
        return actuels
    payes = sorted(deja)
    montants = [deja[cle].facture for cle in payes]
    if est_entier(deja) and sum(montants) > 0 and min(montants) >= 0:
        return [
            replace(entier, payeur_id=cle, parts=(part,)) for cle, part in zip(payes, parts_de(montants), strict=True)
        ]
    autres = deja.keys() - {un.payeur_id for un in actuels}
    return [*actuels, *(replace(entier, payeur_id=cle, parts=((0, 0, 1),)) for cle in sorted(autres))]


def concerne(forfait: Forfait, activite: str) -> bool:
    return any(fnmatchcase(activite, motif) for motif in forfait.activites)


def libelle_du_forfait(forfait: Forfait, tranche: Tranche) -> str:
    """« Forfait mensuel, du 1er au 30 septembre 2026 »."""
    fin = dire_jour_du_mois(tranche.fin, 0)
    memes = (tranche.debut.year, tranche.debut.month) == (tranche.fin.year, tranche.fin.month)
    debut = dire_jour_du_mois(tranche.debut).split(" ")[0] if memes else dire_jour_du_mois(tranche.debut)
    return typo(f"{forfait.nom}, du {debut} au {fin}")[:200]


def facturer_les_cotisations(calcul: Calcul) -> None:
    """The yearly fees of the households that book, once a year, whatever the régie that asks first.

    A day that was billed already brings it too, at the quotient of that day, and an agent is told: it was forgotten, or came
    into the tariffs since. A fee of nothing is written as the others, so that it is not asked later at another quotient."""
    tarifs = calcul.tarifs
    if not any(version.cotisations for version in tarifs.versions):
        return
    dejas = deja_par_prefixe("cotisation:", calcul.selection, {une.enfant_id for une in calcul.journees})
    faites = {cle for cle, deja in dejas.items() if est_entier(deja)}
    for une in calcul.journees:
        version = tarifs.version_du(une.jour)
        if version is None or not une.est_reservee or not une.est_a_facturer:
            continue
        est_facturee = calcul.est_facturee(une)
        for due in version.cotisations:
            qui = f"f{une.famille_id}" if due.par == "famille" else f"e{une.enfant_id}"
            cle = f"cotisation:{due.code}:{annee_de(due, une.jour)[0].isoformat()}:{qui}"
            if cle not in faites:
                faites.add(cle)  # a shared child books from two households: the first one pays
                est_oubliee = est_facturee and cle not in dejas
                _une_cotisation(calcul, due, cle, une, dejas.get(cle, {}), est_oubliee=est_oubliee)


def _une_cotisation(
    calcul: Calcul, due: Cotisation, cle: str, une: Journee, deja: Mapping[int, Deja], *, est_oubliee: bool
) -> None:
    connu = connu_de(deja)
    quotient = connu.quotient if connu else calcul.debiteurs.quotient_de(une.famille_id, une.jour)
    montant = cotisations_dues([due], quotient, 1)[0]
    debut, fin = annee_de(due, une.jour)
    annee = str(debut.year) if debut.year == fin.year else f"{debut.year}-{fin.year}"
    version = calcul.tarifs.version_du(une.jour)
    tarifs_du = connu.tarifs_du if connu else version.en_vigueur_le if version else None
    donnees: dict[str, Any] = {"en_vigueur_le": tarifs_du and tarifs_du.isoformat()}
    if depend_du_quotient(due.prix):
        donnees["quotient"] = quotient
    ligne = LigneAEmettre(
        cle=cle, libelle=typo(f"{due.nom} {annee}")[:200], montant_centimes=montant.montant_centimes,
        explication=montant.detail, sorte=Sorte.COTISATION, enfant_id=une.enfant_id if due.par == "enfant" else None,
        prix=donnees,
    )  # fmt: skip
    if est_oubliee and not ligne.montant_centimes:
        return
    payeurs = payeurs_de(calcul, une.famille_id, deja)
    _partager(calcul, ligne, payeurs, deja, est_dite=not deja)
    for qui in payeurs if est_oubliee else ():
        calcul.compte(qui.payeur_id, qui.famille_id).anomalies.add(Anomalie.COTISATION)


def _partager(
    calcul: Calcul, ligne: LigneAEmettre, payeurs: list[Debiteur], deja: Mapping[int, Deja], *, est_dite: bool = False
) -> None:
    """To each its part of a line for the whole. `est_dite`: also when there is nothing to pay."""
    donnees = (ligne.prix or {}) | {"payeurs": len(payeurs)}
    for chacun in payeurs:
        montant, garde = (parts_du(un, chacun.parts) for un in (ligne.montant_centimes, ligne.eligible_centimes))
        sienne = replace(ligne, montant_centimes=montant, eligible_centimes=garde, prix=donnees)
        calcul.ajouter(chacun, sienne, deja.get(chacun.payeur_id), est_dite=est_dite)
