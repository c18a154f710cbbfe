import type { DestroyOptions, ExpiredEnvironment } from '@berth/deploy';
import { sweep } from './sweep';

/** A cluster in memory. */
class Cluster {
  readonly destroyed: string[] = [];
  readonly unknown: string[] = [];
  readonly stuck: string[] = [];
  /** Called before anything is deleted. */
  meanwhile: () => void = () => undefined;

  constructor(public names: string[]) {}

  async expired(_now: Date, onUnknown?: (name: string, error: Error) => void): Promise<ExpiredEnvironment[]> {
    for (const name of this.unknown) onUnknown?.(name, new Error('may not be read'));
    return this.names.map((environment) => ({ environment, ttl: '3d', deployedAt: '2026-11-01T00:00:00Z' }));
  }

  async destroy(name: string, { onlyIf }: DestroyOptions = {}): Promise<boolean> {
    if (this.stuck.includes(name)) throw new Error(`${name} is being deployed`);
    this.meanwhile();
    if (!(await onlyIf?.())) return false;
    this.destroyed.push(name);
    this.names = this.names.filter((other) => other !== name);
    return true;
  }
}

describe('a sweep', () => {
  let lines: string[];
  const log = {
    info: (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    error: (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`),
  };
  const run = (cluster: Cluster, signal = new AbortController().signal) =>
    sweep(cluster, () => new Date(), log, signal);
  beforeEach(() => (lines = []));

  it('removes what has expired, and says since when it was there', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    expect(await run(cluster)).toBe(true);
    expect(cluster.destroyed).toEqual(['pr-1', 'pr-2']);
    expect(lines[0]).toBe('removed {"environment":"pr-1","ttl":"3d","deployedAt":"2026-11-01T00:00:00Z"}');
  });

  it('lets one stay that is deployed again before it is deleted', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    cluster.meanwhile = () => (cluster.names = ['pr-2']);
    expect(await run(cluster)).toBe(true);
    expect(cluster.destroyed).toEqual(['pr-2']);
    expect(lines[0]).toContain('stays: it was deployed again meanwhile');
  });

  it('goes on after one that cannot be removed, or of which it cannot be said', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    cluster.stuck.push('pr-1');
    cluster.unknown.push('pr-0');
    expect(await run(cluster)).toBe(false);
    expect(cluster.destroyed).toEqual(['pr-2']);
    expect(lines).toEqual([
      expect.stringContaining('"environment":"pr-0","error":"may not be read"'),
      expect.stringContaining('"environment":"pr-1","error":"pr-1 is being deployed"'),
      expect.stringContaining('removed'),
    ]);
  });

  it('begins with no other environment once it is to end', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    const end = new AbortController();
    cluster.meanwhile = () => end.abort();
    await run(cluster, end.signal);
    expect(cluster.destroyed).toEqual(['pr-1']);
  });
});
