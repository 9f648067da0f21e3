// Dialogs: native ones, which take the focus, keep it, give it back, and close on Escape by themselves.

export function dialogOf(id) {
  const dialog = document.getElementById(id);
  for (const closer of dialog.querySelectorAll("[data-close]")) closer.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  return dialog;
}

// Open `dialog` whenever something asks for it: a button of the page, or a card by an event.
export function onOpen(name, dialog, prepare) {
  document.addEventListener(`open-${name}`, async ({ detail }) => {
    await prepare(detail);
    if (!dialog.open) dialog.showModal();
  });
  for (const opener of document.querySelectorAll(`[data-open="${name}"]`)) {
    opener.addEventListener("click", () => document.dispatchEvent(new CustomEvent(`open-${name}`, { detail: {} })));
  }
}

// Lines of text as paragraphs; nothing in them is taken for markup.
export function showLines(place, lines) {
  place.replaceChildren(...lines.map((line) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    return paragraph;
  }));
}
