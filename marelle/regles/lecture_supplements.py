"""How the parts of `tarifs.toml` about what did not go as booked are read: surcharges, events, absences, aides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from marelle.regles.calculs import Calcul
from marelle.regles.grilles import Supplements
from marelle.regles.lecture import Table
from marelle.regles.montants import lire_ajustement, lire_montant, lire_part
from marelle.regles.presences import Absences, Aide, Excuse, Palier, Seuil

CLES_DE_SUPPLEMENTS = (
    *("tardive", "sans_reservation", "sans_reservation_repetee", "retard", "retard_repete", "evenements", "absences"),
)
PERIODES_DE_COMPTE = ("mois", "periode", "annee_scolaire", "annee_civile")
LireCalcul = Callable[[Table, str], Calcul]


def lire_supplements(tarif: Table, version: Table, lire_calcul: LireCalcul) -> Supplements:
    """Each key is that of the tariff when it has it, of the version otherwise."""
    de = {cle: tarif if cle in tarif else version for cle in CLES_DE_SUPPLEMENTS}
    sans = de["sans_reservation"]
    remplace = isinstance(sans.donnees.get("sans_reservation"), dict)
    return Supplements(
        tardive=lire_ajustement(de["tardive"], "tardive") if "tardive" in de["tardive"] else None,
        sans_reservation=(
            lire_ajustement(sans, "sans_reservation") if "sans_reservation" in sans and not remplace else None
        ),
        retard=_paliers(de["retard"]),
        evenements=_evenements(de["evenements"], lire_calcul),
        absences=_absences(de["absences"].table("absences")),
        prix_sans_reservation=lire_calcul(sans, "sans_reservation") if remplace else None,
        sans_reservation_repetee=_seuil(de["sans_reservation_repetee"], "sans_reservation_repetee"),
        retard_repete=_seuil(de["retard_repete"], "retard_repete"),
    )


def _seuil(porteuse: Table, cle: str) -> Seuil | None:
    if cle not in porteuse:
        return None
    table = porteuse.table(cle)
    table.verifier(("des", "prix", "par"), ("des", "prix"))
    par = table.choix("par", PERIODES_DE_COMPTE, "annee_scolaire")
    return Seuil(table.entier("des", 0, 1, 366), lire_montant(table, "prix"), par)


def _paliers(table: Table) -> tuple[Palier, ...]:
    lus = []
    for un in table.tables("retard", ou_une_seule=True):
        un.verifier(("des_minutes", "prix", "par_minutes"), ("prix",))
        pas = un.entier("par_minutes", 0, 1, 240)
        lus.append(Palier(un.entier("des_minutes", 1, 1, 24 * 60), lire_montant(un, "prix"), pas))
    if any(apres.des_minutes <= avant.des_minutes for avant, apres in pairwise(lus)):
        raise table.refuser("retard", "les paliers vont du plus court retard au plus long.")
    return tuple(lus)


def _evenements(table: Table, lire_calcul: LireCalcul) -> Mapping[str, tuple[str, Calcul]]:
    lus = {}
    for un in table.tables("evenements"):
        un.verifier(("code", "nom", "prix"), ("code", "nom", "prix"))
        lus[un.texte("code")] = (un.texte("nom"), lire_calcul(un, "prix"))
    return lus


def _absences(table: Table) -> Absences:
    table.verifier(("prevenue", "injustifiee", "excuses", "repetees"))
    defaut, repetees = Absences(), _seuil(table, "repetees")
    return Absences(
        prevenue=lire_part(table, "prevenue") if "prevenue" in table else defaut.prevenue,
        injustifiee=lire_part(table, "injustifiee") if "injustifiee" in table else defaut.injustifiee,
        excuses=tuple(_excuse(une) for une in table.tables("excuses")),
        repetees_des=repetees.des if repetees else 0,
        repetees_centimes=repetees.centimes if repetees else 0,
        repetees_par=repetees.par if repetees else defaut.repetees_par,
    )


def _excuse(table: Table) -> Excuse:
    preuves = ("preuve_heures", "dispense", "collective")
    table.verifier(("motif", "nom", "carence_jours", "facture", "si_absent_ecole", *preuves), ("motif", "nom"))
    ecrites = [cle for cle in preuves if cle in table]
    if len(ecrites) > 1:
        raise table.refuser(ecrites[1], f"une excuse a une seule sorte de preuve : « {ecrites[0]} » y est déjà.")
    heures = table.entier("preuve_heures", 0, 1, 24 * 366) if "preuve_heures" in table else None
    part = lire_part(table, "facture", 100) if "facture" in table else Excuse("", "").facture
    return Excuse(
        table.texte("motif"),
        table.texte("nom"),
        heures,
        table.entier("carence_jours", maxi=366),
        part,
        par_dispense=table.booleen("dispense"),
        est_collective=table.booleen("collective"),
        si_absent_ecole=table.booleen("si_absent_ecole"),
    )


def lire_aides(version: Table) -> Mapping[str, Aide]:
    lues = {}
    for une in version.tables("aides"):
        une.verifier(("code", "nom", "valeur", "jours_par_an", "reprise_si_absence"), ("code", "nom", "valeur"))
        lues[une.texte("code")] = Aide(
            une.texte("code"),
            une.texte("nom"),
            lire_ajustement(une, "valeur", 100),
            une.entier("jours_par_an", 0, 1, 366),
            une.booleen("reprise_si_absence"),
        )
    return lues
