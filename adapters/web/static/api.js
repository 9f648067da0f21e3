// Talking to the server: JSON out, JSON or one sentence for people back.

const JSON_TYPE = "application/json";

export const startKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

class Trouble extends Error {
  constructor(sentence, isAnswer) {
    super(sentence);
    this.isAnswer = isAnswer;
  }
}

// Send, and return the JSON; what is thrown carries a sentence for people. Lost connections are tried once more:
// the key makes sure that this never makes two jobs.
export async function post(url, { body, json, key, texts, method = "POST" }) {
  const headers = { "Idempotency-Key": key ?? startKey() };
  if (json) headers["Content-Type"] = JSON_TYPE;
  return answer(url, { method, headers, body: json ? JSON.stringify(json) : body }, texts);
}

export const get = (url, texts) => answer(url, {}, texts);

async function answer(url, request, texts) {
  let response;
  try {
    response = await fetch(url, request).catch(() => fetch(url, request));
  } catch {
    throw new Trouble(texts["web-not-reachable"], false);
  }
  const said = await response.json().catch(() => null);
  if (response.ok && said) return said;
  throw new Trouble(said?.detail ?? texts["web-not-reachable"], true);
}

// A picture of ours as a file, so that a place of the form can hold it like one that was chosen.
export async function pictureFile(url, name, texts) {
  const response = await fetch(url).catch(() => null);
  if (response?.ok) {
    const blob = await response.blob();
    return new File([blob], name, { type: blob.type });
  }
  const said = await response?.json().catch(() => null);
  throw new Trouble(said?.detail ?? texts["web-not-reachable"], Boolean(said));
}

// Show a sentence, or nothing. For lines that are announced: role "alert" or "status".
export function tell(line, sentence) {
  line.textContent = sentence;
  line.hidden = !sentence;
}

// One press at a time; the second click of a double click may come after the answer to the first. Not `disabled`,
// which would take the focus away from people who use the keyboard.
export async function once(button, line, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  tell(line, "");
  try {
    await work();
  } catch (error) {
    tell(line, error.message);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
