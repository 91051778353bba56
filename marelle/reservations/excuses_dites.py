"""The service excuses days for all: who is concerned before it says so, saying it, ending it sooner, taking it back.

Nothing is erased: what was billed meanwhile comes right with the next run."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from marelle.activites.gestion import activites_de
from marelle.activites.models import Activite, Unite
from marelle.comptes.models import Agent
from marelle.courriels.service import ecrire
from marelle.familles.selection import adresses_de
from marelle.journal.service import noter
from marelle.regles.phrases import dire_date
from marelle.regles.presences import Excuse
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.tarification.identite import tarifs

from .excuses import Portee, jour_dit, motifs_des_jours, phrase_de, plats
from .models import ExcuseCollective, Reservation

EN_ARRIERE = timedelta(days=400)  # billing does not look further back
AU_PLUS = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Saisie:
    """What an agent says. Empty `unites`, `ecoles`, `classes`: all."""

    motif: str
    debut: date
    fin: date
    activites: Sequence[Activite]
    unites: Sequence[str] = ()
    ecoles: Sequence[str] = ()
    classes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Apercu:
    """The bookings that an excuse is about."""

    reservations: Sequence[Reservation]

    @property
    def enfants(self) -> int:
        return len({une.enfant_id for une in self.reservations})

    @property
    def familles(self) -> int:
        return len({une.famille_id for une in self.reservations})

    @property
    def jours(self) -> int:
        """Booked days: two children on the same day are two."""
        return len(self.reservations)

    @property
    def empreinte(self) -> str:
        """What has been read; another one means that bookings, or what is said, have changed since."""
        return sha256(",".join(str(une.pk) for une in self.reservations).encode()).hexdigest()[:16]


def collectives_de(activites: Iterable[Activite], jour: date) -> dict[str, Excuse]:
    """What the tariffs of that day let the service excuse for all in some of these activities, by reason."""
    lus = tarifs()
    if lus is None:
        return {}
    toutes = (une for activite in activites for une in lus.excuses_de(activite.code, jour))
    return {une.motif: une for une in toutes if une.est_collective}


def peut_excuser() -> bool:
    """Whether the tariffs of the collectivité let the service excuse days for all."""
    lus = tarifs()
    return lus is not None and lus.a_des_excuses_collectives


def activites_excusables(agent: Agent) -> list[Activite]:
    """The activities of this agent's centres whose tariffs know a collective excuse today."""
    jour = aujourdhui()
    return [une for une in activites_de(agent) if collectives_de([une], jour)]


def accueils_de(activites: Sequence[Activite]) -> dict[str, str]:
    """The unités of these activities, each code once, with its name."""
    lues = Unite.objects.filter(activite__in=activites).order_by("ordre", "pk").values_list("code", "nom")
    noms: dict[str, str] = {}
    for code, nom in lues:
        noms.setdefault(code, nom)
    return noms


def apercu(saisie: Saisie) -> Apercu:
    """Who is booked on these days and would be excused. Raises `Refus` for what the tariffs do not say."""
    _exiger(saisie)
    portee = Portee(
        saisie.motif, saisie.debut, saisie.fin, frozenset(une.pk for une in saisie.activites), frozenset(saisie.unites),
        plats(saisie.ecoles), plats(saisie.classes),
    )  # fmt: skip
    return Apercu(_reservees(portee))


def _exiger(saisie: Saisie) -> None:
    if saisie.fin < saisie.debut:
        raise Refus("La date de fin vient avant la date de début : inversez-les.")
    if saisie.fin - saisie.debut > AU_PLUS:
        raise Refus("C’est trop long : une excuse dure une année au plus.")
    if saisie.debut < aujourdhui() - EN_ARRIERE:
        raise Refus("Ces jours sont trop anciens pour être facturés de nouveau : faites un avoir à chaque famille.")
    if not saisie.activites:
        raise Refus("Choisissez au moins une activité.")
    muettes = [
        une.nom
        for une in saisie.activites
        if any(saisie.motif not in collectives_de([une], jour) for jour in (saisie.debut, saisie.fin))
    ]
    if muettes:
        raise Refus(
            f"Les tarifs de ces jours n’excusent pas ce motif pour {', '.join(muettes)} : décochez ces activités."
        )


def _reservees(portee: Portee) -> list[Reservation]:
    choisies = Reservation.objects.filter(
        activite__in=portee.activites, date__range=(portee.debut, portee.fin), etat=Reservation.Etat.RESERVEE
    )
    lues = list(choisies.select_related("enfant", "activite", "ouverture__unite").order_by("date", "enfant_id", "pk"))
    vises = motifs_des_jours([jour_dit(une) for une in lues], [portee])
    return [une for une in lues if jour_dit(une) in vises]


