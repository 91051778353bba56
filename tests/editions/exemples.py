"""One set of data for each PDF, as the faces give it; and its extremes: nothing, very long, very many."""

from datetime import UTC, date, datetime
from typing import Any

from marelle.editions.formes import (
    Accuse,
    EnfantDuJour,
    FicheEnfant,
    Invitation,
    LigneDemandee,
    ListeJour,
    TexteReglement,
)

LONG = "Anne-Charlotte-Apolline de La Rochefoucauld-Montmorency d’Estrées-Villeneuve"


def ligne(jour: date, etat: str, mot: str, **plus: Any) -> LigneDemandee:
    return {"jour": jour, "quoi": "Journée avec repas", "etat": etat, "mot": mot, "prix": "11,20 €", **plus}  # type: ignore[typeddict-item]


def accuse(jours: int = 3) -> Accuse:
    return {
        "numero": "2026-000812",
        "recu_le": datetime(2026, 11, 18, 19, 7, tzinfo=UTC),
        "deposant": "Camille Durand",
        "famille": "Durand-Lefèvre",
        "identifiant": "FAM-04812",
        "enfants": [
            {
                "nom": "Élio Durand",
                "activites": [
                    {
                        "titre": "Mercredis, accueil de loisirs de Chaveignes",
                        "lignes": [
                            ligne(date(2026, 12, 1 + n % 28), *[
                                ("attente", "Demande en attente"), ("reserve", "Réservé"), ("liste", "Liste d’attente"),
                                ("annuler", "À annuler"), ("refuse", "Refusé"),
                            ][n % 5], **({"precision": "Il est 3e sur la liste."} if n % 5 == 2 else {}))
                            for n in range(jours)
                        ],
                    }
                ],
            },
            {
                "nom": "Anouk Lefèvre",
                "activites": [
                    {"titre": "Cantine", "lignes": [ligne(date(2026, 12, 3), "attente", "Demande en attente")]},
                ],
            },
        ],
        "autres": [{"quoi": "Attestation d'assurance transmise", "etat": "attente", "mot": "Demande en attente"}],
        "total": "44,80 €",
        "silences": [
            {
                "regime": "rejet", "date": date(2027, 1, 18), "delai": "deux mois",
                "motif": "parce que le nombre de places est limité",
            },
        ],
        "pieces_manquantes": [{"nom": "Attestation d'assurance 2026-2027", "avant": date(2026, 12, 5)}],
        "suite": [
            "Le service répond chaque jour ouvré, par ordre d'arrivée.",
            "Vous recevrez un e-mail à chaque décision.",
            "Vous pouvez retirer votre demande tant qu'elle n'est pas traitée.",
        ],
        "lien": "https://familles.exemple.fr/demandes/812",
        "tribunal": "tribunal administratif d'Orléans, 28 rue de la Bretonnerie, 45000 Orléans",
    }  # fmt: skip


def invitation(nom: str = "Madame Camille Durand") -> Invitation:
    return {
        "destinataire": {"nom": nom, "adresse": ["12 rue du Commerce", "Appartement 4", "37500 Chinon"]},
        "identifiant": "FAM-04812",
        "lien": "https://familles.exemple.fr/invitation/Mjk6MXRReDhaOmtxOVRmRjJoMy1YeVo",
        "valable_jusqu_au": datetime(2026, 12, 21, 22, 59, tzinfo=UTC),
        "enfants": ["Élio", "Anouk"],
    }


