// What was written without a network waits here, in this browser, and is sent one by one, in order.
// Used by the pages and by the service worker; it knows no page. An item is born with its nonce: the
// server carries a nonce out once, so an item may be sent again whenever its answer was lost.
const NAME = "jiezhen", STORE = "outbox", LOCK = "jiezhen-outbox";
const KEPT_DONE = 24 * 3600 * 1000;

export function fresh() {
  // As the server makes its own: 18 random bytes in 24 letters.
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

let opened = null;
function base() {
  opened = opened || new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "nonce" });
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
  });
  return opened;
}

// One transaction; it counts as done only when the browser says that it is complete.
async function within(mode, deed) {
  const db = await base();
  return new Promise((resolve, reject) => {
    const work = db.transaction(STORE, mode);
    let found;
    work.oncomplete = () => resolve(found && "result" in found ? found.result : found);
    work.onabort = () => reject(work.error || new Error("aborted"));
    found = deed(work.objectStore(STORE));
  });
}

export async function all(account) {
  const items = await within("readonly", (store) => store.getAll());
  return items.filter((item) => item.account === account).sort((a, b) => a.at - b.at || (a.nonce < b.nonce ? -1 : 1));
}

export async function get(nonce) {
  return within("readonly", (store) => store.get(nonce));
}

export async function put(item) {
  return within("readwrite", (store) => { store.put(item); });
}

export async function remove(nonce) {
  return within("readwrite", (store) => { store.delete(nonce); });
}

export async function forget(account) {
  for (const item of await all(account)) await remove(item.nonce);
}

// Changes an item that is still there; one that was deleted meanwhile stays deleted.
function change(nonce, values) {
  return within("readwrite", (store) => {
    const asked = store.get(nonce);
    asked.onsuccess = () => { if (asked.result) store.put({ ...asked.result, ...values }); };
  });
}

export async function session() {
  const answer = await fetch("/session.json", { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function body(item) {
  const form = new FormData();
  for (const [name, value] of item.fields) form.append(name, value);
  form.append("_nonce", item.nonce);
  form.append("_as", item.account);
  for (const file of item.files || []) form.append(file.field, file.blob, file.name);
  return form;
}

async function post(item, token) {
  const answer = await fetch(item.url, {
    method: "POST", body: body(item), credentials: "same-origin", redirect: "follow",
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
  const told = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : null;
  if (told && told.state) return told;
  if (answer.redirected && new URL(answer.url).pathname === "/login") return { state: "login" };
  // A page that says no says it for good; a token or a server that fails may do better next time.
  if (answer.status >= 400 && answer.status < 500 && ![401, 403, 408, 425, 429].includes(answer.status)) return { state: "fix" };
  return { state: "server" };
}

// Sends one item and keeps what came of it. Returns the state that it has now.
async function deliver(item, token, tell) {
  await change(item.nonce, { state: "sending", told: "" });
  await tell();
  let told;
  try { told = await post(item, token); } catch { told = { state: "offline" }; }
  if (["offline", "server", "other"].includes(told.state)) {
    await change(item.nonce, { state: "waiting", why: told.state });
  } else if (told.state === "done") {
    // The photos have arrived; what stays for a day is the number.
    await change(item.nonce, { state: "done", code: told.code || "", href: told.href || "", said: told.told || "", files: [], fields: [], done: Date.now() });
  } else {
    await change(item.nonce, { state: told.state, told: told.told || "", code: told.code || "", href: told.href || "", version: told.version, pairs: told.pairs || [] });
  }
  await tell();
  return told.state;
}

async function run(tell) {
  let who;
  try { who = await session(); } catch { return "offline"; }
  if (!who.account) return "login";
  const items = await all(who.account);
  const stuck = new Set();
  let sent = "";
  for (const item of items) {
    if (item.state === "done") {
      if (Date.now() - item.done > KEPT_DONE) await remove(item.nonce);
      continue;
    }
    if (["fix", "conflict", "already"].includes(item.state) || stuck.has(item.about)) {
      if (item.about) stuck.add(item.about); // later words about the same matter wait for these
      continue;
    }
    sent = await deliver(item, who.token, tell);
    if (["offline", "server", "other", "login"].includes(sent)) return sent;
    if (sent !== "done" && item.about) stuck.add(item.about);
  }
  return sent || "done";
}

// Sends what waits for the account that is signed in. Only one page or worker sends at a time; where
// the browser has no locks, the nonces alone keep a second sending harmless.
export async function send(tell = async () => {}) {
  if (navigator.locks) return navigator.locks.request(LOCK, () => run(tell));
  return run(tell);
}
