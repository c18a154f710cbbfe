import { readSettings } from './settings';

it('sweeps once a minute when nothing else is said', () => {
  expect(readSettings({})).toEqual({ intervalMs: 60_000, logLevel: 'info', port: 8080 });
});

it.each(['0', '-1', 'soon', '1e9'])('refuses the interval %s', (INTERVAL_SECONDS) => {
  expect(() => readSettings({ INTERVAL_SECONDS })).toThrow('INTERVAL_SECONDS must be a whole number');
});
