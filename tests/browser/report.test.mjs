// Pages of `licit report` in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, example, launch, open, removeFiles, report, rows, run, written } from "./pages.mjs";

const CONTOSO = example("contoso.yaml");
let browser;
let addresses;

before(async () => {
  browser = await launch();
  addresses = {
    contoso: report("contoso", CONTOSO),
    versions: report("versions", example("twenty-versions.yaml")),
    renewal: report("renewal", example("renewal.yaml")),
    growth: report("growth", example("growth.yaml")),
    uncertain: report("uncertain", example("uncertain.yaml")),
  };
});

after(async () => {
  await browser?.close();
  removeFiles();
});

test("no request leaves a page, not even if something in it wants one", async () => {
  for (const address of Object.values(addresses)) {
    const { page, requests, problems, close } = await open(browser, address);
    assert.deepEqual(requests, [address]);
    assert.deepEqual(problems, [], "its own style and script are those that its policy allows");
    const outcome = await page.evaluate(async () => {
      const refused = [];
      addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
      const image = document.createElement("img");
      image.src = "https://example.invalid/pixel.png";
      document.body.append(image);
      const frame = document.createElement("iframe");
      frame.src = "https://example.invalid/";
      document.body.append(frame);
      await fetch("https://example.invalid/").catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
      return refused.sort();
    });
    assert.deepEqual(outcome, ["connect-src", "frame-src", "img-src"]);
    await close();
  }
});

test("a script that is put into a page does not run", async () => {
  const { page, close } = await open(browser, addresses.contoso);
  const hasRun = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'obeyed'";
    document.body.append(script);
    return document.title === "obeyed";
  });
  assert.equal(hasRun, false);
  await close();
});

test("a table sorts by a click on a heading, numbers as numbers, and back", async () => {
  const { page, close } = await open(browser, addresses.contoso);
  const column = async () => (await rows(page, "versions-table")).map((row) => Number(row[2]));
  const before = await column();
  const heading = page.locator("#versions-table thead th").nth(2);
  await heading.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await column(), before.toSorted((one, other) => one - other));
  await heading.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await column(), before.toSorted((one, other) => other - one));
  await page.locator("#versions-table thead button").first().click();
  assert.equal(await heading.getAttribute("aria-sort"), null);
  await close();
});

test("a table shows the rows that have all words of its filter, and says how many", async () => {
  const { page, close } = await open(browser, addresses.contoso);
  const filter = page.locator("#versions-table").getByLabel("Filter");
  await filter.fill("OFFICE yellow");
  const shown = await rows(page, "versions-table");
  assert.deepEqual(shown.map((row) => row[0]), ["office-pro@2016", "office-pro@2019"]);
  assert.equal(await page.locator("#versions-table .count").textContent(), "1–2 of 2 (10 in all)");
  await filter.fill("no such words");
  assert.deepEqual(await rows(page, "versions-table"), []);
  await filter.fill("");
  assert.equal((await rows(page, "versions-table")).length, 10);
  await close();
});

test("the keyboard reaches everything: content, sorting, bars and what they are linked to", async () => {
  const { page, close } = await open(browser, addresses.contoso);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  const bar = page.locator("#flow .flow a").first();
  await bar.focus();
  assert.ok((await page.locator("#flow .link.lit").count()) > 0, "what the bar is linked to is shown");
  await page.locator("#flow-3 .flow a").first().focus();
  assert.equal(await page.locator("#flow .link.lit").count(), 0);
  await page.keyboard.press("Enter");
  const target = await page.evaluate(() => document.querySelector(":target")?.cells[0].textContent);
  assert.equal(target, "prj16");
  const heading = page.locator("#licenses-table thead button").nth(3);
  await heading.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#licenses-table thead th").nth(3).getAttribute("aria-sort"), "ascending");
  await close();
});

test("pointing to a bar shows what it is linked to, and a title leads to its picture", async () => {
  const { page, close } = await open(browser, addresses.contoso);
  await page.locator("#flow-3 .flow a").first().hover();
  assert.equal(await page.locator("#flow-3 .link.lit").count(), 2);
  await page.locator("#titles-table").getByRole("link", { name: "project" }).click();
  assert.equal(await page.evaluate(() => document.querySelector(":target").id), "flow-3");
  await close();
});

test("what is no number stands last, whichever way numbers are sorted", async () => {
  const estate = written("unlimited.yaml", `licit: 1
as_of: 2026-11-22
titles: [{id: app, versions: ["1"]}]
skus: [{id: S, version: app@1}]
licenses: [{id: all, sku: S, unlimited: true}, {id: many, sku: S, quantity: 100}, {id: few, sku: S, quantity: 9}]
installs: [{version: app@1, quantity: 3}]
`);
  const { page, close } = await open(browser, report("unlimited", estate));
  const quantity = page.locator("#licenses-table thead button").nth(3);
  const names = async () => (await rows(page, "licenses-table")).map((row) => row[0]);
  await quantity.click();
  assert.deepEqual(await names(), ["few", "many", "all"]);
  await quantity.click();
  assert.deepEqual(await names(), ["many", "few", "all"]);
  await close();
});

