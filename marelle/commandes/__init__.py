"""The commands of `marelle`, one module each: `NOM`, `AIDE`, `arguments(analyseur)` and `executer(options)`."""
