// Keeps a page true: listens at /live, and reads the page again whenever something happened to what
// it shows. How the fresh part gets on the screen is the page's own affair.
import { connect } from "/static/js/live.js";
import { trusted } from "/static/js/trust.js";

const RETRY_MS = 2_000;
const ANSWER_MS = 10_000;

/**
 * `holder` gives the element whose data says from where on it is followed; its part of the page is
 * handed to `show`, with the whole page, whenever `address` was read again. While `isBusy`, nothing
 * is shown: whoever was busy asks for `refreshIfAsked` afterwards.
 */
export function followPage({ topic, holder, address, show, isBusy = () => false }) {
  let follower = null;
  let reading = null;
  let isAskedAgain = false;

  // Asked while it is being read, it is read once more afterwards.
  function refresh() {
    if (isBusy()) return void (isAskedAgain = true);
    isAskedAgain = reading !== null;
    reading ??= readAgain().finally(() => {
      reading = null;
      refreshIfAsked();
    });
  }

  function refreshIfAsked() {
    if (isAskedAgain) refresh();
  }

  async function readAgain() {
    try {
      const answer = await fetch(address(), { headers: { accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      put(new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html"));
    } catch {
      setTimeout(refresh, RETRY_MS);
    }
  }

  function put(page) {
    const fresh = page.getElementById(holder().id);
    if (fresh === null) return;
    if (isBusy()) return void (isAskedAgain = true);
    fresh.querySelector("[data-silent]").hidden = holder().querySelector("[data-silent]").hidden;
    show(fresh, page);
    document.title = page.title;
    if ("over" in fresh.dataset) follower?.close();
  }

  const { dataset } = holder();
  if (!("over" in dataset)) {
    follower = connect({
      topics: [dataset.capability ? { topic, capability: dataset.capability } : topic],
      since: { [topic]: Number(dataset.since) },
      staleSeconds: Number(dataset.staleSeconds),
      onMessage: refresh,
      onResync: refresh,
      onState: (state) => {
        holder().querySelector("[data-silent]").hidden = state !== "stale";
      },
    });
  }
  return { refresh, refreshIfAsked, follower };
}
