import type { Refusal } from '@berth/routes';
import { testLog } from '../testing-objects';
import { LoggedRefusals } from './logged-refusals';

const taken: Refusal = {
  service: { namespace: 'staging', name: 'web', uid: 'id' },
  host: 'web-staging.localhost',
  reason: 'HostTaken',
  message: 'the Service prod/web has the host',
};

it('tells the log of a refusal once while it stands, and again when it has come back', () => {
  const { log, lines } = testLog();
  let refused: Refusal[] = [taken];
  const refusals = new LoggedRefusals({ refusedOf: () => refused }, log);
  const report = () => refusals.report({ services: [], refused: new Set(['staging/web']) });
  report();
  report();
  refused = [taken, { ...taken, reason: 'AddressRefused', message: 'it is a loopback address' }];
  report();
  refused = [];
  report();
  refused = [taken];
  report();
  expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'warn: the Service prod/web has the host',
    'warn: it is a loopback address',
    'warn: the Service prod/web has the host',
  ]);
  expect(lines[0]).toMatchObject({ environment: 'staging', service: 'web', host: 'web-staging.localhost' });
});
