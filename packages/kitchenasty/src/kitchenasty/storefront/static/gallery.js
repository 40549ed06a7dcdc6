// A lightbox over the pictures of a gallery. Without script each picture is a link to itself.

const links = [...document.querySelectorAll("[data-gallery] a")];
const box = document.querySelector("[data-lightbox]");
const SWIPE_PIXELS = 40;
let here = 0;
let began = null;

function show(index) {
  here = (index + links.length) % links.length;
  const small = links[here].querySelector("img");
  const large = box.querySelector("img");
  large.src = links[here].href;
  large.alt = small.alt;
  box.querySelector("figcaption").textContent = `${small.alt} (${here + 1}/${links.length})`;
}

function close() {
  box.close();
}

if (box) {
  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // their own window, as asked
    event.preventDefault();
    show(index);
    box.showModal();
  }));
  box.addEventListener("close", () => links[here].focus());
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in steps) show(here + steps[event.key]);
    if (event.key === "Home") show(0);
    if (event.key === "End") show(links.length - 1);
  });
  for (const button of box.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => show(here + Number(button.dataset.step)));
    button.hidden = links.length < 2;
  }
  box.querySelector("[data-close]").addEventListener("click", close);
  box.addEventListener("click", (event) => { if (event.target === box) close(); });
  box.addEventListener("pointerdown", (event) => { began = event.clientX; });
  box.addEventListener("pointerup", (event) => {
    const moved = began === null ? 0 : event.clientX - began;
    began = null;
    if (Math.abs(moved) > SWIPE_PIXELS) show(here - Math.sign(moved));
  });
}
