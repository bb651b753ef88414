// Sends a chosen file at once, with a progress bar and the digest computed here, for .field-file[data-upload-url].
//
// Sent: multipart POST with the fields csrf_token, sha256 and the file under the input's own name.
// Answers: 200/201 {"name", "size", "sha256", "html"?: replaces the status} · 4xx {"message"}.
// Event on the field: "upload:done" with the answer as detail.
"use strict";
(() => {
  const { fill, renewToken } = window.jiebang;
  const size = (n) => (n >= 1e6 ? `${Math.floor(n / 1e5) / 10} MB` : `${Math.ceil(n / 1000)} kB`);

  function line(status, text, tone) {
    status.replaceChildren();
    const p = document.createElement("p");
    p.className = tone === "bad" ? "error mb-0" : "mb-0";
    p.textContent = text;
    status.append(p);
    return p;
  }

  async function digest(file) {
    if (!crypto.subtle || file.size > 200e6) return "";
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  // A failure that passes, with the same file still at hand.
  function offerAgain(field, input, file, message) {
    const texts = field.dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-secondary";
    button.textContent = texts.textTryAgain;
    button.addEventListener("click", () => send(field, input, file));
    line(field.querySelector("[data-upload-status]"), message, "bad").after(button);
  }

  // What is being typed beside the file is saved first.
  function reload() {
    const typed = document.querySelector("form[data-autosave-url][data-dirty]");
    if (typed) typed.addEventListener("autosave:saved", () => location.reload(), { once: true });
    else location.reload();
  }

  async function send(field, input, file, isSecond = false) {
    const texts = field.dataset;
    const status = field.querySelector("[data-upload-status]");
    const limit = Number(texts.maxBytes);
    const told = size(file.size) === size(limit) ? (n) => `${n.toLocaleString("en")} B` : size; // just above: the rounded sizes are equal
    const tooLarge = fill(texts.textTooLarge, { name: file.name, size: told(file.size), limit: told(limit) });
    if (limit && file.size > limit) { line(status, tooLarge, "bad"); input.value = ""; return; }
    const text = line(status, `${file.name} · ${size(file.size)}`);
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    status.append(bar);
    const sum = await digest(file);
    const body = new FormData();
    body.append("csrf_token", field.closest("form").elements.csrf_token.value);
    body.append("sha256", sum);
    body.append(input.name, file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", texts.uploadUrl);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (event.loaded / event.total) * 100;
      text.textContent = `${file.name} · ${size(event.loaded)} / ${size(event.total)}`;
    });
    request.addEventListener("error", () => offerAgain(field, input, file, texts.textBroken));
    request.addEventListener("load", async () => {
      const answer = request.response || {};
      const signedOut = request.responseURL !== new URL(texts.uploadUrl, location.href).href || (request.status === 400 && !answer.message);
      if (signedOut) {
        if (!isSecond && await renewToken().catch(() => false)) send(field, input, file, true);
        else offerAgain(field, input, file, texts.textSignedOut);
      } else if (request.status >= 200 && request.status < 300) {
        if (answer.sha256 && sum && answer.sha256 !== sum) { line(status, texts.textBroken, "bad"); return; }
        line(status, `${answer.name || file.name} · SHA-256 ${(answer.sha256 || sum).slice(0, 16)}…`).title = answer.sha256 || sum;
        input.value = "";
        field.dispatchEvent(new CustomEvent("upload:done", { detail: answer, bubbles: true }));
        if (texts.reload !== undefined) reload();
      } else if (answer.message) line(status, answer.message, "bad");
      else if (request.status === 413) line(status, tooLarge, "bad");
      else offerAgain(field, input, file, texts.textBroken);
    });
    request.send(body);
  }

  // What is chosen goes up at once; the button of the form is for those without script, and otherwise opens the choice.
  document.addEventListener("submit", (event) => {
    const input = event.target.querySelector("[data-upload-url] input[type=file]");
    if (!input || input.files.length) return;
    event.preventDefault();
    input.click();
  }, true); // before core.js takes the form for sent
  document.addEventListener("change", (event) => {
    const field = event.target.closest?.("[data-upload-url]");
    if (field && event.target.type === "file") [...event.target.files].forEach((file) => send(field, event.target, file));
  });
})();
