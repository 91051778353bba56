"""Invented names: first names, surnames and streets from which the families of the demonstration are drawn."""

PRENOMS_FILLES = (
    *("Ambre", "Lison", "Maëlys", "Zoé", "Inès", "Romane", "Alix", "Nour", "Suzanne", "Clémence", "Thaïs", "Apolline"),
    *("Capucine", "Héloïse", "Margot", "Salomé", "Victoire", "Aïcha", "Yaëlle", "Léonie", "Brune", "Garance"),
)
PRENOMS_GARCONS = (
    *("Eliott", "Basile", "Marceau", "Ilyès", "Gaspard", "Côme", "Noé", "Sacha", "Timéo", "Achille", "Malo", "Ismaël"),
    *("Augustin", "Loïc", "Octave", "Rayan", "Théodore", "Anatole", "Joachim", "Matthias", "Lubin", "Félix"),
)
PRENOMS_ADULTES = (
    *("Élodie", "Karim", "Sandrine", "Mickaël", "Aurélie", "Benoît", "Nadège", "Loïc", "Fatou", "Rémi", "Stéphanie"),
    *("Cédric", "Maëva", "Jérôme", "Solène", "Thierry", "Amandine", "Yann", "Delphine", "François", "Noémie", "Hervé"),
)
NOMS = (
    *("Aubrée", "Boisseau", "Chaumet", "Delavigne", "Esnault", "Fouquereau", "Gaudin", "Hurtault", "Ivernel", "Jahan"),
    *("Kermarrec", "Loiseleur", "Mabileau", "Nivault", "Ouvrard", "Pasquereau", "Quentin", "Rabusseau", "Sabourin"),
    *(
        "Thibaudeau",
        "Urbain",
        "Vaillant",
        "Wattiez",
        "Ybert",
        "Zanetti",
        "Bédouin",
        "Courtault",
        "Drouineau",
        "Ferrand",
    ),
    *("Guérineau", "Le Goff", "N’Diaye", "Da Costa", "Abdelkrim", "Plessis-Robin", "Marquet", "Robineau", "Viau"),
)
VOIES = (
    *("3 rue du Lavoir", "12 impasse des Tilleuls", "7 chemin des Vignes", "21 rue de la Gare", "5 place de l’Église"),
    *("18 route de la Forêt", "9 rue des Écoles", "2 allée des Noyers", "34 rue du Pont", "15 quai de la Rivière"),
)
COMMUNE, CODE_POSTAL = "Ville-Exemple", "99000"
ECOLE = "École Jules-Exemple"
CLASSES = {3: "PS", 4: "MS", 5: "GS", 6: "CP", 7: "CE1", 8: "CE2", 9: "CM1", 10: "CM2", 11: "6e"}


def courriel(prenom: str, nom: str, rang: int) -> str:
    """An address that cannot exist (RFC 2606 in spirit: `.exemple`), in plain ASCII."""
    sans_accent = str.maketrans("éèêëàâäîïôöùûüçÉÎ’ ", "eeeeaaaiioouuucEI--")
    return f"{prenom}.{nom}.{rang}@courriel.exemple".translate(sans_accent).lower()
