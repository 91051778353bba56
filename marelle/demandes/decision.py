"""Deciding: accept, refuse, waiting list, send back. One transaction each; two agents never decide the same demande."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from marelle.activites.models import Jauge
from marelle.regles.phrases import dire_date, enumerer
from marelle.regles.situation import Action
from marelle.regles.verdict import Issue
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.reservations.places import Registre, ouvrir
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import compte
from marelle.socle.horloge import maintenant as maintenant_

from . import bus
from .absences import declarer
from .attente import servir
from .besoins import annuler, besoin, jours_complets, par_demande, reserver
from .classement import rejoindre
from .contexte import ACTIONS, dates_deja
from .courrier import annoncer_decisions, annoncer_renvoi
from .models import Demande, JourDemande, Panier
from .natures import NATURES
from .natures.jours import verdicts
from .passages import TABLE, Etat, Verbe
from .passer import Auteur, Cahier, detacher, dire_impossible

JOURS_DITS = 3  # of the full days of a demande; the others are counted


@dataclass
class Lot:
    """What a batch did: the demandes accepted, and for each other one why it was left."""

    acceptees: list[Demande] = field(default_factory=list)
    laissees: dict[int, str] = field(default_factory=dict)


class Decision:
    """Demandes locked with the places they need: jauges first, then demandes, both by key."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.maintenant: datetime = maintenant_()
        self.cahier = Cahier(self.maintenant)
        cles = sorted(set(ids))
        besoins = Jauge.objects.filter(ouvertures__jours_demandes__demande_id__in=cles)
        enfants = Demande.objects.filter(pk__in=cles, enfant__isnull=False).order_by().values("enfant_id")
        self.registre: Registre = ouvrir(besoins, enfants)
        self.demandes = {
            demande.pk: demande
            for demande in Demande.objects.select_for_update(of=("self",), no_key=True)
            .select_related("famille", "enfant", "activite", "envoi", "responsable")
            .filter(pk__in=cles)
            .order_by("pk")
        }
        self.jours = par_demande(jours_complets(JourDemande.objects.filter(demande_id__in=cles)))
        for cle, jours in self.jours.items():
            for jour in jours:
                jour.demande = self.demandes[cle]
        if not self.demandes or len(self.demandes) < len(cles):
            raise Introuvable("Cette demande n’existe pas.")

    def verifier(self, verbe: Verbe) -> None:
        """Refuse early, before any effect, what the table does not allow."""
        for demande in self.demandes.values():
            if Etat(demande.etat) not in TABLE[verbe].depuis:
                raise Refus(dire_impossible(demande))

    def conclure(self, *, en_dernier: Collection[int] = ()) -> list[Demande]:
        """Serve the line, write everything; the demandes that a freed place moved."""
        servies = servir(self.registre, self.cahier, en_dernier=en_dernier)
        self.registre.ecrire()
        self.cahier.ecrire()
        return [demande for demande in servies if demande.etat == Etat.ACCEPTEE]

    def objections(self, demandes: Sequence[Demande]) -> dict[int, str]:
        """What stands against accepting, in one sentence each: a closed day, a booking gone, a place missing, a rule."""
        enfants = {d.enfant_id for d in demandes if d.enfant_id and d.nature in ACTIONS}
        deja = dates_deja(enfants, sauf=[d.pk for d in demandes]) if enfants else {}
        trouvees = {}
        for demande in demandes:
            jours = self.jours.get(demande.pk, [])
            if demande.nature in ACTIONS and (phrase := self._objection(demande, jours, deja)):
                trouvees[demande.pk] = phrase
        return trouvees

    def _objection(
        self, demande: Demande, jours: list[JourDemande], deja: dict[tuple[int, int, Action], frozenset[date]]
    ) -> str:
        action = ACTIONS[demande.nature]
        cle = (demande.enfant_id or 0, demande.activite_id or 0, action)
        rendus = verdicts(demande, jours, self.registre.jauges, deja.get(cle, frozenset()), self.maintenant)
        for verdict in rendus:
            if verdict.issue is Issue.REFUSER:
                return verdict.phrase
        return next((phrase for jour in jours if (phrase := bus.objection(jour, demande, self.registre))), "")

    def accepter(self, demande: Demande, auteur: Auteur, derogation: str = "", verbe: Verbe = Verbe.ACCEPTER) -> None:
        """The effects of an acceptance. Raises `Refus` when what is asked cannot be: no place, closed, gone."""
        jours = self.jours.get(demande.pk, [])
        if demande.nature == "reservation":
            self._reserver(demande, jours)
        elif demande.nature == "annulation":
            annuler([jour for jour in jours if _est_en_vigueur(jour)], self.registre)
        elif demande.nature == "absence":
            declarer([jour for jour in jours if _est_en_vigueur(jour)], demande, self.registre)
        else:
            NATURES[demande.nature].appliquer(demande, auteur.compte, self.maintenant)
        self.cahier.passer(demande, verbe, auteur, derogation=derogation)

    def _reserver(self, demande: Demande, jours: list[JourDemande]) -> None:
        fermes = [jour for jour in jours if jour.ouverture.fermeture]
        if fermes:
            raise Refus(f"Le centre est fermé un des jours demandés : {fermes[0].ouverture.fermeture}.")
        manquants = reserver([(demande, jour) for jour in jours], self.registre)
        if manquants:
            raise Refus(_sans_place(demande, [jour for jour in jours if jour.pk in manquants]))

    def liberer(self, demande: Demande) -> None:
        for jour in self.jours.get(demande.pk, []):
            self.registre.liberer(besoin(jour, demande))


