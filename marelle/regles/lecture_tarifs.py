"""How `tarifs.toml` is read: strictly, every refusal one French line with the file, the key and what is allowed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from marelle.regles.calculs import Calcul, Lineaire, ParTranche, TauxEffort, Tranche, Unique
from marelle.regles.creneaux import lire_creneaux
from marelle.regles.echeances import lire_paiement
from marelle.regles.forfaits import Cotisation, Forfait
from marelle.regles.grilles import PARMI, Modulation, PolitiqueQuotient, Tarif, Tarifs, VersionTarifs
from marelle.regles.lecture import ErreurReglement, Table, lire_toml
from marelle.regles.lecture_supplements import CLES_DE_SUPPLEMENTS, lire_aides, lire_supplements
from marelle.regles.montants import lire_ajustement, lire_montant, lire_part

MOMENTS = ("reservation", "prestation", "facture")
REGIMES = ("caf", "msa")
MODES = ("tranches", "taux", "points", "prix")
CLES_DE_MODULATION = ("fratrie", "hors_secteur")
CLES_DE_VERSION = (
    *("en_vigueur_le", "deliberation", "tranches", "tarifs", "aides", "forfaits", "cotisations", "facture_minimum"),
    *("paiement", *CLES_DE_MODULATION),
    *CLES_DE_SUPPLEMENTS,
)
CLES_DE_TARIF = (
    *("nom", "activites", "unites", "regimes", "accueil", "par_minutes", "creneaux", "repas", "repas_pai", "minimum"),
    "paiement",
    *CLES_DE_MODULATION,
    *CLES_DE_SUPPLEMENTS,
)


class ErreurTarifs(ErreurReglement):
    """Tariffs cannot be read: one French line with the file, the key, what is wrong and what is allowed."""


def lire_tarifs(texte: str, source: str) -> Tarifs:
    """Read a whole tarifs.toml. Raises `ErreurTarifs`."""
    racine = lire_toml(texte, source, ErreurTarifs)
    racine.verifier(("nom", "quotient", "residence", "repas_fournis", "version"), ("nom", "version"))
    residence = racine.table("residence")
    residence.verifier(("communes", "mot", "exceptions"), ("communes",) if "residence" in racine else ())
    versions = tuple(_version(table) for table in racine.tables("version"))
    if not versions:
        raise racine.refuser("version", "il faut au moins une version.")
    for rang, (avant, apres) in enumerate(pairwise(versions), start=1):
        if apres.en_vigueur_le <= avant.en_vigueur_le:
            raise racine.refuser(f"version[{rang}]", "les versions vont de la plus ancienne à la plus récente.")
    return Tarifs(
        nom=racine.texte("nom"),
        versions=versions,
        quotient=_politique(racine.table("quotient")),
        communes=frozenset(cle_de_commune(nom) for nom in residence.textes("communes")),
        hors_secteur=residence.texte("mot") or "hors secteur",
        repas_fournis=frozenset(racine.textes("repas_fournis")),
        exceptions=_exceptions(residence),
    )


def _exceptions(residence: Table) -> Mapping[str, str]:
    lues: dict[str, str] = {}
    for rang, une in enumerate(residence.tables("exceptions")):
        une.verifier(("code", "nom"), ("code", "nom"))
        if une.texte("code") in lues:
            raise residence.refuser(f"exceptions[{rang}]", f"« {une.texte('code')} » est écrit deux fois.")
        lues[une.texte("code")] = une.texte("nom")
    return lues


def cle_de_commune(nom: str) -> str:
    """« L’Île-Bouchard » and « ILE BOUCHARD (L') » are written in many ways: letters only, without accents nor article."""
    plat = unicodedata.normalize("NFD", nom.casefold().replace("œ", "oe"))
    mots = "".join(c if c.isalnum() else " " for c in plat if not unicodedata.combining(c)).split()
    mots = [{"st": "saint", "ste": "sainte"}.get(mot, mot) for mot in mots]
    return " ".join(sorted(mot for mot in mots if mot not in ("le", "la", "les", "l", "d")))


def _politique(table: Table) -> PolitiqueQuotient:
    table.verifier(("moment", "sans_justificatif", "valable", "retroactif"))
    return PolitiqueQuotient(
        table.choix("moment", MOMENTS, "prestation"),
        table.choix("sans_justificatif", ("maximum", "declare"), "maximum") == "declare",
        table.choix("valable", ("annee_scolaire", "annee_civile", "sans_fin"), "annee_scolaire"),
        table.booleen("retroactif"),
    )


def _version(table: Table) -> VersionTarifs:
    table.verifier(CLES_DE_VERSION, ("en_vigueur_le", "deliberation", "tarifs"))
    debut = table.jour("en_vigueur_le")
    assert isinstance(debut, date)
    tranches = _tranches(table)
    tarifs = tuple(_tarif(un, table, tranches) for un in table.tables("tarifs"))
    if not tarifs:
        raise table.refuser("tarifs", "il faut au moins un tarif.")
    for rang, un in enumerate(tarifs):
        if un.regimes and not any(_couvre(autre, un) for autre in tarifs[rang + 1 :]):
            suite = (
                "après ce tarif, écrivez le même sans « regimes », pour les familles dont le régime n’est pas connu."
            )
            raise table.refuser(f"tarifs[{rang}]", suite)
    return VersionTarifs(
        debut,
        table.texte("deliberation"),
        tranches,
        tarifs,
        aides=lire_aides(table),
        forfaits={un.code: un for un in (_forfait(t, tranches) for t in table.tables("forfaits"))},
        cotisations=tuple(_cotisation(t, tranches) for t in table.tables("cotisations")),
        facture_minimum=lire_montant(table, "facture_minimum"),
    )


def _couvre(tarif: Tarif, etroit: Tarif) -> bool:
    """Whether it gives a price to all that the narrow one speaks of, whatever the régime."""
    return (
        not tarif.regimes
        and set(etroit.activites) <= {*tarif.activites, *(etroit.activites if "*" in tarif.activites else ())}
        and (not tarif.unites or (bool(etroit.unites) and set(etroit.unites) <= set(tarif.unites)))
    )


def _tranches(table: Table) -> tuple[Tranche, ...]:
    """Bands from 0 to no end, both bounds included: neither a gap nor an overlap, said with the quotient where it is."""
    lues: list[Tranche] = []
    for rang, une in enumerate(table.tables("tranches")):
        une.verifier(("code", "de", "a"), ("code", "de"))
        fin = une.entier("a", maxi=1_000_000) if "a" in une else None
        tranche = Tranche(une.texte("code"), une.entier("de", maxi=1_000_000), fin)
        faute = _faute(lues, tranche)
        if faute:
            raise table.refuser(f"tranches[{rang}]", faute)
        lues.append(tranche)
    if lues and lues[-1].a is not None:
        haut = lues[-1].a
        raise table.refuser(f"tranches[{len(lues) - 1}]", f"les quotients au-dessus de {haut} n’ont pas de tranche.")
    return tuple(lues)


def _faute(avant: Sequence[Tranche], tranche: Tranche) -> str:
    """What stops a band after those before it; nothing when it follows them."""
    attendu = 0
    if avant:
        if avant[-1].a is None:
            return f"la tranche « {avant[-1].code} » avant elle est sans fin : donnez-lui « a »."
        attendu = avant[-1].a + 1
    if tranche.code in [une.code for une in avant]:
        return f"la tranche « {tranche.code} » est écrite deux fois."
    if tranche.de > attendu:
        return f"les quotients de {attendu} à {tranche.de - 1} n’ont pas de tranche."
    if tranche.de < attendu:
        return f"le quotient {tranche.de} est dans deux tranches : commencez à {attendu}."
    if tranche.a is not None and tranche.a < tranche.de:
        return f"la tranche finit à {tranche.a}, avant de commencer à {tranche.de}."
    return ""


def _tarif(table: Table, version: Table, tranches: Sequence[Tranche]) -> Tarif:
    table.verifier(CLES_DE_TARIF, ("nom", "activites", *(() if "creneaux" in table else ("accueil",))))
    if "repas_pai" in table and "repas" not in table:
        raise table.refuser("repas_pai", "le repas d’un PAI remplace un repas : donnez aussi « repas ».")
    activites = table.textes("activites")
    if not activites:
        raise table.refuser("activites", 'donnez au moins une activité, par exemple ["*-mercredis"].')
    hors_secteur = _ou_de_la_version(table, version, "hors_secteur")
    fratrie = _ou_de_la_version(table, version, "fratrie")
    paiement = _ou_de_la_version(table, version, "paiement")
    return Tarif(
        nom=table.texte("nom"),
        activites=activites,
        unites=table.textes("unites"),
        accueil=lire_calcul(table, "accueil", tranches) if "accueil" in table else None,
        par_minutes=table.entier("par_minutes", 0, 1, 24 * 60),
        repas=lire_calcul(table, "repas", tranches) if "repas" in table else None,
        repas_pai=lire_calcul(table, "repas_pai", tranches) if "repas_pai" in table else None,
        fratrie=_fratrie(fratrie),
        hors_secteur=_modulation(hors_secteur, "majoration", 1000) if "hors_secteur" in hors_secteur else None,
        minimum=lire_montant(table, "minimum"),
        supplements=lire_supplements(table, version, lambda t, cle: lire_calcul(t, cle, tranches)),
        fratrie_parmi=fratrie.table("fratrie").choix("parmi", PARMI, "foyer"),
        fratrie_pour_tous=fratrie.table("fratrie").booleen("pour_tous"),
        creneaux=lire_creneaux(table, lambda t, cle: lire_calcul(t, cle, tranches)),
        regimes=table.textes("regimes", REGIMES),
        paiement=lire_paiement(paiement.table("paiement")) if "paiement" in paiement else None,
    )


def _ou_de_la_version(table: Table, version: Table, cle: str) -> Table:
    """The table that says `cle`: the tariff itself, or its version for all."""
    return table if cle in table else version


def _modulation(porteuse: Table, cle: str, maxi: int) -> Modulation:
    table = porteuse.table("hors_secteur")
    table.verifier((cle, "porte_sur"), (cle,))
    return Modulation(lire_ajustement(table, cle, maxi), table.choix("porte_sur", ("accueil", "tout")) == "tout")


def _fratrie(porteuse: Table) -> Mapping[int, Modulation]:
    if "fratrie" not in porteuse:
        return {}
    table = porteuse.table("fratrie")
    table.verifier(("remises", "porte_sur", "parmi", "pour_tous"), ("remises",))
    sur_tout = table.choix("porte_sur", ("accueil", "tout")) == "tout"
    remises = table.table("remises")
    lues = {}
    for cle in remises.cles:
        if not cle.isascii() or not cle.isdecimal() or not 2 <= int(cle) <= 20:
            raise remises.refuser(cle, "il faut le rang de l’enfant, à partir de 2.")
        lues[int(cle)] = Modulation(lire_ajustement(remises, cle, 100), sur_tout)
    return lues


def lire_calcul(table: Table, cle: str, tranches: Sequence[Tranche]) -> Calcul:
    """One of the four kinds: `tranches`, `taux`, `points`, `prix`; an amount alone is one price for all."""
    if isinstance(table.donnees[cle], str):
        return Unique(lire_montant(table, cle))
    calcul = table.table(cle)
    modes = [mode for mode in MODES if mode in calcul]
    if len(modes) != 1:
        raise table.refuser(cle, "il faut une de ces clés, et une seule : tranches, taux, points, prix.")
    calcul.verifier((modes[0], "plancher", "plafond") if modes == ["taux"] else modes)
    if modes == ["prix"]:
        return Unique(lire_montant(calcul, "prix"))
    if modes == ["taux"]:
        return _taux(calcul)
    return _points(calcul) if modes == ["points"] else _par_tranche(calcul, tranches)


def _taux(table: Table) -> TauxEffort:
    table.verifier(("taux", "plancher", "plafond"), ("taux", "plancher", "plafond"))
    plancher, plafond = lire_montant(table, "plancher"), lire_montant(table, "plafond")
    if plafond < plancher:
        raise table.refuser("plafond", "le plafond est au moins égal au plancher.")
    return TauxEffort(lire_part(table, "taux", 100), plancher, plafond)


def _points(table: Table) -> Lineaire:
    points = table.tables("points")
    if len(points) != 2:
        raise table.refuser("points", "il faut deux points, chacun avec « quotient » et « prix ».")
    for un in points:
        un.verifier(("quotient", "prix"), ("quotient", "prix"))
    bas, haut = ((un.entier("quotient", maxi=1_000_000), lire_montant(un, "prix")) for un in points)
    if haut[0] <= bas[0]:
        raise table.refuser("points", "le quotient du second point est plus grand que celui du premier.")
    return Lineaire(*bas, *haut)


def _par_tranche(table: Table, tranches: Sequence[Tranche]) -> ParTranche:
    prix = table.table("tranches")
    codes = [une.code for une in tranches]
    prix.verifier(codes, codes)
    if not codes:
        raise table.refuser("tranches", "cette version n’a pas de tranches de quotient.")
    return ParTranche(tuple(tranches), {code: lire_montant(prix, code) for code in codes})


def _forfait(table: Table, tranches: Sequence[Tranche]) -> Forfait:
    exigees = ("code", "nom", "activites", "par", "prix")
    table.verifier((*exigees, "au_prorata"), exigees)
    par = table.choix("par", ("semaine", "mois", "periode"))
    prix, prorata = lire_calcul(table, "prix", tranches), table.booleen("au_prorata")
    return Forfait(table.texte("code"), table.texte("nom"), table.textes("activites"), par, prix, prorata)


def _cotisation(table: Table, tranches: Sequence[Tranche]) -> Cotisation:
    exigees = ("code", "nom", "par", "annee", "prix")
    table.verifier(exigees, exigees)
    par = table.choix("par", ("famille", "enfant"))
    annee = table.choix("annee", ("scolaire", "civile"))
    return Cotisation(table.texte("code"), table.texte("nom"), par, annee, lire_calcul(table, "prix", tranches))
