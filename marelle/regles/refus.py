"""The verdicts and their sentences: the fact first, then the way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from marelle.regles.argent import euros
from marelle.regles.capacite import places_libres
from marelle.regles.delais import Tardif
from marelle.regles.phrases import accorder, dire_date, dire_limite, dire_ouverture, typo
from marelle.regles.quotas import Cycle, Maximum
from marelle.regles.regle import Regle
from marelle.regles.situation import Action, Jour, Manque
from marelle.regles.verdict import Issue, Option, Verdict

NOMS = {
    Action.RESERVER: "réservation",
    Action.MODIFIER: "modification",
    Action.ANNULER: "annulation",
    Action.DECLARER_ABSENCE: "déclaration d’absence",
}
PAR_CYCLE = {
    Cycle.SEMAINE: "par semaine",
    Cycle.MOIS: "par mois",
    Cycle.PERIODE: "par période",
    Cycle.ANNEE: "par année scolaire",
    Cycle.ANNEE_CIVILE: "par an",
}
APPELEZ = "Appelez le centre."
SORTIES = {
    Option.APPELER: APPELEZ,
    Option.AUTRE_JOUR: "Choisissez un autre jour.",
    Option.AUTRE_CHOIX: "Choisissez d’autres jours.",
    Option.LISTE_ATTENTE: "Vous pouvez demander la liste d’attente.",
    None: "",
}


def sans_sortie(phrase: str) -> str:
    """What is wrong without what a family may do about it: the service reads it, and is whom they would call."""
    sorties = sorted((une for une in SORTIES.values() if une), key=len, reverse=True)
    return next((phrase.removesuffix(une).rstrip() for une in sorties if phrase.endswith(une)), phrase)


def article(action: Action) -> str:
    """« la réservation », « l’annulation »."""
    nom = NOMS[action]
    return f"l’{nom}" if nom[0] in "aeiouéè" else f"la {nom}"


def majuscule(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def refuser(
    clause: str,
    fait: str,
    option: Option | None = None,
    limite: datetime | None = None,
    prochaine: datetime | None = None,
    sortie: str = "",
) -> Verdict:
    """A refusal whose sentence is the fact, then the way out of its option."""
    phrase = typo(f"{fait} {sortie or SORTIES.get(option, '')}".strip())
    return Verdict(Issue.REFUSER, clause, phrase, limite, prochaine, option)


def refus_ferme(jour: Jour, annee: int) -> Verdict:
    motif = f" : {jour.fermeture.rstrip('.')}" if jour.fermeture else ""
    return refuser("jour.ferme", f"Pas d’accueil le {dire_date(jour.date, annee)}{motif}.", Option.AUTRE_JOUR)


def refus_passe(jour: Jour, annee: int) -> Verdict:
    return refuser("jour.passe", f"Le {dire_date(jour.date, annee)} est passé.", Option.AUTRE_JOUR)


def refus_sans_reservation() -> Verdict:
    return refuser("sans_reservation", "Cet accueil est sans réservation : votre enfant peut venir sans rien demander.")


def refus_de_principe(action: Action, clause: str) -> Verdict:
    """The règlement forbids the action, or does not speak of it."""
    if clause == "interdit" and action is Action.ANNULER:
        fait = "Cette réservation est définitive."
    else:
        fait = f"{majuscule(article(action))} ne se fait pas en ligne."
    return refuser(f"{action}.{clause}", fait, Option.APPELER)


def refus_des_publics(action: Action) -> Verdict:
    return refuser(f"{action}.publics", "Cet accueil n’est pas ouvert à votre famille en ligne.", Option.APPELER)


def refus_de_la_porte(manques: Sequence[Manque]) -> Verdict:
    """All that is missing is said at once; the first gate names the clause."""
    phrases = " ".join(dict.fromkeys(manque.phrase for manque in manques))
    return refuser(f"portes.{manques[0].code}", phrases, Option.COMPLETER_DOSSIER)


def refus_pas_ouvert(action: Action, jour: Jour, prochaine: datetime, limite: datetime | None, annee: int) -> Verdict:
    fait = f"{majuscule(article(action))} du {dire_date(jour.date, annee)} ouvre le {dire_ouverture(prochaine, annee)}."
    return refuser(f"{action}.fenetre", fait, None, limite, prochaine)


def refus_hors_fenetre(action: Action, jour: Jour, annee: int) -> Verdict:
    fait = f"{majuscule(article(action))} du {dire_date(jour.date, annee)} n’est pas ouverte en ligne."
    return refuser(f"{action}.fenetre", fait, Option.APPELER)


def refus_trop_tard(regle: Regle, clause: str, jour: Jour, limite: datetime, annee: int) -> Verdict:
    fait = (
        f"{majuscule(article(regle.action))} du {dire_date(jour.date, annee)} "
        f"était possible jusqu’au {dire_limite(limite, annee)}."
    )
    if regle.passe_ce_delai:
        fait += f" Passé ce délai, {regle.passe_ce_delai}."
    return refuser(f"{regle.action}.{clause}", fait, Option.APPELER, limite)


def refus_sans_limite(action: Action, jour: Jour, annee: int) -> Verdict:
    fait = f"Aucune date limite n’est fixée pour le {dire_date(jour.date, annee)}."
    return refuser(f"{action}.delai", fait, Option.APPELER)


def dire_maximum(action: Action, maximum: Maximum) -> str:
    """« 3 annulations par période », « 2 semaines par mois »."""
    if maximum.unite == "semaines":
        quantite = accorder(maximum.nombre, "semaine")
    elif action is Action.DECLARER_ABSENCE:
        quantite = accorder(maximum.nombre, "absence")
    else:
        quantite = accorder(maximum.nombre, NOMS[action])
    return f"{quantite} {PAR_CYCLE[maximum.par]}"


def refus_du_maximum(action: Action, maximum: Maximum, limite: datetime | None, clause: str = "maximum") -> Verdict:
    option = Option.AUTRE_CHOIX if action is Action.RESERVER else Option.APPELER
    fait = f"Le règlement permet {dire_maximum(action, maximum)}."
    sortie = "Retirez un jour, ou appelez le centre." if option is Option.AUTRE_CHOIX else ""
    return refuser(f"{action}.{clause}", fait, option, limite, sortie=sortie)


def verdict_du_maximum(action: Action, maximum: Maximum, limite: datetime | None) -> Verdict:
    """Beyond a maximum: refused, or on the waiting list where the règlement says so (R10)."""
    if maximum.au_dela == "refuser":
        return refus_du_maximum(action, maximum, limite)
    fait = f"Le règlement garantit {dire_maximum(action, maximum)}. Au-delà, la demande rejoint la liste d’attente."
    return Verdict(Issue.LISTE_ATTENTE, f"{action}.maximum", typo(fait), limite, None, Option.LISTE_ATTENTE)


def refus_du_motif(
    action: Action, faute: str, limite: datetime | None, prochaine: datetime | None, annee: int
) -> Verdict:
    """The days do not draw the pattern asked; a later phase may allow them as they are."""
    sortie = f"Ce choix sera possible à partir du {dire_ouverture(prochaine, annee)}." if prochaine else ""
    return refuser(f"{action}.motif", faute, Option.AUTRE_CHOIX, limite, prochaine, sortie)


def verdict_des_places(issue: Issue, jour: Jour, retient_places: bool, limite: datetime | None, annee: int) -> Verdict:
    """Full: the waiting list, or another day."""
    places, quand = jour.places, dire_date(jour.date, annee)
    if places is None:
        raise ValueError("a day without places is never full")
    if places_libres(places, retient_places) > 0:
        fait = f"D’autres enfants attendent déjà une place le {quand}."
    elif places.capacite > 1:
        fait = f"Les {places.capacite} places du {quand} sont prises."
    else:
        fait = f"Il n’y a plus de place le {quand}."
    if issue is Issue.REFUSER:
        return refuser("places", fait, Option.AUTRE_JOUR, limite)
    phrase = typo(f"{fait} Votre demande rejoindra la liste d’attente.")
    return Verdict(issue, "places", phrase, limite, None, Option.LISTE_ATTENTE)


def verdict_possible(regle: Regle, issue: Issue, limite: datetime | None, annee: int, regime: str = "") -> Verdict:
    """The action passes: until when, and who decides."""
    fait = f"{majuscule(article(regle.action))} est possible"
    if limite:
        fait += f" jusqu’au {dire_limite(limite, annee)}"
    if regime:
        fait += f", hors délai{dire_majoration(regle.tardif)}"
    suite = {
        Issue.ACCEPTER: "Elle est acceptée aussitôt.",
        Issue.INSTRUIRE: "Le service décide, par ordre d’arrivée.",
        Issue.LISTE_ATTENTE: "Elle rejoint la liste d’attente.",
    }[issue]
    clause = f"{regle.action}.{'tardif' if regime else 'decision'}"
    phrase = f"{fait}. {suite}"
    return Verdict(issue, clause, typo(phrase) if regime else phrase, limite, regime=regime)


def dire_majoration(tardif: Tardif | None) -> str:
    """« , avec une majoration de 25 % »; empty when there is none."""
    majoration = tardif.majoration if tardif else None
    if majoration is None:
        return ""
    parts = [f"{majoration.pourcentage} %"] if majoration.pourcentage else []
    parts += [euros(majoration.forfait_centimes)] if majoration.forfait_centimes else []
    return f", avec une majoration de {' et de '.join(parts)}" if parts else ""
