// What every page can do, by event delegation on the document. No page needs it to work.
"use strict";
(() => {
  const texts = document.body.dataset;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: the choice lasts for this page */ } },
  };

  function say(text) {
    const box = document.querySelector("[data-toasts]");
    if (!box) return;
    const note = document.createElement("p");
    note.className = "toast-note mb-0";
    note.textContent = text;
    box.append(note);
    setTimeout(() => note.remove(), 3500);
  }
  // After signing in elsewhere: this page once more from the server, only for its fresh token. False while still signed out.
  async function renewToken() {
    const page = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    if (!page.ok) return false;
    const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("input[name=csrf_token]")?.value;
    if (!token) return false;
    document.querySelectorAll("input[name=csrf_token]").forEach((box) => { box.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  }
  window.jiebang = { say, fill, store, renewToken };

  // The clipboard interface exists on https only; elsewhere the text beside the button is marked and copied the old way.
  async function copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const box = document.createElement("textarea");
      box.value = text;
      box.className = "visually-hidden";
      button.after(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    say(texts.textCopied);
  }

  // Appearance
  const looks = { theme: "auto", scale: "normal", contrast: "normal" };
  function markAppearance() {
    for (const [name, usual] of Object.entries(looks)) {
      const chosen = name === "contrast" ? document.documentElement.dataset.contrast : store.get(name) || usual;
      document.querySelectorAll(`[data-${name}-set]`).forEach((b) => b.setAttribute("aria-pressed", b.dataset[`${name}Set`] === chosen));
    }
    document.querySelectorAll("button[data-density]").forEach((b) => b.setAttribute("aria-pressed", store.get("density") === "compact"));
  }
  function choose(name, value) {
    store.set(name, value);
    window.applyAppearance();
    markAppearance();
  }

  // Questions: a <details data-dialog> becomes a <dialog>; the form goes back when it closes.
  function ask(details) {
    const form = details.querySelector("form");
    const dialog = document.createElement("dialog");
    const head = document.createElement("div");
    head.className = "dialog-head";
    const title = document.createElement("h2");
    title.textContent = form.dataset.title || details.querySelector("summary").innerText.trim();
    title.id = "dialog-title";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.setAttribute("aria-label", texts.textClose || "×");
    head.append(title, close);
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.append(head, form);
    form.querySelectorAll("[data-dialog-close]").forEach((b) => { b.hidden = false; });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".btn-close, [data-dialog-close]")) dialog.close();
    });
    dialog.addEventListener("close", () => { details.append(form); dialog.remove(); details.querySelector("summary").focus(); });
    document.body.append(dialog);
    dialog.showModal();
    (form.querySelector("textarea, input:not([type=hidden]), select") || form.querySelector("button")).focus();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy], [data-theme-set], [data-scale-set], [data-contrast-set], button[data-density], [data-print], [data-dialog] > summary, .error-summary a, [data-pane]");
    if (!target) return;
    const data = target.dataset;
    if (data.copy !== undefined) copy(target, data.copy);
    else if (data.themeSet) choose("theme", data.themeSet);
    else if (data.scaleSet) choose("scale", data.scaleSet);
    else if (data.contrastSet) choose("contrast", data.contrastSet);
    else if (data.density !== undefined) choose("density", store.get("density") === "compact" ? "comfortable" : "compact");
    else if (data.print !== undefined) window.print();
    else if (target.matches("summary") && window.HTMLDialogElement) { event.preventDefault(); ask(target.parentElement); }
    else if (data.pane) {
      const frame = document.querySelector("[data-panes]");
      frame.dataset.panes = data.pane;
      target.parentElement.querySelectorAll("[data-pane]").forEach((b) => b.setAttribute("aria-selected", b === target));
    } else if (target.hash) {
      const field = document.getElementById(decodeURIComponent(target.hash.slice(1)));
      if (!field) return;
      event.preventDefault();
      const box = field.matches("fieldset") ? field.querySelector("input, select, textarea") || field : field;
      (field.closest(".field") || field).scrollIntoView({ block: "start" });
      box.focus({ preventScroll: true });
    }
  });

  // Menus close when something else is chosen.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // A form is sent once; the button tells that it works. Leaving with unsaved changes asks first.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    delete form.dataset.dirty;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) { button.dataset.busy = "1"; button.setAttribute("aria-disabled", "true"); }
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    document.querySelectorAll("[data-busy]").forEach((b) => { delete b.dataset.busy; b.removeAttribute("aria-disabled"); });
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-dirty]:not([data-autosave-url])")) event.preventDefault();
  });

  // A refused form or a preview is the answer to a POST, which "back" and "reload" could only send again: its place in the history becomes the form's own.
  if ("posted" in texts && document.referrer.startsWith(`${location.origin}/`)) {
    // A form that names no address is sent to the page's own, which it must not lose.
    document.querySelectorAll("form[method=post]:not([action]), form[method=post][action='']").forEach((f) => f.setAttribute("action", location.href));
    history.replaceState(history.state, "", document.referrer);
    document.querySelectorAll("button.language").forEach((b) => { b.form.elements.next.value = location.pathname + location.search; });
  }

  // Counters: one Chinese character or one Latin word or number counts as a word.
  function count(text, way) {
    if (way === "words") {
      const rest = text.replace(/\p{Script=Han}/gu, " ");
      const latin = rest.match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu) || [];
      return latin.length + (text.match(/\p{Script=Han}/gu) || []).length;
    }
    return [...text].length;
  }
  function showCount(box) {
    const line = document.getElementById(box.dataset.counterFor);
    if (!line) return;
    const limit = Number(box.dataset.limit);
    const n = count(box.value, box.dataset.counter);
    line.textContent = fill(n > limit ? texts.textOver : texts.textCounter, { n, limit, over: n - limit });
    line.classList.toggle("over", n > limit);
  }
  document.addEventListener("input", (event) => {
    const box = event.target;
    if (box.dataset.counter) showCount(box);
    const form = box.closest("form[data-guard]");
    if (!form) return;
    form.dataset.dirty = "1";
    stayAwake();
  });

  // Typing is activity: told now and then, so that a long form does not outlast the session.
  const AWAKE_EVERY = 4 * 60 * 1000;
  let awake = Date.now();
  function stayAwake() {
    if (!texts.awake || Date.now() - awake < AWAKE_EVERY) return;
    awake = Date.now();
    fetch(texts.awake, { credentials: "same-origin", redirect: "manual" }).catch(() => { /* the next key tries again */ });
  }

  // What belongs to one choice is shown with it: data-with="field=value value"; a fault in it stays in sight.
  function showWith(form) {
    for (const box of form.querySelectorAll("[data-with]")) {
      const [name, values] = box.dataset.with.split("=");
      const chosen = new FormData(form).get(name);
      box.hidden = !values.split(" ").includes(chosen) && !box.querySelector(".has-error");
      if (box.matches("details") && !box.hidden) box.open = true;
    }
  }
  document.addEventListener("change", (event) => { if (event.target.form?.querySelector("[data-with]")) showWith(event.target.form); });

  // Choosing rows
  function countChosen(form) {
    const chosen = document.querySelectorAll(`input[type=checkbox][form="${form.id}"]:checked:not([data-select-all])`).length;
    const line = form.querySelector("[data-bulk-count]");
    line.dataset.text ||= line.textContent;
    line.textContent = chosen ? fill(texts.textChosen, { n: chosen }) : line.dataset.text;
    form.querySelectorAll("button").forEach((b) => { b.disabled = !chosen; });
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.dataset.selectAll) document.querySelectorAll(`input[type=checkbox][form="${box.dataset.selectAll}"]`).forEach((b) => { b.checked = box.checked; });
    const form = document.getElementById(box.dataset.selectAll || box.getAttribute("form") || "");
    if (form?.matches("[data-bulk]")) countChosen(form);
  });

  // Countdown from the server's clock, so that a wrong clock on the desk does no harm.
  const drift = texts.now ? Date.parse(texts.now) - Date.now() : 0;
  function left(until) {
    const seconds = Math.floor((Date.parse(until) - Date.now() - drift) / 1000);
    if (seconds <= 0) return texts.textLeftNone;
    if (seconds >= 172800) return fill(texts.textLeftDays, { n: Math.floor(seconds / 86400) });
    if (seconds >= 7200) return fill(texts.textLeftHours, { n: Math.floor(seconds / 3600) });
    const two = (n) => String(n).padStart(2, "0");
    return fill(texts.textLeftClock, { t: `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` });
  }
  function tick() {
    document.querySelectorAll("[data-countdown]").forEach((box) => {
      const text = left(box.dataset.countdown);
      const line = box.querySelector("[data-countdown-text]") || box;
      if (line.textContent !== text) line.textContent = text;
    });
  }

  function prepare(root) {
    root.querySelectorAll("[data-copy], [data-appearance], button[data-density], [data-print]").forEach((b) => { b.hidden = false; });
    root.querySelectorAll("[data-counter]").forEach(showCount);
    root.querySelectorAll("form[data-bulk]").forEach(countChosen);
    root.querySelectorAll("form:has([data-with])").forEach(showWith);
    root.querySelector("[data-autofocus]")?.focus();
    markAppearance();
    tick();
  }
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  document.addEventListener("htmx:sendError", () => say(texts.textFailed));
  document.addEventListener("htmx:responseError", (event) => {
    // What a page asks for again and again, and is gone: the whole page says so, instead of asking for ever.
    if (event.detail.xhr.status === 404 && event.detail.elt.getAttribute("hx-trigger")?.startsWith("every")) location.reload();
    else say(texts.textFailed);
  });
  prepare(document);
  setInterval(tick, 1000);
})();
