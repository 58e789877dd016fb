// What every page but the chat can do: its colours, its language, and the heart of a picture.

import { write } from "./server.js";
import { startTheme } from "./theme.js";

document.getElementById("language").addEventListener("change", async (event) => {
  await write("/language", { language: event.target.value });
  location.reload();
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
  } catch {
    setHeart(!on);
    document.getElementById("status").textContent = heart.dataset.failed;
  }
});

startTheme();
document.documentElement.dataset.ready = "true";
