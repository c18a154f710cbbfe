import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority, type KeyPair } from '@berth/exec/src/testing-authority';
import { certificatesIn, type CertificateSource } from './certificates';
import type { Credentials, CredentialSource } from './credentials';
import { HttpRegistry, type HttpRegistryOptions } from './http-registry';
import { TestImages } from './testing-images';
import { TestRegistry, type TestRegistryOptions } from './testing-registry';

/** `ana`, whose password is `pa:ss` (bcrypt, the only kind that the registry reads). */
const HTPASSWD = 'ana:$2y$05$abcdefghijklmnopqrstuuZImxV28ixwKVAA3Ib6WvqJ3jaF2SHwO\n';

/**
 * Real registries that have the same images and show certificates of one authority, and what asks them; for tests.
 * There are `library/nginx:1` and `ana/web:1`, and what is put through `images`.
 */
export class TestRegistries {
  private readonly clients: HttpRegistry[] = [];
  private readonly started: TestRegistry[] = [];

  private constructor(
    readonly folder: string,
    readonly authority: TestAuthority,
    /** Shown by registries with TLS. */
    readonly tls: KeyPair,
    /** Lets everyone read and write, by plain http. */
    readonly open: TestRegistry,
    readonly images: TestImages,
  ) {
    this.started.push(open);
  }

  static async start(): Promise<TestRegistries> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-registry-'));
    writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
    const authority = await TestAuthority.make(folder, 'authority');
    const tls = await authority.sign('registry');
    const open = await TestRegistry.start({ folder, name: 'open' });
    const images = new TestImages(`http://${open.host}`);
    for (const repository of ['library/nginx', 'ana/web']) await images.put(repository, '1');
    return new TestRegistries(folder, authority, tls, open, images);
  }

  async start(options: Omit<TestRegistryOptions, 'folder'>): Promise<TestRegistry> {
    const registry = await TestRegistry.start({ folder: this.folder, ...options });
    this.started.push(registry);
    return registry;
  }

  /** For a registry that asks for user and password. */
  get htpasswd(): object {
    return { htpasswd: { realm: 'berth', path: join(this.folder, 'htpasswd') } };
  }

  /** Certificates for `host`, by the names they have in certs.d. @returns what finds them, and those of earlier ones */
  trust(host: string, files: Record<string, string>, name = 'certs.d'): CertificateSource {
    const certs = join(this.folder, name);
    mkdirSync(join(certs, host), { recursive: true });
    for (const [file, from] of Object.entries(files)) copyFileSync(from, join(certs, host, file));
    return certificatesIn([certs]);
  }

  /** A client that goes by what was trusted, and waits little before it asks again. */
  client(options: HttpRegistryOptions = {}): HttpRegistry {
    const certificates = certificatesIn([join(this.folder, 'certs.d')]);
    const client = new HttpRegistry({ pauseMs: 10, certificates, ...options });
    this.clients.push(client);
    return client;
  }

  closeClients(): void {
    for (const client of this.clients.splice(0)) client.close();
  }

  async stop(): Promise<void> {
    this.closeClients();
    await Promise.all(this.started.map((registry) => registry.stop()));
    rmSync(this.folder, { recursive: true });
  }
}

/** The same login for every registry. */
export function loginOf(login: Credentials): CredentialSource {
  return { find: async () => login, advice: (registry) => `log in to ${registry}` };
}
