import { ApiError } from '@berth/kube';
import type { ObservedService, Refusal } from '@berth/routes';
import { conditionChanges, ROUTED } from './refusal-conditions';
import { RefusalEvents, type ToldRefusal } from './refusal-events';
import { publicService } from './testing-objects';

const refusal: Refusal = {
  service: { namespace: 'staging', name: 'web', uid: 'uid-web' },
  host: 'web-staging.localhost',
  reason: 'HostTaken',
  message: 'the Service a/b has the host',
};

describe('events', () => {
  const { service, ...rest } = refusal;
  const told: ToldRefusal = { object: { kind: 'Service', ...service }, ...rest };
  let minutes: number;
  const create = jest.fn();
  const patch = jest.fn();
  const events = () => new RefusalEvents({ create, patch }, () => new Date(minutes * 60_000));
  beforeEach(() => {
    minutes = 0;
    create.mockReset();
    patch.mockReset();
  });

  it('are written once while a refusal stands, and again before Kubernetes forgets them', async () => {
    const writer = events();
    await writer.write([told]);
    minutes = 29;
    await writer.write([told]);
    expect(create).toHaveBeenCalledTimes(1);
    minutes = 31;
    await writer.write([told]);
    expect(create).toHaveBeenCalledTimes(2);
  });

  it('are written again when a refusal comes back, and for another reason', async () => {
    const writer = events();
    await writer.write([told]);
    await writer.write([]);
    await writer.write([told]);
    await writer.write([told, { ...told, reason: 'HostTooLong' }]);
    expect(create).toHaveBeenCalledTimes(3);
  });

  it('have the same name after a restart, and then only a new time', async () => {
    await events().write([told]);
    create.mockRejectedValue(new ApiError('there', 409, 'AlreadyExists', []));
    minutes = 5;
    expect(await events().write([told])).toEqual([]);
    const [first, second] = create.mock.calls.map(([object]) => object.metadata.name as string);
    expect(second).toBe(first);
    expect(patch).toHaveBeenCalledWith(
      { apiVersion: 'v1', kind: 'Event', name: first, namespace: 'staging' },
      { lastTimestamp: '1970-01-01T00:05:00Z' },
    );
  });

  it('that could not be written are tried again', async () => {
    const writer = events();
    create.mockRejectedValueOnce(new ApiError('no', 403, 'Forbidden', []));
    expect(await writer.write([told])).toHaveLength(1);
    expect(await writer.write([told])).toEqual([]);
    expect(create).toHaveBeenCalledTimes(2);
  });
});

describe('conditions', () => {
  const service = (...conditions: object[]) =>
    publicService('web', undefined, { status: { conditions } }) as ObservedService;
  const no = { type: ROUTED, status: 'False', reason: 'HostTaken', message: refusal.message };

  it('say what is refused, unless it is said already', () => {
    expect(conditionChanges([service()], [refusal])).toEqual([{ service: refusal.service, condition: no }]);
    expect(conditionChanges([service(no)], [refusal])).toEqual([]);
    const [change] = conditionChanges([service(no)], [refusal, { ...refusal, message: 'more' }]);
    expect(change?.condition.message).toBe(`${refusal.message}; more`);
  });

  it('are taken back when nothing is refused any more, and never written where nothing was', () => {
    expect(conditionChanges([service(no)], [])).toMatchObject([
      { condition: { status: 'True', reason: 'Routed' } },
    ]);
    expect(conditionChanges([service()], [])).toEqual([]);
    expect(conditionChanges([service({ type: 'Other', status: 'False' })], [])).toEqual([]);
    expect(conditionChanges([service({ ...no, status: 'True' })], [])).toEqual([]);
  });
});
