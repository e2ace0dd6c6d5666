// What is typed after the session ended, in each kind of form that has a draft, waits for the log-in of the same account, with script and
// without.
import { type Page } from "@playwright/test";
import { expect, fillEducation, login, ready, register, somebody, test } from "./support";

const ENTRY = "#entry button.primary";

/** Opens the second step of a new application. */
async function openStep(page: Page, hydrated: boolean) {
  await page.goto("/exams/catalogue");
  await ready(page, hydrated);
  await page.getByRole("button", { name: "报名：临床执业医师" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "第 1 步" })).toBeVisible();
  await ready(page, hydrated);
  await page.getByLabel("我已阅读并同意考试须知").check();
  await page.getByRole("button", { name: "下一步" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "第 2 步" })).toBeVisible();
}
async function openNewEntry(page: Page, hydrated: boolean) {
  await page.goto("/profile/education/new");
  await ready(page, hydrated);
}
async function openSavedEntry(page: Page, hydrated: boolean) {
  await openNewEntry(page, hydrated);
  await fillEducation(page, hydrated);
  await page.locator(ENTRY).click();
  await expect(page).toHaveURL(/\/profile\/education(\?|$)/);
  await page.locator("a[href^='/profile/education/']:not([href$='/new'])").first().click();
  await expect(page.locator(ENTRY)).toBeVisible();
  await ready(page, hydrated);
}
/** A page of contact data that another window changed meanwhile, and that says so. */
async function openConflict(page: Page, hydrated: boolean) {
  await page.goto("/profile/contact");
  await ready(page, hydrated);
  const other = await page.context().newPage();
  await other.goto("/profile/contact");
  await ready(other, hydrated);
  await other.getByLabel("邮政编码").fill("310009");
  if (hydrated) await expect(other.getByText("已保存", { exact: true })).toBeVisible();
  else await other.locator("#group button.primary").click().then(() => expect(other.locator(".summary")).toBeVisible());
  await other.close();
  await page.getByLabel("联系地址").fill("会话结束前的内容");
  if (!hydrated) await page.locator("#group button.primary").click();
  await expect(page.getByText("内容在别处被修改")).toBeVisible();
}

for (const [what, open, field, send] of [
  ["a step of an application", openStep, "联系地址", "form#wizard button.primary"],
  ["a new entry", openNewEntry, "毕业证书编号", ENTRY],
  ["a saved entry", openSavedEntry, "毕业证书编号", ENTRY],
] as const) {
  test(`what is typed in ${what} after the session ended comes back after the log-in`, async ({ page, hydrated }) => {
    const person = somebody();
    await register(page, person, hydrated);
    await login(page, person);
    await expect(page).toHaveURL(/\/profile\/basic/);
    await open(page, hydrated);
    await page.context().clearCookies({ name: "session" });
    await page.getByLabel(field).fill("写到一半 123");
    // The module saves by itself; without it a button does.
    if (!hydrated) await page.locator(send).first().click();
    await expect(page).toHaveURL(/\/login\?next=.*kept=./);
    await page.getByLabel("用户名").fill(person.username);
    await page.getByLabel("密码", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "登录" }).click();
    await expect(page.getByLabel(field)).toHaveValue("写到一半 123");
  });
}

test("what is kept on a page that was changed elsewhere is not lost when the session ended", async ({ page, hydrated }) => {
  const person = somebody();
  await register(page, person, hydrated);
  await login(page, person);
  await expect(page).toHaveURL(/\/profile\/basic/);
  await openConflict(page, hydrated);
  await page.context().clearCookies({ name: "session" });
  if (hydrated) await page.getByRole("button", { name: "保留这里的内容" }).click();
  else await page.locator("#group button.primary").click();
  await expect(page).toHaveURL(/\/login\?next=.*kept=./);
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
  const typed = page.getByRole("button", { name: "打开刚才填写的内容" });
  const address = page.getByLabel("联系地址");
  await expect(typed.or(address)).toBeVisible();
  // Sent with the version from before: the person decides again.
  if (await typed.isVisible()) {
    await typed.click();
    await expect(page.getByText("内容在别处被修改")).toBeVisible();
  }
  await expect(address).toHaveValue("会话结束前的内容");
});
