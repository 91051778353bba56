"""The waiting lists as the service reads and changes them: who waits for a day, at which rank and why; moving somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from marelle.activites.models import Activite, Jauge
from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.regles.attente import entre
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Place
from marelle.reservations.places import Registre, ouvrir
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .besoins import ordre_d_arrivee
from .classement import attente_de
from .models import Demande, JourDemande, OffreDePlace, RangAttente
from .passages import Etat
from .rangs import Rang, dire_pourquoi, rangs

ATTENDENT = (Etat.LISTE_ATTENTE, Etat.PROPOSEE)


@dataclass(frozen=True, slots=True)
class JourPlein:
    """A day for which some children wait."""

    activite: Activite
    date: date
    combien: int


@dataclass(frozen=True, slots=True)
class LigneDAttente:
    """One child of the line: its rank and why, or the offer that runs."""

    jour: JourDemande
    rang: Rang | None
    raisons: tuple[str, ...]
    offre: OffreDePlace | None
    se_propose: bool = False

    @property
    def demande(self) -> Demande:
        return self.jour.demande

    @property
    def se_deplace(self) -> bool:
        return self.rang is not None and self.rang.sur > 1


def jours_pleins(activites: Sequence[Activite]) -> list[JourPlein]:
    """The days to come for which somebody waits, in these activities. One query."""
    par_cle = {une.pk: une for une in activites}
    lignes = (
        JourDemande.objects.filter(
            demande__activite__in=list(par_cle), demande__etat__in=ATTENDENT, date__gte=aujourdhui()
        )
        .order_by("date", "demande__activite__nom")
        .values_list("demande__activite", "date")
        .annotate(Count("pk"))
    )
    return [JourPlein(par_cle[cle], jour, combien) for cle, jour, combien in lignes]


def liste_du_jour(activite: Activite, jour: date) -> list[LigneDAttente]:
    """Who waits for that day: the offers that run, then the line. Five queries."""
    jours = list(
        JourDemande.objects.filter(demande__activite=activite, demande__etat__in=ATTENDENT, date=jour)
        .select_related("demande__enfant", "demande__famille", "ouverture__unite", "ouverture__groupe", "rang_attente")
        .prefetch_related("ouverture__jauges")
        .order_by("pk")
    )
    trouves = rangs([un.pk for un in jours])
    offres = {
        une.demande_id: une
        for une in OffreDePlace.objects.filter(
            demande__in={un.demande_id for un in jours}, etat=OffreDePlace.Etat.EN_COURS
        )
    }
    lignes = []
    for un in jours:
        un.demande.activite = activite
        pourquoi = dire_pourquoi(un.demande, un, getattr(un, "rang_attente", None))
        offre = offres.get(un.demande_id)
        se_propose = offre is None and _est_a_proposer(un)
        lignes.append(LigneDAttente(un, trouves.get(un.pk), tuple(pourquoi), offre, se_propose))
    return sorted(lignes, key=_place_dans_la_liste)


def _est_a_proposer(jour: JourDemande) -> bool:
    """The règlement offers its places, and there is one for that day that nobody holds."""
    a_des_offres = attente_de(jour.demande.activite, jour.date, jour.demande.depose_le).offres is not None
    return a_des_offres and all(jauge.restantes > 0 for jauge in jour.ouverture.jauges.all())


def _place_dans_la_liste(ligne: LigneDAttente) -> tuple[str, bool, int, int]:
    groupe = ligne.jour.ouverture.groupe
    rang = ligne.rang.rang if ligne.rang else 10**6  # put aside by an agent: after the line
    return groupe.nom if groupe else "", ligne.offre is None, rang, ligne.jour.pk


def jour_de_la_liste(activite: Activite, jour: date, cle: int) -> int:
    """The key of this jour de demande, which is of that activity and that day; `Introuvable` otherwise."""
    if not JourDemande.objects.filter(pk=cle, demande__activite=activite, date=jour).exists():
        raise Introuvable("Ce jour n’est pas dans cette liste d’attente.")
    return cle


def deplacer(jour_id: int, rang: int, motif: str, agent: Agent) -> Rang:
    """Give a waiting day that rank in its line, with the reason that the family will read; the rank it really has then."""
    if not motif.strip():
        raise Refus("Écrivez la raison : la famille la lira.")
    with transaction_de_places():
        registre = ouvrir(Jauge.objects.filter(ouvertures__jours_demandes=jour_id))
        jour = JourDemande.objects.select_related("demande").get(pk=jour_id)
        file = _file_la_plus_longue(registre, jour)
        avant = next((n for n, ligne in enumerate(file, start=1) if ligne.reference == jour.pk), None)
        if avant is None:
            raise Refus("Cette demande n’attend plus dans la liste : son rang ne change pas.")
        autres = [ligne.ordre for ligne in file if ligne.reference != jour.pk]
        voulu = max(1, min(rang, len(file)))
        cle = entre(autres[voulu - 2] if voulu > 1 else None, autres[voulu - 1] if voulu <= len(autres) else None)
        _forcer(jour, cle, motif.strip(), agent)
        registre.reclasser({jour.pk: cle})
        registre.ecrire()
        noter(agent.compte, "attente.rang", jour.demande, jour=jour.date, avant=avant, apres=voulu, motif=motif.strip())
    return rangs([jour_id])[jour_id]


def _file_la_plus_longue(registre: Registre, jour: JourDemande) -> list[Place]:
    """Those who wait on the fullest moment of that day, in their order."""
    jauges = {cle for cle, _ in registre.lignes} & set(jour.ouverture.jauges.values_list("pk", flat=True))
    files = [
        sorted(
            (une for une in registre.lignes.values() if une.jauge_id == cle and une.etat == Place.Etat.ATTENTE),
            key=lambda une: (une.ordre, une.reference),
        )
        for cle in sorted(jauges)
    ]
    return max(files, key=len, default=[])


def _forcer(jour: JourDemande, cle: int, motif: str, agent: Agent) -> None:
    RangAttente.objects.get_or_create(jour=jour, defaults={"arrivee": ordre_d_arrivee(jour.demande.depose_le)})
    RangAttente.objects.filter(jour=jour).update(
        place_forcee=cle, motif=motif, par_nom=str(agent), modifie_le=maintenant()
    )
