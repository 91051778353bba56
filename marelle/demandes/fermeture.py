"""Closing days: bookings become « annulées par le centre », demandes are refused with the reason, each family is told once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from marelle.activites.models import Centre, Fermeture, Jauge, Ouverture
from marelle.comptes.models import Agent
from marelle.courriels.service import ecrire
from marelle.familles.selection import adresses_de
from marelle.journal.service import noter
from marelle.regles.phrases import dire_date
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.reservations.places import Registre, ouvrir
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui
from marelle.socle.horloge import maintenant as maintenant_

from .attente import servir
from .besoins import besoin, jours_complets
from .courrier import annoncer_decisions
from .models import Demande, Envoi, JourDemande
from .passages import EN_COURS, Acteur, Etat, Verbe
from .passer import Auteur, Cahier, detacher


@dataclass
class Bilan:
    """What a closure did."""

    fermeture: Fermeture
    jours: int = 0
    reservations: int = 0
    demandes: int = 0
    familles: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Touches:
    """What a closure would undo."""

    jours: int
    reservations: int
    demandes: int
    familles: int


def touches(centre: Centre | None, debut: date, fin: date) -> Touches:
    """What closing these days would undo as things are now: read before it is confirmed, since it does not come back."""
    ouvertures = _a_fermer(centre, max(debut, aujourdhui()), fin)
    reservations = Reservation.objects.filter(ouverture__in=ouvertures, etat=Reservation.Etat.RESERVEE)
    demandes = Demande.objects.filter(jours__ouverture__in=ouvertures, etat__in=EN_COURS).distinct()
    familles = set(reservations.values_list("famille_id", flat=True)) | set(
        demandes.filter(nature="reservation").values_list("famille_id", flat=True)
    )
    jours = ouvertures.values("date").distinct().count()
    return Touches(jours, reservations.count(), demandes.count(), len(familles))


def _a_fermer(centre: Centre | None, debut: date, fin: date) -> QuerySet[Ouverture]:
    ouvertes = Ouverture.objects.filter(date__range=(debut, fin), fermeture="")
    return ouvertes if centre is None else ouvertes.filter(activite__centre=centre)


def fermer(centre: Centre | None, debut: date, fin: date, motif: str, auteur: Auteur) -> Bilan:
    """Close every activity of a centre (of all without one) on these days, both ends included, past days excepted.

    One transaction and one e-mail per household. Raises `Refus` when nothing is open then, or for days that are past.
    """
    debut = max(debut, aujourdhui())
    if fin < debut:
        raise Refus("Ces jours sont passés : une fermeture se déclare pour aujourd’hui ou plus tard.")
    with transaction_de_places():
        cles = list(_a_fermer(centre, debut, fin).order_by("pk").values_list("pk", flat=True))
        if not cles:
            raise Refus("Rien n’est ouvert ces jours-là : vérifiez les dates.")
        fermeture = Fermeture.objects.create(centre=centre, debut=debut, fin=fin, motif=motif)
        noter(auteur.compte, "activite.fermeture", fermeture, debut=debut, fin=fin, motif=motif)
        return _Fermeur(cles, motif, auteur).fermer(Bilan(fermeture))


def rouvrir(fermeture: Fermeture, agent: Agent) -> int:
    """Open again the days that this closure closed (another closure may still hold some). Bookings do not come back."""
    with transaction_de_places():
        concernees = Ouverture.objects.filter(
            date__range=(max(fermeture.debut, aujourdhui()), fermeture.fin), fermeture=fermeture.motif
        )
        if fermeture.centre_id is not None:
            concernees = concernees.filter(activite__centre=fermeture.centre_id)
        nombre = concernees.update(fermeture="")
        noter(agent.compte, "activite.reouverture", fermeture, debut=fermeture.debut, fin=fermeture.fin)
        fermeture.delete()
    return nombre


class _Fermeur:
    """One closure, step by step, inside its transaction."""

    def __init__(self, ouvertures: Sequence[int], motif: str, auteur: Auteur) -> None:
        self.ouvertures, self.motif, self.auteur = ouvertures, motif, auteur
        self.cahier = Cahier(maintenant_())
        jauges = Jauge.objects.filter(ouvertures__in=ouvertures).values_list("pk", flat=True)
        self.registre: Registre = ouvrir(set(jauges))  # everybody: a child may book until the lock is taken
        self.lignes: dict[int, list[str]] = {}

    def fermer(self, bilan: Bilan) -> Bilan:
        bilan.jours = Ouverture.objects.filter(pk__in=self.ouvertures).values("date").distinct().count()
        Ouverture.objects.filter(pk__in=self.ouvertures).update(fermeture=self.motif)
        bilan.demandes = self._repondre_aux_demandes()
        bilan.reservations = self._annuler()
        servies = servir(self.registre, self.cahier)
        self.registre.ecrire()
        self.cahier.ecrire()
        bilan.familles = set(self.lignes)
        self._prevenir()
        annoncer_decisions([une for une in servies if une.etat == Etat.ACCEPTEE])
        return bilan

    def _annuler(self) -> int:
        """What is booked is cancelled by the centre, through one demande per child and activity, made and accepted here."""
        reservations = list(
            Reservation.objects.filter(ouverture__in=self.ouvertures, etat=Reservation.Etat.RESERVEE)
            .select_related("enfant", "activite", "famille", "ouverture__unite")
            .order_by("famille_id", "enfant_id", "activite_id", "date")
        )
        par_demande: dict[tuple[int, int, int], list[Reservation]] = {}
        for une in reservations:
            par_demande.setdefault((une.famille_id, une.enfant_id, une.activite_id), []).append(une)
        self._deposer(par_demande)
        cles = [une.pk for une in reservations]
        Reservation.objects.filter(pk__in=cles).update(etat=Reservation.Etat.ANNULEE_CENTRE, motif=self.motif[:200])
        self.registre.rendre(cles)
        for une in reservations:
            self._dire(une.famille_id, une.date, f"{une.enfant.prenom}, {une.activite.nom} : réservation annulée")
        return len(reservations)

    def _deposer(self, par_demande: dict[tuple[int, int, int], list[Reservation]]) -> None:
        instant = self.cahier.maintenant
        familles = sorted({famille for famille, _, _ in par_demande})
        envois = Envoi.objects.bulk_create(
            Envoi(famille_id=famille, par=self.auteur.compte, depose_le=instant, jeton=uuid.uuid4())
            for famille in familles
        )
        envoi_de = dict(zip(familles, envois, strict=True))
        demandes = Demande.objects.bulk_create(
            Demande(
                famille_id=famille,
                envoi=envoi_de[famille],
                nature="annulation",
                enfant_id=enfant,
                activite_id=activite,
                etat=Etat.RETIREE,
                origine=Acteur.AGENT.value,
                depose_le=instant,
            )
            for famille, enfant, activite in par_demande
        )
        JourDemande.objects.bulk_create(
            (
                JourDemande(demande=demande, ouverture_id=une.ouverture_id, date=une.date, reservation=une)
                for demande, siennes in zip(demandes, par_demande.values(), strict=True)
                for une in siennes
            ),
            batch_size=500,
        )
        for demande in demandes:
            demande.etat = Etat.PANIER
            self.cahier.passer(demande, Verbe.DEPOSER, self.auteur)
            self.cahier.passer(demande, Verbe.ACCEPTER, self.auteur, motif=self.motif)
            del self.cahier.demandes[demande.pk]  # all alike: written below in one statement
        Demande.objects.filter(pk__in=[une.pk for une in demandes]).update(
            etat=Etat.ACCEPTEE, motif=self.motif, decide_le=instant
        )

    def _repondre_aux_demandes(self) -> int:
        """Days asked are refused with the reason (days asked to be cancelled are: they will be); the other days stay asked."""
        jours = jours_complets(
            JourDemande.objects.filter(ouverture__in=self.ouvertures, demande__etat__in=EN_COURS).select_related(
                "demande__famille", "demande__envoi"
            )
        )
        demandes = {
            une.pk: une
            for une in Demande.objects.select_for_update(of=("self",), no_key=True)
            .select_related("famille", "enfant", "activite", "envoi")
            .filter(pk__in={jour.demande_id for jour in jours})
            .order_by("pk")
        }
        totaux = _nombres_de_jours(demandes)
        for cle, demande in demandes.items():
            siens = [jour for jour in jours if jour.demande_id == cle]
            self._repondre(demande, siens, entiere=len(siens) == totaux[cle])
        return len(demandes)

    def _repondre(self, demande: Demande, jours: list[JourDemande], *, entiere: bool) -> None:
        touchee = demande if entiere else detacher(demande, [jour.pk for jour in jours])
        for jour in jours:
            self.registre.liberer(besoin(jour, demande))
            if demande.nature == "reservation" and demande.enfant is not None:
                self._dire(demande.famille_id, jour.date, f"{demande.enfant.prenom} : demande refusée")
        phrase = f"Le centre est fermé : {self.motif}."
        if demande.etat == Etat.A_CORRIGER or demande.nature == "absence":  # nothing is left to be absent from
            self.cahier.passer(touchee, Verbe.RETIRER, self.auteur, motif=phrase)
        elif demande.nature == "annulation":
            self.cahier.passer(touchee, Verbe.ACCEPTER, self.auteur, motif=phrase)
        else:
            self.cahier.passer(touchee, Verbe.REFUSER, self.auteur, motif=phrase)

    def _dire(self, famille_id: int, jour: date, texte: str) -> None:
        self.lignes.setdefault(famille_id, []).append(f"{dire_date(jour, aujourdhui().year)}, {texte}")

    def _prevenir(self) -> None:
        adresses = adresses_de(self.lignes)
        lien = settings.BASE_URL + reverse("espace_famille:demandes")
        for famille_id, lignes in self.lignes.items():
            contexte = {"motif": self.motif, "lignes": lignes, "lien": lien}
            ecrire("fermeture", adresses.get(famille_id, []), contexte, dossier=f"famille:{famille_id}")


def _nombres_de_jours(demandes: Iterable[int]) -> dict[int, int]:
    nombres: dict[int, int] = {}
    for cle in JourDemande.objects.filter(demande__in=list(demandes)).values_list("demande_id", flat=True):
        nombres[cle] = nombres.get(cle, 0) + 1
    return nombres
