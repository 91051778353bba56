"""What each payer owes for a run: every day that counts, priced by the engine of the quotes, less what stands billed already.

A day is priced again each time its *situation* has changed since it was billed (an absence, its proof, a cancellation, an
attendance); what was known of the household then (quotient, rank, residence, who pays which share) is what was written on
its line. A quotient is not retroactive, unless the tariffs say so. The difference is a *régularisation*: nothing is billed
twice, and a run made again bills nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marelle.activites.models import Unite
from marelle.creances.emission import LigneAEmettre
from marelle.regles.tarifs import Tarifs
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui
from marelle.tarification.identite import tarifs as tarifs_en_vigueur

from .aides import Aides
from .anomalies import Anomalie
from .compteurs import Compteurs, ce_qui_compte
from .debiteurs import Debiteur, Debiteurs
from .deja import Deja, Dejas, deja_factures, est_entier, lignes_relues
from .evenements import lire_les_evenements
from .forfaits import Forfaits, facturer_les_cotisations
from .journees import Journee, journees, lire_les_retenus, lire_les_tardives
from .lignes import ligne_d_aide, ligne_de_journee, ligne_effacee
from .partage import RIEN, Partage, Quoi, dernier_partage, partager_encore
from .prix_factures import Chiffre, Tarificateur
from .selection import Selection

SANS_TARIFS = "Aucun tarif n’est chargé : il n’y a rien à facturer."


@dataclass(slots=True)
class Compte:
    """What one payer owes: the lines to issue, and what an agent should look at. `famille_id` None: a third party."""

    payeur_id: int
    famille_id: int | None
    lignes: list[LigneAEmettre] = field(default_factory=list)
    anomalies: set[Anomalie] = field(default_factory=set)

    @property
    def montant_centimes(self) -> int:
        return sum(ligne.montant_centimes for ligne in self.lignes)


def calculer(selection: Selection) -> dict[int, Compte]:
    """What each payer owes, by its key: the households of the selection, and the third parties that pay with them.

    Raises `Refus` when no tariff is loaded."""
    lus = tarifs_en_vigueur()
    if lus is None:
        raise Refus(SANS_TARIFS)
    return Calcul(selection, lus).faire()


class Calcul:
    """One run over everything that was read, in about twenty queries whatever the number of households."""

    def __init__(self, selection: Selection, tarifs: Tarifs) -> None:
        self.selection, self.tarifs = selection, tarifs
        self.unites = {une.pk: une for une in Unite.objects.select_related("activite").order_by("pk")}
        self.journees = journees(selection, self.unites, ce_qui_compte(selection, tarifs))
        if tarifs.quotient.moment == "reservation":
            lire_les_retenus(self.journees)
        if any(tarif.supplements.tardive for version in tarifs.versions for tarif in version.tarifs):
            lire_les_tardives(self.journees, selection)
        lire_les_evenements(self.journees, selection)
        self.forfaits = Forfaits(selection, tarifs)
        self.debiteurs = Debiteurs(tarifs, self.journees, self.forfaits.familles)
        self.aides = Aides(self.debiteurs.payeurs, selection)
        self.prix = Tarificateur(tarifs)
        Compteurs(self.prix.version, self.debiteurs.foyers).compter(self.journees)
        self.dejas: Dejas = deja_factures(selection, {une.enfant_id for une in self.journees})
        self.aides_facturees = _par_journee(self.dejas)
        self._partages: dict[str, Partage | None] = {}
        self.relues = lignes_relues(self._a_relire())
        self.comptes: dict[int, Compte] = {}

    def faire(self) -> dict[int, Compte]:
        for une in self._a_chiffrer():
            self._facturer(une)
        for cle, payeur, deja in list(self._effacees()):
            if (ligne := self.relues.get(deja.ligne)) is not None:
                self.compte(payeur, ligne.facture.famille_id).lignes.append(ligne_effacee(cle, ligne, deja))
        self.forfaits.facturer(self)
        facturer_les_cotisations(self)
        for payeur, anomalies in self.debiteurs.anomalies.items():
            if payeur in self.comptes:
                self.comptes[payeur].anomalies |= anomalies
        return {cle: un for cle, un in self.comptes.items() if un.famille_id is None or self._est_ici(un.famille_id)}

    def _est_ici(self, famille: int) -> bool:
        """Whether this run bills that household: the other one of a child is priced with it, and billed with its own."""
        return self.selection.familles is None or famille in self.selection.familles

    def compte(self, payeur: int, famille: int | None) -> Compte:
        if payeur not in self.comptes:
            self.comptes[payeur] = Compte(payeur, famille)
        return self.comptes[payeur]

    def ajouter(self, qui: Debiteur, ligne: LigneAEmettre, deja: Deja | None, *, est_dite: bool = False) -> None:
        """A line that is not a day: what is due, less what stands billed of it; when that is nothing, if it is to be said."""
        du = deja.reste_a_ecrire(ligne.montant_centimes) if deja else ligne.montant_centimes
        garde = deja.garde_a_ecrire(ligne.eligible_centimes, du) if deja else ligne.eligible_centimes
        if du or est_dite:
            self.compte(qui.payeur_id, qui.famille_id).lignes.append(
                replace(ligne, montant_centimes=du, eligible_centimes=garde)
            )

    # What changed since it was billed

    def situation(self, une: Journee) -> str:
        """Everything that is not the household's: as long as it does not change, what was billed stands."""
        forfait = self.forfaits.couvre(une)
        return f"{une.situation}:{forfait.code}" if forfait else une.situation

    def _a_refaire(self, une: Journee, dejas: dict[int, Deja]) -> bool:
        if self.tarifs.quotient.est_retroactif:
            return True
        aides, situation = self.aides_facturees.get(une.cle, {}), self.situation(une)
        if any(deja.situation != situation for deja in (*dejas.values(), *aides.values())):
            return True
        partage = self._partage(une)
        if partage is None:
            return not est_entier(dejas)
        return not partage.est_facture(dejas, aides)

    def est_facturee(self, une: Journee) -> bool:
        """Whether nobody that owes that day waits to be billed: none was set aside, or put off."""
        dejas = self._dejas(une)
        partage = self._partage(une)
        return est_entier(dejas) if partage is None else not partage.attend(dejas)

    def _partage(self, une: Journee) -> Partage | None:
        """How it was shared when it was last billed; read once."""
        if une.cle not in self._partages:
            self._partages[une.cle] = dernier_partage(self._dejas(une), self.aides_facturees.get(une.cle, {}))
        return self._partages[une.cle]

    def _a_relire(self) -> Iterable[int]:
        for une in self.journees:
            dejas = self._dejas(une)
            if not dejas or self._a_refaire(une, dejas):
                yield from (deja.ligne for deja in dejas.values() if not deja.partage)
        yield from (deja.ligne for _, _, deja in self._effacees())

    def _dejas(self, une: Journee) -> dict[int, Deja]:
        return self.dejas.get(une.cle, {})

    def _effacees(self) -> Iterable[tuple[str, int, Deja]]:
        """A presence without a booking that was billed, and is no longer in the attendance; the share of third parties too."""
        connues = {une.cle for une in self.journees if une.est_sans_reservation}
        for cle, par_payeur in self.dejas.items():
            if (presence := self._presence(cle)) and presence not in connues:
                yield from ((cle, payeur, deja) for payeur, deja in par_payeur.items() if deja.tient)

    def _presence(self, cle: str) -> str:
        """The presence without a booking that this key bills, or that a third party pays for a household of this run."""
        if cle.startswith("aide:"):
            _, _, famille, cle = cle.split(":", 3)
            if not self._est_ici(int(famille)):
                return ""
        return cle if cle.startswith("presence:") else ""

    # One day

    def _a_chiffrer(self) -> list[Journee]:
        """Without those that stand as they were billed. What was billed has used its aide before any other day does."""
        restent = []
        for une in self.journees:
            if not une.est_a_facturer:
                continue
            self._noter_le_repas(une)
            dejas = self._dejas(une)
            est_a_refaire = not dejas or self._a_refaire(une, dejas)
            if dejas and (not est_a_refaire or une.absence is None):
                self._compter_les_aides(une)
            if est_a_refaire:
                restent.append(une)
        return restent

    def _facturer(self, une: Journee) -> None:
        """To each its share; those whose price is not known wait, and the sharing says so."""
        forfait, chiffres = self.forfaits.couvre(une), list[tuple[Debiteur, Chiffre]]()
        debiteurs = self._debiteurs(une)
        dus: dict[int, int | None] = dict.fromkeys((qui.payeur_id for qui in debiteurs), None)
        tiers: dict[Quoi, int] = {}
        for qui in debiteurs:
            chiffre = self.prix.chiffrer(une, qui, forfait)
            self._signaler(une, qui, chiffre)
            if chiffre is not None:
                chiffres.append((qui, chiffre))
                dus[qui.payeur_id] = chiffre.montant
                tiers |= self._dus_par_les_tiers(une, qui, chiffre)
        partage = Partage(tuple(debiteurs), dus, tiers)
        donnees: dict[str, Any] = {"situation": self.situation(une)}
        if not partage.est_simple:
            donnees["partage"] = partage.en_donnees()
        for qui, chiffre in chiffres:
            self._ecrire(une, qui, chiffre, donnees)

    def _noter_le_repas(self, une: Journee) -> None:
        """Once a day, billed already or not: the meals of the days that a package covers are not care."""
        if not une.est_annulee and (forfait := self.forfaits.couvre(une)) is not None:
            chiffre = self.prix.chiffrer(une, self.debiteurs.pour(une)[0], forfait)
            self.forfaits.noter_le_repas(une, chiffre.repas if chiffre else 0)

    def _debiteurs(self, une: Journee) -> list[Debiteur]:
        """Those it was shared between when it was billed, as they were then; shared anew while one of them waits to be billed."""
        dejas, aides = self._dejas(une), self.aides_facturees.get(une.cle, {})
        if not dejas and not aides:
            return [self._avec_ses_aides(une, un) for un in self.debiteurs.pour(une)]
        partage = self._partage(une)
        connus = [self._fige(une, un) for un in (partage.debiteurs if partage else self._seuls(dejas))]
        if connus and self.est_facturee(une):  # a presence that was erased, and is pointed again, has nobody any more
            return connus
        aidees = {famille for _, famille, _ in aides}
        foyers = {un.famille_id: un for un in connus if un.payeur_id in dejas or un.famille_id in aidees}
        actuels = [self._au_meme_prix(une, un, foyers) for un in self.debiteurs.pour(une)]
        return partager_encore(connus, actuels, dejas)

    def _seuls(self, dejas: dict[int, Deja]) -> Iterable[Debiteur]:
        """Who was billed a day that its lines do not say how it was shared: it has one payer, or is older than that."""
        for payeur, deja in dejas.items():
            ligne = self.relues.get(deja.ligne)
            if ligne is not None and ligne.prix and "faits" in ligne.prix:
                yield Debiteur.depuis(payeur, ligne.prix["faits"])

    def _au_meme_prix(self, une: Journee, qui: Debiteur, foyers: Mapping[int, Debiteur]) -> Debiteur:
        """At the price that its household was billed a share of, or its third party; else as it is now, with its aides."""
        meme = foyers.get(qui.famille_id)
        return replace(qui, foyer=meme.foyer, aides=meme.aides) if meme else self._avec_ses_aides(une, qui)

    def _fige(self, une: Journee, qui: Debiteur) -> Debiteur:
        if not self.tarifs.quotient.est_retroactif or qui.famille_id not in self.debiteurs.payeurs:
            return qui
        actuel = self.debiteurs.foyer(une, qui.famille_id)
        return replace(qui, foyer=tuple((dict(qui.foyer) | {"quotient": actuel.quotient}).items()))

    def _avec_ses_aides(self, une: Journee, qui: Debiteur) -> Debiteur:
        version = self.prix.version(une.jour)
        if version is None or qui.famille_id not in self.aides.par_famille:
            return qui
        aides, anomalies = self.aides.accordees(qui.famille_id, une.enfant_id, une.jour, version)
        if anomalies:
            self.compte(qui.payeur_id, qui.famille_id).anomalies |= anomalies
        return replace(qui, aides=aides)

    def _compter_les_aides(self, une: Journee) -> None:
        """The days of aide that were used by what was billed already."""
        for (code, _, tiers), deja in self.aides_facturees.get(une.cle, {}).items():
            if deja.facture > 0:
                self.aides.compter(code, une.enfant_id, tiers, une.jour)

    def _signaler(self, une: Journee, qui: Debiteur, chiffre: Chiffre | None) -> None:
        anomalies = set()
        if chiffre is None:
            anomalies.add(Anomalie.SANS_PRIX)
        elif chiffre.prix.est_maximum and chiffre.montant:
            anomalies.add(Anomalie.SANS_QUOTIENT)
        attendu = une.est_reservee and une.absence is None and une.jour < aujourdhui()
        if attendu and (une.jour_est_pointe or une.collectives) and not une.est_pointee:
            anomalies.add(Anomalie.SANS_PRESENCE)
        if une.est_sans_reservation:
            anomalies.add(Anomalie.SANS_RESERVATION)
        if anomalies:
            self.compte(qui.payeur_id, qui.famille_id).anomalies |= anomalies

    def _ecrire(self, une: Journee, qui: Debiteur, chiffre: Chiffre, donnees: dict[str, Any]) -> None:
        deja = self._dejas(une).get(qui.payeur_id)
        du = deja.reste_a_ecrire(chiffre.montant) if deja else chiffre.montant
        garde = deja.garde_a_ecrire(chiffre.eligible, du) if deja else chiffre.eligible
        est_dite = deja is None and not une.est_annulee and qui.parts != RIEN  # an excused absence is told, at 0,00 €
        if du or garde or est_dite:
            siennes = {"faits": qui.en_donnees(), **donnees}
            ligne = ligne_de_journee(une, chiffre, du, garde, siennes, est_correction=deja is not None)
            self.compte(qui.payeur_id, qui.famille_id).lignes.append(ligne)
        for quoi, montant in self._dus_par_les_tiers(une, qui, chiffre).items():
            self._ecrire_l_aide(une, quoi, chiffre, montant, donnees)

    def _dus_par_les_tiers(self, une: Journee, qui: Debiteur, chiffre: Chiffre) -> dict[Quoi, int]:
        """Beside who bears it; nothing of what was billed for a household that does not have that aide any more."""
        if not qui.porte_les_aides:
            return {}
        dus = {(code, qui.famille_id, payeur): chiffre.tiers.get(code, 0) for code, _, payeur in qui.aides}
        for quoi in self.aides_facturees.get(une.cle, {}):
            if quoi[1] == qui.famille_id:
                dus.setdefault(quoi, 0)
        return dus

    def _ecrire_l_aide(self, une: Journee, quoi: Quoi, chiffre: Chiffre, montant: int, donnees: dict[str, Any]) -> None:
        """The third party's own line, on its own invoice, with the share of the household that it helps, who may have nothing to
        pay beside it."""
        code, famille, tiers = quoi
        cle = f"aide:{code}:{famille}:{une.cle}"
        deja = self.dejas.get(cle, {}).get(tiers)
        if montant:
            self.aides.compter(code, une.enfant_id, tiers, une.jour)
        if not self._est_ici(famille):
            return
        if du := deja.reste_a_ecrire(montant) if deja else montant:
            ligne = ligne_d_aide(cle, code, une, chiffre, du, donnees, est_correction=deja is not None)
            self.compte(tiers, None).lignes.append(ligne)


def _par_journee(dejas: Dejas) -> dict[str, dict[Quoi, Deja]]:
    """What third parties were billed of each day: by its key, then by aide, household and third party."""
    trouvees: dict[str, dict[Quoi, Deja]] = {}
    for cle, par_payeur in dejas.items():
        if cle.startswith("aide:"):
            _, code, famille, journee = cle.split(":", 3)
            siennes = {(code, int(famille), tiers): deja for tiers, deja in par_payeur.items()}
            trouvees.setdefault(journee, {}).update(siennes)
    return trouvees
