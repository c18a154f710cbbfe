import { LiveRouteTable } from '@berth/routes';
import { swarmService } from '@berth/routes/src/testing-swarm-service';
import { testLog } from '../testing-objects';
import { until } from '../testing-until';
import { observeSwarm } from './observe';
import type { SwarmState } from './state';
import { swarmState, swarmTask } from './testing-state';

/** Hours, so that nothing is seen by time where a test is about events, and the other way round. */
const NEVER = 3_600_000;

describe('observeSwarm', () => {
  let stopping: AbortController;
  let state: SwarmState | Error;
  let looks: number;
  let streams: { tell: () => void; end: () => void }[];
  let lines: { level: string; message: string }[];
  let table: LiveRouteTable;
  let takes: number;

  beforeEach(() => {
    stopping = new AbortController();
    looks = takes = 0;
    streams = [];
    table = new LiveRouteTable();
    state = swarmState([], []);
  });
  afterEach(() => stopping.abort());

  function observe(pace = {}): void {
    const { log, lines: written } = testLog();
    lines = written;
    const api = {
      state: async () => {
        looks++;
        if (state instanceof Error) throw state;
        return state;
      },
      follow: (onChange: () => void, signal: AbortSignal) =>
        new Promise<void>((_, reject) => {
          const end = () => reject(new Error('the events have ended'));
          streams.push({ tell: onChange, end });
          signal.addEventListener('abort', end);
        }),
    };
    const observation = observeSwarm(
      api,
      {
        onChange: () => {
          const changes = observation.changes();
          if (!changes) return;
          takes++;
          table.take(changes, observation.apiServers());
        },
        log,
        signal: stopping.signal,
      },
      { moving: NEVER, still: NEVER, afterEvent: 0, reconnect: 5, ...pace },
    );
  }
  const endpoints = () =>
    Object.fromEntries([...table.routes].map(([host, route]) => [host, route.endpoints.join(' ')]));
  const endpointsAre = (expected: Record<string, string>) =>
    until(endpoints, (found) => JSON.stringify(found) === JSON.stringify(expected));
  const web = swarmService('staging_web');

  it('sees what there is at once, and at each event what has come, changed and gone', async () => {
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5')]);
    observe();
    await endpointsAre({ 'web-staging.localhost': '10.0.1.5:8080' });
    state = swarmState(
      [web, swarmService('prod_web')],
      [swarmTask('staging_web', '10.0.1.6'), swarmTask('prod_web', '10.0.1.7')],
    );
    streams[0]!.tell();
    await endpointsAre({ 'web-staging.localhost': '10.0.1.6:8080', 'web-prod.localhost': '10.0.1.7:8080' });
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.6')]);
    streams[0]!.tell();
    await endpointsAre({ 'web-staging.localhost': '10.0.1.6:8080' });
  });

  it('sees without an event what has changed, as on a node whose events nobody tells', async () => {
    observe({ still: 5 });
    await until(() => looks > 2);
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5')]);
    await endpointsAre({ 'web-staging.localhost': '10.0.1.5:8080' });
  });

  it('looks more often while tasks come and go, and after an event', async () => {
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5', false)], true);
    observe({ moving: 5 });
    await endpointsAre({ 'web-staging.localhost': '' });
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5')]);
    await endpointsAre({ 'web-staging.localhost': '10.0.1.5:8080' });
    stopping.abort();

    stopping = new AbortController();
    observe({ moving: 5, afterEvent: NEVER });
    await until(() => streams.length === 2);
    streams[1]!.tell();
    const looked = looks;
    await until(() => looks > looked + 3);
  });

  it('tells of nothing when nothing has changed', async () => {
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5')]);
    observe({ still: 1 });
    await until(() => looks > 20);
    expect(takes).toBe(1);
  });

  it('keeps what was seen while the Swarm cannot be read, or shows no task at all', async () => {
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5')]);
    observe({ still: 5 });
    await endpointsAre({ 'web-staging.localhost': '10.0.1.5:8080' });
    for (const nothing of [new Error('dockerd answered 503'), { services: [], tasks: [], isMoving: false }]) {
      state = nothing;
      const looked = looks;
      await until(() => looks > looked + 1);
      expect(endpoints()).toEqual({ 'web-staging.localhost': '10.0.1.5:8080' });
    }
    state = swarmState([], []);
    await endpointsAre({});
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'cannot see the Swarm; the routes stay',
        'the Swarm has no task that runs, which is not believed; the routes stay',
      ]),
    );
  });

  it('knows nothing before it has seen the Swarm', async () => {
    state = new Error('nobody is there');
    observe();
    await until(() => looks > 1);
    expect(takes).toBe(0);
  });

  it('looks anew when the events were lost, for what they would have told', async () => {
    observe();
    await until(() => streams.length === 1);
    state = swarmState([web], [swarmTask('staging_web', '10.0.1.5')]);
    streams[0]!.end();
    await endpointsAre({ 'web-staging.localhost': '10.0.1.5:8080' });
    await until(() => streams.length === 2);
  });
});
