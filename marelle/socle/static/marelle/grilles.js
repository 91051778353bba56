/* Marelle, dates × slots: *Sélection en masse* done in the page. Without it the same button asks the server. */
(() => {
  "use strict";
  const grille = document.getElementById("grille");
  if (!grille) return;
  const cases = [...grille.querySelectorAll("input[name=c]")], compte = grille.querySelector("[data-compte]");
  const total = grille.querySelector("[data-total]"), euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });
  const compter = () => {
    const n = cases.filter((c) => c.checked).length;
    compte.textContent = n < 2 ? `${n} créneau choisi` : `${n} créneaux choisis`;
    if (total) total.textContent = euros.format(cases.reduce((s, c) => s + (c.checked ? +c.dataset.prix || 0 : 0), 0) / 100);
  };
  const coches = (nom) => new Set([...grille.querySelectorAll(`input[name=${nom}]:checked`)].map((c) => c.value));
  const jour = (date) => String((new Date(`${date}T12:00`).getDay() + 6) % 7);
  grille.addEventListener("change", compter);
  grille.addEventListener("submit", (e) => {
    if (!e.submitter || e.submitter.name !== "masse") return;
    e.preventDefault();
    if (e.submitter.value === "effacer") {
      grille.querySelectorAll("input[type=checkbox]").forEach((c) => { c.checked = false; });
    } else {
      const jours = coches("masse_jours"), unites = coches("masse_unites");
      cases.forEach((c) => {
        const [, unite, date] = /^(\d+)-(.+)$/.exec(c.value);
        if (unites.has(unite) && jours.has(jour(date))) c.checked = true;
      });
    }
    compter();
    document.dispatchEvent(new CustomEvent("dire", { detail: { value: compte.textContent } }));
  });
  compter();
})();
