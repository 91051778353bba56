"""What was handed over to the public Treasury, and is no longer payable here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from marelle.comptes.models import Agent
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Facture, Regie
from marelle.creances.payeurs import verrouiller
from marelle.creances.regies import options_de
from marelle.creances.soldes import avec_restes
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .en_cours import paiements_en_cours
from .models import Relance, Transmission
from .sursis import proteges

ATTENTE_JOURS = 15  # after the last reminder, what its letter leaves to pay or to answer


def est_transmise(facture: Facture) -> bool:
    """Whether the Treasury collects that invoice now: the régie refuses to be paid for it, at the desk and online."""
    return Transmission.objects.filter(facture=facture).exists()


def transmises(factures: Iterable[Facture]) -> set[int]:
    """The keys of those of these invoices that were handed over, in one query."""
    cles = [une.pk for une in factures]
    return set(Transmission.objects.filter(facture__in=cles).values_list("facture_id", flat=True))


def sans_les_transmises(factures: QuerySet[Facture]) -> QuerySet[Facture]:
    """What the régie may still be paid for."""
    return factures.filter(transmission__isnull=True)


def exiger_payable_ici(facture: Facture) -> None:
    """Raises `Refus` with the sentence for whoever would take money for it."""
    if est_transmise(facture):
        raise Refus(
            f"La facture {facture.numero} a été transmise au Trésor public : elle ne se paie plus ici, "
            "mais à la trésorerie, avec les références de son avis."
        )


def a_transmettre(regie: Regie, jour: date) -> list[Facture]:
    """Unpaid invoices whose last reminder is old enough, by payer then number; each with `reste_centimes`. A régie without
    reminders proposes what has been due for that long."""
    etapes = options_de(regie).relances
    dues: QuerySet[Any] = avec_restes(
        sans_les_transmises(Facture.objects.filter(regie=regie, sorte=Facture.Sorte.FACTURE))
    )
    dues = dues.filter(reste_centimes__gt=0, date_echeance__lt=jour - timedelta(days=ATTENTE_JOURS))
    dues = dues.exclude(payeur__in=proteges(regie, jour))
    if etapes:
        limite = maintenant() - timedelta(days=ATTENTE_JOURS)
        dernieres = Relance.objects.filter(etape=len(etapes), lot__fait_le__lte=limite)
        dues = dues.filter(pk__in=dernieres.values("facture_id"))
    trouvees = list(dues.select_related("payeur", "famille").order_by("payeur_id", "numero"))
    en_cours = paiements_en_cours(trouvees)
    return [une for une in trouvees if une.pk not in en_cours]


@transaction.atomic
def transmettre(regie: Regie, factures: Sequence[int], *, auteur: Agent) -> list[Transmission]:
    """Hand over these invoices, among those proposed. Raises `Refus` when one is paid, or was handed over, meanwhile."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    if not factures:
        raise Refus("Cochez au moins une facture à transmettre.")
    verrouiller(Facture.objects.filter(pk__in=factures, regie=regie).values_list("payeur_id", flat=True))
    proposees = {une.pk: une for une in a_transmettre(regie, aujourdhui())}
    if any(pk not in proposees for pk in factures):
        raise Refus("Une de ces factures vient d’être payée ou transmise : vérifiez la liste, rien n’est fait.")
    instant, faites = maintenant(), []
    for pk in dict.fromkeys(factures):
        une = proposees[pk]
        reste = une.reste_centimes  # type: ignore[attr-defined]
        faites.append(
            Transmission.objects.create(facture=une, montant_centimes=reste, transmise_le=instant, transmise_par=auteur)
        )
        noter(
            auteur.compte, "regie.transmission", une,
            dossier=f"famille:{une.famille_id}" if une.famille_id else "", numero=une.numero, montant_centimes=reste,
        )  # fmt: skip
    return faites


def transmissions_de(regie: Regie) -> QuerySet[Transmission]:
    """What was handed over, the newest first."""
    faites = Transmission.objects.filter(facture__regie=regie)
    return faites.select_related("facture__payeur", "facture__famille", "transmise_par").order_by("-pk")


def dernier_etat(regie: Regie) -> tuple[date, list[Transmission]]:
    """The last day on which something was handed over, and all that was that day. Raises `Introuvable` when nothing was."""
    faites = transmissions_de(regie)
    derniere = faites.first()
    if derniere is None:
        raise Introuvable("Rien n’est encore transmis au Trésor public.")
    jour = localdate(derniere.transmise_le)
    return jour, list(faites.filter(transmise_le__date=jour))
