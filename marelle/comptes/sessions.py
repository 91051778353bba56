"""Forgetting the sessions that are over: each is a row, and nobody comes back to delete it."""

from django.contrib.sessions.models import Session

from marelle.socle.horloge import maintenant


def oublier_les_anciennes() -> int:
    """Delete the sessions that have expired; returns how many. A daily job."""
    return Session.objects.filter(expire_date__lt=maintenant()).delete()[0]
