// What every page but the chat can do: its colours, its language, the heart of a picture, signing in.

import { write } from "./server.js";
import { startTheme } from "./theme.js";

document.getElementById("language").addEventListener("change", async (event) => {
  await write("/language", { language: event.target.value });
  // Not a reload, which would send a form again.
  location.replace(location.pathname + location.search);
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

document.getElementById("admin")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const status = document.getElementById("status");
  try {
    await write("/admin", { token: document.getElementById("token").value });
    location.reload();
  } catch {
    status.textContent = status.dataset.failed;
  }
});

startTheme();
document.documentElement.dataset.ready = "true";
