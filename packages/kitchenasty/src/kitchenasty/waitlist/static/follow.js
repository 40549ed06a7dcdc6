// Follows one place in the line: listens at /live, and shows the page's own words again whenever the
// house or a free table changed something.
import { connect } from "/static/js/live.js";
import { trusted } from "/static/js/trust.js";

const RETRY_MS = 2_000;
const now = () => document.getElementById("waiting-now");
const topic = `waiting:${now().dataset.waiting}`;
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
    const answer = await fetch(location.pathname.replace(/\/(accept|leave)$/, ""), { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html");
    const fresh = page.getElementById("waiting-now");
    if (fresh === null) return;
    show(fresh, page.title);
  } catch {
    setTimeout(refresh, RETRY_MS);
  }
}

function show(fresh, title) {
  fresh.querySelector("[data-silent]").hidden = now().querySelector("[data-silent]").hidden;
  const hadFocus = now().contains(document.activeElement);
  const said = now().querySelector("[role=status]").textContent;
  now().replaceWith(fresh);
  document.title = title;
  if (hadFocus) document.getElementById("content").focus();
  // A status that comes with its words already in it is not read out: write them once more.
  const status = fresh.querySelector("[role=status] strong");
  const words = status.textContent;
  if (words !== said.trim()) {
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = words; });
  }
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
