import { testNamespace, testService } from './testing-objects';
import { ClientStandIn } from './testing-client';
import { statuses } from './status';

const environments = Array.from({ length: 8 }, (_, index) => `environment-${index}`);

/** As its controller leaves it. */
function deployment(environment: string, { ready = 1, probed = true } = {}) {
  const [object] = testService(environment, 'web', { behaviour: 'runs' }).filter(
    ({ kind }) => kind === 'Deployment',
  );
  if (!object) throw new Error('there is no Deployment');
  const { template } = object.spec as { template: { spec: { containers: { readinessProbe?: object }[] } } };
  for (const container of template.spec.containers) if (probed) container.readinessProbe = { httpGet: {} };
  const counts = { updatedReplicas: 1, replicas: 1, readyReplicas: ready, availableReplicas: ready };
  return {
    ...object,
    metadata: { ...object.metadata, uid: environment, generation: 1 },
    status: { observedGeneration: 1, ...counts },
  };
}

async function read(odd: ReturnType<typeof deployment> | undefined, options?: { pods: boolean }) {
  const usual = environments.slice(odd ? 1 : 0).map((environment) => deployment(environment));
  const namespaces = environments.map((environment) => testNamespace(environment));
  const stand = new ClientStandIn([...namespaces, ...usual, ...(odd ? [odd] : [])]);
  const results = await statuses(stand.client, environments, options);
  const states = results.map((result) =>
    result.status === 'fulfilled' ? result.value.services.map(({ health }) => health.state) : ['unknown'],
  );
  return {
    states: states.flat(),
    asked: stand.asked.filter((request) => /Pod|ReplicaSet|Event/.test(request)),
  };
}

describe('the statuses of many environments', () => {
  it('ask for no pod of what is healthy by itself, when nobody wants to see pods', async () => {
    const { states, asked } = await read(undefined, { pods: false });
    expect(states).toEqual(environments.map(() => 'healthy'));
    expect(asked).toEqual([]);
  });

  it('ask for the pods of an environment that is not healthy, and of that one alone', async () => {
    const { states, asked } = await read(deployment('environment-0', { ready: 0 }), { pods: false });
    expect(states).toEqual(environments.map((_, index) => (index === 0 ? 'progressing' : 'healthy')));
    expect(asked).toEqual([
      'LIST ReplicaSet in environment-0',
      'LIST Pod in environment-0',
      'LIST Event in environment-0',
    ]);
  });

  it('ask for the pods where a container has no readiness probe: it may end at once', async () => {
    const { asked } = await read(deployment('environment-0', { probed: false }), { pods: false });
    expect(asked).toContain('LIST Pod in environment-0');
  });

  it('ask for the pods of all at once where somebody wants to see them', async () => {
    const { asked } = await read(undefined);
    expect(asked).toEqual(['LIST ReplicaSet', 'LIST Pod', 'LIST Event']);
  });
});
