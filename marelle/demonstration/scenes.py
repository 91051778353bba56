"""What has happened before the visitor arrives: each scene is a few demandes, at their dates, through the actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marelle.activites.models import Activite, Ouverture, Temps, Unite
from marelle.collectivite.identite import identite
from marelle.demandes.natures import Sujet
from marelle.familles.models import Enfant, Famille
from marelle.socle.horloge import a_l_instant, aujourdhui

from . import noms
from .dossiers import naissance
from .vie import (
    accepter,
    annuler_par_le_centre,
    changer,
    demander,
    il_y_a,
    inscrire_les_voisins,
    jours_libres,
    le_service,
    limiter,
    refuser,
    transmettre,
)
from .voisins import Voisin

DANS_LA_JOURNEE = 20  # children that the list of the next open day aims at


@dataclass(frozen=True, slots=True)
class Decor:
    """The activity where most happens, and another one; each by the unité that takes the whole day."""

    principale: Unite
    seconde: Unite


def decor() -> Decor:
    """The first *mercredi* activity and the first of the holidays; what the collectivité has, where it has no such thing."""
    actives = list(Activite.objects.filter(est_active=True).prefetch_related("unites").order_by("ordre", "pk"))
    principale = _premiere(actives, Temps.MERCREDI) or actives[0]
    seconde = _premiere(actives, Temps.VACANCES) or actives[-1]
    return Decor(principale.unites.all()[0], seconde.unites.all()[0])


def _premiere(activites: Sequence[Activite], temps: str) -> Activite | None:
    return next((une for une in activites if une.temps == temps), None)


def enfant_de(famille: Famille, prenom: str) -> Enfant:
    return famille.enfants.get(prenom=prenom)


def prochain_jour() -> tuple[Unite, date] | None:
    """The next day on which something opens, with the unité that opens."""
    ouverture = (
        Ouverture.objects.filter(date__gte=aujourdhui(), fermeture="", activite__est_active=True)
        .select_related("unite__activite")
        .order_by("date", "activite__ordre", "unite__ordre", "pk")
        .first()
    )
    return (ouverture.unite, ouverture.date) if ouverture else None


def remplir_le_prochain_jour(voisins: Sequence[Voisin]) -> None:
    """Some twenty children are booked on the next open day, since a month before."""
    prochain = prochain_jour()
    if prochain is not None:
        unite, jour = prochain
        assez = [un for un in voisins if un.enfant.age_le(jour) >= unite.activite.age_min][:DANS_LA_JOURNEE]
        inscrire_les_voisins(assez, unite, jour, il_y_a(30, 18))


def vie_de_famille1(famille: Famille, decor: Decor) -> None:
    """Élio and Anouk: days booked, waiting, refused, cancelled by the centre, booked by the service."""
    elio, anouk = enfant_de(famille, "Élio"), enfant_de(famille, "Anouk")
    with a_l_instant(il_y_a(24)):
        jours = jours_libres(famille, elio, decor.principale)
    acceptees = demander(famille, elio, decor.principale, jours[:6], il_y_a(24))
    acceptees += demander(famille, anouk, decor.principale, jours[:4], il_y_a(24, 19, 20))
    accepter(acceptees, il_y_a(23, 9, 40))
    futurs = jours_libres(famille, anouk, decor.principale)
    annulee = demander(famille, anouk, decor.principale, futurs[1:2], il_y_a(9))
    accepter(annulee, il_y_a(8, 10, 0))
    annuler_par_le_centre(annulee, il_y_a(2, 11, 30), "Sortie annulée : le car n’est pas disponible.")
    directe = demander(famille, anouk, decor.principale, futurs[2:3], il_y_a(7, 14, 0), le_service())
    accepter(directe, il_y_a(7, 14, 2))
    demander(famille, elio, decor.principale, jours_libres(famille, elio, decor.principale)[1:3], il_y_a(1))
    _vacances_refusees(famille, anouk, decor)


def jours_d_ecole(famille: Famille) -> None:
    """Meals and before or after school, where the collectivité has them: two weeks accepted, two more days to decide."""
    actives = list(Activite.objects.filter(est_active=True).prefetch_related("unites").order_by("ordre", "pk"))
    for activite in filter(None, (_premiere(actives, temps) for temps in (Temps.RESTAURATION, Temps.PERISCOLAIRE))):
        for prenom in ("Anouk", "Élio"):
            enfant, unite = enfant_de(famille, prenom), activite.unites.all()[0]
            with a_l_instant(il_y_a(20)):
                jours = jours_libres(famille, enfant, unite, aujourdhui() + timedelta(days=20))
            accepter(demander(famille, enfant, unite, jours[:8], il_y_a(20, 20)), il_y_a(19, 9, 10))
            demander(famille, enfant, unite, jours[8:10], il_y_a(1, 19, 50))


def _vacances_refusees(famille: Famille, enfant: Enfant, decor: Decor) -> None:
    jours = jours_libres(famille, enfant, decor.seconde)
    refuser(demander(famille, enfant, decor.seconde, jours[:1], il_y_a(6)), il_y_a(5, 9, 15), _motif())
    accepter(demander(famille, enfant, decor.seconde, jours[2:4], il_y_a(6, 19, 30)), il_y_a(5, 9, 20))


def _motif() -> str:
    return next(iter(identite().motifs_refus), "Il n’y a plus de place ce jour-là.")


def jour_complet(famille: Famille, voisins: Sequence[Voisin], decor: Decor) -> None:
    """A full day on which famille1 and others wait, and another with two places left."""
    anouk = enfant_de(famille, "Anouk")
    jours = jours_libres(famille, anouk, decor.principale)[3:6]
    if len(jours) < 2:
        return
    for rang, jour in enumerate(jours[:2]):
        inscrire_les_voisins(voisins[rang * 4 : rang * 4 + 18], decor.principale, jour, il_y_a(12, 18))
        limiter(decor.principale.activite, jour, 0 if rang == 0 else 2)
    for place, voisin in enumerate(voisins[20:22]):
        demander(voisin.famille, voisin.enfant, decor.principale, jours[:1], il_y_a(4, 20, 10 + place))
    demander(famille, anouk, decor.principale, jours[:1], il_y_a(3))


def parents_separes(chez_elle: Famille, chez_lui: Famille, decor: Decor) -> None:
    """Lou: each household books its own days; his last demande waits."""
    lou = enfant_de(chez_elle, "Lou")
    jours = jours_libres(chez_elle, lou, decor.principale)
    accepter(demander(chez_elle, lou, decor.principale, jours[0:6:2], il_y_a(15)), il_y_a(14, 9, 0))
    accepter(demander(chez_lui, lou, decor.principale, jours[1:4:2], il_y_a(13, 21, 5)), il_y_a(12, 9, 0))
    demander(chez_lui, lou, decor.principale, jours[5:6], il_y_a(1, 21, 30))


def file_d_attente(voisins: Sequence[Voisin], decor: Decor) -> None:
    """What the service finds in the morning: bookings and cancellations to decide, in their order of arrival."""
    for rang, voisin in enumerate(voisins[-6:]):
        unite = decor.principale if rang % 2 else decor.seconde
        jours = jours_libres(voisin.famille, voisin.enfant, unite)
        demander(voisin.famille, voisin.enfant, unite, jours[rang : rang + 1 + rang % 3], il_y_a(2, 7 + rang, 3 * rang))
    for rang, voisin in enumerate(voisins[-9:-6]):
        jours = jours_libres(voisin.famille, voisin.enfant, decor.principale)[4:6]
        accepter(demander(voisin.famille, voisin.enfant, decor.principale, jours, il_y_a(10)), il_y_a(9, 9, 45))
        demander(voisin.famille, voisin.enfant, decor.principale, jours[:1], il_y_a(1, 8, 10 + rang))


def fiches_en_attente(familles: dict[str, Famille], voisins: Sequence[Voisin]) -> None:
    """A change of each kind of sheet, to be validated: Jeanne-Apolline's school first."""
    famille1 = familles["famille1"]
    jeanne = Sujet(famille1, enfant_de(famille1, "Jeanne-Apolline"))
    changer(jeanne, "fiche_enfant", {"ecole": "École du Pont-Exemple"}, il_y_a(2, 20, 41))
    premier, second, troisieme, quatrieme, cinquieme = voisins[5:25:4]
    adulte = premier.famille.responsables.get(est_principal=True)
    changer(Sujet(premier.famille, responsable=adulte), "fiche_responsable", {"telephone": "02 61 91 55 21"}, il_y_a(3))
    changer(second.sujet, "autorisations", {"partir_seul": "oui"}, il_y_a(3, 20, 2))
    tante = {"prenom": "Odile", "nom": second.famille.nom, "lien": "Tante", "telephone": "02 61 91 00 42"}
    personnes = {"personnes": [{**tante, "peut_recuperer": True}], "aucune": False}
    changer(troisieme.sujet, "personnes_autorisees", personnes, il_y_a(2, 12, 30))
    kiwi = {"allergie": "oui", "allergies": "Kiwi", "conduite": "Rincer la bouche, appeler le parent."}
    changer(quatrieme.sujet, "fiche_sanitaire", kiwi, il_y_a(2, 13, 5))
    nouveau = {"prenom": "Camille", "nom": cinquieme.famille.nom, "sexe": "", "ecole": noms.ECOLE, "classe": "PS"}
    naissance_ = {"date_naissance": naissance(3).isoformat()}
    changer(Sujet(cinquieme.famille), "nouvel_enfant", nouveau | naissance_, il_y_a(1, 17, 50))
    transmettre(premier.sujet, il_y_a(1, 18, 15))
