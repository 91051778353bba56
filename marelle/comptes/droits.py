"""What may each role of the service do? One literal table, read by `Agent.peut` and shown on the agents' page."""

from django.db import models


class Role(models.TextChoices):
    """The function of an agent, chosen by the direction."""

    SECRETARIAT = "secretariat", "Secrétariat"
    DIRECTION = "direction", "Direction"
    ANIMATION = "animation", "Animation"
    REGIE = "regie", "Régie"
    LECTURE = "lecture", "Lecture seule"


class Droit(models.TextChoices):
    """One thing that an agent may or may not do; the label completes « peut … »."""

    LIRE_DEMANDES = "lire_demandes", "lire les demandes"
    DECIDER_DEMANDES = "decider_demandes", "décider des demandes"
    DEROGER = "deroger", "décider contre une règle, avec un motif"
    LIRE_FAMILLES = "lire_familles", "lire les dossiers des familles"
    GERER_FAMILLES = "gerer_familles", "créer les familles, les modifier et les inviter"
    LIRE_SANTE = "lire_sante", "lire les fiches sanitaires"
    LIRE_LISTE_JOUR = "lire_liste_jour", "lire la liste du jour"
    POINTER = "pointer", "pointer les présences"
    REGLER_ACTIVITES = "regler_activites", "régler les activités, les ouvertures et les places"
    LIRE_MESSAGES = "lire_messages", "lire les messages des familles"
    ECRIRE_MESSAGES = "ecrire_messages", "écrire aux familles et leur répondre"
    LIRE_FACTURES = "lire_factures", "lire les factures et les soldes"
    FACTURER = "facturer", "préparer et émettre les factures et les avoirs"
    ENCAISSER = "encaisser", "enregistrer des paiements, avec un mandat de régisseur"
    EXPORTER_COMPTES = "exporter_comptes", "produire les fichiers pour la comptabilité et le Trésor"
    LIRE_COURRIELS = "lire_courriels", "lire les e-mails envoyés"
    LIRE_JOURNAL = "lire_journal", "lire le journal"
    GERER_AGENTS = "gerer_agents", "gérer les agents et leurs accès"


_LECTURE = frozenset({Droit.LIRE_DEMANDES, Droit.LIRE_FAMILLES, Droit.LIRE_LISTE_JOUR})

DROITS: dict[Role, frozenset[Droit]] = {
    Role.LECTURE: _LECTURE,
    Role.ANIMATION: frozenset({Droit.LIRE_LISTE_JOUR, Droit.POINTER, Droit.LIRE_SANTE}),
    Role.REGIE: frozenset({Droit.LIRE_FAMILLES, Droit.LIRE_FACTURES, Droit.ENCAISSER, Droit.EXPORTER_COMPTES}),
    Role.SECRETARIAT: _LECTURE
    | {
        Droit.LIRE_FACTURES,
        Droit.FACTURER,
        Droit.DECIDER_DEMANDES,
        Droit.DEROGER,
        Droit.GERER_FAMILLES,
        Droit.LIRE_SANTE,
        Droit.POINTER,
        Droit.REGLER_ACTIVITES,
        Droit.LIRE_MESSAGES,
        Droit.ECRIRE_MESSAGES,
        Droit.LIRE_COURRIELS,
    },
    Role.DIRECTION: frozenset(Droit),
}


def a_le_droit(role: str, droit: str) -> bool:
    """Whether `role` gives `droit`; an unknown word is a mistake of the programme and raises ValueError."""
    return Droit(droit) in DROITS[Role(role)]
