"""The frame of the families' pages: five places to go, the cart and its badge, the account's menu, the footer."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.collectivite.options import Messagerie
from marelle.correspondance.selection import a_lire_et_au_panier
from marelle.creances.regies import regies
from marelle.socle import contexte
from marelle.socle.contexte import Entree
from marelle.tarification.identite import tarifs

# The ways to ask for days that do not lie under « Inscription »: one is there all the same.
ECRANS = ("mois", "pre-inscription", "semaine", "agenda", "bus")


def navigation(request: HttpRequest) -> list[Entree]:
    """The guide's words, short enough for the bar of a telephone; the pages' titles say them whole."""
    entrees = (
        ("accueil", "accueil", "Accueil"),
        ("dossier", "enfants", "Mon compte"),
        ("inscription", "calendrier", identite().mots.inscription),
        ("demandes", "demandes", "Demandes"),
        ("mon_calendrier", "coche", "Calendrier"),
    )
    est_un_ecran = request.path.startswith(tuple(f"/{ecran}/" for ecran in ECRANS))
    return [
        Entree(*(reverse(f"espace_famille:{nom}"), icone, libelle), est_courant=est_un_ecran and nom == "inscription")
        for nom, icone, libelle in entrees
    ]


def outils(request: HttpRequest) -> list[Entree]:
    messages, nombre = identite().messages.boite, messages_a_lire(request)
    finances = [Entree(reverse("espace_famille:finances"), "euro", identite().mots.finances, est_large=True)]
    return [
        Entree(reverse("espace_famille:panier"), "panier", "Panier", nombre=au_panier(request), nombre_dit="choix"),
        Entree(reverse("espace_famille:messages"), "message", messages, nombre=nombre, nombre_dit="à lire"),
        *(finances if regies() else []),
    ]


def messages_a_lire(request: HttpRequest) -> int:
    """Threads that the household has not read."""
    return _compteurs(request)[0]


def au_panier(request: HttpRequest) -> int:
    """Days in the household's cart."""
    return _compteurs(request)[1]


def _compteurs(request: HttpRequest) -> tuple[int, int]:
    """Both figures of the header, in one query, once a request (views that change one have it counted again)."""
    if not hasattr(request, "_compteurs"):
        request._compteurs = a_lire_et_au_panier(request.famille)  # type: ignore[attr-defined]
    compteurs: tuple[int, int] = request._compteurs  # type: ignore[attr-defined]
    return compteurs


def oublier_le_panier(request: HttpRequest) -> None:
    """To be counted again: the view has just changed it."""
    if hasattr(request, "_compteurs"):
        del request._compteurs


def menu(request: HttpRequest) -> list[Entree]:
    prix = [Entree(reverse("espace_famille:tarifs"), "info", "Tarifs et quotient")] if tarifs() else []
    titre = identite().mots.finances_titre
    argent = [Entree(reverse("espace_famille:finances"), "euro", titre)] if regies() else []
    return [
        Entree(reverse("espace_famille:dossier"), "compte", "Mon compte"),
        *argent,
        Entree(
            reverse("espace_famille:messages"),
            "message",
            identite().messages.boite,
            False,
            messages_a_lire(request),
            "à lire",
        ),
        Entree(reverse("espace_famille:nouveau_message"), "crayon", identite().messages.contact),
        Entree(reverse("espace_famille:documents"), "envoyer", identite().mots.documents),
        Entree(reverse("espace_famille:historique"), "horloge", identite().mots.historique),
        *prix,
        Entree(reverse("espace_famille:agenda_ics"), "calendrier", "Mon agenda"),
        Entree(reverse("account_change_password"), "cadenas", identite().mots.mot_de_passe),
        Entree(reverse("espace_famille:aide"), "aide", "Aide en ligne"),
    ]


def liens(request: HttpRequest) -> list[Entree]:
    """The footer's, on every page, for everybody."""
    face = getattr(request, "face", "")
    documents = [Entree(reverse("espace_famille:documents_du_centre"), "document", "Documents à télécharger")]
    return [
        Entree(reverse("espace_famille:contact"), "message", _contact()),
        Entree(reverse("espace_famille:aide"), "aide", "Aide en ligne"),
        *(documents if face == "famille" else []),
        Entree(reverse("espace_famille:accessibilite"), "info", "Accessibilité : partiellement conforme"),
        Entree(reverse("espace_famille:donnees"), "cadenas", "Données personnelles"),
    ]


def _contact() -> str:
    """« Contacter le centre », in the words of the collectivité; the foot of a page stands before one is loaded, too."""
    connue = contexte.identite()
    return connue.messages.contact if connue else Messagerie().contact


def nom(request: HttpRequest) -> str:
    acces = getattr(request, "acces", None)
    if not acces:
        return ""
    return str(acces.responsable) if acces.responsable else f"Famille {acces.famille.nom}"
