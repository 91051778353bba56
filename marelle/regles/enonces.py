"""The rules in force said as short French sentences, for the help page and the box « Les délais »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from marelle.regles.attente import phrases_de_l_attente
from marelle.regles.bornes import PARIS, Ancre, Borne, Jours, Unite
from marelle.regles.calendrier import LUNDI_A_DIMANCHE
from marelle.regles.fenetres import Phase
from marelle.regles.lecture import FIN_DE_JOURNEE
from marelle.regles.motifs import Motif
from marelle.regles.phrases import accorder, dire_heure, dire_jour_du_mois, dire_ouverture, enumerer, typo
from marelle.regles.portes import PREFIXE_PIECE
from marelle.regles.refus import NOMS, dire_majoration, dire_maximum, majuscule
from marelle.regles.regle import Regle
from marelle.regles.situation import Action

if TYPE_CHECKING:
    from marelle.regles.reglement import Reglement

UNE = {
    Action.RESERVER: "une réservation se demande",
    Action.MODIFIER: "une modification se demande",
    Action.ANNULER: "une annulation se demande",
    Action.DECLARER_ABSENCE: "une absence se déclare",
}
PLURIELS = {
    Action.RESERVER: "réservations",
    Action.MODIFIER: "modifications",
    Action.ANNULER: "annulations",
    Action.DECLARER_ABSENCE: "déclarations d’absence",
}
TITRES = {
    Action.RESERVER: "Réserver",
    Action.MODIFIER: "Modifier une réservation",
    Action.ANNULER: "Annuler",
    Action.DECLARER_ABSENCE: "Déclarer une absence",
}
ANCRES = {
    Ancre.JOUR: "le jour de l’accueil",
    Ancre.SEMAINE: "le lundi de la semaine d’accueil",
    Ancre.MOIS: "le 1er du mois d’accueil",
    Ancre.PERIODE: "le premier jour de la période",
    Ancre.VACANCES: "le premier jour des vacances",
}
UNITES = {
    Unite.CALENDAIRES: ("jour", "jours"),
    Unite.OUVRES: ("jour ouvré", "jours ouvrés"),
    Unite.FRANCS: ("jour franc", "jours francs"),
    Unite.HEURES: ("heure", "heures"),
    Unite.SEMAINES: ("semaine", "semaines"),
    Unite.MOIS: ("mois", "mois"),
}
PORTES = {
    "dossier": "le dossier",
    "fiche_responsable": "la fiche du responsable",
    "fiche_enfant": "la fiche d’information de l’enfant",
    "personnes_autorisees": "les personnes autorisées",
    "fiche_sanitaire": "la fiche médicale",
    "autorisations": "les autorisations",
}
CONDITIONS = {
    "modification_en_attente": "Une modification du dossier en attente doit être validée",
    "quotient_familial": "Le quotient familial doit être connu",
    "inscription": "L’inscription à l’activité doit être faite",
    "adhesion": "L’adhésion doit être à jour",
    "dette": "Les factures échues doivent être réglées",
}


def phrases_du_reglement(reglement: Reglement, activite: str, jour: date, decision: str = "") -> list[str]:
    """Who may do what, from when, until when and how many, on the day of care `jour`, one short sentence each. `decision`: who
    decides for that activity, where it has a way of its own."""
    version = reglement.version_du(jour, datetime.combine(jour, time(12), PARIS))
    if version.sans_reservation(activite):
        return [typo("Cet accueil est sans réservation : votre enfant peut venir sans rien demander.")]
    phrases: list[str] = []
    for action in Action:
        regle = decidee(version.regle(activite, action), decision)
        phrases += phrases_de_la_regle(regle, reglement.publics, jour.year)
    if version.liste_attente(activite):
        phrases += _dire_attente(version.regle(activite, Action.RESERVER), jour.year)
    return [typo(phrase) for phrase in phrases]


@dataclass(frozen=True, slots=True)
class Rubrique:
    """What the règlement says of one gesture: its title, its sentences, the text they come from."""

    titre: str
    phrases: tuple[str, ...]
    source: str = ""


def decidee(regle: Regle, decision: str) -> Regle:
    """The rule of an activity whose own way of deciding (« agent », « automatique ») goes before that of the règlement."""
    if not decision:
        return regle
    tardif = replace(regle.tardif, decision=decision) if regle.tardif else None
    return replace(regle, decision=decision, tardif=tardif)


def rubriques_du_reglement(reglement: Reglement, activite: str, jour: date, decision: str = "") -> list[Rubrique]:
    """The same rules gesture by gesture, whole: what is not limited, and what comes after a deadline, are said too."""
    version = reglement.version_du(jour, datetime.combine(jour, time(12), PARIS))
    if version.sans_reservation(activite):
        return [
            Rubrique(TITRES[Action.RESERVER], tuple(phrases_du_reglement(reglement, activite, jour)), version.source)
        ]
    rubriques, absence = [], version.regle(activite, Action.DECLARER_ABSENCE)
    for action in Action:
        regle = decidee(version.regle(activite, action), decision)
        phrases = phrases_de_la_regle(regle, reglement.publics, jour.year, complet=True)
        if action is Action.ANNULER and not (regle.est_prevue or absence.est_prevue):
            phrases = [f"Les {PLURIELS[action]} ne se font pas en ligne : appelez le centre."]
        if action is Action.RESERVER and version.liste_attente(activite):
            phrases += _dire_attente(regle, jour.year)
        if phrases:
            dites = tuple(typo(phrase) for phrase in phrases)
            rubriques.append(Rubrique(TITRES[action], dites, regle.source or version.source))
    return rubriques


def _dire_attente(regle: Regle, annee: int) -> list[str]:
    phrase = "Quand un jour est complet, la demande rejoint la liste d’attente."
    return [phrase, *phrases_de_l_attente(regle.attente, annee)]


def phrases_de_la_regle(regle: Regle, publics: Mapping[str, str], annee: int, *, complet: bool = False) -> list[str]:
    """The sentences of one action; none when the règlement does not speak of it. `complet`: what has no limit too."""
    if not regle.est_prevue:
        return []
    if regle.est_interdite:
        return [f"Les {PLURIELS[regle.action]} ne se font pas en ligne : appelez le centre."]
    phrases = [_dire_phase(regle.action, phase, publics, annee) for phase in regle.phases]
    if regle.delai:
        limites = enumerer([dire_borne(borne, annee) for borne in regle.delai])
        phrases.append(f"{majuscule(UNE[regle.action])} au plus tard {limites}.")
    phrases += _dire_tardif(regle, annee)
    phrases += _dire_apres(regle, complet)
    phrases += [f"{majuscule(phrase)}." for phrase in _dire_motif(regle.motif)]
    phrases += [f"{dire_maximum(regle.action, maximum)} au plus." for maximum in regle.maxima]
    if complet and regle.action is Action.RESERVER and not regle.maxima and not any(p.maxima for p in regle.phases):
        phrases.append("Le nombre de réservations n’est pas limité.")
    phrases += _dire_portes(regle)
    if regle.action in (Action.RESERVER, Action.ANNULER):
        phrases.append(_dire_decision(regle))
    elif regle.action is Action.DECLARER_ABSENCE and regle.decision == "agent":
        phrases.append("Le service valide chaque déclaration d’absence.")
    return phrases


def dire_borne(borne: Borne, annee: int) -> str:
    """« 4 jours ouvrés avant le jour de l’accueil », « le mercredi précédant le premier jour des vacances à minuit »."""
    if borne.fixe:
        return f"le {dire_ouverture(borne.fixe, annee)}"
    moment = _dire_moment(borne, annee)
    if not borne.table:
        return moment + _dire_decalage(borne)
    lignes = _dire_table(borne, annee)
    if borne.est_par_defaut:
        lignes.append(f"{moment} pour les autres jours")
    return " ; ".join(lignes) + _dire_decalage(borne)


def _dire_moment(borne: Borne, annee: int) -> str:
    ancre = ANCRES.get(borne.avant) or enumerer([f"le {dire_jour_du_mois(d, annee)}" for d in borne.dates], "ou")
    a_l_heure = "" if borne.heure == time(0) else f" à {dire_heure(borne.heure)}"
    if borne.unite is Unite.HEURES:
        return f"{accorder(borne.nombre, *UNITES[borne.unite])} avant le début de l’accueil"
    if borne.jour is not None:
        nom = f"le {LUNDI_A_DIMANCHE[borne.jour]}"
        if borne.nombre:
            recul = f"{accorder(borne.nombre, *UNITES[borne.unite])} avant {ancre}"
            return f"{recul}, {nom} précédent{a_l_heure}"
        if borne.avant is Ancre.SEMAINE:
            return f"{nom} de la semaine d’avant{a_l_heure}"
        return f"{nom} précédant {ancre}{a_l_heure}"
    if borne.nombre == 0:
        return f"{ancre}{a_l_heure}"
    if borne.nombre == 1 and borne.unite is Unite.CALENDAIRES and borne.avant is Ancre.JOUR:
        return f"la veille de l’accueil{a_l_heure}"
    precise = "" if borne.heure == FIN_DE_JOURNEE else a_l_heure
    unite = Unite.CALENDAIRES if borne.non_comptes else borne.unite
    return f"{accorder(borne.nombre, *UNITES[unite])} avant {ancre}{precise}{_dire_jours_exclus(borne.non_comptes)}"


def _dire_jours_exclus(jours: Jours | None) -> str:
    if jours is None:
        return ""
    noms = [f"le {LUNDI_A_DIMANCHE[numero]}" for numero in sorted(jours.semaine)]
    noms += (["les jours fériés"] if jours.feries else []) + (["les vacances"] if jours.vacances else [])
    return f", sans compter {enumerer(noms)}"


def _dire_table(borne: Borne, annee: int) -> list[str]:
    """Weekdays that share a cut-off are said together."""
    groupes: dict[Borne, list[str]] = {}
    for numero, propre in enumerate(borne.table):
        if propre is not None:
            groupes.setdefault(propre, []).append(f"le {LUNDI_A_DIMANCHE[numero]}")
    lignes = []
    for propre, jours in groupes.items():
        moment = _dire_moment(propre, annee)
        if propre.jour is not None:
            moment = f"le {LUNDI_A_DIMANCHE[propre.jour]} précédent à {dire_heure(propre.heure)}"
        lignes.append(f"{moment} pour {enumerer(jours)}")
    return lignes


def _dire_decalage(borne: Borne) -> str:
    sens = borne.decalage or borne.decalage_ancre
    if not sens:
        return ""
    return (
        ", avancé s’il tombe un jour sans service"
        if sens == "plus_tot"
        else ", reporté s’il tombe un jour sans service"
    )


def _dire_phase(action: Action, phase: Phase, publics: Mapping[str, str], annee: int) -> str:
    """« Les réservations ouvrent 4 semaines avant le premier jour de la période et ferment le mercredi précédent. »"""
    sujet = f"les {PLURIELS[action]}"
    if phase.publics:
        sujet += f" sont pour {enumerer([publics.get(p, p) for p in sorted(phase.publics)], 'ou')} :"
    sujet = f"{phase.nom} : {sujet}" if phase.nom else majuscule(sujet)
    verbes = [f"ouvrent {dire_borne(phase.ouvre, annee)}"] if phase.ouvre else []
    verbes += [f"ferment {dire_borne(phase.ferme, annee)}"] if phase.ferme else []
    if phase.publics and verbes:
        verbes[0] = f"elles {verbes[0]}"
    jours = [f"à partir du {dire_jour_du_mois(phase.du, annee)}"] if phase.du else []
    jours += [f"jusqu’au {dire_jour_du_mois(phase.au, annee)}"] if phase.au else []
    suites = [f"pour les jours d’accueil {' et '.join(jours)}"] if jours else []
    suites += _dire_motif(phase.motif) + [f"{dire_maximum(action, m)} au plus" for m in phase.maxima]
    suites += [] if phase.est_annulable else ["sans annulation possible"]
    return f"{sujet} {enumerer(verbes) or 'ouvertes toute l’année'}{''.join(f', {suite}' for suite in suites)}."


def _dire_motif(motif: Motif | None) -> list[str]:
    if motif is None:
        return []
    phrases = ["la semaine se réserve en entier"] if motif.semaine_complete else []
    if motif.minimum:
        autre = f" ({motif.minimum_si_ferie} avec un jour férié)" if motif.minimum_si_ferie != motif.minimum else ""
        phrases.append(f"au moins {accorder(motif.minimum, 'jour')} par semaine{autre}")
    if motif.semaines == "alternees":
        phrases.append("des semaines toutes paires ou toutes impaires")
    elif motif.semaines:
        phrases.append(f"les semaines {motif.semaines} seulement")
    if motif.unites:
        phrases.append(f"formule : {enumerer(list(motif.unites), 'ou')}")
    return phrases


def _dire_tardif(regle: Regle, annee: int) -> list[str]:
    if regle.tardif is None:
        return []
    jusqua = enumerer([dire_borne(borne, annee) for borne in regle.tardif.jusqua])
    agent = ", avec l’accord du service" if regle.tardif.decision == "agent" else ""
    maximum = f", {dire_maximum(regle.action, regle.tardif.maximum)} au plus" if regle.tardif.maximum else ""
    return [
        f"Ensuite, encore possible jusqu’à {jusqua}{dire_majoration(regle.tardif)}{agent}{maximum}.".replace(
            "jusqu’à le ", "jusqu’au "
        )
    ]


def _dire_apres(regle: Regle, complet: bool) -> list[str]:
    """What happens after the deadline; in the whole text, that there is none, or that one calls."""
    if regle.passe_ce_delai:
        return [f"Passé ce délai, {regle.passe_ce_delai} : appelez le centre."]
    if not complet or regle.tardif:
        return []
    if regle.delai or any(phase.ferme for phase in regle.phases):
        return ["Passé ce délai, appelez le centre."]
    return [f"{majuscule(UNE[regle.action])} jusqu’au jour même : aucun autre délai n’est fixé."]


def _dire_portes(regle: Regle) -> list[str]:
    noms = [PORTES[porte] for porte in regle.portes if porte in PORTES]
    if any(porte.startswith(PREFIXE_PIECE) for porte in regle.portes):
        noms.append("les documents demandés")
    verbe = {Action.RESERVER: "réserver", Action.ANNULER: "annuler"}.get(regle.action, "demander")
    phrases = [f"Pour {verbe}, il faut avoir complété et fait valider {enumerer(noms)}."] if noms else []
    avant = "avant d’" if verbe[0] in "aeiou" else "avant de "
    return phrases + [f"{CONDITIONS[porte]} {avant}{verbe}." for porte in regle.portes if porte in CONDITIONS]


def _dire_decision(regle: Regle) -> str:
    if regle.decision == "agent":
        return f"Le service décide de chaque {NOMS[regle.action]}, par ordre d’arrivée."
    places = " s’il reste des places" if regle.action is Action.RESERVER else ""
    return f"La {NOMS[regle.action]} est acceptée aussitôt{places}.".replace("La a", "L’a")
