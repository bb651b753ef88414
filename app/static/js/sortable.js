// Rows that can be moved: [data-sortable] holds children with a hidden input each; dragging (or the buttons
// data-move="-1" / "1") changes their order, and numbers the inputs [data-position] anew. The form is sent as usual.
"use strict";
(() => {
  function number(list) {
    [...list.children].forEach((item, index) => {
      const box = item.querySelector("[data-position]");
      if (box) box.value = index + 1;
    });
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new CustomEvent("sorted", { bubbles: true }));
  }
  function prepare(root) {
    root.querySelectorAll("[data-sortable]").forEach((list) => {
      if (list.dataset.ready || !window.Sortable) return;
      list.dataset.ready = "1";
      new window.Sortable(list, { handle: ".sortable-handle", animation: 120, ghostClass: "sortable-ghost", onEnd: () => number(list) });
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sortable] [data-move]");
    if (!button) return;
    event.preventDefault();
    const list = button.closest("[data-sortable]");
    const item = [...list.children].find((child) => child.contains(button));
    if (button.dataset.move === "-1") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    number(list);
    button.focus();
  });
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  prepare(document);
})();
