"""A small world for the desk: two centres, Wednesdays open with places, families whose files are complete."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time, timedelta

from marelle.activites.models import Activite, Centre, Groupe, Ouverture, Periode, Unite
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.demandes import depot, panier
from marelle.demandes.models import Demande
from marelle.familles.models import (
    Autorisations,
    Enfant,
    Famille,
    FicheEnfant,
    FicheSanitaire,
    ListePersonnes,
    Rattachement,
)
from marelle.pieces.models import Piece
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import oublier
from tests.distribution import Foyer

PREMIER_MERCREDI = date(2026, 12, 2)
INSTANT = "2026-11-16 09:00"


def mercredis(nombre: int = 4, premier: date = PREMIER_MERCREDI) -> list[date]:
    return [premier + timedelta(weeks=n) for n in range(nombre)]


def activite(code: str = "chaveignes", places: int = 2, nombre: int = 4, **champs: object) -> Activite:
    """Wednesdays of a centre of this name, whole day or morning, `places` for the 3-5 and for the 6-11."""
    centre, _ = Centre.objects.get_or_create(code=code, defaults={"nom": f"Accueil de loisirs de {code.capitalize()}"})
    une = Activite.objects.create(
        code=f"{code}-mercredis", nom=f"{code.capitalize()} mercredis", centre=centre, temps="mercredi", **champs
    )
    Unite.objects.create(
        activite=une, code="journee", nom="Journée avec repas", parties=["matin", "repas", "apres_midi"],
        heure_debut=time(7, 30), heure_fin=time(18, 30),
    )  # fmt: skip
    Unite.objects.create(
        activite=une, code="matin", nom="Matin", parties=["matin"], heure_debut=time(7, 30), heure_fin=time(12), ordre=1
    )
    groupes = [
        Groupe.objects.create(activite=une, nom="3-5 ans", age_min=3, age_max=5),
        Groupe.objects.create(activite=une, nom="6-11 ans", age_min=6, age_max=11),
    ]
    ouvrir_les_jours(une, mercredis(nombre), {groupe.pk: places for groupe in groupes})
    Periode.objects.get_or_create(
        code="mercredi-2026-11-02",
        defaults={
            "nom": "Mercredis de novembre à décembre 2026",
            "temps": "mercredi",
            "debut": date(2026, 11, 2),
            "fin": date(2026, 12, 31),
        },
    )
    oublier()
    return une


def dossier_complet(enfant: Enfant, famille: Famille) -> None:
    instant = maintenant()
    FicheEnfant.objects.create(enfant=enfant, type_repas="ordinaire", validee_le=instant)
    Autorisations.objects.create(enfant=enfant, validees_le=instant)
    ListePersonnes.objects.create(enfant=enfant, validee_le=instant)
    FicheSanitaire.objects.create(enfant=enfant, contenu="{}", validee_le=instant)
    Piece.objects.create(
        famille=famille, enfant=enfant, type_piece="assurance", nom="assurance.pdf", format="application/pdf",
        taille=1, empreinte="x", etat=Piece.Etat.ACCEPTEE, valable_au=date(2027, 8, 31),
    )  # fmt: skip


def en_regle(foyer: Foyer) -> Foyer:
    for enfant in foyer.enfants.values():
        dossier_complet(enfant, foyer.famille)
    return foyer


def demander(foyer: Foyer, enfant: Enfant, une: Activite, jours: Iterable[date], code: str = "journee") -> Demande:
    """The family puts these days in its cart and sends it; the demande that it makes."""
    unite = une.unites.get(code=code)
    for jour in jours:
        panier.basculer(foyer.famille, enfant, unite, jour)
    rendu = depot.deposer_panier(foyer.famille, depot.panier_de(foyer.famille).jeton, foyer.auteur)
    assert rendu.envoi is not None, rendu.refuses
    return rendu.envoi.demandes.order_by("pk").first()


def beaucoup(nombre: int, une: Activite, jours: list[date]) -> list[Demande]:
    """Many households of one child each, each with a demande deposited for these days (made in bulk, without places)."""
    from marelle.demandes.models import Envoi, JourDemande

    faites = []
    groupe = une.groupes.get(age_min=6)
    ouvertures = list(
        Ouverture.objects.filter(unite__activite=une, unite__code="journee", groupe=groupe, date__in=jours)
    )
    for n in range(nombre):
        famille = Famille.objects.create(
            numero=f"FAM-1{n:04}", nom="de Saint-Hilaire-Lemoine" if n % 3 == 0 else "Giraudet"
        )
        enfant = Enfant.objects.create(
            prenom="Marie-Antoinette" if n % 3 == 0 else "Lou-Anne", nom=famille.nom, date_naissance=date(2018, 1, 1)
        )
        Rattachement.objects.create(enfant=enfant, famille=famille)
        envoi = Envoi.objects.create(famille=famille, depose_le=maintenant(), jeton=uuid.uuid4())
        demande = Demande.objects.create(
            famille=famille, enfant=enfant, activite=une, nature="reservation", etat="deposee", origine="famille",
            envoi=envoi, depose_le=maintenant() + timedelta(seconds=n),
        )  # fmt: skip
        JourDemande.objects.bulk_create(JourDemande(demande=demande, ouverture=o, date=o.date) for o in ouvertures)
        faites.append(demande)
    return faites
