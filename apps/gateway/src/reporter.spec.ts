import type { ObservedService, Refusal } from '@berth/routes';
import { Reporter } from './reporter';
import { publicService, testLog } from './testing-objects';

const refusal = (name: string): Refusal => ({
  service: { namespace: 'staging', name, uid: `uid-${name}` },
  reason: 'NoSelector',
  message: `nothing selects ${name}`,
});

describe('a reporter', () => {
  let refused: Map<string, Refusal[]>;
  const events = { write: jest.fn() };
  const conditions = { write: jest.fn() };
  let reporter: Reporter;

  beforeEach(() => {
    refused = new Map();
    events.write.mockReset().mockResolvedValue([]);
    conditions.write.mockReset().mockResolvedValue([]);
    const table = {
      service: (key: string) => publicService(key.split('/')[1]!) as ObservedService,
      refusedOf: (key: string) => refused.get(key) ?? [],
      get refused() {
        return [...refused.values()].flat();
      },
    };
    reporter = new Reporter(table, events, conditions, testLog().log);
  });

  const names = () =>
    conditions.write.mock.calls.map(([services]) =>
      (services as ObservedService[]).map(({ metadata }) => metadata.name),
    );

  it('looks at the conditions of what has changed alone, and at the Events when something else is refused', async () => {
    reporter.report({ services: ['staging/a'], refused: new Set() });
    await reporter.flush();
    expect([events.write.mock.calls.length, names()]).toEqual([0, [['a']]]);
    refused.set('staging/b', [refusal('b')]);
    reporter.report({ services: [], refused: new Set(['staging/b']) });
    await reporter.flush();
    expect(names()).toEqual([['a'], ['b']]);
    expect(conditions.write.mock.calls[1]![1]).toEqual(refused.get('staging/b'));
    expect(events.write.mock.calls).toEqual([
      [
        [
          {
            object: { kind: 'Service', ...refusal('b').service },
            reason: 'NoSelector',
            message: refusal('b').message,
          },
        ],
      ],
    ]);
  });

  it('tells again what could not be written, until it could', async () => {
    const error = { service: refusal('a').service, error: new Error('no') };
    conditions.write.mockResolvedValueOnce([error]);
    reporter.report({ services: ['staging/a', 'staging/b'], refused: new Set() });
    await reporter.flush();
    reporter.repeat();
    await reporter.flush();
    reporter.repeat();
    await reporter.flush();
    expect(names()).toEqual([['a', 'b'], ['a'], []]);
    // They grow old while nothing changes.
    expect(events.write).toHaveBeenCalledTimes(2);
  });

  it('tells what came while it was writing in one', async () => {
    let open!: (errors: unknown[]) => void;
    conditions.write.mockReturnValueOnce(new Promise((resolve) => (open = resolve)));
    for (const name of ['a', 'b', 'c'])
      reporter.report({ services: [`staging/${name}`], refused: new Set() });
    open([]);
    await reporter.flush();
    expect(names()).toEqual([['a'], ['b', 'c']]);
  });
});
