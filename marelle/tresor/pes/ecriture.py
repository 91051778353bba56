"""Writes a PES v2 recette: the tree the schemas ask for, in their order, then its bytes in ISO-8859-1."""

from __future__ import annotations

# What is written here is never parsed from outside.
import xml.etree.ElementTree as ET  # nosec B405
from datetime import date

from .fichier import FORMES, ROLE, Debiteur, Entete, Fichier, Ligne, Piece, Prelevement, Rattachement
from .texte import en_latin1, en_sepa

ESPACE = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"
SEQUENCES = {"OOFF": "01", "FRST": "02", "RCUR": "03", "FNAL": "04"}
PAR_LE_TRESOR, UNIQUE = "01", "07"
ET.register_namespace("n", ESPACE)


def octets(racine: ET.Element) -> bytes:
    """The file itself."""
    ecrit: bytes = ET.tostring(racine, encoding="ISO-8859-1", xml_declaration=True)
    return ecrit


def montant(centimes: int) -> str:
    """« 48.60 », from an integer: no float ever."""
    return f"{'-' if centimes < 0 else ''}{abs(centimes) // 100}.{abs(centimes) % 100:02}"


def construire(fichier: Fichier) -> ET.Element:
    """The tree of the file. Nothing is checked here: see `controles`."""
    racine = ET.Element(f"{{{ESPACE}}}PES_Aller")
    _enveloppe(racine, fichier)
    _entete(racine, fichier.entete)
    recette = _sous(racine, "PES_RecetteAller")
    entete = _sous(recette, "EnTeteRecette")
    _feuilles(entete, IdVer="2", InfoDematerialisee="0")
    bordereau = _sous(recette, "Bordereau")
    _feuilles(
        _sous(bordereau, "BlocBordereau"),
        Exer=str(fichier.exercice),
        IdBord=str(fichier.id_bord),
        DteBordEm=_jour(fichier.date),
        TypBord=FORMES[fichier.forme][1],
        NbrPce=str(len(fichier.pieces)),
        MtBordHt=montant(fichier.montant_centimes),
        Objet=_texte(fichier.objet, 160) if fichier.forme == ROLE else "",
    )
    for piece in fichier.pieces:
        _piece(bordereau, fichier, piece)
    return racine


def _enveloppe(racine: ET.Element, fichier: Fichier) -> None:
    enveloppe = _sous(racine, "Enveloppe")
    _feuilles(
        _sous(enveloppe, "Parametres"),
        Version="2",
        TypFic=FORMES[fichier.forme][0],
        NomFic=_texte(fichier.entete.nom_fichier, 100),
    )
    entete = fichier.entete
    _feuilles(_sous(enveloppe, "Emetteur"), Sigle=_texte(entete.sigle, 32), Adresse=_texte(entete.adresse, 38))


def _entete(racine: ET.Element, entete: Entete) -> None:
    _feuilles(
        _sous(racine, "EnTetePES"),
        DteStr=_jour(entete.date),
        IdPost=entete.code_poste,
        LibellePoste=_texte(entete.libelle_poste, 38),
        IdColl=entete.siret,
        CodCol=entete.code_collectivite,
        CodBud=entete.code_budget,
        LibelleColBud=_texte(entete.libelle_budget, 38),
    )


def _piece(bordereau: ET.Element, fichier: Fichier, piece: Piece) -> None:
    _, _, typ, nature = FORMES[fichier.forme]
    noeud = _sous(bordereau, "Piece")
    est_role = fichier.forme == ROLE
    periode, cle1, cle2 = piece.cles if est_role else ("", "", "")
    _feuilles(
        _sous(noeud, "BlocPiece"),
        IdPce=str(piece.id_pce),
        TypPce=typ,
        NatPce=nature,
        Edition=fichier.edition,
        ObjPce=_texte(piece.objet, 160),
        DebFact=_jour(piece.debut),
        FinFact=_jour(piece.fin),
        NumDette=piece.facture if est_role else "",
        Per=periode,
        Cle1=cle1,
        Cle2=cle2,
        NumeroFacture=_texte(piece.facture, 20),
    )
    for rang, ligne in enumerate(piece.lignes, start=1):
        _ligne(noeud, fichier, piece, ligne, rang)


