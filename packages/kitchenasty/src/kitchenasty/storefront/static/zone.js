// Times are those of the house. Where the guest's clock shows others, the page says so.

/** Show the notes of the house's zone to whoever's own clock differs from it now. */
export function tellZone(root) {
  for (const note of root.querySelectorAll("[data-zone]")) {
    note.hidden = offsetIn(note.dataset.zone) === offsetIn(undefined);
  }
}

function offsetIn(timeZone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(new Date());
  return parts.find((part) => part.type === "timeZoneName").value;
}
