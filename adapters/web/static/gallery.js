// The gallery works without this; here older ones are put below the newer ones, and times are the visitor's own.

import { localTimes, once, tell } from "./library.js";

const tiles = document.getElementById("tiles");
const trouble = document.getElementById("trouble");
const older = document.getElementById("older");
const texts = JSON.parse(document.getElementById("script-texts").textContent);

async function append() {
  const response = await fetch(older.href).catch(() => null);
  if (!response?.ok) throw new Error(texts["web-not-reachable"]);
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  localTimes(next);
  const fresh = [...next.querySelectorAll("#tiles > li")];
  tiles.append(...fresh);
  const further = next.getElementById("older");
  if (further) older.href = further.getAttribute("href");
  else older.hidden = true;
  fresh[0]?.querySelector("a").focus();
}

localTimes();
older?.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  tell(trouble, "");
  once(older, trouble, append);
});
