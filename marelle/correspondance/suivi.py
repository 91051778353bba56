"""What becomes of a thread: an agent takes it, leaves it, closes it, opens it again; the household has read it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.journal.service import noter
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant

from .envoi import dire_pris
from .models import Ecrivain, Fil

CHAMPS = ["pris_par", "pris_le", "attend_depuis", "clos_le"]


def prendre(fil_id: int, agent: Agent, *, a_un_collegue: bool = False) -> None:
    """« Je m'en occupe »: colleagues see it and cannot answer at the same time. Raises `Refus` when another agent has it,
    unless it is taken from them knowingly."""

    def passer(fil: Fil) -> None:
        if fil.est_clos:
            raise Refus("Ce message est clos : rouvrez-le pour y répondre.")
        if fil.pris_par is not None and fil.pris_par != agent and not a_un_collegue:
            raise Refus(f"{dire_pris(fil)} Rien n’a été changé.")
        fil.pris_par, fil.pris_le = agent, maintenant()

    _changer(fil_id, agent, "message.pris", passer)


def laisser(fil_id: int, agent: Agent) -> None:
    """Back to everybody. Raises `Refus` when a colleague has it."""

    def passer(fil: Fil) -> None:
        if fil.pris_par is not None and fil.pris_par != agent:
            raise Refus(f"{dire_pris(fil)} Rien n’a été changé.")
        fil.pris_par = fil.pris_le = None

    _changer(fil_id, agent, "message.laisse", passer)


def clore(fil_id: int, agent: Agent) -> None:
    """Nothing more to say: it waits for no answer. The household may still write in it, which opens it again."""

    def passer(fil: Fil) -> None:
        if fil.pris_par is not None and fil.pris_par != agent:
            raise Refus(f"{dire_pris(fil)} Rien n’a été changé.")
        fil.pris_par = fil.pris_le = fil.attend_depuis = None
        fil.clos_le = fil.clos_le or maintenant()

    _changer(fil_id, agent, "message.clos", passer)


def rouvrir(fil_id: int, agent: Agent) -> None:
    """To be answered again, from now on."""

    def passer(fil: Fil) -> None:
        if fil.clos_le is not None:
            fil.clos_le, fil.attend_depuis = None, maintenant()

    _changer(fil_id, agent, "message.rouvert", passer)


def marquer_lu(famille: Famille, fil: Fil) -> None:
    """The household has opened the thread as it was read into `fil`: what the service has written since stays to be read."""
    if fil.a_lire_depuis is None:
        return
    with transaction.atomic():
        du_foyer = Fil.objects.filter(pk=fil.pk, famille=famille, dernier_le=fil.dernier_le)
        du_foyer.update(a_lire_depuis=None)
        lus = fil.messages.filter(ecrivain=Ecrivain.SERVICE, lu_le__isnull=True, quand__lte=fil.dernier_le)
        lus.update(lu_le=maintenant())


def _changer(fil_id: int, agent: Agent, action: str, passer: Callable[[Fil], None]) -> None:
    with transaction.atomic():
        fil = Fil.objects.select_for_update(of=("self",)).select_related("pris_par").get(pk=fil_id)
        avant = [getattr(fil, nom) for nom in CHAMPS]
        passer(fil)
        if [getattr(fil, nom) for nom in CHAMPS] != avant:
            fil.save(update_fields=CHAMPS)
            noter(agent.compte, action, fil, dossier=f"famille:{fil.famille_id}")
