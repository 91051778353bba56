"""What would become of the cart if it were sent now: each day with the rules' verdict. Reads only; sending decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from marelle.activites.models import Activite, Jauge
from marelle.familles.models import Enfant, Famille
from marelle.regles.prix import LigneDePrix, Prix
from marelle.regles.situation import Action
from marelle.regles.verdict import Issue, Option, Verdict
from marelle.socle.horloge import maintenant
from marelle.tarification.devis import Devis
from marelle.transport.selection import est_desservie

from .besoins import par_demande
from .bus import refus_au_panier
from .contexte import ACTIONS, Examen, JourOuvert, dates_deja, jour_ouvert
from .devis import est_tardif, evenements_du_panier, montant_du_jour
from .dossier import etats_des_dossiers
from .doubles import au_meme_moment
from .ensemble import jours_perdus
from .models import JourDemande
from .panier import lignes_du_panier


@dataclass(frozen=True, slots=True)
class LignePanier:
    """A day of the cart and its verdict; its price, what it adds to the invoice or takes off it (centimes, None: not known), and
    until when a booking accepted could be cancelled; what the child has elsewhere at that moment."""

    jour: JourDemande
    verdict: Verdict
    prix: Prix | None = None
    montant_centimes: int | None = None
    annulable_jusqu_au: datetime | None = None
    est_annulable_sans_frais: bool = False
    double: str = ""

    @property
    def enfant(self) -> Enfant:
        assert self.jour.demande.enfant is not None
        return self.jour.demande.enfant

    @property
    def activite(self) -> Activite:
        assert self.jour.demande.activite is not None
        return self.jour.demande.activite

    @property
    def peut_prendre_le_bus(self) -> bool:
        """Whether a bus goes there: its stops are chosen, changed or left on a page of their own."""
        return self.est_reservation and est_desservie(self.activite.pk)

    @property
    def est_reservation(self) -> bool:
        return self.jour.demande.nature == "reservation"

    @property
    def sorties(self) -> list[LigneDePrix]:
        """What the day has besides, with its supplement."""
        return [ligne for ligne in self.prix.lignes if ligne.sorte == "evenement"] if self.prix else []

    @property
    def est_possible(self) -> bool:
        return self.verdict.est_possible

    @property
    def attend(self) -> bool:
        return self.verdict.issue is Issue.LISTE_ATTENTE


def lignes_examinees(
    famille: Famille, connus: Mapping[int, Verdict] | None = None, devis: Devis | None = None
) -> list[LignePanier]:
    """The cart's days in order, each with what the rules say now; `connus` are verdicts that a sending has just given."""
    jours = lignes_du_panier(famille)
    if not jours:
        return []
    enfants = {jour.demande.enfant_id for jour in jours if jour.demande.enfant_id}
    dossiers, deja = etats_des_dossiers(famille, enfants), dates_deja(enfants)
    lignes = []
    for siens in par_demande(jours).values():
        demande = siens[0].demande
        assert demande.activite is not None
        assert demande.enfant_id is not None
        action = ACTIONS[demande.nature]
        cle = (demande.enfant_id, demande.activite.pk, action)
        manques = dossiers[demande.enfant_id].manques
        examen = Examen(demande.activite, maintenant(), manques, {action: deja.get(cle, frozenset())})
        verdicts = examen.jours(action, [_ouvert(jour, demande.activite) for jour in siens])
        for jour, verdict in zip(siens, verdicts, strict=True):
            lignes.append(LignePanier(jour, (connus or {}).get(jour.pk, verdict)))
    lignes = _ensemble(_avec_le_bus(lignes))
    doubles = au_meme_moment(famille, jours)
    lignes = [replace(ligne, double=doubles.get(ligne.jour.pk, "")) for ligne in lignes]
    lignes = _avec_les_prix(lignes, devis or Devis(famille, est_tardif=est_tardif), deja)
    return sorted(lignes, key=lambda ligne: (ligne.enfant.prenom, ligne.activite.pk, ligne.jour.date, ligne.jour.pk))


def _avec_les_prix(
    lignes: list[LignePanier], devis: Devis, deja: Mapping[tuple[int, int, Action], frozenset[date]]
) -> list[LignePanier]:
    devis.compter((ligne.enfant.pk, ligne.jour.date) for ligne in lignes if ligne.est_reservation)
    jours = [ligne.jour for ligne in lignes]
    dus = evenements_du_panier((un.pk, un.reservation_id, un.ouverture.evenements) for un in jours)
    return [_avec_le_prix(ligne, devis, deja, dus.get(ligne.jour.pk, ())) for ligne in lignes]


def _avec_le_prix(
    ligne: LignePanier,
    devis: Devis,
    deja: Mapping[tuple[int, int, Action], frozenset[date]],
    evenements: Sequence[str],
) -> LignePanier:
    """The price, and until when the day could be cancelled, for nothing when the tariffs say so."""
    activite, unite, le = ligne.activite, ligne.jour.ouverture.unite, ligne.jour.date
    quoi = (ligne.enfant.pk, activite.code, unite, le)
    reservation = None if ligne.est_reservation else ligne.jour.reservation_id
    ligne = replace(
        ligne,
        prix=devis.prix(*quoi, reservation_id=reservation, evenements=evenements),
        montant_centimes=montant_du_jour(devis, ligne.jour.demande.nature, *quoi, reservation, evenements),
    )
    if not ligne.est_reservation or not ligne.est_possible:
        return ligne
    siens = deja.get((ligne.enfant.pk, activite.pk, Action.ANNULER), frozenset())
    examen = Examen(activite, maintenant(), deja={Action.ANNULER: siens})
    verdict = examen.jour(Action.ANNULER, _ouvert(ligne.jour, activite))
    reste = devis.prix(*quoi, annulee=True, evenements=evenements)
    return replace(
        ligne,
        annulable_jusqu_au=verdict.limite if verdict.est_possible else None,
        est_annulable_sans_frais=reste is not None and reste.total_centimes == 0,
    )


def _avec_le_bus(lignes: list[LignePanier]) -> list[LignePanier]:
    """A day whose bus is full cannot go as it is asked."""
    refus = refus_au_panier([ligne.jour for ligne in lignes if ligne.est_reservation and ligne.est_possible])
    return [
        replace(ligne, verdict=Verdict(Issue.REFUSER, "transport", phrase, option=Option.AUTRE_CHOIX))
        if (phrase := refus.get(ligne.jour.pk))
        else ligne
        for ligne in lignes
    ]


def _ensemble(lignes: list[LignePanier]) -> list[LignePanier]:
    """What « ensemble sinon rien » changes: a day that one of the children cannot have is not asked for the others."""
    perdus = jours_perdus((ligne.jour.demande, ligne.jour, ligne.verdict) for ligne in lignes)
    return [replace(ligne, verdict=perdus.get(ligne.jour.pk, ligne.verdict)) for ligne in lignes]


def _ouvert(jour: JourDemande, activite: Activite) -> JourOuvert:
    jauges: dict[int, Jauge] = {jauge.pk: jauge for jauge in jour.ouverture.jauges.all()}
    a_soi = 1 if jour.retenu_jusquau else 0
    return jour_ouvert(jour.ouverture, jauges, retient=activite.retient_places, a_soi=a_soi)
