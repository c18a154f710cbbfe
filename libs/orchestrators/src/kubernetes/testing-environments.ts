import { resolve } from 'node:path';
import { deploy, type DeployOutcome, type DeployRequest, type DeployTarget } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { KubeClient } from '@berth/kube';
import type { UserError } from '@berth/model';
import { kubernetesOrchestrator } from './orchestrator';

/** Milliseconds that one test may take. */
export const limitMs = 120_000;

/** The environments that one test file makes on the local cluster. */
export class TestEnvironments {
  readonly access = {
    kubeconfig:
      process.env.BERTH_TEST_KUBECONFIG ?? resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig'),
    context: process.env.BERTH_TEST_CONTEXT ?? 'berth-local',
  };
  readonly client = KubeClient.from(this.access);
  readonly target = kubernetesOrchestrator(this.client, { holder: 'kubernetes@test' });
  readonly #made: string[] = [];

  /** @param file tells the environments of test files that run at once apart. */
  constructor(private readonly file: string) {}

  /** A new environment's name; what is deployed to it goes at the end. */
  name(suffix: string): string {
    const name = `berth-test-${this.file}-${suffix}-${process.pid.toString(36)}`;
    this.#made.push(name);
    return name;
  }

  deploy(
    environment: string,
    objects: KubernetesObject[],
    options: Partial<DeployRequest> = {},
    target: DeployTarget = this.target,
  ): Promise<DeployOutcome> {
    return deploy(target, {
      environment,
      render: () => objects,
      images: { resolve: async () => ({}), build: async () => ({}) },
      needs: {},
      author: 'kubernetes@test',
      timeoutMs: 60_000,
      ...options,
    });
  }

  /** Asks for the end of all of them; nothing depends on when it comes. */
  async end(): Promise<void> {
    const namespaces = this.#made.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', name }));
    await Promise.all(namespaces.map((namespace) => this.client.delete(namespace)));
    this.client.close();
  }
}

/** Why it failed, and what a person is told to do next; every failure of a deploy must say that. */
export async function failureOf(work: Promise<unknown>): Promise<{ message: string; hint: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: UserError) => thrown,
  );
  if (!error) throw new Error('It did not fail.');
  const { message, hint = '' } = error;
  expect({ message, hint }).toEqual({ message, hint: expect.stringMatching(/kubectl|nx |--|same command/) });
  return { message, hint };
}