@transaction.atomic
def dire(agent: Agent, saisie: Saisie, jeton: uuid.UUID, vu: str, *, prevenir: bool) -> tuple[ExcuseCollective, Apercu]:
    """Excuse these days, and tell the households that are booked. Posted twice, it is said once.

    Raises `Refus`, and says nothing, when who is concerned is no longer what the agent has read (`vu`)."""
    concernes = apercu(saisie)
    if (deja := ExcuseCollective.objects.filter(jeton=jeton).first()) is not None:
        return deja, concernes
    if concernes.empreinte != vu:
        raise Refus("Les réservations de ces jours ont changé : relisez qui est concerné, puis confirmez.")
    excuse = collectives_de(saisie.activites, saisie.debut)[saisie.motif]
    une, est_neuve = ExcuseCollective.objects.get_or_create(
        jeton=jeton,
        defaults={
            "motif": excuse.motif, "nom": excuse.nom[:120], "debut": saisie.debut, "fin": saisie.fin,
            "unites": list(saisie.unites), "ecoles": list(saisie.ecoles), "classes": list(saisie.classes),
            "est_annoncee": prevenir, "dite_le": maintenant(), "dite_par": agent,
        },
    )  # fmt: skip
    if est_neuve:
        une.activites.set(saisie.activites)
        _noter(agent, "excuse.dite", une, enfants=concernes.enfants, jours=concernes.jours)
        if prevenir:
            _prevenir("excuse", une, concernes.reservations)
    return une, concernes


def excuses_de(agent: Agent) -> list[ExcuseCollective]:
    """Those of the last year that are about this agent's centres, the latest first; those taken back too."""
    depuis = aujourdhui() - EN_ARRIERE
    siennes = ExcuseCollective.objects.filter(fin__gte=depuis, activites__in=activites_de(agent).order_by()).distinct()
    lues = siennes.select_related("dite_par__compte", "annulee_par__compte").prefetch_related("activites__centre")
    return list(lues.order_by("-debut", "-pk"))


def une_excuse(agent: Agent, cle: int) -> ExcuseCollective:
    """One that stands, all of whose activities are this agent's; `Introuvable` otherwise."""
    une = ExcuseCollective.objects.filter(pk=cle).prefetch_related("activites").first()
    siennes = set(activites_de(agent).order_by().values_list("pk", flat=True))
    if une is None or not {la.pk for la in une.activites.all()} <= siennes:
        raise Introuvable("Cette excuse n’existe pas.")
    return une


@transaction.atomic
def finir(agent: Agent, cle: int, fin: date) -> ExcuseCollective:
    """The strike ends sooner: `fin` is its last day now. The households whose days are no longer excused are told, when the
    excuse had been announced. Raises `Refus` when that is not sooner."""
    une = _verrouiller(agent, cle)
    if not une.debut <= fin < une.fin:
        raise Refus("Donnez un dernier jour entre le premier de l’excuse et la veille de sa fin.")
    avant, rendues = une.fin, _reservees(_portee(une, depuis=fin + timedelta(days=1)))
    une.fin = fin
    une.save(update_fields=["fin"])
    _noter(agent, "excuse.finie", une, avant=avant)
    _prevenir_la_fin(une, rendues)
    return une


@transaction.atomic
def annuler(agent: Agent, cle: int, raison: str) -> ExcuseCollective:
    """It was a mistake, or did not happen: the days are billed as any other. Raises `Refus` without a reason."""
    une = _verrouiller(agent, cle)
    if not raison.strip():
        raise Refus("Dites pourquoi cette excuse est annulée : le journal le garde.")
    rendues = _reservees(_portee(une))
    une.annulee_le, une.annulee_par, une.annulation = maintenant(), agent, raison.strip()[:200]
    une.save(update_fields=["annulee_le", "annulee_par", "annulation"])
    _noter(agent, "excuse.annulee", une, raison=une.annulation)
    _prevenir_la_fin(une, rendues)
    return une


def _verrouiller(agent: Agent, cle: int) -> ExcuseCollective:
    une_excuse(agent, cle)
    une = ExcuseCollective.objects.select_for_update(no_key=True).get(pk=cle)
    if une.annulee_le is not None:
        raise Refus("Cette excuse est déjà annulée.")
    return une


def _portee(une: ExcuseCollective, depuis: date | None = None) -> Portee:
    la = Portee.de(une, une.activites.order_by("pk").values_list("pk", flat=True))
    return la if depuis is None else replace(la, debut=depuis)


def _noter(agent: Agent, action: str, une: ExcuseCollective, **details: Any) -> None:
    codes = list(une.activites.order_by("pk").values_list("code", flat=True))
    ou = {"activites": codes, "unites": une.unites, "ecoles": une.ecoles, "classes": une.classes}
    dits = {cle: ", ".join(valeurs) for cle, valeurs in ou.items() if valeurs}
    noter(agent.compte, action, une, motif=une.motif, debut=une.debut, fin=une.fin, **dits, **details)


def _prevenir_la_fin(une: ExcuseCollective, rendues: Sequence[Reservation]) -> None:
    """Only of days to come: what is past is told by the invoice."""
    if une.est_annoncee:
        _prevenir("excuse_finie", une, [la for la in rendues if la.date >= aujourdhui()])


def _prevenir(gabarit: str, une: ExcuseCollective, reservations: Sequence[Reservation]) -> None:
    """One e-mail per household, with its days."""
    par_famille: dict[int, list[Reservation]] = {}
    for la in reservations:
        par_famille.setdefault(la.famille_id, []).append(la)
    adresses = adresses_de(par_famille)
    lien = settings.BASE_URL + reverse("espace_famille:mon_calendrier")
    for famille, siennes in par_famille.items():
        contexte = {
            "nom": une.nom,
            "phrases": list(dict.fromkeys(filter(None, (phrase_de(la, une.motif) for la in siennes)))),
            "lignes": [f"{dire_date(la.date)} : {la.enfant.prenom}, {la.activite.nom}" for la in siennes],
            "lien": lien,
        }
        ecrire(gabarit, adresses.get(famille, []), contexte, dossier=f"famille:{famille}")
