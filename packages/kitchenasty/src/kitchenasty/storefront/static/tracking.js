// Follows the order: listens at /live, and shows the page's own words again whenever it moved.
import { connect } from "/static/js/live.js";
import { trusted } from "/static/js/trust.js";
import { forgetAll } from "./typed.js";
import { tellZone } from "./zone.js";

const RETRY_MS = 2_000;
const now = () => document.getElementById("tracking");
const isOver = () => "over" in now().dataset;
const topic = `order:${now().dataset.order}`;
let follower = null;
let reading = null;
let isAskedAgain = false;

/** Read the page again; asked while it is being read, once more afterwards. */
function refresh() {
  isAskedAgain = reading !== null;
  reading ??= readAgain().finally(() => {
    reading = null;
    if (isAskedAgain) refresh();
  });
}

async function readAgain() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html"));
  } catch {
    setTimeout(refresh, RETRY_MS);
  }
}

function show(page) {
  const fresh = page.getElementById("tracking");
  if (fresh === null) return;
  const old = now();
  const hadFocus = old.contains(document.activeElement);
  const open = old.querySelector("details")?.open ?? false;
  const typed = old.querySelector("[name=reason]")?.value ?? "";
  fresh.querySelector("[data-silent]").hidden = old.querySelector("[data-silent]").hidden;
  tellNewPromise(old, fresh);
  old.replaceWith(fresh);
  settle();
  const details = fresh.querySelector("details");
  if (details !== null) {
    details.open = open;
    details.querySelector("[name=reason]").value = typed;
  }
  if (hadFocus) document.getElementById("content").focus();
  document.title = page.title;
  if (isOver()) follower?.close();
}

/** The notice is in the page; it says from when to when, once the time has moved. */
function tellNewPromise(old, fresh) {
  const [before, after] = [old, fresh].map((each) => each.querySelector(".promise time"));
  const known = old.querySelector("[data-moved]");
  const notice = fresh.querySelector("[data-moved]");
  if (!before || !after || !notice) return;
  const isNew = before.dateTime !== after.dateTime;
  if (!isNew && (!known || known.hidden)) return;
  notice.hidden = false;
  notice.querySelector("s").textContent = isNew ? before.textContent : known.querySelector("s").textContent;
}

function tellSilence(state) {
  now().querySelector("[data-silent]").hidden = state !== "stale";
}

function settle() {
  for (const link of document.querySelectorAll("[data-scriptless]")) link.hidden = true;
  tellZone(document);
}

settle();
forgetAll();
if (!isOver()) {
  follower = connect({
    topics: [{ topic, capability: now().dataset.capability }],
    since: { [topic]: Number(now().dataset.since) },
    staleSeconds: Number(now().dataset.staleSeconds),
    onMessage: refresh,
    onResync: refresh,
    onState: tellSilence,
  });
  setInterval(() => {
    const seconds = now().querySelector("[data-silent-seconds]");
    if (seconds) seconds.textContent = String(follower.silentSeconds);
  }, 1_000);
}
