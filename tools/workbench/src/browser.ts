import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

/** Debian's Chromium talks to nobody but the page: no updates, no sync, no look-ups of its own. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page in a browser of its own. */
export interface OpenPage {
  page: Page;
  /** What the page wrote to its console as an error, or threw. */
  errors: string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Sent with each request. */
  headers?: Readonly<Record<string, string>>;
  /** Path of a script that runs in the page before its own. */
  script?: string;
}

/** For tests and benchmarks: Debian's Chromium, without a window, and with nothing of an earlier page in it. */
export async function openPage(url: string, { headers, script }: OpenOptions = {}): Promise<OpenPage> {
  const profile = mkdtempSync(join(tmpdir(), 'berth-browser-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: flags,
    viewport: { width: 1280, height: 860 },
    ...(headers && { extraHTTPHeaders: { ...headers } }),
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  if (script) await page.addInitScript({ path: script });
  await page.goto(url);
  return {
    page,
    errors,
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
