"""Making a passage: the table is checked, the state changes, the line is written. Used by the actions, never by a face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marelle.socle.erreurs import Refus

from .a_payer import demander_le_paiement
from .models import Demande, OffreDePlace, Passage
from .passages import LIBELLES, TABLE, Acteur, Etat, Verbe

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

FINS_D_OFFRE: dict[str, str] = {
    Verbe.CONFIRMER: OffreDePlace.Etat.ACCEPTEE,
    Verbe.ACCEPTER: OffreDePlace.Etat.ACCEPTEE,
    Verbe.RETIRER: OffreDePlace.Etat.REFUSEE,
    Verbe.LAISSER_PASSER: OffreDePlace.Etat.EXPIREE,
    Verbe.ABANDONNER: OffreDePlace.Etat.EXPIREE,
}
RESERVENT = (Verbe.ACCEPTER, Verbe.CONFIRMER)
MOUVANTS = ("etat", "motif", "decide_le", "est_en_reserve")  # what any passage may change
CHAMPS = (*MOUVANTS, "origine", "depose_le", "envoi", "verdict")  # and what a deposit says besides


@dataclass(frozen=True, slots=True)
class Auteur:
    """Who acts: a family, an agent (with the name families and colleagues will read), or a rule."""

    acteur: Acteur
    compte: Compte | None = None
    nom: str = ""


REGLE = Auteur(Acteur.REGLE, None, "le règlement")


@dataclass
class Cahier:
    """The passages of one transaction, written together at its end."""

    maintenant: datetime
    passages: list[Passage] = field(default_factory=list)
    demandes: dict[int, Demande] = field(default_factory=dict)

    def passer(self, demande: Demande, verbe: Verbe, auteur: Auteur, *, motif: str = "", derogation: str = "") -> None:
        """Move a demande by a verb. Raises `Refus` when the table does not allow it or when a reason is missing."""
        regle = TABLE[verbe]
        if Etat(demande.etat) not in regle.depuis or auteur.acteur not in regle.par:
            raise Refus(dire_impossible(demande))
        if regle.motif_obligatoire and not motif.strip():
            raise Refus("Écrivez le motif : la famille le lira.")
        self.passages.append(
            Passage(
                demande=demande,
                verbe=verbe.value,
                de=demande.etat,
                vers=regle.vers.value,
                acteur=auteur.acteur.value,
                par=auteur.compte,
                par_nom=auteur.nom,
                quand=self.maintenant,
                motif=motif.strip(),
                derogation=derogation.strip(),
            )
        )
        demande.etat = regle.vers.value
        demande.motif = motif.strip()
        if regle.vers in (Etat.ACCEPTEE, Etat.REFUSEE, Etat.RETIREE):
            demande.decide_le = self.maintenant
        self.demandes[demande.pk] = demande

    def ecrire(self) -> None:
        """Write the states, those that move alike in one statement, then the passages."""
        deposees = {passage.demande_id for passage in self.passages if passage.verbe == Verbe.DEPOSER}
        semblables: dict[tuple[Any, ...], list[int]] = {}
        for cle, demande in self.demandes.items():
            if cle in deposees:
                Demande.objects.filter(pk=cle).update(**{nom: getattr(demande, nom) for nom in CHAMPS})
            else:
                semblables.setdefault(tuple(getattr(demande, nom) for nom in MOUVANTS), []).append(cle)
        for valeurs, cles in semblables.items():
            Demande.objects.filter(pk__in=cles).update(**dict(zip(MOUVANTS, valeurs, strict=True)))
        Passage.objects.bulk_create(self.passages)
        self._clore_les_offres()
        self._demander_le_paiement()
        self.passages, self.demandes = [], {}

    def _demander_le_paiement(self) -> None:
        """What is booked is asked for where the tariffs say so, whichever action booked it. No query for the others."""
        reservees = [
            un.demande_id for un in self.passages if un.verbe in RESERVENT and un.demande.nature == "reservation"
        ]
        if reservees:
            demander_le_paiement(reservees)

    def _clore_les_offres(self) -> None:
        """A demande that is not offered a place any more has no offer that runs. No query for the others."""
        derniers = {passage.demande_id: passage for passage in self.passages}
        quittees = {passage.demande_id for passage in self.passages if passage.de == Etat.PROPOSEE}
        par_fin: dict[str, list[int]] = {}
        for cle in quittees:
            if derniers[cle].vers != Etat.PROPOSEE:
                par_fin.setdefault(FINS_D_OFFRE.get(derniers[cle].verbe, OffreDePlace.Etat.CLOSE), []).append(cle)
        for etat, cles in par_fin.items():
            siennes = OffreDePlace.objects.filter(demande__in=cles, etat=OffreDePlace.Etat.EN_COURS)
            siennes.update(etat=etat, repondue_le=self.maintenant)


def dire_impossible(demande: Demande) -> str:
    """Why this demande cannot move any more, in the words of its state."""
    etat = LIBELLES[Etat(demande.etat)].lower()
    dernier = demande.passages.order_by("-pk").first() if demande.pk else None
    qui = f" par {dernier.par_nom}" if dernier and dernier.par_nom and demande.etat != Etat.RETIREE else ""
    return f"La demande {demande.numero} est déjà « {etat} »{qui} : rien n’a été changé."


def detacher(demande: Demande, jours: Iterable[int]) -> Demande:
    """Move these jours de demande to a new demande of the same state, arrival and receipt: each demande has one answer.

    The caller makes its passage in the same transaction: until then its row stands outside the cart's unique constraint.
    """
    fille = Demande(
        famille_id=demande.famille_id,
        envoi_id=demande.envoi_id,
        nature=demande.nature,
        enfant_id=demande.enfant_id,
        activite_id=demande.activite_id,
        etat=Etat.RETIREE,
        origine=demande.origine,
        contenu_clair=demande.contenu_clair,
        verdict=demande.verdict,
        est_en_reserve=demande.est_en_reserve,
        depose_le=demande.depose_le,
        mere=demande,
        ensemble=demande.ensemble,
    )
    for nom in ("famille", "enfant", "activite", "envoi"):
        if nom in demande._state.fields_cache:
            setattr(fille, nom, getattr(demande, nom))
    fille.save(force_insert=True)
    fille.etat = demande.etat
    demande.jours.filter(pk__in=list(jours)).update(demande=fille)
    return fille
