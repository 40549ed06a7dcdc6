// Keeps what was typed while the guest looks elsewhere, and says what the button is doing.
import { keep, keptOf } from "./typed.js";
import { tellZone } from "./zone.js";

const SLOW_MS = 8_000;
const form = () => document.getElementById("checkout");
const button = () => form().querySelector("aside button.main");
let calm = button().textContent;
let timer = 0;
let focused = null;

// --- what was typed -----------------------------------------------------------------------------

/** Into the fields with what was typed before; answers whether a choice changed with it. */
function fillIn(onlyText) {
  let isOther = false;
  for (const [name, value] of Object.entries(keptOf(form()))) {
    const field = form().elements[name];
    const isChoice = field instanceof RadioNodeList || field instanceof HTMLSelectElement;
    if (!field || field.value === value || (isChoice && onlyText)) continue;
    field.value = value;
    isOther ||= isChoice && field.value === value;
  }
  return isOther;
}

document.addEventListener("input", () => keep(form()));
document.addEventListener("change", () => keep(form()));

// Enter in the coupon's field is about the coupon, not yet the order.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "coupon") return;
  event.preventDefault();
  document.getElementById("apply").click();
});

// --- another choice, another total --------------------------------------------------------------

document.addEventListener("htmx:before:request", () => {
  const { name, value } = document.activeElement;
  focused = name ? { name, value } : null;
  button().disabled = true;
});
document.addEventListener("htmx:finally:request", () => {
  button().disabled = false;
});
document.addEventListener("htmx:after:swap", () => {
  // Typed while the answer was on its way.
  fillIn(true);
  tellZone(form());
  if (!focused || document.activeElement !== document.body) return;
  const same = [...form().elements].filter((each) => each.name === focused.name);
  (same.find((each) => each.value === focused.value) ?? same[0])?.focus();
});

// --- ordering -----------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  if (event.target !== form() || event.submitter?.formAction.endsWith("/look")) return;
  if (form().dataset.busy) return event.preventDefault();
  calm = button().textContent;
  say("busy");
  timer = setTimeout(() => say("slow"), SLOW_MS);
});

function say(state) {
  form().dataset.busy = state;
  button().setAttribute("aria-disabled", "true");
  button().textContent = button().dataset[state];
}

// Come back by the browser's own button: the page is as it was left, with its button at work.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  clearTimeout(timer);
  delete form().dataset.busy;
  button().removeAttribute("aria-disabled");
  button().textContent = calm;
});

tellZone(form());
if ("refused" in form().dataset) keep(form());
else if (form().querySelector("[data-htmx-powered]")) comeBack();
else document.addEventListener("htmx:after:process", comeBack, { once: true });

/** Not before htmx listens, which it may do before this script has come: another choice than the
 *  page's asks for its total and its times. */
function comeBack() {
  if (fillIn(false)) form().querySelector("[name=order_type]:checked, [name=when]").dispatchEvent(new Event("change", { bubbles: true }));
}
