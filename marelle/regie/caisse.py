"""What each account of the régie holds, what may be deposited, what may be handed over, and what it is time to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from marelle.creances.models import Mandat, Paiement, Regie
from marelle.creances.regies import options_de
from marelle.regles.argent import euros
from marelle.socle.francais import date_sans_jour

from .models import Versement

Mode = Paiement.Mode
# What is held in the hand until it is deposited; every other means arrives by itself on the account.
EN_MAIN = (Mode.ESPECES, Mode.CHEQUE, Mode.CESU, Mode.ANCV)
UN_MOIS = timedelta(days=31)
AVANT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Comptes:
    """Centimes. `caisse` is without the *fonds de caisse*; `dft`: the account at the Treasury, less what was handed over."""

    caisse: int
    cheques: int
    cesu: int
    ancv: int
    dft: int
    fonds_de_caisse: int
    maximum: int

    @property
    def encaisse(self) -> int:
        """All that the régisseur answers for: what the *encaisse* maximum limits."""
        return self.caisse + self.cheques + self.cesu + self.ancv + self.dft

    @property
    def est_au_maximum(self) -> bool:
        return 0 < self.maximum <= self.encaisse

    @property
    def est_vide(self) -> bool:
        return self.encaisse == 0


def a_deposer(regie: Regie, mode: str | None = None) -> QuerySet[Paiement]:
    """Payments in the hand: of no bordereau, not taken back; the oldest first. Cash given back is one below zero: it left the
    till; a refund by cheque leaves the account."""
    siens = Paiement.objects.filter(
        Q(est_remboursement=False) | Q(mode=Mode.ESPECES),
        regie=regie, mode__in=EN_MAIN if mode is None else [mode], annule__isnull=True,
        contrepassation__isnull=True, depot__isnull=True,
    )  # fmt: skip
    return siens.order_by("enregistre_le", "pk")


def a_verser(regie: Regie) -> QuerySet[Paiement]:
    """What the account at the Treasury has received, or given back, and that no versement has handed over yet."""
    directs = Q(regie=regie) & ~Q(mode__in=[*EN_MAIN, Mode.TRESOR])
    directs |= Q(regie=regie, est_remboursement=True, mode=Mode.CHEQUE)
    deposes = Q(regie=regie, depot__isnull=False) | Q(regie=regie, annule__depot__isnull=False)
    return Paiement.objects.filter(directs | deposes, versement__isnull=True).order_by("enregistre_le", "pk")


def comptes(regie: Regie) -> Comptes:
    """Derived from the payments, the bordereaux and the versements: no balance is kept anywhere."""
    options = options_de(regie)
    en_main = dict(a_deposer(regie).order_by().values_list("mode").annotate(total=Sum("montant_centimes")))
    return Comptes(
        caisse=en_main.get(Mode.ESPECES, 0),
        cheques=en_main.get(Mode.CHEQUE, 0),
        cesu=en_main.get(Mode.CESU, 0),
        ancv=en_main.get(Mode.ANCV, 0),
        dft=a_verser(regie).order_by().aggregate(total=Sum("montant_centimes"))["total"] or 0,
        fonds_de_caisse=options.fonds_de_caisse,
        maximum=options.encaisse_maximum,
    )


def rappels(regie: Regie, jour: date, tenus: Comptes | None = None) -> list[str]:
    """What it is time to do, one French sentence each."""
    tenus = tenus or comptes(regie)
    phrases = []
    if tenus.est_au_maximum:
        phrases.append(
            f"L’encaisse est de {euros(tenus.encaisse)}, pour un maximum de {euros(tenus.maximum)} : "
            "déposez, puis versez au comptable."
        )
    if tenus.est_vide:
        return phrases
    dernier = Versement.objects.filter(regie=regie).order_by("-date_versement", "-pk").first()
    depuis = dernier.date_versement if dernier else _premier_jour(regie)
    if depuis and jour - depuis > UN_MOIS:
        dit = "Le dernier versement au comptable" if dernier else "Le premier paiement"
        phrases.append(f"{dit} date du {_dire(depuis, jour)} : il se verse au moins une fois par mois.")
    if jour >= date(jour.year, 12, 15):
        phrases.append("Au 31 décembre, tout ce qui est encaissé dans l’année est versé au comptable.")
    elif depuis and depuis.year < jour.year and _reste_de_l_an_passe(regie, jour):
        phrases.append("Des recettes de l’année passée ne sont pas encore versées au comptable : versez-les.")
    return phrases + _changements(regie, jour, depuis)


def _changements(regie: Regie, jour: date, depuis: date | None) -> list[str]:
    titulaires = Mandat.objects.filter(regie=regie, qualite=Mandat.Qualite.TITULAIRE, fin__isnull=False)
    proches = titulaires.filter(fin__lte=jour + AVANT).select_related("agent").order_by("fin", "pk")
    return [
        f"Le mandat de {un.agent} {'finit' if un.fin and un.fin >= jour else 'a fini'} le {_dire(un.fin, jour)} : à chaque "
        "changement de régisseur, la caisse est arrêtée et tout est versé au comptable."
        for un in proches
        if un.fin and (un.fin >= jour or depuis is None or depuis <= un.fin)
    ]


def _premier_jour(regie: Regie) -> date | None:
    return (
        Paiement.objects.filter(regie=regie).order_by("date_paiement").values_list("date_paiement", flat=True).first()
    )


def _reste_de_l_an_passe(regie: Regie, jour: date) -> bool:
    avant = {"date_paiement__lt": date(jour.year, 1, 1)}
    return a_verser(regie).filter(**avant).exists() or a_deposer(regie).filter(**avant).exists()


def _dire(le: date | None, jour: date) -> str:
    return date_sans_jour(le, jour.year) if le else ""
