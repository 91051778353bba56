"""What was asked of PayFiP is never rewritten: only where an attempt stands may change. The database refuses the rest."""

from marelle.socle.immuable import Verrou, Verrous

verrous = Verrous(
    Verrou(
        "paiements_tentative",
        "Une tentative de paiement ne se modifie pas : elle change d’état, rien d’autre",
        # `mel` may be erased when personal data are.
        libres=(
            *("etat", "idop", "paiement_id", "reponse", "interrogee_le", "prochaine_le", "decidee_le", "mel"),
            *("suite", "classee_le", "classee_par_id"),
        ),
    ),
    Verrou("paiements_lignetentative", "Les factures d’une tentative de paiement ne se modifient pas"),
)
poser, lever = verrous.poser, verrous.lever
