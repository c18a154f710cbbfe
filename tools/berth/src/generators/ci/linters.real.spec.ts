import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { githubWorkflow } from './github';
import { gitlabPipeline } from './gitlab';
import type { Pipeline } from './pipeline';
import { pipeline } from './testing-pipeline';
import { pipelineText } from './pipeline-text';
import { actionlint } from './testing-actionlint';

jest.setTimeout(120_000);

const variants: [string, Pipeline][] = [
  ['on runners of the system', pipeline],
  [
    'on runners of one’s own, with a command in place of lint and test',
    { ...pipeline, runner: 'self-hosted', testCommand: 'npm test' },
  ],
];

const runner = new ProcessRunner();
const folder = mkdtempSync(join(tmpdir(), 'berth-linters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a pipeline where its system looks for it. @returns the repository */
function written(path: string, content: object): string {
  const root = mkdtempSync(join(folder, 'repository-'));
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), pipelineText(content));
  return root;
}

describe('actionlint', () => {
  const lint = async (workflow: object) => {
    const cwd = written('.github/workflows/berth.yml', workflow);
    const file = '.github/workflows/berth.yml';
    const { exitCode, stdout } = await runner.run([await actionlint(), '-no-color', '-oneline', file], {
      cwd,
      expect: [0, 1],
    });
    return { exitCode, stdout };
  };

  it.each(variants)('finds nothing in the workflow %s', async (_, variant) => {
    expect(await lint(githubWorkflow(variant))).toEqual({ exitCode: 0, stdout: '' });
  });

  it('would find a job that needs one that is not there', async () => {
    const { jobs, ...rest } = githubWorkflow(pipeline);
    const broken = { ...rest, jobs: { ...jobs, deploy: { ...jobs['deploy'], needs: 'chek' } } };
    expect(await lint(broken)).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('chek') });
  });
});

describe("GitLab's schema, by gitlab-ci-local", () => {
  const program = require.resolve('gitlab-ci-local');
  const lint = async (content: object) => {
    const cwd = written('.gitlab-ci.yml', content);
    await runner.run(['git', 'init', '--quiet'], { cwd });
    await runner.run(['git', 'remote', 'add', 'origin', 'https://gitlab.example.com/acme/desk.git'], { cwd });
    const { exitCode, stdout, stderr } = await runner.run([process.execPath, program, '--list-json'], {
      cwd,
      env: { NO_COLOR: '1' },
      expect: [0, 1],
    });
    return { exitCode, stdout, stderr };
  };

  it.each(variants)('has nothing against the pipeline %s', async (_, variant) => {
    const { exitCode, stdout, stderr } = await lint(gitlabPipeline(variant));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names.sort()).toEqual(['check', 'deploy', 'expire', 'preview', 'remove']);
  });

  it('would have something against a field that is not GitLab’s', async () => {
    const { deploy, ...rest } = gitlabPipeline(pipeline);
    const broken = { ...rest, deploy: { ...(deploy as object), enviroment: { name: 3 } } };
    expect(await lint(broken)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('enviroment') });
  });
});
