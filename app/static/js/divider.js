// A divider between two panes: .divided > (pane, .divided-bar, pane). Moved by pointer or arrow keys, kept for the next page.
"use strict";
(() => {
  const { store } = window.jiebang;
  const LOW = 25;
  const HIGH = 75;
  function set(frame, bar, share) {
    const value = Math.min(HIGH, Math.max(LOW, share));
    frame.style.setProperty("--divider", `${value}%`);
    bar.setAttribute("aria-valuenow", Math.round(value));
    return value;
  }
  document.querySelectorAll(".divided").forEach((frame) => {
    const bar = frame.querySelector(":scope > .divided-bar");
    if (!bar) return;
    const slot = `divider:${frame.dataset.divider || "page"}`;
    let share = set(frame, bar, Number(store.get(slot)) || 60);
    Object.entries({ role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-valuemin": LOW, "aria-valuemax": HIGH }).forEach(([name, value]) => bar.setAttribute(name, value));
    const move = (event) => {
      const box = frame.getBoundingClientRect();
      share = set(frame, bar, ((event.clientX - box.left) / box.width) * 100);
    };
    bar.addEventListener("pointerdown", (event) => {
      bar.setPointerCapture(event.pointerId);
      bar.addEventListener("pointermove", move);
      bar.addEventListener("pointerup", () => { bar.removeEventListener("pointermove", move); store.set(slot, share); }, { once: true });
    });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -2, ArrowRight: 2, PageUp: -10, PageDown: 10 }[event.key];
      if (!step) return;
      event.preventDefault();
      share = set(frame, bar, share + step);
      store.set(slot, share);
    });
    bar.addEventListener("dblclick", () => { share = set(frame, bar, 60); store.set(slot, share); });
  });
})();
