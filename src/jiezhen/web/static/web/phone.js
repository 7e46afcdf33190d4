// The phone's side of every page: installs the app, keeps what is written without a network, sends it
// when the network is back, shows what waits, and leaves nothing behind when somebody signs out.
import { say } from "./announce.js";
import { all, forget, fresh, get, put, remove, send } from "./outbox.js";
import { small } from "./photo.js";

const phone = document.getElementById("phone");
const words = phone ? phone.dataset : {};
const KNOWN = "jiezhen-account";
const others = "BroadcastChannel" in window ? new BroadcastChannel("jiezhen-outbox") : null;
let signedOut = false;

// A page that was made for nobody (the one without a network) shows what the latest account left.
function account() {
  return words.account || localStorage.getItem(KNOWN) || "";
}

function text(pattern, value) {
  return pattern.replace("%s", value);
}

function element(name, said = "", className = "") {
  const made = document.createElement(name);
  if (said) made.textContent = said;
  if (className) made.className = className;
  return made;
}

function button(said, deed) {
  const made = element("button", said, "button button-small");
  made.type = "button";
  made.addEventListener("click", deed);
  return made;
}

function link(said, href) {
  const made = element("a", said, "button button-small");
  made.href = href;
  return made;
}

// 1 What waits, on the page ------------------------------------------------
function shownState(item) {
  return signedOut && ["waiting", "sending"].includes(item.state) ? "login" : item.state;
}

function told(item, state) {
  if (state === "login") return words.signin;
  if (state === "waiting" && item.why === "server") return words.server;
  return item.told || (state === "fix" ? words.refused : "");
}

function pairs(item) {
  const list = element("dl", "", "outbox-pairs");
  for (const pair of item.pairs || []) {
    list.append(element("dt", pair.title));
    list.append(element("dd", words.mine + (pair.mine || words.empty)));
    list.append(element("dd", words.theirs + (pair.theirs || words.empty)));
  }
  return list;
}

async function take(item, mine) {
  if (mine) {
    const fields = item.fields.filter(([name]) => name !== "_version").concat([["_version", String(item.version)]]);
    await put({ ...item, fields, state: "waiting", told: "", pairs: [] });
    await deliver();
  } else {
    await remove(item.nonce);
    await changed();
  }
}

// Words of progress and of a move are mended on the spot.
function mend(item, line) {
  const index = item.fields.findIndex(([name]) => name === "note");
  const area = element("textarea");
  area.rows = 2;
  area.value = index < 0 ? "" : item.fields[index][1];
  area.setAttribute("aria-label", item.title);
  line.replaceChildren(area, button(words.save, async () => {
    const fields = item.fields.filter(([name]) => name !== "note").concat([["note", area.value]]);
    await put({ ...item, fields, state: "waiting", told: "" });
    await deliver();
  }));
  area.focus();
}

async function drop(item, line) {
  await remove(item.nonce);
  await counted();
  if (others) others.postMessage("changed");
  if (item.state === "done") { await render(); return; }
  const back = button(words.undelete, async () => { await put(item); await changed(); });
  line.replaceChildren(element("span", words.deleted), back);
  back.focus();
}

function deeds(item, state, line) {
  const found = element("p", "", "buttons");
  if (state === "sending") return found;
  if (state === "conflict") {
    found.append(button(words.useMine, () => take(item, true)), button(words.useTheirs, () => take(item, false)));
  }
  if (state === "login") found.append(link(words.go, `/login?next=${encodeURIComponent(location.pathname)}`));
  if (item.href) found.append(link(words.see, item.href));
  if (["waiting", "fix", "login"].includes(state)) {
    found.append(item.sort === "report" ? link(words.edit, `/report?draft=${encodeURIComponent(item.nonce)}`) : button(words.edit, () => mend(item, line)));
  }
  if (state === "fix") found.append(button(words.again, async () => { await put({ ...item, state: "waiting" }); await deliver(); }));
  if (state !== "conflict") found.append(button(words.delete, () => drop(item, line)));
  return found;
}

