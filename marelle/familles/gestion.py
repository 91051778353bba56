"""What the service does with households: find one, open one with its first access, invite it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from marelle.comptes.acces import creer_invitation, envoyer_invitation
from marelle.comptes.models import Agent, Compte, Invitation
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable

from .models import Acces, Enfant, Famille, Rattachement, Responsable
from .recherche import Trouvailles, chercher, chercher_de_pres, sans_accents


def familles_trouvees(texte: str = "") -> list[int]:
    """The households that answer to these words (all without any), by name: their keys, of which a page reads its own."""
    return _par_nom(chercher(texte) if texte.strip() else None)


def familles_proches(texte: str) -> list[int]:
    """Those whose names look like these words, the same."""
    return _par_nom(chercher_de_pres(texte))


def familles_lues(cles: Sequence[int]) -> list[Famille]:
    """These households in that order, with their adults and children."""
    lues = Famille.objects.prefetch_related("responsables", "enfants").in_bulk(cles)
    return [lues[cle] for cle in cles if cle in lues]


def _par_nom(trouvailles: Trouvailles | None) -> list[int]:
    """In the order of the alphabet, « Bédouin » before « Benhaddou »: SQLite would put the accents after the z."""
    choisies = Famille.objects.filter(est_archivee=False)
    if trouvailles is not None:
        choisies = choisies.filter(
            Q(pk__in=trouvailles.familles) | Q(rattachements__enfant__in=trouvailles.enfants)
        ).distinct()
    noms = choisies.values_list("pk", "nom", "numero")
    return [cle for cle, _, _ in sorted(noms, key=lambda un: (sans_accents(un[1]), un[2]))]


def une_famille(cle: int) -> Famille:
    famille = Famille.objects.filter(pk=cle).first()
    if famille is None:
        raise Introuvable("Cette famille n’existe pas.")
    return famille


def un_adulte(famille: Famille, cle: int) -> Responsable:
    adulte = famille.responsables.filter(pk=cle).first()
    if adulte is None:
        raise Introuvable("Cet adulte n’est pas de cette famille.")
    return adulte


def un_enfant(famille: Famille, cle: int) -> Enfant:
    enfant = famille.enfants.filter(pk=cle).first()
    if enfant is None:
        raise Introuvable("Cet enfant n’est pas de cette famille.")
    return enfant


@dataclass(frozen=True, slots=True)
class AccesVu:
    """An access as the desk sees it: whose it is, whether its owner has chosen a password, the invitation still open."""

    acces: Acces
    est_ouvert: bool
    invitation: Invitation | None


def acces_de_la_famille(famille: Famille) -> list[AccesVu]:
    lignes = list(famille.acces.select_related("compte", "responsable").order_by("pk"))
    ouvertes = {
        invitation.compte_id: invitation
        for invitation in Invitation.objects.ouvertes().filter(compte__in=[ligne.compte_id for ligne in lignes])
    }
    return [AccesVu(un, un.compte.has_usable_password(), ouvertes.get(un.compte_id)) for un in lignes]


def un_acces(famille: Famille, cle: int) -> Acces:
    acces = famille.acces.select_related("compte", "responsable", "famille").filter(pk=cle).first()
    if acces is None:
        raise Introuvable("Cet accès n’est pas de cette famille.")
    return acces


@transaction.atomic
def creer_famille(
    nom: str, adultes: Sequence[Responsable], enfants: Sequence[Enfant], agent: Agent, *, acces_partage: bool
) -> Famille:
    """Open a household with its adults (the first is the main one), its children and its first access, without a password.

    One access for all, or one for each adult, as the collectivité wants it.
    """
    famille = Famille.objects.create(numero=_numero_provisoire(), nom=nom)
    famille.numero = _numero(famille)
    famille.save(update_fields=["numero"])
    for rang, adulte in enumerate(adultes, start=1):
        adulte.famille, adulte.rang, adulte.est_principal = famille, rang, rang == 1
        adulte.save()
    for enfant in enfants:
        enfant.save()
        Rattachement.objects.create(enfant=enfant, famille=famille)
    donner_les_acces(famille, adultes, partage=acces_partage)
    noter(agent.compte, "famille.creation", famille, dossier=f"famille:{famille.pk}", enfants=len(enfants))
    return famille


def _numero_provisoire() -> str:
    from uuid import uuid4

    return f"?{uuid4().hex[:18]}"


def _numero(famille: Famille) -> str:
    """« FAM-04812 »; the next one when an imported household has it already."""
    rang = famille.pk
    while True:
        numero = f"FAM-{rang:05}"
        if not (Famille.objects.filter(numero=numero).exists() or Compte.objects.filter(username=numero).exists()):
            return numero
        rang += 1


def donner_les_acces(famille: Famille, adultes: Sequence[Responsable], *, partage: bool) -> None:
    """Without a password: an invitation gives it. `FAM-04812`, or `FAM-04812-2` for the second adult."""
    if partage:
        compte = Compte.objects.create_user(famille.numero, adultes[0].courriel if adultes else "")
        Acces.objects.create(compte=compte, famille=famille)
        return
    for adulte in adultes:
        compte = Compte.objects.create_user(f"{famille.numero}-{adulte.rang}", adulte.courriel)
        Acces.objects.create(compte=compte, famille=famille, responsable=adulte)


def inviter(acces: Acces, agent: Agent, *, par_courriel: bool) -> tuple[Invitation, str, bool]:
    """A new single-use link, which cancels the one before; with its token, and whether an e-mail carries it."""
    with transaction.atomic():
        invitation, jeton = creer_invitation(acces.compte, agent)
        ecrit = par_courriel and envoyer_invitation(invitation, jeton, dossier=f"famille:{acces.famille_id}")
    return invitation, jeton, ecrit


def modifier(objet: Responsable | Enfant, famille: Famille, agent: Agent) -> None:
    """Save what the desk corrected; its past is kept."""
    with transaction.atomic():
        objet.save()
        noter(agent.compte, f"famille.modification.{objet._meta.model_name}", objet, dossier=f"famille:{famille.pk}")
