// The tables of a house as they are now: hears that something changed, and shows the page's own
// part again.
import { connect } from "/static/js/live.js";
import { trusted } from "/static/js/trust.js";
import { isMoving, watchMoves } from "/static/dashboard/moving.js";

const RETRY_MS = 2_000;
const MINUTE_MS = 60_000;
const now = () => document.getElementById("tables-now");
const topic = now().dataset.live;
let reading = null;
let isAskedAgain = false;

/** Read the page again; asked while it is being read, once more afterwards. */
function refresh() {
  if (isMoving()) return void (isAskedAgain = true);
  isAskedAgain = reading !== null;
  reading ??= readAgain().finally(() => {
    reading = null;
    if (isAskedAgain) refresh();
  });
}

async function readAgain() {
  try {
    const answer = await fetch(now().dataset.here, { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html"));
  } catch {
    setTimeout(refresh, RETRY_MS);
  }
}

/** What is being typed in the panel stays; only the part that tells how things are is new. */
function show(page) {
  const fresh = page.getElementById("tables-now");
  if (fresh === null) return;
  if (isMoving()) return void (isAskedAgain = true);
  const old = now();
  const left = old.querySelector(".timeline-scroll")?.scrollLeft;
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const open = old.querySelector("details.fold")?.open ?? false;
  fresh.querySelector("[data-silent]").hidden = old.querySelector("[data-silent]").hidden;
  old.replaceWith(fresh);
  const scroll = fresh.querySelector(".timeline-scroll");
  if (scroll && left !== undefined) scroll.scrollLeft = left;
  const details = fresh.querySelector("details.fold");
  if (details) details.open = open;
  if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function scrollToNow() {
  const line = document.querySelector("[data-now]");
  const scroll = document.querySelector(".timeline-scroll");
  if (line && scroll) scroll.scrollLeft = Number(line.dataset.now) - scroll.clientWidth / 3;
}

scrollToNow();
watchMoves(() => isAskedAgain && refresh());
connect({
  topics: [topic],
  since: { [topic]: Number(now().dataset.since) },
  staleSeconds: Number(now().dataset.staleSeconds),
  onMessage: refresh,
  onResync: refresh,
  onState: (state) => {
    now().querySelector("[data-silent]").hidden = state !== "stale";
  },
});
setInterval(refresh, MINUTE_MS);
