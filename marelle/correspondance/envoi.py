"""Sending a message: the household writes or answers, the service writes or answers. One transaction, once per page.

Locks: the household's row, then the thread's. What is sent is never changed afterwards.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.comptes.models import Agent, Compte
from marelle.courriels.service import ecrire
from marelle.demandes.courrier import destinataires
from marelle.demandes.models import Demande
from marelle.demandes.passer import Auteur
from marelle.familles.models import Enfant, Famille
from marelle.journal.service import noter
from marelle.pieces.televersement import Recu
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import heure
from marelle.socle.horloge import PARIS, dans, maintenant

from .models import Ecrivain, Fil, Message
from .pieces_jointes import fichiers_de_la_transaction, joindre

PAR_HEURE = 10  # messages that one household may send in an hour


class TropDeMessages(Refus):
    """The household has written a lot within the hour."""

    statut = 429


@dataclass(frozen=True, slots=True)
class Ecrit:
    """What somebody sends. The same `jeton` twice is the same message."""

    texte: str
    jeton: uuid.UUID
    recus: Sequence[Recu] = ()


@dataclass(frozen=True, slots=True)
class Propos:
    """What a new thread is about. `sujet` is a code of the collectivité's list."""

    objet: str
    sujet: str = ""
    enfant: Enfant | None = None
    demande: Demande | None = None


def ecrire_au_service(famille: Famille, propos: Propos, ecrit: Ecrit, auteur: Auteur) -> Fil:
    """A new thread of the household. Raises `TropDeMessages`, `FichierRefuse`, `RangementImpossible`."""
    with fichiers_de_la_transaction() as fichiers:
        Famille.objects.select_for_update().get(pk=famille.pk)
        if (deja := _deja(ecrit, famille, Ecrivain.FAMILLE)) is not None:
            return deja
        _freiner(famille)
        fil = _nouveau(famille, propos, Ecrivain.FAMILLE)
        message = _message(fil, Ecrivain.FAMILLE, ecrit, auteur.compte, auteur.nom)
        joindre(message, ecrit.recus, fichiers)
    return fil


def repondre_au_service(famille: Famille, fil_id: int, ecrit: Ecrit, auteur: Auteur) -> Fil:
    """The household goes on in its thread, which opens again if it was closed."""
    with fichiers_de_la_transaction() as fichiers:
        Famille.objects.select_for_update().get(pk=famille.pk)
        fil = Fil.objects.select_for_update().filter(pk=fil_id, famille=famille).first()
        if fil is None:
            raise Introuvable("Ce message n’existe pas.")
        if (deja := _deja(ecrit, famille, Ecrivain.FAMILLE)) is not None:
            return deja
        _freiner(famille)
        message = _message(fil, Ecrivain.FAMILLE, ecrit, auteur.compte, auteur.nom)
        fil.attend_depuis = fil.attend_depuis or message.quand
        fil.clos_le, fil.dernier_le = None, message.quand
        fil.save(update_fields=["attend_depuis", "clos_le", "dernier_le"])
        joindre(message, ecrit.recus, fichiers)
    return fil


def ecrire_a_la_famille(famille: Famille, propos: Propos, ecrit: Ecrit, agent: Agent) -> Fil:
    """A new thread opened by the service; the household is told that it has a message. Raises `Refus` when it is archived."""
    with fichiers_de_la_transaction() as fichiers:
        Famille.objects.select_for_update().get(pk=famille.pk)
        if (deja := _deja(ecrit, famille, Ecrivain.SERVICE)) is not None:
            return deja
        if famille.est_archivee:
            raise Refus("Cette famille est archivée : elle ne peut plus lire ses messages.")
        fil = _nouveau(famille, propos, Ecrivain.SERVICE)
        message = _message(fil, Ecrivain.SERVICE, ecrit, agent.compte, str(agent))
        joindre(message, ecrit.recus, fichiers)
        prevenir(message, destinataires(famille))
        noter(agent.compte, "message.ecrit", fil, dossier=f"famille:{famille.pk}", fichiers=len(ecrit.recus))
    return fil


