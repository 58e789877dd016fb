// What every page but the chat can do: its colours, its language, the heart of a picture, signing in.

import { signIn, write } from "./server.js";
import { startTheme } from "./theme.js";

const status = document.getElementById("status");

document.getElementById("language").addEventListener("change", async (event) => {
  try {
    await write("/language", { language: event.target.value });
    // Not a reload, which would send a form again.
    location.replace(location.pathname + location.search);
  } catch (error) {
    status.textContent = error.message;
  }
});

const heart = document.querySelector(".heart");
const favourites = document.getElementById("favourites");

function setHeart(on) {
  heart.setAttribute("aria-pressed", String(on));
  heart.textContent = on ? heart.dataset.on : heart.dataset.off;
  favourites.textContent = Number(favourites.textContent) + (on ? 1 : -1);
}

heart?.addEventListener("click", async () => {
  const on = heart.getAttribute("aria-pressed") !== "true";
  setHeart(on);
  try {
    await write("/like", { picture: heart.dataset.picture, on });
  } catch (error) {
    setHeart(!on);
    status.textContent = error.message;
  }
});

// Whose pictures to see is chosen at once; the button is for who has no script.
const filters = document.querySelector(".filters");
filters?.addEventListener("change", () => filters.requestSubmit());

document.getElementById("admin")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await signIn(document.getElementById("token").value);
    location.reload();
  } catch (error) {
    status.textContent = error.message;
  }
});

startTheme();
document.documentElement.dataset.ready = "true";
