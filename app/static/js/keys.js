// Security keys and passkeys, for form[data-key-options]: a press of [data-key-button] asks the server what is to be
// signed, has the key sign it, puts the answer into the field "answer" and sends the form the ordinary way.
//
// data-key-options: address that answers a POST with the options · data-key-new: register instead of answering
// data-text-failed, -known, -none: what is said in [data-key-error]
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const described = (list) => (list || []).map((known) => ({ ...known, id: bytes(known.id) }));

  function forBrowser(options, isNew) {
    const made = { ...options, challenge: bytes(options.challenge) };
    if (isNew) return { ...made, user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: described(options.excludeCredentials) };
    return { ...made, allowCredentials: described(options.allowCredentials) };
  }

  function forServer(made) {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) response[part] = text(made.response[part]);
    }
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  }

  function complain(form, message) {
    const line = form.querySelector("[data-key-error]");
    line.textContent = message;
    line.hidden = !message;
  }

  async function ask(form) {
    const isNew = form.dataset.keyNew !== undefined;
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    const answer = await fetch(form.dataset.keyOptions, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer.redirected) { location.assign(answer.url); return; } // the session has ended, or wants a fresh proof first
    if (!answer.ok) throw new Error(String(answer.status));
    const publicKey = forBrowser(await answer.json(), isNew);
    const made = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements.answer.value = forServer(made);
    form.requestSubmit();
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-key-button]");
    const form = button?.closest("form[data-key-options]");
    if (!form) return;
    event.preventDefault();
    if (![...form.querySelectorAll("input[required]")].every((box) => box.reportValidity())) return;
    complain(form, "");
    button.disabled = true;
    try {
      await ask(form);
    } catch (error) {
      complain(form, error.name === "InvalidStateError" ? form.dataset.textKnown : form.dataset.textFailed);
    } finally {
      button.disabled = false;
    }
  });

  document.querySelectorAll("form[data-key-options]").forEach((form) => {
    if (window.PublicKeyCredential && isSecureContext) form.querySelectorAll("[data-key-button]").forEach((b) => { b.hidden = false; });
    else complain(form, form.dataset.textNone);
  });
})();
