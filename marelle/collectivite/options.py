"""What a collectivité chooses, read from `collectivite.toml`: identity, dossier, documents, lists of choices, screens."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from marelle.regles.lecture import Table, lire_toml

from .options_inscription import (
    FichePreInscription,
    InscriptionScolaire,
    lire_inscription_scolaire,
    lire_pre_inscription,
)

ZONES = ("A", "B", "C")
ECRANS = ("panier", "grille", "mois", "agenda", "semaine")
# Lists that may be shown as tables: the members of the family, the demandes that wait (day by day).
TABLEAUX = ("membres", "demandes")


@dataclass(frozen=True, slots=True)
class Choix:
    """One entry of a list of the collectivité: what is stored, what is shown."""

    code: str
    nom: str
    aide: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An authorisation asked to families: yes or no, mandatory or not."""

    code: str
    question: str
    aide: str = ""


@dataclass(frozen=True, slots=True)
class Vaccin:
    """A vaccine of the health sheet; mandatory for children born from `ne_depuis` on (None: all)."""

    code: str
    nom: str
    ne_depuis: date | None = None
    est_obligatoire: bool = True


@dataclass(frozen=True, slots=True)
class TypePiece:
    """A document that families send. `est_annuelle`: valid until the end of a school year. What it blocks is said
    by the règlement's gates, under « piece.<code> »."""

    code: str
    nom: str
    est_annuelle: bool = False
    est_obligatoire: bool = False
    aide: str = ""


@dataclass(frozen=True, slots=True)
class Onglet:
    """One tab of a child's file: the natures of demande it gathers, validated together."""

    code: str
    titre: str
    natures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """What the silence of the service means for a nature (CRPA, domain §8.5): `regime` acceptation, rejet or sans_objet."""

    regime: str
    mois: int = 2


@dataclass(frozen=True, slots=True)
class Mots:
    """What the guide of the collectivité calls a family's pages."""

    inscription: str = "Inscription"
    mot_de_passe: str = "Modifier mon mot de passe"
    informations: str = "Mon dossier"
    documents: str = "Transmettre des documents"
    demandes: str = "Mes demandes"
    historique: str = "Historique des inscriptions"
    finances: str = "Finances"
    finances_titre: str = "Factures et paiements"
    factures: str = "Factures"


@dataclass(frozen=True, slots=True)
class Messagerie:
    """What the portal calls its messages, and what families may write about (nothing: they are not asked)."""

    boite: str = "Boîte de réception"
    contact: str = "Contacter le centre"
    guichet: str = "Messages"
    sujets: tuple[Choix, ...] = ()

    def sujet(self, code: str) -> str:
        """The subject as people read it; a code that is no longer listed is said by no word."""
        return next((un.nom for un in self.sujets if un.code == code), "")


@dataclass(frozen=True)
class Options:
    """All of `collectivite.toml`, checked."""

    code: str
    nom: str
    sigle: str
    service: str
    adresse: str
    telephone: str
    courriel: str
    horaires: str
    zone: str
    alsace_moselle: bool
    teinte: int
    vivacite: float
    logo: str
    site: str
    acces_partage: bool
    ecrans: tuple[str, ...]
    onglets: tuple[Onglet, ...]
    repas: tuple[Choix, ...]
    autorisations: tuple[Question, ...]
    vaccins: tuple[Vaccin, ...]
    maladies: tuple[Choix, ...]
    pieces: tuple[TypePiece, ...]
    motifs_refus: tuple[str, ...]
    motifs_absence: tuple[Choix, ...] = ()
    silence: dict[str, Silence] = field(default_factory=dict)
    modification_bloque: bool = True
    tableaux: tuple[str, ...] = ()
    cryptogramme: bool = False
    mots: Mots = Mots()
    messages: Messagerie = Messagerie()
    inscription_scolaire: InscriptionScolaire | None = None
    pre_inscription: FichePreInscription | None = None

    @property
    def natures_exigees(self) -> tuple[str, ...]:
        """Natures of the child's file that a collectivité wants validated before any booking."""
        return tuple(nature for onglet in self.onglets for nature in onglet.natures)

    def piece(self, code: str) -> TypePiece | None:
        return next((une for une in self.pieces if une.code == code), None)

    def motif_absence(self, code: str) -> str:
        """The reason of an absence as people read it; « autre » and a reason that is no longer listed are said by no word."""
        return next((un.nom for un in self.motifs_absence if un.code == code), "")

    def silence_de(self, nature: str) -> Silence:
        return self.silence.get(nature) or Silence("sans_objet", 0)


CLES = (
    *("nom", "sigle", "service", "adresse", "telephone", "courriel", "horaires", "zone", "alsace_moselle", "site"),
    *("marque", "acces_partage", "ecrans", "dossier", "repas", "autorisations", "vaccins", "maladies", "pieces"),
    *("silence", "motifs_refus", "motifs_absence", "tableaux", "mots", "messages", "cryptogramme"),
    *("inscription_scolaire", "pre_inscription"),
)


