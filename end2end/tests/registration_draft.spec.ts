// Registration that is begun, left and taken up again, and new entries that are reloaded (X26).
import { axe, expect, fillRegistration, login, ready, register, shot, somebody, test } from "./support";

test("a registration is saved while it is typed and there again in a new tab", async ({ page, context, hydrated }) => {
  const person = somebody();
  await page.goto("/register");
  await ready(page, hydrated);
  expect((await context.cookies()).some(({ name }) => name.includes("registration"))).toBe(false);
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
  await page.getByLabel("证件号码").fill(person.number);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  await axe(page);
  await shot(page, "register-saved");
  await page.close();
  const later = await context.newPage();
  await later.goto("/register");
  await ready(later, hydrated);
  await expect(later.getByLabel("证件号码")).toHaveValue(person.number);
  await expect(later.getByLabel("密码", { exact: true })).toHaveValue("");
  await shot(later, "register-restored");
  // Whoever sits down next.
  await later.getByRole("button", { name: "清空，重新填写" }).click();
  await expect(later.getByRole("heading", { level: 1, name: "清空已填写的注册内容？" })).toBeVisible();
  await axe(later);
  await later.getByRole("button", { name: "清空", exact: true }).click();
  await expect(later.getByText("以前填写的内容已恢复")).toHaveCount(0);
  await expect(later.getByLabel("证件号码")).toHaveValue("");
  await ready(later, hydrated);
  await fillRegistration(later, person);
  await later.getByRole("button", { name: "注册", exact: true }).click();
  await expect(later).toHaveURL(/\/login/);
  await later.goto("/register");
  await expect(later.getByLabel("证件号码")).toHaveValue("");
});

test("a new entry that is reloaded at once, and again, is one draft with what was typed", async ({ page, hydrated }) => {
  const person = somebody();
  await register(page, person, hydrated);
  await login(page, person);
  await page.goto("/profile/training/new");
  await ready(page, hydrated);
  for (const month of ["2020-01", "2020-02"]) {
    await page.getByLabel("开始年月").fill(month);
    await page.reload();
    await ready(page, hydrated);
    await expect(page.getByLabel("开始年月")).toHaveValue(month);
  }
  await expect(page).toHaveURL(/\/profile\/training\/[0-9a-f-]{36}$/);
  await page.getByLabel("开始年月").fill("2020-03");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  await page.goto("/profile/training");
  await expect(page.getByRole("main").locator(".cards > li")).toHaveCount(1);
});
