"""What the schemas let through and the Treasury refuses: read on the tree of a file, whoever wrote it; each with its invoice."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # nosec B405
from collections import Counter
from collections.abc import Iterator

from .cles import siret_valide
from .controles_tiers import de_l_adresse, du_prelevement, du_tiers
from .ecriture import montant
from .fichier import Anomalie
from .lecture import Lu, centimes, date_de, v

# Technical file, Annexe 2: the only triplets (TypBord, TypPce, NatPce) written here.
TRIPLETS = {("06", "15", "01"), ("01", "01", "01"), ("02", "02", "06")}
EDITIONS = {"15": {"03", "06"}, "01": {"01", "02", "04", "05"}, "02": {"01", "02", "04", "05"}}
ROLE, REDUCTION = "06", "02"
COMPTABLE = "Demandez la bonne valeur au comptable ; votre administrateur l’écrit dans regies.toml, [regies.pes]."
INFORMATICIEN = "Transmettez cette phrase à l’assistance : le fichier n’est pas envoyé."
# Key of regies.toml → where it stands in the file, its shape, what is missing in words.
REGLAGES = (
    ("siret", "EnTetePES/IdColl", r"\d{14}", "le SIRET de la collectivité"),
    ("code_poste", "EnTetePES/IdPost", r"02[AB]\d{3,4}|\d{6,7}", "le code du poste comptable (6 ou 7 chiffres)"),
    ("code_collectivite", "EnTetePES/CodCol", r"\d{3}", "le code collectivité (3 chiffres)"),
    ("code_budget", "EnTetePES/CodBud", r"[0-9A-Z]\d", "le code budget (2 signes)"),
    ("sigle", "Enveloppe/Emetteur/Sigle", r".{1,32}", "le sigle de la collectivité (32 signes au plus)"),
    ("adresse", "Enveloppe/Emetteur/Adresse", r".{1,38}", "l’adresse de la collectivité (38 signes au plus)"),
)


def controler(racine: ET.Element) -> list[Anomalie]:
    """Every anomaly of the file, the settings first, then piece by piece in order."""
    trouvees = [*_reglages(racine)]
    for bordereau in racine.iterfind("PES_RecetteAller/Bordereau"):
        trouvees += _bordereau(racine, bordereau)
    return trouvees


def _reglages(racine: ET.Element) -> Iterator[Anomalie]:
    for cle, chemin, forme, quoi in REGLAGES:
        valeur = v(racine, chemin)
        if not valeur:
            phrase = f"Il manque {quoi}."
            yield Anomalie(
                f"reglage_{cle}", phrase, f"Votre administrateur l’écrit dans regies.toml : « {cle} » de [regies.pes]."
            )
        elif not re.fullmatch(forme, valeur):
            yield Anomalie(f"reglage_{cle}", f"« {valeur} » ne va pas pour {quoi}.", COMPTABLE)
    siret = v(racine, "EnTetePES/IdColl")
    if len(siret) == 14 and not siret_valide(siret):
        phrase = f"Le SIRET de la collectivité, {siret}, n’est pas juste : sa clé ne correspond pas."
        yield Anomalie("siret", phrase, COMPTABLE)
    if v(racine, "PES_RecetteAller/EnTeteRecette/InfoDematerialisee") in ("1", "true"):
        yield Anomalie("signature", "Le fichier annonce une signature qu’il n’a pas.", INFORMATICIEN)


def _bordereau(racine: ET.Element, bordereau: ET.Element) -> Iterator[Anomalie]:
    bloc = _obligatoire(bordereau, "BlocBordereau")
    pieces = [Lu(piece) for piece in bordereau.iterfind("Piece")]
    numero = v(bloc, "IdBord")
    if not re.fullmatch(r"[1-9]\d{0,6}", numero):
        yield Anomalie(
            "numero", f"Le numéro de bordereau « {numero} » n’est pas un nombre de 1 à 9 999 999.", COMPTABLE
        )
    if v(bloc, "NbrPce") != str(len(pieces)):
        phrase = f"Le bordereau annonce {v(bloc, 'NbrPce')} pièces et en contient {len(pieces)}."
        yield Anomalie("nbr_pce", phrase, INFORMATICIEN)
    annonce, somme = centimes(v(bloc, "MtBordHt")), sum(piece.montant for piece in pieces)
    if annonce != somme:
        phrase = f"Le bordereau annonce {v(bloc, 'MtBordHt')} € et ses lignes font {montant(somme)} €."
        yield Anomalie("mt_bord_ht", phrase, INFORMATICIEN)
    if v(bloc, "MtBordTVA") and not any(ligne.find(".//MtTVA") is not None for ligne in bordereau.iterfind("Piece")):
        yield Anomalie("tva", "Le bordereau annonce de la TVA et aucune ligne n’en porte.", INFORMATICIEN)
    yield from _dates(bloc)
    for rang, combien in Counter(piece.id_pce for piece in pieces).items():
        if combien > 1:
            facture = next(piece.facture for piece in pieces if piece.id_pce == rang)
            yield Anomalie("doublon", f"Le numéro de pièce {rang} sert {combien} fois.", INFORMATICIEN, facture)
    for piece in pieces:
        yield from _piece(bloc, piece)


def _dates(bloc: ET.Element, piece: Lu | None = None) -> Iterator[Anomalie]:
    emission = date_de(v(bloc, "DteBordEm"))
    facture = piece.facture if piece else ""
    avis = date_de(v(piece.bloc if piece else bloc, "DteAsp"))
    if emission is None and piece is None:
        yield Anomalie("date", "La date du bordereau n’est pas une date.", INFORMATICIEN)
    elif avis is not None and emission is not None and avis < emission:
        phrase = "L’avis des sommes à payer serait envoyé avant la date du bordereau."
        yield Anomalie("dte_asp", phrase, "Choisissez une date de bordereau plus ancienne.", facture)


def _piece(bordereau: ET.Element, piece: Lu) -> Iterator[Anomalie]:
    triplet = (v(bordereau, "TypBord"), v(piece.bloc, "TypPce"), v(piece.bloc, "NatPce"))
    if triplet not in TRIPLETS:
        phrase = f"Le triplet {'/'.join(triplet)} n’est pas permis pour une recette."
        yield Anomalie("triplet", phrase, INFORMATICIEN, piece.facture)
    if not re.fullmatch(r"[1-9]\d{0,7}", piece.id_pce):
        phrase = f"Le numéro de pièce « {piece.id_pce} » n’est pas un nombre de 1 à 99 999 999."
        yield Anomalie("id_pce", phrase, COMPTABLE, piece.facture)
    dette = v(piece.bloc, "NumDette")
    if triplet[0] == ROLE and not re.fullmatch(r"[1-9]\d{0,14}", dette):
        phrase = f"Le numéro de dette « {dette} » n’est pas un nombre de 15 chiffres au plus."
        yield Anomalie("num_dette", phrase, INFORMATICIEN, piece.facture)
    edition = v(piece.bloc, "Edition")
    if edition and edition not in EDITIONS.get(triplet[1], set()):
        phrase = f"Le mode d’édition {edition} ne va pas avec ce type de pièce."
        yield Anomalie("edition", phrase, COMPTABLE, piece.facture)
    if v(piece.bloc, "IdRol") and triplet != ("01", "06", "01"):
        yield Anomalie("id_rol", "Seul un titre récapitulatif nomme son rôle.", INFORMATICIEN, piece.facture)
    yield from _dates(bordereau, piece)
    yield from _debiteurs(triplet[0], piece)
    for ligne in piece.lignes:
        yield from _ligne(bordereau, piece, ligne)


def _debiteurs(type_de_bordereau: str, piece: Lu) -> Iterator[Anomalie]:
    if len(piece.tiers) < len(piece.lignes):
        yield Anomalie("debiteur", "Cette facture n’a pas de débiteur.", INFORMATICIEN, piece.facture)
    distincts = {ET.tostring(tiers) for tiers in piece.tiers}
    if type_de_bordereau == ROLE and len(distincts) > 1:
        yield Anomalie("mono_debiteur", "Un article de rôle n’a qu’un débiteur.", INFORMATICIEN, piece.facture)
    vus: set[Anomalie] = set()
    for tiers in piece.tiers:
        for une in (*du_tiers(tiers, piece.facture), *de_l_adresse(tiers, piece.facture)):
            if une not in vus:
                vus.add(une)
                yield une


def _ligne(bordereau: ET.Element, piece: Lu, ligne: ET.Element) -> Iterator[Anomalie]:
    info = _obligatoire(ligne, "BlocLignePiece/InfoLignePiece")
    ecrit = v(info, "MtHT")
    if not re.fullmatch(r"\d{1,12}\.\d{2}", ecrit) or centimes(ecrit) <= 0:
        phrase = f"Le montant « {ecrit} » ne va pas : il est plus grand que zéro, avec deux décimales."
        yield Anomalie("montant", phrase, "Vérifiez les lignes et les avoirs de cette facture.", piece.facture)
    if not re.fullmatch(r"[0-9A-Za-z]{1,4}", v(info, "CodProdLoc")):
        phrase = "Le code produit local manque, ou n’a pas un à quatre chiffres ou lettres."
        yield Anomalie(
            "code_produit",
            phrase,
            "Votre administrateur l’écrit dans regies.toml : « code_produit » de [regies.pes].",
            piece.facture,
        )
    if not re.fullmatch(r"[1-9]\d{0,11}", v(info, "Nature")):
        phrase = "La nature comptable manque (588 pour un rôle)."
        yield Anomalie(
            "nature",
            phrase,
            "Votre administrateur l’écrit dans regies.toml : « nature » de [regies.pes].",
            piece.facture,
        )
    if v(info, "MtTVA") and centimes(v(info, "MtTVA")) <= 0:
        yield Anomalie("tva", "Une TVA nulle ne s’écrit pas.", INFORMATICIEN, piece.facture)
    yield from _rattachement(bordereau, piece, ligne)
    yield from du_prelevement(ligne, piece.facture)


def _rattachement(bordereau: ET.Element, piece: Lu, ligne: ET.Element) -> Iterator[Anomalie]:
    """A réduction names the titre it takes from, of the same exercice (annotations of RattachPiece)."""
    if v(bordereau, "TypBord") != REDUCTION:
        return
    chemin = "BlocLignePiece/RattachPiece"
    complets = [v(ligne, f"{chemin}/{nom}") for nom in ("NatPceOrig", "ExerRat", "IdPceOrig", "IdLigneOrig")]
    if not all(complets) or complets[0] != "01" or not complets[2].lstrip("0"):
        phrase = "Cette réduction ne dit pas quel titre elle réduit."
        remede = "Choisissez la facture corrigée, ou traitez cet avoir dans le logiciel de finances."
        yield Anomalie("rattachement", phrase, remede, piece.facture)
    elif complets[1] != v(bordereau, "Exer"):
        phrase = f"Cette réduction porte sur un titre de {complets[1]}, exercice clos."
        remede = "Sur un exercice clos, elle se fait par un mandat, dans le logiciel de finances."
        yield Anomalie("exercice", phrase, remede, piece.facture)


def _obligatoire(parent: ET.Element, chemin: str) -> ET.Element:
    trouve = parent.find(chemin)
    return ET.Element("absent") if trouve is None else trouve
