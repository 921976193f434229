// What the tests stand on: the program under test, estates that are made for them, and a browser.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const licit = process.env.LICIT ?? join(repository, "target/debug/licit");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const folder = mkdtempSync(join(tmpdir(), "licit-browser-"));

export const example = (name) => join(repository, "examples", name);

/** What the program prints. */
export function run(...args) {
  return execFileSync(licit, [...args, "--quiet"], { encoding: "utf8", maxBuffer: 1 << 30 });
}

/** A file of the tests. */
export function written(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The address of the page that the program makes of some facts. */
export function report(name, ...args) {
  const path = join(folder, `${name}.html`);
  run("report", ...args, "--out", path);
  return pathToFileURL(path).href;
}

/** The text of axe, which is put into a page whose policy is set aside for that. */
export const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

export async function launch() {
  // The sandbox of the browser asks for what containers have not; the pages are our own.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A page with all that went wrong on it and all that it asked for. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [requests, problems] = [[], []];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => problems.push(message.text()));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(address);
  return { page, requests, problems, close: () => context.close() };
}

/** The texts of the cells of a table, row by row. */
export function rows(page, id) {
  return page.$$eval(`#${id} tbody tr`, (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
}

export function removeFiles() {
  rmSync(folder, { recursive: true });
}
