import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import type { ControlPlane } from '../control-plane/control-plane';
import { OPERATOR } from '../control-plane/files';
import type { Contestant } from './contestants';
import { follow, type Followed, type FollowOptions } from './follow';
import { ingressObject, serviceObject } from './objects';
import { Routes } from './routes';

const triggers = { Service: serviceObject, Ingress: ingressObject };

interface Question {
  access: { kubeconfig: string; context: string };
  port: number;
  kind: keyof typeof triggers;
  options: FollowOptions;
}

/** {@link follow} in a process of its own, which does not wait until this one has done something else. */
export async function followApart(
  contestant: Pick<Contestant, 'port' | 'trigger'>,
  plane: ControlPlane,
  options: FollowOptions,
): Promise<Followed[]> {
  // Most are not followed under load.
  if (options.changes === 0) return [];
  const { port } = contestant;
  const kind = contestant.trigger === serviceObject ? 'Service' : 'Ingress';
  const question: Question = { access: plane.access(OPERATOR), port, kind, options };
  const program = join(__dirname, '../../bin/gateway-follow.mjs');
  const { stdout } = await new ProcessRunner().run([process.execPath, program, JSON.stringify(question)]);
  return JSON.parse(stdout) as Followed[];
}

/** The other side, in that process. @param text the question, as JSON */
export async function followHere(text: string): Promise<Followed[]> {
  const { access, port, kind, options } = JSON.parse(text) as Question;
  const client = KubeClient.from(access);
  try {
    return await follow({ port, trigger: triggers[kind] }, client, new Routes(client), options);
  } finally {
    client.close();
  }
}
