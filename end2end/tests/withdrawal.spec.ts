// Withdrawing what was submitted, and applying again in its place: with and without JavaScript, and on both engines.
import { apply, axe, expect, login, ready, register, shot, somebody, test } from "./support";

test("what was submitted is replaced by a new application, and withdrawn", async ({ page, hydrated }) => {
  test.setTimeout(240_000);
  const person = somebody();
  await register(page, person, hydrated);
  await login(page, person);
  await expect(page).toHaveURL(/\/profile/);
  await apply(page, hydrated);
  const old = page.url();
  await expect(page.getByRole("heading", { name: "报错了怎么办" })).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "application-submitted");

  // Applying again: it asks, copies the answers, and shows what differs before the old one ends.
  await page.getByRole("link", { name: "重新报考" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "重新报考" })).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "reapply");
  await page.getByRole("button", { name: "开始重新报考" }).click();
  await expect(page.getByText("这是重新报考的草稿")).toBeVisible();
  await ready(page, hydrated);
  await shot(page, "reapply-draft");
  const draft = page.url().replace(/\/category$/, "");
  await page.goto("/exams");
  await ready(page, hydrated);
  await expect(page.getByText("提交之前，已提交的报名")).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "exams-replacing");
  // What the old application holds is corrected in a copy.
  await page.goto(`${draft}/education`);
  await ready(page, hydrated);
  await shot(page, "replacing-education");
  await page.getByRole("button", { name: /^更正：/ }).click();
  await ready(page, hydrated);
  await page.getByLabel("毕业证书编号").fill("103351201705000777");
  await shot(page, "replacing-entry");
  await page.getByRole("button", { name: "保存并用于报名" }).click();
  await expect(page.getByText("更正稿")).toBeVisible();
  await ready(page, hydrated);
  if (hydrated) await axe(page);
  await shot(page, "replacing-education-corrected");
  await page.goto(`${draft}/site`);
  await ready(page, hydrated);
  await page.getByLabel("考点", { exact: true }).selectOption("3302");
  await page.getByRole("button", { name: "下一步" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "第 7 步" })).toBeVisible();
  await ready(page, hydrated);
  await page.getByLabel("我声明以上内容属实").check();
  await page.getByRole("button", { name: "提交报名" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "核对后提交新报名" })).toBeVisible();
  await expect(page.getByRole("rowheader")).toHaveText(["教育经历", "考点"]);
  if (hydrated) await axe(page);
  await shot(page, "replace");
  await page.getByRole("button", { name: "提交新报名，原报名作废" }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(new URL(draft, page.url()).pathname);
  await expect(page.getByText("已提交", { exact: true })).toBeVisible();
  await page.goto(old);
  await expect(page.getByText("已由您的新报名取代")).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "application-superseded");

  // Withdrawing asks first, too.
  await page.goto(draft);
  await page.getByRole("link", { name: "放弃报考" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "放弃报考" })).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "withdraw");
  await page.getByRole("button", { name: "放弃报考" }).click();
  await expect(page.getByText("您已放弃这份报名。")).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "application-withdrawn");
  // Another application may be begun at once.
  await page.goto("/exams/catalogue");
  await ready(page, hydrated);
  await page.getByRole("button", { name: "报名：口腔执业医师" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "第 1 步" })).toBeVisible();
});
