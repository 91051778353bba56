"""Preparing a billing run: make it, set a payer aside, abandon it, launch its issue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from marelle.comptes.models import Agent
from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.familles.models import Famille
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import aujourdhui, maintenant

from .apercu import FIGEE, recalculer
from .dates import exiger_au_lancement, exiger_l_ordre
from .models import Campagne, FacturePrevue
from .selection import activites_de

Etat = Campagne.Etat
A_CHANGE = "L’aperçu a changé depuis que vous l’avez lu : relisez-le, puis confirmez de nouveau. Rien n’est émis."


@transaction.atomic
def preparer(
    regie: Regie,
    *,
    libelle: str,
    debut: date,
    fin: date,
    agent: Agent | None,
    activites: Sequence[str] = (),
    familles: Sequence[int] = (),
    moment: str = "",
    date_emission: date | None = None,
    date_echeance: date | None = None,
) -> Campagne:
    """Make a run and compute its preview. Without `activites`, all those of the régie.

    Raises `Refus`: a period that is not over (unless paid before), dates that do not follow, nothing to bill with."""
    options = options_de(regie)
    emission = date_emission or aujourdhui()
    campagne = Campagne(
        regie=regie,
        libelle=libelle,
        debut=debut,
        fin=fin,
        activites=list(activites) or [une.code for une in activites_de(regie)],
        familles=sorted(familles),
        moment=moment or options.moment,
        date_emission=emission,
        date_echeance=date_echeance or emission + timedelta(days=options.echeance_jours),
        creee_le=maintenant(),
        creee_par=agent,
    )
    _exiger_des_dates(campagne)
    if not campagne.activites:
        raise Refus(f"La régie « {regie.nom} » n’encaisse pour aucune activité : il n’y a rien à facturer.")
    campagne.save(force_insert=True)
    noter(
        agent.compte if agent else None, "facturation.preparee", campagne, regie=regie.code,
        debut=debut.isoformat(), fin=fin.isoformat(),
    )  # fmt: skip
    return recalculer(campagne)


def _exiger_des_dates(campagne: Campagne) -> None:
    if campagne.fin < campagne.debut:
        raise Refus("La période finit avant de commencer : corrigez une des deux dates.")
    if campagne.moment == Campagne.Moment.APRES and campagne.fin > aujourdhui():
        raise Refus("La période n’est pas finie : attendez sa fin, ou facturez-la d’avance.")
    if campagne.date_echeance < campagne.date_emission:
        raise Refus("L’échéance vient avant la date des factures : corrigez une des deux dates.")
    if campagne.date_emission > aujourdhui() + timedelta(days=31):
        raise Refus("La date des factures est à plus d’un mois : préparez cette facturation plus tard.")
    exiger_l_ordre(campagne.regie, campagne.date_emission)


def campagnes() -> QuerySet[Campagne]:
    """Every run, the last first, with how many invoices it has and what they add up to."""
    facturees = Q(prevues__etat__in=[FacturePrevue.Etat.PREVUE, FacturePrevue.Etat.EMISE])
    toutes = Campagne.objects.select_related("regie", "creee_par").annotate(
        nombre=Count("prevues", filter=facturees), total_centimes=Sum("prevues__montant_centimes", filter=facturees)
    )
    return toutes.order_by("-creee_le", "-pk")


def une_campagne(cle: int) -> Campagne:
    """Raises `Introuvable`."""
    trouvee = Campagne.objects.select_related("regie", "creee_par", "lancee_par").filter(pk=cle).first()
    if trouvee is None:
        raise Introuvable("Cette facturation n’existe pas.")
    return trouvee


def familles_de_numeros(numeros: Sequence[str]) -> list[int]:
    """The keys of the households of these numbers. Raises `Refus` with the first that is unknown."""
    trouvees = dict(Famille.objects.filter(numero__in=numeros).order_by().values_list("numero", "pk"))
    for numero in numeros:
        if numero not in trouvees:
            raise Refus(f"Aucune famille ne porte le numéro {numero}.")
    return sorted(trouvees.values())


def _verrouillee(campagne: Campagne) -> Campagne:
    sienne = Campagne.objects.select_for_update(of=("self",)).select_related("regie").get(pk=campagne.pk)
    if not sienne.est_modifiable:
        raise Refus(FIGEE)
    return sienne


@transaction.atomic
def mettre_de_cote(campagne: Campagne, payeur_id: int, motif: str, agent: Agent) -> FacturePrevue:
    """Leave a payer out of this run: its days wait for the next one. Raises `Refus` without a reason, or when a
    colleague gave another one."""
    _verrouillee(campagne)
    prevue = _prevue(campagne, payeur_id)
    motif = motif.strip()[:200]
    if not motif:
        raise Refus("Dites pourquoi ce payeur est mis de côté : vos collègues le liront.")
    if prevue.etat == FacturePrevue.Etat.ECARTEE:
        if prevue.motif == motif:
            return prevue
        raise Refus(f"Ce payeur est déjà mis de côté : {prevue.motif}")
    prevue.etat, prevue.motif = FacturePrevue.Etat.ECARTEE, motif
    prevue.save(update_fields=["etat", "motif"])
    noter(agent.compte, "facturation.mise_de_cote", campagne, payeur=payeur_id, motif=prevue.motif)
    if campagne.prevues.filter(famille__isnull=True).exists():
        recalculer(campagne)  # what third parties pay with it waits too
    return prevue


@transaction.atomic
def reprendre(campagne: Campagne, payeur_id: int, agent: Agent) -> None:
    """Put a payer back in the run; the preview is computed again."""
    sienne = _verrouillee(campagne)
    prevue = _prevue(campagne, payeur_id)
    if prevue.etat == FacturePrevue.Etat.ECARTEE:
        prevue.etat, prevue.motif = FacturePrevue.Etat.PREVUE, ""
        prevue.save(update_fields=["etat", "motif"])
        noter(agent.compte, "facturation.reprise", sienne, payeur=payeur_id)
        recalculer(sienne)


def _prevue(campagne: Campagne, payeur_id: int) -> FacturePrevue:
    prevue = campagne.prevues.filter(payeur=payeur_id).first()
    if prevue is None:
        raise Introuvable("Ce payeur n’est pas dans cette facturation.")
    return prevue


@transaction.atomic
def abandonner(campagne: Campagne, agent: Agent) -> None:
    """Nothing is issued, nothing is lost: its days wait for another run."""
    sienne = _verrouillee(campagne)
    sienne.etat = Etat.ABANDONNEE
    sienne.save(update_fields=["etat"])
    noter(agent.compte, "facturation.abandonnee", sienne)


def empreinte(campagne: Campagne) -> str:
    """What an agent confirms: how many documents, and their total. It changes when the preview does."""
    vues = campagne.prevues.filter(etat=FacturePrevue.Etat.PREVUE)
    sommes: dict[str, Any] = vues.aggregate(nombre=Count("pk"), total=Sum("montant_centimes"), lignes=Sum("lignes"))
    return f"{sommes['nombre']}:{sommes['total'] or 0}:{sommes['lignes'] or 0}"


def lancer(campagne: Campagne, confirmee: str, agent: Agent | None) -> Campagne:
    """Compute the preview again and, when it is the one that was confirmed, issue it in a background job.

    Raises `Refus` when something has changed since (the preview is then up to date), when there is nothing to issue, when the
    date of these invoices comes before that of the last ones, or while others are issued at another date."""
    from .emission import emettre_campagne

    campagne = recalculer(campagne)
    if empreinte(campagne) != confirmee:
        raise Refus(A_CHANGE)
    with transaction.atomic():
        campagne = _verrouillee(campagne)
        _exiger_emissible(campagne)
        campagne.etat, campagne.lancee_le, campagne.lancee_par = Etat.EMISSION, maintenant(), agent
        campagne.save(update_fields=["etat", "lancee_le", "lancee_par"])
        noter(agent.compte if agent else None, "facturation.lancee", campagne, apercu=confirmee)
        emettre_campagne.enqueue(campagne.pk)
    return campagne


def _exiger_emissible(campagne: Campagne) -> None:
    if not campagne.prevues.filter(etat=FacturePrevue.Etat.PREVUE).exists():
        raise Refus("Il n’y a rien à émettre dans cette facturation.")
    if campagne.date_emission > aujourdhui():
        jour = date_sans_jour(campagne.date_emission, aujourdhui().year)
        raise Refus(f"Ces factures portent la date du {jour} : émettez-les ce jour-là.")
    exiger_au_lancement(campagne)


def changer_les_dates(campagne: Campagne, date_emission: date, date_echeance: date, agent: Agent) -> None:
    """Give the invoices other dates before they are issued. Raises `Refus` as `preparer` does."""
    with transaction.atomic():
        sienne = _verrouillee(campagne)
        sienne.date_emission, sienne.date_echeance = date_emission, date_echeance
        _exiger_des_dates(sienne)
        sienne.save(update_fields=["date_emission", "date_echeance"])
        noter(agent.compte, "facturation.datee", sienne, emission=date_emission.isoformat())
