"""What the service settles about who pays for a household: custody of its shared children, adults apart, aides, packages.

Each change counts for what is not billed yet; what is billed stays with those it was billed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur
from marelle.familles.models import Enfant, Famille, Rattachement, Responsable
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui
from marelle.tarification.identite import tarifs

from .aides import AidesDuJour
from .models import AbonnementForfait, PartAdulte, PriseEnCharge, RepartitionGarde

__all__ = ["AidesDuJour"]
Mode = RepartitionGarde.Mode


@dataclass(slots=True)
class QuiPaie:
    """What is settled for a household. `gardes`: its shared children, the other households of each, what is settled."""

    gardes: list[tuple[Enfant, list[Famille], RepartitionGarde | None]] = field(default_factory=list)
    parts: list[PartAdulte] = field(default_factory=list)
    prises: list[PriseEnCharge] = field(default_factory=list)
    abonnements: list[AbonnementForfait] = field(default_factory=list)


def qui_paie(famille: Famille) -> QuiPaie:
    enfants = famille.enfants.filter(est_archive=False).order_by("date_naissance", "pk")
    liens = Rattachement.objects.filter(enfant__in=enfants).select_related("famille").order_by("famille_id")
    foyers: dict[int, list[Famille]] = {}
    for lien in liens:
        foyers.setdefault(lien.enfant_id, []).append(lien.famille)
    reglees = {une.enfant_id: une for une in RepartitionGarde.objects.filter(enfant__in=enfants).order_by("pk")}
    return QuiPaie(
        [(un, foyers[un.pk], reglees.get(un.pk)) for un in enfants if len(foyers.get(un.pk, ())) > 1],
        list(PartAdulte.objects.filter(famille=famille).select_related("responsable")),
        list(PriseEnCharge.objects.filter(famille=famille).select_related("enfant", "payeur")),
        list(AbonnementForfait.objects.filter(famille=famille).select_related("enfant")),
    )


def une_garde(famille: Famille, enfant_id: int) -> tuple[Enfant, list[Famille], RepartitionGarde | None]:
    """A shared child of that household. Raises `Introuvable`."""
    trouvee = next((une for une in qui_paie(famille).gardes if une[0].pk == enfant_id), None)
    if trouvee is None:
        raise Introuvable("Cet enfant n’est pas partagé entre deux foyers de cette famille.")
    return trouvee


def aides_en_vigueur() -> dict[str, str]:
    """Code and name of each aide of the tariffs of today."""
    lus = tarifs()
    version = lus.version_du(aujourdhui()) if lus else None
    return {une.code: une.nom for une in version.aides.values()} if version else {}


def forfaits_en_vigueur() -> dict[str, str]:
    """Code and name of each package of the tariffs of today."""
    lus = tarifs()
    version = lus.version_du(aujourdhui()) if lus else None
    return {un.code: un.nom for un in version.forfaits.values()} if version else {}


@transaction.atomic
def repartir_la_garde(
    famille: Famille, enfant_id: int, mode: str, famille_paire_id: int | None, jour_bascule: int, agent: Agent
) -> RepartitionGarde:
    """Which household pays the days of a shared child. Raises `Introuvable` for a child of others, `Refus` for a custody that
    names no second household, or shares that do not make 100 %."""
    liens = list(Rattachement.objects.filter(enfant=enfant_id).order_by("famille_id"))
    if famille.pk not in {un.famille_id for un in liens}:
        raise Introuvable("Cet enfant n’est pas de cette famille.")
    if mode != Mode.RESERVATION and len(liens) < 2:
        raise Refus("Cet enfant n’a qu’un foyer : celui qui réserve paie.")
    if mode == Mode.CALENDRIER and famille_paire_id not in {un.famille_id for un in liens}:
        raise Refus("Dites quel foyer a l’enfant les semaines paires.")
    if mode == Mode.PARTS and sum(un.part_garde for un in liens) != 100:
        raise Refus(
            "Les parts de garde de ses foyers ne font pas 100 % : corrigez-les sur la fiche de l’enfant, sous Foyers et garde."
        )
    reglee = RepartitionGarde.objects.update_or_create(
        enfant_id=enfant_id,
        defaults={
            "mode": mode,
            "famille_paire_id": famille_paire_id if mode == Mode.CALENDRIER else None,
            "jour_bascule": jour_bascule,
        },
    )[0]
    _noter(agent, "payeurs.garde", famille, enfant=enfant_id, mode=mode)
    return reglee


@transaction.atomic
def partager_entre_adultes(famille: Famille, parts: Mapping[int, int], agent: Agent) -> None:
    """Bill adults apart, each so many percent; none: the household pays. Raises `Refus` unless they make 100."""
    voulues = {cle: part for cle, part in parts.items() if part}
    siens = set(Responsable.objects.filter(famille=famille, pk__in=voulues).order_by().values_list("pk", flat=True))
    if set(voulues) - siens:
        raise Introuvable("Cet adulte n’est pas de cette famille.")
    if voulues and (sum(voulues.values()) != 100 or min(voulues.values()) < 1):
        raise Refus(f"Les parts font {sum(voulues.values())} % : elles doivent faire 100 %, ou rien du tout.")
    PartAdulte.objects.filter(famille=famille).delete()
    for cle, part in voulues.items():
        PartAdulte.objects.create(famille=famille, responsable_id=cle, part_pourcent=part)
    _noter(agent, "payeurs.adultes", famille, parts={str(cle): part for cle, part in voulues.items()})


@transaction.atomic
def accorder(
    famille: Famille, aide: str, payeur: Payeur, debut: date, fin: date | None, enfant_id: int | None,
    reference: str, agent: Agent,
) -> PriseEnCharge:  # fmt: skip
    """A third party pays an aide for this household. Raises `Refus` for dates that do not follow, the same aide twice."""
    _exiger(famille, debut, fin, enfant_id)
    if aide not in aides_en_vigueur():
        raise Refus("Cette aide n’est pas dans les tarifs.")
    memes = PriseEnCharge.objects.filter(famille=famille, aide=aide, enfant=enfant_id)
    if any(une.debut <= (fin or date.max) and debut <= (une.fin or date.max) for une in memes):
        raise Refus("Cette aide est déjà accordée sur une partie de ces dates : terminez l’autre d’abord.")
    une = PriseEnCharge.objects.create(
        famille=famille, aide=aide, payeur=payeur, debut=debut, fin=fin, enfant_id=enfant_id, reference=reference
    )
    _noter(agent, "payeurs.aide", famille, aide=aide, payeur=payeur.code)
    return une


@transaction.atomic
def abonner(
    famille: Famille, enfant_id: int, forfait: str, debut: date, fin: date | None, agent: Agent
) -> AbonnementForfait:
    """A child takes a package. Raises `Refus` for dates that do not follow, or the same package twice."""
    _exiger(famille, debut, fin, enfant_id)
    if forfait not in forfaits_en_vigueur():
        raise Refus("Ce forfait n’est pas dans les tarifs.")
    memes = AbonnementForfait.objects.filter(enfant=enfant_id, forfait=forfait)
    if any(un.debut <= (fin or date.max) and debut <= (un.fin or date.max) for un in memes):
        raise Refus("Cet enfant a déjà ce forfait sur une partie de ces dates.")
    un = AbonnementForfait.objects.create(famille=famille, enfant_id=enfant_id, forfait=forfait, debut=debut, fin=fin)
    _noter(agent, "payeurs.forfait", famille, forfait=forfait, enfant=enfant_id)
    return un


@transaction.atomic
def terminer(famille: Famille, sorte: str, cle: int, fin: date, agent: Agent) -> None:
    """The last day of an aide or of a package. Raises `Introuvable`, or `Refus` before its first day."""
    une: PriseEnCharge | AbonnementForfait | None = None
    if sorte == "aide":
        une = PriseEnCharge.objects.select_for_update().filter(famille=famille, pk=cle).first()
    elif sorte == "forfait":
        une = AbonnementForfait.objects.select_for_update().filter(famille=famille, pk=cle).first()
    if une is None:
        raise Introuvable("Rien de tel pour cette famille.")
    if fin < une.debut:
        raise Refus("La fin vient avant le début : corrigez la date.")
    une.fin = fin
    une.save(update_fields=["fin"])
    _noter(agent, f"payeurs.{sorte}_fin", famille, cle=cle, fin=fin.isoformat())


def organisme(code: str, nom: str, **adresse: str) -> Payeur:
    """The third party of that code; a new one is made with its address. Raises `Refus` without a code or a name."""
    connu = Payeur.objects.filter(sorte=Payeur.Sorte.TIERS, code=code).first()
    if connu is not None:
        return connu
    if not code or not nom:
        raise Refus("Un nouvel organisme a un code et un nom.")
    return Payeur.objects.create(sorte=Payeur.Sorte.TIERS, code=code, nom=nom, **adresse)


def organismes() -> list[Payeur]:
    return list(Payeur.objects.filter(sorte=Payeur.Sorte.TIERS).order_by("nom", "pk"))


def _exiger(famille: Famille, debut: date, fin: date | None, enfant_id: int | None) -> None:
    if fin is not None and fin < debut:
        raise Refus("La fin vient avant le début : corrigez une des deux dates.")
    if enfant_id is not None and not famille.enfants.filter(pk=enfant_id).exists():
        raise Introuvable("Cet enfant n’est pas de cette famille.")


def _noter(agent: Agent, action: str, famille: Famille, **details: Any) -> None:
    noter(agent.compte, action, famille, dossier=f"famille:{famille.pk}", **details)
