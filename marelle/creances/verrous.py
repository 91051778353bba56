"""What is issued or received is never rewritten: the database refuses it, whoever asks."""

from marelle.socle.immuable import Verrou, Verrous

verrous = Verrous(
    Verrou("creances_facture", "Une facture émise ne se modifie pas : un avoir la corrige"),
    Verrou("creances_lignefacture", "Une facture émise ne se modifie pas : un avoir la corrige"),
    Verrou("creances_paiement", "Un paiement enregistré ne se modifie pas : une écriture contraire le corrige"),
    Verrou("creances_ventilation", "Une ventilation ne se modifie pas : une écriture contraire la corrige"),
)
poser, lever = verrous.poser, verrous.lever
# A table that came later: its triggers are put by the migration that makes it.
rendus = Verrous(
    Verrou("creances_restitution", "Une restitution ne se modifie pas : une écriture contraire la corrige")
)
