// ↑ and ↓ bring earlier lines back into the box, as a shell does.

const input = document.getElementById("line");
const lines = []; // what was said, the oldest first, each once
let at = 0; // the line that stands in the box; lines.length for none of them

export function startEarlierLines() {
  input.addEventListener("keydown", onKey);
}

export function remember(line) {
  const before = lines.indexOf(line);
  if (before >= 0) lines.splice(before, 1);
  lines.push(line);
  at = lines.length;
}

function onKey(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  // What somebody is writing is not taken from them.
  const isOurs = input.value === "" || input.value === lines[at];
  if (!step || event.defaultPrevented || !isOurs) return;
  const wanted = at + step;
  if (wanted < 0 || wanted > lines.length) return;
  event.preventDefault();
  at = wanted;
  input.value = lines[at] ?? "";
  input.setSelectionRange(input.value.length, input.value.length);
}
