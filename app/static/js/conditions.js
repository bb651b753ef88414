// After each save the server says which questions apply now and what looks odd; the page follows.
// Reads from the answer of autosave: {"shown": {"key": true, …}, "warnings": {"x_key": "…"}}.
"use strict";
(() => {
  document.addEventListener("autosave:saved", (event) => {
    const { shown, warnings } = event.detail;
    for (const block of document.querySelectorAll("[data-field]")) {
      if (shown && block.dataset.field in shown) block.hidden = !shown[block.dataset.field];
    }
    for (const line of document.querySelectorAll("[data-warning-for]")) {
      line.textContent = (warnings || {})[line.dataset.warningFor] || "";
    }
  });
})();
