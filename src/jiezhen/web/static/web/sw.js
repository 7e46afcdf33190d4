// The service worker: keeps the shell of the product, the page 上报 of whoever is signed in, and the
// page that stands in without a network; sends what waits when the browser says that there is one.
// Pages come from the network first. No other page is kept: they hold what belongs to others.
import { send } from "/static/web/outbox.js";

const GIVEN = "{SHELL}"; // filled by the server: digest, files, offline
const SHELL = `jiezhen-shell-${GIVEN.digest}`;
const OWN = "jiezhen-own-";
const KEPT_PAGE = "/report";

async function own() {
  return (await caches.keys()).filter((name) => name.startsWith(OWN));
}

async function forget(but = "") {
  for (const name of await own()) if (name !== OWN + but) await caches.delete(name);
}

// A page is kept only when the server says so, under the key of the account that it was made for.
async function keep(request, response) {
  const account = response.headers.get("X-Keep-For");
  if (!account || !response.ok) return;
  await forget(account);
  const cache = await caches.open(OWN + account);
  await cache.put(request, response);
}

async function page(event) {
  const path = new URL(event.request.url).pathname;
  try {
    const response = await fetch(event.request);
    if (path === KEPT_PAGE) event.waitUntil(keep(KEPT_PAGE, response.clone()));
    return response;
  } catch (cut) {
    if (path === KEPT_PAGE) {
      for (const name of await own()) {
        const kept = await (await caches.open(name)).match(KEPT_PAGE);
        if (kept) return kept;
      }
    }
    const instead = await (await caches.open(SHELL)).match(GIVEN.offline);
    if (instead) return instead;
    throw cut;
  }
}

async function file(request) {
  const kept = await (await caches.open(SHELL)).match(request);
  return kept || fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(GIVEN.files.map((path) => new Request(path, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("jiezhen-shell-") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === "/logout") event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (GIVEN.files.includes(url.pathname)) event.respondWith(file(request));
});

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
  if (event.data === "keep") {
    event.waitUntil(fetch(KEPT_PAGE, { credentials: "same-origin" }).then((found) => keep(KEPT_PAGE, found)).catch(() => {}));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil(send().then(async (state) => {
    for (const client of await self.clients.matchAll()) client.postMessage("outbox");
    if (["offline", "server"].includes(state)) throw new Error(state); // the browser tries again
  }));
});
