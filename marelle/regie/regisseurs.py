"""Who is named for a régie by its *arrêté*: régisseur, mandataires; from when, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.creances.models import Mandat, Regie
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus

from .acces import regies_du_guichet


@dataclass(frozen=True, slots=True)
class Nomination:
    """`fin` None: until further notice."""

    agent: Agent
    qualite: str
    arrete: str
    debut: date
    fin: date | None = None


def mandats_par_regie() -> list[tuple[Regie, list[Mandat]]]:
    """Every mandate, those of the day first by date; for the page that names."""
    tous = list(Mandat.objects.select_related("agent").order_by("-debut", "pk"))
    return [(regie, [un for un in tous if un.regie_id == regie.pk]) for regie in regies_du_guichet()]


def agents_possibles(auteur: Agent) -> list[Agent]:
    """Those whose role lets them cash; never oneself: nobody names themselves."""
    actifs = Agent.objects.actifs().exclude(pk=auteur.pk).order_by("nom", "prenom", "pk")
    return [un for un in actifs if un.peut(Droit.ENCAISSER)]


@transaction.atomic
def nommer(regie: Regie, faite: Nomination, *, auteur: Agent) -> Mandat:
    """Name an agent for that régie. Raises `Refus`."""
    if faite.agent.pk == auteur.pk:
        raise Refus("Personne ne se nomme soi-même : un autre agent qui gère les accès doit le faire.")
    if not faite.agent.peut(Droit.ENCAISSER):
        raise Refus(f"Le rôle de {faite.agent} ne permet pas d’encaisser : changez d’abord son rôle.")
    if faite.fin is not None and faite.fin < faite.debut:
        raise Refus("La fin du mandat vient avant son début : corrigez une des deux dates.")
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)
    _sans_recouvrement(regie, faite)
    mandat = Mandat.objects.create(
        regie=regie, agent=faite.agent, qualite=faite.qualite, arrete=faite.arrete, debut=faite.debut, fin=faite.fin
    )
    noter(auteur.compte, "regie.mandat", mandat, agent=str(faite.agent), qualite=faite.qualite, regie=regie.nom)
    return mandat


def _sans_recouvrement(regie: Regie, faite: Nomination) -> None:
    encore = Q(fin__isnull=True) | Q(fin__gte=faite.debut)
    avant = Q() if faite.fin is None else Q(debut__lte=faite.fin)
    memes = Mandat.objects.filter(encore & avant, regie=regie)
    if memes.filter(agent=faite.agent).exists():
        raise Refus(f"{faite.agent} a déjà un mandat dans cette régie à ces dates : mettez-y fin d’abord.")
    if faite.qualite == Mandat.Qualite.TITULAIRE and memes.filter(qualite=faite.qualite).exists():
        raise Refus("Une régie n’a qu’un régisseur titulaire à la fois : mettez d’abord fin au mandat en cours.")


@transaction.atomic
def finir(mandat_id: int, fin: date, *, auteur: Agent) -> Mandat:
    """End a mandate on that day, included; what has an end is only made shorter, longer is a nomination. Raises `Refus`,
    `Introuvable`."""
    mandat = (
        Mandat.objects.select_for_update(of=("self",)).select_related("agent", "regie").filter(pk=mandat_id).first()
    )
    if mandat is None:
        raise Introuvable("Ce mandat n’existe pas.")
    if fin < mandat.debut:
        raise Refus("La fin du mandat vient avant son début.")
    if mandat.fin is not None and fin > mandat.fin:
        raise Refus(f"Ce mandat finit déjà le {mandat.fin:%d/%m/%Y} : pour le prolonger, nommez de nouveau cet agent.")
    mandat.fin = fin
    mandat.save(update_fields=["fin"])
    noter(auteur.compte, "regie.mandat_fini", mandat, agent=str(mandat.agent), fin=fin.isoformat())
    return mandat
