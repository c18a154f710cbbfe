import { instruments } from './instruments';
import { createServer } from './server';

const server = createServer(instruments);
afterAll(() => server.close());

it('lists every instrument, each symbol once', async () => {
  const response = await server.inject('/instruments');
  const body = response.json<{ instruments: { symbol: string }[] }>();
  expect(body.instruments.length).toBeGreaterThan(3);
  expect(new Set(body.instruments.map(({ symbol }) => symbol)).size).toBe(body.instruments.length);
});

it('quotes every instrument from a price that its decimals can show', () => {
  for (const { symbol, referencePrice, decimals } of instruments) {
    expect([symbol, Number(referencePrice.toFixed(decimals))]).toEqual([symbol, referencePrice]);
    expect(referencePrice).toBeGreaterThan(0);
  }
});

it('finds one by its symbol', async () => {
  const response = await server.inject('/instruments/TIDE');
  expect(response.json()).toMatchObject({ symbol: 'TIDE', currency: 'USD' });
});

it('says which symbol it does not know', async () => {
  const response = await server.inject('/instruments/NOPE');
  expect(response.statusCode).toBe(404);
  expect(response.json()).toEqual({ error: 'There is no instrument NOPE.' });
});

it.each(['/healthz', '/readyz'])('answers %s', async (path) => {
  expect((await server.inject(path)).statusCode).toBe(200);
});
