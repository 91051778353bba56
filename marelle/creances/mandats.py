"""Who may handle money for a régie: agents whose role allows it **and** who are named for that régie, on that day."""

from __future__ import annotations

from datetime import date

from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.socle.erreurs import Refus

from .models import Mandat, Regie


class SansMandat(Refus):
    """Separation of duties: whoever prepares the invoices does not cash them without being named."""

    statut = 403


def a_un_mandat(agent: Agent, regie: Regie, jour: date) -> bool:
    """Whether that agent is régisseur or mandataire of that régie on that day, and may cash at all."""
    mandats = Mandat.objects.filter(agent=agent, regie=regie, debut__lte=jour)
    return agent.peut(Droit.ENCAISSER) and any(un.couvre(jour) for un in mandats)


def exiger_mandat(agent: Agent, regie: Regie, *, jour: date) -> None:
    """Raises `SansMandat`."""
    if not a_un_mandat(agent, regie, jour):
        raise SansMandat(
            f"Seuls le régisseur et les mandataires de la régie « {regie.nom} » enregistrent ou annulent un paiement."
        )
