import { UserError } from '@berth/model';
import { ApiError } from './errors';
import type { Request, Transport } from './transport';

/** How a kind is reached. */
export interface Resource {
  apiVersion: string;
  kind: string;
  /** For example `deployments`. */
  plural: string;
  namespaced: boolean;
}

/** Asks once for each group and version which kinds it has; questions asked at the same time share one request. */
export class Discovery {
  private readonly versions = new Map<string, Promise<Map<string, Resource>>>();

  constructor(private readonly transport: Transport) {}

  /** @throws UserError when the cluster does not have the kind. */
  async resource(apiVersion: string, kind: string): Promise<Resource> {
    const resource = await this.find(apiVersion, kind);
    if (resource) return resource;
    throw new UserError(
      `The cluster has no kind ${kind} in ${apiVersion} (${this.transport.connection.description}).`,
      `See which it has: ${this.transport.connection.kubectl} api-resources`,
    );
  }

  /** Undefined when the cluster does not have the kind. */
  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const known = (await this.version(apiVersion)).get(kind);
    if (known) return known;
    // It may have been made since we asked.
    this.versions.delete(apiVersion);
    return (await this.version(apiVersion)).get(kind);
  }

  /** Asks for what will be needed. */
  foresee(apiVersion: string): void {
    void this.version(apiVersion);
  }

  private version(apiVersion: string): Promise<Map<string, Resource>> {
    const cached = this.versions.get(apiVersion);
    if (cached) return cached;
    const asked = this.ask(apiVersion);
    this.versions.set(apiVersion, asked);
    asked.catch(() => this.versions.delete(apiVersion));
    return asked;
  }

  private async ask(apiVersion: string): Promise<Map<string, Resource>> {
    const request: Request = { method: 'GET', path: versionPath(apiVersion) };
    try {
      const { resources } = await this.transport.json<{
        resources?: { name: string; kind: string; namespaced: boolean }[];
      }>(request);
      if (!Array.isArray(resources)) throw this.transport.stranger(request, 'its answer is no list of kinds');
      return new Map(
        resources
          .filter(({ name }) => !name.includes('/'))
          .map(({ name, kind, namespaced }) => [kind, { apiVersion, kind, plural: name, namespaced }]),
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      // Every API server has it: without this, a wrong address would look like a cluster in which nothing runs.
      if (apiVersion === 'v1') throw this.transport.stranger(request, 'HTTP status 404');
      return new Map();
    }
  }
}

/** The path below which a version's resources are: `/api/v1`, `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
