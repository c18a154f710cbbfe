import { testUnless, type Inabilities } from './abilities';
import { ContractEnvironments, limitMs } from './run';
import type { Load } from './server';
import type { ContractServices, ContractSetup } from './setup';
import { until } from './until';

/** What becomes of requests, in every orchestrator: inside of an environment, between environments, and while it changes. */
export function networkContract(name: string, setup: () => ContractSetup, cannot: Inabilities = {}): void {
  const testRunning = testUnless(cannot.running);
  describe(`the contract of an orchestrator: what services of ${name} reach`, () => {
    const environments = new ContractEnvironments(setup);
    const desk: ContractServices = { client: { behaviour: 'serves' }, frontend: { behaviour: 'serves' } };
    const asked = (environment: string, url: string) =>
      setup().ask(environment, 'client', `/ask?url=${encodeURIComponent(url)}`);

    /** Names and addresses are made known by and by; and that there was no such name may be remembered for a while. */
    const answered = async (environment: string, url: string): Promise<unknown> => {
      let answer: unknown;
      await until(async () => {
        answer = await asked(environment, url);
        return typeof answer === 'object' && answer !== null && 'self' in answer;
      });
      return answer;
    };

    afterAll(() => environments.end(), limitMs);

    testRunning(
      'a service reaches its neighbour by its short name, and not the one of another environment; admin reaches them all',
      async () => {
        const { environment, address, admin } = setup();
        const [left, right] = [environment('left'), environment('right')];
        await Promise.all([
          environments.run(left, desk),
          environments.run(right, { client: { behaviour: 'serves' } }),
          environments.run(admin, { client: { behaviour: 'serves' } }),
        ]);
        expect(await answered(left, address('frontend'))).toMatchObject({ self: `${left}/frontend` });
        expect(await asked(right, address('frontend'))).toMatchObject({ failure: expect.any(String) });
        await environments.run(right, desk);
        expect(await answered(right, address('frontend'))).toMatchObject({ self: `${right}/frontend` });
        expect(await answered(left, address('frontend'))).toMatchObject({ self: `${left}/frontend` });
        for (const each of [left, right])
          expect(await answered(admin, address('frontend', each))).toMatchObject({
            self: `${each}/frontend`,
          });
      },
      limitMs,
    );

    testRunning(
      'a container that was killed comes back',
      async () => {
        const environment = setup().environment('killed-one');
        await environments.run(environment, { one: { behaviour: 'serves' } });
        const parts = async () => {
          const [service] = (await setup().target.status(environment)).services;
          return JSON.stringify(service?.pods.map(({ name: part, restarts }) => [part, restarts]));
        };
        const before = await parts();
        await setup().kill(environment, 'one');
        await until(async () => (await parts()) !== before);
        await until(() => isWell(environment));
        expect(await setup().ask(environment, 'one', '/')).toMatchObject({ self: `${environment}/one` });
      },
      limitMs,
    );

    testRunning(
      'an update fails no request',
      async () => {
        const environment = setup().environment('update');
        const services = (version: string): ContractServices => ({
          client: { behaviour: 'serves' },
          one: { behaviour: 'serves', version, replicas: 2 },
        });
        await environments.run(environment, services('1'));
        const url = encodeURIComponent(setup().address('one'));
        await answered(environment, setup().address('one'));
        await setup().ask(environment, 'client', `/load?url=${url}`);
        await environments.run(environment, services('2'));
        await environments.run(environment, services('3'));
        const load = (await setup().ask(environment, 'client', '/loaded')) as Load;
        expect(load.failures).toEqual([]);
        expect(Object.keys(load.answers)).toEqual(expect.arrayContaining(['1', '2', '3']));
      },
      limitMs,
    );

    testRunning(
      'gives the lines that services put out',
      async () => {
        const environment = setup().environment('lines');
        await environments.run(environment, { one: { behaviour: 'serves' } });
        const lines: string[] = [];
        await setup().target.logs(environment, {
          services: ['one'],
          onLine: ({ service, text }) => void lines.push(`${service}: ${text}`),
        });
        expect(lines).toContain(`one: listening as ${environment}/one`);
      },
      limitMs,
    );

    async function isWell(environment: string): Promise<boolean> {
      const { services } = await setup().target.status(environment);
      return services.every(({ health }) => health.state === 'healthy');
    }
  });
}
