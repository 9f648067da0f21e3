// What gallery and styles share: talking to the server, dialogs, and times in the visitor's own zone.

import { post, startKey } from "./api.js";

export { once, tell } from "./api.js";

const texts = JSON.parse(document.getElementById("script-texts").textContent);

// A press on the server; what is thrown carries a sentence for people. A key makes a repeated press one job.
export async function press(url, { json, body, key, method } = {}) {
  return post(url, { json, body, key: key ?? startKey(), method, texts });
}

export function localTimes(root = document) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const node of root.querySelectorAll("time[datetime]")) {
    node.title = node.textContent;
    node.textContent = format.format(new Date(node.dateTime));
  }
}

// Dialogs take the focus, give it back, and close on Escape by themselves.
export function openDialogs() {
  for (const opener of document.querySelectorAll("[data-open]")) {
    const dialog = document.getElementById(opener.dataset.open);
    opener.addEventListener("click", () => dialog.showModal());
    for (const closer of dialog.querySelectorAll("[data-close]")) closer.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
}
