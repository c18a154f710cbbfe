import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { goBuild, ProcessRunner } from '@berth/exec';
import type { TestWorkspace } from './stand-ins';

const runner = new ProcessRunner();

/**
 * Answers 200 for /healthz at 8080; refuses to start where it could write, as root, or with a broken note beside it.
 * @param mark what no other has: docker does not push a layer whose like it has pushed for another test
 */
const server = (mark: string) => `package main
import ("log"; "net/http"; "os")
func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" { println("${mark}"); return }
	if _, err := os.Create("/forbidden"); err == nil { log.Fatal("the root file system is writable") }
	if _, err := os.Create("/tmp/allowed"); err != nil { log.Fatal(err) }
	if os.Getuid() == 0 { log.Fatal("runs as root") }
	if text, _ := os.ReadFile("/note"); string(text) == "broken\\n" { log.Fatal("the note is broken") }
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok")) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
`;

/** Writes the services web and pricing on the image base: a real program each, and nothing from any registry. */
export async function writeServers(workspace: TestWorkspace): Promise<void> {
  workspace.write('package.json', { devDependencies: { jest: '1' } });
  workspace.write('.gitignore', '.berth/\nprogram\ndist/\n');
  workspace.write('cache/main.go', server(randomUUID()));
  const { argv, env } = goBuild({ sources: ['main.go'], output: 'program' });
  await runner.run(argv, { cwd: join(workspace.root, 'cache'), env });
  workspace.image('base', { prepare: ['cp', '../../cache/program', '{project}/program'] });
  workspace.write('docker/base/Dockerfile', 'FROM scratch\nCOPY program /program\n');
  for (const name of ['web', 'pricing']) {
    workspace.service(name, 'base');
    workspace.write(
      `apps/${name}/Dockerfile`,
      'ARG BASE\nFROM ${BASE}\nCOPY note /note\nUSER 1000\nENTRYPOINT ["/program"]\n',
    );
    workspace.write(`apps/${name}/service.json`, {
      ports: [{ name: 'http', port: 8080 }],
      health: { path: '/healthz', startSeconds: 20 },
      writable: ['/tmp'],
    });
    workspace.write(`apps/${name}/note`, `${name}\n`);
  }
}

/** Removes what a test has left in docker's store under its registry and path. */
export async function removeDockerImages(registry: string): Promise<void> {
  const format = ['--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=${registry}/*`];
  const { stdout } = await runner.run(['docker', 'image', 'ls', ...format]);
  const images = stdout.split('\n').filter((line) => line !== '' && !line.endsWith(':<none>'));
  if (images.length > 0)
    await runner.run(['docker', 'image', 'rm', '--force', ...images], { expect: [0, 1] });
}
