// Remix: an earlier request with some of it changed; only what was changed is sent.

import { once, post, startKey, tell } from "./api.js";
import { dialogOf, onOpen } from "./dialogs.js";
import { numberIn } from "./numbers.js";
import { filled, texts } from "./opening.js";

export function setUpRemix(cards) {
  const dialog = dialogOf("remix");
  const form = dialog.querySelector("form");
  const line = dialog.querySelector(".error");
  const field = (name) => form.elements[name];
  let asked = null;
  let key = startKey();

  const fill = (name, value) => { field(name).value = field(name).defaultValue = String(value); };
  const isChanged = (name) => field(name).value !== field(name).defaultValue;

  onOpen("remix", dialog, (detail) => {
    asked = detail;
    key = startKey();
    tell(line, "");
    const { card, picture } = detail;
    fill("prompt", card.prompt);
    fill("seed", picture.seed);
    fill("steps", card.steps);
    fill("guidance", card.guidance);
    field("aspect").options[0].textContent = filled("form-keep-size", { width: card.width, height: card.height });
    field("aspect").value = "";
  });

  function changes() {
    const json = { picture: asked.index };
    if (field("aspect").value) json.aspect = field("aspect").value;
    if (isChanged("prompt")) json.prompt = field("prompt").value;
    if (isChanged("seed")) json.seed = numberIn(field("seed"), true) ?? -1;
    if (isChanged("steps")) json.steps = numberIn(field("steps"), true);
    if (isChanged("guidance")) json.guidance = numberIn(field("guidance"));
    return json;
  }

  form.addEventListener("input", () => { key = startKey(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form.querySelector(".primary"), line, async () => {
      const card = await post(`/api/jobs/${asked.card.id}/remix`, { json: changes(), key, texts });
      dialog.close();
      cards.add(card);
    });
  });
}