function row(item) {
  const state = shownState(item);
  const line = element("li");
  line.dataset.state = state;
  line.dataset.nonce = item.nonce;
  const head = element("p");
  head.append(element("b", item.title), " ", element("span", [words[state], item.code].filter(Boolean).join(" "), "state"));
  if (item.files && item.files.length) head.append(" ", element("span", text(words.photos, item.files.length), "hint"));
  line.append(head);
  if (told(item, state)) line.append(element("p", told(item, state), "hint"));
  if (state === "conflict") line.append(pairs(item));
  line.append(deeds(item, state, line));
  return line;
}

async function mine() {
  const who = account();
  if (!who || !window.indexedDB) return [];
  try { return await all(who); } catch { return []; }
}

async function counted() {
  const items = await mine();
  const waiting = items.filter((item) => item.state !== "done").length;
  for (const place of document.querySelectorAll("[data-outbox-count]")) {
    place.hidden = waiting === 0;
    place.textContent = waiting ? text(words.count, waiting) : "";
  }
  return items;
}

async function render() {
  const items = await counted();
  for (const list of document.querySelectorAll("[data-outbox-list]")) {
    const about = list.dataset.outboxList;
    const some = items.filter((item) => !about || item.about === about);
    if (list.contains(document.activeElement) && document.activeElement.matches("textarea")) continue;
    list.hidden = some.length === 0;
    list.querySelector("[data-outbox-items]").replaceChildren(...some.map(row));
  }
}

async function changed() {
  await render();
  if (others) others.postMessage("changed");
}

// 2 Sending ------------------------------------------------------------------
let asked = false;
async function deliver() {
  if (!account() || !window.indexedDB) return "";
  asked = true;
  let came = "";
  try { came = await send(changed); } catch { came = ""; }
  asked = false;
  signedOut = came === "login" || came === "other";
  await changed();
  return came;
}

async function again() {
  if (asked || !navigator.onLine) { await render(); return; }
  const waiting = (await mine()).some((item) => ["waiting", "sending", "login"].includes(item.state));
  if (waiting) await deliver();
  else await render();
}

async function sync() {
  try {
    const worker = await navigator.serviceWorker.ready;
    if (worker.sync) await worker.sync.register("outbox");
  } catch { /* no worker, or none allowed: the page sends by itself */ }
}

// 3 A form whose sending may wait -----------------------------------------
function refuse(form, said) {
  const box = form.querySelector("[data-form-error]");
  if (!box) { say(said); return; }
  box.querySelector("[data-form-error-text]").textContent = said;
  box.hidden = false;
  box.focus();
}

async function files(form) {
  const found = form.keptFiles ? [...form.keptFiles] : [];
  for (const input of form.querySelectorAll("input[type=file]")) {
    for (const file of input.files) found.push({ field: input.name, name: file.name, blob: await small(file) });
  }
  return found;
}

function titleOf(form) {
  const picked = [...form.querySelectorAll("[data-title]")].filter((field) => field.checked === undefined || field.type === "text" || field.checked);
  return picked.map((field) => field.dataset.title || field.value).filter(Boolean).join(" ") || form.dataset.title || document.title;
}

async function make(form, submitter) {
  const skip = new Set(["csrfmiddlewaretoken", "_nonce", "_as"]);
  const fields = [...new FormData(form)].filter(([name, value]) => !skip.has(name) && typeof value === "string");
  if (submitter && submitter.name) fields.push([submitter.name, submitter.value]);
  const earlier = form.dataset.draftNonce ? await get(form.dataset.draftNonce) : null;
  if (!earlier) fields.push(["_written", new Date().toISOString()]);
  else fields.push(...earlier.fields.filter(([name]) => name === "_written"));
  return {
    nonce: earlier ? earlier.nonce : fresh(), at: earlier ? earlier.at : Date.now(), account: account(), sort: form.dataset.outbox,
    about: form.dataset.about || "", url: submitter?.getAttribute("formaction") || form.dataset.url || form.getAttribute("action") || location.pathname,
    title: titleOf(form), fields, files: await files(form), state: "waiting", told: "",
  };
}