def _ligne(noeud: ET.Element, fichier: Fichier, piece: Piece, ligne: Ligne, rang: int) -> None:
    de_piece = _sous(noeud, "LigneDePiece")
    bloc = _sous(de_piece, "BlocLignePiece")
    _feuilles(
        _sous(bloc, "InfoLignePiece"),
        IdLigne=str(rang),
        ObjLignePce=_texte(ligne.libelle, 160),
        CodProdLoc=fichier.code_produit,
        Nature=fichier.nature,
        Fonction=fichier.fonction,
        Majo="0",
        TvaIntraCom="0",
        MtHT=montant(ligne.montant_centimes),
    )
    if piece.prelevement is not None:
        _prelevement(bloc, piece.prelevement, ligne)
    if ligne.rattachement is not None:
        _rattachement(bloc, ligne.rattachement)
    _tiers(de_piece, piece.debiteur, piece.prelevement)


def _rattachement(bloc: ET.Element, rattachement: Rattachement) -> None:
    _feuilles(
        _sous(bloc, "RattachPiece"),
        NatPceOrig="01",
        ExerRat=str(rattachement.exercice),
        IdPceOrig=str(rattachement.id_pce),
        IdLigneOrig=str(rattachement.id_ligne),
    )


def _prelevement(bloc: ET.Element, prelevement: Prelevement, ligne: Ligne) -> None:
    _feuilles(
        _sous(bloc, "InfoPrelevementSEPA"),
        NatPrel=PAR_LE_TRESOR,
        PerPrel=UNIQUE,
        DtePrel=_jour(prelevement.date),
        MtPrel=montant(ligne.montant_centimes),
        SequencePres=SEQUENCES.get(prelevement.sequence, prelevement.sequence),
        DateSignMandat=_jour(prelevement.signe_le),
        RefUniMdt=prelevement.rum,
        LibPrel=en_sepa(ligne.libelle)[:140].strip(),
    )


def _tiers(de_piece: ET.Element, debiteur: Debiteur, prelevement: Prelevement | None) -> None:
    tiers = _sous(de_piece, "Tiers")
    _feuilles(
        _sous(tiers, "InfoTiers"),
        IdTiers=debiteur.siret,
        NatIdTiers="01" if debiteur.siret else "",
        RefTiers=_texte(debiteur.reference, 30),
        CatTiers=debiteur.categorie,
        NatJur=debiteur.nature_juridique,
        TypTiers="01",
        Civilite=_texte(debiteur.civilite, 10),
        Nom=_texte(debiteur.nom, 38),
        ComplNom=_texte(debiteur.complement_nom, 38),
        Prenom=_texte(debiteur.prenom, 38),
    )
    premiere, deuxieme, troisieme = (*debiteur.adresse, "", "", "")[:3]
    _feuilles(
        _sous(tiers, "Adresse"),
        TypAdr="1",
        Adr1=_texte(troisieme, 38),
        Adr2=_texte(premiere, 38),
        Adr3=_texte(deuxieme, 38),
        CP=debiteur.code_postal,
        Ville=_texte(debiteur.ville, 38),
        CodRes="1" if debiteur.pays else "0",
        CodPays=debiteur.pays,
    )
    if prelevement is not None:
        compte = _sous(tiers, "CpteBancaire")
        titulaire = _texte(prelevement.titulaire, 32)
        _feuilles(compte, BIC=prelevement.bic, IBAN=prelevement.iban.replace(" ", ""), TitCpte=titulaire)


def _sous(parent: ET.Element, nom: str) -> ET.Element:
    return ET.SubElement(parent, nom)


def _feuilles(parent: ET.Element, **valeurs: str) -> None:
    """Leaves in the order given, each with its value in `V`; an empty one is left out (the schemas refuse an empty value)."""
    for nom, valeur in valeurs.items():
        if valeur:
            ET.SubElement(parent, nom, V=valeur)


def _texte(texte: str, longueur: int) -> str:
    return en_latin1(texte)[:longueur].strip()


def _jour(jour: date) -> str:
    return jour.isoformat()
