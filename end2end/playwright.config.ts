// The release build on both engines, in Debian's Chromium. `scripts/test` starts the PostgreSQL cluster and passes its directory.
import { defineConfig } from "@playwright/test";
import { existsSync } from "node:fs";

const target = process.env.CARGO_TARGET_DIR ?? "../target";
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const run = process.env.YIKAO_RUN_DIR ?? "/tmp/yikao-e2e";
// The first of four ports, so that two runs can stand beside each other.
const port = Number(process.env.YIKAO_E2E_PORT ?? 3100);
const at = (port: number) => `http://127.0.0.1:${port}`;
const colleagues = [["e2e_site", "site", "3301"], ["e2e_other", "site", "3301"], ["e2e_area", "area", "33"], ["e2e_centre", "centre", ""]];
const server = (port: number, url: string, more: Record<string, string> = {}) => ({
  // Staff of a site (two of them), an area and the centre, with a fixed password.
  command: `${target}/release/server demo && ${colleagues.map(([name, role, scope]) =>
    `echo Schreibtisch9 | ${target}/release/server staff add ${name} --name ${name} --role ${role} --scope "${scope}"`).join(" && ")} && exec ${target}/release/server serve --demonstration`,
  url: `${at(port)}/healthz`,
  env: {
    DATABASE_URL: url, LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: at(port), SITE_ROOT: `${target}/site`,
    ADDRESS_BUDGET: "0", SEALING_KEY_FILE: `${run}/key-${port}`, MAKE_SEALING_KEY: "true", RUST_LOG: "warn", ...more,
  },
  timeout: 120_000,
  stdout: "ignore" as const,
});
const postgres = process.env.YIKAO_TEST_POSTGRES;

export default defineConfig({
  testDir: "tests",
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    baseURL: at(port),
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    launchOptions: { executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"] },
  },
  projects: [
    { name: "hydrated", testIgnore: /session_end\.spec/, grepInvert: /when the window has closed/ },
    // Sessions of this server end after three idle seconds.
    { name: "session_end", testMatch: /session_end\.spec/, use: { baseURL: at(port + 2) } },
    { name: "plain", testMatch: /(application|review|name_requests|employer_picker|withdrawal|recovery|parked)\.spec/, use: { javaScriptEnabled: false } },
    ...(postgres ? [{ name: "postgres", testMatch: /(application|review|name_requests|withdrawal)\.spec/, use: { baseURL: at(port + 1) } },
      // The window of this server's examination is closed in the course of the test.
      { name: "closed", testMatch: /states\.spec/, grep: /when the window has closed/, use: { baseURL: at(port + 3) } }] : []),
  ],
  webServer: [
    server(port, `sqlite:${run}/e2e.db`),
    server(port + 2, `sqlite:${run}/short.db`, { SESSION_SECONDS: "3" }),
    ...(postgres ? [["e2e", 1], ["e2e_closed", 3]].map(([name, n]) => server(port + Number(n), `postgres://yikao@localhost/${name}?host=${postgres}`)) : []),
  ],
});
