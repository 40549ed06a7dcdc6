// What a guest typed at the checkout, kept in this tab until it is ordered. Nowhere else.

const KEPT = "checkout ";
const OURS = ["total", "key", "promised", "quote"]; // the house's words, made anew with every page

export function keep(form) {
  const typed = [...new FormData(form)].filter(([name]) => !OURS.includes(name));
  sessionStorage.setItem(KEPT + form.action, JSON.stringify(Object.fromEntries(typed)));
}

export function keptOf(form) {
  return JSON.parse(sessionStorage.getItem(KEPT + form.action) ?? "{}");
}

/** Ordered: nobody who uses this tab next shall find it. */
export function forgetAll() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
}
