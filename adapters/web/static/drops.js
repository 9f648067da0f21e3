// The places for reference pictures: by picker, drop or paste, from a card, or from the tray.
// The file inputs hold what was chosen, so that the form is what is sent. What lies in the tray is shown where
// nothing was chosen, just as the server will use it: a subject where there is none, styles where there are none at all.

import { pictureFile, post } from "./api.js";
import { opening, texts } from "./opening.js";

class Drop {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.drop;
    this.input = root.querySelector(".drop-input");
    this.thumb = root.querySelector(".drop-thumb");
    this.remove = root.querySelector(".drop-remove");
    this.badge = root.querySelector(".drop-tray");
    this.lying = null; // what the tray has for this place
    this.isFromTray = false;
    this.thumb.addEventListener("error", () => { this.thumb.hidden = true; });
  }

  get file() { return this.input.files[0] ?? null; }
  get isFilled() { return Boolean(this.file) || this.isFromTray; }

  put(file) {
    const transfer = new DataTransfer();
    if (file) transfer.items.add(file);
    this.input.files = transfer.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show(isFromTray) {
    if (this.thumb.src.startsWith("blob:")) URL.revokeObjectURL(this.thumb.src);
    this.isFromTray = isFromTray;
    this.root.classList.toggle("filled", this.isFilled);
    this.thumb.hidden = this.remove.hidden = !this.isFilled;
    this.badge.hidden = !isFromTray;
    if (this.file) this.thumb.src = URL.createObjectURL(this.file);
    else if (isFromTray) this.thumb.src = this.lying.thumbnail_url;
    else this.thumb.removeAttribute("src");
  }

  // The picture as a file, whether it was chosen or lies in the tray.
  async held() {
    return this.isFromTray ? pictureFile(this.lying.url, `${this.input.id}.png`, texts) : this.file;
  }
}

export class Drops {
  constructor(form, say) {
    this.say = say;
    this.all = [...form.querySelectorAll(".drop")].map((root) => new Drop(root));
    [this.subject, ...this.styles] = this.all;
    for (const drop of this.all) {
      drop.input.addEventListener("change", () => this.show());
      drop.remove.addEventListener("click", () => this.empty(drop));
    }
    this.takeTray(opening.tray);
    this.listen();
  }

  get usesTray() { return this.all.some((drop) => drop.isFromTray); }

  show() {
    const hasStyle = this.styles.some((drop) => drop.file);
    for (const drop of this.all) {
      const isFree = drop === this.subject ? !drop.file : !hasStyle;
      drop.show(isFree && Boolean(drop.lying));
    }
    document.dispatchEvent(new Event("references-changed"));
  }

  takeTray({ pictures }) {
    for (const drop of this.all) drop.lying = pictures.find(({ place }) => place === drop.input.id) ?? null;
    this.show();
  }

  async empty(drop) {
    drop.input.focus();
    if (!drop.isFromTray) return drop.put(null);
    try {
      this.takeTray(await post(`/api/tray/${drop.lying.place}`, { method: "DELETE", texts }));
    } catch (error) {
      this.say(error.message);
    }
  }

  // Put files into the place they were dropped on, the rest into the free ones after it.
  place(files, first = null) {
    const pictures = [...files].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length) return this.say(texts["web-not-a-picture"]);
    this.say("");
    const free = this.all.filter((drop) => drop !== first && !drop.file);
    const after = first ? free.filter((drop) => this.all.indexOf(drop) > this.all.indexOf(first)) : free;
    const places = first ? [first, ...after] : after;
    pictures.slice(0, places.length).forEach((file, index) => places[index].put(file));
    if (pictures.length > places.length) this.say(texts["web-too-many-dropped"]);
  }

  // Take a picture of a card or of a style card; a third style pushes out the second.
  async use({ url, place, name }) {
    const file = await pictureFile(url, `${name}.png`, texts);
    if (place === "subject") return this.subject.put(file);
    (this.styles.find((drop) => !drop.file) ?? this.styles.at(-1)).put(file);
  }

  async useStyles(pictures) {
    const files = await Promise.all(pictures.map(({ url, name }) => pictureFile(url, `${name}.png`, texts)));
    this.styles.forEach((drop, position) => drop.put(files[position] ?? null));
  }

  // Subject and first style change places; what lay in the tray is held as a file from then on.
  async swap() {
    const files = await Promise.all([this.subject.held(), ...this.styles.map((drop) => drop.held())]);
    const [subject, style, ...others] = files;
    if (!subject || !style) return this.say(texts["create-nothing-to-swap"]);
    this.say("");
    [style, subject, ...others].forEach((file, position) => this.all[position].put(file));
  }

  dropAt(event) {
    return this.all.find((drop) => drop.root.contains(event.target)) ?? null;
  }

  listen() {
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const isBusy = () => Boolean(document.querySelector("dialog[open]"));
    const endDrag = () => {
      document.body.classList.remove("dragging");
      for (const drop of this.all) drop.root.classList.remove("over");
    };
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (isBusy()) return;
      document.body.classList.add("dragging");
      for (const drop of this.all) drop.root.classList.toggle("over", drop === this.dropAt(event));
    });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) endDrag(); });
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const target = this.dropAt(event);
      endDrag();
      if (!isBusy()) this.place(event.dataTransfer.files, target);
    });
    document.addEventListener("paste", (event) => {
      const files = event.clipboardData?.files ?? [];
      if (!files.length || isBusy()) return;
      event.preventDefault();
      this.place(files, this.dropAt(event));
    });
  }
}
