// Keeps the shell of the boards, so that a reload without network still shows the last one.
// The network always comes first; what is kept is forgotten as soon as somebody signs out.
const NAME = "kitchen-1";
const PATIENCE_MS = 5000;
const SHELL = /^\/static\/(vendor|js|kitchen|css)\/|^\/static\/.*\.(css|svg)$/;
const BOARD = /^\/kitchen\/[^/]+$/;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("kitchen-") && name !== NAME;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  // The page that installed us was loaded before we could see its requests.
  if (event.data?.keep) event.waitUntil(caches.open(NAME).then((kept) => Promise.allSettled(event.data.keep.map((path) => kept.add(path)))));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (SHELL.test(url.pathname) || (BOARD.test(url.pathname) && event.request.mode === "navigate")) {
    event.respondWith(fromNetworkElseKept(event.request));
  }
});

async function fromNetworkElseKept(request) {
  try {
    // A frozen server takes connections and never answers.
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !answer.redirected) {
      const kept = await caches.open(NAME);
      await kept.put(request, answer.clone());
    } else if (request.mode === "navigate") await caches.delete(NAME);
    return answer;
  } catch (away) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw away;
  }
}
