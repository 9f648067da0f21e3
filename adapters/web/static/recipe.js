// A recipe: by its id, or out of a file. Made again as it was, or filled into the form.

import { once, post, startKey, tell } from "./api.js";
import { dialogOf, onOpen, showLines } from "./dialogs.js";
import { texts } from "./opening.js";

export function setUpRecipe(form, cards) {
  const dialog = dialogOf("recipe");
  const line = dialog.querySelector(".error");
  const again = dialog.querySelector("form");
  const id = document.getElementById("recipe-id");
  const file = document.getElementById("recipe-file");
  const lines = dialog.querySelector(".recipe-lines");
  const fill = dialog.querySelector(".recipe-fill");
  let found = null;
  let key = startKey();

  function clear() {
    found = null;
    fill.hidden = true;
    showLines(lines, []);
    tell(line, "");
  }

  onOpen("recipe", dialog, () => {
    clear();
    again.reset();
    key = startKey();
  });
  id.addEventListener("input", () => { key = startKey(); });
  again.addEventListener("submit", (event) => {
    event.preventDefault();
    once(again.querySelector(".primary"), line, async () => {
      const card = await post(`/api/recipes/${encodeURIComponent(id.value.trim() || "-")}/repeat`, { key, texts });
      dialog.close();
      cards.add(card);
    });
  });
  file.addEventListener("change", () => once(file, line, async () => {
    clear();
    if (!file.files.length) return;
    const body = new FormData();
    body.set("picture", file.files[0]);
    const read = await post("/api/recipes/read", { body, texts });
    showLines(lines, read.lines);
    ({ found } = read);
    fill.hidden = !found;
    if (found?.recipe) id.value = found.recipe;
    key = startKey();
  }));
  fill.addEventListener("click", () => {
    fillIn(form, found);
    dialog.close();
    document.getElementById("prompt").focus();
  });
}

function fillIn(form, recipe) {
  const size = `${recipe.width}x${recipe.height}`;
  const aspects = [...form.querySelectorAll('[name="aspect"]')];
  const aspect = aspects.find((input) => input.dataset.size === size) ?? document.getElementById("aspect-custom");
  aspect.checked = true;
  form.elements.prompt.value = recipe.prompt;
  for (const name of ["width", "height", "steps", "guidance", "seed", "subject_size"]) {
    form.elements[name].value = String(recipe[name]);
  }
  form.querySelector('[name="count"][value="1"]').checked = true;
  form.querySelector(".more").open = true;
  form.dispatchEvent(new Event("change", { bubbles: true }));
}
