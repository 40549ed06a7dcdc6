// The tables of a house as they are now: hears that something changed, and shows the page's own
// part again.
import { followPage } from "/static/js/same_page.js";
import { isMoving, watchMoves } from "/static/dashboard/moving.js";

const MINUTE_MS = 60_000;
const now = () => document.getElementById("tables-now");

/** What is being typed stays, in the panel and in the forms that are marked as kept; only the part
 * that tells how things are is new. */
function show(fresh) {
  const old = now();
  const left = old.querySelector(".timeline-scroll")?.scrollLeft;
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const isOverOpen = old.querySelector("#over")?.open ?? false;
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
const { refresh, refreshIfAsked } = followPage({
  topic: now().dataset.live,
  holder: now,
  address: () => now().dataset.here,
  show,
  isBusy: isMoving,
});
watchMoves(refreshIfAsked);
setInterval(refresh, MINUTE_MS);
