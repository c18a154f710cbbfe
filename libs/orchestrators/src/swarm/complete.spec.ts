import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSwarmObjects, type ManifestObject, type SwarmService } from '@berth/manifests';
import { parseEnvironment, parseService } from '@berth/model';
import { complete, secretsScript } from './complete';
import { scaledLabel, specHashLabel } from './names';

const environment = parseEnvironment(
  JSON.stringify({ orchestrator: 'swarm', projects: ['*'] }),
  { name: 'staging', root: 'deploy/environments/staging' },
  { domain: 'localhost' },
);

function service(document: object): ManifestObject {
  const model = parseService(JSON.stringify(document), 'apps/web/service.json', 'web');
  return renderSwarmObjects(environment, [model], { registry: 'localhost:5000/berth' })[2] as ManifestObject;
}

const surroundings = {
  node: 'node1',
  secrets: new Map([['PASSWORD', { name: 'staging_PASSWORD.3' }]]),
  command: async () => ['node', 'main.js'],
};
const completed = async (document: object, live?: ManifestObject) =>
  (await complete(service(document), live, surroundings)) as SwarmService;

describe('complete', () => {
  it('gives the newest version of a secret, and the image’s own command its variables', async () => {
    const { Container } = (await completed({ secrets: ['PASSWORD'] })).spec;
    expect(Container.Secrets).toEqual([{ name: 'PASSWORD', version: 'staging_PASSWORD.3' }]);
    expect(Container.Command).toEqual(['/bin/sh', '-c', secretsScript, 'berth-secrets']);
    expect(Container.Args).toEqual(['node', 'main.js']);
  });

  it('leaves a service without secrets the command of its image', async () => {
    expect((await completed({})).spec.Container.Command).toBeUndefined();
  });

  it('binds a service with volumes to the node that has them', async () => {
    const document = { volumes: [{ name: 'data', path: '/data', size: '1Gi' }] };
    const first = await completed(document);
    expect(first.spec.Constraints).toEqual(['node.id==node1']);
    const elsewhere = { ...first, spec: { ...first.spec, Constraints: ['node.id==node2'] } };
    expect((await completed(document, elsewhere)).spec.Constraints).toEqual(['node.id==node2']);
    expect((await completed({})).spec.Constraints).toEqual([]);
  });

  it('keeps the number that nx scale has given, and the restarts', async () => {
    const live = await completed({});
    const scaled = {
      ...live,
      metadata: { ...live.metadata, labels: { ...live.metadata.labels, [scaledLabel]: '4' } },
      spec: { ...live.spec, Replicas: 4, ForceUpdate: 7 },
    };
    const again = await completed({ scale: { min: 2 } }, scaled);
    expect(again.spec).toMatchObject({ Replicas: 4, ForceUpdate: 7 });
    const unscaled = { ...scaled, metadata: live.metadata };
    expect((await completed({ scale: { min: 2 } }, unscaled)).spec.Replicas).toBe(2);
  });

  it('has another hash for what is asked for no more, and the same for another version of a secret', async () => {
    const hash = async (document: object, name = 'staging_PASSWORD.3') => {
      const secrets = new Map([['PASSWORD', { name }]]);
      return (await complete(service(document), undefined, { ...surroundings, secrets })).metadata.labels?.[
        specHashLabel
      ];
    };
    expect(await hash({ env: { A: '1' } })).not.toBe(await hash({}));
    expect(await hash({ secrets: ['PASSWORD'] })).toBe(
      await hash({ secrets: ['PASSWORD'] }, 'staging_PASSWORD.4'),
    );
  });
});

describe('the program in front of a service with secrets', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'berth-secrets-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    'plain',
    'two\nlines',
    'a newline at the end\n',
    ' blanks  and\ttabs ',
    '$HOME `x` \\n "quoted"',
    '',
  ])('makes a variable of %j, as it is', (value) => {
    writeFileSync(join(folder, 'ONE'), value);
    writeFileSync(join(folder, 'TWO'), 'other');
    const script = secretsScript.replace('/run/secrets', folder);
    const print =
      'process.stdout.write(JSON.stringify([process.env.ONE, process.env.TWO, process.env.BERTH_SECRETS]))';
    const text = execFileSync('/bin/sh', ['-c', script, 'berth-secrets', process.execPath, '-e', print], {
      env: { ...process.env, BERTH_SECRETS: 'ONE TWO' },
    });
    expect(JSON.parse(text.toString())).toEqual([value, 'other', null]);
  });
});
