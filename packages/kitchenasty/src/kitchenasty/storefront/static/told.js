// What went wrong with a tap is said in words; what htmx does not show would be lost.
import { trusted } from "/static/js/trust.js";

const AWAY = document.getElementById("toasts").dataset.away;

export function tell(words) {
  const told = document.createElement("p");
  told.textContent = words;
  document.getElementById("toasts").replaceChildren(told);
}

document.addEventListener("htmx:response:error", ({ detail }) => {
  const answer = new DOMParser().parseFromString(trusted.createHTML(detail.ctx.text), "text/html");
  tell(answer.body.textContent.trim());
});
document.addEventListener("htmx:error", () => tell(AWAY));

// Come back by the browser's own button: the page is as it was left, and the cart has moved on.
async function renewCart() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html");
  for (const id of ["cart-link", "cartbar"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
}

addEventListener("pageshow", ({ persisted }) => {
  const [came] = performance.getEntriesByType("navigation");
  const mayBeOld = persisted || came?.type === "back_forward";
  if (mayBeOld && document.getElementById("cart-link")) renewCart().catch(() => {});
});
