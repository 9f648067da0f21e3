// The settings of the person: language, visibility, shape, tray.

import { get, once, post, tell } from "./api.js";
import { dialogOf, onOpen } from "./dialogs.js";
import { texts } from "./opening.js";

export function setUpPreferences(form, say) {
  const dialog = dialogOf("preferences");
  const fields = dialog.querySelector("form");
  const line = dialog.querySelector(".error");
  const field = (name) => fields.elements[name];
  const switches = ["private", "spoiler", "keep_tray"];
  let before = null;

  onOpen("preferences", dialog, async () => {
    tell(line, "");
    try {
      before = await get("/api/preferences", texts);
    } catch (error) {
      return tell(line, error.message);
    }
    for (const name of ["locale", "aspect"]) field(name).value = before[name] ?? "";
    for (const name of switches) field(name).checked = before[name];
  });

  fields.addEventListener("submit", (event) => {
    event.preventDefault();
    once(fields.querySelector(".primary"), line, async () => {
      const json = { locale: field("locale").value || null, aspect: field("aspect").value || null };
      for (const name of switches) json[name] = field(name).checked;
      const after = await post("/api/preferences", { method: "PUT", json, texts });
      dialog.close();
      if (after.locale !== before?.locale) return location.reload();
      const aspect = form.querySelector(`[name="aspect"][value="${after.aspect ?? "1:1"}"]`);
      aspect.checked = true;
      form.dispatchEvent(new Event("change", { bubbles: true }));
      say(texts["create-settings-saved"]);
    });
  });
}
