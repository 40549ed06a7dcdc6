// Follows one reservation: listens at /live, and shows the page's own words again whenever the house
// or its guest changed something.
import { connect } from "/static/js/live.js";
import { trusted } from "/static/js/trust.js";

const RETRY_MS = 2_000;
const now = () => document.getElementById("reservation-now");
const acts = () => document.getElementById("reservation-acts");
const topic = `reservation:${now().dataset.reservation}`;
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
    const answer = await fetch(location.pathname.replace(/\/(change|cancel)$/, ""), { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html"));
  } catch {
    setTimeout(refresh, RETRY_MS);
  }
}

/** A form that is open stays as it is typed, unless there is nothing to change any more. */
function show(page) {
  const [fresh, forms] = ["reservation-now", "reservation-acts"].map((id) => page.getElementById(id));
  if (fresh === null || forms === null) return;
  fresh.querySelector("[data-silent]").hidden = now().querySelector("[data-silent]").hidden;
  const isTyped = acts().querySelector("details[open]") !== null && forms.querySelector("details") !== null;
  const hadFocus = now().contains(document.activeElement) || (!isTyped && acts().contains(document.activeElement));
  now().replaceWith(fresh);
  if (!isTyped) acts().replaceWith(forms);
  if (hadFocus) document.getElementById("content").focus();
  document.title = page.title;
  if ("over" in fresh.dataset) follower?.close();
}

function tellSilence(state) {
  now().querySelector("[data-silent]").hidden = state !== "stale";
}

if (!("over" in now().dataset)) {
  follower = connect({
    topics: [{ topic, capability: now().dataset.capability }],
    since: { [topic]: Number(now().dataset.since) },
    staleSeconds: Number(now().dataset.staleSeconds),
    onMessage: refresh,
    onResync: refresh,
    onState: tellSilence,
  });
}
