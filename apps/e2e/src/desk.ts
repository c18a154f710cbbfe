import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

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

export interface Order {
  symbol: string;
  side: 'buy' | 'sell';
  quantity: number;
}

/** The page of `web` in a real browser. */
export class Desk {
  private constructor(
    readonly page: Page,
    private readonly browser: BrowserContext,
    private readonly profile: string,
    /** What the page wrote to its console as an error, or threw. */
    readonly errors: string[],
  ) {}

  static async open(url: string): Promise<Desk> {
    const profile = mkdtempSync(join(tmpdir(), 'berth-browser-'));
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      headless: true,
      args: flags,
      viewport: { width: 1280, height: 860 },
    });
    const page = browser.pages()[0] ?? (await browser.newPage());
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    return new Desk(page, browser, profile, errors);
  }

  async price(symbol: string): Promise<string> {
    return (await this.page.getByTestId(`price-${symbol}`).textContent()) ?? '';
  }

  /** Until prices flow. */
  async untilLive(): Promise<void> {
    await this.page.getByTestId('connection').getByText('live').waitFor({ timeout: 30_000 });
  }

  /** Places an order by the form. @returns the id of the trade, as the blotter shows it */
  async trade({ symbol, side, quantity }: Order): Promise<string> {
    const before = new Set(await this.tradeIds());
    await this.page.getByTestId('order-symbol').selectOption(symbol);
    await this.page.getByTestId(`order-side-${side}`).click();
    await this.page.getByTestId('order-quantity').fill(String(quantity));
    await this.page.getByTestId('order-submit').click();
    const newTrade = this.page.locator('[data-testid^="trade-"]');
    for (const end = Date.now() + 20_000; Date.now() < end; await this.page.waitForTimeout(50)) {
      const added = (await this.tradeIds()).find((id) => !before.has(id));
      if (added) return added;
    }
    const result = await this.page.getByTestId('order-result').textContent();
    throw new Error(`no new trade among ${await newTrade.count()}; the page says: ${result}`);
  }

  async tradeIds(): Promise<string[]> {
    return this.page
      .locator('[data-testid^="trade-"]')
      .evaluateAll((rows) =>
        rows.map((row) => (row as unknown as { dataset: { testid: string } }).dataset.testid.slice(6)),
      );
  }

  /** The row of a trade in the blotter, its cells with spaces between. */
  async row(id: string): Promise<string> {
    const row = this.page.getByTestId(`trade-${id}`);
    await row.waitFor({ timeout: 20_000 });
    return (await row.innerText()).replace(/\s+/g, ' ');
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
