// The page: puts its parts together and keeps them in step with the server.

import { startCompletion } from "./completion.js";
import { fillPalette } from "./palette.js";
import { listen, newKey, read, words, write } from "./server.js";
import { say, showAnswer, showEmpty, showFailed, showHistory, showLine, showPosted, showPreview, showWaiting } from "./wall.js";
import { startTheme } from "./theme.js";

const form = document.getElementById("ask");
const input = document.getElementById("line");
const early = []; // events of a job that came before the answer that names it
let asking = 0;
let lost = false;

function onEvent(event) {
  if (asking) early.push(event);
  show(event);
}

function show(event) {
  if (event.type === "preview") showPreview(event.job, event.pictures);
  if (event.type === "posted") showPosted(event.job, event.pictures);
  if (event.type === "failed") showFailed(event.job, event.text);
}

async function ask(line) {
  showLine(line);
  asking += 1;
  try {
    const answer = await write("/ask", { key: newKey(), line });
    if (answer.job) {
      showWaiting(answer.job, answer.text);
      early.filter((event) => event.job === answer.job).forEach(show);
    } else {
      showAnswer(answer.text, answer.refused);
    }
  } catch {
    showAnswer(words.said.refused, true);
  } finally {
    asking -= 1;
    if (!asking) early.length = 0;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const line = input.value.trim();
  if (!line) return;
  input.value = "";
  input.dispatchEvent(new Event("input"));
  ask(line);
});

document.getElementById("log").addEventListener("click", (event) => {
  const again = event.target.closest(".again");
  if (!again) return;
  input.value = `/paint ${again.dataset.line}`;
  input.focus();
});

document.getElementById("empty").addEventListener("click", (event) => {
  const idea = event.target.closest(".idea");
  if (idea) ask(idea.textContent);
});

document.getElementById("language").addEventListener("change", async (event) => {
  await write("/language", { language: event.target.value });
  location.reload();
});

document.getElementById("admin")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await write("/admin", { token: document.getElementById("token").value });
    event.target.closest("details").remove();
    say(words.said.adminYes);
  } catch {
    say(words.said.adminNo);
  }
});

async function catchUp() {
  showHistory(await read("/history"));
  if (lost) say(words.said.online);
  lost = false;
}

startTheme();
const connected = new Promise((resolve) => {
  listen({
    onEvent,
    onOpen: () => catchUp().then(resolve),
    onLost: () => {
      lost = true;
      say(words.said.offline);
    },
  });
});
const vocabulary = await read("/vocabulary");
fillPalette(vocabulary);
startCompletion(vocabulary);
showEmpty();
input.focus({ preventScroll: true });
await connected;
document.documentElement.dataset.ready = "true";
