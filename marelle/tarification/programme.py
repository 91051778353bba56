"""The outings that a collectivité's folder says, put on its days; and the days whose outing the tariffs no longer price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from marelle.activites.chargement import PlanEvenement
from marelle.activites.evenements import avec, codes_prevus, est_connu
from marelle.activites.models import Ouverture
from marelle.regles.lecture import ErreurReglement
from marelle.regles.phrases import dire_date
from marelle.socle.horloge import aujourdhui, maintenant

from .evenements import est_tarife


def prevoir(plans: Iterable[PlanEvenement]) -> int:
    """Put each event on its days to come, never twice, nor again where an agent has taken it away; how many ouvertures got one.

    Days that are not open yet (the next school year) are left for the load that opens them. `ErreurReglement`, with the key,
    for a code that the tariffs do not price that day, or a day on which the activity does not open."""
    return sum(_prevoir(plan) for plan in plans)


def _prevoir(plan: PlanEvenement) -> int:
    siennes = Ouverture.objects.filter(activite=plan.activite)
    dernier = siennes.order_by("-date").values_list("date", flat=True).first()
    a_venir = [jour for jour in plan.dates if aujourdhui() <= jour <= (dernier or date.min)]
    toutes = siennes.filter(date__in=a_venir).select_related("unite", "groupe").order_by("date", "pk")
    ouvertures = [une for une in toutes if plan.concerne(une)]
    if fermes := sorted(set(a_venir) - {une.date for une in ouvertures}):
        raise plan.ecrit.refuser("dates", f"{plan.activite.code} n’ouvre pas le {dire_date(fermes[0], 0)}.")
    for une in ouvertures:
        if not est_tarife(plan.code, plan.activite.code, une.unite.code, une.date):
            raise plan.ecrit.refuser(
                "code", f"« {plan.code} » n’a pas de prix {_ou(une)} : écrivez-le dans tarifs.toml."
            )
    nouvelles = [une for une in ouvertures if not est_connu(une.evenements, plan.code)]
    instant = maintenant()
    for une in nouvelles:
        une.evenements = avec(une.evenements, plan.code, instant)
    Ouverture.objects.bulk_update(nouvelles, ["evenements"], batch_size=500)
    return len(nouvelles)


def verifier_les_prevus() -> None:
    """`ErreurReglement` when tariffs just loaded leave an outing to come without its price: it would be billed to nobody."""
    prevues = Ouverture.objects.filter(date__gte=aujourdhui()).exclude(evenements=[]).order_by("date", "pk")
    for une in prevues.select_related("unite", "activite"):
        for code in codes_prevus(une.evenements):
            if not est_tarife(code, une.activite.code, une.unite.code, une.date):
                raise ErreurReglement(
                    f"tarifs.toml : « {code} » est prévu {_ou(une)} et n’y a plus de prix. Gardez-le, ou retirez la sortie."
                )


def _ou(une: Ouverture) -> str:
    return f"le {dire_date(une.date, 0)} ({une.activite.code}, {une.unite.code})"
