import { until } from '@berth/exec/src/testing-until';
import { localCluster, replaceAllPods } from '../cluster';
import { Desk } from '../desk';
import { gatewayPort } from '../gateway';

jest.setTimeout(300_000);

const client = localCluster();
let desk: Desk;

beforeAll(async () => {
  const port = await gatewayPort(client);
  desk = await Desk.open(`http://web-staging.localhost${port === 80 ? '' : `:${port}`}/`);
});
afterAll(async () => {
  await desk?.close();
  client.close();
});

describe('the trading desk, in a browser through the gateway', () => {
  let trade: string;

  it('shows prices that change', async () => {
    await desk.untilLive();
    const first = await desk.price('TIDE');
    expect(Number(first.replace(/[^\d.]/g, ''))).toBeGreaterThan(0);
    await until(
      () => desk.price('TIDE'),
      (now) => now !== first,
      15_000,
    );
  });

  it('takes a trade and shows it in the blotter', async () => {
    trade = await desk.trade({ symbol: 'TIDE', side: 'buy', quantity: 137 });
    expect(await desk.row(trade)).toMatch(/TIDE.*137/);
    expect(await desk.page.getByTestId('order-result').textContent()).toContain('137');
  });

  it('says what is wrong with an order, and records none', async () => {
    const before = await desk.tradeIds();
    await desk.page.getByTestId('order-quantity').fill('0');
    await desk.page.getByTestId('order-submit').click();
    const result = desk.page.getByTestId('order-result');
    await until(
      async () => (await result.textContent()) ?? '',
      (text) => /whole number|1/.test(text) && !text.includes('137'),
      10_000,
    );
    expect(await desk.tradeIds()).toEqual(before);
  });

  it('had no error in the browser', () => {
    expect(desk.errors).toEqual([]);
  });

  it('has the trade still after the pods of every service were deleted', async () => {
    await replaceAllPods(client, 'staging');
    await desk.page.reload();
    await desk.untilLive();
    expect(await desk.row(trade)).toMatch(/TIDE.*137/);
  });
});
