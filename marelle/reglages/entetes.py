"""Response headers that Django does not set: what the browser may use, and that personal pages are not kept."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class EntetesMiddleware:
    """Permissions-Policy on everything; `no-store` on every answer to a browser that carries a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        reponse.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        # A shared computer must not show the family's page to the next person who presses « Précédent ».
        # The cookie is looked at, not the session: reading the session would cost a query and make everything vary.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            reponse.headers.setdefault("Cache-Control", "private, no-store")
        return reponse