def lire_options(texte: str, code: str, source: str) -> Options:
    """Read `collectivite.toml`; unknown or misspelt keys stop the load with their path (`ErreurReglement`)."""
    return _options(lire_toml(texte, source), code)


def _options(table: Table, code: str) -> Options:
    table.verifier(CLES, ("nom", "sigle", "service", "telephone", "courriel", "zone", "dossier"))
    marque, dossier = table.table("marque"), table.table("dossier")
    marque.verifier(("teinte", "vivacite", "logo"))
    dossier.verifier(("modification_bloque", "onglets"), ("onglets",))
    return Options(
        code=code,
        nom=table.texte("nom"),
        sigle=table.texte("sigle"),
        service=table.texte("service"),
        adresse=table.texte("adresse"),
        telephone=table.texte("telephone"),
        courriel=table.texte("courriel"),
        horaires=table.texte("horaires"),
        site=table.texte("site"),
        zone=table.choix("zone", ZONES),
        alsace_moselle=table.booleen("alsace_moselle"),
        teinte=marque.entier("teinte", 200, 0, 360),
        vivacite=_vivacite(marque),
        logo=marque.texte("logo"),
        acces_partage=table.booleen("acces_partage", True),
        ecrans=table.textes("ecrans", ECRANS) or ("panier",),
        modification_bloque=dossier.booleen("modification_bloque", True),
        motifs_refus=table.textes("motifs_refus"),
        tableaux=table.textes("tableaux", TABLEAUX),
        mots=_mots(table.table("mots")),
        silence=_silences(table.table("silence")),
        cryptogramme=table.booleen("cryptogramme"),
        messages=_messagerie(table.table("messages")),
        inscription_scolaire=lire_inscription_scolaire(table, [une.texte("code") for une in table.tables("pieces")]),
        pre_inscription=lire_pre_inscription(table),
        **_listes(table, dossier),
    )


def _mots(table: Table) -> Mots:
    table.verifier(tuple(champ.name for champ in fields(Mots)))
    return Mots(**{cle: table.texte(cle) for cle in table.cles if table.texte(cle)})


def _vivacite(marque: Table) -> float:
    valeur = marque.donnees.get("vivacite", 0.09)
    if isinstance(valeur, bool) or not isinstance(valeur, int | float) or not 0 <= valeur <= 0.16:
        raise marque.refuser("vivacite", f"« {valeur} » n’est pas permis, il faut un nombre de 0 à 0.16.")
    return float(valeur)


def _lignes(table: Table, cle: str, permises: tuple[str, ...], exigees: tuple[str, ...]) -> list[Table]:
    tables = table.tables(cle)
    for une in tables:
        une.verifier(permises, exigees)
    return tables


def _listes(table: Table, dossier: Table) -> dict[str, Any]:
    return {
        "onglets": tuple(
            Onglet(un.texte("code"), un.texte("titre"), un.textes("natures"))
            for un in _lignes(dossier, "onglets", ("code", "titre", "natures"), ("code", "titre", "natures"))
        ),
        "repas": _choix(table, "repas"),
        "maladies": _choix(table, "maladies"),
        "motifs_absence": _choix(table, "motifs_absence"),
        "autorisations": tuple(
            Question(une.texte("code"), une.texte("question"), une.texte("aide"))
            for une in _lignes(table, "autorisations", ("code", "question", "aide"), ("code", "question"))
        ),
        "vaccins": tuple(
            Vaccin(un.texte("code"), un.texte("nom"), un.jour("ne_depuis"), un.booleen("obligatoire", True))
            for un in _lignes(table, "vaccins", ("code", "nom", "ne_depuis", "obligatoire"), ("code", "nom"))
        ),
        "pieces": tuple(
            TypePiece(
                une.texte("code"),
                une.texte("nom"),
                une.booleen("annuelle"),
                une.booleen("obligatoire"),
                une.texte("aide"),
            )
            for une in _lignes(table, "pieces", ("code", "nom", "annuelle", "obligatoire", "aide"), ("code", "nom"))
        ),
    }


def _choix(table: Table, cle: str) -> tuple[Choix, ...]:
    lignes = _lignes(table, cle, ("code", "nom", "aide"), ("code", "nom"))
    return tuple(Choix(une.texte("code"), une.texte("nom"), une.texte("aide")) for une in lignes)


def _messagerie(table: Table) -> Messagerie:
    table.verifier(("boite", "contact", "guichet", "sujets"))
    defaut = Messagerie()
    return Messagerie(
        boite=table.texte("boite") or defaut.boite,
        contact=table.texte("contact") or defaut.contact,
        guichet=table.texte("guichet") or defaut.guichet,
        sujets=_choix(table, "sujets"),
    )


def _silences(table: Table) -> dict[str, Silence]:
    resultat = {}
    for nature in table.cles:
        une = table.table(nature)
        une.verifier(("regime", "mois"), ("regime",))
        resultat[nature] = Silence(
            une.choix("regime", ("acceptation", "rejet", "sans_objet")), une.entier("mois", 2, 1, 12)
        )
    return resultat
