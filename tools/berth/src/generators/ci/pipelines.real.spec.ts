import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import { HttpRegistry } from '@berth/registry';
import { removeDockerImages } from '../../image/testing-images';
import { SmallWorkspace } from '../../testing-workspace';
import { circleciJob, githubJob, gitlabJob, type Values, type WrittenJob } from './testing-steps';

jest.setTimeout(180_000);

const repository = resolve(__dirname, '../../../../..');
const kubeconfig = join(repository, 'deploy/clusters/local/kubeconfig');
const number = String(900_000 + (process.pid % 100_000));
const preview = `pr-${number}`;
/** What the main branch is deployed to. */
const production = `main-${number}`;
const registry = `localhost:5000/berth-test-${randomBytes(4).toString('hex')}`;
const program = `
require('node:http').createServer((_, answer) => answer.end('hello')).listen(8080);
process.on('SIGTERM', () => process.exit());
`;

/** Where the links to this repository's packages stand for `npm ci`, which would need the network. */
describe('the steps of the written pipelines, in clones of a bare remote, with linked packages for `npm ci`', () => {
  const runner = new ProcessRunner();
  const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
  const folder = mkdtempSync(join(tmpdir(), 'berth ci '));
  const remote = join(folder, 'remote.git');
  /** Programs that stand in for others. */
  const programs = join(folder, 'programs');
  let workspace: SmallWorkspace;
  let base: string;

  const git = async (cwd: string, ...args: string[]) => {
    const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
    const { stdout } = await runner.run(['git', ...identity, ...args], { cwd });
    return stdout.trim();
  };
  const commit = async (message: string) => {
    await git(workspace.root, 'add', '--all');
    await git(workspace.root, 'commit', '--quiet', '-m', message);
  };

  /** A fresh clone of a branch, as a runner has it before the first step. */
  const clone = async (branch: string): Promise<string> => {
    const root = mkdtempSync(join(folder, `${branch} `));
    await git(folder, 'clone', '--quiet', `--branch=${branch}`, remote, root);
    return root;
  };

  /** What the others do not run again, because GitHub's steps are the same to the letter. */
  const ranOnGithub = new Set<string>();
  const sameAsOnGithub = (root: string, job: WrittenJob): WrittenJob => {
    mkdirSync(join(root, '.berth'));
    copyFileSync(join(folder, 'deploy.json'), join(root, '.berth/deploy.json'));
    const repeated = (command: string) =>
      /nx (g env|deploy)|base64/.test(command) && ranOnGithub.has(command);
    return { ...job, commands: job.commands.filter((command) => !repeated(command)) };
  };

  /** Runs a job's steps one after the other. @returns all that they said */
  const run = async (root: string, job: WrittenJob, shell: string[]): Promise<string> => {
    expect(job.commands.length).toBeGreaterThan(0);
    let said = '';
    for (const command of job.commands) {
      if (command === 'npm ci') {
        symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
        continue;
      }
      const { stdout, stderr } = await runner.run([...shell, '-c', command], {
        cwd: root,
        env: {
          ...{ NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', CI: 'true', NO_COLOR: '1' },
          ...job.env,
          PATH: `${programs}:${process.env.PATH}`,
        },
        timeoutMs: 120_000,
      });
      said += stdout + stderr;
    }
    return said;
  };

  const secrets = { BERTH_KUBECONFIG: readFileSync(kubeconfig).toString('base64') };
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', name });
  const addressIn = (environment: string) => `http://hello-${environment}.localhost/`;
  const address = addressIn(preview);

  beforeAll(async () => {
    // npm's takes half a second of computing for each command to find the program that lies beside this one.
    mkdirSync(programs);
    writeFileSync(join(programs, 'npx'), '#!/bin/sh\nexec "node_modules/.bin/$@"\n', { mode: 0o755 });
    const asked = new HttpRegistry();
    const answer = await fetch('http://localhost:5000/v2/berth/node/tags/list');
    const { tags } = (await answer.json()) as { tags: string[] };
    const ci = { systems: ['circleci', 'github', 'gitlab'], runner: 'own', environment: production };
    workspace = await SmallWorkspace.of({ registry, domain: 'localhost', ci });
    workspace.write('.gitignore', 'node_modules\n.nx\n.berth\ndeploy/clusters/*/kubeconfig\n');
    // Credentials come from a secret, as those of a cluster elsewhere do.
    workspace.write('deploy/clusters/local/cluster.json', { provider: 'existing', context: 'berth-local' });
    for (const name of ['hello', 'other']) {
      const command = (script: string) => ({ executor: 'nx:run-commands', options: { command: script } });
      workspace.write(`apps/${name}/project.json`, {
        name,
        targets: {
          lint: command(`node --check apps/${name}/main.js`),
          test: command(`node -p "'tested the ' + '${name}'"`),
        },
      });
      workspace.write(`apps/${name}/main.js`, program);
    }
    workspace.write('apps/hello/service.json', {
      ports: [{ name: 'http', port: 8080, public: true }],
      health: { path: '/' },
      resources: { cpu: '10m', memory: '64Mi' },
    });
    const image = `localhost:5000/berth/node:${tags[0]}`;
    workspace.write(
      'apps/hello/Dockerfile',
      `FROM ${image}\nCOPY main.js /app/main.js\nCMD ["node", "/app/main.js"]\n`,
    );
    workspace.write('docker/base-images.lock.json', { [image]: await asked.digestOf(image) });
    asked.close();
    workspace.write(`deploy/environments/${production}/env.json`, { projects: ['hello'] });
    // The pipelines that nx.json names, and the manifests.
    expect(await workspace.nx('sync')).toMatchObject({ status: 0 });
    await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
    await git(workspace.root, 'init', '--quiet', '--initial-branch=main');
    await git(workspace.root, 'remote', 'add', 'origin', remote);
    await commit('the workspace');
    await git(workspace.root, 'push', '--quiet', 'origin', 'main');
    base = await git(workspace.root, 'rev-parse', 'HEAD');
    await git(workspace.root, 'checkout', '--quiet', '-b', 'feature');
    workspace.write('apps/hello/main.js', `// changed\n${program}`);
    await commit('a feature');
    await git(workspace.root, 'push', '--quiet', 'origin', 'feature');
  });
  afterAll(async () => {
    for (const name of [preview, production]) await client.delete(namespace(name));
    client.close();
    workspace.remove();
    rmSync(folder, { recursive: true, force: true });
    await removeDockerImages(registry);
  });

  const githubValues: Values = {
    'github.event.number': number,
    'secrets.BERTH_KUBECONFIG': secrets.BERTH_KUBECONFIG,
  };
  const ofPullRequest = () => ({ ...githubValues, 'github.event.pull_request.base.sha': base });
  const githubShell = ['bash', '-e'];

  it('GitHub: the main branch is pushed and deployed, and its address is told', async () => {
    const root = await clone('main');
    const output = join(folder, 'output of main');
    // A push has no pull request, so it says no base.
    const job = githubJob(root, 'deploy', { 'secrets.BERTH_KUBECONFIG': secrets.BERTH_KUBECONFIG });
    const said = await run(root, { ...job, env: { ...job.env, GITHUB_OUTPUT: output } }, githubShell);
    expect(said).toMatch(/hello\s+built\s+sha256:/);
    expect(readFileSync(output, 'utf8')).toBe(`url=${addressIn(production)}\n`);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello', namespace: production };
    expect((await client.get(deployment))?.['status']).toMatchObject({ readyReplicas: 1 });
  });

  it('the others deploy the main branch as GitHub does', async () => {
    const root = await clone('main');
    const nx = (job: WrittenJob) => job.commands.filter((command) => command.includes('npx nx'));
    const github = nx(githubJob(root, 'deploy', {}));
    expect(github.at(-1)).toContain(`nx deploy ${production}`);
    const known = (command: string) => command.replace(/--base="\$\w+"/, '--base="$BASE"');
    expect(nx(gitlabJob(root, 'deploy', {})).map(known)).toEqual(github);
    expect(nx(circleciJob(root, 'deploy', {})).map(known)).toEqual(github);
  });

  it('GitHub: a pull request is checked, of what it changes', async () => {
    const root = await clone('feature');
    const said = await run(root, githubJob(root, 'check', ofPullRequest()), githubShell);
    expect(said).toContain(`Running test of what changed since ${base.slice(0, 10)}`);
    expect(said).toContain('tested the hello');
    expect(said).not.toContain('tested the other');
  });

  it('GitHub: it gets an environment, and its address is told', async () => {
    const root = await clone('feature');
    const output = join(folder, 'output');
    const job = githubJob(root, 'preview', ofPullRequest());
    const said = await run(root, { ...job, env: { ...job.env, GITHUB_OUTPUT: output } }, githubShell);
    expect(said).toMatch(/hello\s+built\s+sha256:/);
    for (const command of job.commands) ranOnGithub.add(command);
    copyFileSync(join(root, '.berth/deploy.json'), join(folder, 'deploy.json'));
    expect(readFileSync(output, 'utf8')).toBe(`url=${address}\n`);
    expect((await client.get(namespace(preview)))?.metadata.annotations).toMatchObject({
      'berth.dev/ttl': '3d',
    });
  });

  it('GitLab: what it does otherwise for the same environment', async () => {
    const root = await clone('feature');
    const values = { CI_MERGE_REQUEST_IID: number, CI_MERGE_REQUEST_DIFF_BASE_SHA: base, ...secrets };
    const job = gitlabJob(root, 'preview', values);
    expect(job.env['PREVIEW']).toBe(preview);
    const images = job.commands.find((command) => command.includes('docker-push'));
    expect([...ranOnGithub]).toContain(images?.replace('$CI_MERGE_REQUEST_DIFF_BASE_SHA', '$BASE'));
    // That CircleCI runs it shows that the image is the same in another clone.
    const commands = job.commands.filter((command) => command !== images);
    await run(root, sameAsOnGithub(root, { ...job, commands }), ['bash', '-eo', 'pipefail']);
    expect(readFileSync(join(root, '.berth/address.env'), 'utf8')).toBe(`ADDRESS=${address}\n`);
  });

  it('CircleCI: what it does otherwise for the same environment', async () => {
    const root = await clone('feature');
    const values = {
      BASH_ENV: join(folder, 'bash-env'),
      CIRCLE_PULL_REQUEST: `https://github.com/acme/desk/pull/${number}`,
      GITHUB_TOKEN: '',
      ...secrets,
    };
    await runner.run(['touch', values.BASH_ENV]);
    const job = circleciJob(root, 'preview', values);
    const said = await run(root, sameAsOnGithub(root, job), ['bash', '-eo', 'pipefail']);
    expect(readFileSync(values.BASH_ENV, 'utf8')).toBe(`export PREVIEW=${preview}\n`);
    expect(said).toContain(`Running docker-push of what changed since ${base.slice(0, 10)}`);
    expect(said).toMatch(/hello\s+reused/);
    expect(readFileSync(join(root, '.berth/address'), 'utf8')).toBe(`${address}\n`);
  });

  it('the others check the same as GitHub, but for what they call the base', async () => {
    const root = await clone('main');
    const commands = (job: WrittenJob) =>
      job.commands.map((command) => command.replace('$CI_MERGE_REQUEST_DIFF_BASE_SHA', '$BASE'));
    const github = commands(githubJob(root, 'check', {}));
    expect(github[0]).toBe('npm ci');
    expect(commands(gitlabJob(root, 'check', {}))).toEqual(github);
    expect(commands(circleciJob(root, 'check', {}))).toEqual(github);
  });

  it('the environment goes with its pull request, though its files are in no commit', async () => {
    const root = await clone('main');
    expect(existsSync(join(root, 'deploy/environments', preview))).toBe(false);
    const { commands } = gitlabJob(root, 'remove', {});
    const job = githubJob(root, 'remove', githubValues);
    expect(commands).toEqual(job.commands);
    const said = await run(root, job, githubShell);
    expect(said).toContain(`deployment/hello`);
    expect(said).toContain(`${preview} is gone.`);
    expect(await client.get(namespace(preview))).toBeUndefined();
  });
});