// The server's own page puts each remark at its field.
function plainly(form, submitter) {
  if (submitter && submitter.name) {
    const also = element("input");
    Object.assign(also, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(also);
  }
  form.submit();
}

function cleared(form) {
  form.reset();
  form.keptFiles = [];
  delete form.dataset.draftNonce;
  form.dispatchEvent(new CustomEvent("outbox:cleared", { bubbles: true }));
}

async function keep(item, form) {
  try {
    await put(item);
    return true;
  } catch (full) {
    refuse(form, full && full.name === "QuotaExceededError" ? words.full : words.unkept);
    return false;
  }
}

// What was refused about the same matter holds up all that comes after it, so it is settled first.
async function stuck(item) {
  const held = ["fix", "conflict", "already"];
  return Boolean(item.about) && (await mine()).some((other) => other.nonce !== item.nonce && other.about === item.about && held.includes(other.state));
}

async function file(form, submitter) {
  const item = await make(form, submitter);
  if (await stuck(item)) {
    await render();
    refuse(form, words.stuck);
    document.querySelector("[data-outbox-list]")?.scrollIntoView({ block: "nearest" });
    return;
  }
  if (!(await keep(item, form))) return;
  if (submitter && submitter.hasAttribute("data-only-keep")) {
    say(words.stored);
    cleared(form);
    await changed();
    await sync();
    return;
  }
  say(words.sending);
  await deliver();
  const now = await get(item.nonce);
  if (now && now.state === "done") {
    await remove(item.nonce);
    location.assign(now.href || location.pathname);
  } else if (now && now.state === "fix") {
    await remove(item.nonce);
    await changed();
    say("");
    if (item.sort === "deed") plainly(form, submitter);
    else refuse(form, now.told || words.refused);
  } else if (now && ["conflict", "already"].includes(now.state)) {
    say(now.told);
    document.querySelector("[data-outbox-list]")?.scrollIntoView({ block: "nearest" });
  } else {
    say(now && now.why === "server" ? words.server : signedOut ? words.signin : words.kept);
    cleared(form);
    document.getElementById("status")?.scrollIntoView({ block: "center" });
    await sync();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-outbox]") || !account() || !window.indexedDB) return;
  // Another deed than sending, unless it may wait as well (data-waits).
  if (event.submitter && event.submitter.hasAttribute("formaction") && !event.submitter.hasAttribute("data-waits")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const box = form.querySelector("[data-form-error]");
  if (box) box.hidden = true;
  file(form, event.submitter).finally(() => { delete form.dataset.busy; });
});

// 4 Signing out ---------------------------------------------------------------
async function leave(form) {
  try { await forget(account()); } catch { /* nothing was kept */ }
  for (const key of Object.keys(localStorage)) if (key === KNOWN || key.startsWith("draft:")) localStorage.removeItem(key);
  if (window.caches) for (const name of await caches.keys()) if (name.startsWith("jiezhen-own-")) await caches.delete(name);
  form.dataset.left = "1";
  form.requestSubmit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (new URL(form.action, location.href).pathname !== "/logout" || form.dataset.left || !phone) return;
  event.preventDefault();
  if (!navigator.onLine) { say(document.getElementById("status")?.dataset.cut || ""); return; } // the session would go on
  mine().then((items) => {
    const waiting = items.filter((item) => item.state !== "done").length;
    const dialog = document.getElementById("leave");
    if (!waiting || !dialog || !dialog.showModal) { leave(form); return; }
    const line = dialog.querySelector("[data-leave-text]");
    line.textContent = text(line.dataset.text, waiting);
    dialog.querySelector("[data-stay]").onclick = () => dialog.close();
    dialog.querySelector("[data-leave]").onclick = () => { dialog.close(); leave(form); };
    dialog.showModal();
  });
});

// 5 Beginning -----------------------------------------------------------------
if (phone) {
  if (words.account) localStorage.setItem(KNOWN, words.account);
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  if (others) others.addEventListener("message", render);
  window.setInterval(again, 30_000);
  if ("serviceWorker" in navigator && words.account) {
    navigator.serviceWorker.register("/sw.js", { type: "module" }).then(() => navigator.serviceWorker.ready).then(async (worker) => {
      const kept = window.caches && (await caches.has(`jiezhen-own-${words.account}`));
      if (!kept && worker.active) worker.active.postMessage("keep");
    }).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "outbox") render(); });
  }
  again();
}
