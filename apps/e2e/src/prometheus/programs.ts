import { join } from 'node:path';
import { goProgram } from '@berth/exec';

const modules = (name: string) => join(__dirname, 'modules', name);

/** What finds targets elsewhere than in Kubernetes and DNS is the larger part of the program, and takes the most time to build. */
const tags = ['remove_all_sd', 'enable_kubernetes_sd', 'enable_dns_sd'];

/** Prometheus 3.16.0, whose Go module has versions of its own. Pinned in go.mod and go.sum. */
const release = { version: 'v0.316.0', module: modules('prometheus'), tags };

export function prometheus(): Promise<string> {
  const source = 'github.com/prometheus/prometheus/cmd/prometheus';
  return goProgram({ name: 'prometheus', source, ...release });
}

/** Checks and tests the files that Prometheus reads. */
export function promtool(): Promise<string> {
  const source = 'github.com/prometheus/prometheus/cmd/promtool';
  return goProgram({ name: 'promtool', source, ...release });
}

/** Sends alerts on to people. Of later versions the Go module lacks the page, without which it cannot be built. */
export function alertmanager(): Promise<string> {
  const source = 'github.com/prometheus/alertmanager/cmd/alertmanager';
  return goProgram({ name: 'alertmanager', version: 'v0.31.1', module: modules('alertmanager'), source });
}
