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
