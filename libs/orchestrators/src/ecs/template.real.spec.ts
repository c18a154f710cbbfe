import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ProcessRunner, pythonProgram } from '@berth/exec';
import { manifestsOf } from '@berth/manifests';
import { testAccount, testEnvironment, testServices } from './testing-models';

const golden = resolve(__dirname, '../../../manifests/src/ecs/__golden__/cloudformation.yaml');
const folder = mkdtempSync(join(tmpdir(), 'berth-cfn-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

let lint: string[];
beforeAll(async () => {
  lint = await pythonProgram({ name: 'cfn-lint', package: 'cfn-lint', version: '1.51.0' });
}, 300_000);

const run = (file: string) =>
  // 0 only: warnings have codes of their own.
  new ProcessRunner().run([...lint, '--', file], { timeoutMs: 120_000 });

it('takes the stack of a desk that uses all that ECS has', async () => {
  await expect(run(golden)).resolves.toMatchObject({ exitCode: 0 });
}, 120_000);

it.each([
  ['EC2 and a listener that is shared', 'ec2'],
  ['a load balancer without HTTPS', 'plain'],
  ['names across environments', 'names'],
])(
  'takes a stack on %s',
  async (_, name) => {
    const listener =
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/0123456789abcdef/0123456789abcdef';
    const differences: Record<string, object> = {
      ec2: {
        capacity: 'ec2',
        capacityProvider: 'big',
        architecture: 'arm64',
        loadBalancer: { listener, securityGroup: 'sg-0123456789abcdef0', tls: true },
      },
      plain: { assignPublicIp: true },
      names: { privateNames: { domain: 'desk.internal', securityGroup: 'sg-0123456789abcdef0' } },
    };
    const environment = testEnvironment('staging');
    const [file] = manifestsOf(environment).renderFiles(
      environment,
      testServices(environment, {
        quotes: {
          ports: [{ name: 'http', port: 8080, public: true }],
          health: { path: '/healthz' },
          taskRole: 'arn:aws:iam::123456789012:role/quotes',
        },
        clock: { secrets: ['KEY'], scale: { min: 1, max: 3 } },
      }),
      {
        registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/berth',
        cluster: testAccount(differences[name] ?? {}),
      },
    );
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, file?.content ?? '');
    await expect(run(path)).resolves.toMatchObject({ exitCode: 0 });
  },
  120_000,
);

it('is a check that finds what is wrong', async () => {
  const path = join(folder, 'wrong.json');
  const Resources = { Quotes: { Type: 'AWS::ECS::Service', Properties: { DesiredCout: 1 } } };
  writeFileSync(path, JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources }));
  await expect(run(path)).rejects.toThrow(/DesiredCout/);
}, 120_000);
