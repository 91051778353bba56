"""What each PDF needs to know: one TypedDict per model.

Texts are shown as given (French typography is set by `produire`); dates and instants may be given as `date` and aware
`datetime`: they are written in French, in Paris time, always with their year. `etat` is one of the codes of a day's
square (docs: look): « attente », « reserve », « liste », « refuse », « annuler », « annule », « direct », « libre ».
"""

from datetime import date, datetime
from typing import NotRequired, TypedDict

Quand = str | date | datetime


class Destinataire(TypedDict):
    """To whom a letter is addressed: name, then the lines of the postal address."""

    nom: str
    adresse: list[str]


class LigneDemandee(TypedDict):
    """One day that was asked for, and what has become of it. `prix` is written (« 11,20 € »)."""

    jour: Quand
    quoi: str
    etat: str
    mot: str
    precision: NotRequired[str]
    prix: NotRequired[str]


class ActiviteDemandee(TypedDict):
    titre: str
    lignes: list[LigneDemandee]


class EnfantDemande(TypedDict):
    nom: str
    activites: list[ActiviteDemandee]


class AutreDemande(TypedDict):
    """What was asked without a day: a sheet changed, a document sent."""

    quoi: str
    etat: str
    mot: str
    precision: NotRequired[str]


class PieceManquante(TypedDict):
    nom: str
    avant: Quand


class Silence(TypedDict):
    """What the silence of the service means (CRPA L231-1 to L231-6): `regime` acceptation or rejet.

    `date` is that of the implicit decision if the dossier is complete; `delai` its length in words (« deux mois »); `quoi`
    which demande it is about (« d’annulation », after a space), when not all; `motif` says why silence refuses (« parce que le
    nombre de places est limité »).
    """

    regime: str
    date: Quand
    delai: str
    quoi: NotRequired[str]
    motif: NotRequired[str]


class Accuse(TypedDict):
    """`accuse`: the *accusé de réception électronique* (CRPA L112-11, R112-11-1)."""

    numero: str
    recu_le: Quand
    deposant: str
    famille: str
    identifiant: NotRequired[str]
    enfants: list[EnfantDemande]
    autres: NotRequired[list[AutreDemande]]
    total: NotRequired[str]
    silences: list[Silence]
    pieces_manquantes: NotRequired[list[PieceManquante]]
    suite: list[str]
    lien: NotRequired[str]
    tribunal: NotRequired[str]


class Invitation(TypedDict):
    """`invitation`: the letter that gives an access, by a link that serves once."""

    destinataire: Destinataire
    identifiant: str
    lien: str
    valable_jusqu_au: Quand
    enfants: NotRequired[list[str]]


class Responsable(TypedDict):
    """`qui`: who this adult is to the child. Not « lien », which `produire` leaves as it is: an address."""

    nom: str
    qui: str
    telephones: list[str]
    courriel: NotRequired[str]
    adresse: NotRequired[list[str]]
    precision: NotRequired[str]


class PersonneAutorisee(TypedDict):
    nom: str
    qui: str
    telephone: str
    precision: NotRequired[str]


class Autorisation(TypedDict):
    """`reponse`: True yes, False no, None not answered."""

    question: str
    reponse: bool | None
    precision: NotRequired[str]


class Sante(TypedDict):
    """The health part: only for those who may read it. `rubriques` are (title, text) pairs, `vaccins` too."""

    alerte: NotRequired[str]
    rubriques: list[tuple[str, str]]
    vaccins: list[tuple[str, str]]
    medecin: NotRequired[str]


class FicheEnfant(TypedDict):
    """`fiche_enfant`: the child's sheet; complete when `sante` is given, simple otherwise."""

    titre: NotRequired[str]
    prenom: str
    nom: str
    naissance: Quand
    age: str
    sexe: NotRequired[str]
    ecole: NotRequired[str]
    groupe: NotRequired[str]
    repas: str
    assurance: NotRequired[str]
    responsables: list[Responsable]
    personnes: list[PersonneAutorisee]
    autorisations: list[Autorisation]
    sante: NotRequired[Sante]
    validee_le: NotRequired[Quand]


class EnfantDuJour(TypedDict):
    """One row. `alerte` is what an animateur must know (allergy, PAI and what to do), nothing more."""

    nom: str
    prenom: str
    age: str
    groupe: str
    unite: str
    repas: str
    alerte: NotRequired[str]
    repart_avec: str
    telephone: str


class ListeJour(TypedDict):
    """`liste_jour`: the day list of a centre. `totaux` are (word, number) pairs: (« Sans porc », 3)."""

    centre: str
    activite: str
    jour: Quand
    enfants: list[EnfantDuJour]
    totaux: list[tuple[str, int]]


class OffreDuReglement(TypedDict):
    """An activity: where, for whom, on which days, and its unités with their hours."""

    nom: str
    lieu: str
    qui: str
    quand: str
    unites: list[str]


