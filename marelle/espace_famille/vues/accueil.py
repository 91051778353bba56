"""The first page of a family: what waits for it, the coming week, the children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marelle.creances.regies import regies
from marelle.demandes.dossier import EtatDossier, Exigence, etats_des_dossiers, ferme_la_reservation
from marelle.demandes.models import Demande
from marelle.demandes.passages import Etat
from marelle.demandes.selection import JourDeFamille, a_lire, jours_de_famille
from marelle.facturation.consultation import etats
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.regles.phrases import accorder, enumerer
from marelle.socle.francais import date_longue, de, euros, typo
from marelle.socle.horloge import aujourdhui

from ..finances import Carte, carte
from ..liens import lien_de_l_exigence
from ..personne import RequeteFamille, famille_requise
from ..portail import au_panier, messages_a_lire
from ..presentation import ligne
from ..reservations_a_payer import a_garder

TONS = ("rose", "bleu", "violet", "vert", "ocre")


@dataclass(frozen=True, slots=True)
class Attend:
    """One thing that waits for the family: what, why, the door."""

    ton: str
    symbole: str
    titre: str
    texte: str
    lien: str
    libelle: str


@require_safe
@famille_requise
def accueil(request: RequeteFamille) -> HttpResponse:
    enfants = enfants_de(request.famille)
    dossiers = etats_des_dossiers(request.famille, [enfant.pk for enfant in enfants])
    corrections, refus = _reponses(a_lire(request.famille))
    attend = [
        *_a_garder(a_garder(request.acces)),
        *_panier(au_panier(request)),
        *_messages(messages_a_lire(request)),
        *corrections,
        *_dossiers(dossiers),
        *refus,
    ]
    finances = [carte(un) for un in etats(request.acces)] if regies() else None
    attend += _factures(finances or [])
    lundi = _lundi_a_montrer(aujourdhui())
    semaine = jours_de_famille(request.famille, enfants, lundi, lundi + timedelta(days=6))
    responsables = list(request.famille.responsables.all())
    acces = request.acces
    contexte = {
        "prenom": acces.responsable.prenom if acces.responsable else "",
        "attend": attend,
        "attendus": _attendus(dossiers),
        "peut_demander": all(un.peut_demander for un in dossiers.values()),
        "jour": aujourdhui(),
        "lundi": lundi,
        "jours": [lundi + timedelta(days=n) for n in range(5)],
        "semaine": [(enfant, _cases(semaine, enfant, lundi)) for enfant in enfants],
        "est_vide": not semaine,
        "enfants": [(enfant, dossiers[enfant.pk], TONS[n % len(TONS)]) for n, enfant in enumerate(enfants)],
        "finances": finances,
        "responsable": next((un for un in responsables if un.est_principal), responsables[0] if responsables else None),
    }
    return render(request, "espace_famille/accueil.html", contexte)


def _a_garder(phrase: str) -> list[Attend]:
    if not phrase:
        return []
    lien = reverse("espace_famille:payer_reservations")
    return [Attend("ocre", "horloge", "À payer pour réserver", phrase, lien, "Voir et payer")]


def _panier(nombre: int) -> list[Attend]:
    if not nombre:
        return []
    lien = reverse("espace_famille:panier")
    titre = f"{accorder(nombre, 'choix', 'choix')} au panier"
    return [
        Attend("rose", "panier", titre, "Rien n’est envoyé tant que vous n’avez pas validé.", lien, "Voir le panier")
    ]


def _messages(nombre: int) -> list[Attend]:
    if not nombre:
        return []
    titre, lien = f"{accorder(nombre, 'message')} à lire", reverse("espace_famille:messages")
    return [Attend("bleu", "message", titre, "Le service vous a écrit.", lien, "Lire")]


def _factures(cartes: list[Carte]) -> list[Attend]:
    """What is past its date, one line per régie; what a refund gave of money that was taken back since."""
    lien = reverse("espace_famille:finances")
    rendus = [sum(un.reste_centimes for un in une.etat.decouverts) for une in cartes]
    a_rendre = "Le paiement d’où venait un remboursement a été annulé."
    return [
        Attend("ocre", "euro", f"{euros(rendu)} à rendre au service", a_rendre, lien, "Voir pourquoi")
        for rendu in rendus
        if rendu
    ] + [
        Attend(
            "ocre",
            "euro",
            f"{euros(une.payable_centimes)} à payer",
            f"C’était à payer avant le {date_longue(une.etat.avant_le, aujourdhui().year)}.",
            lien,
            "Voir et payer",
        )
        for une in cartes
        if une.est_en_retard and une.etat.avant_le
    ]


SYMBOLES = {"documents": "document", "medicale": "coeur"}
TITRES = {
    "manque": "{nom} {de_prenom}",
    "perime": "{nom} {de_prenom} : à renouveler",
    "a_corriger": "{nom} {de_prenom} : à corriger",
}


def _dossiers(dossiers: dict[int, EtatDossier]) -> list[Attend]:
    """One line per document, and per tab of each child (two natures of one tab are one thing to do). Tabs never filled open one
    after the other: the first one says which follow."""
    lignes: list[Attend] = []
    for dossier in dossiers.values():
        connus: set[tuple[str, str]] = set()
        jamais = list(dict.fromkeys(une.nom for une in dossier.a_faire if _est_un_onglet_vide(une)))
        for une in dossier.a_faire:
            est_apres = _est_un_onglet_vide(une) and une.nom != jamais[0]
            if est_apres or (une.onglet, une.nom) in connus:
                continue
            connus.add((une.onglet, une.nom))
            suivent = jamais[1:] if _est_un_onglet_vide(une) else []
            lignes.append(_a_completer(dossier, une, suivent))
    return lignes


def _est_un_onglet_vide(une: Exigence) -> bool:
    return une.etat == "manque" and not une.code.startswith("piece.")


def _a_completer(dossier: EtatDossier, une: Exigence, suivent: list[str]) -> Attend:
    """`suivent`: the tabs that open once this one is sent."""
    est_document = une.code.startswith("piece.")
    ensuite = f" Ensuite : {enumerer([nom[:1].lower() + nom[1:] for nom in suivent])}." if suivent else ""
    return Attend(
        "ocre",
        SYMBOLES.get(une.onglet, "document"),
        TITRES[une.etat].format(nom=une.nom, de_prenom=de(dossier.prenom)),
        typo(f"{_pourquoi(une.code, dossier.prenom)}{ensuite}"),
        lien_de_l_exigence(dossier.enfant_id, une.code),
        "Transmettre le document" if est_document else "Compléter la fiche",
    )


def _pourquoi(code: str, prenom: str) -> str:
    """What it is wanted for: not the same where the règlement lets a family book without it."""
    if not ferme_la_reservation(code):
        return f"Le service en a besoin pour accueillir {prenom}."
    return f"Sans {'elle' if code.startswith('piece.') else 'cette fiche'}, vous ne pouvez pas réserver pour {prenom}."


def _attendus(dossiers: dict[int, EtatDossier]) -> str:
    """Those whose file is whole, and waits for the service alone."""
    return enumerer([un.prenom for un in dossiers.values() if not un.est_complet and not un.a_faire])


def _reponses(demandes: list[Demande]) -> tuple[list[Attend], list[Attend]]:
    """What to answer or to correct, and what was refused."""
    corrections, refus = [], []
    for une in demandes:
        dite = ligne(une)
        if une.etat == Etat.PROPOSEE:
            texte = "Elle vous est gardée quelques heures : répondez avant qu’elle n’aille au suivant."
            corrections.append(
                Attend("vert", "horloge", typo(f"{dite.titre} : place libérée"), texte, dite.lien, "Répondre")
            )
        elif une.etat == Etat.A_CORRIGER:
            texte = f"Le service écrit : « {une.motif} »"
            corrections.append(Attend("bleu", "crayon", dite.titre, texte, dite.lien, "Corriger"))
        else:
            refus.append(
                Attend("rouge", "croix", typo(f"{dite.titre} : refusé"), une.motif, dite.lien, "Voir la réponse")
            )
    return corrections, refus


def _lundi_a_montrer(jour: date) -> date:
    """This week until Thursday, the next one from Friday on."""
    lundi = jour - timedelta(days=jour.weekday())
    return lundi if jour.weekday() < 4 else lundi + timedelta(days=7)


def _cases(semaine: list[JourDeFamille], enfant: Enfant, lundi: date) -> list[list[JourDeFamille]]:
    siennes = [jour for jour in semaine if jour.enfant_id == enfant.pk]
    return [[jour for jour in siennes if jour.date == lundi + timedelta(days=n)] for n in range(5)]
