// The wall: what was said, and the sheets that hang there. Text is only ever set as text.

import { words, write } from "./server.js";

const log = document.getElementById("log");
const empty = document.getElementById("empty");
const status = document.getElementById("status");
const said = words.said;
const requests = new Map(); // job -> { sheets, state }

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function say(text) {
  status.textContent = text;
}

export function showEmpty() {
  empty.hidden = log.childElementCount > 0;
}

function hang(...elements) {
  const item = make("li");
  item.append(...elements);
  log.append(item);
  showEmpty();
  item.scrollIntoView({ block: "end" });
  return item;
}

export function showLine(line) {
  const bubble = make("p", "said");
  bubble.append(make("span", "quiet", `${said.you}: `), make("span", "", line));
  hang(bubble);
}

export function showAnswer(text, refused) {
  hang(make("p", refused ? "answer refused" : "answer", text));
  say(text);
}

export function showWaiting(job, line) {
  if (requests.has(job)) return;
  const sheets = make("div", "sheets");
  sheets.append(makeSheet(line));
  requests.set(job, { sheets, line, state: "waiting" });
  hang(sheets);
  say(said.sketching);
}

function makeSheet(line) {
  const sheet = make("figure", "sheet waiting");
  const frame = make("div", "frame");
  const caption = make("figcaption");
  caption.append(make("span", "caption", line));
  sheet.append(frame, caption);
  return sheet;
}

function sheetsFor(request, pictures) {
  while (request.sheets.childElementCount < pictures.length) request.sheets.append(makeSheet(request.line));
  request.sheets.classList.toggle("many", pictures.length > 1);
  return [...request.sheets.children];
}

function setImage(frame, picture, className) {
  const image = make("img", className);
  image.alt = picture.alt;
  image.width = picture.width;
  image.height = picture.height;
  image.src = picture.src;
  frame.append(image);
  return image;
}

export function showPreview(job, pictures) {
  const request = requests.get(job);
  if (!request || request.state !== "waiting") return;
  sheetsFor(request, pictures).forEach((sheet, index) => {
    const frame = sheet.querySelector(".frame");
    frame.replaceChildren();
    setImage(frame, pictures[index], "layout");
  });
  request.sheets.lastElementChild.scrollIntoView({ block: "end" });
  say(said.painting);
}

export function showPosted(job, pictures) {
  const request = requests.get(job);
  if (!request || request.state === "posted") return;
  request.state = "posted";
  sheetsFor(request, pictures).forEach((sheet, index) => finish(sheet, pictures[index]));
  say(said.ready.replace("{alt}", pictures.map((picture) => picture.alt).join(" ")));
}

async function finish(sheet, picture) {
  const frame = sheet.querySelector(".frame");
  const layout = frame.querySelector(".layout");
  const painting = setImage(frame, picture, layout ? "painting" : "painting alone");
  sheet.querySelector(".caption").textContent = picture.line;
  sheet.querySelector("figcaption").append(...actions(picture));
  await painting.decode().catch(() => undefined);
  sheet.classList.remove("waiting");
  if (layout) layout.alt = "";
  sheet.scrollIntoView({ block: "nearest" });
}

function actions(picture) {
  const heart = make("button", "act heart");
  heart.type = "button";
  setHeart(heart, picture.liked);
  heart.addEventListener("click", () => like(heart, picture.id));
  const download = make("a", "act download", said.download);
  download.href = `${picture.src}?download`;
  const again = make("button", "act again", said.again);
  again.type = "button";
  again.dataset.line = picture.line;
  return [heart, download, again];
}

function setHeart(heart, on) {
  heart.setAttribute("aria-pressed", String(on));
  heart.textContent = on ? `♥ ${said.favourited}` : `♡ ${said.favourite}`;
}

async function like(heart, picture) {
  const on = heart.getAttribute("aria-pressed") !== "true";
  setHeart(heart, on);
  try {
    await write("/like", { picture, on });
  } catch {
    setHeart(heart, !on);
    say(said.refused);
  }
}

export function showFailed(job, text) {
  const request = requests.get(job);
  if (!request || request.state !== "waiting") return;
  request.state = "failed";
  request.sheets.replaceWith(make("p", "answer refused", text));
  say(text);
}

// After a reload or a lost connection the history says what became of everything.
export function showHistory(entries) {
  for (const entry of entries) {
    if (!requests.has(entry.job)) {
      showLine(entry.line);
      showWaiting(entry.job, entry.line);
    }
    if (entry.state === "posted") showPosted(entry.job, entry.pictures);
    if (entry.state === "failed") showFailed(entry.job, said.failed);
  }
  showEmpty();
}
