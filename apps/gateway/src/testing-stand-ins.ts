/* Only tests use this: all that the controller has to do with, and a folder for its files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient } from '@berth/kube';
import { NginxClient } from './nginx-client';
import { StandInApi } from './testing-api';
import { StandInNginx } from './testing-nginx';

export class StandIns {
  private constructor(
    readonly folder: string,
    readonly api: StandInApi,
    readonly nginx: StandInNginx,
    readonly kube: KubeClient,
    readonly admin: NginxClient,
  ) {}

  static async start(): Promise<StandIns> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
    const api = new StandInApi();
    const nginx = new StandInNginx(join(folder, 'admin.sock'));
    const server = await api.listen();
    await nginx.listen();
    const kube = new KubeClient({ server, description: 'a stand-in', kubectl: 'kubectl', patienceMs: 100 });
    return new StandIns(folder, api, nginx, kube, new NginxClient(nginx.socketPath));
  }

  async stop(): Promise<void> {
    this.kube.close();
    this.admin.close();
    await this.api.close();
    await this.nginx.close();
    rmSync(this.folder, { recursive: true });
  }
}
