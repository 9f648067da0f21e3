// The login works without this; here is only the switch that shows what is typed.

const password = document.getElementById("password");
const show = document.getElementById("show-password");

show.hidden = false;
show.querySelector("input").addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});
