// Offers to make rows of what was copied from a spreadsheet, when it is pasted into a table of short values.
import { fromTemplate, main, say } from "./page.js";

// How many rows a text makes: a cell in quotes may hold line breaks.
function rowsIn(text) {
  const plain = text.replace(/(^|[\t\n])"(?:[^"]|"")*"/g, "$1x");
  return plain.split(/\r?\n/).filter((line) => line.trim()).length;
}

function withdraw() {
  main.querySelector(".app-pasted")?.remove();
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

main?.addEventListener("paste", (event) => {
  const box = event.target.closest(".app-wide :is(input, textarea)");
  const text = event.clipboardData?.getData("text/plain") || "";
  const count = rowsIn(text);
  withdraw();
  if (!box || !(count > 1 || text.trim().includes("\t"))) return;
  const row = box.closest("tr");
  const before = box.value;
  const offer = document.createElement("tr");
  const cell = document.createElement("td");
  offer.className = "app-pasted";
  offer.setAttribute("role", "row");
  cell.setAttribute("role", "cell");
  cell.colSpan = row.cells.length;
  cell.append(fromTemplate("offer-rows"));
  offer.append(cell);
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
  row.after(offer);
  say(`${cell.querySelector("p").textContent} Below the row you can add ${count === 1 ? "it" : "them"} to the table.`);
});
