// Less and more beside every number field; a field in a form with `data-steps` is sent at once.
export function wire(root) {
  for (const counter of root.querySelectorAll("[data-counter]:not([data-wired])")) {
    counter.dataset.wired = "";
    const field = counter.querySelector("input");
    const step = (by) => {
      const before = field.value;
      if (by > 0) field.stepUp();
      else field.stepDown();
      if (field.value !== before) field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    for (const [name, by] of [["[data-less]", -1], ["[data-more]", 1]]) {
      const button = counter.querySelector(name);
      button.hidden = false;
      button.addEventListener("click", () => step(by));
    }
  }
  for (const button of root.querySelectorAll("[data-scriptless]")) button.hidden = true;
}

document.addEventListener("change", (event) => {
  event.target.closest?.("form[data-steps]")?.requestSubmit();
});
document.addEventListener("htmx:after:swap", () => wire(document));
wire(document);
