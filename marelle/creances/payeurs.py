"""Who is billed, how they are written to, and which payers somebody who signs in may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from marelle.familles.models import Acces, Famille, Responsable

from .models import Payeur


def payeur_de(famille: Famille) -> Payeur:
    """The payer of a household, made the first time it is needed."""
    return Payeur.objects.get_or_create(sorte=Payeur.Sorte.FAMILLE, famille=famille)[0]


def payeurs_des(familles: Iterable[int]) -> dict[int, Payeur]:
    """The payer of each household, by the household's key; those that miss are made. For a billing run."""
    voulues = set(familles)
    connus = _payeurs_de(voulues)
    if manquent := sorted(voulues - connus.keys()):
        Payeur.objects.bulk_create([Payeur(famille_id=pk) for pk in manquent], ignore_conflicts=True)
        connus |= _payeurs_de(manquent)
    return connus


def _payeurs_de(familles: Collection[int]) -> dict[int, Payeur]:
    siens = Payeur.objects.filter(sorte=Payeur.Sorte.FAMILLE, famille__in=familles)
    return {un.famille_id: un for un in siens if un.famille_id is not None}


def payeur_adulte(responsable: Responsable) -> Payeur:
    """The payer of one adult billed apart from the household."""
    sorte = Payeur.Sorte.ADULTE
    return Payeur.objects.get_or_create(sorte=sorte, responsable=responsable, famille_id=responsable.famille_id)[0]


def verrouiller(payeurs: Iterable[int]) -> None:
    """Lock the rows of these payers, by key: everybody's order, and before the counters. Whoever moves the money of several
    payers in one transaction begins by this: locked one by one, between numbers, they would wait for each other for ever."""
    list(Payeur.objects.select_for_update().filter(pk__in=set(payeurs)).order_by("pk").values_list("pk"))


def payeurs_visibles(acces: Acces) -> QuerySet[Payeur]:
    """What this access may see: the household's payer and its own; never that of another adult, unless the family shares
    one access."""
    siens = Q(sorte=Payeur.Sorte.FAMILLE)
    siens |= Q(sorte=Payeur.Sorte.ADULTE) if acces.responsable_id is None else Q(responsable_id=acces.responsable_id)
    return Payeur.objects.filter(siens, famille_id=acces.famille_id)


def destinataires(payeurs: Iterable[Payeur]) -> dict[int, dict[str, str]]:
    """How each payer is written to today, by its key: what an invoice freezes. In one query."""
    tous = list(payeurs)
    familles = {un.famille_id for un in tous if un.sorte == Payeur.Sorte.FAMILLE}
    apart = {un.responsable_id for un in tous if un.responsable_id}
    adultes = Responsable.objects.filter(Q(pk__in=apart) | Q(famille_id__in=familles)).select_related("famille")
    par_cle = {un.pk: un for un in adultes}
    premiers: dict[int, Responsable] = {}
    for un in sorted(par_cle.values(), key=lambda r: (not r.est_principal, r.rang, r.pk)):
        premiers.setdefault(un.famille_id, un)
    return {
        un.pk: _d_un_tiers(un)
        if un.sorte == Payeur.Sorte.TIERS
        else _d_un_adulte(par_cle.get(un.responsable_id or 0) or premiers.get(un.famille_id or 0))
        for un in tous
    }


def destinataire(payeur: Payeur) -> dict[str, str]:
    """How one payer is written to today."""
    return destinataires([payeur])[payeur.pk]


def _d_un_tiers(payeur: Payeur) -> dict[str, str]:
    champs = ("nom", "adresse", "code_postal", "commune", "pays", "courriel", "siret")
    return {champ: getattr(payeur, champ) for champ in champs} | {"civilite": "", "prenom": ""}


def _d_un_adulte(adulte: Responsable | None) -> dict[str, str]:
    """An empty name is an anomaly of the billing run: nobody to write to."""
    champs = ("civilite", "nom", "prenom", "adresse", "code_postal", "commune", "pays", "courriel")
    ecrit = {champ: getattr(adulte, champ) if adulte else "" for champ in champs} | {"siret": ""}
    ecrit["par_courriel"] = "oui" if adulte and adulte.accord_facture_electronique and adulte.courriel else ""
    ecrit["dossier"] = adulte.famille.numero if adulte else ""
    return ecrit


def nom_de(ecrit: dict[str, str]) -> str:
    """« Camille Roussel-Lemoine », « CCAS de Chinon »: the name of a `destinataire`."""
    return f"{ecrit.get('prenom', '')} {ecrit.get('nom', '')}".strip()
