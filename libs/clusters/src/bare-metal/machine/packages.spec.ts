import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '@berth/model';
import { fakeMachine, type FakeMachine } from './fake-machine';
import { CLUSTER_PACKAGES, packagesStep } from './packages';

const put = (machine: FakeMachine, path: string) => {
  mkdirSync(dirname(join(machine.root, path)), { recursive: true });
  writeFileSync(join(machine.root, path), '');
};

describe('Debian packages', () => {
  it('installs just those that are missing', async () => {
    const machine = fakeMachine();
    for (const path of ['/usr/bin/apt-get', '/usr/bin/containerd', '/usr/sbin/runc', '/usr/sbin/dockerd'])
      put(machine, path);
    await (await packagesStep(machine, CLUSTER_PACKAGES)).run(() => undefined);
    const install = machine.runner.lines[0];
    expect(install).toContain(
      'install -y --no-install-recommends docker-registry containernetworking-plugins',
    );
    expect(install).not.toContain('docker.io');
    expect(machine.runner.runs[0]?.env).toEqual({ DEBIAN_FRONTEND: 'noninteractive' });
  });

  it('finishes what was half installed, and updates the package lists, when the first try fails', async () => {
    const machine = fakeMachine();
    put(machine, '/usr/bin/apt-get');
    machine.runner.when(['apt-get', '--option=DPkg::Lock::Timeout=300', 'install'], { exitCode: 100 }, {});
    await (await packagesStep(machine, CLUSTER_PACKAGES)).run(() => undefined);
    expect(machine.runner.lines.map((line) => / (install|update|--configure)\b/.exec(line)?.[1])).toEqual([
      'install',
      '--configure',
      'update',
      'install',
    ]);
  });

  it('says what root has to type, and stops', async () => {
    const machine = fakeMachine({ isRoot: false });
    const error = await (
      await packagesStep(machine, CLUSTER_PACKAGES)
    )
      .run(() => undefined)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).hint).toMatch(
      /^as root: apt-get install -y --no-install-recommends containerd runc docker.io/,
    );
    expect(machine.runner.runs).toEqual([]);
  });
});

it('does not ask for what is there', async () => {
  const machine = fakeMachine();
  put(machine, '/usr/bin/chromium');
  const step = await packagesStep(machine, [{ name: 'chromium', file: '/usr/bin/chromium' }], 'Browser');
  expect(await step.done()).toBe(true);
  expect(step).toMatchObject({ title: 'Browser', details: [] });
});
