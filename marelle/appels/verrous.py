"""What was asked of a payer is never rewritten: only where it stands may change. The database refuses the rest."""

from marelle.socle.immuable import Verrou, Verrous

verrous = Verrous(
    Verrou(
        "appels_appel",
        "Une somme demandée ne se modifie pas : elle change d’état, rien d’autre",
        libres=("etat", "decide_le", "paiement_id", "rappele_le"),
    ),
    Verrou("appels_ligneappel", "Les jours d’une somme demandée ne se modifient pas"),
    Verrou("appels_tentativeappel", "Ce qu’une tentative paie ne se modifie pas"),
)
poser, lever = verrous.poser, verrous.lever
