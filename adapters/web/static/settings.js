// Copying a new token; without this it can be selected and copied by hand.

const button = document.getElementById("copy-token");
const field = document.getElementById("fresh-token");

if (button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}
