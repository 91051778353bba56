"""Giving certificates: numbered without gaps, frozen, a new version when what is certified has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from marelle.activites.models import Activite
from marelle.collectivite.identite import identite
from marelle.comptes.models import Agent
from marelle.creances.models import Payeur, Regie
from marelle.creances.numeros import Suite
from marelle.creances.payeurs import destinataires
from marelle.creances.regies import options_de
from marelle.journal.service import noter
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .calcul import LigneCertifiee, a_certifier
from .models import Attestation, Signataire

SERIE = "attestations"
ANNEES = 3  # years that can be certified: the administration may ask for three


def annees_ouvertes() -> list[int]:
    """The years that are over and still of use, the latest first."""
    return [aujourdhui().year - n for n in range(1, ANNEES + 1)]


def exiger_annee(annee: int) -> None:
    """Raises `Refus` for a year that is not over, or too old."""
    if annee >= aujourdhui().year:
        raise Refus(f"L’année {annee} n’est pas finie : l’attestation se prépare à partir du 1er janvier {annee + 1}.")
    if annee not in annees_ouvertes():
        raise Refus(f"L’année {annee} est trop ancienne : demandez-la au service.")


def en_vigueur(payeurs: Iterable[int], annee: int | None = None) -> QuerySet[Attestation]:
    """The certificates of these payers that no other replaces."""
    siennes = Attestation.objects.filter(payeur__in=list(payeurs), remplacee_par__isnull=True)
    return siennes if annee is None else siennes.filter(annee=annee)


def etablir(annee: int, payeurs: Sequence[Payeur], auteur: Agent | None, *, refaire: bool = False) -> list[Attestation]:
    """Certify the year for these payers. Where neither the amounts nor the names have changed since the last version, nothing
    is made; with `refaire`, unless the address or the signatory have changed. A payer that has nothing to be certified, and
    never had, gets nothing. Returns what was made. Raises `Refus` for a year not over."""
    exiger_annee(annee)
    certifie = a_certifier(annee, [un.pk for un in payeurs])
    with transaction.atomic():
        faites = etablir_ce_que(annee, payeurs, certifie, auteur, refaire=refaire)
        for une in faites:
            dossier = f"famille:{une.payeur.famille_id}"
            noter(auteur.compte if auteur else None, "attestation.emise", une, dossier=dossier, numero=une.numero)
    return faites


@transaction.atomic
def etablir_ce_que(
    annee: int,
    payeurs: Sequence[Payeur],
    certifie: dict[int, list[LigneCertifiee]],
    auteur: Agent | None,
    *,
    refaire: bool = False,
) -> list[Attestation]:
    """The same, for what was read already: a batch reads once."""
    regie = Regie.objects.order_by("code").first()
    if regie is None:
        return []
    suite = Suite(regie, annee, SERIE)
    dernieres = {une.payeur_id: une for une in en_vigueur((un.pk for un in payeurs), annee)}
    ecrits, communs = destinataires(payeurs), _communs(regie)
    noms = _noms_des_activites()
    faites = []
    for payeur in payeurs:
        contenu = {**communs, **_contenu(certifie.get(payeur.pk, ()), noms)}
        avant = dernieres.get(payeur.pk)
        if _est_inutile(avant, contenu, ecrits[payeur.pk], refaire=refaire):
            continue
        faites.append(_une(payeur, annee, regie, suite, contenu, ecrits[payeur.pk], avant, auteur))
    suite.finir()
    Attestation.objects.bulk_create(faites, batch_size=500)
    return faites


def _est_inutile(avant: Attestation | None, contenu: dict[str, Any], ecrit: dict[str, str], *, refaire: bool) -> bool:
    if avant is None:
        return not contenu["enfants"]
    if refaire:  # the very same words again are no new version: a button pressed twice
        return bool(avant.destinataire == ecrit and avant.contenu == contenu)
    memes_noms = all(avant.destinataire.get(nom) == ecrit.get(nom) for nom in ("nom", "prenom"))
    return memes_noms and avant.contenu["enfants"] == contenu["enfants"]


def _une(
    payeur: Payeur,
    annee: int,
    regie: Regie,
    suite: Suite,
    contenu: dict[str, Any],
    ecrit: dict[str, str],
    avant: Attestation | None,
    auteur: Agent | None,
) -> Attestation:
    rang = suite.suivant()
    une = Attestation(
        payeur=payeur,
        annee=annee,
        version=avant.version + 1 if avant else 1,
        regie=regie,
        rang=rang,
        numero=f"AF-{annee}-{rang:06d}",
        remplace=avant,
        destinataire=ecrit,
        contenu=contenu,
        montant_centimes=sum(enfant["centimes"] for enfant in contenu["enfants"]),
        cesu_centimes=sum(enfant["cesu_centimes"] for enfant in contenu["enfants"]),
        emise_le=maintenant(),
        emise_par=auteur,
    )
    une.empreinte = suite.enchainer(a_sceller(une))
    return une


def a_sceller(une: Attestation) -> dict[str, Any]:
    """What the digest of a certificate covers."""
    return {
        "numero": une.numero,
        "payeur": une.payeur_id,
        "version": une.version,
        "montant": une.montant_centimes,
        "destinataire": une.destinataire,
        "contenu": une.contenu,
    }


def _contenu(lignes: Sequence[LigneCertifiee], noms: dict[str, str]) -> dict[str, Any]:
    """By child, the eldest first: its services, their days and amounts."""
    enfants: dict[int, dict[str, Any]] = {}
    for une in lignes:
        enfant = enfants.setdefault(
            une.enfant.pk,
            {
                "nom": une.enfant.nom,
                "prenom": une.enfant.prenom,
                "ne_le": une.enfant.date_naissance.isoformat(),
                "lignes": [],
                "centimes": 0,
                "cesu_centimes": 0,
            },
        )
        ligne = {
            "service": noms.get(une.activite, une.activite or "Accueil"),
            "debut": une.debut.isoformat(),
            "fin": une.fin.isoformat(),
            "centimes": une.centimes,
            "cesu_centimes": une.cesu_centimes,
        }
        enfant["lignes"].append(ligne)
        enfant["centimes"] += une.centimes
        enfant["cesu_centimes"] += une.cesu_centimes
    return {"enfants": list(enfants.values())}


def _communs(regie: Regie) -> dict[str, Any]:
    """The organism and its signatory, as they are today."""
    options, signe = identite(), signataire()
    return {
        "organisme": {
            "nom": options.nom,
            "service": options.service,
            "adresse": options.adresse,
            "siret": signe.siret or options_de(regie).pes.siret,
        },
        "signataire": {"nom": signe.nom, "qualite": signe.qualite, "lieu": signe.lieu},
    }


def signataire() -> Signataire:
    """Who signs: the one row, or an empty one that the desk fills."""
    return Signataire.objects.order_by("pk").first() or Signataire()


def _noms_des_activites() -> dict[str, str]:
    """« Mercredis, Accueil de loisirs de Chaveignes », by code."""
    lignes = Activite.objects.order_by("pk").values_list("code", "nom", "centre__nom")
    return {code: nom if centre in nom else f"{nom}, {centre}" for code, nom, centre in lignes}
