// Opens every page of the HTML report in Chromium: no error, no request, no barrier, nothing that is cut off, all of it by keyboard and on
// paper. PAGES is the folder with the pages; with SCREENSHOTS each is drawn into that folder.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.PAGES;
const pages = readdirSync(folder).filter((file) => file.endsWith(".html")).map((file) => join(folder, file));
const looks = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 400, height: 800 }, colorScheme: "light" },
};

let profile;
let browser;

before(async () => {
  profile = mkdtempSync(join(tmpdir(), "html-report-"));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

after(async () => {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
});

/** Opens a page, and notes what it complains of and what it asks for. */
async function open(url, look) {
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) complaints.push(`request: ${request.url()}`);
  });
  await page.setViewportSize(look.viewport);
  await page.emulateMedia({ colorScheme: look.colorScheme });
  await page.goto(url, { waitUntil: "networkidle" });
  return { page, complaints };
}

async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join("; ")}`);
}

/** Whether the page as a whole is wider than the window. */
const isCutOff = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

for (const file of pages) {
  const name = basename(file, ".html");
  for (const [label, look] of Object.entries(looks)) {
    test(`${name}, ${label}: no error, no request, no barrier, nothing cut off`, async () => {
      const { page, complaints } = await open(pathToFileURL(file).href, look);
      if (process.env.SCREENSHOTS) {
        await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${label}.png`), fullPage: true });
      }
      assert.deepEqual(complaints, []);
      assert.deepEqual(await barriers(page), []);
      assert.equal(await isCutOff(page), false);
      await page.close();
    });
  }

  test(`${name}: the keyboard reaches the findings and every mark of the map`, async () => {
    const { page } = await open(pathToFileURL(file).href, looks.light);
    const focused = () => page.evaluate(() => document.activeElement.getAttribute("href") ?? document.activeElement.getAttribute("aria-label") ?? "");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "#findings");
    const marks = await page.locator("svg.map a").count();
    const seen = new Set();
    for (let press = 0; press < marks + 12; press += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.closest("svg.map") !== null)) {
        seen.add(await page.evaluate(() => [...document.querySelectorAll("svg.map a")].indexOf(document.activeElement)));
      }
    }
    assert.equal(seen.size, marks);
    if (marks > 0) {
      const first = page.locator("svg.map a").first();
      const target = await first.getAttribute("href");
      await first.focus();
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => location.hash), target);
    }
    await page.close();
  });

  test(`${name}: on paper everything is there`, async () => {
    const { page } = await open(pathToFileURL(file).href, looks.light);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll("details pre")].filter((one) => one.getClientRects().length === 0).length);
    assert.equal(hidden, 0);
    const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    assert.equal(paper, "rgb(255, 255, 255)");
    const pdf = await page.pdf({ format: "A4", path: process.env.SCREENSHOTS && join(process.env.SCREENSHOTS, `${name}.pdf`) });
    assert.ok(pdf.length > 10_000);
    await page.close();
  });
}

test("a bad page is found bad by each check", async () => {
  const bad = "<title>x</title><script>console.error('no')</script><img src='http://127.0.0.1:9/x'><div style='width:3000px'>x</div>";
  const { page, complaints } = await open(`data:text/html,${encodeURIComponent(bad)}`, looks.narrow);
  assert.ok(complaints.some((one) => one.startsWith("console error")));
  assert.ok(complaints.some((one) => one.startsWith("request")));
  assert.ok((await barriers(page)).some((one) => one.startsWith("image-alt")));
  assert.equal(await isCutOff(page), true);
  await page.close();
});
