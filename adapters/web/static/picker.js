// Saved styles: put one into the form, draw in several of them at once, or save the form's style pictures as one.

import { get, once, post, tell } from "./api.js";
import { dialogOf, onOpen } from "./dialogs.js";
import { filled, opening, texts } from "./opening.js";

export function setUpPicker(drops, drawGrid) {
  const dialog = dialogOf("picker");
  const line = dialog.querySelector(".error");
  const list = dialog.querySelector(".picker-cards");
  const none = dialog.querySelector(".picker-none");
  const search = document.getElementById("picker-search");
  const name = document.getElementById("picker-name");
  const [use, grid, save] = ["use", "grid", "save"].map((one) => dialog.querySelector(`.picker-${one}`));
  const template = dialog.querySelector("template").content.firstElementChild;
  let styles = [];

  const chosen = () => styles.filter(({ id }) => list.querySelector(`input[value="${id}"]:checked`));
  const pictures = () => chosen().flatMap((style) => style.picture_urls.map((url) => ({ url, name: style.name })));

  function draw(style) {
    const node = template.cloneNode(true);
    node.querySelector("input").value = style.id;
    node.querySelector("img").src = style.thumbnail_urls[0];
    node.querySelector("span").textContent = style.name;
    return node;
  }

  // What can be done with the chosen ones is said on the buttons, and why not when they are pressed.
  function adapt() {
    const count = chosen().length;
    grid.textContent = filled("create-grid", { count });
    grid.hidden = count < opening.grid_styles[0];
    use.hidden = count < 1 || pictures().length > drops.styles.length;
  }

  function filter() {
    const words = search.value.trim().toLocaleLowerCase();
    for (const node of list.children) node.hidden = !node.textContent.toLocaleLowerCase().includes(words);
  }

  onOpen("picker", dialog, async () => {
    tell(line, "");
    search.value = name.value = "";
    save.closest("form").hidden = !drops.styles.some((drop) => drop.file);
    try {
      ({ styles } = await get("/api/styles", texts));
    } catch (error) {
      tell(line, error.message);
    }
    list.replaceChildren(...styles.map(draw));
    none.hidden = styles.length > 0;
    search.closest(".field").hidden = styles.length === 0;
    adapt();
  });

  list.addEventListener("change", adapt);
  search.addEventListener("input", filter);
  use.addEventListener("click", () => once(use, line, async () => {
    await drops.useStyles(pictures());
    dialog.close();
  }));
  grid.addEventListener("click", () => once(grid, line, async () => {
    const [low, high] = opening.grid_styles;
    const ids = chosen().map(({ id }) => id);
    if (ids.length > high) throw new Error(filled("create-grid-bounds", { low, high }));
    await drawGrid(ids);
    dialog.close();
  }));
  save.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    once(save, line, async () => {
      const body = new FormData();
      body.set("name", name.value);
      for (const drop of drops.styles) if (drop.file) body.append("picture", drop.file);
      const style = await post("/api/styles", { body, texts });
      styles.push(style);
      list.append(draw(style));
      none.hidden = true;
      name.value = "";
    });
  });
}
