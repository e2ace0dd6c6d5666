// Fixtures and helpers: a new person for each test, a check that the console stays silent, and filling in forms by labels and roles only.
import { expect, test as base, type Page } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { randomInt } from "node:crypto";

export interface Person { username: string; password: string; name: string; number: string }

const check = (seventeen: string) => {
  const sum = [...seventeen].reduce((s, d) => ((s + Number(d)) * 2) % 11, 0);
  return "0123456789X"[(12 - sum) % 11];
};
/** A resident number that no other test has. */
export const residentNumber = () => {
  const digits = (n: number, max: number) => String(randomInt(1, max)).padStart(n, "0");
  const seventeen = `330102${randomInt(1960, 2003)}${digits(2, 13)}${digits(2, 29)}${digits(3, 1000)}`;
  return seventeen + check(seventeen);
};
export const somebody = (): Person => ({
  username: `u${randomInt(1e9).toString(36)}${randomInt(1e9).toString(36)}`.slice(0, 16),
  password: `Pw${randomInt(1e6, 1e7)}x`,
  name: "赵一鸣",
  number: residentNumber(),
});

export const test = base.extend<{ silent: void; hydrated: boolean; tolerated: RegExp | null }>({
  /** Errors that a test causes on purpose. */
  tolerated: [null, { option: true }],
  hydrated: async ({ javaScriptEnabled }, use) => { await use(javaScriptEnabled !== false); },
  silent: [async ({ page, tolerated }, use) => {
    const said: string[] = [];
    const say = (text: string) => { if (!tolerated?.test(text)) said.push(text); };
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // The browser itself reports every refusal as an error; the forms answer so on purpose.
      if (/status of 4\d\d/.test(message.text())) return;
      say(message.text());
    });
    await page.addInitScript(() => { Error.stackTraceLimit = 40; });
    page.on("pageerror", (error) => say(String(error)));
    await use();
    expect(said, "console errors").toEqual([]);
  }, { auto: true }],
});
export { expect };

/** Waits until a page that hydrates is hydrated. */
export async function ready(page: Page, hydrated: boolean) {
  if (hydrated) await expect(page.locator("html[data-hydrated]")).toHaveCount(1);
}
/** Opens a page, whether it hydrates or carries nothing to hydrate. */
export async function visit(page: Page, path: string) {
  await page.goto(path);
  await ready(page, (await page.locator("script[type=module]").count()) > 0);
}
export async function axe(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
}

/** Nothing on the page is wider than the window. */
export async function narrow(page: Page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
}

/** The language of whatever is opened next. */
export async function language(page: Page, value: "zh" | "en") {
  await page.context().addCookies([{ name: "lang", value, url: new URL(page.url()).origin }]);
}

