// The page: puts its parts together and keeps them in step with the server.

import { startCompletion } from "./completion.js";
import { fillPalette } from "./palette.js";
import { listen, newKey, read, words, write } from "./server.js";
import { say, showAnswer, showEmpty, showFailed, showHistory, showLine, showPosted, showPreview, showRevised, showWait, showWaiting } from "./wall.js";
import { startTheme } from "./theme.js";

const said = words.said;
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
  if (event.type === "waiting") showWait(event.job, event.text, event.seconds);
  if (event.type === "preview") showPreview(event.job, event.pictures);
  if (event.type === "posted") showPosted(event.job, event.pictures);
  if (event.type === "revised") showRevised(event.job, event.kept, event.text, event.hidden);
  if (event.type === "failed") showFailed(event.job, event.text);
}

async function ask(line) {
  showLine(line);
  asking += 1;
  try {
    const answer = await write("/ask", { key: newKey(), line });
    if (answer.job) {
      showWaiting(answer.job, answer.text, answer.seconds);
      early.filter((event) => event.job === answer.job).forEach(show);
    } else {
      showAnswer(answer.text, answer.refused, answer);
    }
  } catch {
    showAnswer(said.refused, true);
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
  const pressed = event.target.closest(".act");
  if (!pressed) return;
  if (pressed.matches(".again")) fill(`/paint ${pressed.dataset.line}`);
  if (pressed.matches(".say")) ask(pressed.dataset.line);
  if (pressed.matches(".remove") && confirm(said.sure)) quietly(pressed.dataset.line);
  if (pressed.matches(".cancel, .hide")) quietly(pressed.dataset.line);
});

function fill(line) {
  input.value = line;
  input.focus();
}

// What is pressed shows itself on the wall; only a refusal has to be said.
async function quietly(line) {
  const answer = await write("/ask", { key: newKey(), line }).catch(() => ({ text: said.refused, refused: true }));
  if (answer.refused) showAnswer(answer.text, true);
}

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
    say(said.adminYes);
  } catch {
    say(said.adminNo);
  }
});

async function catchUp() {
  try {
    showHistory(await read("/history"));
    if (lost) say(said.online);
  } catch (error) {
    showAnswer(error.message, true);
  }
  lost = false;
}

startTheme();
const connected = new Promise((resolve) => {
  listen({
    onEvent,
    onOpen: () => catchUp().then(resolve),
    onLost: () => {
      lost = true;
      say(said.offline);
    },
  });
});
const vocabulary = await read("/vocabulary");
fillPalette(vocabulary);
startCompletion(vocabulary);
showEmpty();
input.focus({ preventScroll: true });
// Other pages lead here with a line, which nobody has said yet.
fill(new URLSearchParams(location.search).get("line") ?? input.value);
await connected;
document.documentElement.dataset.ready = "true";
