"""A demande in the words and shapes of its page: difference, places, family, rule, past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from marelle.appels.phrases import dire_les_sommes
from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.demandes.a_payer import sommes_a_l_acceptation
from marelle.demandes.avis import JourJuge, dire_places
from marelle.demandes.devis import est_tardif
from marelle.demandes.ensemble import autres
from marelle.demandes.file import BADGES_DES_ETATS, Ligne, visibles
from marelle.demandes.instruction import AUCUNE_RESERVATION, Instruction, instruire, places_a_montrer
from marelle.demandes.natures import Ecart
from marelle.demandes.passages import LIBELLES, Etat, Verbe
from marelle.facturation.qui_paie import AidesDuJour
from marelle.regles.phrases import dire_date
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.tarification.devis import Devis
from marelle.tarification.identite import tarifs

VISIBLES = 6  # days shown at once; the others are one click away
CARRES = 40  # squares of a gauge; beyond, each stands for several places
TONS = {"reservation": "vert", "annulation": "rose", "absence": "ocre"}
VERBES = {
    Verbe.DEPOSER: "Déposée",
    Verbe.METTRE_EN_ATTENTE: "Mise en liste d’attente",
    Verbe.REMETTRE_EN_FILE: "Une place s’est libérée : revenue dans la file",
    Verbe.RENVOYER: "Renvoyée à la famille",
    Verbe.ACCEPTER: "Acceptée",
    Verbe.REFUSER: "Refusée",
    Verbe.RETIRER: "Retirée",
    Verbe.REPRENDRE: "Absence retirée : l’enfant vient",
    Verbe.PROPOSER: "Place proposée à la famille",
    Verbe.CONFIRMER: "Place acceptée",
    Verbe.LAISSER_PASSER: "Sans réponse : la place est allée au suivant",
    Verbe.ABANDONNER: "Sans réponse : a quitté la liste d’attente",
    Verbe.EXPIRER: "Non payée à temps : la réservation est tombée",
}
# What is decided is never undone: the other gesture is made, which its own e-mail tells the family.
RETOURS = {
    ("reservation", Etat.ACCEPTEE): ("desinscrire", "Pour revenir sur cette décision, désinscrivez l’enfant."),
    ("reservation", Etat.REFUSEE): ("inscrire", "Pour donner quand même ces jours, inscrivez l’enfant."),
    ("annulation", Etat.ACCEPTEE): ("inscrire", "Pour lui rendre ces jours, inscrivez l’enfant."),
    ("annulation", Etat.REFUSEE): ("desinscrire", "Pour annuler quand même ces jours, désinscrivez l’enfant."),
}
ETATS_DU_DOSSIER = {
    "valide": "à jour",
    "en_attente": "à valider",
    "a_corriger": "à corriger par la famille",
    "manque": "manque",
    "perime": "expiré",
}


@dataclass(frozen=True)
class Ouverte:
    """The open demande, for templates."""

    ligne: Ligne
    instruction: Instruction
    agent: Agent
    montre: bool

    @property
    def demande(self) -> Any:
        return self.ligne.demande

    @property
    def badge(self) -> Any:
        return BADGES_DES_ETATS[Etat(self.demande.etat)]

    @property
    def libelle(self) -> str:
        return str(self.demande.type_nature.LIBELLE)

    @property
    def ecarts(self) -> list[dict[str, Any]]:
        ton = TONS.get(self.demande.nature, "ocre")
        return [
            {
                "nom": un.libelle,
                "avant": _ou_rien(un.en_vigueur),
                "apres": _ou_rien(un.demande),
                "change": un.est_change,
                "ton": ton,
            }
            for un in self.instruction.ecarts
        ]

    @property
    def premiers_ecarts(self) -> list[dict[str, Any]]:
        return self.ecarts[:VISIBLES] if self.demande.nature in TONS else self.ecarts

    @property
    def autres_ecarts(self) -> list[dict[str, Any]]:
        return self.ecarts[VISIBLES:] if self.demande.nature in TONS else []

    @property
    def places(self) -> list[dict[str, Any]]:
        if self.demande.etat not in (Etat.DEPOSEE, Etat.LISTE_ATTENTE, Etat.PROPOSEE):
            return []
        return [_places(un) for un in places_a_montrer(self.demande, self.ligne.avis)]

    @property
    def premieres_places(self) -> list[dict[str, Any]]:
        return self.places[:VISIBLES]

    @property
    def autres_places(self) -> list[dict[str, Any]]:
        return self.places[VISIBLES:]

    @property
    def manques(self) -> list[str]:
        """What is not in order in the child's file, in a few words each."""
        dossier = self.instruction.dossier
        exigences = dossier.exigences if dossier else ()
        return [f"{une.nom} : {ETATS_DU_DOSSIER[une.etat]}" for une in exigences if not une.est_satisfaite]

    @property
    def frise(self) -> list[dict[str, Any]]:
        return [
            {
                "titre": _titre(passage),
                "quand": passage.quand,
                "motif": passage.motif,
                "derogation": passage.derogation,
            }
            for passage in self.instruction.passages
        ]

    @property
    def ensemble(self) -> list[dict[str, Any]]:
        """The brothers' and sisters' demandes that the family wants together with this one, or none; a link to those
        that this agent may see."""
        liees = autres(self.demande)
        vues = (
            set(visibles(self.agent).filter(ensemble=self.demande.ensemble).values_list("pk", flat=True))
            if liees
            else ()
        )
        return [
            {"demande": une, "est_visible": une.pk in vues, "badge": BADGES_DES_ETATS[Etat(une.etat)]} for une in liees
        ]

    @property
    def peut_decider(self) -> bool:
        return self.agent.peut(Droit.DECIDER_DEMANDES)

    @property
    def peut_deroger(self) -> bool:
        return self.agent.peut(Droit.DEROGER)

    @property
    def peut_lire_sante(self) -> bool:
        return self.agent.peut(Droit.LIRE_SANTE)

    @property
    def se_decide(self) -> bool:
        return self.peut_decider and self.instruction.permet(Verbe.ACCEPTER)

    @property
    def retour(self) -> dict[str, str] | None:
        """How to come back on what is decided: a sentence, and the form of the desk with what is known of it. Of several days
        the form says none: between the first and the last, another demande may have its own."""
        trouve = RETOURS.get((self.demande.nature, Etat(self.demande.etat)))
        jours = list(self.demande.jours.all())
        if trouve is None or not self.peut_decider or not any(jour.date >= aujourdhui() for jour in jours):
            return None
        action, phrase = trouve
        su = {"action": action, "enfant": self.demande.enfant_id, "unite": jours[0].ouverture.unite_id}
        if len(jours) == 1:
            su["debut"] = jours[0].date.isoformat()
        return {
            "phrase": phrase,
            "lien": f"{reverse('guichet:inscrire', args=[self.demande.famille_id])}?{urlencode(su)}",
        }

    @property
    def a_payer(self) -> dict[str, Any] | None:
        """What accepting will ask of the household at once, in sentences; `rien`: what is in credit pays it all. None, and no
        query, where the tariffs never ask."""
        lus = tarifs()
        if not self.se_decide or lus is None or not lus.a_des_paiements:
            return None
        devis = Devis(self.demande.famille, AidesDuJour(self.demande.famille), est_tardif)
        une = sommes_a_l_acceptation(self.demande, devis)
        credit = une.credit_centimes
        dites = dire_les_sommes(une.sommes, maintenant(), est_ferme=une.est_ferme, credit_centimes=credit)
        return {"rien": not une.sommes, "phrases": dites} if dites else None

    @property
    def peut_attendre(self) -> bool:
        return self.instruction.permet(Verbe.METTRE_EN_ATTENTE)

    @property
    def peut_renvoyer(self) -> bool:
        return self.instruction.permet(Verbe.RENVOYER)

    @property
    def etat_en_clair(self) -> str:
        return LIBELLES[Etat(self.demande.etat)]


