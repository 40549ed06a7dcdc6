// Follows the order: shows the page's own words again whenever it moved.
import { followPage } from "/static/js/same_page.js";
import { forgetAll } from "./typed.js";
import { tellZone } from "./zone.js";

const now = () => document.getElementById("tracking");

function show(fresh) {
  const old = now();
  const hadFocus = old.contains(document.activeElement);
  const open = old.querySelector("details")?.open ?? false;
  const typed = old.querySelector("[name=reason]")?.value ?? "";
  tellNewPromise(old, fresh);
  old.replaceWith(fresh);
  settle();
  const details = fresh.querySelector("details");
  if (details !== null) {
    details.open = open;
    details.querySelector("[name=reason]").value = typed;
  }
  if (hadFocus) document.getElementById("content").focus();
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

function settle() {
  for (const link of document.querySelectorAll("[data-scriptless]")) link.hidden = true;
  tellZone(document);
}

settle();
forgetAll();
const { follower } = followPage({
  topic: `order:${now().dataset.order}`,
  holder: now,
  address: () => location.href,
  show,
});
if (follower !== null) {
  setInterval(() => {
    const seconds = now().querySelector("[data-silent-seconds]");
    if (seconds) seconds.textContent = String(follower.silentSeconds);
  }, 1_000);
}
