// Follows the order: listens at /live, and shows the page's own words again whenever it moved.
import { trusted } from "/static/js/trust.js";

const SILENT_MS = 25_000;
const RETRY_MS_MAX = 15_000;

const now = () => document.getElementById("tracking");
let heardAt = Date.now();
let since = Number(now().dataset.since);
let retryMs = 1_000;
let socket = null;

function heard() {
  heardAt = Date.now();
  retryMs = 1_000;
  now().querySelector("[data-silent]").hidden = true;
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html");
  const fresh = page.getElementById("tracking");
  if (fresh === null) return;
  const hadFocus = now().contains(document.activeElement);
  const open = now().querySelector("details")?.open ?? false;
  now().replaceWith(fresh);
  settle();
  const details = fresh.querySelector("details");
  if (details !== null) details.open = open;
  if (hadFocus) document.getElementById("content").focus();
  document.title = page.title;
}

function join() {
  const { order, capability } = now().dataset;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  socket.addEventListener("open", () => {
    socket.send(JSON.stringify({ join: { topic: `order:${order}`, capability, since } }));
  });
  socket.addEventListener("message", (event) => {
    heard();
    const message = JSON.parse(event.data);
    if (message.topic === undefined || message.seq === undefined) return;
    since = Math.max(since, message.seq);
    if (message.name !== undefined) refresh().catch(() => {});
  });
  socket.addEventListener("close", () => {
    socket = null;
    if ("over" in now().dataset) return;
    setTimeout(() => { refresh().catch(() => {}); join(); }, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  });
}

function settle() {
  for (const link of document.querySelectorAll("[data-scriptless]")) link.hidden = true;
}

setInterval(() => {
  if ("over" in now().dataset || Date.now() - heardAt < SILENT_MS) return;
  now().querySelector("[data-silent]").hidden = false;
  socket?.close();
}, 5_000);

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh().catch(() => {});
});
settle();
if (!("over" in now().dataset)) join();
