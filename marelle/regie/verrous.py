"""What a régie has deposited, handed over, reminded or transmitted is never rewritten: the database refuses it."""

from marelle.socle.immuable import Verrou, Verrous

_CLOS = "Un bordereau clos ne se modifie pas"
_VERSE = "Un versement fait ne se modifie pas"
_RELANCE = "Une relance envoyée reste dans l’historique"

verrous = Verrous(
    Verrou("regie_titresrecus", "Un paiement enregistré ne se modifie pas"),
    Verrou("regie_bordereau", _CLOS),
    Verrou("regie_lignebordereau", _CLOS),
    Verrou("regie_versement", _VERSE),
    Verrou("regie_ligneversement", _VERSE),
    Verrou("regie_lotderelances", _RELANCE),
    Verrou("regie_relance", _RELANCE),
    Verrou("regie_sursis", "Un sursis se lève, il ne se réécrit pas", libres=("leve_le",)),
    Verrou("regie_transmission", "Une facture transmise au Trésor le reste"),
    Verrou(
        "regie_mandatsepa", "Un mandat se révoque, il ne se réécrit pas", libres=("revoque_le", "revoque_motif", "iban")
    ),
    Verrou("regie_prelevement", "Un prélèvement ne se réécrit pas", libres=("enregistre_le", "abandonne_le")),
    Verrou("regie_ligneprelevement", "Un prélèvement ne se réécrit pas"),
)
poser, lever = verrous.poser, verrous.lever
