// The palette beside the chat: a press writes key=word into the line, another press takes it out.

import { make } from "./wall.js";

const input = document.getElementById("line");
const SVG = "http://www.w3.org/2000/svg";
const narrow = matchMedia("(max-width: 56rem)");

export function fillPalette(vocabulary) {
  const makers = { style: tile, color: swatch, shape: shapeIcon, scene: chip };
  for (const [kind, maker] of Object.entries(makers)) {
    const box = document.querySelector(`[data-kind="${kind}"]`);
    box.replaceChildren(...vocabulary[kind].map((word) => button(kind, word, maker(word))));
    box.addEventListener("click", (event) => {
      const pressed = event.target.closest("button");
      if (pressed) toggle(kind, pressed.dataset.name);
    });
  }
  // On a phone the wall needs the room.
  for (const box of document.querySelectorAll(".palette details")) box.open &&= !narrow.matches;
  document.getElementById("find").addEventListener("input", (event) => filter(event.target.value));
  input.addEventListener("input", mark);
  mark();
}

function button(kind, word, content) {
  const element = make("button", { style: "tile", color: "swatch", shape: "shape", scene: "chip" }[kind]);
  element.type = "button";
  element.dataset.name = word.name;
  element.dataset.terms = word.terms.join(" ");
  element.title = word.label;
  element.setAttribute("aria-pressed", "false");
  if (kind === "color" || kind === "shape") element.setAttribute("aria-label", word.label);
  element.append(...content);
  return element;
}

function tile(word) {
  const image = make("img");
  image.alt = "";
  image.loading = "lazy";
  image.src = `/static/styles/${word.name}.webp`;
  return [image, make("span", "", word.label)];
}

// An SVG carries the colour, because the page's policy allows no inline style.
function swatch(word) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 1 1");
  const fill = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width: 1, height: 1, fill: word.value })) fill.setAttribute(name, value);
  svg.append(fill);
  return [svg];
}

function shapeIcon(word) {
  const image = make("img");
  image.alt = "";
  image.loading = "lazy";
  image.src = `/shapes/${encodeURIComponent(word.name)}.png`;
  return [image];
}

function chip(word) {
  return [make("span", "", word.label)];
}

function pattern(kind) {
  return new RegExp(`(^|\\s)${kind}=(\\S*)`);
}

function toggle(kind, name) {
  const line = input.value || "/paint";
  const found = pattern(kind).exec(line);
  if (!found) input.value = `${line.trimEnd()} ${kind}=${name}`;
  else if (found[2] === name) input.value = line.replace(pattern(kind), "");
  else input.value = line.replace(pattern(kind), `$1${kind}=${name}`);
  input.dispatchEvent(new Event("input"));
  document.getElementById("suggestions").hidden = true;
  input.setAttribute("aria-expanded", "false");
}

function mark() {
  for (const kind of ["style", "color", "shape", "scene"]) {
    const value = pattern(kind).exec(input.value)?.[2] ?? "";
    for (const each of document.querySelectorAll(`[data-kind="${kind}"] button`)) {
      each.setAttribute("aria-pressed", String(each.dataset.name === value));
    }
  }
}

function filter(text) {
  const wanted = text.trim().toLowerCase();
  for (const each of document.querySelectorAll('[data-kind="shape"] button')) {
    each.hidden = wanted !== "" && !each.dataset.terms.includes(wanted) && !each.title.includes(wanted);
  }
}
