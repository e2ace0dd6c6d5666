// A candidate from registration to the printed notice: with and without JavaScript, and on both engines.
import { axe, choose, expect, fillContact, fillEducation, language, login, portrait, ready, register, shot, somebody, test, uploadPhoto } from "./support";

test("a candidate registers, applies and prints", async ({ page, hydrated }) => {
  const person = somebody();
  const photo = await portrait(page);
  await page.goto("/");
  await page.getByRole("link", { name: "开始报名" }).click();
  await register(page, person, hydrated);
  await expect(page.getByText("注册成功")).toBeVisible();
  await login(page, person);
  // The first log-in goes to personal information (S7).
  await expect(page).toHaveURL(/\/profile\/basic/);

  await shot(page, "profile-basic");
  await page.getByRole("link", { name: "考试报名" }).first().click();
  await shot(page, "exams-empty");
  await page.getByRole("link", { name: "选择类别" }).click();
  await expect(page.getByRole("heading", { name: "选择报考类别" })).toBeVisible();
  // The address follows the page, and the way back leads through every page.
  await expect(page).toHaveURL(/\/exams\/catalogue$/);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "考试报名" })).toBeVisible();
  await expect(page).toHaveURL(/\/exams$/);
  await page.goForward();
  await expect(page.getByRole("heading", { name: "选择报考类别" })).toBeVisible();
  await ready(page, hydrated);
  await page.getByRole("button", { name: "报名：临床执业医师" }).click();

  const next = () => page.getByRole("button", { name: "下一步" }).first().click();
  const at = async (title: string) => {
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await ready(page, hydrated);
    if (!hydrated) return;
    await axe(page);
    // The same step in English, in another window on a phone.
    await language(page, "en");
    const other = await page.context().newPage();
    await other.setViewportSize({ width: 390, height: 844 });
    await other.goto(page.url());
    await language(page, "zh");
    await ready(other, true);
    await axe(other);
    await shot(other, `en-${title}`);
    await other.close();
  };
  await at("第 1 步");
  await next();
  await expect(page.getByRole("alert")).toContainText("请勾选后继续");
  await shot(page, "wizard-failing");
  await page.getByLabel("我已阅读并同意考试须知").check();
  await next();

  await at("第 2 步");
  await uploadPhoto(page, hydrated, photo);
  await page.getByLabel("户籍所在地").selectOption({ label: "浙江" });
  await fillContact(page);
  await shot(page, "wizard-basic");
  await next();

  await at("第 3 步");
  await page.getByLabel("在岗情况").selectOption({ label: "试用期" });
  await page.getByLabel("单位所在地区").selectOption({ label: "浙江" });
  await choose(page, "工作单位", "zjsrmyy", "浙江省人民医院", hydrated);
  await shot(page, "wizard-work");
  await next();

  await at("第 4 步");
  await page.getByRole("button", { name: "＋ 添加教育经历" }).click();
  await expect(page.getByRole("button", { name: "保存并用于报名" })).toBeVisible();
  await ready(page, hydrated);
  await fillEducation(page, hydrated);
  await shot(page, "entry-filled");
  await page.getByRole("button", { name: "保存并用于报名" }).click();
  await at("第 4 步");
  await expect(page.getByRole("radio", { name: /浙江大学/ })).toBeChecked();
  await shot(page, "wizard-education");
  await next();

  await at("第 5 步");
  await shot(page, "wizard-certificate");
  await expect(page.getByText("这一步可以跳过")).toBeVisible();
  await next();

  await at("第 6 步");
  await page.getByLabel("考区", { exact: true }).selectOption({ label: "浙江省" });
  // Without script the sites of the area are shown by a button.
  const show = page.getByRole("button", { name: "显示这个考区的考点" });
  if (await show.isVisible()) await show.click();
  await page.getByLabel("考点", { exact: true }).selectOption("3301");
  // Where the site is stands below it as soon as it is chosen.
  if (hydrated) await expect(page.getByText("解放路100号")).toBeVisible();
  await shot(page, "wizard-site");
  await next();

  await at("第 7 步");
  await expect(page.getByText("浙江省人民医院")).toBeVisible();
  await shot(page, "wizard-confirm");
  // Change leads to a step and back (check your answers).
  await page.getByRole("link", { name: "修改：工作情况" }).click();
  await at("第 3 步");
  await page.getByLabel("在岗情况").selectOption({ label: "在职" });
  await page.getByRole("button", { name: "保存并返回确认" }).first().click();
  await at("第 7 步");
  await expect(page.getByText("在职", { exact: true })).toBeVisible();
  await page.getByLabel("我声明以上内容属实").check();
  await page.getByRole("button", { name: "提交报名" }).first().click();

  await expect(page.getByRole("heading", { name: "报名详情" })).toBeVisible();
  await expect(page.getByText("已提交", { exact: true })).toBeVisible();
  await shot(page, "application");
  if (hydrated) await axe(page);
  await page.getByRole("link", { name: "打印通知单" }).first().click();
  await expect(page.getByRole("heading", { name: "医师资格考试网上报名成功通知单" })).toBeVisible();
  await expect(page.getByRole("cell", { name: person.number })).toBeVisible();
  await expect(page.locator(".serial").first()).toHaveText(/^\d{14}[\dX]$/);
  await expect(page.getByRole("img", { name: "本人照片" })).toBeVisible();
  await shot(page, "slip");
  if (hydrated) await axe(page);

  // The entry is locked now (S18), and a second application is refused (S123).
  await page.goto("/exams");
  await expect(page.getByText("已提交", { exact: true })).toBeVisible();
  await shot(page, "exams");
  await page.goto("/profile/education");
  await expect(page.getByText("已锁定")).toBeVisible();
  await expect(page.getByRole("link", { name: /修改：/ })).toHaveCount(0);
  await page.goto("/exams/catalogue");
  await ready(page, hydrated);
  await expect(page.getByText("每人只能报一项")).toBeVisible();
  await expect(page.getByRole("button", { name: "报名：口腔执业医师" })).toHaveCount(0);
});
