"""The MIME message of a row: sender, reply address, headers, plain text and HTML."""

from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives

from marelle.reglages import env

from .models import Courriel


def composer(courriel: Courriel) -> EmailMultiAlternatives:
    """The message to give to a mail connection.

    Raises ValueError (BadHeaderError) when a header holds a line break: Django's last line behind `rendu`.
    """
    from marelle.collectivite.identite import identite

    collectivite = identite()
    domaine = env.COURRIEL_EXPEDITEUR.rpartition("@")[2]
    message = EmailMultiAlternatives(
        subject=courriel.objet,
        body=courriel.texte,
        from_email=formataddr((collectivite.nom, env.COURRIEL_EXPEDITEUR)),
        to=[courriel.destinataire],
        reply_to=[collectivite.courriel] if collectivite.courriel else None,
        headers={
            # Stable from one attempt to the next: a second copy after a crash is recognised as the same message.
            "Message-ID": f"<courriel-{courriel.pk}-{courriel.cree_le:%Y%m%d%H%M%S%f}@{domaine}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(courriel.html, "text/html")
    return message
