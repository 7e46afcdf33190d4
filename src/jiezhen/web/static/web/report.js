// 上报: place by position (only when the button is pressed), a message from a chat, a draft that is
// taken up again, what may be the same. The form works without any of it.
import { say } from "./announce.js";
import { get, fresh } from "./outbox.js";

const form = document.querySelector('form[data-outbox="report"]');

function pick(type) {
  const box = type && form.querySelector(`input[name="_type"][value="${CSS.escape(type)}"]`);
  if (!box) return;
  box.checked = true;
  const more = box.closest("details");
  if (more) more.open = true;
}

function set(name, value) {
  const field = form.elements[name];
  if (field && value) field.value = value;
}

// 1 Where ---------------------------------------------------------------------
function position() {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(resolve, reject, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  });
}

function guessed(shown) {
  form.querySelector("[data-where-said]").hidden = !shown;
}

async function locate(button) {
  const unit = form.elements._unit;
  say(button.dataset.busy);
  let at;
  try { at = await position(); } catch (refused) {
    // No position, no error: the places are there to choose from.
    say(refused && refused.code === 1 ? button.dataset.refused : button.dataset.failed);
    unit.focus();
    return;
  }
  const { longitude, latitude } = at.coords;
  set("_lon", longitude.toFixed(6));
  set("_lat", latitude.toFixed(6));
  let found = null;
  try {
    const answer = await fetch(`/api/where?lon=${longitude.toFixed(6)}&lat=${latitude.toFixed(6)}`, { headers: { Accept: "application/json" } });
    if (answer.ok) found = await answer.json();
  } catch { /* no network: the point itself goes along */ }
  const code = found && found.unit && [...unit.options].some((o) => o.value === found.unit.code) ? found.unit.code : "";
  if (code) unit.value = code;
  if (code && found.door) set("place", found.door);
  guessed(Boolean(code));
  likely();
  say(code ? "" : found ? button.dataset.outside : button.dataset.failed);
}

// 2 A message from a chat --------------------------------------------------------
async function paste(button) {
  const area = form.elements.pasted;
  const sent = new FormData();
  sent.append("pasted", area.value);
  sent.append("_nonce", fresh());
  let found = null;
  try {
    const answer = await fetch("/report/paste", { method: "POST", body: sent, headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value } });
    if (answer.ok && !answer.redirected) found = await answer.json();
  } catch { /* below */ }
  if (!found) {
    set("words", area.value.trim());
    say(button.dataset.offline);
    return;
  }
  pick(found.type);
  set("_unit", found.unit);
  set("place", found.place);
  set("words", found.words);
  area.value = "";
  button.closest("details").open = false;
  likely();
  say(button.dataset.found);
}

// 3 A draft that is taken up again ------------------------------------------------
function photos() {
  const list = form.querySelector("[data-kept-photos]");
  list.replaceChildren(...(form.keptFiles || []).map((file) => {
    const line = document.createElement("li");
    const gone = document.createElement("button");
    gone.type = "button";
    gone.className = "button button-small";
    gone.textContent = list.dataset.remove;
    gone.addEventListener("click", () => { form.keptFiles = form.keptFiles.filter((f) => f !== file); photos(); });
    line.append(file.name, " ", gone);
    return line;
  }));
}

async function resume(nonce) {
  const item = await get(nonce).catch(() => null);
  if (!item || item.sort !== "report" || item.account !== document.getElementById("phone").dataset.account) return;
  form.dataset.draftNonce = nonce;
  const kept = Object.fromEntries(item.fields);
  pick(kept._type);
  for (const name of ["_unit", "place", "words", "_lon", "_lat"]) set(name, kept[name]);
  form.keptFiles = item.files || [];
  photos();
  likely();
}

// 4 What may be the same ------------------------------------------------------------
// Shown under the buttons, so that nothing moves under a finger; one line above them, which has its
// room from the start, says that there is something. Without an answer there is simply no list.
let asking = null;
let pause = 0;

function show(part) {
  const place = form.querySelector("[data-likely]");
  place.innerHTML = part;
  const told = place.querySelector("[data-told]");
  const line = document.createElement("a");
  if (told) { line.href = `#${place.id}`; line.textContent = told.dataset.told; }
  form.querySelector("[data-likely-line]").replaceChildren(...(told ? [line] : []));
}

async function likely() {
  window.clearTimeout(pause);
  if (asking) asking.abort();
  if (!["place", "words", "_lon"].some((name) => form.elements[name].value.trim())) { show(""); return; }
  asking = new AbortController();
  const sent = new FormData(form);
  for (const name of ["photo", "pasted", "_nonce"]) sent.delete(name);
  try {
    const answer = await fetch(form.querySelector("[data-likely]").dataset.likely, { method: "POST", body: sent, signal: asking.signal });
    show(answer.ok && !answer.redirected ? await answer.text() : "");
  } catch (gone) {
    if (gone.name !== "AbortError") show("");
  }
}

function picked(event) {
  const chip = event.target.closest("[data-pick]");
  if (!chip) return;
  pick(chip.dataset.pick);
  form.querySelector('input[name="_type"]:checked')?.focus();
  likely();
}

if (form) {
  const button = form.querySelector("[data-locate]");
  if (navigator.geolocation) {
    button.hidden = false;
    button.addEventListener("click", () => locate(button));
  }
  form.querySelector("[data-only-keep]").hidden = !window.indexedDB;
  form.querySelector("[data-paste]").addEventListener("click", (event) => { event.preventDefault(); paste(event.currentTarget); });
  for (const name of ["place", "_unit"]) form.elements[name].addEventListener("change", () => {
    // A place that was chosen by hand is not where the phone lies.
    guessed(false);
    form.elements._lon.value = "";
    form.elements._lat.value = "";
  });
  form.querySelector("[data-likely]").addEventListener("click", picked);
  form.addEventListener("change", (event) => { if (["_type", "_unit", "place", "words"].includes(event.target.name)) likely(); });
  for (const name of ["place", "words"]) form.elements[name].addEventListener("input", () => { window.clearTimeout(pause); pause = window.setTimeout(likely, 800); });
  form.addEventListener("outbox:cleared", () => {
    likely();
    photos();
    guessed(false);
    window.history.replaceState(null, "", "/report");
  });
  const draft = new URL(location.href).searchParams.get("draft");
  if (draft) resume(draft);
}
