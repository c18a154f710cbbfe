import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { itIsAnEngine } from '../contract';
import { DockerEngine } from './docker-engine';

jest.setTimeout(120_000);

const registry = 'localhost:5000/berth-contract';

/** `serve` waits for its end; `exit <code>` prints that and ends with the code. */
const source = `package main
import ("fmt"; "os"; "os/signal"; "strconv"; "syscall")
func main() {
	if len(os.Args) > 2 { code, _ := strconv.Atoi(os.Args[2]); fmt.Println("exit", code); os.Exit(code) }
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
}
`;

describe('Docker as an engine', () => {
  const runner = new ProcessRunner();
  const engine = new DockerEngine(runner);
  let folder: string;

  afterAll(() => rm(folder, { recursive: true, force: true }));

  itIsAnEngine(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-program-'));
    await writeFile(join(folder, 'main.go'), source);
    const program = join(folder, 'program');
    await runner.run(['go', 'build', '-o', program, join(folder, 'main.go')], { env: { CGO_ENABLED: '0' } });
    return {
      engine,
      containers: engine,
      registry,
      program,
      digestOf: async (reference) => {
        const [, repository, tag] = /^localhost:5000\/(.*):([^:]*)$/.exec(reference) ?? [];
        const accept = 'application/vnd.docker.distribution.manifest.v2+json';
        const response = await fetch(`http://localhost:5000/v2/${repository}/manifests/${tag}`, {
          method: 'HEAD',
          headers: { accept },
        });
        return response.headers.get('docker-content-digest') ?? undefined;
      },
      forget: async (reference) => {
        await runner.run(['docker', 'image', 'rm', '--force', reference], { expect: [0, 1] });
      },
    };
  });
});
