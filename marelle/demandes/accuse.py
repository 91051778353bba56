"""The receipt of a sending (*accusé de réception électronique*, CRPA L112-11 and R112-11-1): on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.db.models import Prefetch

from marelle.activites.evenements import codes_annonces
from marelle.collectivite.identite import identite
from marelle.collectivite.options import Silence
from marelle.editions.formes import Accuse, ActiviteDemandee, AutreDemande, EnfantDemande, LigneDemandee
from marelle.editions.formes import Silence as SilenceEdite
from marelle.regles.calendrier import plus_des_mois
from marelle.regles.phrases import enumerer
from marelle.socle.horloge import jour_a_paris
from marelle.tarification.evenements import noms_des_evenements

from .models import Demande, Envoi, JourDemande
from .natures import NATURES
from .passages import LIBELLES, Etat

MOIS_EN_LETTRES = {1: "un mois", 2: "deux mois", 3: "trois mois", 4: "quatre mois", 6: "six mois"}
# The square of look.md for each state of a demande, to book and to cancel.
CARRES = {
    Etat.DEPOSEE: "attente",
    Etat.A_CORRIGER: "attente",
    Etat.LISTE_ATTENTE: "liste",
    Etat.PROPOSEE: "attente",
    Etat.ACCEPTEE: "reserve",
    Etat.REFUSEE: "refuse",
    Etat.RETIREE: "libre",
}


def demandes_de(envoi: Envoi) -> list[Demande]:
    """The demandes of a sending with their days, in reading order."""
    return list(
        envoi.demandes.select_related("enfant", "responsable", "activite__centre", "famille")
        .prefetch_related(Prefetch("jours", JourDemande.objects.select_related("ouverture__unite", "trajet")))
        .order_by("enfant__prenom", "activite__ordre", "nature", "pk")
    )


QUELLES = {"reservation": "de réservation", "annulation": "d’annulation"}


def silences_de(demandes: Iterable[Demande], recu_le: date) -> list[SilenceEdite]:
    """What the service's silence means for this sending, and from which day; refusal first. A sending that books and cancels
    may have two answers: each then says which demande it is about."""
    par_regime: dict[Silence, list[str]] = {}
    for demande in demandes:
        par_regime.setdefault(identite().silence_de(demande.nature), []).append(demande.nature)
    dits = sorted((un for un in par_regime if un.regime != "sans_objet"), key=lambda un: un.regime, reverse=True)
    return [
        {
            "regime": un.regime,
            "date": plus_des_mois(recu_le, un.mois),
            "delai": MOIS_EN_LETTRES.get(un.mois, f"{un.mois} mois"),
            "quoi": "" if len(par_regime) == 1 else f" {_quelles(par_regime[un])}",
        }
        for un in dits
    ]


def _quelles(natures: Sequence[str]) -> str:
    return enumerer([QUELLES.get(une, f"« {NATURES[une].LIBELLE} »") for une in dict.fromkeys(natures)])


def _suite() -> list[str]:
    return [
        "Le service traite les demandes chaque jour ouvré, par ordre d’arrivée et selon les places.",
        "Vous recevez un e-mail à chaque décision.",
        f"Tant qu’une demande n’est pas traitée, vous pouvez la retirer dans « {identite().mots.demandes} ».",
    ]


def donnees_de_l_accuse(envoi: Envoi, deposant: str, lien: str = "") -> Accuse:
    """The shape that `editions` sets as a PDF."""
    demandes = demandes_de(envoi)
    return {
        "numero": envoi.numero,
        "recu_le": envoi.depose_le,
        "deposant": deposant,
        "famille": f"{envoi.famille.nom} ({envoi.famille.numero})",
        "enfants": _enfants([d for d in demandes if NATURES[d.nature].PORTE_SUR_DES_JOURS]),
        "autres": [_autre(d) for d in demandes if not NATURES[d.nature].PORTE_SUR_DES_JOURS],
        "silences": silences_de(demandes, jour_a_paris(envoi.depose_le)),
        "suite": _suite(),
        "lien": f"{settings.BASE_URL}{lien}",
    }


def _enfants(demandes: Sequence[Demande]) -> list[EnfantDemande]:
    enfants: dict[int, EnfantDemande] = {}
    titres: dict[tuple[int, int], ActiviteDemandee] = {}
    for demande in demandes:
        assert demande.enfant is not None
        assert demande.activite is not None
        enfant = enfants.setdefault(demande.enfant.pk, {"nom": str(demande.enfant), "activites": []})
        cle = (demande.enfant.pk, demande.activite.pk)
        if cle not in titres:
            titres[cle] = {"titre": f"{demande.activite.nom} – {demande.activite.centre.nom}", "lignes": []}
            enfant["activites"].append(titres[cle])
        titres[cle]["lignes"] += _lignes(demande)
    return list(enfants.values())


def _lignes(demande: Demande) -> list[LigneDemandee]:
    etat = Etat(demande.etat)
    carre, mot = CARRES[etat], LIBELLES[etat]
    quoi = {"annulation": "annuler : ", "absence": "absence : "}.get(demande.nature, "")
    if demande.nature == "annulation" and etat is Etat.ACCEPTEE:
        carre, mot = "annule", "Annulée"
    if demande.nature == "absence" and etat is Etat.ACCEPTEE:
        carre, mot = "libre", "Absence déclarée"
    lignes: list[LigneDemandee] = []
    for jour in sorted(demande.jours.all(), key=lambda j: (j.date, j.pk)):
        texte = ", ".join(
            filter(None, (f"{quoi}{jour.ouverture.unite.nom}", *sorties_annoncees(demande, jour), jour.bus))
        )
        lignes.append({"jour": jour.date, "quoi": texte, "etat": carre, "mot": mot})
    return lignes


def sorties_annoncees(demande: Demande, jour: JourDemande) -> list[str]:
    """The outings that the day had when it was asked for: « sortie à la piscine, en supplément »."""
    une, ecrits = demande.activite, jour.ouverture.evenements
    if demande.nature != "reservation" or demande.depose_le is None or une is None:
        return []
    codes = codes_annonces(ecrits, demande.depose_le) if ecrits else ()
    noms = noms_des_evenements(codes, une.code, jour.ouverture.unite.code, jour.date)
    return [f"{nom[:1].lower()}{nom[1:]} (en supplément)" for nom in noms]


def _autre(demande: Demande) -> AutreDemande:
    etat = Etat(demande.etat)
    qui = demande.enfant or demande.responsable
    quoi = NATURES[demande.nature].resumer(demande)
    return {"quoi": f"{qui} : {quoi}" if qui else quoi, "etat": CARRES[etat], "mot": LIBELLES[etat]}
