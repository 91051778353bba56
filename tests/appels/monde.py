"""A day to pay when booking: a few places, households that wait for them, a régie that takes money, its régisseuse."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marelle.appels.models import Appel
from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.creances.models import Mandat, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Acces, Responsable
from marelle.regie.encaissements import Reception, recevoir
from marelle.socle.horloge import PARIS, a_l_instant, aujourdhui, maintenant
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from tests.demandes.monde import adultes, attente
from tests.reservations.terrain import Terrain, terrain

MIDI = datetime(2026, 10, 6, 12, tzinfo=PARIS)
REGIES = """
[[regies]]
code = 1
nom = "Régie d’essai"
modes = ["especes", "cheque"]
plafond_especes = "300,00"
acompte = true
paiement_en_ligne = "payfip_regie_ws"
numcli = "102030"
"""
TARIFS = """
nom = "Exemple"
[[version]]
en_vigueur_le = 2026-01-01
deliberation = "Délibération d’essai"
paiement = {paiement}
[[version.tarifs]]
nom = "Matin"
activites = ["*"]
unites = ["matin"]
accueil = "5,00"
[[version.tarifs]]
nom = "Journée"
activites = ["*"]
accueil = "20,00"
"""
DANS_L_HEURE = "{ delai_minutes = 60 }"


@dataclass
class Scene:
    """The ground and what handles its money."""

    sol: Terrain
    regie: Regie
    agent: Agent

    def payeur(self, rang: int) -> Payeur:
        return payeur_de(self.sol.familles[rang])

    def appels(self, rang: int) -> list[Appel]:
        return list(Appel.objects.filter(payeur=self.payeur(rang)).order_by("pk"))

    def payer(self, appel: Appel, montant: int, jeton: str = "j1", mode: str = "especes") -> None:
        recu = Reception(mode, montant, aujourdhui(), jeton)
        recevoir(self.regie, appel.payeur, recu, auteur=self.agent, appel=appel.pk)


def monter_la_scene(
    paiement: str = DANS_L_HEURE, *, places: int = 5, familles: int = 2, decision: str = "automatique"
) -> Scene:
    """Every day asks for that payment; the règlement accepts at once."""
    sol = terrain(places=places, familles=familles, jours=3)
    attente("", decision)
    adultes(sol)
    charger_regies(REGIES, "essai/regies.toml")
    charger_tarifs(TARIFS.format(paiement=paiement), "essai/tarifs.toml")
    oublier()
    compte = Compte.objects.create_user("zoe", "zoe@service.exemple")
    agent = Agent.objects.create(compte=compte, nom="Ferry", prenom="Zoé", role=Role.REGIE)
    regie = Regie.objects.get(code=1)
    Mandat.objects.create(regie=regie, agent=agent, qualite=Mandat.Qualite.TITULAIRE, debut=date(2020, 1, 1))
    return Scene(sol, regie, agent)


def acces_de(scene: Scene, rang: int = 0) -> Acces:
    """The access of the only adult of that household."""
    compte = Compte.objects.create_user(f"famille{rang}", f"famille{rang}@x.exemple")
    adulte = Responsable.objects.get(famille=scene.sol.familles[rang])
    return Acces.objects.create(compte=compte, famille=scene.sol.familles[rang], responsable=adulte)


def plus_tard(**duree: int) -> AbstractContextManager[None]:
    """So long after now."""
    return a_l_instant(maintenant() + timedelta(**duree))
