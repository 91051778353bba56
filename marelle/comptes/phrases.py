"""The sentences of sign-in, password and second factor: what to do, and nothing that tells a stranger who has an access."""

from datetime import datetime

from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import jour_a_paris

MAUVAIS_COUPLE = (
    "Identifiant ou mot de passe incorrect. Si votre adresse e-mail sert à plusieurs accès, "
    "écrivez l’identifiant qui figure sur le courrier du centre."
)
TROP_D_ESSAIS = "Trop d’essais pour le moment. Attendez cinq minutes, ou choisissez « Mot de passe oublié »."

ERREURS = {
    "username_password_mismatch": MAUVAIS_COUPLE,
    "email_password_mismatch": MAUVAIS_COUPLE,
    "account_inactive": MAUVAIS_COUPLE,
    "too_many_login_attempts": TROP_D_ESSAIS,
    "rate_limited": "Trop d’essais pour le moment. Attendez une minute, puis recommencez.",
    "enter_current_password": "Ce n’est pas votre mot de passe actuel. Écrivez celui avec lequel vous vous connectez.",
    "incorrect_password": "Ce n’est pas votre mot de passe. Écrivez celui avec lequel vous vous connectez.",
    "incorrect_code": "Ce code n’est pas le bon. Écrivez les six chiffres affichés en ce moment par votre application.",
    "invalid_password_reset": "Ce lien ne fonctionne plus. Demandez-en un autre.",
}

ERREURS_MFA = {
    "incorrect_code": ERREURS["incorrect_code"],
    "cannot_delete_authenticator": "La double authentification est obligatoire pour les agents : elle ne se retire pas.",
    "cannot_generate_recovery_codes": "Activez d’abord la double authentification : les codes de secours vont avec.",
}

CONFIRMATION_DIFFERENTE = "Les deux mots de passe ne sont pas les mêmes. Écrivez deux fois le même."

INVITATION_INCONNUE = (
    "Ce lien d’invitation n’existe pas. Vérifiez que vous l’avez recopié en entier, ou demandez-en un autre au service."
)
INVITATION_UTILISEE = (
    "Ce lien a déjà servi, et il ne sert qu’une fois. Si vous avez choisi votre mot de passe, connectez-vous ; "
    "sinon, demandez un autre lien au service."
)
INVITATION_ANNULEE = "Ce lien a été remplacé. Utilisez celui du dernier courrier, ou demandez-en un autre au service."


def invitation_expiree(le: datetime) -> str:
    """The sentence of a link that came too late; `le` is when it expired."""
    jour = date_sans_jour(jour_a_paris(le), 0)
    return f"Ce lien a expiré le {jour}. Demandez-en un autre au service : votre accès, lui, existe toujours."
