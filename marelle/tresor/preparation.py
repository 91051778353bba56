"""From invoices to a PES file: who owes, what, under which numbers; with everything that would have it refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marelle.collectivite.identite import identite
from marelle.creances.models import Payeur, Regie
from marelle.creances.payeurs import destinataires
from marelle.creances.regies import options_de
from marelle.regles.argent import euros
from marelle.regles.phrases import MOIS
from marelle.regles.regies import OptionsRegie, Pes
from marelle.socle.pays import code_insee, est_a_l_etranger

from .models import CategorieTiers
from .pes.cles import cles_d_article
from .pes.controles import controler
from .pes.ecriture import construire, octets
from .pes.fichier import (
    ANNULATIONS,
    FORMES,
    ROLE,
    Anomalie,
    Debiteur,
    Entete,
    Fichier,
    Ligne,
    Piece,
    Prelevement,
    Rattachement,
)
from .pes.texte import en_latin1, est_altere, lignes
from .prelevements import Debits, debits_du_tresor
from .selection import ATransmettre

PARTICULIER = ("01", "01")
LARGEUR = 38
LIGNES_ECRITES = (
    ("nom", 2),
    ("prenom", 1),
    ("adresse", 3),
    ("commune", 1),
)  # lines of `LARGEUR` that the file has for each


@dataclass(frozen=True, slots=True)
class Numeros:
    """The numbers of a bordereau: its own, and that of each of its pieces in order."""

    bordereau: int
    pieces: tuple[int, ...]


@dataclass(slots=True)
class Prepare:
    """A file ready, or what keeps it from being so; `anomalies` in the order of the invoices."""

    fichier: Fichier
    octets: bytes
    anomalies: list[Anomalie]

    @property
    def erreurs(self) -> list[Anomalie]:
        return [une for une in self.anomalies if une.est_bloquante]


def preparer(
    regie: Regie, forme: str, choses: Sequence[ATransmettre], jour: date, exercice: int, numeros: Numeros
) -> Prepare:
    """Make the file of these invoices and check it."""
    options = options_de(regie)
    anomalies: list[Anomalie] = []
    if options.pes.cles_ormc and forme == ROLE:
        phrase = "Les clés des articles de rôle sont calculées sans qu’aucun document de la DGFiP ait pu être lu."
        remede = "Faites accepter un fichier d’essai par la trésorerie avant le premier envoi."
        anomalies.append(Anomalie("cles", phrase, remede, est_bloquante=False))
    payeurs = {une.facture.payeur_id: une.facture.payeur for une in choses}
    ecrits = {cle: _adresse_du_tresor(un) for cle, un in destinataires(payeurs.values()).items()}
    debiteurs = _debiteurs(payeurs, ecrits, options.pes)
    debits = debits_du_tresor(regie, choses, jour) if forme != ANNULATIONS else Debits()
    pieces = []
    for chose, id_pce in zip(choses, numeros.pieces, strict=True):
        debiteur = debiteurs[chose.facture.payeur_id]
        prelevement = debits.prelevements.get(chose.facture.pk)
        piece = _piece(options, forme, chose, exercice, id_pce, debiteur, prelevement)
        anomalies += _remarques(chose, ecrits[chose.facture.payeur_id], debiteur, piece)
        anomalies += _caducite(chose, debits)
        anomalies += _sans_annonce(piece, ecrits[chose.facture.payeur_id])
        pieces.append(piece)
    fichier = _fichier(options, forme, tuple(pieces), jour, exercice, numeros.bordereau)
    racine = construire(fichier)
    ordre = {une.facture.numero: rang for rang, une in enumerate(choses, start=1)}
    toutes = sorted([*anomalies, *controler(racine)], key=lambda une: ordre.get(une.facture, 0))
    return Prepare(fichier, octets(racine), toutes)


def _caducite(chose: ATransmettre, debits: Debits) -> list[Anomalie]:
    """The mandate of that payer is void: the titre goes without it, and the agent knows why."""
    if chose.facture.payeur_id not in debits.caducs:
        return []
    mandat, le = debits.caducs[chose.facture.payeur_id]
    phrase = f"Ce titre ne sera pas prélevé : le mandat {mandat.rum} est caduc, sans prélèvement depuis 36 mois."
    remede = f"Il l’est au {le:%d/%m/%Y} : faites signer un nouveau mandat."
    return [Anomalie("mandat_caduc", phrase, remede, chose.facture.numero, est_bloquante=False)]


def _sans_annonce(piece: Piece, ecrit: dict[str, str]) -> list[Anomalie]:
    """Whoever is debited is told before, by e-mail: without an address, the agent writes a letter."""
    if piece.prelevement is None or ecrit.get("courriel"):
        return []
    phrase = (
        f"Ce titre sera prélevé à partir du {piece.prelevement.date:%d/%m/%Y}, et ce payeur n’a pas d’adresse e-mail."
    )
    return [Anomalie("sans_annonce", phrase, "Prévenez-le par courrier.", piece.facture, est_bloquante=False)]


def _fichier(
    options: OptionsRegie, forme: str, pieces: tuple[Piece, ...], jour: date, exercice: int, numero: int
) -> Fichier:
    pes = options.pes
    entete = Entete(
        nom_fichier=f"{FORMES[forme][0]}_{pes.siret}_{exercice}_{FORMES[forme][1]}_{numero:07}.xml",
        date=jour,
        sigle=pes.sigle,
        adresse=_adresse_de(options),
        code_poste=pes.code_poste,
        siret=pes.siret,
        code_collectivite=pes.code_collectivite,
        code_budget=pes.code_budget,
        libelle_poste=pes.libelle_poste,
        libelle_budget=pes.libelle_budget,
    )
    return Fichier(
        forme=forme,
        entete=entete,
        exercice=exercice,
        id_bord=numero,
        date=jour,
        objet=options.nom,
        code_produit=options.code_produit_local or pes.code_produit,
        nature=pes.nature,
        fonction=pes.fonction,
        edition=pes.edition if forme != ANNULATIONS else "",
        pieces=pieces,
    )


def _adresse_de(options: OptionsRegie) -> str:
    """One line of 38 characters: what is set for the PES, else the address of the régie, else that of the service."""
    ecrite = options.pes.adresse or options.adresse or identite().adresse
    premieres, _ = lignes(en_latin1(ecrite), LARGEUR, 1)
    return premieres[0] if premieres else ""


def _piece(
    options: OptionsRegie,
    forme: str,
    chose: ATransmettre,
    exercice: int,
    id_pce: int,
    debiteur: Debiteur,
    prelevement: Prelevement | None,
) -> Piece:
    facture, objet = chose.facture, f"{options.nom}, {_mois(chose)}"
    if chose.originaux:
        ecrites = tuple(
            Ligne(f"Réduction : {facture.motif}", montant, Rattachement(origine.export.exercice, origine.id_pce))
            for origine, montant in chose.originaux
        )
    else:
        ecrites = (Ligne(objet, chose.montant_centimes),)
    cles = ("", "", "")
    if options.pes.cles_ormc and forme == ROLE:
        mois = facture.periode_debut.month
        cles = cles_d_article(options.pes.code_collectivite, options.pes.nature, exercice, mois, facture.numero)
    return Piece(
        id_pce=id_pce,
        facture=facture.numero,
        objet=objet,
        debut=facture.periode_debut,
        fin=facture.periode_fin,
        debiteur=debiteur,
        lignes=ecrites,
        prelevement=prelevement,
        cles=cles,
    )


def _mois(chose: ATransmettre) -> str:
    debut, fin = chose.facture.periode_debut, chose.facture.periode_fin
    if (debut.year, debut.month) == (fin.year, fin.month):
        return f"{MOIS[debut.month - 1]} {debut.year}"
    return f"du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}"


def _adresse_du_tresor(ecrit: dict[str, str]) -> dict[str, str]:
    """Abroad, the postcode is 99999, the real one stands before the town, and the country is the Insee's number; a country that
    has none is refused by the control of the file."""
    if not est_a_l_etranger(ecrit["pays"]):
        return ecrit | {"pays": ""}
    ville = f"{ecrit['code_postal']} {ecrit['commune']}".strip()
    return ecrit | {"code_postal": "99999", "commune": ville, "pays": code_insee(ecrit["pays"])}


def _debiteurs(payeurs: dict[int, Payeur], ecrits: dict[int, dict[str, str]], pes: Pes) -> dict[int, Debiteur]:
    """Who each payer is **today**: the Treasury writes to the address in force, and what was completed since the invoice was
    issued must serve."""
    categories = {une.payeur_id: une for une in CategorieTiers.objects.filter(payeur__in=payeurs).order_by("pk")}
    return {pk: _debiteur(un, ecrits[pk], categories.get(pk), pes) for pk, un in payeurs.items()}


def _debiteur(payeur: Payeur, ecrit: dict[str, str], categorie: CategorieTiers | None, pes: Pes) -> Debiteur:
    est_tiers = payeur.sorte == Payeur.Sorte.TIERS
    couple = PARTICULIER
    if est_tiers:
        couple = (categorie.categorie, categorie.nature_juridique) if categorie else ("", "")
    noms, _ = lignes(en_latin1(ecrit["nom"]), LARGEUR, 2)
    adresse, _ = lignes(en_latin1(ecrit["adresse"]), LARGEUR, 3)
    villes, _ = lignes(en_latin1(ecrit["commune"]), LARGEUR, 1)
    civilites = {"mme": pes.civilite_madame, "m": pes.civilite_monsieur}
    return Debiteur(
        categorie=couple[0],
        nature_juridique=couple[1],
        civilite="" if est_tiers else civilites.get(ecrit["civilite"], ecrit["civilite"]),
        nom=noms[0] if noms else "",
        complement_nom=noms[1] if len(noms) > 1 else "",
        prenom=(lignes(en_latin1(ecrit["prenom"]), LARGEUR, 1)[0] or [""])[0],
        siret=ecrit.get("siret", ""),
        reference=ecrit.get("dossier", "") or payeur.code,
        adresse=tuple(adresse),
        code_postal=ecrit["code_postal"].strip(),
        ville=villes[0] if villes else "",
        pays=ecrit.get("pays", ""),
    )


def _remarques(chose: ATransmettre, ecrit: dict[str, str], debiteur: Debiteur, piece: Piece) -> list[Anomalie]:
    """What an agent must know and the Treasury accepts: texts that are cut or altered (`ecrit`: the payer as it is written
    today), a name that is not the invoice's any more."""
    facture, dites = chose.facture, []

    def dire(code: str, phrase: str, remede: str = "") -> None:
        dites.append(Anomalie(code, phrase, remede, facture.numero, est_bloquante=False))

    for champ, nombre in LIGNES_ECRITES:
        texte = str(ecrit.get(champ, ""))
        _, reste = lignes(en_latin1(texte), LARGEUR, nombre)
        if reste:
            dire("coupe", f"« {texte} » est trop long : la fin, « {reste} », n’est pas écrite dans le fichier.")
        if est_altere(texte):
            phrase = f"« {texte} » a une lettre que le Trésor ne lit pas : elle est remplacée par « ? »."
            dire("altere", phrase, "Écrivez ce nom avec des lettres latines.")
    nom, facture_a = f"{debiteur.nom} {debiteur.complement_nom}".strip(), str(facture.destinataire.get("nom", ""))
    if en_latin1(facture_a) not in ("", nom):
        dire("nom_change", f"La facture est au nom de {facture_a}, le fichier dit {nom}.")
    if chose.avoirs:
        retire = euros(chose.entier_centimes - piece.montant_centimes)
        dire("reduite", f"Part pour {euros(piece.montant_centimes)} : des avoirs en ont retiré {retire}.")
    return dites
