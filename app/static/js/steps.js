// A step that was held up by a proof of identity, or by an ended session, is put back as it was typed: fields, open question, button.
// It waits in this tab only, for the person who typed it, and is gone with the first page that is not about signing in.
"use strict";
(() => {
  const SLOT = "step";
  const who = document.body.dataset.actor || "";
  const page = location.pathname + location.search;
  const asksWhoIsThere = document.body.classList.contains("layout-auth");
  const tab = {
    get: () => { try { return JSON.parse(sessionStorage.getItem(SLOT) || "null"); } catch { return null; } },
    set: (step) => { try { sessionStorage.setItem(SLOT, JSON.stringify(step)); } catch { /* private window: it is typed again */ } },
    drop: () => { try { sessionStorage.removeItem(SLOT); } catch { /* nothing was kept */ } },
  };
  const typed = (box) => box.name && !box.matches("[type=hidden], [type=password], [type=file], [autocomplete=one-time-code], button");
  // What a form is for: where it goes and what it says unseen ("decision=agree"), whatever dialog it stands in at the moment.
  const meaning = (form) => [...form.elements].filter((box) => box.type === "hidden" && box.name !== "csrf_token").map((box) => `${box.name}=${box.value}`).join("&");
  const going = (action) => [...document.forms].filter((form) => form.method === "post" && form.action === action);

  // The one form that this can have been; none where there is doubt: "agree" must not come back as "refuse".
  function same(step) {
    const forms = going(step.action);
    const meant = forms.filter((form) => meaning(form) === step.meaning);
    if (meant.length === 1) return meant[0];
    return forms.length === 1 ? forms[0] : null;
  }

  function keep(form, button) {
    const boxes = [...form.elements].filter(typed);
    const fields = boxes.map((box) => [box.name, box.value, box.matches("[type=checkbox], [type=radio]") ? box.checked : null]);
    tab.set({ who, page, action: form.action, meaning: meaning(form), fields, button: button ? [button.name, button.value] : null });
  }

  function putBack(step) {
    const form = same(step);
    if (!form) return;
    const boxes = [...form.elements].filter(typed);
    step.fields.forEach(([name, value, checked], place) => {
      const box = boxes[place];
      if (box?.name !== name || (checked !== null && box.value !== value)) return;
      if (checked === null) box.value = value;
      else box.checked = checked;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const question = form.closest("details[data-dialog]");
    const button = [...form.querySelectorAll("button")].find((b) => step.button && b.name === step.button[0] && b.value === step.button[1]);
    if (question) question.querySelector("summary").click();
    else (button || form.querySelector("button"))?.focus();
  }

  if (asksWhoIsThere) {
    const step = tab.get();
    if (step) tab.set({ ...step, heldUp: true });
    return;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.dataset.autosaveUrl || form.hasAttribute("hx-post")) return;
    keep(form, event.submitter);
  });
  const step = tab.get();
  tab.drop();
  if (step?.heldUp && step.who === who && step.page === page) putBack(step);
})();
