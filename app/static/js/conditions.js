// After each save the server says which questions apply now and what looks odd; the page follows. A save that is refused for one field
// tells which questions the other ones bring. Reads from the answer of autosave: {"shown": {"key": true, …}, "warnings": {"x_key": "…"}}.
"use strict";
(() => {
  function show(shown) {
    for (const block of document.querySelectorAll("[data-field]")) {
      if (shown && block.dataset.field in shown) block.hidden = !shown[block.dataset.field];
    }
  }
  document.addEventListener("autosave:refused", (event) => show(event.detail.shown));
  document.addEventListener("autosave:saved", (event) => {
    const { shown, warnings } = event.detail;
    show(shown);
    for (const line of document.querySelectorAll("[data-warning-for]")) {
      line.textContent = (warnings || {})[line.dataset.warningFor] || "";
    }
  });
})();