def fiche(*, complete: bool = True, nom: str = "Durand") -> FicheEnfant:
    donnees: FicheEnfant = {
        "prenom": "Élio", "nom": nom, "naissance": date(2018, 3, 1), "age": "8 ans", "sexe": "Garçon",
        "ecole": "École Jacques-Prévert, Chinon (CE2)", "groupe": "6-8 ans", "repas": "Sans porc",
        "responsables": [
            {
                "nom": "Camille Durand", "qui": "mère", "telephones": ["06 12 34 56 78", "02 47 00 00 00 (travail)"],
                "courriel": "camille@exemple.fr", "adresse": ["12 rue du Commerce", "37500 Chinon"],
            },
            {"nom": "Léo Lefèvre", "qui": "père", "telephones": ["06 98 76 54 32"], "precision": "Garde une semaine sur deux"},
        ],
        "personnes": [
            {"nom": "Jeanne Durand", "qui": "grand-mère", "telephone": "02 47 11 22 33"},
            {"nom": "Nino Petit", "qui": "voisin", "telephone": "06 00 00 00 00", "precision": "Pièce d'identité à présenter"},
        ],
        "autorisations": [
            {"question": "Peut être photographié pour le journal du centre", "reponse": True},
            {"question": "Peut repartir seul", "reponse": False},
            {"question": "Soins d'urgence et hospitalisation", "reponse": None, "precision": "À demander à la famille"},
        ],
        "validee_le": date(2026, 9, 2),
    }  # fmt: skip
    if complete:
        donnees["sante"] = {
            "alerte": "Allergie aux arachides : trousse d'urgence à l'accueil, appeler le 15 puis la mère.",
            "rubriques": [
                ("Allergies", "Arachides (choc anaphylactique en 2024)"),
                ("PAI", "Oui, jusqu'au 31 août 2027"),
                ("Lunettes", "À garder pour le sport"),
            ],
            "vaccins": [
                ("Diphtérie, tétanos, poliomyélite", "À jour, rappel en mars 2024"),
                ("Rougeole, oreillons, rubéole", "À jour"),
            ],
            "medecin": "Dr Martin, Chinon, 02 47 99 88 77",
        }  # fmt: skip
    return donnees


def enfant(n: int, nom: str = "Durand") -> EnfantDuJour:
    donnees: EnfantDuJour = {
        "nom": f"{nom.upper()}", "prenom": ("Élio", "Anouk", "Mohamed-Amine", "Zoé")[n % 4], "age": f"{3 + n % 9} ans",
        "groupe": ("3-5 ans", "6-8 ans", "9-11 ans")[n % 3], "unite": ("Journée", "Matin")[n % 2],
        "repas": ("Standard", "Sans porc", "Panier repas")[n % 3],
        "repart_avec": ("Ses parents", "Seul à 17 h", "Jeanne Durand")[n % 3],
        "telephone": "06 12 34 56 78",
    }  # fmt: skip
    if n % 7 == 2:
        donnees["alerte"] = "PAI : arachides, trousse à l'accueil"
    return donnees


def liste(combien: int = 24, nom: str = "Durand") -> ListeJour:
    return {
        "centre": "Chaveignes", "activite": "Mercredis, accueil de loisirs", "jour": date(2026, 12, 9),
        "enfants": [enfant(n, nom) for n in range(combien)],
        "totaux": [("Standard", combien // 3), ("Sans porc", combien // 3), ("Panier repas", combien // 3)] if combien else [],
    }  # fmt: skip


def reglement(chapitres: int = 2, nom: str = "Mercredis et vacances") -> TexteReglement:
    return {
        "nom": nom, "depuis": "1er septembre 2024", "source": "Délibération du 4 juillet 2024",
        "pour_tous": ["Une demande se fait sur ce portail, ou auprès du service.", "Un e-mail vous donne la réponse."],
        "chapitres": [
            {
                "titre": f"{nom} {n}",
                "offres": [
                    {
                        "nom": f"{nom} {n}", "lieu": "Accueil de loisirs des Essais", "qui": "Enfants de 3 à 11 ans",
                        "quand": "Le mercredi, en période d’école", "unites": ["Journée avec repas, de 7 h 30 à 18 h 30"],
                    },
                ],
                "rubriques": [
                    {
                        "titre": "Réserver", "source": "Article 3",
                        "phrases": ["Une réservation se demande au plus tard 4 jours ouvrés avant le jour de l’accueil."],
                    },
                    {"titre": "Annuler", "source": "Article 4", "phrases": ["3 annulations par période au plus."]},
                ],
            }
            for n in range(1, chapitres + 1)
        ],
    }  # fmt: skip
