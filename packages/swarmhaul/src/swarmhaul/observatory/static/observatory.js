// What every page of the observatory does: times in the viewer's zone, keys that can be copied, and
// a page that stays true because the market's stream says when to read it again.
import { trusted } from "/static/js/trust.js";

const TOPICS = ["job.listed", "job.moved", "bid.placed", "bid.withdrawn", "leg.moved"];
const GATHER_MS = 250;
const RETRY_MS = 5_000;
const ANSWER_MS = 15_000;
const clock = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

function settle(root) {
  for (const one of root.querySelectorAll("time[datetime]")) {
    one.title = one.textContent;
    one.textContent = clock.format(new Date(one.dateTime));
  }
  for (const one of root.querySelectorAll("[data-copy]")) one.hidden = !navigator.clipboard;
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say("Copied");
}

const heard = document.getElementById("heard");
function say(words, isLive = heard.classList.contains("is-live")) {
  heard.classList.toggle("is-live", isLive);
  heard.querySelector("span").textContent = words;
}

// What is shown keeps its place: the focus, and what was unfolded.
function put(fresh) {
  const shown = document.getElementById(fresh.id);
  if (!shown || shown.dataset.source === fresh.outerHTML) return;
  const source = fresh.outerHTML;
  const focused = shown.contains(document.activeElement) ? document.activeElement : null;
  const address = focused?.id ? `#${CSS.escape(focused.id)}` : focused?.getAttribute("href") && `[href="${CSS.escape(focused.getAttribute("href"))}"]`;
  for (const one of shown.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(one.id)}`);
    if (same) same.open = true;
  }
  settle(fresh);
  shown.replaceWith(fresh);
  fresh.dataset.source = source;
  if (focused) (address ? fresh.querySelector(address) ?? fresh : fresh).focus?.();
}

let reading = null;
let isAskedAgain = false;
function refresh() {
  isAskedAgain = reading !== null;
  reading ??= readAgain().finally(() => {
    reading = null;
    if (isAskedAgain) refresh();
  });
}

async function readAgain() {
  await new Promise((done) => setTimeout(done, GATHER_MS));
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html");
    document.body.dataset.since = page.body.dataset.since;
    for (const fresh of page.querySelectorAll("[data-live]")) put(document.adoptNode(fresh));
    document.dispatchEvent(new CustomEvent("market:shown"));
  } catch {
    setTimeout(refresh, RETRY_MS);
  }
}

function follow() {
  heard.hidden = false;
  const { about, since } = document.body.dataset;
  const source = new EventSource(`/api/events/stream?since=${since}`);
  const hear = (event) => {
    if (!about || JSON.parse(event.data).payload.job_id === about) refresh();
  };
  for (const topic of TOPICS) source.addEventListener(topic, hear);
  source.addEventListener("open", () => say(heard.dataset.liveWords, true));
  source.addEventListener("error", () => {
    say(heard.dataset.awayWords, false);
    if (source.readyState !== EventSource.CLOSED) return;
    // It was refused, and does not try again by itself: read the page, and follow from there.
    setTimeout(() => readAgain().then(follow), RETRY_MS);
  });
}

settle(document);
document.addEventListener("click", copy);
if (document.body.dataset.since && document.querySelector("[data-live]")) follow();