def presenter(ligne: Ligne, agent: Agent, *, montre: bool) -> Ouverte:
    return Ouverte(ligne, instruire(ligne.demande, ligne.avis, montre=montre), agent, montre)


def _ligne_de_difference(ecart: Ecart, ton: str) -> dict[str, Any]:
    avant, apres = _ou_rien(ecart.en_vigueur), _ou_rien(ecart.demande)
    return {"nom": ecart.libelle, "avant": avant, "apres": apres, "change": ecart.est_change, "ton": ton}


def _ou_rien(texte: str) -> str:
    """The component says « Rien » itself, without striking it out."""
    return "" if texte in ("–", AUCUNE_RESERVATION) else texte


def _titre(passage: Any) -> str:
    qui = f" par {passage.par_nom}" if passage.par_nom else ""
    return f"{VERBES[Verbe(passage.verbe)]}{qui}"


def _places(juge: JourJuge) -> dict[str, Any]:
    """The gauge of a day: its squares by tone, its sentence, its group."""
    places, soi = juge.places, juge.a_soi
    parts = {"reservee": places.prises, "ici": soi, "retenue": max(0, places.retenues - soi), "libre": places.restantes}
    groupe = juge.jour.ouverture.groupe
    return {
        "titre": f"Places du {dire_date(juge.jour.date, aujourdhui().year)}",
        "groupe": groupe.nom if groupe else "",
        "carres": _carres(parts),
        "phrase": dire_places(juge),
        "est_complet": juge.est_complet,
        "alt": compte(places.capacite, "place"),
    }


def _carres(parts: dict[str, int]) -> list[str]:
    total = sum(parts.values())
    pas = max(1, -(-total // CARRES))
    return [sorte for sorte, nombre in parts.items() for _ in range(-(-nombre // pas))]
