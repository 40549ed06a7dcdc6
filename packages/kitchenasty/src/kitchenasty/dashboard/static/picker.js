// The arrows walk through the pictures as they lie: left and right, and up and down by rows.
const picker = document.querySelector("[data-picker]");

function columns(buttons) {
  const top = buttons[0].offsetTop;
  const below = buttons.findIndex((button) => button.offsetTop > top);
  return below < 0 ? buttons.length : below;
}

picker?.addEventListener("keydown", (event) => {
  const buttons = [...picker.querySelectorAll("button")];
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(buttons), ArrowDown: columns(buttons) };
  const next = buttons[buttons.indexOf(document.activeElement) + (steps[event.key] ?? NaN)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
