"""Sending the cart: one transaction, each day examined again on locked places, one receipt, posted twice sent once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from marelle.collectivite.identite import reglement
from marelle.familles.models import Famille
from marelle.regles.situation import Action
from marelle.regles.verdict import Issue, Option, Verdict
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.reservations.places import Besoin
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant as maintenant_

from . import bus
from .absences import declarer, est_declarable
from .attente import est_automatique, servir
from .besoins import annuler, besoin, par_demande, reserver, verrouiller
from .classement import rejoindre
from .contexte import ACTIONS, Examen, a_un_maximum, dates_deja, est_de_l_age, jour_ouvert
from .courrier import annoncer_decisions, annoncer_depot
from .dossier import PAS_A_VOUS, etats_des_dossiers
from .ensemble import jours_perdus, marquer_l_envoi
from .models import Demande, Envoi, JourDemande, Panier
from .passages import Acteur, Etat, Verbe
from .passer import REGLE, Auteur, Cahier


@dataclass(frozen=True, slots=True)
class JourRefuse:
    """A day that stays in the cart, and why."""

    jour: JourDemande
    verdict: Verdict


@dataclass
class Depot:
    """What became of a cart: the receipt (None when nothing could be sent), and the days that stay with their reasons."""

    envoi: Envoi | None
    refuses: list[JourRefuse] = field(default_factory=list)
    est_nouveau: bool = True


def panier_de(famille: Famille) -> Panier:
    """The household's cart, made at first use."""
    panier = Panier.objects.filter(famille=famille).first()
    if panier is None:
        panier, _ = Panier.objects.get_or_create(famille=famille, defaults={"jeton": uuid.uuid4()})
    return panier


def deposer_panier(
    famille: Famille, jeton: uuid.UUID, auteur: Auteur, *, seulement: Collection[int] | None = None
) -> Depot:
    """Send what the cart holds. What the rules refuse stays in it, with the reason; the same `jeton` twice, the same receipt.

    `seulement`: these jours de demande and no other, for screens that send what they show; the rest stays in the cart.

    Raises `Refus` when the cart has been emptied or sent meanwhile under another jeton.
    """
    with transaction_de_places():
        # Changing the jeton is both the lock of the cart and the proof that it is this one that is being sent.
        if not Panier.objects.filter(famille=famille, jeton=jeton).update(jeton=uuid.uuid4()):
            return _deja_envoye(famille, jeton)
        return _Envoyeur(famille, jeton, auteur, seulement).envoyer()


def _deja_envoye(famille: Famille, jeton: uuid.UUID) -> Depot:
    envoi = Envoi.objects.filter(famille=famille, jeton=jeton).first()
    if envoi is None:
        raise Refus("Votre panier a changé sur un autre appareil : relisez-le, puis validez.")
    return Depot(envoi, est_nouveau=False)


