/** One run of a container. */
export interface Source {
  pod: string;
  container: string;
  /** The run before the present one. */
  previous: boolean;
}

export interface LinesRequest {
  environment: string;
  sources: Source[];
}

/** The request is wrong; the message says where. */
export class WrongRequestError extends Error {
  override readonly name = 'WrongRequestError';
}

const mostSources = 12;
/** Of namespaces, pods and containers (RFC 1123); nothing else may become a part of a path. */
const nameOf = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** @throws WrongRequestError that says what was expected, and where */
export function parseRequest(body: unknown): LinesRequest {
  const { environment, sources } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(sources) || sources.length === 0 || sources.length > mostSources)
    throw new WrongRequestError(`sources: must be a list of 1 to ${mostSources}`);
  return {
    environment: nameAt('environment', environment),
    sources: sources.map((source: unknown, index) => {
      const { pod, container, previous = false } = (source ?? {}) as Record<string, unknown>;
      if (typeof previous !== 'boolean')
        throw new WrongRequestError(`sources[${index}].previous: must be true or false`);
      return {
        pod: nameAt(`sources[${index}].pod`, pod),
        container: nameAt(`sources[${index}].container`, container),
        previous,
      };
    }),
  };
}

function nameAt(where: string, value: unknown): string {
  if (typeof value === 'string' && nameOf.test(value)) return value;
  throw new WrongRequestError(`${where}: must be the name of a Kubernetes object`);
}
