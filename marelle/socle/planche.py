"""What does the board of components show? Examples only: every state of every component, for the eye and for the tests."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.apps import apps
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from . import contexte, formulaires, jour
from .contexte import Entree
from .horloge import maintenant

TONS = ("vert", "bleu", "rose", "rouge", "ocre", "violet", "neutre", "marque")
FACES = {"famille": "socle/famille.html", "guichet": "socle/guichet.html", "public": "socle/public.html"}
JOURS = (("1", "lun."), ("2", "mar."), ("3", "mer."), ("4", "jeu."), ("5", "ven."))
_DETAILS: dict[str, tuple[str, str]] = {
    "libre": ("14 places", ""), "presque": ("2 places", ""), "complet": ("", "Liste d’attente possible"),
    "attente": ("", "Déposée hier"), "reserve": ("", "Annulable jusqu’au lundi 23 nov."), "refuse": ("", "Voir le motif"),
    "annule": ("grève", ""), "absence": ("maladie", ""), "ferme": ("Noël", ""), "delai": ("depuis jeudi", ""),
    "bientot": ("lundi 23", ""),
}  # fmt: skip


class FormulaireExemple(forms.Form):
    """One field of each shape."""

    prenom = forms.CharField(label="Prénom de l'enfant")
    code_postal = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        help_text="Cinq chiffres.",
        error_messages={"invalid": "Le code postal a cinq chiffres, par exemple 37500."},
    )
    naissance = formulaires.ChampDate(label="Date de naissance")
    repas = forms.ChoiceField(label="Type de repas", choices=[("o", "Ordinaire"), ("s", "Sans viande")])
    remarques = forms.CharField(label="Autres recommandations", widget=forms.Textarea, required=False)
    jours = forms.MultipleChoiceField(label="Jours", choices=JOURS, widget=forms.CheckboxSelectMultiple)
    allergie = forms.ChoiceField(
        label="Anouk a-t-elle des allergies ?", choices=[("oui", "Oui"), ("non", "Non")], widget=forms.RadioSelect
    )
    fichier = forms.FileField(label="Choisissez un fichier", help_text="PDF ou photo, 10 Mo au plus", required=False)
    certifie = forms.BooleanField(
        label="Je certifie exactes les informations de cette fiche.",
        error_messages={"required": "Cochez la case pour valider la fiche."},
    )


def contexte_de_la_planche(request: HttpRequest) -> dict[str, Any]:
    """Everything that socle/planche.html shows; `?face=` chooses the frame."""
    face = request.GET.get("face", "famille")
    return {
        "gabarit": FACES.get(face, FACES["famille"]),
        "cadre": CadreExemple(request, face if face in FACES else "famille"),
        "tons": TONS,
        "symboles": symboles(),
        "jours": _jours(),
        "premier": date(2026, 12, 1),
        "mois_exemple": _mois_exemple(),
        "formulaire": FormulaireExemple(auto_id="a_%s", initial={"prenom": "Jeanne-Apolline", "jours": ["1"]}),
        "formulaire_faux": FormulaireExemple({"prenom": "Élio", "code_postal": "3750"}, auto_id="b_%s"),
        "instant_exemple": maintenant() - timedelta(days=1),
        **_listes(),
    }


def symboles() -> list[str]:
    """The names of the sprite, from the sprite itself."""
    sprite = Path(apps.get_app_config("socle").path, "static", jour.SPRITE)
    return re.findall(r'<symbol id="i-([a-z-]+)"', sprite.read_text(encoding="utf-8"))


class CadreExemple(contexte.Cadre):
    """The frame of a face, with examples in its bars."""

    __slots__ = ()

    nom_du_compte = "Camille Roussel"
    sous_titre = "Planche des composants"
    accueil = "/planche/"

    @property
    def navigation(self) -> list[Entree]:
        return [
            Entree("#accueil", "accueil", "Accueil"),
            Entree("#enfants", "enfants", "Enfants"),
            Entree("/planche/", "calendrier", "Réserver", est_courant=True),
            Entree("#demandes", "demandes", "Demandes"),
            Entree("#finances", "euro", "Finances"),
        ]

    @property
    def outils(self) -> list[Entree]:
        if self.face == "public":
            return [Entree("#aide", "aide", "Aide en ligne")]
        return [Entree("#panier", "panier", "Panier", nombre=3, nombre_dit="choix")]

    @property
    def liens(self) -> list[Entree]:
        return [
            Entree(f"#{i}", "", nom) for i, nom in enumerate(("Aide en ligne", "Accessibilité", "Données personnelles"))
        ]


def _jours() -> list[jour.Cellule]:
    codes = [code for code in jour.ETATS if code != "rien"]
    return [_cellule(date(2026, 12, rang), code, est_aujourdhui=rang == 7) for rang, code in enumerate(codes, 1)]


def _cellule(le: date, etat: str, **options: Any) -> jour.Cellule:
    detail, long = _DETAILS.get(etat, ("", ""))
    return jour.Cellule(le, etat, detail=detail, detail_long=long, est_actionnable=True, **options)


def _mois_exemple() -> list[jour.Cellule]:
    choisis = {
        2: "reserve", 9: "panier", 16: "annuler", 21: "libre", 22: "presque", 23: "liste", 24: "complet", 25: "ferme",
        28: "attente", 29: "libre", 30: "refuse", 31: "ferme",
    }  # fmt: skip
    return [_cellule(date(2026, 12, rang), etat, est_aujourdhui=rang == 9) for rang, etat in choisis.items()]


def _listes() -> dict[str, Any]:
    return {
        "etapes": [
            {"titre": "Élio", "detail": "Enfant", "lien": "#1", "fait": True, "est_courante": False},
            {"titre": "Chaveignes", "detail": "Centre", "lien": "#2", "fait": True, "est_courante": False},
            {"titre": "Choisir les jours", "detail": "Calendrier", "lien": "#3", "fait": False, "est_courante": True},
            {"titre": "Panier", "detail": "", "lien": "", "fait": False, "est_courante": False},
        ],
        "onglets": [
            {"libelle": "En attente", "lien": "#a", "est_courant": True, "nombre": 4},
            {"libelle": "Traitées", "lien": "#b", "est_courant": False, "nombre": 0},
        ],
        "diff": [
            {
                "nom": "Allergies",
                "avant": "Arachide",
                "apres": "Arachide et fruits à coque",
                "change": True,
                "ton": "ocre",
            },
            {"nom": "Type de repas", "avant": "Ordinaire", "apres": "", "change": False, "ton": ""},
        ],
        "frise": [
            {"titre": "Déposée", "quand": "mercredi 18 novembre à 21 h 04", "texte": "", "fait": True},
            {"titre": "Décision du service", "quand": "avant le vendredi 20 novembre", "texte": "", "fait": False},
        ],
        "colonnes": ["Demande", "Déposée le", "État"],
        "lignes": [
            ["Élio, lundi 28 décembre", "19 novembre", "En attente"],
            ["Marie-Antoinette de Saint-Hilaire-Lemoine, personnes autorisées", "17 novembre", "À corriger"],
        ],
        "page": _page(),
    }


def _page() -> "Page[int]":
    return Paginator(range(200), 10).page(4)
