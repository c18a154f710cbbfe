import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownMark } from '@berth/exec';
import { fakeGo, fakeMachine } from '../machine/fake-machine';
import { COREDNS, ETCD, KUBERNETES, MODULES } from '../versions';
import { parseChecksums } from './checksums';
import { cachedProgram, installStep, programsStep } from './programs';

/** `go build` and `tar` write what they are told to write. */
const compiler = () =>
  fakeGo().when(['tar'], (argv) => {
    writeFileSync(join(argv[4] ?? '', (argv.at(-1) ?? '').split('/').at(-1) ?? ''), 'from the archive');
    return {};
  });

describe("the cluster's programs", () => {
  it('are built from pinned modules where nobody answers, once', async () => {
    const machine = fakeMachine({ runner: compiler() });
    const step = programsStep(machine);
    expect(await step.done()).toBe(false);
    await step.run(() => undefined);
    expect(await step.done()).toBe(true);
    const builds = machine.runner.runs.filter(({ argv }) => argv[1] === 'build');
    expect(builds).toHaveLength(MODULES.length);
    const kubernetes = builds.find(({ argv }) => argv.includes('k8s.io/kubernetes/cmd/kube-apiserver'));
    expect(kubernetes?.argv).toContain('-mod=readonly');
    expect(kubernetes?.argv.join(' ')).toContain('version.gitVersion=v1.34.4');
    expect(kubernetes?.env).toMatchObject({ CGO_ENABLED: '0', GOARCH: 'amd64' });
    expect(dirname(kubernetes?.argv[kubernetes.argv.indexOf('-o') + 1] ?? '')).toBe(
      kubernetes?.env?.['GOTMPDIR'],
    );
    expect(kubernetes?.cwd).toMatch(/modules\/kubernetes$/);
    const { path } = await cachedProgram(machine, ETCD, 'etcd');
    expect(readFileSync(path, 'utf8')).toBe('program go.etcd.io/etcd/server/v3');
    expect(readdirSync(join(machine.paths.cache, 'kubernetes'))).toEqual([KUBERNETES.version]);
    expect(
      MODULES.map(({ name, folder = name }) => existsSync(join(__dirname, '../modules', folder, 'go.mod'))),
    ).not.toContain(false);
  });

  it('are not used when they are not what was put there', async () => {
    const machine = fakeMachine({ runner: compiler() });
    await programsStep(machine).run(() => undefined);
    const { path } = await cachedProgram(machine, COREDNS, 'coredns');
    writeFileSync(path, 'something else');
    await expect(cachedProgram(machine, COREDNS, 'coredns')).rejects.toThrow('its checksum differs');
  });

  it('leave nothing that looks whole when a build fails', async () => {
    const machine = fakeMachine();
    machine.runner.when(['go', 'build'], { exitCode: 1, stderr: 'no space left on device' });
    await expect(programsStep(machine).run(() => undefined)).rejects.toMatchObject({
      message: expect.stringContaining('no space left on device'),
      hint: expect.stringContaining('df -h'),
    });
    expect(await programsStep(machine).done()).toBe(false);
    expect(readdirSync(machine.paths.cache)).toEqual([]);
  });

  it('remove what a build that was killed has left, and nothing of one that runs', async () => {
    const machine = fakeMachine({ runner: compiler() });
    const running = `filling-${ownMark()}-of-another-clone`;
    // No process has it: the kernel's highest pid is 2^22.
    for (const name of ['filling-4194305-1-etcd', running])
      mkdirSync(join(machine.paths.cache, name), { recursive: true });
    await programsStep(machine).run(() => undefined);
    const left = readdirSync(machine.paths.cache).filter((name) => name.startsWith('filling-'));
    expect(left).toEqual([running]);
  });

  it('say what is missing where they can neither be downloaded nor built', async () => {
    const machine = fakeMachine();
    machine.runner.when(['go', 'version'], { exitCode: 127 });
    await expect(programsStep(machine).run(() => undefined)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('needs Go'),
    });
  });

  it('are downloaded where the official address answers, and checked', async () => {
    const official =
      (good: boolean): typeof fetch =>
      async (input) => {
        const url = String(input);
        const body = `official ${url}`;
        const sum = createHash('sha256')
          .update(good ? body.replace(/\.sha256$/, '') : 'another')
          .digest('hex');
        if (!url.includes('dl.k8s.io')) return new Response('', { status: 404 });
        return new Response(url.endsWith('.sha256') ? sum : body);
      };
    const machine = fakeMachine({ runner: compiler(), fetch: official(true) });
    await programsStep(machine).run(() => undefined);
    const { path } = await cachedProgram(machine, KUBERNETES, 'kubelet');
    expect(readFileSync(path, 'utf8')).toBe(
      'official https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kubelet',
    );
    expect(machine.runner.lines.filter((line) => line.includes('k8s.io/kubernetes'))).toEqual([]);

    const tampered = fakeMachine({ runner: compiler(), fetch: official(false) });
    await expect(programsStep(tampered).run(() => undefined)).rejects.toThrow(
      'is not what its makers published',
    );
  });

  it('are copied to the machine, so that it needs neither cache nor clone', async () => {
    const machine = fakeMachine({ runner: compiler() });
    await programsStep(machine).run(() => undefined);
    const step = installStep(machine);
    expect(await step.done()).toBe(false);
    await step.run(() => undefined);
    expect(await step.done()).toBe(true);
    expect(readFileSync(join(machine.paths.bin, 'kubelet'), 'utf8')).toBe(
      'program k8s.io/kubernetes/cmd/kubelet',
    );
  });
});

it('reads both forms of published checksums', () => {
  const sum = 'a'.repeat(64);
  expect(parseChecksums(sum)).toEqual(new Map([['', sum]]));
  expect(parseChecksums(`${sum}  release/etcd.tar.gz\nnot a sum\n`)).toEqual(new Map([['etcd.tar.gz', sum]]));
});
