// Saves form[data-autosave-url] while one types, and loses nothing when the network or the session is gone.
//
// Sent: POST of the form's fields with the headers X-CSRFToken, Idempotency-Key and Accept: application/json.
// Answers understood (JSON):
//   200 {"version": 7, "saved_at": "10:42", "receipt": "…"?, "total": "…"?, "warnings": {"field": "…"}?, "others": "who changed what meanwhile"?}
//   409 {"message": "…", "version": 8, "theirs": {"field": "value", …}}     somebody saved in between
//   422 {"errors": {"field": ["…"]}}                                      nothing stored, shown beside the fields
//   400/401/403 or a redirect to the sign-in page                          ask to sign in, keep everything, send again
//   404                                                                   not ours any more: say so, keep the words here, stop sending
// Events on the form: "autosave:saved", "autosave:refused", both with the answer as detail.
"use strict";
(() => {
  const { fill, store, renewToken } = window.jiebang;
  const WAIT = 900;
  const RETRY = [2000, 4000, 8000, 15000, 30000];

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  // Marks are compared as numbers: 24 and 24.0 are the same mark.
  function same(box, value) {
    if (String(box.value) === String(value)) return true;
    return box.inputMode === "decimal" && box.value.trim() !== "" && String(value) !== "" && Number(box.value) === Number(value);
  }

  // The server keeps words without surrounding space and with one kind of line end.
  function tidied(fields) {
    return new URLSearchParams([...new URLSearchParams(fields)].map(([name, value]) => [name, value.normalize("NFC").trim().replaceAll("\r\n", "\n")])).toString();
  }

  class Autosave {
    constructor(form) {
      this.form = form;
      this.text = form.dataset;
      // Per person: another one at the same device must not be offered these words.
      this.slot = `draft:${document.body.dataset.actor || ""}:${form.dataset.autosaveUrl}`;
      this.failures = 0;
      this.pending = null;
      this.offerCopy();
      const changed = () => this.changed();
      form.addEventListener("input", changed);
      form.addEventListener("change", changed);
      // A page that needs a new sign-in would be refused as a whole: the way on is in the panel, the words stay here.
      form.addEventListener("submit", (event) => {
        if (!this.waitingForSignIn) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        form.querySelector("[data-save-panel] button")?.focus();
      }, true);
      window.addEventListener("online", () => this.send());
      window.addEventListener("focus", () => this.waitingForSignIn && this.renew());
      document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    }

    say(text, tone = "") {
      const line = this.form.querySelector("[data-save-state]") || document.querySelector("[data-save-state]");
      if (!line) return;
      line.textContent = text;
      line.dataset.tone = tone;
    }

    fields() {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
      return body;
    }

    changed() {
      this.form.dataset.dirty = "1";
      store.set(this.slot, JSON.stringify({ at: Date.now(), fields: this.content() }));
      // The same change keeps its key over all attempts; a further change is a new one.
      this.pending = key();
      this.say(this.text.textSaving);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), WAIT);
    }

    async send(extra = {}) {
      if (!this.pending || this.sending || this.waitingForSignIn) return;
      const sent = this.pending;
      this.sending = true;
      clearTimeout(this.timer);
      let answer;
      try {
        const body = this.fields();
        for (const [name, value] of Object.entries(extra)) body.set(name, value);
        const token = this.form.elements.csrf_token?.value || "";
        answer = await fetch(this.form.dataset.autosaveUrl, {
          method: "POST", body, redirect: "manual", credentials: "same-origin",
          headers: { "X-CSRFToken": token, "Idempotency-Key": sent, Accept: "application/json" },
          signal: AbortSignal.timeout?.(20000),
        });
        await this.take(answer, sent);
      } catch {
        this.failed();
      } finally {
        this.sending = false;
      }
      if (this.pending && this.pending !== sent) this.send();
    }

    async take(answer, sent) {
      if (answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status)) return this.signIn();
      const data = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok) return this.saved(data, sent);
      if (answer.status === 409) return this.conflict(data);
      if (answer.status === 422) return this.refused(data, sent);
      if (answer.status === 404) return this.gone();
      return this.failed();
    }

    saved(data, sent) {
      this.failures = 0;
      const version = this.form.elements.version;
      if (version && data.version !== undefined) version.value = data.version;
      this.showErrors({});
      if (this.pending === sent) {
        this.pending = null;
        delete this.form.dataset.dirty;
        store.set(this.slot, "");
      }
      const done = fill(data.receipt ? this.text.textReceipt : this.text.textSaved, { time: data.saved_at, receipt: data.receipt });
      this.say(data.others ? `${done} ${data.others}` : done, data.others ? "warn" : "good");
      this.form.dispatchEvent(new CustomEvent("autosave:saved", { detail: data, bubbles: true }));
    }

    refused(data, sent) {
      if (this.pending === sent) this.pending = null;
      this.showErrors(data.errors || {});
      this.say(data.message || this.text.textRefused, "bad");
      this.form.dispatchEvent(new CustomEvent("autosave:refused", { detail: data, bubbles: true }));
    }

    failed() {
      const wait = RETRY[Math.min(this.failures, RETRY.length - 1)];
      this.failures += 1;
      this.say(this.text.textOffline, "warn");
      this.timer = setTimeout(() => this.send(), wait);
    }

    // The right to it ended while the page stood open. Going on trying would promise what cannot come.
    gone() {
      this.pending = null;
      this.say(this.text.textGone, "bad");
      this.panel(this.text.textGone, this.text.textGoneHint, [[this.text.textTryAgain, () => { this.pending = key(); this.send(); }]]);
    }

    showErrors(errors) {
      this.form.querySelectorAll("[data-live-error]").forEach((p) => p.remove());
      this.form.querySelectorAll("[aria-invalid][data-live]").forEach((box) => { box.removeAttribute("aria-invalid"); box.classList.remove("is-invalid"); delete box.dataset.live; });
      for (const [name, messages] of Object.entries(errors)) {
        const box = this.form.elements[name];
        const one = box instanceof RadioNodeList ? box[0] : box;
        if (!one) continue;
        const line = document.createElement("p");
        line.className = "error";
        line.dataset.liveError = "";
        line.textContent = [].concat(messages).join(" ");
        (one.closest(".input-group, .score-input, .choice-row") || one).before(line);
        one.setAttribute("aria-invalid", "true");
        one.classList.add("is-invalid");
        one.dataset.live = "";
      }
    }

    // A panel above the form; buttons: [[label, act, keep the panel?], …]
    panel(title, text, buttons, extra) {
      this.form.querySelector(":scope > [data-save-panel]")?.remove();
      const box = document.createElement("div");
      box.className = "callout tone-warning";
      box.dataset.savePanel = "";
      box.setAttribute("role", "alert");
      const body = document.createElement("div");
      body.className = "callout-body";
      const head = document.createElement("p");
      head.className = "callout-title";
      head.textContent = title;
      const line = document.createElement("p");
      line.textContent = text;
      const row = document.createElement("p");
      row.className = "actions";
      for (const [label, act, keep] of buttons) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-secondary";
        button.textContent = label;
        button.addEventListener("click", () => { if (!keep) box.remove(); act(); });
        row.append(button);
      }
      body.append(head, line, ...(extra ? [extra] : []), row);
      box.append(body);
      this.form.prepend(box);
      box.scrollIntoView({ block: "nearest" });
    }

    conflict(data) {
      this.say(this.text.textConflict, "warn");
      const list = document.createElement("dl");
      list.className = "facts";
      for (const [name, value] of Object.entries(data.theirs || {})) {
        const box = this.form.elements[name];
        if (!box || same(box, value)) continue;
        const row = document.createElement("div");
        const term = document.createElement("dt");
        const label = box.labels?.[0]?.cloneNode(true);
        label?.querySelector(".required")?.remove();
        term.textContent = label?.textContent.trim() || box.getAttribute?.("aria-label") || name;
        const theirs = document.createElement("dd");
        theirs.textContent = value;
        row.append(term, theirs);
        list.append(row);
      }
      const version = this.form.elements.version;
      this.panel(this.text.textConflict, data.message || "", [
        [this.text.textKeepMine, () => { if (version) version.value = data.version; this.pending = key(); this.send(); }],
        [this.text.textTakeTheirs, () => { store.set(this.slot, ""); delete this.form.dataset.dirty; location.reload(); }],
      ], list);
    }

    signIn() {
      if (this.waitingForSignIn) return;
      this.waitingForSignIn = true;
      this.say(this.text.textSignIn, "bad");
      this.panel(this.text.textSignIn, this.text.textKept, [
        [this.text.textSignInButton, () => { window.open(this.form.dataset.signInUrl || "/sign-in", "_blank", "noopener"); this.renewSoon(); }, true],
        [this.text.textTryAgain, () => this.renew(), true],
      ]);
    }

    // Looks every few seconds whether the other window has signed in.
    renewSoon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.renew().then(() => { if (this.waitingForSignIn) this.renewSoon(); }), RETRY[0]);
    }

    async renew() {
      try {
        if (!(await renewToken())) return;
        this.form.querySelector("[data-save-panel]")?.remove();
        this.waitingForSignIn = false;
        this.pending ||= key();
        this.send();
      } catch { /* still offline: the next focus tries again */ }
    }

    offerCopy() {
      let copy;
      try { copy = JSON.parse(store.get(this.slot) || "null"); } catch { copy = null; }
      if (!copy) return;
      // The same words on a page that came back with faults are stored nowhere else yet.
      if (tidied(copy.fields) === tidied(this.content())) { if (!document.querySelector(".error-summary")) store.set(this.slot, ""); return; }
      const time = new Date(copy.at).toLocaleString(document.documentElement.lang);
      this.panel(fill(this.text.textCopy, { time }), this.text.textCopyHint, [
        [this.text.textUseCopy, () => this.useCopy(new URLSearchParams(copy.fields))],
        [this.text.textDropCopy, () => store.set(this.slot, "")],
      ]);
    }

    // What the person typed: hidden fields are the page's own and differ each time it is made.
    content() {
      const now = this.fields();
      for (const box of this.form.elements) if (box.type === "hidden") now.delete(box.name);
      return now.toString();
    }

    useCopy(values) {
      for (const box of this.form.elements) {
        if (!box.name || box.type === "hidden" || box.type === "file") continue;
        const all = values.getAll(box.name);
        if (box.type === "checkbox" || box.type === "radio") box.checked = all.includes(box.value);
        else if (box.tagName === "SELECT" && box.multiple) for (const option of box.options) option.selected = all.includes(option.value);
        else if (all.length) box.value = all[0];
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
      this.changed();
    }

    // The page goes to the background or is closed: one last attempt that outlives it.
    leave() {
      if (!this.pending || this.sending || this.waitingForSignIn) return;
      const token = this.form.elements.csrf_token?.value || "";
      fetch(this.form.dataset.autosaveUrl, {
        method: "POST", body: this.fields(), keepalive: true, credentials: "same-origin", redirect: "manual",
        headers: { "X-CSRFToken": token, "Idempotency-Key": this.pending, Accept: "application/json" },
      }).then((answer) => this.take(answer, this.pending)).catch(() => {});
    }
  }

  function start(root) {
    const found = [...root.querySelectorAll("form[data-autosave-url]")];
    if (root.matches?.("form[data-autosave-url]")) found.push(root);
    found.filter((form) => !form.autosave).forEach((form) => { form.autosave = new Autosave(form); });
  }
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
  start(document);
})();
