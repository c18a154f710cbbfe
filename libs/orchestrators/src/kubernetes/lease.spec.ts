import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeClient } from '@berth/kube';
import { acquireLease, holderOf } from './lease';

interface StoredLease {
  metadata: { name: string; namespace: string; resourceVersion: string };
  spec: { holderIdentity: string; renewTime: string; leaseDurationSeconds: number };
}

const kinds: Record<string, unknown> = {
  '/api/v1': { resources: [{ name: 'namespaces', kind: 'Namespace', namespaced: false }] },
  '/apis/coordination.k8s.io/v1': { resources: [{ name: 'leases', kind: 'Lease', namespaced: true }] },
  '/api/v1/namespaces/staging': { metadata: { name: 'staging' } },
};

/** As much of an API server as one lease needs: versions, conflicts, and answers that get lost. */
class LeaseServer {
  stored: StoredLease | undefined;
  renewals = 0;
  /** What happens to the next writes: done and the answer lost, or not answered at all. */
  fate: 'well' | 'answer lost' | 'silent' = 'well';
  /** Requests for `slow`, which are not answered yet; undefined when they are answered at once. */
  held: (() => void)[] | undefined;
  private version = 0;
  readonly server: Server = createServer((request, response) => {
    void this.answer(request).then((answer) => {
      if (!answer) return request.socket.destroy();
      response.writeHead(answer.status).end(JSON.stringify(answer.body ?? {}));
    });
  });

  private async answer(request: IncomingMessage): Promise<{ status: number; body?: unknown } | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (kinds[path]) return { status: 200, body: kinds[path] };
    if (path.endsWith('/slow')) {
      const { held } = this;
      if (held) await new Promise<void>((resolve) => held.push(resolve));
      return { status: 404 };
    }
    const body = (text ? JSON.parse(text) : {}) as StoredLease & {
      preconditions?: { resourceVersion: string };
    };
    switch (request.method) {
      case 'GET':
        return this.stored ? { status: 200, body: this.stored } : { status: 404 };
      case 'POST':
        if (this.stored) return { status: 409, body: { reason: 'AlreadyExists' } };
        this.store(body, 201);
        return this.fate === 'answer lost' ? undefined : { status: 201, body: this.stored };
      case 'PUT':
        this.renewals++;
        if (this.fate === 'silent') return undefined;
        if (!this.stored) return { status: 404 };
        if (body.metadata.resourceVersion !== this.stored.metadata.resourceVersion)
          return { status: 409, body: { reason: 'Conflict' } };
        this.store(body, 200);
        return this.fate === 'answer lost' ? undefined : { status: 200, body: this.stored };
      default:
        if (body.preconditions?.resourceVersion !== this.stored?.metadata.resourceVersion)
          return { status: 409 };
        this.stored = undefined;
        return { status: 200 };
    }
  }

  store(lease: StoredLease, status: number) {
    const metadata = { ...lease.metadata, resourceVersion: String(++this.version) };
    this.stored = { ...lease, apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata } as StoredLease;
    return { status, body: this.stored };
  }

  /** Somebody else takes it, whoever has it. */
  steal(): void {
    if (this.stored)
      this.store({ ...this.stored, spec: { ...this.stored.spec, holderIdentity: 'ben@laptop#2' } }, 200);
  }
}

describe('a lease', () => {
  let api: LeaseServer;
  let client: KubeClient;
  const fast = { durationSeconds: 1, renewMs: 20 };
  const eventually = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setInterval(() => condition() && (clearInterval(timer), resolve()), 5);
    });

  beforeEach(async () => {
    api = new LeaseServer();
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    const { port } = api.server.address() as AddressInfo;
    client = new KubeClient({
      server: `http://127.0.0.1:${port}`,
      description: 'a test',
      kubectl: 'kubectl',
    });
  });
  afterEach(async () => {
    client.close();
    await new Promise((resolve) => api.server.close(resolve));
  });

  it('is given to one of two who ask at the same time, and the other hears to whom', async () => {
    const asked = await Promise.allSettled(
      ['ana@laptop', 'ben@laptop'].map((holder) => acquireLease(client, 'staging', holder)),
    );
    const [winner] = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const [loser] = asked.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    expect(loser?.message).toMatch(/^staging is being deployed by (ana|ben)@laptop since .* \(\d s ago\)\.$/);
    await winner?.release();
    expect(api.stored).toBeUndefined();
  });

  it('is kept when the answer to a renewal was lost', async () => {
    const lease = await acquireLease(client, 'staging', 'ana@laptop', fast);
    api.fate = 'answer lost';
    await eventually(() => api.renewals >= 1);
    api.fate = 'well';
    await eventually(() => api.renewals >= 5);
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
    expect(api.stored).toBeUndefined();
  });

  it('is taken when the answer to that was lost', async () => {
    api.fate = 'answer lost';
    const taking = acquireLease(client, 'staging', 'ana@laptop');
    await eventually(() => api.stored !== undefined);
    api.fate = 'well';
    await (await taking).release();
    expect(api.stored).toBeUndefined();
  });

  it('is kept when the server is back before its end, however long a renewal usually waits', async () => {
    const lease = await acquireLease(client, 'staging', 'ana@laptop', { durationSeconds: 3, renewMs: 2000 });
    const taken = api.stored?.spec.renewTime;
    api.fate = 'silent';
    await eventually(() => api.renewals === 1);
    api.fate = 'well';
    await eventually(() => api.stored?.spec.renewTime !== taken);
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
  });

  it('is renewed while more requests wait for answers than there are connections', async () => {
    const lease = await acquireLease(client, 'staging', 'ana@laptop', { ...fast, durationSeconds: 30 });
    const held = (api.held = []);
    const slow = { apiVersion: 'v1', kind: 'Namespace', name: 'slow' };
    const waiting = Array.from({ length: 100 }, () => client.get(slow));
    await eventually(() => held.length === 64);
    const before = api.renewals;
    await eventually(() => api.renewals >= before + 5);
    expect(lease.lost.aborted).toBe(false);
    api.held = undefined;
    for (const answer of held as (() => void)[]) answer();
    await Promise.all(waiting);
    await lease.release();
    expect(api.stored).toBeUndefined();
  });

  it('is lost at once when somebody else has it, and theirs is not given back', async () => {
    const lease = await acquireLease(client, 'staging', 'ana@laptop', fast);
    api.steal();
    await eventually(() => lease.lost.aborted);
    await lease.release();
    expect(api.stored?.spec.holderIdentity).toBe('ben@laptop#2');
  });

  it('is lost when the server was away for as long as it holds', async () => {
    const lease = await acquireLease(client, 'staging', 'ana@laptop', fast);
    const start = Date.now();
    api.fate = 'silent';
    await eventually(() => lease.lost.aborted);
    expect(Date.now() - start).toBeLessThan(2_000);
    expect(api.renewals).toBeGreaterThan(2);
    await lease.release();
  });

  it('has no holder once it was not renewed in time', () => {
    const lease = {
      spec: {
        holderIdentity: 'ana@laptop#1',
        acquireTime: '2026-01-02T00:00:00.000000Z',
        renewTime: '2026-01-02T00:00:10.000000Z',
        leaseDurationSeconds: 30,
      },
    } as unknown as Parameters<typeof holderOf>[0];
    expect(holderOf(lease, new Date('2026-01-02T00:00:39Z'))?.holder).toBe('ana@laptop');
    expect(holderOf(lease, new Date('2026-01-02T00:00:40Z'))).toBeUndefined();
  });
});
