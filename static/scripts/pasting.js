// Offers to make rows of what was copied from a spreadsheet, when it is pasted into a box of a table.
import { fromTemplate, main, say } from "./page.js";

const bare = (words) => words.replace("(optional)", "").replace("?", "").trim().toLowerCase();

// How many rows a text makes in a table: a cell in quotes may hold line breaks, and a line of heads is no row.
function rowsIn(text, table) {
  const plain = text.replace(/(^|[\t\n])"(?:[^"]|"")*"/g, "$1x");
  const lines = plain.split(/\r?\n/).filter((line) => line.trim());
  const known = [...table.querySelectorAll("th, label, legend")].map((part) => bare(part.textContent));
  const headed = lines.length > 1 && lines[0].includes("\t") && lines[0].split("\t").every((cell) => known.includes(bare(cell)));
  return lines.length - (headed ? 1 : 0);
}

function withdraw() {
  main.querySelector(".app-pasted")?.remove();
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

// The offer as a row of a table, all across it.
function inTable(offer, row) {
  const line = document.createElement("tr");
  const cell = document.createElement("td");
  line.setAttribute("role", "row");
  cell.setAttribute("role", "cell");
  cell.colSpan = row.cells.length;
  cell.append(offer);
  line.append(cell);
  return line;
}

main?.addEventListener("paste", (event) => {
  const box = event.target.closest(".app-rows:not(.app-rows--kept) :is(input, textarea)");
  const wide = box?.closest(".app-wide");
  const text = event.clipboardData?.getData("text/plain") || "";
  withdraw();
  const count = box ? rowsIn(text, box.closest(".app-rows")) : 0;
  // Several lines are a list where a cell is short, and a text where there is room for one.
  if (!box || !(text.trim().includes("\t") || (wide && count > 1))) return;
  const before = box.value;
  const cell = fromTemplate("offer-rows");
  const offer = wide ? inTable(cell, box.closest("tr")) : cell;
  offer.classList.add("app-pasted");
  const rows = count === 1 ? "1 row" : `${count} rows`;
  const [add, leave] = cell.querySelectorAll("button");
  cell.querySelector("p").textContent = count === 1 ? "That looks like a row of a spreadsheet." : `That looks like ${rows} of a spreadsheet.`;
  add.textContent = `Add ${rows}`;
  add.value = `paste:${box.closest(".app-rows").id}`;
  add.addEventListener("click", () => {
    // What was pasted becomes rows, and the box is as it was.
    box.value = before;
    cell.append(hidden("pasted", text), hidden("pasted-at", box.name));
  });
  leave.addEventListener("click", () => {
    withdraw();
    box.focus();
  });
  (wide ? box.closest("tr") : box.closest(".nhsuk-form-group")).after(offer);
  say(`${cell.querySelector("p").textContent} Below the box you can add ${count === 1 ? "it" : "them"} to the table.`);
});
