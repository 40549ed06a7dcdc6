// Picks a place on the map for the question whether the house delivers there.
import { GroundMap, make } from "/static/js/map.js";

const root = document.getElementById("place-map");
const field = document.getElementById("field-place");

const placeTyped = () => {
  const found = field.value.match(/^\s*(-?\d+(?:\.\d+)?)[\s,;]+(-?\d+(?:\.\d+)?)\s*$/);
  return found ? [Number(found[2]), Number(found[1])] : null;
};

const drawPin = () => {
  const place = placeTyped();
  if (!place) return [];
  const [x, y] = map.place(place);
  return [make("path", { class: "pin", d: `M${x} ${y} l-7 -16 a8 8 0 1 1 14 0 Z` })];
};

const ask = ([lng, lat]) => {
  field.value = `${lat}, ${lng}`;
  // A place that was picked is asked about as it is, whatever code stood beside the last one.
  document.getElementById("field-postalCode").value = "";
  field.form.requestSubmit();
};

const map = new GroundMap(root, { tap: ask, draw: drawPin });
root.hidden = false;
const place = placeTyped();
map.fit(place ? [place] : []);
map.draw();
root.querySelector('[data-act="middle"]').addEventListener("click", () => ask(map.middle));
