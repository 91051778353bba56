"""The facts of one child on one day, gathered from its household: the same for what is shown and for what is billed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime

from marelle.activites.models import Unite
from marelle.regles.tarifs import Faits, Tarifs
from marelle.reservations.models import Reservation
from marelle.socle.horloge import annee_scolaire

from .foyer import FoyerTarifaire, Quotient


@dataclass(slots=True)
class Presences:
    """The days booked by a household: which children, day by day. Read only where a discount counts them."""

    jours: dict[date, set[int]] = field(default_factory=dict)

    def ajouter(self, enfant_id: int, jour: date) -> None:
        self.jours.setdefault(jour, set()).add(enfant_id)

    def presents(self, jour: date) -> set[int]:
        return self.jours.get(jour, set())

    def inscrits(self, jour: date) -> set[int]:
        """The children who have a day booked in the school year of that day."""
        debut, fin = annee_scolaire(jour)
        return set().union(*(qui for le, qui in self.jours.items() if debut <= le <= fin))


def compte_des_presences(tarifs: Tarifs) -> bool:
    """Whether some price depends on which children are there, or enrolled."""
    return tarifs.compte_les("presents") or tarifs.compte_les("inscrits")


def presences_des(familles: Iterable[int], depuis: date) -> dict[int, Presences]:
    """What these households have booked from a day on, in one query; give the first day of a school year."""
    trouvees: dict[int, Presences] = {cle: Presences() for cle in familles}
    lignes = Reservation.objects.filter(famille__in=list(trouvees), date__gte=depuis, etat=Reservation.Etat.RESERVEE)
    for famille, enfant, jour in lignes.order_by().values_list("famille_id", "enfant_id", "date").distinct():
        trouvees[famille].ajouter(enfant, jour)
    return trouvees


def faits_du_foyer(
    foyer: FoyerTarifaire,
    tarifs: Tarifs,
    enfant_id: int,
    unite: Unite,
    activite: str,
    jour: date,
    quotient: Quotient | None,
    *,
    valeur: int | None = None,
    presences: Presences | None = None,
) -> Faits:
    """What the household says of that child on that day; who calls adds what happened (absence, lateness, aides).

    `valeur`: the quotient that was kept with the booking, when it is not that of `quotient`."""
    present, presents = _rang(foyer.rangs, presences.presents(jour), enfant_id) if presences else (0, 0)
    inscrit, inscrits = _rang(foyer.rangs, presences.inscrits(jour), enfant_id) if presences else (0, 0)
    return Faits(
        activite=activite,
        unite=unite.code,
        quotient=quotient.valeur if quotient else valeur,
        rang=foyer.rangs.get(enfant_id, 1),
        enfants=len(foyer.rangs),
        est_resident=foyer.est_resident(tarifs),
        residence=foyer.exception(enfant_id, jour),
        regime=quotient.regime if quotient else "",
        minutes=minutes_de(unite),
        arrivee=unite.heure_debut,
        depart=unite.heure_fin,
        a_panier_repas=foyer.repas.get(enfant_id, "") in tarifs.repas_fournis,
        rang_present=present,
        enfants_presents=presents,
        rang_inscrit=inscrit,
        enfants_inscrits=inscrits,
    )


def _rang(tous: Mapping[int, int], la: Set[int], enfant_id: int) -> tuple[int, int]:
    """The child's rank among those who are there, and how many they are. It always counts: its price is asked as if it were."""
    ordre = sorted({*la, enfant_id}, key=lambda cle: tous.get(cle, len(tous) + 1))
    return ordre.index(enfant_id) + 1, len(ordre)


def minutes_de(unite: Unite) -> int:
    """How long the unité lasts, as it is written: what is booked, not what is done."""
    jour = date(2000, 1, 1)
    duree = datetime.combine(jour, unite.heure_fin) - datetime.combine(jour, unite.heure_debut)
    return int(duree.total_seconds() // 60)
