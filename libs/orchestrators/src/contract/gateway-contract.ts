import { ContractEnvironments, limitMs } from './run';
import type { Load } from './server';
import type { ContractService, ContractServices, ContractSetup } from './setup';
import { until } from './until';

/**
 * What every gateway does: it follows the services of all environments. The setup names a gateway that runs, for the
 * domain localhost.
 */
export function gatewayContract(name: string, setup: () => ContractSetup & { gateway: string }): void {
  describe(`the contract of an orchestrator: the gateway of ${name}`, () => {
    const environments = new ContractEnvironments(setup);
    const serves = (more: Partial<ContractService> = {}): ContractService => ({
      behaviour: 'serves',
      public: true,
      ...more,
    });
    const client: ContractServices = { client: { behaviour: 'serves' } };
    const hostOf = (service: string, environment: string) => `${service}-${environment}.localhost`;
    const question = (path: string, host: string) =>
      `${path}?url=${encodeURIComponent(setup().gateway)}&host=${host}`;
    /** What somebody in the environment is answered. */
    const asked = (environment: string, host: string) =>
      setup().ask(environment, 'client', question('/ask', host)) as Promise<{
        self?: string;
        container?: string;
        failure?: string;
      }>;
    /**
     * @param count by how many containers: a service is healthy up to a second before its last one is known where they are
     *   listed
     */
    const answered = (environment: string, host: string, count = 1) => {
      const containers = new Set<string>();
      return until(async () => {
        const { container } = await asked(environment, host);
        if (container !== undefined) containers.add(container);
        return containers.size === count;
      });
    };
    const refused = (environment: string, host: string) =>
      until(async () => (await asked(environment, host)).failure === 'HTTP 404');

    afterAll(() => environments.end(), limitMs);

    test(
      'public services answer at <service>-<environment>.<domain>, of each environment its own',
      async () => {
        const both = ['west', 'east'].map((suffix) => setup().environment(suffix));
        await Promise.all(both.map((each) => environments.run(each, { ...client, frontend: serves() })));
        for (const environment of both) {
          const host = hostOf('frontend', environment);
          for (const from of both) {
            await answered(from, host);
            expect(await asked(from, host)).toMatchObject({ self: `${environment}/frontend` });
          }
        }
        expect(await asked(both[0]!, hostOf('backend', both[0]!))).toEqual({ failure: 'HTTP 404' });
      },
      limitMs,
    );

    test(
      'a service that comes has its host, and one that goes has none any more',
      async () => {
        const environment = setup().environment('comes');
        const host = hostOf('one', environment);
        await environments.run(environment, client);
        expect(await asked(environment, host)).toEqual({ failure: 'HTTP 404' });
        await environments.run(environment, { ...client, one: serves() });
        await answered(environment, host);
        await environments.run(environment, client);
        await refused(environment, host);
      },
      limitMs,
    );

    test(
      'of two containers one may be killed, and no request through the gateway fails',
      async () => {
        const environment = setup().environment('killed');
        const host = hostOf('one', environment);
        await environments.run(environment, { ...client, one: serves({ replicas: 2 }) });
        await answered(environment, host, 2);
        const load = await loadWhile(environment, host, async () => {
          await setup().kill(environment, 'one');
          const isWell = async () => {
            const { services } = await setup().target.status(environment);
            return services.every(({ health }) => health.state === 'healthy');
          };
          await until(async () => !(await isWell()));
          await until(isWell);
        });
        expect(load.failures).toEqual([]);
      },
      limitMs,
    );

    test(
      'an update fails no request that comes through the gateway',
      async () => {
        const environment = setup().environment('updated');
        const host = hostOf('one', environment);
        const services = (version: string) => ({ ...client, one: serves({ version, replicas: 2 }) });
        await environments.run(environment, services('1'));
        await answered(environment, host);
        const load = await loadWhile(environment, host, async () => {
          await environments.run(environment, services('2'));
          await environments.run(environment, services('3'));
        });
        expect(load.failures).toEqual([]);
        expect(Object.keys(load.answers)).toEqual(expect.arrayContaining(['1', '2', '3']));
      },
      limitMs,
    );

    async function loadWhile(environment: string, host: string, work: () => Promise<void>): Promise<Load> {
      await setup().ask(environment, 'client', question('/load', host));
      await work();
      return (await setup().ask(environment, 'client', '/loaded')) as Load;
    }
  });
}
