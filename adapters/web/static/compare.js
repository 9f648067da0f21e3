// A picture beside what it was made from, or over it with a slider between.

import { dialogOf, onOpen } from "./dialogs.js";

export function setUpCompare() {
  const dialog = dialogOf("compare");
  const stage = dialog.querySelector(".compare-stage");
  const [reference, result] = stage.querySelectorAll("img");
  const referenceLabel = stage.querySelector(".compare-label");
  const slider = dialog.querySelector(".compare-slider");
  const choices = dialog.querySelector(".compare-references");
  const template = dialog.querySelector("template").content.firstElementChild;
  let card = null;

  function show() {
    const chosen = choices.querySelector(":checked").value;
    const shown = card.references.find(({ place }) => place === chosen);
    reference.src = shown.url;
    reference.alt = referenceLabel.textContent = shown.label;
    const view = dialog.querySelector('[name="compare-view"]:checked').value;
    stage.dataset.view = view;
    slider.hidden = view !== "slider";
    split();
  }

  // Left of the line is the reference, right of it the result.
  function split() {
    stage.style.setProperty("--split", `${slider.value}%`);
  }

  onOpen("compare", dialog, (detail) => {
    ({ card } = detail);
    choices.replaceChildren(...card.references.map(({ place, label }, position) => {
      const chip = template.cloneNode(true);
      const input = chip.querySelector("input");
      input.value = place;
      input.checked = position === 0;
      chip.querySelector("span").textContent = label;
      return chip;
    }));
    result.src = detail.picture.url;
    result.alt = detail.picture.alt;
    stage.style.setProperty("--ratio", String(detail.picture.width / detail.picture.height));
    slider.value = "50";
    show();
  });
  dialog.addEventListener("change", show);
  slider.addEventListener("input", split);
  stage.addEventListener("pointermove", (event) => {
    if (stage.dataset.view !== "slider" || event.buttons === 0) return;
    const box = stage.getBoundingClientRect();
    slider.value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
    split();
  });
}
