// Shows what the dish costs as chosen. It only shows: the server knows the price by itself.
import "./counter.js";

const form = document.querySelector("[data-dish]");
const total = form.querySelector("[data-total]");
const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency });
const scale = 10 ** format.resolvedOptions().maximumFractionDigits;

function minorOf(group) {
  let sum = 0;
  for (const option of group.querySelectorAll("option:checked, input:checked")) sum += Number(option.dataset.minor ?? 0);
  for (const each of group.querySelectorAll("[data-each]")) sum += Number(each.dataset.each) * Number(each.querySelector("input").value);
  return sum;
}

function hold(group) {
  const most = Number(group.dataset.most);
  if (group.dataset.display !== "CHECKBOX") return;
  const boxes = [...group.querySelectorAll("input")];
  const isFull = boxes.filter((box) => box.checked).length >= most;
  for (const box of boxes) box.disabled = isFull && !box.checked;
}

function show() {
  const groups = [...form.querySelectorAll("[data-least]")];
  groups.forEach(hold);
  const one = groups.reduce((sum, group) => sum + minorOf(group), Number(form.dataset.base));
  const portions = Number(form.elements.quantity.value) || 0;
  total.value = format.format((Math.max(0, one) * portions) / scale);
}

form.addEventListener("input", show);
form.addEventListener("change", show);
window.addEventListener("pageshow", show);
show();
