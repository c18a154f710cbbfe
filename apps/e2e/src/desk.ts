import type { Page } from 'playwright-core';
import { openPage, type OpenPage } from '@berth/workbench/src/browser';

export interface Order {
  symbol: string;
  side: 'buy' | 'sell';
  quantity: number;
}

/** The page of `web` in a real browser. */
export class Desk {
  private constructor(private readonly opened: OpenPage) {}

  static async open(url: string): Promise<Desk> {
    return new Desk(await openPage(url));
  }

  get page(): Page {
    return this.opened.page;
  }

  get errors(): string[] {
    return this.opened.errors;
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

  close(): Promise<void> {
    return this.opened.close();
  }
}