class RubriqueDuReglement(TypedDict):
    """One gesture (book, cancel): what is allowed, sentence by sentence, and the text that says so."""

    titre: str
    phrases: list[str]
    source: str


class ChapitreDuReglement(TypedDict):
    titre: str
    offres: list[OffreDuReglement]
    rubriques: list[RubriqueDuReglement]


class TexteReglement(TypedDict):
    """`reglement`: the parents' guide, from the rules of one version of the règlement."""

    nom: str
    depuis: str
    source: str
    pour_tous: list[str]
    chapitres: list[ChapitreDuReglement]


class FichePreInscription(TypedDict):
    """`pre_inscription`: the blank sheet of a family without access; `champs.remplissable` makes a form of it.

    `adultes` and `enfants` are titles, one per group of fields; the others are (code, word) pairs, one box each.
    """

    adultes: list[str]
    civilites: list[tuple[str, str]]
    enfants: list[str]
    sexes: list[tuple[str, str]]
    souhaits: list[tuple[str, str]]


class LigneDeFacture(TypedDict):
    """One line of an invoice; without `jour` it is for the whole period. Amounts are written."""

    jour: NotRequired[str]
    quoi: str
    explication: NotRequired[str]
    montant: str


class GroupeDeFacture(TypedDict):
    """The lines of one activity; `explication` when it is the same for all of them."""

    titre: str
    explication: NotRequired[str]
    total: str
    lignes: list[LigneDeFacture]


class PartieDeFacture(TypedDict):
    """The lines of one child (or those of nobody: a yearly fee). `court`: the first name, repeated on each page."""

    nom: str
    court: str
    total: str
    groupes: list[GroupeDeFacture]


class CommentPayer(TypedDict):
    """How to pay, a sentence for each means; `qr` is the drawing of `lien`."""

    titre: str
    moyens: list[str]
    lien: NotRequired[str]
    qr: NotRequired[str]


class Facture(TypedDict):
    """An invoice or an avoir (`genre`). `reperes` and `totaux` are (word, value) pairs, `net` the last of the totals."""

    genre: str
    numero: str
    emise_le: str
    destinataire: Destinataire
    reperes: list[tuple[str, str]]
    motif: NotRequired[str]
    parties: list[PartieDeFacture]
    totaux: list[tuple[str, str]]
    net: tuple[str, str]
    aides: NotRequired[list[str]]
    payer: NotRequired[CommentPayer]
    mentions: list[str]


class Factures(TypedDict):
    """`facture`: one, or a print batch. On `papier` nothing is tagged; `recto_verso`: each begins on a sheet."""

    titre: str
    factures: list[Facture]
    papier: NotRequired[bool]
    recto_verso: NotRequired[bool]


class OperationDuReleve(TypedDict):
    """What was billed or paid that day (the other is empty), and what was owed after it."""

    jour: str
    quoi: str
    facture: str
    paye: str
    solde: str


class Releve(TypedDict):
    """`releve`: the statement of account, the oldest operation first; `solde` is a word and an amount."""

    famille: str
    operations: list[OperationDuReleve]
    solde: tuple[str, str]


class LigneAttestee(TypedDict):
    """One service of one child: the days it is for, the amount paid, written."""

    service: str
    periode: str
    montant: str


class EnfantAtteste(TypedDict):
    nom: str
    ne_le: str
    lignes: list[LigneAttestee]
    total: str


class OrganismeAtteste(TypedDict):
    nom: str
    service: str
    adresse: list[str]
    siret: str


class SignataireAtteste(TypedDict):
    nom: str
    qualite: str
    lieu: str


class AttestationFiscale(TypedDict):
    """A tax certificate of one payer for one year. `remplace`: the number of the version that it cancels, `remplacee_par` of the
    one that cancels it; empty otherwise."""

    numero: str
    annee: str
    emise_le: str
    version: int
    remplace: str
    remplacee_par: str
    organisme: OrganismeAtteste
    destinataire: Destinataire
    dossier: str
    enfants: list[EnfantAtteste]
    total: str
    en_lettres: str
    cesu: str
    signataire: SignataireAtteste


class AttestationsFiscales(TypedDict):
    """`attestation_fiscale`: one, or the batch of a year; the rule of sharing and the help to declare are the same for all."""

    titre: str
    attestations: list[AttestationFiscale]
    repartition: str
    declaration: str


class JourDePresence(TypedDict):
    jour: str
    service: str
    heures: NotRequired[str]


class AttestationPresence(TypedDict):
    """`attestation_presence`: the days on which a child really came, for a household; `bilan` says how many, and how long."""

    enfant: str
    ne_le: str
    famille: str
    periode: str
    jours: list[JourDePresence]
    avec_heures: bool
    bilan: str
    signataire: SignataireAtteste
    fait_le: str
