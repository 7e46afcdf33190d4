// data-guard: leaving a half-filled form asks first. data-draft="name": what was typed is kept on this
// machine until it is sent, and sent by itself when the network is back. Fields with data-nodraft,
// passwords and files are never kept. The form's nonce makes a second sending harmless.
const status = document.getElementById("status");
let dirty = false;

function tell(key) {
  const line = status && status.querySelector("[data-status-line]");
  if (line) line.textContent = status.dataset[key] || "";
}

function kept(form) {
  return [...form.elements].filter(
    (field) => field.name && !field.name.startsWith("_") && field.name !== "csrfmiddlewaretoken" &&
      !field.hasAttribute("data-nodraft") && !["password", "file", "submit", "button", "hidden"].includes(field.type),
  );
}

function store(form) {
  const values = kept(form).map((field) =>
    ["checkbox", "radio"].includes(field.type) ? [field.name, field.value, field.checked] : [field.name, field.value]);
  try { localStorage.setItem(`draft:${form.dataset.draft}`, JSON.stringify(values)); } catch { /* full or barred: no draft */ }
}

function restore(form) {
  let values = null;
  try { values = JSON.parse(localStorage.getItem(`draft:${form.dataset.draft}`)); } catch { return; }
  if (!Array.isArray(values) || document.querySelector(".errors")) return;
  const fields = kept(form);
  for (const [name, value, checked] of values) {
    const box = fields.find((f) => f.name === name && f.value === value && ["checkbox", "radio"].includes(f.type));
    if (box) { box.checked = checked; continue; }
    const field = fields.find((f) => f.name === name);
    if (field && !["checkbox", "radio"].includes(field.type)) field.value = value;
  }
  tell("restored");
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || !form.matches("[data-guard], [data-draft]")) return;
  dirty = true;
  if (form.dataset.draft) { store(form); tell("kept"); }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.draft && !navigator.onLine) {
    event.preventDefault();
    event.stopPropagation();
    store(form);
    form.dataset.waiting = "1";
    tell("offline");
    return;
  }
  dirty = false;
  if (form.dataset.draft) sessionStorage.setItem("draft-sent", form.dataset.draft);
}, true);

window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-waiting]")) {
    delete form.dataset.waiting;
    form.requestSubmit();
  }
});

window.addEventListener("beforeunload", (event) => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = "";
});

// Delivered means: the answer is another page, or it says what was done. The same form again is
// either full of remarks or was come back to after a failure; then the draft stays.
const sent = sessionStorage.getItem("draft-sent");
if (sent) {
  const again = document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`);
  if (!again || document.querySelector(".status .message, .status .done, [data-sent]")) {
    localStorage.removeItem(`draft:${sent}`);
  }
  sessionStorage.removeItem("draft-sent");
}
for (const form of document.querySelectorAll("form[data-draft]")) restore(form);
