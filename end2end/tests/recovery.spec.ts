// A forgotten password, log-ins elsewhere, and a document that somebody else registered, with and without JavaScript.
import { axe, expect, fillRegistration, login, ready, register, shot, somebody, test, type Person } from "./support";
import type { Page } from "@playwright/test";

const ANSWER = "解放路小学";
const plain = async (page: Page) => expect(await page.locator("script[type=module]").count()).toBe(0);

async function fillRecovery(page: Page, person: Person, answer: string, password: string) {
  await page.getByLabel("姓名").fill(person.name);
  await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
  await page.getByLabel("证件号码").fill(person.number);
  await page.getByLabel("密码找回答案").fill(answer);
  await page.getByLabel("新密码", { exact: true }).fill(password);
  await page.getByLabel("再次输入密码").fill(password);
}

test("a forgotten password is recovered, and every log-in ends", async ({ browser, page, hydrated, javaScriptEnabled }) => {
  const look = async (name: string) => {
    await plain(page);
    if (hydrated) await axe(page);
    await shot(page, name);
  };
  const person = somebody();
  await register(page, person, hydrated);
  const elsewhere = await browser.newContext({ javaScriptEnabled, locale: "zh-CN" });
  const other = await elsewhere.newPage();
  await login(other, person);
  await expect(other).toHaveURL(/\/profile\/basic/);

  await page.goto("/login");
  await look("recover-login");
  await page.getByRole("link", { name: "找回密码" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "找回密码" })).toBeVisible();
  await look("recover-empty");
  const send = page.getByRole("button", { name: "设置新密码" });
  await send.click();
  await expect(page.getByRole("alert")).toContainText("姓名");
  await look("recover-missing");

  await fillRecovery(page, person, ANSWER, "abc");
  await send.click();
  await expect(page.getByRole("alert")).toContainText("太短了");
  await look("recover-weak");

  const password = `Neu${person.password}`.slice(0, 12);
  await fillRecovery(page, person, "另一所小学", password);
  await send.click();
  await expect(page.getByRole("alert")).toContainText("没有姓名、证件和答案都相符的账号");
  // What is not secret stays typed.
  await expect(page.getByLabel("证件号码")).toHaveValue(person.number);
  await expect(page.getByLabel("姓名")).toHaveValue(person.name);
  await expect(page.getByLabel("密码找回答案")).toHaveValue("");
  await look("recover-refused");

  await fillRecovery(page, person, ANSWER, password);
  await send.click();
  await expect(page.getByText("密码已修改，请用新密码登录。")).toBeVisible();
  expect(page.url()).not.toContain(person.number);
  await look("recover-done");

  await other.goto("/exams");
  await expect(other).toHaveURL(/\/login\?next=\/exams/);
  await elsewhere.close();
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page).toHaveURL(/(\/|\/profile\/basic)$/);
  await page.goto("/security");
  await expect(page.getByText("用“找回密码”设置了新密码")).toBeVisible();
  await expect(page.getByText("“找回密码”填写的内容不符")).toBeVisible();
});

test("log-ins elsewhere are seen and ended", async ({ browser, page, hydrated, javaScriptEnabled }) => {
  const person = somebody();
  await register(page, person, hydrated);
  const phones = [];
  for (const userAgent of [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50",
    "Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) AppleWebKit/537.36 Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36",
  ]) {
    const context = await browser.newContext({ javaScriptEnabled, userAgent, locale: "zh-CN" });
    const phone = await context.newPage();
    await login(phone, person);
    await expect(phone).toHaveURL(/(\/|\/profile\/basic)$/);
    phones.push(phone);
  }
  await login(page, person);
  await expect(page.getByRole("button", { name: "退出" })).toBeVisible();
  await page.goto("/security");
  await plain(page);
  await expect(page.getByText("本次登录")).toHaveCount(1);
  await expect(page.getByText("华为浏览器 · 鸿蒙")).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "sessions");
  await page.getByRole("button", { name: /^结束登录：微信 · iPhone 或 iPad/ }).click();
  await expect(page.getByText("那个登录已经结束")).toBeVisible();
  await phones[0].goto("/exams");
  await expect(phones[0]).toHaveURL(/\/login/);
  await phones[1].goto("/exams");
  await expect(phones[1]).toHaveURL(/\/exams/);
  await shot(page, "sessions-ended");
  await page.getByRole("button", { name: "结束其他所有登录" }).click();
  await expect(page.getByText("其他设备上的登录都已结束")).toBeVisible();
  await expect(page.getByRole("button", { name: "结束其他所有登录" })).toHaveCount(0);
  if (hydrated) await axe(page);
  await shot(page, "sessions-all-ended");
  await phones[1].goto("/exams");
  await expect(phones[1]).toHaveURL(/\/login/);
});

test("whoever finds the document registered says so and keeps a code", async ({ page, hydrated }) => {
  const look = async (name: string) => {
    if (hydrated) await axe(page);
    await shot(page, name);
  };
  const [impostor, person] = [somebody(), somebody()];
  person.number = impostor.number;
  await register(page, impostor, hydrated);
  await page.goto("/register");
  await ready(page, hydrated);
  await fillRegistration(page, person);
  await page.getByRole("button", { name: "注册", exact: true }).click();
  await expect(page.getByText("已经以用户名 **** 在网站上完成了注册")).toBeVisible();
  await look("claim-duplicate");
  await page.getByRole("link", { name: "这不是我注册的" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "这不是我注册的" })).toBeVisible();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/claim");
  await plain(page);
  await look("claim-empty");
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("联系电话");
  await look("claim-failing");
  await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
  await page.getByLabel("证件号码").fill(person.number);
  await page.getByLabel("姓名").fill(person.name);
  await page.getByLabel("联系电话").fill("0571-88888888");
  await page.getByLabel("考点").selectOption({ label: "浙江省 杭州市" });
  await page.getByLabel("情况说明").fill("从未注册过，去年丢失过身份证");
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(page.getByText("已提交给杭州市考点。")).toBeVisible();
  const code = (await page.locator(".claim-code").innerText()).match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/)![0];
  await look("claim-done");
  await page.getByRole("link", { name: "查询处理情况" }).click();
  await look("claim-state-empty");
  await page.getByLabel("查询编码").fill("0000-0000-0001");
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("没有这个编码");
  await look("claim-state-failing");
  await page.getByLabel("查询编码").fill(code.toLowerCase().replaceAll("-", " "));
  await page.getByRole("button", { name: "查询", exact: true }).click();
  await expect(page.getByText("已收到，考点还没有开始处理。")).toBeVisible();
  expect(page.url()).not.toContain(code);
  await look("claim-state");
});
