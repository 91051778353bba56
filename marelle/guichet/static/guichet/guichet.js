/* The desk's keys: j and k go from demande to demande, a goes to « Accepter ». Off in a field, and when the box is unticked. */
(() => {
  "use strict";
  const CLE = "marelle-raccourcis";
  const boite = document.querySelector("[data-raccourcis]");
  if (boite) {
    boite.checked = localStorage.getItem(CLE) !== "non";
    boite.closest("label").hidden = false;
    boite.addEventListener("change", () => localStorage.setItem(CLE, boite.checked ? "oui" : "non"));
  }
  const lien = { j: "[data-suivante]", k: "[data-precedente]" };
  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || localStorage.getItem(CLE) === "non") return;
    if (e.target instanceof Element && e.target.closest("input, select, textarea, dialog")) return;
    const touche = e.key.toLowerCase();
    if (lien[touche]) { const cible = document.querySelector(lien[touche]); if (cible) cible.click(); }
    if (touche === "a") { const bouton = document.querySelector("[data-accepter]"); if (bouton) { e.preventDefault(); bouton.focus(); } }
  });
})();
