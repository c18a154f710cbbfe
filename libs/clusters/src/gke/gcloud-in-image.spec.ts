import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingRunner } from '@berth/exec';
import { GcloudInImage } from './gcloud-in-image';

describe('gcloud in a container', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'berth-gcloud-'));
  const credentials = join(workspace, 'credentials');
  afterAll(() => rmSync(workspace, { recursive: true }));

  const tool = (runner: RecordingRunner, env: Record<string, string> = {}) =>
    new GcloudInImage(runner, { workspace, credentials, env, user: '1000:1000' });
  const inspected = (exitCode: number) =>
    new RecordingRunner().when(['docker', 'image', 'inspect'], { exitCode });

  it('builds the image once, from the Dockerfile alone, where the engine does not have it', async () => {
    const runner = inspected(1);
    const notices: string[] = [];
    const one = tool(runner);
    await Promise.all([one.prepare((line) => notices.push(line)), one.prepare((line) => notices.push(line))]);
    const builds = runner.runs.filter(({ argv }) => argv[1] === 'build');
    expect(builds).toHaveLength(1);
    expect(builds[0]?.input).toMatch(
      /^FROM gcr\.io\/google\.com\/cloudsdktool\/google-cloud-cli:[^@]*@sha256:[0-9a-f]{64}$/m,
    );
    expect(notices).toHaveLength(1);
    const present = inspected(0);
    await tool(present).prepare(() => undefined);
    expect(present.runs.map(({ argv }) => argv[1])).toEqual(['image']);
  });

  it('says what to take instead where the image cannot be built', async () => {
    const stderr = 'lookup gcr.io: no such host';
    const runner = inspected(1).when(['docker', 'build'], { exitCode: 1, stderr });
    await expect(tool(runner).prepare(() => undefined)).rejects.toMatchObject({
      message: expect.stringMatching(/^The image that gcloud runs in cannot be built\. [^]*no such host/),
      hint: expect.stringContaining('"gcloud": "path" in cluster.json'),
    });
  });

  it('keeps sign-ins where only their owner may read them', async () => {
    await tool(inspected(0)).prepare(() => undefined);
    expect(statSync(credentials).mode & 0o777).toBe(0o700);
  });

  it('runs as the person, with the sign-ins, and asks nothing', () => {
    const argv = tool(new RecordingRunner()).argv(['projects', 'list']);
    expect(argv.slice(0, 3)).toEqual(['docker', 'run', '--rm']);
    expect(argv).toEqual(
      expect.arrayContaining(['--user', '1000:1000', `${credentials}:/gcloud`, 'CLOUDSDK_CONFIG=/gcloud']),
    );
    expect(argv.slice(-4)).toEqual(['gcloud', 'projects', 'list', '--quiet']);
  });

  it('takes the key of a pipeline along, and the token of workload identity federation', () => {
    const key = join(workspace, 'key.json');
    writeFileSync(
      key,
      JSON.stringify({ type: 'external_account', credential_source: { file: '/run/oidc/token' } }),
    );
    const argv = tool(new RecordingRunner(), { GOOGLE_APPLICATION_CREDENTIALS: key }).argv([]);
    expect(argv).toEqual(
      expect.arrayContaining([
        `${key}:${key}:ro`,
        '/run/oidc:/run/oidc:ro',
        `CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE=${key}`,
      ]),
    );
  });

  it('writes no secret of the environment into the command', () => {
    const argv = tool(new RecordingRunner(), { CLOUDSDK_AUTH_ACCESS_TOKEN: 'secret' }).argv([]);
    expect(argv).toContain('CLOUDSDK_AUTH_ACCESS_TOKEN');
    expect(argv.join(' ')).not.toContain('secret');
  });

  it('changes its image with the Dockerfile of the workspace', () => {
    const image = (one: GcloudInImage) => one.argv([]).find((word) => word.startsWith('berth/gcloud:'));
    const before = image(tool(new RecordingRunner()));
    expect(before).toMatch(/^berth\/gcloud:[0-9a-f]{12}$/);
    mkdirSync(join(workspace, 'docker/gcloud'), { recursive: true });
    writeFileSync(join(workspace, 'docker/gcloud/Dockerfile'), 'FROM ours');
    expect(image(tool(new RecordingRunner()))).not.toBe(before);
  });
});
