"""How messages leave: reads `MARELLE_COURRIEL_URL` (smtp://, smtps://) into a connection of Django's."""

from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

DELAI = 10  # seconds: a mail server that says nothing for longer holds up all the others


class AdresseDeServeurInvalide(ValueError):
    """MARELLE_COURRIEL_URL cannot be understood; the sentence never repeats it, it holds a password."""


def connexion(url: str) -> BaseEmailBackend:
    """A connection, not yet open, to `smtp://user:password@host:port` or `smtps://…`.

    `smtp://` turns to TLS (STARTTLS) when a user name is given or with `?tls=1`, and stays in clear with `?tls=0`;
    `smtps://` speaks TLS from the first byte. Ports by default: 587 with a user name, 25 without, 465 for smtps.
    Raises AdresseDeServeurInvalide.
    """
    try:
        parties = urlsplit(url)
        port = parties.port
    except ValueError:
        raise AdresseDeServeurInvalide(_PHRASE) from None
    if parties.scheme not in {"smtp", "smtps"} or not parties.hostname:
        raise AdresseDeServeurInvalide(_PHRASE)
    est_ssl = parties.scheme == "smtps"
    demande_tls = parse_qs(parties.query).get("tls", ["1" if parties.username else "0"])[0] == "1"
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parties.hostname,
        port=port or (465 if est_ssl else 587 if parties.username else 25),
        username=unquote(parties.username or ""),
        password=unquote(parties.password or ""),
        use_ssl=est_ssl,
        use_tls=demande_tls and not est_ssl,
        timeout=DELAI,
    )


_PHRASE = "MARELLE_COURRIEL_URL s’écrit smtp://utilisateur:motdepasse@serveur:port ou smtps://…"
