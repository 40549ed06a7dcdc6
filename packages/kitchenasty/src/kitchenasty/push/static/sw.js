// Shows what we tell a phone while no page of ours is open. It keeps nothing and rules no page.
self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title, body, link, tag } = read(event.data);
  const options = { body, data: { link }, icon: "/static/icon.svg" };
  if (tag) Object.assign(options, { tag, renotify: true });
  event.waitUntil(self.registration.showNotification(title, options));
});

/** Browsers want something shown for each message, also for one that cannot be read. */
function read(data) {
  try {
    const { title, body = "", link = "/", tag = "" } = data.json();
    return { title: String(title), body: String(body), link: String(link), tag: String(tag) };
  } catch {
    return { title: self.location.host, body: "", link: "/", tag: "" };
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.link ?? "/"));
});

/** The page that is open already, else a new one; of this site only. */
async function open(link) {
  const wanted = new URL(link, self.location.origin);
  if (wanted.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = pages.find((page) => page.url === wanted.href);
  await (shown ? shown.focus() : self.clients.openWindow(wanted.href));
}
