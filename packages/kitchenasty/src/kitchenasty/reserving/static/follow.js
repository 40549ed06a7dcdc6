// Follows one reservation, whoever changed something: the house or its guest.
import { followPage } from "/static/js/same_page.js";

const now = () => document.getElementById("reservation-now");
const acts = () => document.getElementById("reservation-acts");

/** A form that is open stays as it is typed, unless there is nothing to change any more. */
function show(fresh, page) {
  const forms = page.getElementById("reservation-acts");
  const isTyped = acts().querySelector("details[open]") !== null && forms.querySelector("details") !== null;
  const hadFocus = now().contains(document.activeElement) || (!isTyped && acts().contains(document.activeElement));
  now().replaceWith(fresh);
  if (!isTyped) acts().replaceWith(forms);
  if (hadFocus) document.getElementById("content").focus();
}

followPage({
  topic: `reservation:${now().dataset.reservation}`,
  address: () => location.pathname.replace(/\/(change|cancel)$/, ""),
  holder: now,
  show,
});