def _est_en_vigueur(jour: JourDemande) -> bool:
    return jour.reservation is not None and jour.reservation.etat == Reservation.Etat.RESERVEE


def accepter(demande_id: int, auteur: Auteur, *, derogation: str = "") -> Demande:
    """Accept one demande. What the règlement refuses needs a reason (*dérogation*), which is kept; places never give way."""
    with transaction_de_places():
        decision = Decision([demande_id])
        decision.verifier(Verbe.ACCEPTER)
        demande = decision.demandes[demande_id]
        objection = decision.objections([demande]).get(demande_id, "")
        if objection and not derogation.strip():
            raise Refus(f"{objection} Pour l’accepter malgré tout, écrivez la raison de la dérogation.")
        decision.accepter(demande, auteur, derogation=derogation if objection else "")
        servies = decision.conclure()
        annoncer_decisions([demande, *servies])
    return demande


def accepter_lot(ids: Sequence[int], auteur: Auteur) -> Lot:
    """Accept, in order of arrival, all that the rules accept; the others stay as they are, each with its reason."""
    with transaction_de_places():
        decision = Decision(ids)
        lot = Lot()
        ordre = sorted(decision.demandes.values(), key=lambda d: (d.depose_le or decision.maintenant, d.pk))
        possibles = []
        for demande in ordre:
            if Etat(demande.etat) in TABLE[Verbe.ACCEPTER].depuis:
                possibles.append(demande)
            else:
                lot.laissees[demande.pk] = dire_impossible(demande)
        lot.laissees.update(decision.objections(possibles))
        _accepter_en_ordre(decision, [d for d in possibles if d.pk not in lot.laissees], auteur, lot)
        servies = decision.conclure()
        annoncer_decisions([*lot.acceptees, *servies])
    return lot


def _accepter_en_ordre(decision: Decision, demandes: list[Demande], auteur: Auteur, lot: Lot) -> None:
    """Bookings are made in one go for all (that is what makes a batch quick), the rest one by one."""
    a_reserver = [(d, jour) for d in demandes if d.nature == "reservation" for jour in decision.jours.get(d.pk, [])]
    ouverts = [(d, jour) for d, jour in a_reserver if not jour.ouverture.fermeture]
    possibles = _demandes_entieres(decision, ouverts)
    reserver([(d, jour) for d, jour in ouverts if d.pk in possibles], decision.registre)
    for demande in demandes:
        if demande.nature != "reservation":
            try:
                with transaction.atomic():  # what one sheet cannot do does not undo the others
                    decision.accepter(demande, auteur)
            except Refus as refus:
                lot.laissees[demande.pk] = refus.phrase
                continue
        elif demande.pk in possibles:
            decision.cahier.passer(demande, Verbe.ACCEPTER, auteur)
        else:
            lot.laissees[demande.pk] = "Il n’y a plus de place pour tous les jours demandés."
            continue
        lot.acceptees.append(demande)


def _demandes_entieres(decision: Decision, jours: list[tuple[Demande, JourDemande]]) -> set[int]:
    """The demandes all of whose days can have their places, served in the order given; their places are held on the way."""
    par: dict[int, list[tuple[Demande, JourDemande]]] = {}
    for demande, jour in jours:
        par.setdefault(demande.pk, []).append((demande, jour))
    entieres = set()
    for cle, lignes in par.items():
        if len(lignes) < len(decision.jours[cle]):
            continue
        tenus = []
        for demande, jour in lignes:
            un = besoin(jour, demande)
            detenait = decision.registre.detient(un)
            if not decision.registre.retenir(un):
                break
            if not detenait:
                tenus.append(un)
        else:
            entieres.add(cle)
            continue
        for un in tenus:
            decision.registre.liberer(un)
    return entieres


