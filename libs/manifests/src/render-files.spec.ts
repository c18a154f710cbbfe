import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { renderFiles } from './render-files';
import { REGISTRY, testDesk } from './testing-models';

const GOLDEN = join(__dirname, '__golden__');
/** `BERTH_UPDATE_GOLDEN=1` writes the golden files anew; read their difference before committing it. */
const UPDATE = process.env['BERTH_UPDATE_GOLDEN'] === '1';

const extras = [
  {
    service: 'web',
    name: 'rbac.yaml',
    content: [
      '# What web may read.',
      'apiVersion: rbac.authorization.k8s.io/v1',
      'kind: RoleBinding',
      'metadata:',
      '  name: web-reader',
      'roleRef:',
      '  apiGroup: rbac.authorization.k8s.io',
      '  kind: Role',
      '  name: reader',
      'subjects:',
      '  - kind: ServiceAccount',
      '    name: web',
      '',
    ].join('\n'),
  },
];

describe('renderFiles', () => {
  const { environment, services } = testDesk();
  const files = renderFiles(environment, services, {
    registry: REGISTRY,
    extras,
    patches: ['b.yaml', 'a.yaml'],
  });

  it('writes these files', () => {
    expect(files.map((file) => file.path)).toEqual([
      'kubernetes/web/rbac.yaml',
      'kustomization.yaml',
      'namespace.yaml',
      'proxy/hosts.json',
      'proxy/nginx.conf',
      'services/pricing.yaml',
      'services/store.yaml',
      'services/web.yaml',
    ]);
  });

  it.each(files)('writes $path as the golden file has it', ({ path, content }) => {
    const golden = join(GOLDEN, path);
    if (UPDATE) {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, content);
    }
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : 'no golden file').toBe(content);
  });

  it('leaves ConfigMaps to kustomize, which names them by their content, but for those whose name is fixed', () => {
    const text = (name: string, more = '') =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${more} }\n`;
    const of = (name: string, content: string) => ({ service: 'web', name, content });
    const all = renderFiles(environment, services, {
      registry: REGISTRY,
      extras: [
        of(
          'settings.yaml',
          `${text('settings', ', labels: { a: b }')}data: { LEVEL: info, QUOTED: '"x"' }\n`,
        ),
        of('fixed.yaml', text('fixed', ', annotations: { berth.dev/fixed-name: "true" }')),
        of('binary.yaml', `${text('binary')}binaryData: { a: AA== }\n`),
      ],
    });
    expect(all.map(({ path }) => path).filter((path) => path.startsWith('kubernetes/'))).toEqual([
      'kubernetes/web/binary.yaml',
      'kubernetes/web/fixed.yaml',
    ]);
    const kustomization = all.find(({ path }) => path === 'kustomization.yaml');
    expect(parse(kustomization?.content ?? '')).toMatchObject({
      configMapGenerator: [
        {
          name: 'settings',
          namespace: 'staging',
          literals: ['LEVEL=info', 'QUOTED=""x""'],
          options: { labels: { a: 'b' } },
        },
      ],
    });
  });

  it('does not depend on the order in which services are found', () => {
    const again = testDesk();
    const shuffled = renderFiles(again.environment, [...again.services].reverse(), {
      registry: REGISTRY,
      extras,
      patches: ['a.yaml', 'b.yaml'],
    });
    const manifests = (all: typeof files) => all.filter((file) => !file.path.startsWith('proxy/'));
    expect(manifests(shuffled)).toEqual(manifests(files));
  });
});
