"""What is asked and still to pay: by whom, how much now, until when; and what an agent has to follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest

from marelle.creances.models import LigneFacture, Payeur, Regie
from marelle.creances.payeurs import destinataires, nom_de, payeurs_visibles
from marelle.creances.regies import options_de
from marelle.familles.models import Acces
from marelle.paiements.etats import DERNIER_REGARD, INDECISES, OUVERTURE
from marelle.paiements.models import Tentative
from marelle.regles.regies import OptionsRegie
from marelle.reservations.models import Reservation
from marelle.socle.horloge import dans, maintenant

from .models import Appel, LigneAppel, TentativeAppel

Etat = Appel.Etat
# A day that is booked is owed; cancelled by the family, it still is where nothing is given back. Ended or cancelled by the
# service, it is not.
TIENT = Q(reservation__etat=Reservation.Etat.RESERVEE) | Q(reservation__etat=Reservation.Etat.ANNULEE, annulee="rien")


def lignes_dues() -> QuerySet[LigneAppel]:
    """The days that are owed and that no invoice bears: once billed, the invoice asks for them, with its own date."""
    cle = Concat(Value("resa:"), Cast(OuterRef("reservation_id"), CharField()), output_field=CharField())
    return LigneAppel.objects.filter(
        TIENT, ~Exists(LigneFacture.objects.filter(payeur=OuterRef("appel__payeur"), cle=cle))
    )


def avec_restes(appels: QuerySet[Appel]) -> QuerySet[Any]:
    """Each with `tient_centimes` (what its days that are owed come to) and `reste_centimes` (to pay: less what is in credit)."""
    lignes = lignes_dues().filter(appel=OuterRef("pk")).order_by().values("appel")
    somme = Subquery(lignes.annotate(total=Sum("montant_centimes")).values("total"), output_field=BigIntegerField())
    zero, entier = Value(0, output_field=BigIntegerField()), BigIntegerField()
    annotes: QuerySet[Any] = appels.annotate(tient_centimes=Coalesce(somme, zero))
    reste = Greatest(F("tient_centimes") - F("credit_centimes"), zero, output_field=entier)
    return annotes.annotate(reste_centimes=reste)


def attendus(appels: QuerySet[Appel] | None = None) -> QuerySet[Any]:
    """What is still to pay, the most pressing first. Neither what ends now (its time has passed) nor what has no day left."""
    tous = Appel.objects.all() if appels is None else appels
    passes = Q(perd_la_place=True, avant__lte=maintenant())
    siens = tous.filter(etat=Etat.ATTENDU).exclude(passes)
    return avec_restes(siens).filter(reste_centimes__gt=0).select_related("regie", "payeur")


def en_cours(appels: Iterable[int], depuis: datetime | None = None) -> dict[int, Tentative]:
    """The attempt that keeps each of these calls: undecided, and begun less than a quarter of an hour ago (or since `depuis`)."""
    lignes = TentativeAppel.objects.filter(
        appel__in=list(appels), tentative__etat__in=INDECISES,
        tentative__cree_le__gt=depuis or dans(-OUVERTURE),
    )  # fmt: skip
    return {une.appel_id: une.tentative for une in lignes.select_related("tentative__regie").order_by("pk")}


def a_expirer() -> QuerySet[Any]:
    """Those whose time has passed and that keep places. An attempt begun in time has its own: PayFiP's page is open fifteen
    minutes, and its answer is looked for until the twentieth."""
    instant = maintenant()
    passes = Appel.objects.filter(etat=Etat.ATTENDU, perd_la_place=True, avant__lte=instant)
    tenus = TentativeAppel.objects.filter(
        tentative__etat__in=INDECISES, tentative__cree_le__gt=instant - DERNIER_REGARD
    )  # fmt: skip
    return passes.exclude(pk__in=tenus.order_by().values("appel"))


@dataclass(frozen=True, slots=True)
class Du:
    """A call with what is left to pay (centimes), its days, and the attempt that keeps it for now."""

    appel: Appel
    reste_centimes: int
    jours: list[LigneAppel] = field(default_factory=list)
    en_cours: Tentative | None = None


@dataclass(slots=True)
class Groupe:
    """What can be paid together: the calls of one payer to one régie, the most pressing first."""

    regie: Regie
    payeur: Payeur
    nom: str
    dus: list[Du] = field(default_factory=list)

    @property
    def options(self) -> OptionsRegie:
        return options_de(self.regie)

    @property
    def libres(self) -> list[Du]:
        return [un for un in self.dus if un.en_cours is None]


def groupes(acces: Acces) -> list[Groupe]:
    """Everything that this access may pay to keep its places; the most pressing first."""
    lus = detailler(attendus(Appel.objects.filter(payeur__in=payeurs_visibles(acces))))
    ecrits = destinataires({un.appel.payeur_id: un.appel.payeur for un in lus}.values()) if lus else {}
    trouves: dict[tuple[int, int], Groupe] = {}
    for un in lus:
        payeur = un.appel.payeur
        groupe = trouves.setdefault(
            (un.appel.regie_id, payeur.pk), Groupe(un.appel.regie, payeur, nom_de(ecrits[payeur.pk]))
        )
        groupe.dus.append(un)
    return list(trouves.values())


def detailler(appels: QuerySet[Any]) -> list[Du]:
    """With their days that stand and what keeps them, in three queries."""
    lus = list(appels)
    if not lus:
        return []
    jours: dict[int, list[LigneAppel]] = {}
    lignes = (
        lignes_dues()
        .filter(appel__in=lus)
        .select_related("reservation__enfant", "reservation__activite", "reservation__ouverture__unite")
    )
    for une in lignes.order_by("reservation__date", "pk"):
        jours.setdefault(une.appel_id, []).append(une)
    tenus = en_cours([un.pk for un in lus])
    return [Du(un, un.reste_centimes, jours.get(un.pk, []), tenus.get(un.pk)) for un in lus]


def promis(payeurs: Any, regie: Regie) -> int:
    """Of the credit of these payers (keys, or a queryset), what keeps days that no invoice bears yet, in centimes."""
    return sum(promis_par_payeur(payeurs, regie).values())


def promis_par_payeur(payeurs: Any, regie: Regie) -> dict[int, int]:
    """The same of each of them, by its key."""
    appels = Appel.objects.filter(payeur__in=payeurs, regie=regie, paiement__contrepassation=None)
    trouves: dict[int, int] = {}
    for un in avec_restes(appels.filter(etat=Etat.ATTENDU, credit_centimes__gt=0)):
        trouves[un.payeur_id] = trouves.get(un.payeur_id, 0) + min(un.credit_centimes, un.tient_centimes)
    payees = lignes_dues().filter(appel__in=appels.filter(etat=Etat.PAYE)).order_by().values_list("appel__payeur_id")
    for payeur, total in payees.annotate(total=Sum("montant_centimes")):
        trouves[payeur] = trouves.get(payeur, 0) + total
    return trouves


BIENTOT = timedelta(days=14)


def prochain(acces: Acces) -> Any | None:
    """The most pressing thing to pay to keep a place, or a rest due within two weeks; None when there is nothing. One read."""
    siens = Appel.objects.filter(payeur__in=payeurs_visibles(acces))
    pressants = Q(sorte=Appel.Sorte.RESERVATION) | Q(avant__lte=maintenant() + BIENTOT)
    return attendus(siens.filter(pressants)).first()


def des_reservations(reservations: Iterable[int], payeurs: QuerySet[Payeur] | None = None) -> QuerySet[Any]:
    """What is still to pay for these bookings, of these payers."""
    siens = Appel.objects.filter(lignes__reservation__in=list(reservations)).distinct()
    return attendus(siens if payeurs is None else siens.filter(payeur__in=payeurs))


def au_guichet(payeur: Payeur, regie: Regie) -> list[Du]:
    """What that payer may pay at the desk."""
    return detailler(attendus(Appel.objects.filter(payeur=payeur, regie=regie)))


def attendus_de(regie: Regie) -> list[tuple[str, Du]]:
    """Everything that a régie awaits, the most pressing first, each with the name of its payer."""
    lus = detailler(attendus(Appel.objects.filter(regie=regie)))
    noms = _noms(un.appel for un in lus)
    return [(noms[un.appel.payeur_id], un) for un in lus]


def _noms(appels: Iterable[Appel]) -> dict[int, str]:
    payeurs = {un.payeur_id: un.payeur for un in appels}
    return {cle: nom_de(ecrit) for cle, ecrit in destinataires(payeurs.values()).items()} if payeurs else {}


@dataclass(frozen=True, slots=True)
class ASuivre:
    """What an agent has to look at in a régie, each with the name of its payer."""

    en_retard: list[tuple[str, Du]]
    a_rembourser: list[tuple[str, LigneAppel]]
    trop_tard: list[tuple[str, Appel]]
    repris: list[tuple[str, Appel]]

    @property
    def nombre(self) -> int:
        return len(self.en_retard) + len(self.a_rembourser) + len(self.trop_tard) + len(self.repris)


def a_suivre(regie: Regie, jour: date) -> ASuivre:
    """Past their date and not paid; to be refunded; paid after the booking had ended; paid by money that was taken back since.
    What is to give back leaves the list once it was refunded, or once it paid something else."""
    from .a_rendre import a_rendre  # which reads ours

    siens = Appel.objects.filter(regie=regie)
    passes = attendus(siens).filter(Q(avant__date__lt=jour) | Q(avant=None, demande_le__date__lt=jour))
    retards = detailler(passes.filter(perd_la_place=False))
    rembourser, tard = a_rendre(regie)
    avec_argent = (
        siens.filter(paiement__isnull=False).select_related("payeur", "paiement").order_by("-decide_le", "-pk")
    )
    repris = list(avec_argent.filter(etat=Etat.PAYE, paiement__contrepassation__isnull=False))
    noms = _noms([*(un.appel for un in retards), *(une.appel for une in rembourser), *tard, *repris])
    return ASuivre(
        [(noms[un.appel.payeur_id], un) for un in retards],
        [(noms[une.appel.payeur_id], une) for une in rembourser],
        [(noms[un.payeur_id], un) for un in tard],
        [(noms[un.payeur_id], un) for un in repris],
    )
