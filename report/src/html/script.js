
"use strict";
// Tables sort by a click on a heading, filter by words, and show so many rows at a time. Without this, they are whole.
const ROWS_SHOWN = 100;
const ROWS_UNFILTERED = 8;

// Numbers as numbers, and where there is none last in either direction; words as a reader sorts them.
function compare(one, other, isNumber, sign) {
  if (!isNumber) return sign * one.localeCompare(other, "en", { numeric: true });
  const [a, b] = [one, other].map((text) => Number.parseFloat(text));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
  return sign * (a - b);
}

function enhance(box) {
  const body = box.querySelector("tbody");
  const rows = [...body.rows];
  const texts = new Map();
  const controls = box.querySelector(".controls");
  const input = controls.querySelector("input");
  const pages = controls.querySelector(".pages");
  const count = controls.querySelector(".count");
  const turns = [...pages.querySelectorAll("button")];
  let ordered = rows;
  let chosen = rows;
  let first = 0;

  function text(row) {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  }

  function show() {
    const shown = chosen.slice(first, first + ROWS_SHOWN);
    body.replaceChildren(...shown);
    const of = chosen.length === rows.length ? `${rows.length}` : `${chosen.length} (${rows.length} in all)`;
    count.textContent = chosen.length === 0 ? `no row of ${rows.length}` : `${first + 1}\u2013${first + shown.length} of ${of}`;
    pages.hidden = chosen.length <= ROWS_SHOWN;
    turns[0].disabled = first === 0;
    turns[1].disabled = first + ROWS_SHOWN >= chosen.length;
  }

  function choose() {
    const words = input.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    chosen = ordered.filter((row) => words.every((word) => text(row).includes(word)));
    first = 0;
    show();
  }

  // The same column again turns the order around; rows that are equal keep the order of the file.
  function sort(head, index) {
    const isAscending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of box.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
    const isNumber = head.classList.contains("n");
    const keys = new Map(rows.map((row) => [row, row.cells[index].textContent]));
    const sign = isAscending ? 1 : -1;
    ordered = [...rows].sort((one, other) => compare(keys.get(one), keys.get(other), isNumber, sign));
    choose();
  }

  for (const [index, head] of [...box.querySelectorAll("thead th")].entries()) {
    if (rows.length < 2) break;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, index));
    head.append(button);
  }
  for (const button of turns) {
    button.addEventListener("click", () => {
      first = Math.max(0, first + Number(button.dataset.turn) * ROWS_SHOWN);
      show();
    });
  }
  input.addEventListener("input", choose);
  controls.hidden = rows.length <= ROWS_UNFILTERED;
  if (rows.length > ROWS_SHOWN) show();
  // Printed, and where a link leads, a table has what it is asked for.
  return {
    whole: () => body.replaceChildren(...chosen),
    paged: show,
    reveal: (id) => {
      const row = rows.find((row) => row.id === id);
      if (row === undefined) return;
      if (!chosen.includes(row)) {
        input.value = "";
        choose();
      }
      first = Math.floor(chosen.indexOf(row) / ROWS_SHOWN) * ROWS_SHOWN;
      show();
    },
  };
}

const tables = [...document.querySelectorAll(".table")].map(enhance);
addEventListener("beforeprint", () => tables.forEach((table) => table.whole()));
addEventListener("afterprint", () => tables.forEach((table) => table.paged()));

// A link may lead to a row that is on another page of its table.
function follow() {
  const id = location.hash.slice(1);
  if (id === "" || document.getElementById(id) !== null) return;
  tables.forEach((table) => table.reveal(id));
  document.getElementById(id)?.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();

// What a bar is linked to is shown while something points to it or the keyboard is on it.
for (const bar of document.querySelectorAll(".flow [data-node]")) {
  const node = bar.dataset.node;
  const links = [...bar.closest(".flow").querySelectorAll(".link")];
  const own = links.filter((link) => link.dataset.ends.split(" ").includes(node));
  const light = (isLit) => () => own.forEach((link) => link.classList.toggle("lit", isLit));
  for (const event of ["pointerenter", "focus"]) bar.addEventListener(event, light(true));
  for (const event of ["pointerleave", "blur"]) bar.addEventListener(event, light(false));
}
