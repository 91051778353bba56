"""The demonstration: accounts whose password everybody knows, and families whose history follows today's date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marelle.familles.models import Famille, Responsable


@dataclass(frozen=True, slots=True)
class CompteDemo:
    """A line of what `make demo` prints: a login, and who it is."""

    identifiant: str
    qui: str


def preparer(mot_de_passe: str) -> list[CompteDemo]:
    """Make the accounts and the families that are missing; what exists is kept as it is, but for a changed password.

    The collectivité must have been loaded. Raises `ErreurMarelle` in production.
    """
    from django.db import transaction

    from marelle.comptes.demo import creer_comptes_demo

    with transaction.atomic():
        agents = creer_comptes_demo(mot_de_passe)
        comptes = _familles(mot_de_passe)
    return [*comptes, *(CompteDemo(agent.compte.username, f"{agent}, {agent.get_role_display()}") for agent in agents)]


def _familles(mot_de_passe: str) -> list[CompteDemo]:
    from marelle.familles.models import Famille

    from .dossiers import creer_foyer
    from .foyers import FOYERS

    neuve = not Famille.objects.filter(numero=FOYERS[0].numero).exists()
    for foyer in FOYERS:
        famille = Famille.objects.filter(numero=foyer.numero).first() or creer_foyer(foyer)
        _acces(famille, foyer.identifiant, mot_de_passe, chacun=foyer.chacun_son_acces)
    if neuve:
        _vivre()
    return [CompteDemo(foyer.identifiant, f"{foyer.nom} : {foyer.mot}") for foyer in FOYERS]


def _acces(famille: Famille, identifiant: str, mot_de_passe: str, *, chacun: bool) -> None:
    """The login of a household: shared where the collectivité wants it so, its first adult's own otherwise."""
    from marelle.collectivite.identite import identite
    from marelle.comptes.models import Compte
    from marelle.familles.models import Acces

    adulte: Responsable = famille.responsables.get(est_principal=True)
    compte, _ = Compte.objects.get_or_create(username=identifiant, defaults={"email": adulte.courriel})
    if not compte.check_password(mot_de_passe):  # a new hash would sign out who tries the demonstration
        compte.set_password(mot_de_passe)
        compte.save(update_fields=["password"])
    est_partage = identite().acces_partage and not chacun
    Acces.objects.get_or_create(
        compte=compte, defaults={"famille": famille, "responsable": None if est_partage else adulte}
    )


def _vivre() -> None:
    """The past of the demonstration, scene after scene."""
    from marelle.familles.models import Famille

    from . import argent, ecole, messages, scenes
    from .foyers import FOYERS
    from .voisins import creer_voisins

    familles = {foyer.identifiant: Famille.objects.get(numero=foyer.numero) for foyer in FOYERS}
    decor, voisins = scenes.decor(), creer_voisins()
    scenes.remplir_le_prochain_jour(voisins)
    scenes.vie_de_famille1(familles["famille1"], decor)
    scenes.jours_d_ecole(familles["famille1"])
    scenes.jour_complet(familles["famille1"], voisins, decor)
    scenes.parents_separes(familles["famille3"], familles["famille4"], decor)
    scenes.file_d_attente(voisins, decor)
    scenes.fiches_en_attente(familles, voisins)
    ecole.inscriptions_scolaires(familles["famille1"], voisins)
    ecole.pre_inscriptions(voisins)
    messages.echanges(familles["famille1"], voisins)
    argent.vie_des_comptes(familles, voisins)
