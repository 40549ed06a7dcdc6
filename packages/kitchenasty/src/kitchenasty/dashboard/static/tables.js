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

/** What is being typed stays, in the panel and in the forms that are marked as kept; only the part
 * that tells how things are is new. */
function show(page) {
  const fresh = page.getElementById("tables-now");
  if (fresh === null) return;
  if (isMoving()) return void (isAskedAgain = true);
  const old = now();
  const left = old.querySelector(".timeline-scroll")?.scrollLeft;
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const isOverOpen = old.querySelector("#over")?.open ?? false;
  fresh.querySelector("[data-silent]").hidden = old.querySelector("[data-silent]").hidden;
  const typing = keep(old, fresh);
  old.replaceWith(fresh);
  typing?.focus({ preventScroll: true });
  const scroll = fresh.querySelector(".timeline-scroll");
  if (scroll && left !== undefined) scroll.scrollLeft = left;
  const over = fresh.querySelector("#over");
  if (over) over.open = isOverOpen;
  if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** The forms that are there already stand in the new part as they are; answers the field in which
 * somebody types. */
function keep(old, fresh) {
  const typing = document.activeElement;
  const kept = [...old.querySelectorAll("[data-kept]")].filter((one) => {
    const place = fresh.querySelector(`[data-kept="${CSS.escape(one.dataset.kept)}"]`);
    place?.replaceWith(one);
    return place !== null;
  });
  return kept.some((one) => one.contains(typing)) ? typing : null;
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
