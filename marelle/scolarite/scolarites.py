"""Where children go to school: reading it, and putting it in force once the service has accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from marelle.familles.models import Enfant
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from .models import Ecole, Niveau, Scolarite


def niveaux() -> list[Niveau]:
    return list(Niveau.objects.order_by("ordre", "pk"))


def ecoles_ouvertes() -> list[Ecole]:
    """The schools that take new pupils, with their levels. Two queries."""
    return list(Ecole.objects.filter(est_ouverte=True).prefetch_related("niveaux").order_by("ordre", "nom"))


def scolarites_de(enfant_ids: Iterable[int], depuis: int | None = None) -> dict[int, list[Scolarite]]:
    """By child, the latest year first; from this school year on unless `depuis` says another. One query."""
    premiere = annee_scolaire(aujourdhui())[0].year if depuis is None else depuis
    lignes = Scolarite.objects.filter(enfant_id__in=list(enfant_ids), annee__gte=premiere)
    trouvees: dict[int, list[Scolarite]] = {}
    for une in lignes.select_related("ecole", "niveau").order_by("-annee", "pk"):
        trouvees.setdefault(une.enfant_id, []).append(une)
    return trouvees


def scolarites_des(enfants: Iterable[Enfant]) -> list[Scolarite]:
    """The same in one list, child after child, for who looks at a household; with the child. One query."""
    siens = {enfant.pk: enfant for enfant in enfants}
    trouvees = scolarites_de(siens)
    liste = [une for cle in siens for une in trouvees.get(cle, [])]
    for une in liste:
        une.enfant = siens[une.enfant_id]
    return liste


def scolarite_en(enfant: Enfant, annee: int) -> Scolarite | None:
    return Scolarite.objects.filter(enfant=enfant, annee=annee).select_related("ecole", "niveau").first()


def inscrire(enfant: Enfant, annee: int, ecole: str, niveau: str, debut: date, instant: datetime) -> Scolarite:
    """Put in force, inside the transaction of the decision. Raises `Refus` when the school has changed since it was asked."""
    choisie = Ecole.objects.filter(code=ecole).first()
    if choisie is None or not choisie.est_ouverte:
        raise Refus("Cette école n’accueille plus de nouveaux élèves : refusez la demande, ou renvoyez-la.")
    le_niveau = choisie.niveaux.filter(code=niveau).first()
    if le_niveau is None:
        raise Refus(f"{choisie.nom} n’a pas ce niveau : renvoyez la demande à la famille.")
    Enfant.objects.select_for_update().get(pk=enfant.pk)  # two households may ask for one child
    scolarite = Scolarite.objects.filter(enfant=enfant, annee=annee).first() or Scolarite(enfant=enfant, annee=annee)
    scolarite.ecole, scolarite.niveau, scolarite.debut = choisie, le_niveau, debut
    scolarite.validee_le, scolarite.portee_le = instant, None
    scolarite.save()
    if annee == annee_scolaire(instant.date())[0].year:
        _porter(scolarite, enfant, instant)
    return scolarite


def porter_les_rentrees() -> int:
    """Each night: what was accepted for the year that has begun goes on the children's own sheets, once. Returns how many."""
    annee = annee_scolaire(aujourdhui())[0].year
    en_attente = Scolarite.objects.filter(annee=annee, portee_le=None).order_by("pk").values_list("pk", flat=True)
    portees = 0
    for cle in list(en_attente):
        with transaction.atomic():
            une = Scolarite.objects.select_for_update(of=("self",)).filter(pk=cle, portee_le=None)
            if (la := une.select_related("enfant", "ecole", "niveau").first()) is not None:
                _porter(la, la.enfant, maintenant())
                portees += 1
    return portees


def _porter(scolarite: Scolarite, enfant: Enfant, instant: datetime) -> None:
    enfant.ecole, enfant.classe = scolarite.ecole.nom, scolarite.niveau.sigle
    enfant.save(update_fields=["ecole", "classe"])
    scolarite.portee_le = instant
    scolarite.save(update_fields=["portee_le"])