const SHOTS = process.env.YIKAO_SHOTS;
/** Looks at a page at the width of a phone and of a desktop: nothing is wider than either. Where YIKAO_SHOTS names a folder, there are pictures of it. */
export async function shot(page: Page, name: string) {
  const { project } = test.info();
  if (project.name !== "hydrated") return;
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await narrow(page);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${width}-${name}.png`, fullPage: true });
  }
}

export async function fillRegistration(page: Page, person: Person) {
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await page.getByLabel("再次输入密码").fill(person.password);
  await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
  await page.getByLabel("证件号码").fill(person.number);
  await page.getByLabel("姓名").fill(person.name);
  await page.getByLabel("民族").selectOption({ label: "汉族" });
  await page.getByLabel("密码找回问题").fill("第一所学校的名字");
  await page.getByLabel("密码找回答案").fill("解放路小学");
}
export async function register(page: Page, person: Person, hydrated: boolean) {
  await page.goto("/register");
  await ready(page, hydrated);
  await fillRegistration(page, person);
  await page.getByRole("button", { name: "注册", exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
}
export async function login(page: Page, person: Person) {
  await page.goto("/login");
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
}

/** A portrait as a JPEG, drawn by the browser; `pixels` across. */
export async function portrait(page: Page, pixels = 210, quality = 0.85, noise = false): Promise<Buffer> {
  const url = await page.context().browser()!.newPage().then(async (drawing) => {
    const result = await drawing.evaluate(([width, quality, noise]) => {
      const canvas = document.createElement("canvas");
      canvas.width = width as number;
      canvas.height = Math.round(((width as number) * 4) / 3);
      const pen = canvas.getContext("2d")!;
      pen.fillStyle = "white";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.fillStyle = "#456";
      pen.arc(canvas.width / 2, canvas.height / 2, canvas.width / 4, 0, 7);
      pen.fill();
      if (noise) for (let i = 0; i < 60000; i++) { pen.fillStyle = `hsl(${(i * 37) % 360} 80% ${(i * 13) % 100}%)`; pen.fillRect((i * 7919) % canvas.width, (i * 104729) % canvas.height, 2, 2); }
      return canvas.toDataURL("image/jpeg", quality as number);
    }, [pixels, quality, noise] as const);
    await drawing.close();
    return result;
  });
  return Buffer.from(url.split(",")[1], "base64");
}
export async function uploadPhoto(page: Page, hydrated: boolean, bytes: Buffer) {
  await page.getByLabel("个人照片").setInputFiles({ name: "me.jpg", mimeType: "image/jpeg", buffer: bytes });
  if (!hydrated) await page.getByRole("button", { name: "上传照片" }).click();
  await expect(page.getByRole("img", { name: "本人照片" })).toBeVisible();
}
/** Chooses from a look-up by initials with script, types the name without. */
export async function choose(page: Page, label: string, initials: string, name: string, hydrated: boolean) {
  const box = page.getByLabel(label, { exact: true });
  if (!hydrated) return box.fill(name);
  await box.fill(initials);
  await page.getByRole("option", { name }).first().click();
  await expect(box).toHaveValue(name);
}
export async function fillEducation(page: Page, hydrated: boolean) {
  await page.getByLabel("学历", { exact: true }).selectOption({ label: "本科" });
  await choose(page, "毕业学校", "zjdx", "浙江大学", hydrated);
  await choose(page, "毕业专业", "lcyx", "临床医学", hydrated);
  await page.getByLabel("学习形式").selectOption({ label: "普通全日制" });
  await page.getByLabel("毕业年月").fill("2023-06");
  await page.getByLabel("毕业证书编号").fill("103351202305000123");
}
export async function fillContact(page: Page) {
  await page.getByLabel("手机号码").fill("13900001111");
  await page.getByLabel("电子邮件").fill("zhao@example.com");
  await page.getByLabel("联系地址").fill("浙江省杭州市上城区解放路88号");
  await page.getByLabel("邮政编码").fill("310009");
}
/** A whole application as a person hands it in, from the catalogue to its page. */
export async function apply(page: Page, hydrated: boolean) {
  const photo = await portrait(page);
  await page.goto("/exams/catalogue");
  await ready(page, hydrated);
  await page.getByRole("button", { name: "报名：临床执业医师" }).click();
  const at = async (title: string) => {
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await ready(page, hydrated);
  };
  const next = () => page.getByRole("button", { name: "下一步" }).first().click();
  await at("第 1 步");
  await page.getByLabel("我已阅读并同意考试须知").check();
  await next();
  await at("第 2 步");
  await uploadPhoto(page, hydrated, photo);
  await page.getByLabel("户籍所在地").selectOption({ label: "浙江" });
  await fillContact(page);
  await next();
  await at("第 3 步");
  await page.getByLabel("在岗情况").selectOption({ label: "试用期" });
  await page.getByLabel("单位所在地区").selectOption({ label: "浙江" });
  await choose(page, "工作单位", "zjsrmyy", "浙江省人民医院", hydrated);
  await next();
  await at("第 4 步");
  await page.getByRole("button", { name: "＋ 添加教育经历" }).click();
  await expect(page.getByRole("button", { name: "保存并用于报名" })).toBeVisible();
  await ready(page, hydrated);
  await fillEducation(page, hydrated);
  await page.getByRole("button", { name: "保存并用于报名" }).click();
  await at("第 4 步");
  await next();
  await at("第 5 步");
  await next();
  await at("第 6 步");
  await page.getByLabel("考区", { exact: true }).selectOption({ label: "浙江省" });
  // Without script the sites of the area are shown by a button.
  const show = page.getByRole("button", { name: "显示这个考区的考点" });
  if (await show.isVisible()) await show.click();
  await page.getByLabel("考点", { exact: true }).selectOption("3301");
  await next();
  await at("第 7 步");
  await page.getByLabel("我声明以上内容属实").check();
  await page.getByRole("button", { name: "提交报名" }).first().click();
  await expect(page.getByRole("heading", { name: "报名详情" })).toBeVisible();
}
/** Logs somebody of the staff in. */
export async function staff(page: Page, username: string) {
  await page.goto("/admin/login");
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码", { exact: true }).fill("Schreibtisch9");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("heading", { name: "审核队列" })).toBeVisible();
}
