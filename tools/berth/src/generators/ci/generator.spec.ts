import { addProjectConfiguration, readJson, readNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parse } from 'yaml';
import environmentGenerator from '../env/generator';
import syncGenerator from '../sync/generator';
import ciGenerator, { type CiSchema } from './generator';

const files = {
  circleci: '.circleci/config.yml',
  github: '.github/workflows/berth.yml',
  gitlab: '.gitlab-ci.yml',
};

const generate = (tree: Tree, options: CiSchema) => ciGenerator(tree, { skipFormat: true, ...options });

describe('nx g ci', () => {
  let tree: Tree;

  const text = (file: string) => tree.read(file, 'utf8') ?? '';
  const writtenOptions = () => (readNxJson(tree)?.plugins?.[0] as { options: object }).options;
  const refusal = async (options: CiSchema) => {
    const before = JSON.stringify(tree.listChanges());
    const error = await generate(tree, options).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.name).toBe('UserError');
    return { message: error?.message ?? '', unchanged: JSON.stringify(tree.listChanges()) === before };
  };

  beforeEach(async () => {
    tree = createTreeWithEmptyWorkspace();
    const options = { registry: 'registry.example.com/acme', domain: 'example.com' };
    tree.write('nx.json', JSON.stringify({ plugins: [{ plugin: '@berth/nx', options }] }));
    tree.write('deploy/clusters/cloud/cluster.json', '{ "provider": "existing", "context": "cloud" }');
    addProjectConfiguration(tree, 'web', { root: 'apps/web' });
    tree.write('apps/web/service.json', '{ "ports": [{ "name": "http", "port": 8080 }] }');
    await environmentGenerator(tree, { name: 'staging' });
  });

  it.each(Object.entries(files))('for %s writes %s, and remembers it in nx.json', async (system, file) => {
    await generate(tree, { system });
    expect(text(file)).toMatch(new RegExp(`^# Written by \`nx g ci ${system}\` `));
    expect(writtenOptions()).toMatchObject({
      registry: 'registry.example.com/acme',
      ci: { systems: [system] },
    });
  });

  it('writes files without aliases, each step in full', async () => {
    for (const [system, file] of Object.entries(files)) {
      await generate(tree, { system });
      expect(text(file)).not.toMatch(/[&*]a\d/);
    }
  });

  it('changes nothing the second time, and `nx sync` neither', async () => {
    for (const system of Object.keys(files)) await generate(tree, { system });
    const before = tree.listChanges().map(({ path, content }) => [path, String(content)]);
    for (const system of Object.keys(files)) await generate(tree, { system });
    expect(syncGenerator(tree).outOfSyncDetails).toEqual([]);
    expect(tree.listChanges().map(({ path, content }) => [path, String(content)])).toEqual(before);
  });

  it('has `nx sync` follow what changes: options, the cluster, a system that is taken out', async () => {
    await generate(tree, { system: 'gitlab' });
    await generate(tree, { system: 'github', node: 22, ttl: '12h' });
    tree.write('nx.json', text('nx.json').replace('registry.example.com/acme', 'docker.io/acme'));
    tree.write(
      'deploy/clusters/cloud/cluster.json',
      '{ "provider": "existing", "kubeconfig": "secret/cloud" }',
    );
    const { outOfSyncDetails } = syncGenerator(tree);
    expect(outOfSyncDetails).toEqual(expect.arrayContaining([files.github, files.gitlab]));
    for (const file of [files.github, files.gitlab]) {
      expect(text(file)).toContain('docker login docker.io ');
      expect(text(file)).toContain('base64 --decode > secret/cloud');
      expect(text(file)).toContain('--base=staging --ttl=12h');
    }
    expect(text(files.github)).toContain('node-version: "22"');
    const nxJson = readJson(tree, 'nx.json');
    nxJson.plugins[0].options.ci.systems = ['gitlab'];
    tree.write('nx.json', JSON.stringify(nxJson));
    expect(syncGenerator(tree).outOfSyncDetails).toEqual([files.github]);
    expect(tree.exists(files.github)).toBe(false);
  });

  it('--registry is that of the whole workspace: the manifests follow', async () => {
    await generate(tree, { system: 'github', registry: 'ghcr.io/acme' });
    expect(writtenOptions()).toMatchObject({ registry: 'ghcr.io/acme' });
    expect(text('deploy/environments/staging/services/web.yaml')).toContain('image: ghcr.io/acme/web');
  });

  it('leaves a pipeline that somebody else wrote alone, unless told to take it over', async () => {
    tree.write(files.github, 'name: Mine\n');
    expect((await refusal({ system: 'github' })).message).toMatch(
      /\.github\/workflows\/berth\.yml was not written by Berth[^]*nx g ci github --force/,
    );
    expect(text(files.github)).toBe('name: Mine\n');
    await generate(tree, { system: 'github', force: true });
    expect(text(files.github)).toContain('name: Berth');
  });

  it('tells of a pipeline that lost its first line, and keeps the manifests being checked', async () => {
    await generate(tree, { system: 'gitlab' });
    tree.write(files.gitlab, text(files.gitlab).replace(/^#.*\n/, ''));
    expect(() => syncGenerator(tree)).toThrow(/\.gitlab-ci\.yml was not written by Berth/);
  });

  it.each([
    [{ system: 'githab' }, /There is no pipeline for "githab"[^]*nx g ci github/],
    [
      { system: 'github', environment: 'prod' },
      /deploy\/environments\/prod\/env\.json does not exist[^]*nx g env prod/,
    ],
    [{ system: 'github', registry: 'localhost:5000/x' }, /is on this machine alone[^]*--runner=/],
    [{ system: 'github', ttl: 'soon' }, /options\.ci\.ttl: must be a number with s, m, h, d or w/],
    [{ system: 'github', node: 'lts' }, /options\.ci\.node: must be a version of Node/],
  ])('refuses %j', async (options, message) => {
    expect((await refusal(options)).message).toMatch(message);
  });

  it('takes a command in place of lint and test', async () => {
    await generate(tree, { system: 'github', testCommand: 'npm test' });
    const { jobs } = parse(text(files.github)) as { jobs: { check: { steps: { run?: string }[] } } };
    expect(jobs.check.steps.flatMap(({ run }) => run ?? [])).toEqual([
      'npm ci',
      'npx nx sync:check',
      'npm test',
    ]);
  });

  it('on a Swarm goes by runners that reach it, and asks for no credentials of Kubernetes', async () => {
    const swarm = { provider: 'existing', docker: 'ssh://berth@swarm.example.com' };
    tree.write('deploy/clusters/cloud/cluster.json', JSON.stringify(swarm));
    const environment = JSON.parse(text('deploy/environments/staging/env.json')) as object;
    tree.write(
      'deploy/environments/staging/env.json',
      JSON.stringify({ ...environment, orchestrator: 'swarm' }),
    );
    expect(await refusal({ system: 'github' })).toMatchObject({
      message: expect.stringMatching(/speak to ssh:\/\/berth@swarm\.example\.com, where it would be root/),
    });
    const destroys = (more: string) => [
      `npx nx run berth:destroy --env="$PREVIEW" --cluster=cloud${more} --force`,
      `npx nx run berth:destroy --expired --cluster=cloud${more} --force`,
    ];
    const jobs = () =>
      (parse(text(files.github)) as { jobs: Record<string, { steps: { run?: string }[] }> }).jobs;
    const commands = (job: string) => jobs()[job]?.steps.flatMap(({ run }) => run ?? []);
    for (const system of Object.keys(files)) {
      await generate(tree, { system, runner: 'acme/desk' });
      const pipeline = text(files[system as keyof typeof files]);
      expect(pipeline).not.toMatch(/BERTH_KUBECONFIG|nx credentials/);
      expect(pipeline).toContain(destroys('')[1]);
    }
    expect([commands('remove'), commands('expire')]).toEqual(destroys('').map((line) => ['npm ci', line]));
    // The other one is nobody's business here.
    tree.write('deploy/clusters/cloud/cluster.json', JSON.stringify({ ...swarm, context: 'kind-desk' }));
    await generate(tree, { system: 'github' });
    expect([commands('remove'), commands('expire')]).toEqual(
      destroys(' --orchestrator=swarm').map((line) => ['npm ci', line]),
    );
  });

  it('on runners of one’s own needs no login on their own registry, and runs nothing that strangers send', async () => {
    tree.write('deploy/clusters/cloud/cluster.json', '{ "provider": "bare-metal", "hosts": ["localhost"] }');
    const options = { registry: 'localhost:5000/acme', runner: 'acme/desk' };
    for (const system of Object.keys(files)) {
      await generate(tree, { system, ...options });
      const pipeline = text(files[system as keyof typeof files]);
      expect(pipeline).not.toContain('docker login');
      expect(pipeline).toContain('npx nx credentials cluster-cloud');
      expect(pipeline).toContain('acme/desk');
    }
    const { jobs } = parse(text(files.github)) as { jobs: Record<string, { if: string }> };
    expect(jobs['check']?.if).toContain('head.repo.full_name == github.repository');
    const { check } = parse(text(files.gitlab)) as { check: { rules: { if: string }[] } };
    expect(check.rules[1]?.if).toContain('$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID');
  });
});

describe('pull requests of forks', () => {
  it('reach no job that has secrets', async () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write(
      'nx.json',
      JSON.stringify({ plugins: [{ plugin: '@berth/nx', options: { registry: 'docker.io/acme' } }] }),
    );
    tree.write('deploy/clusters/cloud/cluster.json', '{ "provider": "existing" }');
    addProjectConfiguration(tree, 'web', { root: 'apps/web' });
    tree.write('apps/web/service.json', '{ "ports": [{ "name": "http", "port": 8080 }] }');
    await environmentGenerator(tree, { name: 'staging' });
    for (const system of Object.keys(files)) await generate(tree, { system });

    const workflow = parse(tree.read(files.github, 'utf8') ?? '') as {
      on: object;
      jobs: Record<string, { if: string }>;
    };
    expect(workflow.on).not.toHaveProperty('pull_request_target');
    for (const { if: condition, ...job } of Object.values(workflow.jobs)) {
      if (!JSON.stringify(job).includes('secrets.')) continue;
      expect(condition).toMatch(
        /^github\.event_name == '(push|schedule)'$|&& github\.event\.pull_request\.head\.repo\.full_name == github\.repository$/,
      );
    }
    const gitlab = parse(tree.read(files.gitlab, 'utf8') ?? '') as Record<
      string,
      { rules?: { if: string }[] }
    >;
    for (const job of ['preview', 'remove'])
      expect(gitlab[job]?.rules?.map((rule) => rule.if)).toEqual([
        '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID',
      ]);
    const circle = parse(tree.read(files.circleci, 'utf8') ?? '') as {
      jobs: { preview: { steps: ['checkout', { run: { command: string } }] } };
    };
    expect(circle.jobs.preview.steps[1].run.command).toContain('CIRCLE_PR_NUMBER');
  });
});
