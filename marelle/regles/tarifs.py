"""What a day costs a family: dated versions of the tariffs of a collectivité, and the price of one day, line by line.

The steps are always taken in this order, each rounded to the centime (`montants.arrondir`) on what the steps before have given:
accueil (by quotient, by duration), meal, brothers and sisters, residence, minimum; then events, late booking, presence without
booking, late collection; then absence; then the shares that others pay. What is due is never negative.
Everything is a parameter: no clock, no database.
"""

from __future__ import annotations

from dataclasses import replace

from marelle.regles.argent import MOINS
from marelle.regles.calculs import depend_du_quotient
from marelle.regles.grilles import (
    Faits,
    Modulation,
    PolitiqueQuotient,
    Supplements,
    Tarif,
    Tarifs,
    VersionTarifs,
)
from marelle.regles.montants import tranches_entamees
from marelle.regles.presences import Absence, Reste, Seuil, prix_du_retard, reste_du
from marelle.regles.prix import LigneDePrix, Prix

__all__ = ["Faits", "Modulation", "PolitiqueQuotient", "Supplements", "Tarif", "Tarifs", "VersionTarifs", "calculer"]


def calculer(tarifs: Tarifs, version: VersionTarifs, faits: Faits) -> Prix | None:
    """The price of a day; None when no tariff of the version speaks of this unité.

    Raises KeyError for an event or an aide that the version does not have.
    """
    tarif = version.tarif(faits.activite, faits.unite, faits.regime)
    if tarif is None:
        return None
    lignes = _de_base(tarif, faits, tarifs)
    lignes += _supplements(tarif.supplements, faits, _total(lignes))
    est_excusee = True
    if faits.absence is not None:
        reste = _reste(tarif, faits.absence, _total(lignes))
        ecart, est_excusee = reste.centimes - _total(lignes), reste.est_excusee
        lignes.append(LigneDePrix("absence", reste.libelle, ecart, reste.libelle))
    lignes += _aides(version, faits, _total(lignes), est_excusee=est_excusee)
    en_depend = tarif.depend_du_quotient_avec(faits.evenements)
    return Prix(
        tarif.nom,
        tuple(lignes),
        version.deliberation,
        version.en_vigueur_le,
        faits.quotient,
        est_maximum=faits.quotient is None and en_depend,
        suit_la_facture=en_depend and tarifs.quotient.moment == "facture",
    )


def _total(lignes: list[LigneDePrix]) -> int:
    return sum(ligne.montant_centimes for ligne in lignes)


def _reste(tarif: Tarif, absence: Absence, total: int) -> Reste:
    """A final sale gives nothing back of a day cancelled in time, unless the absence has an excuse that holds."""
    if absence.par_le_service:
        return Reste(0, "annulée par le service", est_excusee=True)
    if not (tarif.est_ferme and absence.est_prevenue):
        return reste_du(tarif.supplements.absences, absence, total)
    reste = reste_du(tarif.supplements.absences, replace(absence, est_prevenue=False), total)
    return reste if reste.est_excusee else Reste(total, "annulée : rien n’est rendu", est_excusee=True)


def _de_base(tarif: Tarif, faits: Faits, tarifs: Tarifs) -> list[LigneDePrix]:
    lignes = [*_accueil(tarif, faits), *_creneaux(tarif, faits), *_repas(tarif, faits)]
    lignes += _fratrie(tarif, faits, lignes)
    if not faits.est_resident and tarif.hors_secteur is not None:
        lignes.append(_residence(tarif.hors_secteur, faits, tarifs, lignes))
    if (manque := tarif.minimum - _total(lignes)) > 0:
        lignes.append(LigneDePrix("minimum", "Prix minimum", manque, "prix minimum"))
    return lignes


def _accueil(tarif: Tarif, faits: Faits) -> list[LigneDePrix]:
    if tarif.accueil is None:
        return []
    calcule = tarif.accueil.pour(faits.quotient)
    fois, dit = 1, calcule.detail
    if tarif.par_minutes:
        fois = tranches_entamees(faits.minutes, tarif.par_minutes)
        dit = f"{dit}, {fois} × {_dire_pas(tarif.par_minutes)}"
    return [LigneDePrix("accueil", "Accueil", calcule.centimes * fois, dit)]


def _creneaux(tarif: Tarif, faits: Faits) -> list[LigneDePrix]:
    """The quotient is said beside the first slot only."""
    lignes: list[LigneDePrix] = []
    dits: set[str] = set()
    for creneau in tarif.creneaux:
        if creneau.est_touche(faits.arrivee, faits.depart):
            calcule = creneau.prix.pour(faits.quotient)
            dit = creneau.nom if calcule.detail in dits else f"{creneau.nom}, {calcule.detail}"
            dits.add(calcule.detail)
            lignes.append(LigneDePrix("accueil", creneau.nom, calcule.centimes, dit))
    return lignes


