// The first press of a button counts, although the message of the field that it leaves moves the button away under the pointer.
import type { Locator, Page } from "@playwright/test";
import { expect, login, ready, register, somebody, test } from "./support";

/** Types something wrong into the last field, and presses and releases the mouse where the button is then. */
async function pressAfterAWrongField(page: Page, field: Locator, button: Locator) {
  await field.click();
  await field.pressSequentially("1");
  await button.scrollIntoViewIfNeeded();
  const before = (await button.boundingBox())!;
  await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2);
  await page.mouse.down();
  // Otherwise nothing is shown of a button that moves.
  await expect.poll(async () => (await button.boundingBox())!.y - before.y).toBeGreaterThan(before.height / 2);
  await page.mouse.up();
  await expect(page.locator(".summary")).toBeFocused();
}
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).last();

test.use({ viewport: { width: 390, height: 844 } });

test("the first press of register counts after a wrong last field", async ({ page }) => {
  await page.goto("/register");
  await ready(page, true);
  await pressAfterAWrongField(page, page.getByLabel("密码找回答案"), button(page, "注册"));
});

test("the first press counts in forms of the profile, of an entry and of the wizard", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.getByRole("button", { name: "报名：临床执业医师" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "第 1 步" })).toBeVisible();
  await ready(page, true);
  await page.getByLabel("我已阅读并同意考试须知").check();
  await button(page, "下一步").click();
  await expect(page.getByRole("heading", { level: 1, name: "第 2 步" })).toBeVisible();
  await pressAfterAWrongField(page, page.getByLabel("邮政编码"), button(page, "下一步"));
  await page.goto("/profile/contact");
  await ready(page, true);
  await pressAfterAWrongField(page, page.getByLabel("邮政编码"), button(page, "提交"));
  await page.goto("/profile/certificate/new");
  await ready(page, true);
  await pressAfterAWrongField(page, page.getByLabel("注册年月"), button(page, "保存"));
});

test("a press that is let go elsewhere is none", async ({ page }) => {
  await page.goto("/register");
  await ready(page, true);
  const box = (await button(page, "注册").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 60);
  await page.mouse.up();
  await page.waitForTimeout(300);
  await expect(page.locator(".summary")).toHaveCount(0);
});

test.describe("on a touch screen", () => {
  test.use({ hasTouch: true, isMobile: true });
  test("the first tap counts after a wrong last field", async ({ page }) => {
    await page.goto("/register");
    await ready(page, true);
    const field = page.getByLabel("密码找回答案");
    await field.tap();
    await field.pressSequentially("1");
    const box = (await button(page, "注册").boundingBox())!;
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await expect(page.locator(".summary")).toBeFocused();
  });
});
