
"use strict";
// Nothing here is needed to read the report: folds are the browser's own.
(function () {
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  for (const button of all("button.copy")) {
    const text = button.parentElement.querySelector("pre");
    button.hidden = false;
    button.addEventListener("click", () => {
      const told = (word) => {
        button.textContent = word;
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      };
      const marked = () => {
        getSelection().selectAllChildren(text);
        told("Marked");
      };
      if (!navigator.clipboard) { marked(); return; }
      navigator.clipboard.writeText(text.textContent).then(() => told("Copied"), marked);
    });
  }

  for (const filter of all(".filter")) {
    const rows = all("tbody tr", filter.parentElement);
    const find = filter.querySelector(".find");
    const pick = filter.querySelector(".pick");
    const tier = filter.querySelector(".tier");
    const count = filter.querySelector(".count");
    const apply = () => {
      const wanted = find.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = (!wanted || row.textContent.toLowerCase().includes(wanted))
          && (!pick.value || row.dataset.verdict === pick.value)
          && (!tier.checked || row.dataset.tier === "1");
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      count.textContent = shown + " of " + rows.length + " clients";
    };
    filter.hidden = false;
    find.addEventListener("input", apply);
    pick.addEventListener("change", apply);
    tier.addEventListener("change", apply);
    apply();
  }

  for (const button of all("button.all")) {
    const folds = all(":scope > details", button.closest("section"));
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      for (const fold of folds) { fold.open = open; }
      button.setAttribute("aria-expanded", String(open));
      button.textContent = open ? "Close all" : "Open all";
    });
  }

  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) { return; }
    for (let each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") { each.open = true; }
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const fold of closed) { fold.open = true; }
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) { fold.open = false; }
    closed = [];
  });
})();