def _residence(module: Modulation, faits: Faits, tarifs: Tarifs, lignes: list[LigneDePrix]) -> LigneDePrix:
    """What living elsewhere adds; nothing for an exception, which is said."""
    if exception := tarifs.exceptions.get(faits.residence):
        return LigneDePrix("residence", "Tarif des habitants", 0, f"{exception} : tarif des habitants")
    mot = tarifs.hors_secteur
    majoration = module.valeur.sur(_base(lignes, module))
    return LigneDePrix("residence", mot[:1].upper() + mot[1:], majoration, f"{mot} {module.valeur.dire('+')}")


def _base(lignes: list[LigneDePrix], module: Modulation) -> int:
    """What a modulation bears on: everything until now, or all but the meal."""
    return sum(un.montant_centimes for un in lignes if module.sur_tout or un.sorte != "repas")


def _dire_pas(minutes: int) -> str:
    return {60: "1 h", 30: "½ h", 15: "¼ h"}.get(minutes, f"{minutes} min")


def _repas(tarif: Tarif, faits: Faits) -> list[LigneDePrix]:
    if tarif.repas is None:
        return []
    if not faits.a_panier_repas:
        calcule = tarif.repas.pour(faits.quotient)
        dit = calcule.detail if depend_du_quotient(tarif.repas) else ""
        return [LigneDePrix("repas", "Repas", calcule.centimes, dit)]
    if tarif.repas_pai is None:
        return [LigneDePrix("repas", "Repas fourni par la famille", 0, "panier-repas")]
    montant = tarif.repas_pai.pour(faits.quotient).centimes
    return [LigneDePrix("repas", "Accueil au repas, repas fourni par la famille", montant, "panier-repas")]


def _fratrie(tarif: Tarif, faits: Faits, lignes: list[LigneDePrix]) -> list[LigneDePrix]:
    rang = faits.rang_pour(tarif)
    rangs = [un for un in tarif.fratrie if un <= rang]
    if not rangs:
        return []
    module = tarif.fratrie[max(rangs)]
    base = _base(lignes, module)
    nom = f"{rang} enfants" if tarif.fratrie_pour_tous else f"{rang}e enfant"
    dit = nom + {"inscrits": " inscrit", "presents": " présent"}.get(tarif.fratrie_parmi, "")
    if tarif.fratrie_pour_tous and tarif.fratrie_parmi != "foyer":
        dit += "s"
    return [LigneDePrix("fratrie", dit, -min(module.valeur.sur(base), base), f"{dit} {module.valeur.dire(MOINS)}")]


def _supplements(regles: Supplements, faits: Faits, base: int) -> list[LigneDePrix]:
    """Each on the price of the day before any of them."""
    lignes = []
    for code in faits.evenements:
        nom, calcul = regles.evenements[code]
        lignes.append(LigneDePrix("evenement", nom, calcul.pour(faits.quotient).centimes, nom))
    if faits.est_tardive and regles.tardive is not None:
        dit = f"réservation tardive {regles.tardive.dire('+')}"
        lignes.append(LigneDePrix("tardive", "Réservation tardive", regles.tardive.sur(base), dit))
    if faits.est_sans_reservation:
        lignes += _sans_reservation(regles, faits, base)
    if retard := prix_du_retard(regles.retard, faits.minutes_de_retard):
        dit = f"retard de {faits.minutes_de_retard} min"
        lignes.append(LigneDePrix("retard", "Retard le soir", retard, dit))
        lignes += _repetition(regles.retard_repete, faits.retards_avant, "retard_repete", "retard")
    return lignes


def _sans_reservation(regles: Supplements, faits: Faits, base: int) -> list[LigneDePrix]:
    """Added to the price of the day, or in its place; and what repetition adds."""
    lignes, nom = [], "Présence sans réservation"
    if regles.prix_sans_reservation is not None:
        plein = regles.prix_sans_reservation.pour(faits.quotient).centimes
        lignes.append(LigneDePrix("sans_reservation", nom, plein - base, "prix sans réservation"))
    elif regles.sans_reservation is not None:
        dit = f"sans réservation {regles.sans_reservation.dire('+')}"
        lignes.append(LigneDePrix("sans_reservation", nom, regles.sans_reservation.sur(base), dit))
    seuil = regles.sans_reservation_repetee
    return lignes + _repetition(
        seuil, faits.sans_reservation_avant, "sans_reservation_repetee", "présence sans réservation"
    )


def _repetition(seuil: Seuil | None, avant: int, sorte: str, quoi: str) -> list[LigneDePrix]:
    if seuil is None or not seuil.est_atteint(avant):
        return []
    dit = f"{avant + 1}{'e' if avant else 'er'} {quoi}" if quoi == "retard" or avant else f"1re {quoi}"
    return [LigneDePrix(sorte, dit[:1].upper() + dit[1:], seuil.centimes, dit)]


def _aides(version: VersionTarifs, faits: Faits, reste: int, *, est_excusee: bool) -> list[LigneDePrix]:
    lignes = []
    for accordee in faits.aides:
        aide = version.aides[accordee.code]
        if aide.est_reprise and not est_excusee:
            lignes.append(LigneDePrix("aide", aide.nom, 0, f"{aide.nom} reprise"))
            continue
        montant = aide.montant(reste, accordee.jours_utilises)
        if montant:
            reste -= montant
            lignes.append(LigneDePrix("aide", aide.nom, -montant, aide.nom, tiers=aide.code))
    return lignes
