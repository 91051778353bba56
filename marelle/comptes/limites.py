"""May this be tried once more? The counters of sign-in, for the pages that anybody may send (`ACCOUNT_RATE_LIMITS`)."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def est_permis(request: HttpRequest, action: str, cle: str) -> bool:
    """Count one try of `action` from this address and for this key; False when there were too many."""
    return ratelimit.consume(request, app="allauth.account", action=action, key=cle.strip().lower()) is not None
