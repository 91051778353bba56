/* Marelle, the calendar of the inscriptions: the question of the cancellation in a dialog. Without it the link opens its page. */
(() => {
  "use strict";
  const demander = async (lien) => {
    const reponse = await fetch(lien.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    const question = page.getElementById("question");
    if (!question) throw new Error("no question");
    const boite = document.createElement("dialog");
    boite.setAttribute("aria-labelledby", "question-titre");
    question.className = "pile";
    boite.append(question);
    boite.addEventListener("click", (e) => {
      if (!e.target.closest("[data-ferme]")) return;
      e.preventDefault();
      boite.close();
    });
    boite.addEventListener("close", () => { boite.remove(); lien.focus(); });
    document.body.append(boite);
    boite.showModal();
  };
  document.addEventListener("click", (e) => {
    const lien = e.target instanceof Element && e.target.closest("a[data-question]");
    if (!lien || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    demander(lien).catch(() => location.assign(lien.href));
  });
  /* A square of the calendar is a link drawn by the server: it asks the same question. */
  document.querySelectorAll("a.jour[href*='/annulation/']").forEach((lien) => { lien.dataset.question = ""; });
})();
