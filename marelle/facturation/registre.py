"""The invoices as the desk looks for them, and one of them with everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from marelle.creances.emission import LigneAEmettre
from marelle.creances.models import Facture, LigneFacture, Ventilation
from marelle.creances.soldes import avec_restes
from marelle.familles.models import Enfant
from marelle.socle.erreurs import Introuvable

from .calcul import Compte, calculer
from .models import Campagne, FacturePrevue, PriseEnCharge
from .selection import selection_de


@dataclass(frozen=True, slots=True)
class Filtre:
    """What an agent looks for: words of a name or a number, the month of the period, the régie, what is left to pay."""

    texte: str = ""
    mois: date | None = None
    regie: int | None = None
    quoi: str = ""  # "impayees", "avoirs", or all


def factures(filtre: Filtre) -> QuerySet[Facture]:
    """The latest first, each with `percu_centimes` and `reste_centimes`."""
    toutes: QuerySet[Any] = avec_restes(Facture.objects.select_related("regie", "famille"))
    if filtre.texte:
        noms = Q(famille__nom__icontains=filtre.texte) | Q(famille__numero__iexact=filtre.texte)
        noms |= Q(payeur__nom__icontains=filtre.texte) | Q(payeur__responsable__nom__icontains=filtre.texte)
        toutes = toutes.filter(noms | Q(numero__contains=filtre.texte))
    if filtre.mois:
        toutes = toutes.filter(periode_debut__year=filtre.mois.year, periode_debut__month=filtre.mois.month)
    if filtre.regie:
        toutes = toutes.filter(regie__code=filtre.regie)
    if filtre.quoi == "impayees":
        toutes = toutes.filter(sorte=Facture.Sorte.FACTURE, reste_centimes__gt=0)
    elif filtre.quoi == "avoirs":
        toutes = toutes.filter(sorte=Facture.Sorte.AVOIR)
    return toutes.order_by("-date_emission", "-numero")


def une_facture(numero: str) -> Facture:
    """With its lines, what pays it, its avoirs. Raises `Introuvable`."""
    paye = Ventilation.objects.select_related("paiement", "avoir").order_by("pk")
    lignes = LigneFacture.objects.select_related("enfant").order_by("rang")
    trouvee = (
        avec_restes(Facture.objects.filter(numero=numero))
        .select_related("regie", "payeur", "famille", "corrige", "emise_par")
        .prefetch_related(
            Prefetch("lignes", lignes),
            Prefetch("ventilations", paye),
            Prefetch("avoirs", Facture.objects.order_by("pk")),
            Prefetch("imputations", Ventilation.objects.select_related("facture").order_by("pk")),
        )
        .first()
    )
    if trouvee is None:
        raise Introuvable("Aucune facture ne porte ce numéro.")
    return trouvee


def prevues(campagne: Campagne, texte: str = "", anomalie: str = "", etat: str = "") -> QuerySet[FacturePrevue]:
    """The preview of a run, the gravest first; by a word of the name, by anomaly, by what became of it."""
    choisies = campagne.prevues.select_related("famille", "facture", "payeur")
    if texte:
        choisies = choisies.filter(Q(nom__icontains=texte) | Q(famille__nom__icontains=texte))
    if anomalie:
        choisies = choisies.filter(anomalies__icontains=f'"{anomalie}"')
    return choisies.filter(etat=etat) if etat else choisies


def une_prevue(campagne: Campagne, payeur_id: int) -> FacturePrevue:
    """Raises `Introuvable`."""
    trouvee = campagne.prevues.select_related("famille", "facture", "payeur").filter(payeur=payeur_id).first()
    if trouvee is None:
        raise Introuvable("Ce payeur n’est pas dans cette facturation.")
    return trouvee


def compte_de(campagne: Campagne, prevue: FacturePrevue) -> Compte | None:
    """The lines that this payer would have, computed now for it alone; None when it owes nothing any more."""
    selection = selection_de(campagne)
    if prevue.famille_id is not None:
        familles = {prevue.famille_id}
    else:
        aidees = PriseEnCharge.objects.filter(payeur=prevue.payeur_id).order_by()
        familles = set(aidees.values_list("famille_id", flat=True))
    compte = calculer(selection.pour(familles)).get(prevue.payeur_id)
    if compte is not None:
        compte.lignes.sort(key=lambda une: (une.enfant_id or 0, une.activite, une.date or campagne.debut, une.cle))
    return compte


def lignes_par_enfant(compte: Compte | None) -> list[tuple[str, LigneAEmettre]]:
    """The lines of a preview, each with the first name of its child."""
    lignes = compte.lignes if compte else []
    enfants = Enfant.objects.filter(pk__in={une.enfant_id for une in lignes if une.enfant_id})
    prenoms = dict(enfants.order_by().values_list("pk", "prenom"))
    return [(prenoms.get(une.enfant_id or 0, ""), une) for une in lignes]


@dataclass(frozen=True, slots=True)
class Bilan:
    """The summary of a run: documents, their total, the last time's for the same payers (centimes); by state and anomaly."""

    factures: int
    avoirs: int
    total_centimes: int
    precedent_centimes: int
    ecartees: int
    reportees: int
    emises: int
    anomalies: dict[str, int]

    @property
    def documents(self) -> int:
        return self.factures + self.avoirs

    @property
    def ecart_centimes(self) -> int:
        return self.total_centimes - self.precedent_centimes

    @property
    def a_regarder(self) -> int:
        return sum(self.anomalies.values())


def bilan(campagne: Campagne) -> Bilan:
    """In one query."""
    champs = ("etat", "montant_centimes", "precedent_centimes", "anomalies")
    lues = list(campagne.prevues.order_by().values_list(*champs))
    E = FacturePrevue.Etat
    dedans = [(montant, avant) for etat, montant, avant, _ in lues if etat in (E.PREVUE, E.EMISE)]
    nombres: dict[str, int] = {}
    for etat, _, _, anomalies in lues:
        for une in anomalies if etat != E.EMISE else ():
            nombres[une] = nombres.get(une, 0) + 1
    etats = [etat for etat, *_ in lues]
    return Bilan(
        factures=sum(1 for montant, _ in dedans if montant > 0),
        avoirs=sum(1 for montant, _ in dedans if montant < 0),
        total_centimes=sum(montant for montant, _ in dedans),
        precedent_centimes=sum(avant or 0 for _, avant in dedans),
        ecartees=etats.count(E.ECARTEE),
        reportees=etats.count(E.REPORTEE),
        emises=etats.count(E.EMISE),
        anomalies=nombres,
    )
