// What an application looks like in each of its states: accessible, as wide as the window and valid HTML, in both languages, on a phone and on
// a desktop.
import type { Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { apply, axe, expect, language, login, narrow, ready, register, somebody, staff, test, visit } from "./support";
import { faults } from "./validator";

const SHOTS = process.env.YIKAO_SHOTS;
/** Looks at what is shown now, in the language it is shown in. */
async function look(page: Page, name: string) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    if (width === 390) await axe(page);
    await narrow(page);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${width}-state-${name}.png`, fullPage: true });
  }
}
/** Opens a page in each language and looks at it. `act` leads from the page to what is looked at. */
async function inBoth(page: Page, path: string, name: string, act?: (page: Page) => Promise<void>) {
  for (const spoken of ["en", "zh"] as const) {
    await language(page, spoken);
    await visit(page, path);
    await act?.(page);
    await look(page, `${spoken}-${name}`);
  }
  expect(await faults(page, path)).toEqual([]);
}

test("an application is accessible in every state", async ({ browser, page }) => {
  test.setTimeout(420_000);
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await apply(page, true);
  const application = new URL(page.url()).pathname;

  await inBoth(page, "/", "submitted-home");
  await inBoth(page, "/exams", "submitted-list");
  await inBoth(page, application, "submitted");
  await inBoth(page, `${application}/slip`, "notice");
  await inBoth(page, `${application}/form`, "form");
  await inBoth(page, `${application}/withdraw`, "withdraw");
  await inBoth(page, `${application}/reapply`, "reapply");
  for (const group of ["basic", "contact", "work"]) await inBoth(page, `/profile/${group}`, `profile-${group}`);
  // The entry that the application uses is locked.
  await inBoth(page, "/profile/education", "profile-locked");
  await expect(page.getByText("已锁定")).toBeVisible();

  await page.goto(`${application}/slip`);
  const code = (await page.locator(".proof .serial").textContent())!.replaceAll(" ", "");
  await inBoth(page, `/verify/${code}`, "verified");

  // A draft with every step filled; then each of its steps with an answer taken away.
  await page.goto(`${application}/reapply`);
  await page.getByRole("button", { name: "开始重新报考" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "第 1 步" })).toBeVisible();
  const draft = new URL(page.url()).pathname.replace(/\/category$/, "");
  for (const step of ["category", "basic", "work", "education", "certificate", "site", "confirm"]) await inBoth(page, `${draft}/${step}`, `step-${step}`);
  const wrong = (path: string, name: string, change: (page: Page) => Promise<void>) => inBoth(page, path, name, async (page) => {
    await change(page);
    await page.locator(".ways button.primary").first().click();
    await expect(page.locator(".summary")).toBeFocused();
  });
  // What differs from the application that it replaces.
  await page.goto(`${draft}/site`);
  await ready(page, true);
  await page.getByLabel("考点", { exact: true }).selectOption("3302");
  await page.getByRole("button", { name: "下一步" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "第 7 步" })).toBeVisible();
  await ready(page, true);
  await page.getByLabel("我声明以上内容属实").check();
  await page.getByRole("button", { name: "提交报名" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "核对后提交新报名" })).toBeVisible();
  await inBoth(page, `${draft}/replace`, "replace");
  // The last first: a step is reached only while those before it are right.
  await wrong(`${draft}/confirm`, "step-confirm-wrong", async (page) => { await page.locator("#f-declaration").uncheck(); });
  await wrong(`${draft}/work`, "step-work-wrong", async (page) => { await page.locator("#f-post_state").selectOption(""); });
  await wrong(`${draft}/basic`, "step-basic-wrong", (page) => page.locator("#f-mobile").fill("12"));
  await inBoth(page, `${draft}/basic`, "question", async (page) => {
    await page.locator("form.discard button").click();
    await expect(page.locator("form[action$='/discard'] button.primary")).toBeVisible();
  });
  await page.getByRole("button", { name: "放弃草稿" }).click();
  await expect(page.getByText("草稿已放弃")).toBeVisible();

  const reviewer = await (await browser.newContext({ locale: "zh-CN" })).newPage();
  await staff(reviewer, "e2e_site");
  await visit(reviewer, application.replace("/applications", "/admin/review"));
  await reviewer.getByRole("button", { name: "开始审核" }).click();
  await expect(reviewer.getByText("您正在审核")).toBeVisible();
  await ready(reviewer, true);
  for (const group of await reviewer.locator("fieldset.check-item").all()) await group.getByLabel("通过", { exact: true }).check();
  const mobile = reviewer.locator(".fact").filter({ hasText: "手机号码" });
  await mobile.getByRole("checkbox").check();
  await mobile.getByRole("textbox").fill("号码不通");
  await mobile.getByRole("combobox").selectOption({ label: "其他（见说明）" });
  await reviewer.getByRole("button", { name: "退回修改" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("已退回");
  await inBoth(page, "/", "returned-home");
  await inBoth(page, "/exams", "returned-list");
  await inBoth(page, application, "returned");
  await inBoth(page, `${application}/basic`, "returned-step");

  await page.goto(`${application}/withdraw`);
  await page.getByRole("button", { name: "放弃报考" }).click();
  await expect(page.getByText("您已放弃这份报名。")).toBeVisible();
  await inBoth(page, application, "withdrawn");
  await inBoth(page, "/exams", "withdrawn-list");
});

test("what is left of an application when the window has closed is accessible", async ({ page }) => {
  const postgres = process.env.YIKAO_TEST_POSTGRES!;
  test.setTimeout(300_000);
  const [submitted, drafted] = [somebody(), somebody()];
  await register(page, submitted, true);
  await login(page, submitted);
  await apply(page, true);
  const application = new URL(page.url()).pathname;
  await page.context().clearCookies({ name: "session" });
  await register(page, drafted, true);
  await login(page, drafted);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.getByRole("button", { name: "报名：临床执业医师" }).click();
  await expect(page).toHaveURL(/\/category$/);
  const step = new URL(page.url()).pathname;

  const close = "UPDATE exam_session SET opens = opens - 86400000000 * 60, closes = closes - 86400000000 * 60";
  execFileSync("psql", ["-q", "-h", postgres, "-U", "yikao", "e2e_closed", "-c", close]);
  await inBoth(page, "/exams", "closed-draft-list");
  await inBoth(page, "/exams/catalogue", "closed-catalogue");
  await inBoth(page, step, "closed-step");
  await page.context().clearCookies({ name: "session" });
  await login(page, submitted);
  await inBoth(page, "/", "closed-home");
  await inBoth(page, application, "closed");
  await inBoth(page, `${application}/withdraw`, "closed-withdraw");
});
