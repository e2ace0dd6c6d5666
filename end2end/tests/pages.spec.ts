// Every page in both languages: axe finds nothing, the console stays silent, nothing is wider than a phone.
import { axe, expect, login, ready, register, somebody, test } from "./help";

const SHOTS = process.env.YIKAO_SHOTS;

test("every page is accessible, in both languages and on a phone", async ({ page }) => {
  test.setTimeout(180_000);
  const person = somebody();
  await register(page, person, true);
  const open = ["/", "/login", "/register", "/nothing-here"];
  const own = ["/profile/basic", "/profile/contact", "/profile/work", "/profile/education", "/profile/education/new", "/profile/training/new", "/profile/certificate/new", "/exams", "/exams/catalogue"];
  const look = async (path: string, name: string) => {
    await page.goto(path);
    if (await page.locator("script[type=module]").count()) await ready(page, true);
    await axe(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${path} is wider than the window`).toBeLessThanOrEqual(0);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  };
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    for (const language of ["zh", "en"]) {
      await page.context().clearCookies({ name: "session" });
      await page.context().addCookies([{ name: "lang", value: language, url: new URL(page.url()).origin }]);
      for (const path of open) await look(path, `${width}-${language}${path.replaceAll("/", "_")}`);
      await page.context().addCookies([{ name: "lang", value: "zh", url: new URL(page.url()).origin }]);
      await login(page, person);
      await page.context().addCookies([{ name: "lang", value: language, url: new URL(page.url()).origin }]);
      await page.goto("/exams/catalogue");
      await ready(page, true);
      await page.locator("form[action='/exams/catalogue'] button.primary").first().click();
      await expect(page).toHaveURL(/\/applications\/.*\/category/);
      const step = page.url();
      for (const path of own) await look(path, `${width}-${language}${path.replaceAll("/", "_")}`);
      await look(step, `${width}-${language}_step_category`);
      await look(step.replace(/category$/, "work"), `${width}-${language}_step_not_yet`);
    }
  }
});

test("the front page and the log-in carry nothing to wake, and the first view of the wizard is small", async ({ page }) => {
  const bytes: Record<string, number> = {};
  page.on("response", async (response) => {
    const path = new URL(response.url()).pathname;
    if (path.startsWith("/pkg/")) bytes[path] = (await response.request().sizes()).responseBodySize;
  });
  for (const path of ["/", "/login"]) {
    await page.goto(path);
    expect(await page.locator("script[type=module]").count()).toBe(0);
  }
  expect(Object.keys(bytes).filter((path) => path.endsWith(".wasm"))).toEqual([]);
  await page.goto("/register");
  await ready(page, true);
  const total = Object.values(bytes).reduce((a, b) => a + b, 0);
  console.log(`bench bytes.first_view ${total} bytes`);
  expect(total).toBeLessThan(Number(process.env.YIKAO_BYTE_LIMIT ?? 290_000));
});
