import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { manifestsOf } from '../manifests';
import { REGISTRY, testEnvironment } from '../testing-models';
import { swarmDesk } from './testing-desk';

const GOLDEN = join(__dirname, '../__golden__/swarm');
/** `BERTH_UPDATE_GOLDEN=1` writes the golden files anew; read their difference before committing it. */
const UPDATE = process.env['BERTH_UPDATE_GOLDEN'] === '1';

describe('the files of an environment on Swarm', () => {
  const { environment, services } = swarmDesk();
  const manifests = manifestsOf(environment);
  const files = manifests.renderFiles(environment, services, { registry: REGISTRY });

  it('are stack.yaml, as the golden file has it', () => {
    const [{ path, content } = { path: '', content: '' }, ...others] = files;
    expect([path, others]).toEqual(['stack.yaml', []]);
    const golden = join(GOLDEN, path);
    if (UPDATE) {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, content);
    }
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : 'no golden file').toBe(content);
  });

  it('are owned, and those of Kubernetes are not', () => {
    expect(['stack.yaml', 'kustomization.yaml', 'env.json'].filter((path) => manifests.owns(path))).toEqual([
      'stack.yaml',
    ]);
  });

  it('keep dollars and braces that compose and Docker would replace', () => {
    const [stack] = files;
    const { services: written } = parse(stack?.content ?? '') as {
      services: { pricing: { environment: Record<string, string> } };
    };
    expect(written.pricing.environment['TEMPLATE']).toBe('$${HOME} {{"{{"}}.Name}}');
  });

  it('refuse patches, which are for Kubernetes', () => {
    expect(() =>
      manifests.renderFiles(environment, services, { registry: REGISTRY, patches: ['a.yaml'] }),
    ).toThrow(/deploy\/environments\/staging\/patches\/a\.yaml: cannot be applied/);
  });

  it('refuse an orchestrator that Berth cannot deploy to', () => {
    expect(() => manifestsOf({ ...testEnvironment(), orchestrator: 'nomad' as 'ecs' })).toThrow(
      /cannot deploy to nomad yet/,
    );
  });
});