def repondre_a_la_famille(fil_id: int, ecrit: Ecrit, agent: Agent, vu: int) -> Fil:
    """The service answers. `vu` is the last message that the agent has read: what has been written since is said, and
    nothing is sent. Raises `Refus` when a colleague is answering, or has just done so."""
    with fichiers_de_la_transaction() as fichiers:
        fil = Fil.objects.select_for_update(of=("self",)).select_related("famille", "pris_par").get(pk=fil_id)
        if (deja := _deja(ecrit, fil.famille, Ecrivain.SERVICE)) is not None:
            return deja
        _personne_d_autre(fil, agent)
        _rien_de_neuf(fil, vu)
        message = _message(fil, Ecrivain.SERVICE, ecrit, agent.compte, str(agent))
        fil.attend_depuis = fil.pris_par = fil.pris_le = fil.clos_le = None
        fil.a_lire_depuis = fil.a_lire_depuis or message.quand
        fil.dernier_le = message.quand
        fil.save(update_fields=["attend_depuis", "pris_par", "pris_le", "clos_le", "a_lire_depuis", "dernier_le"])
        joindre(message, ecrit.recus, fichiers)
        prevenir(message, destinataires(fil.famille))
        noter(agent.compte, "message.reponse", fil, dossier=f"famille:{fil.famille_id}", fichiers=len(ecrit.recus))
    return fil


def prevenir(message: Message, adresses: Sequence[str]) -> None:
    """« Vous avez un message », the link, and nothing of what it says: an e-mail is read by many eyes."""
    lien = settings.BASE_URL + reverse("espace_famille:message", args=[message.fil_id])
    dossier = f"famille:{message.fil.famille_id}"
    ecrire("message", adresses, {"lien": lien}, cle=f"message:{message.pk}", dossier=dossier)


def dire_pris(fil: Fil) -> str:
    """« Karim Benali s'en occupe depuis 10 h 12. »"""
    depuis = heure(fil.pris_le.astimezone(PARIS).time()) if fil.pris_le else ""
    return f"{fil.pris_par} s’en occupe depuis {depuis}."


def _deja(ecrit: Ecrit, famille: Famille, ecrivain: Ecrivain) -> Fil | None:
    """The thread of what this page has already sent."""
    message = Message.objects.filter(jeton=ecrit.jeton).select_related("fil").first()
    if message is None:
        return None
    if message.fil.famille_id != famille.pk or message.ecrivain != ecrivain:  # somebody else's: not theirs to know
        raise Refus("Cette page a déjà servi : ouvrez-la de nouveau, puis envoyez.")
    return message.fil


def _freiner(famille: Famille) -> None:
    depuis = dans(-timedelta(hours=1))
    recents = Message.objects.filter(fil__famille=famille, ecrivain=Ecrivain.FAMILLE, quand__gt=depuis)
    instants = list(recents.order_by("-quand").values_list("quand", flat=True)[:PAR_HEURE])
    if len(instants) < PAR_HEURE:
        return
    des = heure((instants[-1] + timedelta(hours=1, minutes=1)).astimezone(PARIS).time())
    raise TropDeMessages(
        f"Vous avez envoyé {PAR_HEURE} messages en une heure : écrivez de nouveau à partir de {des}, "
        f"ou appelez le {identite().telephone}."
    )


def _nouveau(famille: Famille, propos: Propos, par: Ecrivain) -> Fil:
    instant = maintenant()
    return Fil.objects.create(
        famille=famille,
        enfant=propos.enfant,
        demande=propos.demande,
        sujet=propos.sujet,
        objet=propos.objet,
        ouvert_par=par,
        ouvert_le=instant,
        dernier_le=instant,
        attend_depuis=instant if par == Ecrivain.FAMILLE else None,
        a_lire_depuis=instant if par == Ecrivain.SERVICE else None,
    )


def _message(fil: Fil, ecrivain: Ecrivain, ecrit: Ecrit, compte: Compte | None, nom: str) -> Message:
    return Message.objects.create(
        fil=fil, ecrivain=ecrivain, par=compte, par_nom=nom, texte=ecrit.texte, quand=maintenant(), jeton=ecrit.jeton
    )


def _personne_d_autre(fil: Fil, agent: Agent) -> None:
    if fil.pris_par is not None and fil.pris_par != agent:
        raise Refus(f"{dire_pris(fil)} Pour répondre à sa place, reprenez d’abord ce message à votre nom.")


def _rien_de_neuf(fil: Fil, vu: int) -> None:
    dernier = fil.messages.aggregate(dernier=Max("pk"))["dernier"] or 0
    if dernier != vu:
        raise Refus("Un message est arrivé pendant que vous écriviez : relisez, puis envoyez.")
