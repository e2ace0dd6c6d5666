// Every page in both languages: axe finds nothing, the console stays silent, nothing is wider than a phone.
import { axe, expect, language, login, narrow, ready, register, somebody, test, visit } from "./support";

const SHOTS = process.env.YIKAO_SHOTS;

test("every page is accessible, in both languages and on a phone", async ({ page }) => {
  test.setTimeout(420_000);
  const person = somebody();
  await register(page, person, true);
  await page.goto("/");
  const notice = (await page.locator(".notices a").first().getAttribute("href"))!;
  const open = ["/", "/help", "/help?step=site", "/sites", "/sites?q=hangzhou", "/sites?q=zzzz", "/guides/rules", "/guides/chsi", "/guides/refunds", "/guides/taiwan-hong-kong-macao", notice, "/downloads", "/downloads/2", "/verify", "/verify/00000", "/login", "/register", "/recover", "/claim", "/claim/state", "/nothing-here"];
  const own = ["/profile/basic", "/profile/contact", "/profile/work", "/profile/education", "/profile/education/new", "/profile/training/new", "/profile/certificate/new", "/security", "/names", "/employers", "/exams", "/exams/catalogue"];
  const look = async (path: string, name: string) => {
    await visit(page, path);
    await axe(page);
    await narrow(page);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
    // A form sent empty says what is missing, and is as accessible then.
    const send = page.locator("form.sheet .actions button.primary");
    if ((await send.count()) !== 1) return;
    await send.click();
    await expect(page.locator(".summary")).toBeVisible();
    await axe(page);
    await narrow(page);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-failing.png`, fullPage: true });
  };
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    for (const spoken of ["zh", "en"] as const) {
      await page.context().clearCookies({ name: "session" });
      await language(page, spoken);
      for (const path of open) await look(path, `${width}-${spoken}${path.replaceAll(/[\/?=]/g, "_")}`);
      await language(page, "zh");
      await login(page, person);
      await language(page, spoken);
      await page.goto("/exams/catalogue");
      await ready(page, true);
      await page.locator("form[action='/exams/catalogue'][method='post'] button").first().click();
      await expect(page).toHaveURL(/\/applications\/.*\/category/);
      const step = page.url();
      for (const path of own) await look(path, `${width}-${spoken}${path.replaceAll(/[\/?=]/g, "_")}`);
      await look(step, `${width}-${spoken}_step_category`);
      await look(step.replace(/category$/, "work"), `${width}-${spoken}_step_not_yet`);
    }
  }
});

test("a claim and how far it is are accessible in both languages", async ({ page }) => {
  for (const spoken of ["zh", "en"] as const) {
    await page.goto("/");
    await language(page, spoken);
    await visit(page, "/claim");
    await page.locator("#f-document_type").selectOption("resident_id");
    await page.locator("#f-document_number").fill(somebody().number);
    await page.locator("#f-name").fill("赵一鸣");
    await page.locator("#f-telephone").fill("010-66667777");
    await page.locator("#f-site").selectOption("3301");
    await page.locator("#f-claim_reason").fill("从未注册过");
    await page.locator("form.sheet button.primary").click();
    await expect(page.locator(".claim-code")).toBeVisible();
    await expect(page.getByRole("main")).toContainText(spoken === "en" ? "Hangzhou site" : "杭州市");
    const code = (await page.locator(".claim-code").textContent())!.replace(/^.* /s, "");
    const look = async (name: string) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await axe(page);
        await narrow(page);
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${width}-${spoken}-${name}.png`, fullPage: true });
      }
    };
    await look("claim-sent");
    for (const [typed, name] of [[code, "claim-state"], ["ABCD-EFGH-JKMN", "claim-unknown"]]) {
      await visit(page, "/claim/state");
      await page.locator("#f-claim_code").fill(typed);
      await page.locator("form.sheet button.primary").click();
      await expect(page.locator(name === "claim-state" ? "[role=status]" : ".summary").first()).toBeVisible();
      await look(name);
    }
  }
});

test("the front page and the log-in load no module, and the first view of the wizard is small", async ({ page, browser }) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  for (const path of ["/", "/login"]) {
    await page.goto(path);
    expect(await page.locator("script[type=module]").count()).toBe(0);
  }
  expect(fetched.filter((path) => path.endsWith(".wasm"))).toEqual([]);
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.locator("form[action='/exams/catalogue'][method='post'] button").first().click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  // A browser that has never been here, with the same session: what it fetches until the page is hydrated.
  const fresh = await browser.newContext({ storageState: await page.context().storageState() });
  const first = await fresh.newPage();
  await first.goto(page.url());
  await ready(first, true);
  const total = await first.evaluate(() => {
    const hydrated = performance.getEntriesByName("hydrated")[0].startTime;
    const sizes = new Map<string, number>();
    for (const entry of performance.getEntriesByType("resource") as PerformanceResourceTiming[]) {
      if (entry.name.includes("/pkg/") && entry.startTime <= hydrated) {
        sizes.set(entry.name, Math.max(entry.encodedBodySize, sizes.get(entry.name) ?? 0));
      }
    }
    return [...sizes.values()].reduce((a, b) => a + b, 0);
  });
  await fresh.close();
  console.log(`bench bytes.first_view ${total} bytes`);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(Number(process.env.YIKAO_BYTE_LIMIT ?? 178_000));
});

test("notices and materials, and the button that begins, are on the first screen of a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  for (const [spoken, start] of [["zh", "开始报名"], ["en", "Start"]] as const) {
    await language(page, spoken);
    await page.goto("/");
    const button = page.getByRole("main").getByRole("link", { name: start, exact: true });
    await expect(button).toBeInViewport({ ratio: 1 });
    await expect(page.locator(".notices a").first()).toBeInViewport();
    await expect(page.getByRole("main").locator("a[href='/downloads']")).toBeInViewport();
  }
});

test("whoever prefers dark gets dark pages with enough contrast, and sheets of paper stay white", async ({ page }) => {
  test.setTimeout(240_000);
  await page.emulateMedia({ colorScheme: "dark" });
  const person = somebody();
  await register(page, person, true);
  const background = (of: string) => page.locator(of).evaluate((element) => getComputedStyle(element).backgroundColor);
  const look = async (path: string, name: string) => {
    await visit(page, path);
    expect(await background("html")).toBe("rgb(15, 23, 25)");
    await axe(page);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/dark-${name}.png`, fullPage: true });
    const send = page.locator("form.sheet .actions button.primary");
    if ((await send.count()) !== 1) return;
    await send.click();
    await expect(page.locator(".summary")).toBeVisible();
    await axe(page);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/dark-${name}-failing.png`, fullPage: true });
  };
  for (const path of ["/", "/help", "/downloads", "/login", "/register", "/recover", "/claim", "/downloads/2"]) await look(path, path.replaceAll("/", "_"));
  expect(await background(".a4")).toBe("rgb(255, 255, 255)");
  await login(page, person);
  await ready(page, true);
  for (const path of ["/profile/basic", "/profile/education/new", "/profile/certificate", "/security", "/names", "/exams", "/exams/catalogue"]) await look(path, path.replaceAll("/", "_"));
  await page.locator("form[action='/exams/catalogue'][method='post'] button").first().click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  await look(page.url(), "_step");
});
