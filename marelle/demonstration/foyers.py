"""The five households that the demonstration gives an access to: who they are, and where their file stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Adulte:
    prenom: str
    nom: str
    civilite: str = ""


@dataclass(frozen=True, slots=True)
class Petit:
    """A child of `age` years today. `dossier`: complet, incomplet (health sheet and insurance to give again), vide."""

    prenom: str
    nom: str
    age: int
    sexe: str
    dossier: str = "complet"
    repas: str = ""
    allergies: str = ""
    conduite: str = ""
    a_pai: bool = False
    part_garde: int = 100


@dataclass(frozen=True, slots=True)
class Foyer:
    """`identifiant` is its login. `partage`: children of a household above that it has too (its number, the first name,
    this one's share of custody in percent). `quotient`: as an agent has read it (None: nothing proved)."""

    identifiant: str
    numero: str
    nom: str
    adultes: tuple[Adulte, ...]
    enfants: tuple[Petit, ...]
    partage: tuple[tuple[str, str, int], ...] = ()
    chacun_son_acces: bool = False
    mot: str = ""
    quotient: int | None = None


FOYERS = (
    Foyer(
        "famille1",
        "FAM-00001",
        "Roussel-Lemoine",
        (Adulte("Camille", "Roussel", "mme"), Adulte("Paul", "Lemoine", "m")),
        (
            Petit("Anouk", "Roussel-Lemoine", 9, "f", repas="sans_viande"),
            Petit(
                "Élio",
                "Roussel-Lemoine",
                6,
                "g",
                allergies="Arachide",
                conduite="Trousse au nom de l’enfant, appeler le 15.",
            ),
            Petit("Jeanne-Apolline", "Roussel-Lemoine", 4, "f"),
        ),
        mot="dossier complet, prête à réserver",
        quotient=1020,
    ),
    Foyer(
        "famille2",
        "FAM-00002",
        "Benhaddou",
        (Adulte("Samira", "Benhaddou", "mme"),),
        (Petit("Yanis", "Benhaddou", 8, "g", dossier="incomplet"), Petit("Lina", "Benhaddou", 5, "f", "incomplet")),
        mot="dossier incomplet, des fiches à remplir",
    ),
    Foyer(
        "famille3",
        "FAM-00003",
        "Marchais",
        (Adulte("Hélène", "Marchais", "mme"),),
        (Petit("Lou", "Marchais-Texier", 7, "f", part_garde=50),),
        chacun_son_acces=True,
        mot="parents séparés, garde partagée de Lou",
        quotient=712,
    ),
    Foyer(
        "famille4",
        "FAM-00004",
        "Texier",
        (Adulte("Thomas", "Texier", "m"),),
        (Petit("Noé", "Texier", 5, "g"),),
        partage=(("FAM-00003", "Lou", 50),),
        chacun_son_acces=True,
        mot="l’autre parent de Lou, et Noé",
        quotient=880,
    ),
    Foyer(
        "famille5",
        "FAM-00005",
        "de Saint-Hilaire-Lemoine",
        (Adulte("Marie-Antoinette", "de Saint-Hilaire-Lemoine", "mme"),),
        (Petit("Maximilien-Alexandre", "de Saint-Hilaire-Lemoine", 3, "g", dossier="vide"),),
        mot="premier soir sur le portail, rien n’est rempli",
    ),
)