test("axe finds nothing, light and dark, wide and narrow", async () => {
  for (const [name, address] of Object.entries(addresses)) {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
      const options = { colorScheme, viewport: { width, height: 900 }, bypassCSP: true };
      const { page, close } = await open(browser, address, options);
      await page.addScriptTag({ content: axe });
      const { violations } = await page.evaluate(() => axe.run());
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
      assert.deepEqual(found, [], `${name}, ${colorScheme}, ${width}`);
      await close();
    }
  }
});

test("dark is dark and light is light", async () => {
  const brightness = async (colorScheme) => {
    const { page, close } = await open(browser, addresses.contoso, { colorScheme });
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await close();
    return color.match(/\d+/g).map(Number).reduce((sum, part) => sum + part);
  };
  assert.ok((await brightness("dark")) < 120);
  assert.ok((await brightness("light")) > 700);
});

test("a page of 390 pixels does not scroll sideways, and its tables do within themselves", async () => {
  for (const [name, address] of Object.entries(addresses)) {
    const { page, close } = await open(browser, address, { viewport: { width: 390, height: 844 } });
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 390, name);
    const cut = await page.$$eval(".table .scroll", (boxes) =>
      boxes.filter((box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== "auto").length,
    );
    assert.equal(cut, 0, name);
    await close();
  }
});

test("printed on A4 and Letter nothing is cut", async () => {
  for (const [name, address] of Object.entries(addresses)) {
    for (const [format, width] of [["A4", 794], ["Letter", 816]]) {
      const { page, close } = await open(browser, address);
      const pdf = await page.pdf({ format });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-", name);
      await page.emulateMedia({ media: "print" });
      // The paper less its margins, of 12 mm on each side.
      const room = width - 90;
      await page.setViewportSize({ width: room, height: 1000 });
      const wide = await page.$$eval("main *", (elements, room) => {
        const isCut = (element) => element.checkVisibility() && element.getBoundingClientRect().right > room + 1;
        return elements.filter((element) => isCut(element) && !element.closest("svg, .spoken")).map((element) => element.outerHTML.slice(0, 120));
      }, room);
      assert.deepEqual(wide, [], `${name} on ${format}`);
      // A button would be missing where a heading is repeated on the next page.
      const headings = await page.$$eval("thead button", (buttons) => buttons.map((button) => getComputedStyle(button).display));
      assert.deepEqual(new Set(headings), new Set(["contents"]));
      await close();
    }
  }
});

test("the numbers of a page are those of the JSON", async () => {
  const result = JSON.parse(run("position", CONTOSO, "--format", "json"));
  const { page, close } = await open(browser, addresses.contoso);
  const shown = new Map((await rows(page, "versions-table")).map((row) => [row[0], row]));
  for (const { title, versions } of result.titles) {
    for (const version of versions) {
      const row = shown.get(`${title}@${version.version}`);
      const { installed, demand, covered, uncovered, licensed, idle } = version;
      assert.deepEqual([...row.slice(2, 6), ...row.slice(7, 9)].map(Number), [installed, demand, covered, uncovered, licensed, idle]);
    }
  }
  const licenses = new Map((await rows(page, "licenses-table")).map((row) => [row[0], row]));
  for (const { license, used, unusable, assigned } of result.licenses) {
    const row = licenses.get(license);
    assert.deepEqual([row[4], row[6], row[7]].map(Number), [used, unusable, assigned], license);
  }
  assert.ok((await page.textContent("#proof")).includes(result.digest));
  await close();
});

test("the numbers of a renewal are those of its JSON", async () => {
  const result = JSON.parse(run("renew", example("renewal.yaml"), "--format", "json"));
  const { page, close } = await open(browser, addresses.renewal);
  const shown = await rows(page, "scenarios-table");
  assert.equal(shown.length, result.scenarios.length);
  for (const [index, scenario] of result.scenarios.entries()) {
    const [name, uncovered, spend] = shown[index];
    assert.deepEqual([name, Number(uncovered), Number.parseFloat(spend)], [scenario.name, scenario.totals.uncovered, Number(scenario.objective.spend)]);
  }
  await close();
});