def refuser(demande_id: int, auteur: Auteur, motif: str) -> Demande:
    """Refuse, with the reason that the family will read. What was held goes to the next in line."""
    with transaction_de_places():
        decision = Decision([demande_id])
        demande = decision.demandes[demande_id]
        decision.verifier(Verbe.REFUSER)
        decision.cahier.passer(demande, Verbe.REFUSER, auteur, motif=motif)
        NATURES[demande.nature].refuser(demande)
        decision.liberer(demande)
        servies = decision.conclure()
        annoncer_decisions([demande, *servies])
    return demande


def mettre_en_attente(demande_id: int, auteur: Auteur, motif: str = "") -> Demande:
    """Put on the waiting list by hand: what it held goes to the others, and only an agent brings it back."""
    with transaction_de_places():
        decision = Decision([demande_id])
        demande = decision.demandes[demande_id]
        if demande.nature != "reservation":
            raise Refus("Seule une réservation se met en liste d’attente.")
        decision.cahier.passer(demande, Verbe.METTRE_EN_ATTENTE, auteur, motif=motif)
        decision.liberer(demande)
        servies = servir(decision.registre, decision.cahier)  # the others first: this is what the agent wants
        jours = decision.jours.get(demande.pk, [])
        a_de_la_place = any(decision.registre.a_de_la_place(besoin(jour, demande)) for jour in jours)
        # A line is for days that are full, for children who have no place there yet: where one still has room, or the child
        # has its place through another demande, only the agent can bring this one back.
        demande.est_en_reserve = a_de_la_place or not rejoindre(decision.registre, demande, jours, est_nouvelle=False)
        decision.conclure()
        annoncer_decisions([demande, *(une for une in servies if une.etat == Etat.ACCEPTEE)])
    return demande


def renvoyer(demande_id: int, auteur: Auteur, motif: str) -> Demande:
    """Send back for correction; what is held stays held while the family corrects, but the line is left."""
    with transaction_de_places():
        decision = Decision([demande_id])
        demande = decision.demandes[demande_id]
        if demande.etat == Etat.LISTE_ATTENTE:  # a place must go to a demande that can take it
            decision.liberer(demande)
        decision.cahier.passer(demande, Verbe.RENVOYER, auteur, motif=motif)
        decision.conclure()
        annoncer_renvoi(demande)
    return demande


def retirer(demande_id: int, auteur: Auteur, famille_id: int, jours: Sequence[int] | None = None) -> Demande:
    """The family takes back a demande that is not decided, or only some of its days. `Introuvable` for another family's."""
    with transaction_de_places():
        # It may be a demande of the cart, which another device is sending: the cart is locked first, as it is there.
        Panier.objects.select_for_update(no_key=True).filter(famille_id=famille_id).first()
        decision = Decision([demande_id])
        demande = decision.demandes[demande_id]
        if demande.famille_id != famille_id:
            raise Introuvable("Cette demande n’existe pas.")
        decision.verifier(Verbe.RETIRER)
        siens = decision.jours.get(demande.pk, [])
        choisis = [jour for jour in siens if jours is None or jour.pk in set(jours)]
        if jours is not None and not choisis:
            raise Introuvable("Ce jour n’est pas dans la demande.")
        if len(choisis) < len(siens):
            demande = detacher(demande, [jour.pk for jour in choisis])
        for jour in choisis:
            decision.registre.liberer(besoin(jour, demande))
        decision.cahier.passer(demande, Verbe.RETIRER, auteur)
        if demande.nature in NATURES:
            NATURES[demande.nature].retirer(demande)
        servies = decision.conclure()
        annoncer_decisions(servies)
    return demande


def _sans_place(demande: Demande, jours: list[JourDemande]) -> str:
    """Which days are full, and what the agent can do: a demande that waits already is not sent to the waiting list."""
    annee = maintenant_().year
    dits = [dire_date(jour.date, annee) for jour in jours[:JOURS_DITS]]
    reste = [compte(len(jours) - JOURS_DITS, "autre jour,autres jours")] if len(jours) > JOURS_DITS else []
    if Etat(demande.etat) is Etat.LISTE_ATTENTE:
        suite = "ajoutez des places, ou laissez-la en liste d’attente, où elle garde son rang."
    else:
        suite = "mettez-la en liste d’attente, refusez-la, ou ajoutez des places."
    return f"Il n’y a plus de place pour la demande {demande.numero} le {enumerer([*dits, *reste])} : {suite}"
