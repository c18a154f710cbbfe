/* Only tests use this: what whoever holds the table must do, for the stand-in and for nginx. */
import { Follower } from './follow';
import { OtherGenerationError, type RouteHolder } from './nginx-client';
import { testLog, testRoutes } from './testing-objects';
import { until } from './testing-until';

export interface TestedHolder {
  holder: RouteHolder;
  /** How many routes it has. */
  count(): Promise<number>;
  /** As after a restart without a snapshot. */
  forget(): Promise<void>;
}

export function routeHolderContract(make: () => TestedHolder): void {
  const change = (hosts: Record<string, string[]>, remove: string[] = []) => ({
    set: testRoutes(hosts),
    remove,
  });

  it('takes whole tables and changes, and names the one that it holds', async () => {
    const { holder, count, forget } = make();
    await forget();
    expect(await holder.generation()).toBe(0);
    await holder.replace({ generation: 4, routes: testRoutes({ a: ['10.0.0.1:80'], b: [] }) });
    expect([await holder.generation(), await count()]).toEqual([4, 2]);
    await holder.change(4, 9, change({ b: ['10.0.0.2:80'], c: ['[fd00::1]:80'] }, ['a']));
    expect([await holder.generation(), await count()]).toEqual([9, 2]);
    await holder.replace({ generation: 10, routes: new Map() });
    expect([await holder.generation(), await count()]).toEqual([10, 0]);
  });

  it('changes no other table than the one that is meant, and says which it holds', async () => {
    const { holder, count, forget } = make();
    await forget();
    await holder.replace({ generation: 4, routes: testRoutes({ a: ['10.0.0.1:80'] }) });
    const refused = holder.change(3, 5, change({ b: [] }, ['a']));
    await expect(refused).rejects.toThrow(OtherGenerationError);
    await expect(refused).rejects.toMatchObject({ held: 4 });
    expect([await holder.generation(), await count()]).toEqual([4, 1]);
  });

  it('does not go back to a table that was overtaken on its way', async () => {
    const { holder, forget } = make();
    await forget();
    await holder.replace({ generation: 4, routes: testRoutes({ a: [] }) });
    await expect(holder.replace({ generation: 3, routes: new Map() })).rejects.toThrow('409');
    expect(await holder.generation()).toBe(4);
  });

  it('is brought to what is wanted by a follower, again when it has forgotten', async () => {
    const { holder, count, forget } = make();
    await forget();
    let wanted = testRoutes({ a: ['10.0.0.1:80'] });
    const stopping = new AbortController();
    const follower = new Follower({
      wanted: () => ({ routes: wanted }),
      nginx: holder,
      onTaken: () => undefined,
      log: testLog().log,
      pollMs: 50,
      retryMs: { first: 5, longest: 100 },
    });
    const running = follower.run(stopping.signal);
    try {
      await until(count, (routes) => routes === 1);
      wanted = testRoutes({ a: ['10.0.0.1:80'], b: [], c: [] });
      follower.wake();
      await until(count, (routes) => routes === 3);
      await forget();
      await until(
        () => count().catch(() => 0),
        (routes) => routes === 3,
        10_000,
      );
      // The follower hears of it a moment later.
      await until(async () => follower.generation > 0 && follower.generation === (await holder.generation()));
    } finally {
      stopping.abort();
      await running;
    }
  });
}
