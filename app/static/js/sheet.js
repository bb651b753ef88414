// The score sheet: running total in whole minor units, bands by touch or number key, Ctrl+Enter, files without leaving the page.
"use strict";
(() => {
  const root = document.querySelector("[data-sheet]");
  if (!root) return;
  const form = root.closest("form");
  const items = [...root.querySelectorAll("[data-item]")];
  const weighted = root.dataset.scheme === "weights";
  const SCALE = 4;

  // "87.5" → 875000n; null for anything that is not a plain number.
  function units(text, scale = SCALE) {
    const found = /^(\d{1,6})(?:\.(\d{1,4}))?$/.exec(text.trim());
    if (!found) return null;
    return BigInt(found[1] + (found[2] || "").padEnd(scale, "0"));
  }
  function written(value, scale) {
    const sign = value < 0n ? "-" : "";
    const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
    const rest = digits.slice(-scale).replace(/0+$/, "");
    return sign + digits.slice(0, -scale) + (rest ? `.${rest}` : "");
  }
  function box(item) { return item.querySelector("[data-mark]"); }

  function total() {
    let sum = 0n;
    for (const item of items) {
      if (item.dataset.kind === "gate") {
        if (!item.querySelector("input:checked")) return null;
        continue;
      }
      const text = box(item).value;
      const value = units(text);
      if (value !== null && (value > units(box(item).dataset.high) || value % units(box(item).dataset.step))) return null;
      if (value === null) {
        if (item.dataset.kind === "deduction" && !text.trim()) continue;
        return null;
      }
      const weight = weighted && item.dataset.kind === "mark" ? units(item.dataset.weight) : 10n ** BigInt(SCALE) * (weighted ? 100n : 1n);
      sum += (item.dataset.kind === "deduction" ? -1n : 1n) * value * weight;
    }
    return written(sum, SCALE * 2 + (weighted ? 2 : 0));
  }

  function show() {
    const line = form.querySelector("[data-total]");
    if (line) line.textContent = total() ?? "–";
    for (const item of items) {
      const value = box(item) && units(box(item).value);
      for (const band of item.querySelectorAll("[data-band]")) {
        const inside = value !== null && value !== undefined && value >= units(band.dataset.low) && value <= units(band.dataset.high);
        band.setAttribute("aria-pressed", inside);
      }
    }
  }

  function put(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Up and down by one step; 1–9 with Alt choose a band; Ctrl+Enter saves and goes on; Enter goes to the next criterion.
  function step(input, direction) {
    const size = units(input.dataset.step);
    const high = units(input.dataset.high);
    const now = units(input.value) ?? (direction > 0 ? -size : size);
    const next = now + size * BigInt(direction);
    put(input, written(next < 0n ? 0n : next > high ? high : next, SCALE));
  }
  function choose(item, number) {
    const band = item.querySelectorAll("[data-band]")[number - 1];
    if (band && box(item)) { put(box(item), band.dataset.high); box(item).select(); }
  }
  root.addEventListener("click", (event) => {
    const band = event.target.closest("[data-band]");
    if (!band) return;
    const input = box(band.closest("[data-item]"));
    put(input, band.dataset.high);
    input.focus();
    input.select();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      const next = form.querySelector("[data-next]");
      if (next) { event.preventDefault(); form.requestSubmit(next); }
      return;
    }
    const item = event.target.closest?.("[data-item]");
    if (!item) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit && (event.altKey || event.target.matches("[data-band]"))) { event.preventDefault(); choose(item, Number(digit[1])); return; }
    if (!event.target.matches("[data-mark]")) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") { event.preventDefault(); step(event.target, event.key === "ArrowUp" ? 1 : -1); }
    else if (event.key === "Enter") {
      event.preventDefault();
      const boxes = [...root.querySelectorAll("[data-mark]")];
      (boxes[boxes.indexOf(event.target) + 1] || form.elements.comment).focus();
    }
  });

  // A file shown without leaving what was typed.
  document.querySelector(".desk-files")?.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-file]");
    const viewer = document.querySelector("[data-viewer]");
    if (!link || !viewer || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const shown = document.createElement(link.dataset.image ? "img" : "iframe");
    shown.src = link.dataset.file;
    shown[link.dataset.image ? "alt" : "title"] = link.textContent.trim();
    viewer.replaceChildren(shown);
    viewer.dataset.pdf = link.dataset.image ? "" : link.dataset.file;
    delete viewer.dataset.drawn;
    document.dispatchEvent(new CustomEvent("viewer:shown", { detail: { elt: viewer } }));
    link.closest("nav").querySelectorAll("a").forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "page");
  });

  // Every save is one of its own; the same button pressed twice is the same save.
  form.addEventListener("autosave:saved", (event) => {
    const key = form.elements.key;
    if (key) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    if (event.detail.total !== undefined && event.detail.total !== null) show();
    if (!form.dataset.dirty) ask(event.detail.reasons || {}); // newer words are under way: their answer tells
  });
  // Marks that want reasons say so as soon as they are saved, beside the field.
  function ask(reasons) {
    for (const item of items) {
      const words = reasons[item.dataset.item];
      if (words) tell(item, words);
    }
  }
  function tell(item, words) {
    const line = item.querySelector("[data-fault]");
    line.querySelector("[data-fault-words]").textContent = words;
    line.hidden = !words;
  }
  root.addEventListener("input", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) tell(item, ""); // it spoke of the sheet as it was saved last
    show();
  });
  root.addEventListener("change", show);
  show();
})();
