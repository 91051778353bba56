"""What becomes of an offer: accepted or declined by the family, over without an answer; or made by an agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from marelle.reservations.file_ecriture import transaction_de_places
from marelle.socle.erreurs import Refus
from marelle.socle.francais import instant as dire_instant
from marelle.socle.horloge import PARIS
from marelle.socle.horloge import maintenant as maintenant_

from .besoins import besoin
from .classement import perdre_leur_rang, rejoindre
from .courrier import annoncer_decisions
from .courrier_attente import annoncer_sans_reponse
from .decision import Decision
from .models import Demande, OffreDePlace
from .offres import OffreFinie, delai_de, proposer, regles_de
from .passages import Verbe
from .passer import REGLE, Auteur

LOT = 50  # offers ended in one transaction
DEJA_ACCEPTEE = "Cette place est déjà acceptée : elle est réservée."
QUITTE = "Votre demande quitte la liste d’attente. Vous pouvez en faire une autre."
GARDE_SON_RANG = "Votre demande reste dans la liste d’attente, à son rang."
A_LA_FIN = "Votre demande reste dans la liste d’attente, à la fin."


# The family answers


def accepter_offre(offre: OffreDePlace, auteur: Auteur) -> Demande:
    """The place is booked. A second tap changes nothing. `OffreFinie` with the sentence when the offer does not stand."""
    with transaction_de_places():
        decision, courante = _sous_verrou(offre)
        demande = decision.demandes[offre.demande_id]
        if courante.etat == OffreDePlace.Etat.ACCEPTEE:
            return demande
        verifier(courante, decision.maintenant)
        decision.accepter(demande, auteur, verbe=Verbe.CONFIRMER)
        servies = decision.conclure()
        annoncer_decisions([demande, *servies])
    return demande


def decliner_offre(offre: OffreDePlace, auteur: Auteur) -> Demande:
    """The family does not want the place: the demande leaves the line, the place goes to the next."""
    with transaction_de_places():
        decision, courante = _sous_verrou(offre)
        demande = decision.demandes[offre.demande_id]
        if courante.etat == OffreDePlace.Etat.REFUSEE:
            return demande
        verifier(courante, decision.maintenant)
        decision.cahier.passer(demande, Verbe.RETIRER, auteur)
        decision.liberer(demande)
        annoncer_decisions(decision.conclure())
    return demande


def _sous_verrou(offre: OffreDePlace) -> tuple[Decision, OffreDePlace]:
    """The places and the demande locked, then the offer as it is now."""
    decision = Decision([offre.demande_id])
    return decision, OffreDePlace.objects.get(pk=offre.pk)


def verifier(offre: OffreDePlace, instant: datetime) -> None:
    """`OffreFinie`, with why, when it cannot be answered any more."""
    if offre.etat == OffreDePlace.Etat.EN_COURS and instant < offre.fin_le:
        return
    raise OffreFinie(dire_la_fin(offre))


def dire_la_fin(offre: OffreDePlace) -> str:
    """Why an offer does not stand, and what to do."""
    match offre.etat:
        case OffreDePlace.Etat.ACCEPTEE:
            return DEJA_ACCEPTEE
        case OffreDePlace.Etat.REFUSEE:
            return "Vous avez laissé cette place à un autre enfant : la demande est retirée."
        case OffreDePlace.Etat.CLOSE:
            return "Le service a répondu autrement à cette demande : regardez-la dans « mes demandes »."
    quand = dire_instant(offre.fin_le.astimezone(PARIS), maintenant_().year)
    return f"Cette offre a pris fin {quand} : la place est allée au suivant. Appelez le service si vous la vouliez."


# The time is over


def il_y_en_a_de_finies() -> bool:
    """Whether an offer is over: one indexed read, so that asking often costs nothing."""
    return OffreDePlace.objects.filter(etat=OffreDePlace.Etat.EN_COURS, fin_le__lte=maintenant_()).exists()


def finir_les_offres() -> int:
    """The job that ends the offers left without an answer: their places go to the next; returns how many."""
    finies = OffreDePlace.objects.filter(etat=OffreDePlace.Etat.EN_COURS, fin_le__lte=maintenant_())
    cles = list(finies.order_by("fin_le", "pk").values_list("demande_id", flat=True))
    for debut in range(0, len(cles), LOT):
        _finir(cles[debut : debut + LOT])
    return len(cles)


def _finir(cles: Sequence[int]) -> None:
    with transaction_de_places():
        decision = Decision(cles)
        instant = decision.maintenant
        finies = OffreDePlace.objects.filter(demande__in=cles, etat=OffreDePlace.Etat.EN_COURS, fin_le__lte=instant)
        concernees = [
            decision.demandes[cle] for cle in finies.order_by("fin_le", "pk").values_list("demande_id", flat=True)
        ]
        finies.update(etat=OffreDePlace.Etat.EXPIREE, repondue_le=instant)
        if not concernees:
            return  # answered meanwhile
        suites = _laisser_passer(decision, concernees)
        passees = [jour.pk for demande in concernees for jour in decision.jours[demande.pk]]
        servies = decision.conclure(en_dernier=passees)
        annoncer_sans_reponse(concernees, suites, decision.jours, _apres_le_calme(decision, concernees))
        annoncer_decisions(servies)


def _laisser_passer(decision: Decision, demandes: Sequence[Demande]) -> dict[int, str]:
    """Back in the line, at its rank or at the end; or out of it after too many silences. What is said of each."""
    silences = dict(
        OffreDePlace.objects.filter(demande__in=demandes, etat=OffreDePlace.Etat.EXPIREE)
        .order_by()
        .values_list("demande")
        .annotate(Count("pk"))
    )
    suites = {}
    for demande in demandes:
        jours = decision.jours[demande.pk]
        regles = regles_de(demande, jours)
        if regles is None or silences[demande.pk] >= regles.au_plus:
            decision.cahier.passer(demande, Verbe.ABANDONNER, REGLE)
            decision.liberer(demande)
            suites[demande.pk] = QUITTE
            continue
        decision.cahier.passer(demande, Verbe.LAISSER_PASSER, REGLE)
        if regles.perd_son_rang:
            perdre_leur_rang([demande.pk], decision.maintenant)
        demande.est_en_reserve = not rejoindre(decision.registre, demande, jours, est_nouvelle=False)
        suites[demande.pk] = A_LA_FIN if regles.perd_son_rang else GARDE_SON_RANG
    return suites


def _apres_le_calme(decision: Decision, demandes: Sequence[Demande]) -> datetime:
    """Now, or the end of the quiet hours of those concerned."""
    instants = [decision.maintenant]
    for demande in demandes:
        regles = regles_de(demande, decision.jours[demande.pk])
        if regles is not None:
            instants.append(regles.debut_utile(decision.maintenant))
    return max(instants)


# An agent offers


def proposer_maintenant(demande_id: int, auteur: Auteur) -> Demande:
    """Offer a free place to this demande, out of its turn (one put aside by an agent, for instance)."""
    with transaction_de_places():
        decision = Decision([demande_id])
        demande, jours = decision.demandes[demande_id], decision.jours.get(demande_id, [])
        decision.verifier(Verbe.PROPOSER)
        if not jours or regles_de(demande, jours) is None:
            raise Refus("Le règlement ne prévoit pas d’offre pour cette activité : acceptez ou refusez la demande.")
        if delai_de(demande, jours, decision.maintenant) is None:
            raise Refus("Il est trop tard pour proposer cette place par e-mail : appelez la famille, puis acceptez.")
        if not all(decision.registre.retenir(besoin(jour, demande)) for jour in jours):
            raise Refus("Aucune place n’est libre tous ces jours-là : ajoutez une place, ou attendez qu’une se libère.")
        demande.est_en_reserve = False
        proposer([(demande, jours)], decision.cahier, auteur)
        annoncer_decisions(decision.conclure())
    return demande
