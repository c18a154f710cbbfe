import { networkInterfaces } from 'node:os';
import { podNamespace } from '@berth/kube';

/** A pod as its endpoints show it. */
export interface Pod {
  namespace: string;
  addresses: readonly string[];
}

/** The pod that this process is in; undefined outside of one. */
export function thisPod(): Pod | undefined {
  const namespace = podNamespace();
  if (namespace === undefined) return undefined;
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return {
    namespace,
    addresses: interfaces.filter(({ internal }) => !internal).map(({ address }) => address),
  };
}
