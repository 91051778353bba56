"""How the parts of `tarifs.toml` about what did not go as booked are read: surcharges, events, absences, aides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from marelle.regles.calculs import Calcul
from marelle.regles.lecture import Table
from marelle.regles.montants import lire_ajustement, lire_montant, lire_part
from marelle.regles.presences import Absences, Aide, Excuse, Palier
from marelle.regles.tarifs import Supplements

CLES_DE_SUPPLEMENTS = ("tardive", "sans_reservation", "retard", "evenements", "absences")
LireCalcul = Callable[[Table, str], Calcul]


def lire_supplements(tarif: Table, version: Table, lire_calcul: LireCalcul) -> Supplements:
    """Each key is that of the tariff when it has it, of the version otherwise."""
    de = {cle: tarif if cle in tarif else version for cle in CLES_DE_SUPPLEMENTS}
    return Supplements(
        tardive=lire_ajustement(de["tardive"], "tardive") if "tardive" in de["tardive"] else None,
        sans_reservation=(
            lire_ajustement(de["sans_reservation"], "sans_reservation")
            if "sans_reservation" in de["sans_reservation"]
            else None
        ),
        retard=_paliers(de["retard"]),
        evenements=_evenements(de["evenements"], lire_calcul),
        absences=_absences(de["absences"].table("absences")),
    )


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
    defaut = Absences()
    repetees = table.table("repetees")
    repetees.verifier(("des", "prix"), ("des", "prix") if "repetees" in table else ())
    return Absences(
        prevenue=lire_part(table, "prevenue") if "prevenue" in table else defaut.prevenue,
        injustifiee=lire_part(table, "injustifiee") if "injustifiee" in table else defaut.injustifiee,
        excuses=tuple(_excuse(une) for une in table.tables("excuses")),
        repetees_des=repetees.entier("des", 0, 1, 366),
        repetees_centimes=lire_montant(repetees, "prix"),
    )


def _excuse(table: Table) -> Excuse:
    table.verifier(("motif", "nom", "preuve_heures", "carence_jours", "facture"), ("motif", "nom"))
    heures = table.entier("preuve_heures", 0, 1, 24 * 366) if "preuve_heures" in table else None
    part = lire_part(table, "facture", 100) if "facture" in table else Excuse("", "").facture
    return Excuse(table.texte("motif"), table.texte("nom"), heures, table.entier("carence_jours", maxi=366), part)


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
