import type { Route } from './route';
import { changeText, tablePieces, tableText } from './table-text';

const route = (service: string): Route => ({
  environment: 'staging',
  service,
  port: 'http',
  protocol: 'http',
  endpoints: ['10.0.0.1:80', '10.0.0.2:80'],
});
const routes = new Map([
  ['web.localhost', route('web')],
  ['store.localhost', route('store')],
]);

describe('the text of a table', () => {
  it('is JSON in which each route is a line of its own', () => {
    const text = tableText({ generation: 7, routes });
    expect(JSON.parse(text)).toEqual({ generation: 7, routes: Object.fromEntries(routes) });
    expect(text.split('\n')).toEqual([
      '{"generation":7,"routes":{',
      `"web.localhost":${JSON.stringify(route('web'))},`,
      `"store.localhost":${JSON.stringify(route('store'))}`,
      '}}',
    ]);
  });

  it('has the same lines without routes', () => {
    expect(tableText({ generation: 7, routes: new Map() }).split('\n')).toEqual([
      '{"generation":7,"routes":{',
      '}}',
    ]);
  });

  it('says after the routes since when they are served', () => {
    const since = new Map([['web.localhost', '2026-01-01T00:00:00.000Z']]);
    const text = tableText({ generation: 7, routes, since });
    expect(JSON.parse(text)).toMatchObject({ since: Object.fromEntries(since) });
    expect(text.split('\n').slice(-3)).toEqual([
      '},"since":{',
      '"web.localhost":"2026-01-01T00:00:00.000Z"',
      '}}',
    ]);
  });

  it('comes in pieces of a route each', () => {
    const longest = Math.max(...[...tablePieces({ generation: 7, routes })].map(({ length }) => length));
    expect(longest).toBeLessThan(200);
  });
});

describe('the text of a change', () => {
  it('has what goes before what comes, a route on each line', () => {
    const set = new Map([['web.localhost', route('web')]]);
    const text = changeText(6, 7, { set, remove: ['store.localhost'] });
    expect(text.split('\n')).toEqual([
      '{"from":6,"generation":7,"remove":["store.localhost"],"set":{',
      `"web.localhost":${JSON.stringify(route('web'))}`,
      '}}',
    ]);
    expect(JSON.parse(text)).toMatchObject({ from: 6, generation: 7, set: Object.fromEntries(set) });
  });
});
