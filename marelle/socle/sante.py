"""`GET /sante`: whether this installation is ready, for the machines that watch over it; says nothing about anybody."""

from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import marelle

Sonde = Callable[[], Mapping[str, object]]


@login_not_required
@never_cache
@require_safe
def sante(request: HttpRequest, etat_des_taches: Sonde) -> HttpResponse:
    """200 when the database answers with its tables and a worker is alive, 503 otherwise.

    The probe of the jobs comes with the route: this layer does not know them.
    """
    base, taches = _etats(etat_des_taches)
    est_pret = base == "ok" and taches.get("travailleur") != "absent"
    return JsonResponse(
        {
            "statut": "pret" if est_pret else "indisponible",
            "version": marelle.__version__,
            "base": base,
            "taches": taches,
        },
        status=200 if est_pret else 503,
    )


def _etats(etat_des_taches: Sonde) -> tuple[str, Mapping[str, object]]:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return "injoignable", {"travailleur": "inconnu"}
    try:
        return "ok", etat_des_taches()
    except DatabaseError:
        return "a_migrer", {"travailleur": "inconnu"}