test("hostile names are shown and do nothing", async () => {
  const names = ["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "\"><svg onload=alert(3)>", "x".repeat(500)];
  const quoted = (name) => JSON.stringify(name);
  const estate = written("hostile.yaml", `licit: 1
as_of: 2026-11-22
name: ${quoted(names[1])}
titles: [{id: ${quoted(names[0])}, name: ${quoted("<b>bold</b>")}, versions: [${names.map(quoted).join(", ")}]}]
skus: [{id: ${quoted(names[2])}, version: ${quoted(`${names[0]}@${names[0]}`)}}]
licenses: [{id: ${quoted(names[1])}, sku: ${quoted(names[2])}, quantity: 1}]
installs: [{version: ${quoted(`${names[0]}@${names[0]}`)}, quantity: 3, user: ${quoted(names[2])}}]
assignments: [{license: ${quoted(names[1])}, user: ${quoted(names[2])}}]
`);
  const address = report("hostile", estate);
  const { page, requests, problems, close } = await open(browser, address, { viewport: { width: 390, height: 844 } });
  assert.deepEqual([requests, problems], [[address], []]);
  assert.equal(await page.locator("img, main script, svg[onload], b:not(.mark)").count(), 0);
  assert.equal(await page.title(), `${names[1]}: license position as of 2026-11-22`);
  const versions = await rows(page, "versions-table");
  assert.deepEqual(versions.map((row) => row[0]), names.map((name) => `${names[0]}@${name}`));
  assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 390, "500 characters push nothing aside");
  await page.locator("#versions-table thead button").first().click();
  assert.equal((await rows(page, "versions-table")).length, 4);
  await close();
});

test("without scripts everything is there to be read", async () => {
  const { page, close } = await open(browser, addresses.contoso, { javaScriptEnabled: false });
  for (const said of ["235 demands: 233 covered, 2 uncovered.", "Buy 2 units of PRJ13 for group.", "false red", "licit verify ESTATE"]) {
    const element = page.getByText(said).first();
    await element.scrollIntoViewIfNeeded();
    assert.ok(await element.isVisible(), said);
  }
  assert.equal(await page.locator("#versions-table tbody tr").count(), 10);
  assert.equal(await page.locator(".controls").first().isVisible(), false);
  assert.equal(await page.locator("thead button").count(), 0);
  const table = page.locator("#flow-3 details");
  await table.locator("summary").click();
  assert.ok(await table.locator("tbody tr").first().isVisible());
  await close();
});

test("ten thousand rows are turned in pages, sorted and filtered without waiting, and whole without scripts", async () => {
  const lots = Array.from({ length: 10_000 }, (_, lot) => `  - {id: lot-${lot}, sku: S${lot % 5}, quantity: ${(lot * 7919) % 1000}}`);
  const estate = written("large.yaml", `licit: 1
as_of: 2026-11-22
titles: [{id: app, versions: ["0", "1", "2", "3", "4"]}]
skus: [${[0, 1, 2, 3, 4].map((version) => `{id: S${version}, version: app@${version}}`).join(", ")}]
licenses:
${lots.join("\n")}
installs: [{version: app@2, quantity: 400000}]
`);
  const address = report("large", estate);
  const { page, problems, close } = await open(browser, address);
  assert.deepEqual(problems, []);
  const count = () => page.locator("#licenses-table .count").textContent();
  assert.equal(await count(), "1–100 of 10000");
  await page.getByRole("button", { name: "Next" }).first().click();
  assert.equal(await count(), "101–200 of 10000");
  const start = Date.now();
  await page.locator("#licenses-table thead button").nth(3).click();
  await page.locator("#licenses-table thead button").nth(3).click();
  assert.equal((await rows(page, "licenses-table"))[0][3], "999");
  await page.locator("#licenses-table").getByLabel("Filter").fill("lot-9999");
  assert.equal((await rows(page, "licenses-table")).length, 1);
  assert.ok(Date.now() - start < 5000, "sorted twice and filtered within five seconds");
  // A link leads to a row whatever page it is on.
  await page.evaluate(() => (location.hash = "license-5000"));
  await page.waitForFunction(() => document.getElementById("license-5000") !== null);
  // Paper has all rows.
  const printed = () => page.locator("#licenses-table tbody tr").count();
  await page.locator("#licenses-table").getByLabel("Filter").fill("");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await printed(), 10_000);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await printed(), 100);
  await close();
  const still = await open(browser, address, { javaScriptEnabled: false });
  assert.equal(await still.page.locator("#licenses-table tbody tr").count(), 10_000);
  await still.close();
});

test("names that are left out are nowhere in a page", async () => {
  const address = report("redacted", CONTOSO, "--redact", "users,assets");
  const { page, close } = await open(browser, address);
  const html = await page.content();
  for (const name of ["alice", "carol", "DB-1", "LOBBY-1"]) assert.ok(!html.includes(name), name);
  await close();
});
