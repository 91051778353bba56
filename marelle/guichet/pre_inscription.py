"""A pré-inscription in the words of its page: who, what they wrote, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from marelle.activites.models import Temps
from marelle.collectivite.identite import identite
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.demandes.avis import Badge
from marelle.familles.models import Enfant, Responsable
from marelle.regles.phrases import dire_jour_du_mois
from marelle.scolarite.etats import Etat
from marelle.scolarite.models import PreInscription
from marelle.scolarite.pre_inscription import nom_de_la_famille, recues
from marelle.socle.francais import compte
from marelle.socle.pays import lignes_d_adresse

BADGES = {
    Etat.DEPOSEE: Badge("ocre", "horloge", "En attente"),
    Etat.ACCEPTEE: Badge("vert", "coche", "Acceptée"),
    Etat.REFUSEE: Badge("rouge", "croix", "Refusée"),
}
SOUHAITS = {**{temps.value: str(temps.label) for temps in Temps}, "ecole": "École"}
CHAMPS_ADULTE = (("courriel", "E-mail"), ("mobile", "Mobile"), ("telephone", "Téléphone"))
CHAMPS_ENFANT = (("ecole", "École"), ("classe", "Classe"))


@dataclass(frozen=True, slots=True)
class Personne:
    """An adult or a child as it was written: name, and (word, value) pairs."""

    nom: str
    faits: list[tuple[str, str]]


@dataclass(frozen=True)
class FicheMontree:
    """A pré-inscription, for templates."""

    fiche: PreInscription
    contenu: dict[str, Any]

    @property
    def nom(self) -> str:
        return nom_de_la_famille(self.contenu) or f"Fiche {self.fiche.numero}"

    @property
    def resume(self) -> str:
        """« 2 enfants, Ville-Exemple », « 1 enfant, Ixelles, BELGIQUE »; that it has been forgotten, when it has."""
        if not self.contenu:
            return "Contenu effacé"
        premier: dict[str, Any] = next(iter(self.contenu["adultes"]), {})
        lieu = lignes_d_adresse({nom: premier.get(nom, "") for nom in ("commune", "pays")})
        return ", ".join([compte(len(self.contenu["enfants"]), "enfant"), *lieu])

    @property
    def badge(self) -> Badge:
        return BADGES[Etat(self.fiche.etat)]

    @property
    def se_decide(self) -> bool:
        return self.fiche.etat == Etat.DEPOSEE

    @property
    def adultes(self) -> list[Personne]:
        return [_adulte(un) for un in self.contenu.get("adultes", [])]

    @property
    def enfants(self) -> list[Personne]:
        return [_enfant(un) for un in self.contenu.get("enfants", [])]

    @property
    def souhaits(self) -> list[str]:
        return [SOUHAITS.get(un, un) for un in self.contenu.get("souhaits", [])]


def onglet_des_pre_inscriptions(agent: Agent) -> list[dict[str, Any]]:
    """The door beside the queue, with how many wait; nothing where there is no such sheet, or for who may not read it."""
    if identite().pre_inscription is None or not agent.peut(Droit.LIRE_FAMILLES):
        return []
    lien = reverse("guichet:pre_inscriptions")
    return [{"libelle": "Pré-inscriptions", "lien": lien, "est_courant": False, "nombre": recues().count()}]


def presenter(fiche: PreInscription) -> FicheMontree:
    return FicheMontree(fiche, fiche.contenu)


def _adulte(saisi: dict[str, Any]) -> Personne:
    civilite = dict(Responsable.Civilite.choices).get(saisi.get("civilite", ""), "") if saisi.get("civilite") else ""
    faits = [(mot, saisi.get(nom, "")) for nom, mot in CHAMPS_ADULTE]
    faits.append(("Adresse", ", ".join(lignes_d_adresse(saisi))))
    return Personne(" ".join(filter(None, (str(civilite), saisi["prenom"], saisi["nom"]))), _remplis(faits))


def _enfant(saisi: dict[str, Any]) -> Personne:
    ne_le = dire_jour_du_mois(date.fromisoformat(saisi["date_naissance"]), 0)
    sexe = str(dict(Enfant.Sexe.choices)[saisi["sexe"]]) if saisi.get("sexe") else ""
    faits = [("Naissance", ne_le), ("Sexe", sexe), *((mot, saisi.get(nom, "")) for nom, mot in CHAMPS_ENFANT)]
    return Personne(f"{saisi['prenom']} {saisi['nom']}", _remplis(faits))


def _remplis(faits: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(mot, valeur) for mot, valeur in faits if valeur]
