// Taking an order at a table: dishes are found while one types, and a tap does not move the page.
// Every button is one of a form that works without this.
import { trusted } from "/static/js/trust.js";

const form = document.getElementById("table-order");
let isAsking = false;

/** A tap that changes the order alone shows that part again; what leads elsewhere is a page. */
async function tap(event) {
  const button = event.submitter;
  if (!button || button.value === "send") return;
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  const focused = button.value;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)), headers: { accept: "text/html" }, signal: AbortSignal.timeout(10_000) });
    const page = new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html");
    if (page.getElementById("order-now") === null) throw new Error(String(answer.status));
    show(page, focused);
  } catch {
    // Whatever it was: the form itself gets an answer that can be read.
    isAsking = false;
    button.name = "do";
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "do", value: focused });
    form.append(field);
    form.submit();
  }
  isAsking = false;
}

function show(page, focused) {
  for (const field of form.querySelectorAll(":scope > input")) field.remove();
  form.prepend(...page.querySelectorAll("#table-order > input"));
  document.getElementById("order-now").replaceWith(page.getElementById("order-now"));
  const told = page.querySelector("[data-refusal], .notice.bad[role=alert]");
  document.querySelector("[data-refusal], .notice.bad[role=alert]")?.remove();
  if (told) form.before(told);
  const chosen = document.querySelector("#chosen input");
  (chosen ?? form.querySelector(`button[value="${CSS.escape(focused)}"]`))?.focus({ preventScroll: chosen === null });
}

function find(words) {
  const wanted = words.trim().toLowerCase();
  for (const dish of form.querySelectorAll("[data-dish]")) dish.hidden = !dish.dataset.dish.includes(wanted);
  for (const category of form.querySelectorAll("[data-category]")) category.hidden = category.querySelector("[data-dish]:not([hidden])") === null;
}

if (form) {
  form.addEventListener("submit", tap);
  const search = form.querySelector("[data-search-dishes]");
  search.hidden = false;
  search.addEventListener("input", (event) => find(event.target.value));
  // Enter in the search is no tap on the first button.
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
