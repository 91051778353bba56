"""The cast: the same named people in every test, so that a permission reads as a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from marelle.collectivite.models import Collectivite, TexteReglement
from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.familles.models import Acces, Enfant, Famille, Rattachement, Responsable
from marelle.socle.memoire import oublier

COLLECTIVITES = Path(__file__).resolve().parents[1] / "collectivites"
MOT_DE_PASSE = "Marelle-pour-2026"


@dataclass
class Foyer:
    """A household of the cast: `roussel.camille`, `roussel.anouk`… and the account that the family shares."""

    famille: Famille
    compte: Compte
    adultes: dict[str, Responsable] = field(default_factory=dict)
    enfants: dict[str, Enfant] = field(default_factory=dict)

    def __getattr__(self, nom: str) -> Responsable | Enfant:
        for gens in (self.__dict__.get("adultes", {}), self.__dict__.get("enfants", {})):
            if nom in gens:
                return gens[nom]
        raise AttributeError(nom)

    @property
    def auteur(self) -> Auteur:
        return Auteur(Acteur.FAMILLE, self.compte, f"Famille {self.famille.nom}")


def collectivite(code: str = "cc-tvv") -> Collectivite:
    """The identity and the règlement of a shipped collectivité, without its openings (`marelle.chargement.charger` for these)."""
    dossier = COLLECTIVITES / code
    texte = (dossier / "collectivite.toml").read_text(encoding="utf-8")
    ligne, _ = Collectivite.objects.update_or_create(code=code, defaults={"nom": code, "texte": texte})
    regles = (dossier / "reglement.toml").read_text(encoding="utf-8")
    TexteReglement.objects.get_or_create(empreinte=f"essais-{code}", defaults={"texte": regles, "source": code})
    oublier()
    return ligne


def famille_roussel() -> Foyer:
    """Camille and Paul Roussel, parents of Anouk (born 2017), Élio (2019) and Jeanne-Apolline (2021)."""
    foyer = _foyer("FAM-00001", "Roussel")
    _adulte(foyer, "camille", "Camille", "Roussel", est_principal=True)
    _adulte(foyer, "paul", "Paul", "Roussel", rang=2)
    _enfant(foyer, "anouk", "Anouk", "Roussel-Lemoine", date(2017, 3, 14), "f")
    _enfant(foyer, "elio", "Élio", "Roussel", date(2019, 9, 2), "g")
    _enfant(foyer, "jeanne", "Jeanne-Apolline", "Roussel", date(2021, 6, 30), "f")
    return foyer


def famille_fauvel() -> Foyer:
    """Inès Fauvel, mother of Malo (2018). Another household: what is the Roussels' is none of its business."""
    foyer = _foyer("FAM-00002", "Fauvel")
    _adulte(foyer, "ines", "Inès", "Fauvel", est_principal=True)
    _enfant(foyer, "malo", "Malo", "Fauvel", date(2018, 5, 20), "g")
    return foyer


def famille_lemoine(*partages: Enfant) -> Foyer:
    """Hugo Lemoine, the other household of the children given (Anouk, usually)."""
    foyer = _foyer("FAM-00003", "Lemoine")
    _adulte(foyer, "hugo", "Hugo", "Lemoine", est_principal=True)
    for enfant in partages:
        Rattachement.objects.create(enfant=enfant, famille=foyer.famille, part_garde=50)
        foyer.enfants[enfant.prenom.lower()] = enfant
    return foyer


def karim() -> Agent:
    """Karim Benali, secretariat: decides."""
    return _agent("karim", "Karim", "Benali", Role.SECRETARIAT)


def nadia() -> Agent:
    """Nadia Ferrand, direction: may do everything."""
    return _agent("nadia", "Nadia", "Ferrand", Role.DIRECTION)


def lucas() -> Agent:
    """Lucas Marchand, animation: keeps the children of the day, reads their health sheets, decides nothing."""
    return _agent("lucas", "Lucas", "Marchand", Role.ANIMATION)


def auteur_agent(agent: Agent) -> Auteur:
    return Auteur(Acteur.AGENT, agent.compte, str(agent))


def _foyer(numero: str, nom: str) -> Foyer:
    famille = Famille.objects.create(numero=numero, nom=nom)
    compte = Compte.objects.create_user(numero, f"{nom.lower()}@familles.exemple", MOT_DE_PASSE)
    Acces.objects.create(compte=compte, famille=famille)
    return Foyer(famille, compte)


def _adulte(
    foyer: Foyer, cle: str, prenom: str, nom: str, *, est_principal: bool = False, rang: int = 1
) -> Responsable:
    foyer.adultes[cle] = Responsable.objects.create(
        famille=foyer.famille,
        nom=nom,
        prenom=prenom,
        courriel=f"{cle}@familles.exemple",
        adresse="4 rue du Puits",
        code_postal="37500",
        commune="Chaveignes",
        telephone="02 47 58 00 01",
        mobile="06 12 34 56 78",
        est_principal=est_principal,
        rang=rang,
    )
    return foyer.adultes[cle]


def _enfant(foyer: Foyer, cle: str, prenom: str, nom: str, ne_le: date, sexe: str) -> Enfant:
    enfant = Enfant.objects.create(prenom=prenom, nom=nom, date_naissance=ne_le, sexe=sexe, ecole="École de Chaveignes")
    Rattachement.objects.create(enfant=enfant, famille=foyer.famille)
    foyer.enfants[cle] = enfant
    return enfant


def _agent(identifiant: str, prenom: str, nom: str, role: Role) -> Agent:
    compte = Compte.objects.create_user(identifiant, f"{identifiant}@service.exemple", MOT_DE_PASSE)
    return Agent.objects.create(compte=compte, prenom=prenom, nom=nom, role=role)
