// Rules are checked in the browser without a request, and again on the server.
import { expect, fillRegistration, login, portrait, ready, register, residentNumber, somebody, test, uploadPhoto } from "./support";

test("a registration is checked in the browser, without a request", async ({ page }) => {
  await page.goto("/register");
  await ready(page, true);
  const asked: string[] = [];
  page.on("request", (request) => { if (request.method() === "POST") asked.push(request.url()); });
  await page.getByRole("button", { name: "注册", exact: true }).click();
  const summary = page.getByRole("alert");
  await expect(summary).toBeFocused();
  await expect(summary.getByRole("listitem")).toHaveCount(11);
  // Each line leads to its field.
  await summary.getByRole("link", { name: /证件号码/ }).click();
  await expect(page.getByLabel("证件号码")).toBeFocused();

  await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
  const number = page.getByLabel("证件号码");
  for (const [typed, said] of [["110105491231002", "15 位身份证号码已停用"], ["11010519491231002", "应为 18 位"], ["110105194912310021", "逐位核对"], ["11010519491331002X", "出生日期不存在"]]) {
    await number.fill(typed);
    await expect(page.locator("#e-document_number")).toContainText(said);
    await expect(number).toHaveAttribute("aria-invalid", "true");
  }
  await number.fill("11010519491231002x");
  await expect(page.getByText("按证件号码：女，1949-12-31 出生")).toBeVisible();
  await number.fill("330102199003071233".replace(/.$/, residentNumber().slice(-1)));
  await page.getByLabel("姓名").fill("Zhang");
  await expect(page.locator("#e-name")).toContainText("请用汉字填写");
  await page.getByLabel("姓名").fill("张？");
  await expect(page.locator("#e-name")).toContainText("由工作人员补全");
  await page.getByLabel("密码", { exact: true }).fill("abc123");
  await expect(page.locator("#e-password")).toContainText("太常见");
  expect(asked.filter((url) => !url.includes("username-is-free"))).toEqual([]);
});

test("a taken username is reported on blur, a known person on submission", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await page.goto("/register");
  await ready(page, true);
  await page.getByLabel("用户名").fill(person.username.toUpperCase());
  await page.getByLabel("密码", { exact: true }).focus();
  await expect(page.locator("#e-username")).toContainText("已被使用");
  await fillRegistration(page, { ...person, username: somebody().username });
  await page.getByRole("button", { name: "注册", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("已经以用户名");
  await expect(page.getByRole("alert")).not.toContainText(person.username);
});

test("the server checks what the browser did not", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/contact");
  const headers = { origin: new URL(page.url()).origin, "x-page": (await page.locator("html").getAttribute("data-page")) ?? "" };
  const answer = await page.request.post("/api/save-group", { form: { group: "contact", "fields[mobile]": "1", version: 0, submit: true }, headers });
  expect(Buffer.from((await answer.text()).slice(16), "base64").toString()).toContain("phone.mobile_mainland");
  const unknown = await page.request.post("/api/save-group", { form: { group: "nonsense", version: 0, submit: true }, headers });
  expect(await unknown.text()).toContain("BadRequest");
});

test("a photo is checked by its header, and a large one is made smaller before it is uploaded", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await ready(page, true);
  const photo = page.getByLabel("个人照片");
  await photo.setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from("GIF89a not a photo") });
  await expect(page.locator("#e-photo")).toContainText("请选择 jpg 格式");
  await photo.setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: await portrait(page, 60) });
  await expect(page.locator("#e-photo")).toContainText("像素太少");
  const large = await portrait(page, 1200, 0.95, true);
  expect(large.length).toBeGreaterThan(100_000);
  await uploadPhoto(page, true, large);
  const kept = await page.request.get((await page.getByRole("img", { name: "本人照片" }).getAttribute("src"))!);
  expect((await kept.body()).length).toBeLessThanOrEqual(40_960);
});

test("a school is found by initials, and one that is not listed may be typed", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/education/new");
  await ready(page, true);
  const school = page.getByLabel("毕业学校", { exact: true });
  await school.pressSequentially("bjdx");
  await expect(page.getByRole("option", { name: "北京大学" }).first()).toBeVisible();
  await school.press("ArrowDown");
  await school.press("Enter");
  await expect(school).toHaveValue("北京大学");
  await expect(page.locator("#e-school")).toContainText("已在字典中");
  await school.fill("无名医学堂");
  await page.getByLabel("学习形式").focus();
  await expect(page.locator("#e-school")).toContainText("不在字典中");
  await expect(school).toHaveValue("无名医学堂");
});

test("whether a name is listed is said when its field is left, and a full list says that there are more", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/education/new");
  await ready(page, true);
  const school = page.getByLabel("毕业学校", { exact: true });
  const said = page.locator("#e-school");
  await school.pressSequentially("无名");
  await expect(school).toHaveAttribute("aria-expanded", "true");
  await expect(said).toHaveText("");
  await page.getByLabel("学习形式").focus();
  await expect(said).toContainText("不在字典中");
  // Who comes back and types is left alone again.
  await school.pressSequentially("医");
  await expect(said).toHaveText("");
  await school.fill("");
  await school.pressSequentially("y");
  await expect(page.getByText("找到 20+ 项")).toHaveCount(1);
  await school.fill("北京医科大学");
  await page.getByRole("option", { name: "北京大学医学部" }).click();
  await expect(school).toHaveValue("北京大学医学部");
});

test("an employer is found by the pinyin of a later word", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/work");
  await ready(page, true);
  const employer = page.getByLabel("工作单位", { exact: true });
  for (const [typed, name] of [["xieheyiyuan", "北京协和医院"], ["ruijin", "上海交通大学医学院附属瑞金医院"]]) {
    await employer.fill("");
    await employer.pressSequentially(typed);
    await expect(page.getByRole("option", { name })).toBeVisible();
  }
});