class _Envoyeur:
    """One sending, step by step, inside its transaction."""

    def __init__(
        self, famille: Famille, jeton: uuid.UUID, auteur: Auteur, seulement: Collection[int] | None = None
    ) -> None:
        self.famille, self.jeton, self.auteur = famille, jeton, auteur
        self.seulement = seulement
        self.entamees: set[int] = set()  # demandes of the cart of which other days stay in it
        self.demandees: set[tuple[int, int]] = set()  # jauge and child of the days of this cart that are sent
        self.maintenant: datetime = maintenant_()
        self.cahier = Cahier(self.maintenant)
        self.refuses: list[JourRefuse] = []
        self.envoyees: list[Demande] = []
        self.jours: dict[int, list[JourDemande]] = {}

    def envoyer(self) -> Depot:
        au_panier = JourDemande.objects.filter(
            demande__famille=self.famille, demande__etat=Etat.PANIER, demande__nature__in=list(ACTIONS)
        )
        if self.seulement is not None:
            laisses = au_panier.exclude(pk__in=self.seulement)
            self.entamees = set(laisses.order_by().values_list("demande_id", flat=True).distinct())
            au_panier = au_panier.filter(pk__in=self.seulement)
        self.registre, jours = verrouiller(au_panier)
        if not jours:
            raise Refus("Votre panier est vide : choisissez d’abord des jours dans le calendrier.")
        self._lire_dossiers(jours)
        envoi = Envoi(famille=self.famille, par=self.auteur.compte, depose_le=self.maintenant, jeton=self.jeton)
        decisions = [self._examiner(liste[0].demande, liste) for liste in par_demande(jours).values()]
        self._tenir_ensemble(decisions)
        if any(issue is not Issue.REFUSER for groupes in decisions for issue in groupes):
            envoi.save(force_insert=True)
            for groupes in decisions:
                self._deposer(envoi, groupes)
            self._conclure(envoi)
            return Depot(envoi, self.refuses)
        for groupes in decisions:
            self._garder(groupes)
        return Depot(None, self.refuses)

    def _lire_dossiers(self, jours: Sequence[JourDemande]) -> None:
        enfants = {jour.demande.enfant_id for jour in jours if jour.demande.enfant_id}
        self.dossiers = etats_des_dossiers(self.famille, enfants)
        compte = any(
            jour.demande.activite and a_un_maximum(jour.demande.activite, action, jour.date, self.maintenant)
            for jour in jours
            for action in [ACTIONS[jour.demande.nature]]
        )
        self.deja = dates_deja(enfants) if compte else {}

    def _examiner(
        self, demande: Demande, jours: list[JourDemande]
    ) -> dict[Issue, list[tuple[Demande, JourDemande, Verdict]]]:
        """The days of a cart's demande, by what happens to them; places are taken as one goes, so that they are told truly."""
        action = ACTIONS[demande.nature]
        assert demande.activite is not None
        assert demande.enfant_id is not None
        demande.depose_le = self.maintenant
        examen = Examen(
            demande.activite,
            self.maintenant,
            self.dossiers[demande.enfant_id].manques,
            {action: self.deja.get((demande.enfant_id, demande.activite.pk, action), frozenset())},
            par_agent=self.auteur.acteur == Acteur.AGENT,
        )
        retient = demande.activite.retient_places
        ouverts = [
            jour_ouvert(
                jour.ouverture,
                self.registre.jauges,
                retient=retient,
                a_soi=int(self.registre.detient(besoin(jour, demande))),
            )
            for jour in jours
        ]
        verdicts = examen.jours(action, ouverts)
        groupes: dict[Issue, list[tuple[Demande, JourDemande, Verdict]]] = {}
        for jour, verdict in zip(jours, verdicts, strict=True):
            final = self._verdict_final(demande, jour, action, verdict)
            if action is Action.RESERVER and final.issue is not Issue.REFUSER:
                self.demandees |= _places(besoin(jour, demande))
            groupes.setdefault(final.issue, []).append((demande, jour, final))
        return groupes

    def _verdict_final(self, demande: Demande, jour: JourDemande, action: Action, verdict: Verdict) -> Verdict:
        """The rule's verdict, then what only the database knows: the booking to cancel, the child's other places, the hold."""
        assert demande.activite is not None
        if verdict.issue is Issue.REFUSER:
            return verdict
        if not self.dossiers[demande.enfant_id or 0].peut_reserver:
            return _refus("famille.rattachement", PAS_A_VOUS)
        if action is Action.ANNULER:
            return verdict if _est_annulable(jour) else _refus("annulation.deja", DEJA_ANNULEE)
        if action is Action.DECLARER_ABSENCE:
            return verdict if est_declarable(jour) else _refus("absence.deja", DEJA_ABSENTE)
        if demande.enfant is not None and not est_de_l_age(demande.enfant, jour.ouverture, demande.activite):
            return _refus("activite.age", "Cette activité ne reçoit pas les enfants de cet âge ce jour-là.")
        if phrase := bus.objection(jour, demande, self.registre):
            return Verdict(Issue.REFUSER, "transport", phrase, option=Option.AUTRE_CHOIX)
        un = besoin(jour, demande)
        if self.registre.est_pris_ailleurs(un) or self.demandees & _places(un):
            return _refus("places.double", DEJA_DEMANDEE)
        if verdict.issue is Issue.LISTE_ATTENTE:
            return verdict
        if not demande.activite.retient_places and not est_automatique(demande, verdict.issue):
            return verdict
        if self.registre.retenir(un):
            return verdict
        if reglement().version_du(jour.date, self.maintenant).liste_attente(demande.activite.code):
            return Verdict(
                Issue.LISTE_ATTENTE, "places", "Le jour est complet : la demande rejoint la liste d’attente."
            )
        return _refus("places", "Le jour vient de se remplir : choisissez un autre jour.")

    def _tenir_ensemble(self, decisions: list[dict[Issue, list[tuple[Demande, JourDemande, Verdict]]]]) -> None:
        """« Ensemble sinon rien »: what one child cannot have stays in the cart for all, and the places are given back."""
        perdus = jours_perdus(ligne for groupes in decisions for lignes in groupes.values() for ligne in lignes)
        for groupes in decisions if perdus else ():
            lignes = [ligne for liste in groupes.values() for ligne in liste]
            groupes.clear()
            for demande, jour, verdict in lignes:
                final = perdus.get(jour.pk, verdict)
                if jour.pk in perdus and jour.retenu_jusquau is None:
                    self.registre.liberer(besoin(jour, demande))
                groupes.setdefault(final.issue, []).append((demande, jour, final))

    def _deposer(self, envoi: Envoi, groupes: dict[Issue, list[tuple[Demande, JourDemande, Verdict]]]) -> None:
        """One demande per answer: the cart's own for the first group when nothing stays in the cart."""
        self._garder(groupes)
        reste = bool(groupes.get(Issue.REFUSER))
        reste = reste or any(demande.pk in self.entamees for lignes in groupes.values() for demande, _, _ in lignes[:1])
        for issue in (Issue.ACCEPTER, Issue.INSTRUIRE, Issue.LISTE_ATTENTE):
            lignes = groupes.get(issue)
            if not lignes:
                continue
            demande = lignes[0][0]
            if reste:
                demande = self._nouvelle(demande, [jour for _, jour, _ in lignes])
            reste = True
            self._envoyer_un_groupe(envoi, demande, issue, lignes)

    def _nouvelle(self, modele: Demande, jours: list[JourDemande]) -> Demande:
        fille = Demande(
            famille=self.famille,
            nature=modele.nature,
            enfant=modele.enfant,
            activite=modele.activite,
            etat=Etat.RETIREE,  # outside the cart's unique constraint for the time of this transaction
            origine=modele.origine,
            depose_le=self.maintenant,
            ensemble=modele.ensemble,
        )
        fille.save(force_insert=True)
        JourDemande.objects.filter(pk__in=[jour.pk for jour in jours]).update(demande=fille)
        fille.etat = Etat.PANIER
        return fille

    def _envoyer_un_groupe(
        self, envoi: Envoi, demande: Demande, issue: Issue, lignes: list[tuple[Demande, JourDemande, Verdict]]
    ) -> None:
        jours = [jour for _, jour, _ in lignes]
        demande.envoi, demande.depose_le = envoi, self.maintenant
        demande.origine = self.auteur.acteur.value
        demande.verdict = _en_json(lignes[0][2])
        self.cahier.passer(demande, Verbe.DEPOSER, self.auteur)
        self.envoyees.append(demande)
        self.jours[demande.pk] = jours
        if issue is Issue.LISTE_ATTENTE:
            self.cahier.passer(demande, Verbe.METTRE_EN_ATTENTE, REGLE)
            rejoindre(self.registre, demande, jours)
        elif est_automatique(demande, issue):
            self._accepter(demande, jours)

    def _accepter(self, demande: Demande, jours: list[JourDemande]) -> None:
        if demande.nature == "annulation":
            annuler(jours, self.registre)
        elif demande.nature == "absence":
            declarer(jours, demande, self.registre)
        elif manquants := reserver([(demande, jour) for jour in jours], self.registre):
            raise AssertionError(f"places examined but not taken: {manquants}")
        self.cahier.passer(demande, Verbe.ACCEPTER, REGLE)

    def _garder(self, groupes: dict[Issue, list[tuple[Demande, JourDemande, Verdict]]]) -> None:
        for _, jour, verdict in groupes.get(Issue.REFUSER, []):
            self.refuses.append(JourRefuse(jour, verdict))

    def _conclure(self, envoi: Envoi) -> None:
        servies = servir(self.registre, self.cahier)
        self.registre.ecrire()
        self.cahier.ecrire()
        marquer_l_envoi(self.envoyees, self.jeton)
        annoncer_depot(envoi, self.envoyees, self.jours)
        annoncer_decisions([demande for demande in servies if demande.etat == Etat.ACCEPTEE])


DEJA_ANNULEE = "Cette réservation est déjà annulée : retirez-la du panier."
DEJA_ABSENTE = "Ce jour n’est plus réservé, ou l’absence est déjà déclarée."
DEJA_DEMANDEE = "L’enfant a déjà une réservation ou une demande à ce moment de la journée : retirez ce jour du panier."


def _places(un: Besoin) -> set[tuple[int, int]]:
    return {(cle, un.enfant_id) for cle in un.jauges}


def _est_annulable(jour: JourDemande) -> bool:
    return jour.reservation is not None and jour.reservation.etat == Reservation.Etat.RESERVEE


def _refus(clause: str, phrase: str) -> Verdict:
    return Verdict(Issue.REFUSER, clause, phrase, option=Option.AUTRE_JOUR)


def _en_json(verdict: Verdict) -> dict[str, str]:
    return {
        "issue": verdict.issue.value,
        "clause": verdict.clause,
        "phrase": verdict.phrase,
        "limite": verdict.limite.isoformat() if verdict.limite else "",
        "regime": verdict.regime,
    }
