// Shows a page of ours where a page cannot be fetched. It keeps that page, in one language, and the files it needs, under
// names that change with their content. Only opening a page is its business: what is sent, and every answer of the server,
// passes it by and is never kept. KEPT is written above this by the server.

const STORE = `madoguchi ${KEPT.files.join()}`;
const WEEK = 7 * 24 * 3600 * 1000;
const ANYHOW = { ignoreVary: true };

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(KEPT.files)));
});

addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  await registration.navigationPreload?.enable();
  const before = await caches.match(KEPT.page, ANYHOW);
  for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
  if (before) await keep(before.headers.get("Content-Language"));
}

// An open page says which language it is in.
addEventListener("message", (event) => event.waitUntil(keep(event.data)));

async function keep(language) {
  const store = await caches.open(STORE);
  const kept = await store.match(KEPT.page, ANYHOW);
  const fresh = kept && Date.now() - Date.parse(kept.headers.get("Date")) < WEEK;
  if (fresh && kept.headers.get("Content-Language") === language) return;
  const answer = await fetch(`${KEPT.page}?lang=${encodeURIComponent(language)}`, { credentials: "omit" });
  if (answer.ok) await store.put(KEPT.page, answer);
}

addEventListener("fetch", (event) => {
  const { method, mode, destination, url } = event.request;
  if (method !== "GET") return;
  const { origin, pathname, search } = new URL(url);
  if (mode === "navigate" && destination === "document") event.respondWith(open(event));
  else if (origin === location.origin && KEPT.files.includes(pathname + search)) event.respondWith(file(event.request));
});

async function open(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(KEPT.page, ANYHOW)) ?? Response.error();
  }
}

async function file(request) {
  return (await caches.match(request, ANYHOW)) ?? fetch(request);
}
