"""Do tariffs give the prices expected? Reads written cases: a situation, and what it costs, line by line where it matters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from typing import Any

from marelle.regles.bornes import PARIS
from marelle.regles.echeances import dire_le_paiement
from marelle.regles.forfaits import cotisations_dues, prix_du_forfait
from marelle.regles.grilles import Faits, Tarifs, VersionTarifs
from marelle.regles.lecture import ErreurCas, Table, lire_toml, liste, proposer
from marelle.regles.montants import lire_montant
from marelle.regles.phrases import typo
from marelle.regles.presences import Absence, AideAccordee
from marelle.regles.prix import LigneDePrix, Prix
from marelle.regles.tarifs import calculer

OUI_NON = ("est_resident", "a_panier_repas", "est_tardive", "est_sans_reservation")
RANGS = ("rang", "rang_inscrit", "rang_present", "enfants", "enfants_inscrits", "enfants_presents")
NOMBRES = ("minutes", "minutes_de_retard", "sans_reservation_avant", "retards_avant")
HEURES = ("arrivee", "depart")
AUTRES = ("activite", "unite", "quotient", "evenements", "absence", "aides", "regime", "residence")
CLES_DES_FAITS = (*AUTRES, *OUI_NON, *RANGS, *NOMBRES, *HEURES)
CLES_DU_CAS = ("cas", "jour", "attendu", "forfait", "cotisations", "reserve_le", *CLES_DES_FAITS)
CLES_ATTENDUES = ("total", "explication", "lignes", "paiement", "aucun")
CLES_D_ABSENCE = (
    *("motif", "est_prevenue", "preuve_apres_heures", "jour", "injustifiees_avant"),
    *("dispenses", "collectives", "est_absent_ecole"),
)


def essayer_les_cas(tarifs: Tarifs, texte: str, source: str) -> Iterator[dict[str, Any]]:
    """One dict per case, in order: `cas`, `total_centimes` (None: no price), `lignes`, `explication`, `attendu`, `ok`.

    Raises ErreurCas (one French line) for cases that cannot be read or that speak of what the tariffs do not have."""
    racine = lire_toml(texte, source, ErreurCas)
    racine.verifier(("cas",), ("cas",))
    if not racine.tables("cas"):
        raise racine.refuser("cas", "il faut au moins un cas.")
    return iter([_essayer(tarifs, un) for un in racine.tables("cas")])


def _essayer(tarifs: Tarifs, table: Table) -> dict[str, Any]:
    table.verifier(CLES_DU_CAS, ("cas", "jour", "attendu"))
    jour = table.jour("jour")
    assert isinstance(jour, date)
    version = tarifs.version_du(jour)
    prix, paiement = (None, "") if version is None else prix_du_cas(tarifs, version, table, jour)
    trouve: dict[str, Any] = {
        "total_centimes": prix.total_centimes if prix else None,
        "lignes": [
            {
                "libelle": typo(un.dite),
                "montant_centimes": un.montant_centimes,
                **({"tiers": un.tiers} if un.tiers else {}),
            }
            for un in (prix.lignes if prix else ())
        ],
        "explication": prix.explication if prix else "",
    }
    if paiement:
        trouve["paiement"] = paiement
    attendu = table.table("attendu")
    return {"cas": table.texte("cas"), **trouve, "attendu": attendu.donnees, "ok": _est_attendu(attendu, trouve)}


def prix_du_cas(tarifs: Tarifs, version: VersionTarifs, table: Table, jour: date) -> tuple[Prix | None, str]:
    """The price of the day, of the package or of the yearly fees; and how a booking is paid, when the case says when."""
    quotient = table.entier("quotient", maxi=99_999) if "quotient" in table else None
    if "forfait" in table:
        return _forfait(version, table.table("forfait"), quotient), ""
    if "cotisations" in table:
        return _cotisations(version, table.table("cotisations"), quotient), ""
    faits = lire_les_faits(tarifs, version, table, quotient)
    prix, tarif = calculer(tarifs, version, faits), version.tarif(faits.activite, faits.unite, faits.regime)
    instant = table.instant("reserve_le", time(12))
    if prix is None or tarif is None or tarif.paiement is None or instant is None:
        return prix, ""
    return prix, dire_le_paiement(tarif.paiement, prix.total_centimes, instant.replace(tzinfo=PARIS), jour)


def lire_les_faits(tarifs: Tarifs, version: VersionTarifs, table: Table, quotient: int | None) -> Faits:
    """The situation of a case. An event, an aide or an exception that the tariffs do not have is refused."""
    for cle in ("activite", "unite"):
        if cle not in table:
            raise table.refuser(cle, "cette clé manque.")
    tarif = version.tarif(table.texte("activite"), table.texte("unite"), table.texte("regime"))
    connus = tarif.supplements.evenements if tarif else {}
    return Faits(
        table.texte("activite"),
        table.texte("unite"),
        quotient,
        evenements=tuple(_connu(table, "evenements", code, connus) for code in table.textes("evenements")),
        absence=_absence(table.table("absence")) if "absence" in table else None,
        aides=tuple(_aide(une, version) for une in table.tables("aides")),
        regime=table.texte("regime"),
        residence=_connu(table, "residence", table.texte("residence"), tarifs.exceptions),
        **{cle: table.booleen(cle) for cle in OUI_NON if cle in table},  # type: ignore[arg-type]
        **{cle: table.entier(cle, 1, 1, 20) for cle in RANGS if cle in table},  # type: ignore[arg-type]
        **{cle: table.entier(cle) for cle in NOMBRES if cle in table},  # type: ignore[arg-type]
        **{cle: table.heure(cle, time()) for cle in HEURES if cle in table},  # type: ignore[arg-type]
    )


def _connu(table: Table, cle: str, code: str, connus: Collection[str]) -> str:
    if code and code not in connus:
        permis = f" Permis : {liste(connus)}." if connus else " Ces tarifs n’en ont aucun."
        raise table.refuser(cle, f"« {code} » n’existe pas.{proposer(code, connus)}{permis}")
    return code


def _absence(table: Table) -> Absence:
    table.verifier(CLES_D_ABSENCE)
    return Absence(
        table.texte("motif"),
        table.booleen("est_prevenue"),
        table.entier("preuve_apres_heures") if "preuve_apres_heures" in table else None,
        table.entier("jour", 1, 1, 366),
        table.entier("injustifiees_avant"),
        table.textes("dispenses"),
        table.textes("collectives"),
        table.booleen("est_absent_ecole"),
    )


def _aide(table: Table, version: VersionTarifs) -> AideAccordee:
    table.verifier(("code", "jours_utilises"), ("code",))
    return AideAccordee(_connu(table, "code", table.texte("code"), version.aides), table.entier("jours_utilises"))


def _forfait(version: VersionTarifs, table: Table, quotient: int | None) -> Prix:
    table.verifier(("code", "jours", "jours_ouverts"), ("code", "jours", "jours_ouverts"))
    forfait = version.forfaits[_connu(table, "code", table.texte("code"), version.forfaits)]
    jours, ouverts = table.entier("jours", maxi=366), table.entier("jours_ouverts", 1, 1, 366)
    return prix_du_forfait(forfait, version.deliberation, version.en_vigueur_le, quotient, jours, ouverts)


def _cotisations(version: VersionTarifs, table: Table, quotient: int | None) -> Prix:
    table.verifier(("enfants", "payees"), ("enfants",))
    dues: list[LigneDePrix] = cotisations_dues(
        version.cotisations, quotient, table.entier("enfants", maxi=20), table.textes("payees")
    )
    return Prix("Cotisations", tuple(dues), version.deliberation, version.en_vigueur_le, quotient)


def _est_attendu(attendu: Table, trouve: Mapping[str, Any]) -> bool:
    """Only what the case says is compared."""
    attendu.verifier(CLES_ATTENDUES)
    if ("aucun" in attendu) == ("total" in attendu):
        raise attendu.refuser("total", "il faut « total » ou « aucun = true », et un seul des deux.")
    if attendu.booleen("aucun"):
        return trouve["total_centimes"] is None
    ok = bool(trouve["total_centimes"] == lire_montant(attendu, "total"))
    for cle in ("explication", "paiement"):
        ok = ok and (cle not in attendu or _plat(attendu.texte(cle)) == _plat(trouve.get(cle, "")))
    if "lignes" in attendu:
        obtenues = [f"{un['libelle']} : {_dire(un['montant_centimes'])}" for un in trouve["lignes"]]
        ok = ok and [_plat(une) for une in attendu.textes("lignes")] == [_plat(une) for une in obtenues]
    return ok


def _dire(centimes: int) -> str:
    unites, reste = divmod(abs(centimes), 100)
    return f"{'−' if centimes < 0 else ''}{unites},{reste:02}"


def _plat(texte: str) -> str:
    """Nobody types no-break spaces nor curly apostrophes in a file of cases."""
    return " ".join(typo(texte).split())
