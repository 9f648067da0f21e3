// What the page begins with, written into it by the server.

export const opening = JSON.parse(document.getElementById("opening").textContent);
export const { texts } = opening;

// Put values into a sentence that the server wrote with %name% in their places.
export const filled = (key, values) => texts[key].replace(/%(\w+)%/g, (_, name) => String(values[name]));
