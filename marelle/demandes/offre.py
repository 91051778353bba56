"""What can be booked of an activity: made, renamed, and taken away as long as nobody has booked or asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.db.models import F, Q, QuerySet
from django.utils.text import slugify

from marelle.activites.models import Activite, Groupe, Jauge, Ouverture, Unite
from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.places import ouvrir
from marelle.socle.erreurs import Refus
from marelle.socle.memoire import oublier

UTILISEE = Q(reservations__isnull=False) | Q(jours_demandes__isnull=False)


@dataclass(frozen=True, slots=True)
class LigneUnite:
    """An unité as an agent wrote it; `cle` is the row's that it changes, None for a new one."""

    cle: int | None
    nom: str
    parties: list[str]
    debut: time
    fin: time


@dataclass(frozen=True, slots=True)
class LigneGroupe:
    cle: int | None
    nom: str
    age_min: int
    age_max: int


@dataclass(frozen=True, slots=True)
class Offre:
    """The unités and the groups wanted, and the keys of those to take away."""

    unites: Sequence[LigneUnite]
    groupes: Sequence[LigneGroupe]
    unites_retirees: frozenset[int] = frozenset()
    groupes_retires: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Emploi:
    """What already hangs on unités and groups: those with open days, those that somebody booked or asked for."""

    unites_ouvertes: frozenset[int]
    unites_utilisees: frozenset[int]
    groupes_utilises: frozenset[int]


def emploi(activite: Activite) -> Emploi:
    """Two queries."""
    siennes = Ouverture.objects.filter(activite=activite).order_by()
    prises = list(siennes.filter(UTILISEE).values_list("unite_id", "groupe_id").distinct())
    return Emploi(
        frozenset(siennes.values_list("unite_id", flat=True).distinct()),
        frozenset(unite for unite, _ in prises),
        frozenset(groupe for _, groupe in prises if groupe is not None),
    )


def enregistrer(activite: Activite, offre: Offre, agent: Agent) -> None:
    """Save the activity with its unités and groups, all or nothing. Raises `Refus` for what cannot go any more."""
    est_nouvelle = activite.pk is None
    with transaction_de_places():
        activite.save()
        _retirer(activite, offre)
        _ecrire_les_unites(activite, offre.unites)
        _ecrire_les_groupes(activite, offre.groupes)
        noter(
            agent.compte,
            "activite.creation" if est_nouvelle else "activite.reglage",
            activite,
            unites_retirees=len(offre.unites_retirees),
            groupes_retires=len(offre.groupes_retires),
        )
    oublier()


def _retirer(activite: Activite, offre: Offre) -> None:
    for unite in activite.unites.filter(pk__in=offre.unites_retirees).order_by("pk"):
        _vider(unite.ouvertures.order_by("pk"), phrase_unite(unite.nom))
        unite.delete()
    for groupe in activite.groupes.filter(pk__in=offre.groupes_retires).order_by("pk"):
        _vider(groupe.ouvertures.order_by("pk"), phrase_groupe(groupe.nom))
        groupe.delete()
    if offre.groupes and not activite.groupes.exists():
        # Days open to all ages would be offered twice beside those of a group.
        _vider(Ouverture.objects.filter(activite=activite, groupe=None).order_by("pk"), TOUS_LES_AGES)


TOUS_LES_AGES = (
    "Des familles ont déjà réservé ou demandé des jours ouverts à tous les âges : cette activité ne peut plus être partagée "
    "en groupes d’âge. Retirez les groupes, ou créez une autre activité."
)


def phrase_unite(nom: str) -> str:
    return f"« {nom} » ne se retire plus : des familles l’ont réservée, demandée ou mise au panier. Vous pouvez la renommer."


def phrase_groupe(nom: str) -> str:
    return f"« {nom} » ne se retire plus : des enfants de ce groupe ont réservé ou demandé des jours. Vous pouvez le renommer."


def _vider(ouvertures: QuerySet[Ouverture], phrase: str) -> None:
    """Take away days that nobody uses, with the capacities that served them only; locked as for a booking."""
    if not ouvertures.exists():
        return
    jauges = set(Jauge.objects.filter(ouvertures__in=ouvertures).order_by().values_list("pk", flat=True))
    ouvrir(jauges, set())
    if ouvertures.filter(UTILISEE).exists():
        raise Refus(phrase)
    ouvertures.delete()
    vides = Jauge.objects.filter(pk__in=jauges, ouvertures=None, lignes=None)
    Jauge.objects.filter(pk__in=list(vides.order_by().values_list("pk", flat=True))).delete()


def _ecrire_les_unites(activite: Activite, lignes: Sequence[LigneUnite]) -> None:
    presentes = {une.pk: une for une in activite.unites.order_by("pk")}
    codes = {une.code for une in presentes.values()}
    ouvertes = emploi(activite).unites_ouvertes
    for ordre, ligne in enumerate(lignes):
        unite = presentes.get(ligne.cle or 0) or Unite(activite=activite, code=_code(ligne.nom, codes))
        unite.nom, unite.heure_debut, unite.heure_fin, unite.ordre = ligne.nom, ligne.debut, ligne.fin, ordre
        if unite.pk is None or unite.pk not in ouvertes:  # the days that are open have the capacities of their parts
            unite.parties = ligne.parties
        unite.save()


def _code(nom: str, pris: set[str]) -> str:
    """The règlement and the written cases name an unité by its code: it never changes, whatever the name becomes."""
    base = code = slugify(nom)[:34].strip("-") or "unite"
    rang = 1
    while code in pris:
        rang += 1
        code = f"{base}-{rang}"
    pris.add(code)
    return code


def _ecrire_les_groupes(activite: Activite, lignes: Sequence[LigneGroupe]) -> None:
    presents = {un.pk: un for un in activite.groupes.order_by("pk")}
    # Two groups may exchange their ages, which are unique: they all step aside first.
    activite.groupes.filter(pk__in=presents).update(age_min=F("age_min") + 100, age_max=F("age_max") + 100)
    for ligne in lignes:
        groupe = presents.pop(ligne.cle or 0, None) or Groupe(activite=activite)
        groupe.nom, groupe.age_min, groupe.age_max = ligne.nom, ligne.age_min, ligne.age_max
        groupe.save()
    for reste in presents.values():  # added by somebody else meanwhile: it keeps its ages
        reste.save()
