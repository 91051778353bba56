"""Who owes, as the Treasury wants it: couple of categories, civility, names, postal address, SIRET, bank details."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # nosec B405
from collections.abc import Callable, Iterator

from marelle.regles.iban import iban_valide
from marelle.regles.sepa import SIGNES
from marelle.socle.francais import de

from .cles import siret_valide
from .fichier import Anomalie
from .lecture import centimes, v

PARTICULIER = "01"
# Which NatJur goes with which CatTiers. From 50 on, the labels of the schemas and those of Annexe 3 differ: a warning says so.
COUPLES = {
    "01": {"01", "02"},
    "20": {"07", "08"},
    **{categorie: {"09"} for categorie in ("21", "22", "23", "24", "25", "26", "27")},
    "28": {"08"},
    "29": {"08", "09", "10"},
    **{
        categorie: {"03", "04", "05", "06", "08", "11"}
        for categorie in ("50", "60", "61", "62", "63", "64", "65", "70", "71", "72", "73", "74")
    },
}
CIVILITES = {"M", "M.", "MR", "MONSIEUR", "MME", "MADAME"}
FICHE = "Complétez la fiche de l’adulte principal de la famille, puis revenez ici."
ORGANISME = "Choisissez la catégorie de cet organisme dans « Organismes », avec l’aide du comptable."


def du_tiers(tiers: ET.Element, facture: str) -> Iterator[Anomalie]:
    def dire(code: str, phrase: str, remede: str = FICHE, *, bloque: bool = True) -> Anomalie:
        return Anomalie(code, phrase, remede, facture, bloque)

    info = {feuille.tag: feuille.get("V", "") for feuille in tiers.iterfind("InfoTiers/*")}
    categorie, nature = info.get("CatTiers", ""), info.get("NatJur", "")
    if not categorie or not nature:
        yield dire("couple", "La catégorie de ce payeur manque.", ORGANISME)
    elif nature not in COUPLES.get(categorie, set()):
        yield dire("couple", f"La catégorie {categorie} ne va pas avec la nature juridique {nature}.", ORGANISME)
    elif categorie >= "50":
        phrase = f"La catégorie {categorie} se lit de deux façons selon les documents de la DGFiP."
        yield dire("categorie_a_confirmer", phrase, "Faites-la confirmer par le comptable.", bloque=False)
    if not info.get("Nom"):
        yield dire("nom", "Le nom du payeur manque.")
    if categorie == PARTICULIER:
        yield from _d_un_particulier(info, dire)
    siret = info.get("IdTiers", "")
    if info.get("NatIdTiers") == "01" and not siret_valide(siret):
        yield dire("siret_tiers", f"Le SIRET de ce payeur, « {siret} », n’est pas juste.", "Corrigez l’organisme.")


def _d_un_particulier(info: dict[str, str], dire: Callable[..., Anomalie]) -> Iterator[Anomalie]:
    civilite = info.get("Civilite", "")
    if not civilite:
        yield dire("civilite", f"La civilité {de(_qui(info))} manque.")
    elif civilite.upper() not in CIVILITES:
        yield dire("civilite", f"La civilité « {civilite} » n’est pas admise : Monsieur ou Madame.")
    if not re.search(r"\w{2}", info.get("Prenom", "")) or info.get("Prenom", "").lower() == "nc":
        yield dire("prenom", f"Le prénom {de(_qui(info))} manque.")


def _qui(info: dict[str, str]) -> str:
    return f"{info.get('Prenom', '')} {info.get('Nom', '')}".strip() or "ce payeur"


def de_l_adresse(tiers: ET.Element, facture: str) -> Iterator[Anomalie]:
    def dire(code: str, phrase: str, remede: str = FICHE) -> Anomalie:
        return Anomalie(code, phrase, remede, facture)

    adresse = {feuille.tag: feuille.get("V", "") for feuille in tiers.iterfind("Adresse/*")}
    code_postal, pays = adresse.get("CP", ""), adresse.get("CodPays", "")
    if not adresse.get("Adr2"):
        yield dire("adresse", "L’adresse du payeur manque.")
    if not adresse.get("Ville"):
        yield dire("ville", "La commune du payeur manque.")
    for champ in ("Adr1", "Adr2", "Adr3", "Ville"):
        if len(adresse.get(champ, "")) > 38:
            yield dire("longueur", f"« {adresse[champ]} » a plus de 38 signes.")
    if adresse.get("CodRes") == "1":
        if code_postal != "99999" or not re.fullmatch(r"[1-9]\d{2}", pays) or pays == "100":
            yield dire("etranger", "À l’étranger, le code postal est 99999 et le code du pays est dit.")
    elif not re.fullmatch(r"\d{5}", code_postal):
        dit = f"« {code_postal} » n’est pas un code postal" if code_postal else "Le code postal du payeur manque"
        yield dire("code_postal", f"{dit} : il a cinq chiffres.")
    elif code_postal == "99999" or pays not in ("", "100"):
        yield dire("etranger", "Ce payeur habite à l’étranger et son pays n’est pas dit.")


def du_prelevement(ligne: ET.Element, facture: str) -> Iterator[Anomalie]:
    """A debit by the Treasury: its mandate, its account, its amount."""
    bloc = ligne.find("BlocLignePiece/InfoPrelevementSEPA")
    if bloc is None:
        return
    remede = "Corrigez le mandat de prélèvement de la famille, ou retirez-le."
    rum, compte = v(bloc, "RefUniMdt"), v(ligne, "Tiers/CpteBancaire/IBAN")
    if not rum or len(rum) > 35 or not set(rum) <= SIGNES:
        yield Anomalie("rum", f"La référence de mandat « {rum} » n’est pas admise.", remede, facture)
    if not iban_valide(compte):
        yield Anomalie("iban", "Le compte à prélever manque, ou n’est pas juste.", remede, facture)
    if not v(ligne, "Tiers/CpteBancaire/TitCpte"):
        yield Anomalie("titulaire", "Le titulaire du compte à prélever manque.", remede, facture)
    if centimes(v(bloc, "MtPrel")) != centimes(v(ligne, "BlocLignePiece/InfoLignePiece/MtHT")):
        yield Anomalie("mt_prel", "Le montant à prélever n’est pas celui de la ligne.", remede, facture)
