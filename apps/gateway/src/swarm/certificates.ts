import { existsSync } from 'node:fs';
import type { CertificateSource } from '../certificates';
import type { Settings } from '../settings';
import { folderCertificates } from './folder-certificates';
import { mountedCertificates } from './mounted-certificates';

/** Certificates of a gateway on a Swarm: those in secrets, then those in a folder of the node, where it has been given one. */
export function swarmCertificates(
  { tlsSecrets, tlsFolder }: Pick<Settings, 'tlsSecrets' | 'tlsFolder'>,
  env: Readonly<Record<string, string | undefined>>,
): CertificateSource {
  const mounted = mountedCertificates(tlsSecrets, env);
  // A container gets its folders when it starts, and none later.
  return existsSync(tlsFolder) ? together([mounted, folderCertificates(tlsFolder)]) : mounted;
}

/** All of them, in this order. */
export function together(sources: readonly CertificateSource[]): CertificateSource {
  return {
    observe(options) {
      const each = sources.map((source) => source.observe(options));
      return {
        secrets: () => each.flatMap(({ secrets }) => secrets()),
        listed: Promise.all(each.map(({ listed }) => listed)),
      };
    },
    events(signal) {
      const each = sources.map((source) => source.events(signal));
      return {
        write: async (refused) => (await Promise.all(each.map((one) => one.write(refused)))).flat(),
      };
    },
  };
}
