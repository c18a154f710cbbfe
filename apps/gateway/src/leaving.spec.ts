import type { ObservedEndpointSlice } from '@berth/routes';
import { Leaving } from './leaving';
import { testLog } from './testing-objects';
import { until } from './testing-until';

const pod = { namespace: 'admin', addresses: ['10.0.0.7', 'fd00::7'] };

const slice = (address: string, terminating: boolean | undefined, namespace = 'admin') =>
  ({
    metadata: { name: 'gateway-abcde', namespace },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.0.0.1'], conditions: { ready: true } },
      { addresses: [address], conditions: terminating === undefined ? {} : { terminating } },
    ],
  }) as ObservedEndpointSlice;

describe('Leaving', () => {
  let told: number;
  let failures: number;
  let lines: { level: string; message: string }[];
  let stopping: AbortController;
  let leaving: Leaving;

  beforeEach(() => {
    told = failures = 0;
    const { log, lines: written } = testLog();
    lines = written;
    stopping = new AbortController();
    const leave = async (): Promise<void> => {
      if (failures-- > 0) throw new Error('nginx gave no answer');
      told++;
    };
    leaving = new Leaving(pod, { leave }, log, stopping.signal);
  });
  afterEach(() => stopping.abort());

  it('tells nginx once, when the endpoint of this pod terminates', async () => {
    leaving.look([slice('10.0.0.7', undefined), slice('fd00::7', false)]);
    leaving.look([slice('10.0.0.8', true), slice('10.0.0.7', true, 'staging')]);
    expect(told).toBe(0);
    leaving.look([slice('10.0.0.8', false), slice('fd00::7', true)]);
    leaving.look([slice('fd00::7', true)]);
    await until(() => lines.some(({ level }) => level === 'info'));
    expect(told).toBe(1);
  });

  it('tells it until it has heard', async () => {
    failures = 2;
    leaving.look([slice('10.0.0.7', true)]);
    await until(() => told === 1);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});
