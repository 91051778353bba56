"""What does an invoice say? Its lines by child and activity, its totals, how to pay: for the PDF and for the screen.

An invoice is frozen: drawn again years later, its amounts, its payer and its date are those of the first time. Only the
letterhead and the ways of paying (the reference of the titre, once it is known) are today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from django.db.models import prefetch_related_objects

from marelle.activites.models import Activite
from marelle.creances.models import Facture, LigneFacture
from marelle.creances.payeurs import nom_de
from marelle.creances.regies import options_de
from marelle.creances.soldes import Operation
from marelle.editions import formes, produire
from marelle.familles.models import Famille, Responsable
from marelle.regles.argent import euros
from marelle.regles.phrases import MOIS, dire_date, dire_jour_du_mois
from marelle.regles.regies import OptionsRegie
from marelle.socle.pays import lignes_d_adresse
from marelle.tresor.annonces import debits_dits
from marelle.tresor.references import references_des

from .comment_payer import comment_payer

POUR_TOUS = "Pour la famille"
A_PAYER = "À payer"


def pdf(facture: Facture) -> bytes:
    """The document of one invoice or avoir: the same bytes each time, as long as the collectivité is the same."""
    donnees: formes.Factures = {"titre": str(facture), "factures": decrire_toutes([facture])}
    return produire("facture", donnees, edite=facture.emise_le)


def pdf_pour_papier(factures: Sequence[Facture], *, titre: str, recto_verso: bool = False) -> bytes:
    """Several of them, one after the other, each with its own pages: to be printed, not to be read on screen."""
    donnees: formes.Factures = {
        "titre": titre,
        "factures": decrire_toutes(factures),
        "papier": True,
        "recto_verso": recto_verso,
    }
    return produire("facture", donnees, edite=factures[0].emise_le)


def pdf_du_releve(famille: Famille, operations: Sequence[tuple[Operation, str]]) -> bytes:
    """The statement of account, the oldest operation first, each with its words."""
    du = operations[-1][0].solde_centimes if operations else 0
    donnees: formes.Releve = {
        "famille": f"Famille {famille.nom}, dossier {famille.numero}",
        "operations": [
            {
                "jour": dire(une.date),
                "quoi": dite,
                "facture": euros(une.facture_centimes) if une.facture else "",
                "paye": euros(une.paye_centimes) if une.paiement else "",
                "solde": euros(une.solde_centimes),
            }
            for une, dite in operations
        ],
        "solde": ("Solde dû" if du >= 0 else "Solde en votre faveur", euros(abs(du))),
    }
    return produire("releve", donnees)


def nom_de_fichier(facture: Facture) -> str:
    """« facture-202601000123.pdf »."""
    return f"{facture.sorte}-{facture.numero}.pdf"


def decrire(facture: Facture) -> formes.Facture:
    """What an invoice says, ready to be drawn."""
    return decrire_toutes([facture])[0]


def decrire_toutes(factures: Sequence[Facture]) -> list[formes.Facture]:
    """The same for many, in a few queries whatever their number."""
    prefetch_related_objects(factures, "regie", "corrige", "lignes__enfant")
    noms = _noms_des_activites(ligne.activite for une in factures for ligne in une.lignes.all())
    references = references_des(une.pk for une in factures)
    debits = debits_dits(factures)
    dites = [_decrire(une, options_de(une.regie), noms, references.get(une.pk, "")) for une in factures]
    return [
        _preleve(dite, debits[une.pk]) if une.pk in debits else dite for une, dite in zip(factures, dites, strict=True)
    ]


def _preleve(dite: formes.Facture, debit: str) -> formes.Facture:
    """What the Treasury debits is not to be paid: who reads how would pay twice."""
    dite["payer"] = {"titre": dite["payer"]["titre"], "moyens": [debit]}
    dite["reperes"] = [(mot, valeur) for mot, valeur in dite["reperes"] if mot != A_PAYER]
    return dite


def _decrire(facture: Facture, options: OptionsRegie, noms: dict[str, str], reference: str) -> formes.Facture:
    lignes = sorted(facture.lignes.all(), key=lambda une: une.rang)
    net = facture.montant_centimes + facture.solde_anterieur_centimes
    dite: formes.Facture = {
        "genre": facture.get_sorte_display(),
        "numero": facture.numero,
        "emise_le": dire(facture.date_emission),
        "destinataire": {"nom": nom_ecrit(facture.destinataire), "adresse": lignes_d_adresse(facture.destinataire)},
        "reperes": _reperes(facture, options, lignes),
        "motif": facture.motif,
        "parties": _parties(facture, lignes, noms),
        "totaux": _totaux(facture, options),
        "net": _net(facture, options, net),
        "aides": _aides(lignes),
        "payer": _payer(facture, options, net, reference),
        "mentions": [*_deliberations(lignes), *options.mentions],
    }
    return dite


def dire(jour: date) -> str:
    """« 6 octobre 2026 »: a document always says the year."""
    return dire_jour_du_mois(jour, 0)


def dire_la_periode(debut: date, fin: date) -> str:
    """« septembre 2026 » for a whole month, « du 1er au 15 septembre 2026 » otherwise."""
    if debut.day == 1 and (fin + timedelta(days=1)).day == 1 and (debut.year, debut.month) == (fin.year, fin.month):
        return f"{MOIS[debut.month - 1]} {debut.year}"
    if debut == fin:
        return dire(debut)
    memes = (debut.year, debut.month) == (fin.year, fin.month)
    premier = ("1er" if debut.day == 1 else str(debut.day)) if memes else dire_jour_du_mois(debut, fin.year)
    return f"du {premier} au {dire(fin)}"


def nom_ecrit(destinataire: dict[str, str]) -> str:
    """« Madame Camille Roussel », as it was when the invoice was issued."""
    civilite = destinataire.get("civilite", "")
    dite = Responsable.Civilite(civilite).label if civilite in ("mme", "m") else ""
    return f"{dite} {nom_de(destinataire)}".strip() or "Destinataire sans nom"


def _reperes(facture: Facture, options: OptionsRegie, lignes: Sequence[LigneFacture]) -> list[tuple[str, str]]:
    reperes = [
        ("Numéro", facture.numero),
        ("Émis le" if facture.est_avoir else "Émise le", dire(facture.date_emission)),
    ]
    if facture.corrige is not None:
        reperes.append(("Corrige", f"la facture {facture.corrige.numero}"))
    if not facture.est_avoir:
        avis = "à réception de l’avis du Trésor public"
        reperes.append((A_PAYER, avis) if options.est_titre else ("À payer avant le", dire(facture.date_echeance)))
    reperes.append(("Période", dire_la_periode(facture.periode_debut, facture.periode_fin)))
    if dossier := facture.destinataire.get("dossier"):
        reperes.append(("Dossier", dossier))
    if quotients := _quotients(lignes):
        reperes.append(("Quotient familial", quotients))
    reperes.append(("Titres" if options.est_titre else "Régie", options.nom))
    return reperes


def _quotients(lignes: Sequence[LigneFacture]) -> str:
    """« 712 », « 712 puis 698 », « non fourni »: which one made the prices."""
    vus: dict[str, None] = {}
    for ligne in lignes:
        if ligne.prix and ligne.prix.get("est_maximum"):
            vus["non fourni (tarif maximum)"] = None
        elif ligne.prix and ligne.prix.get("quotient") is not None:
            vus[str(ligne.prix["quotient"])] = None
    return " puis ".join(vus)


def _parties(facture: Facture, lignes: Sequence[LigneFacture], noms: dict[str, str]) -> list[formes.PartieDeFacture]:
    """By child (the eldest first, then what is nobody's), by activity, by day."""

    def place(ligne: LigneFacture) -> tuple[bool, date, int, str, date, int]:
        ne = ligne.enfant.date_naissance if ligne.enfant else date.max
        return (ligne.enfant is None, ne, ligne.enfant_id or 0, ligne.activite, ligne.date or date.max, ligne.rang)

    annee = facture.date_emission.year
    parties: list[formes.PartieDeFacture] = []
    for _, siennes in groupby(sorted(lignes, key=place), key=lambda une: une.enfant_id):
        ensemble = list(siennes)
        enfant = ensemble[0].enfant
        parties.append(
            {
                "nom": str(enfant) if enfant else POUR_TOUS,
                "court": enfant.prenom if enfant else "la famille",
                "total": _somme(ensemble),
                "groupes": [
                    _groupe(list(une), noms.get(code, code or "Autres"), annee)
                    for code, une in groupby(ensemble, key=lambda une: une.activite)
                ],
            }
        )
    return parties


def _groupe(lignes: list[LigneFacture], titre: str, annee: int) -> formes.GroupeDeFacture:
    """An explanation that is the same for every line is written once."""
    explications = {ligne.explication for ligne in lignes}
    commune = explications.pop() if len(explications) == 1 else ""
    return {
        "titre": titre,
        "explication": commune[:1].upper() + commune[1:],
        "total": _somme(lignes),
        "lignes": [_ligne(une, annee, "" if commune else une.explication) for une in lignes],
    }


def _ligne(ligne: LigneFacture, annee: int, explication: str) -> formes.LigneDeFacture:
    dite: formes.LigneDeFacture = {
        "quoi": sans_la_date(ligne.libelle, ligne.date),
        "explication": explication,
        "montant": euros(ligne.montant_centimes),
    }
    if ligne.date:
        dite["jour"] = dire_date(ligne.date, annee)
    return dite


def sans_la_date(libelle: str, jour: date | None) -> str:
    """« Mercredi 2 septembre, journée » is « Journée » beside its date."""
    if jour is not None:
        for dit in (dire_date(jour, 0), dire_date(jour)):
            if libelle.lower().startswith(dit):
                reste = libelle[len(dit) :].lstrip(" ,:·\u00a0")
                return reste[:1].upper() + reste[1:] or libelle
    return libelle


def _somme(lignes: Iterable[LigneFacture]) -> str:
    return euros(sum(une.montant_centimes for une in lignes))


def _totaux(facture: Facture, options: OptionsRegie) -> list[tuple[str, str]]:
    total = f"Total de {'l’avoir' if facture.est_avoir else 'la facture'}", euros(facture.montant_centimes)
    anterieur = facture.solde_anterieur_centimes
    if not anterieur and (facture.est_avoir or not options.solde_anterieur):
        return []  # the net says it
    return [total, ("Solde antérieur" if anterieur >= 0 else "Solde antérieur en votre faveur", euros(anterieur))]


def _net(facture: Facture, options: OptionsRegie, net: int) -> tuple[str, str]:
    if net <= 0:
        return ("En votre faveur", euros(-net))
    return ("Total, demandé par le Trésor public" if options.est_titre else "Net à payer", euros(net))


def _aides(lignes: Sequence[LigneFacture]) -> list[str]:
    """What others pay instead of the family, taken off the prices already."""
    pris: dict[str, int] = {}
    for ligne in lignes:
        for _, libelle, montant, _, tiers in (ligne.prix or {}).get("lignes", ()):
            if tiers:
                pris[libelle] = pris.get(libelle, 0) + montant
    return [f"Déjà déduit des montants : {libelle}, {euros(montant)}" for libelle, montant in pris.items()]


def _payer(facture: Facture, options: OptionsRegie, net: int, reference: str) -> formes.CommentPayer:
    dit = comment_payer(facture, options, net, reference)
    if lien := dit.get("lien"):
        dit["qr"] = _qr(lien)
    return dit


@lru_cache(maxsize=4)
def _qr(lien: str) -> str:
    from marelle.editions.qr import qr_svg

    return qr_svg(lien)


def _deliberations(lignes: Sequence[LigneFacture]) -> list[str]:
    dites = dict.fromkeys(
        ligne.prix["deliberation"] for ligne in lignes if ligne.prix and ligne.prix.get("deliberation")
    )
    return [f"Tarifs : {' ; '.join(dites)}."] if dites else []


def _noms_des_activites(codes: Iterable[str]) -> dict[str, str]:
    """« Mercredis, Accueil de loisirs de Chaveignes », by code; a code that is no longer there keeps its code."""
    voulus = {code for code in codes if code}
    lignes = Activite.objects.filter(code__in=voulus).order_by("pk").values_list("code", "nom", "centre__nom")
    return {code: nom if centre in nom else f"{nom}, {centre}" for code, nom, centre in lignes}
