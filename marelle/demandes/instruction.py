"""All that an agent looks at before deciding one demande: asked beside in force, the file, what is used, the rule, the past."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from marelle.collectivite.identite import calendrier, reglement
from marelle.regles.enonces import phrases_de_la_regle
from marelle.regles.examen import limite as limite_des_regles
from marelle.regles.phrases import dire_date, dire_limite, typo
from marelle.regles.refus import dire_maximum
from marelle.regles.regle import Regle
from marelle.reservations.models import Reservation
from marelle.socle.horloge import aujourdhui
from marelle.socle.horloge import maintenant as maintenant_

from .avis import Avis, JourJuge
from .contexte import ACTIONS, contexte_des_regles, dates_deja, jour_des_regles, jour_ouvert
from .dossier import EtatDossier, etats_des_dossiers
from .models import Demande, JourDemande, Passage
from .natures import NATURES, Ecart
from .passages import EN_COURS, Acteur, Etat, Verbe, peut

AUCUNE_RESERVATION = "Aucune réservation"


@dataclass(frozen=True)
class Instruction:
    """What the page of a demande shows. `ecarts` is empty for a confidential content that is not to be shown."""

    demande: Demande
    avis: Avis
    ecarts: list[Ecart]
    passages: list[Passage]
    dossier: EtatDossier | None
    autres: int
    compteurs: list[str] = field(default_factory=list)
    regle: list[str] = field(default_factory=list)
    source: str = ""

    @property
    def est_lisible(self) -> bool:
        return bool(self.ecarts)

    def permet(self, verbe: Verbe) -> bool:
        """Whether the table lets an agent do this now; the waiting list is for bookings only."""
        if verbe is Verbe.METTRE_EN_ATTENTE and self.demande.nature != "reservation":
            return False
        return peut(self.demande.etat, verbe, Acteur.AGENT)


def instruire(demande: Demande, avis: Avis, *, montre: bool = True) -> Instruction:
    """Gather it; seven queries at most. `montre` False leaves a confidential content closed."""
    dossier = None
    if demande.enfant is not None:
        dossier = etats_des_dossiers(demande.famille, [demande.enfant.pk])[demande.enfant.pk]
    autres = Demande.objects.filter(famille=demande.famille, etat__in=EN_COURS).exclude(pk=demande.pk).count()
    regle = _regle(demande)
    return Instruction(
        demande,
        avis,
        _ecarts(demande, avis) if montre else [],
        list(demande.passages.order_by("pk")),
        dossier,
        autres,
        _compteurs(demande, regle),
        _dire_la_regle(demande, regle),
        regle.source if regle else "",
    )


def _ecarts(demande: Demande, avis: Avis) -> list[Ecart]:
    if demande.nature not in ACTIONS:
        return NATURES[demande.nature].ecarts(demande)
    annee = aujourdhui().year
    return [Ecart(dire_date(un.jour.date, annee).capitalize(), *_avant_apres(demande, un.jour)) for un in avis.jours]


def _avant_apres(demande: Demande, jour: JourDemande) -> tuple[str, str]:
    unite = jour.ouverture.unite.nom
    lieu = f"{unite}, {demande.activite.nom}" if demande.activite else unite
    if demande.nature == "absence":
        return lieu, NATURES["absence"].resumer(demande)
    if demande.nature == "annulation":
        tient = jour.reservation is not None and jour.reservation.etat == Reservation.Etat.RESERVEE
        return (lieu if tient or demande.etat == Etat.ACCEPTEE else AUCUNE_RESERVATION), "Annulation"
    return AUCUNE_RESERVATION, lieu


def _regle(demande: Demande) -> Regle | None:
    jour = _premier_jour(demande)
    if jour is None or demande.activite is None:
        return None
    instant = demande.depose_le or maintenant_()
    return reglement().regle(demande.activite.code, ACTIONS[demande.nature], jour.date, instant)


def _premier_jour(demande: Demande) -> JourDemande | None:
    return next(iter(demande.jours.all()), None) if demande.nature in ACTIONS else None


def _dire_la_regle(demande: Demande, regle: Regle | None) -> list[str]:
    """The rule's own sentences, then the limit that it gives for the first day."""
    jour = _premier_jour(demande)
    if regle is None or jour is None or demande.activite is None:
        return []
    annee = aujourdhui().year
    phrases = [typo(phrase) for phrase in phrases_de_la_regle(regle, reglement().publics, annee)]
    contexte = contexte_des_regles(ACTIONS[demande.nature], demande.activite, demande.depose_le or maintenant_())
    ouvert = jour_ouvert(jour.ouverture, {j.pk: j for j in jour.ouverture.jauges.all()}, retient=True)
    limite = limite_des_regles(reglement(), calendrier(), contexte, jour_des_regles(ouvert, demande.activite))
    if limite is not None:
        phrases.append(typo(f"Limite pour le {dire_date(jour.date, annee)} : {dire_limite(limite, annee)}."))
    return phrases


def _compteurs(demande: Demande, regle: Regle | None) -> list[str]:
    """« 1 sur 3 annulations par période », for each maximum of the rule, this demande left out."""
    jour = _premier_jour(demande)
    if regle is None or not regle.maxima or jour is None or demande.activite is None or demande.enfant_id is None:
        return []
    action = ACTIONS[demande.nature]
    cle = (demande.enfant_id, demande.activite.pk, action)
    dates: frozenset[date] = dates_deja([demande.enfant_id], [action], sauf=[demande.pk]).get(cle, frozenset())
    ouvert = jour_ouvert(jour.ouverture, {j.pk: j for j in jour.ouverture.jauges.all()}, retient=True)
    juge = jour_des_regles(ouvert, demande.activite)
    return [f"Déjà {maximum.compte(dates, juge)} sur {dire_maximum(action, maximum)}." for maximum in regle.maxima]


def places_a_montrer(demande: Demande, avis: Avis) -> list[JourJuge]:
    """The days of a booking, the full ones first, then by date."""
    if demande.nature != "reservation":
        return []
    return sorted(avis.jours, key=lambda un: (not un.est_complet, un.jour.date))
