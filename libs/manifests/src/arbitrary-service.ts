import fc from 'fast-check';
import { arbitraryText } from './arbitrary-text';

/** DNS labels, up to the longest, and those that a reader of YAML could take for something else than text. */
export const arbitraryLabel = fc.oneof(
  fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/),
  fc.stringMatching(/^[0-9]([-a-z0-9]{0,60}[a-z0-9])?$/),
  fc.constantFrom(
    'x'.repeat(63),
    ...['42', '007', '1e5', '0x1f', '0o7', '0b-1', '1-2', '2026-11-25', '12e03'],
  ),
  fc.constantFrom('null', 'true', 'yes', 'no', 'on', 'off', 'y', 'n', 'nan', 'inf'),
);
const path = fc
  .stringMatching(/^(\/[a-z0-9._@%+=-]{1,6}){1,3}$/)
  .filter((text) => !/\/\.{1,2}(\/|$)/.test(text));
const variable = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== '__proto__');
const command = fc.array(arbitraryText, { minLength: 1, maxLength: 3 });
const env = fc.dictionary(variable, arbitraryText, { maxKeys: 5 });
const arbitrarySize = fc.constantFrom('64Mi', '10M', '1k', '999999Gi', '999T', '999Ti');
const resources = fc.record(
  {
    cpu: fc.constantFrom('1', '0.5', '20m', '0', '9999.999', '999999m'),
    memory: arbitrarySize,
  },
  { requiredKeys: [] },
);

const ports = fc.uniqueArray(
  fc.record(
    {
      name: fc
        .stringMatching(/^[a-z0-9]{1,5}(-[a-z0-9]{1,4}){0,2}$/)
        .filter((name) => /[a-z]/.test(name) && name !== 'web80'),
      port: fc.integer({ min: 1024, max: 65535 }),
      appProtocol: fc.constantFrom('http', 'h2c', 'grpc', 'ws', 'tcp'),
      public: fc.boolean(),
      nodePort: fc.integer({ min: 80, max: 32767 }),
    },
    { requiredKeys: ['name', 'port'] },
  ),
  {
    maxLength: 4,
    comparator: (one, other) =>
      one.name === other.name ||
      one.port === other.port ||
      (one.nodePort !== undefined && one.nodePort === other.nodePort),
  },
);

/** One question, or one for all stages and others for some; the ports are named by their place in the list. */
const probe = fc.oneof(
  fc.record({ exec: command }),
  fc.record({ tcp: fc.oneof(fc.constant(true), fc.nat(3)) }),
  fc.record(
    { grpc: fc.oneof(fc.constant(true), fc.nat(3)), service: arbitraryText },
    { requiredKeys: ['grpc'] },
  ),
  fc.record({ path: fc.stringMatching(/^\/[!-~]{0,20}$/), port: fc.nat(3) }, { requiredKeys: ['path'] }),
) as fc.Arbitrary<Record<string, unknown>>;
const health = fc
  .tuple(
    probe,
    fc.record({ readiness: probe, liveness: probe, startup: probe }, { requiredKeys: [] }),
    fc.record({ startSeconds: fc.integer({ min: 1, max: 3600 }) }, { requiredKeys: [] }),
  )
  .map(([common, stages, more]): Record<string, unknown> => ({ ...common, ...stages, ...more }));

const proxy = fc.record(
  {
    connectTimeout: fc.integer({ min: 1, max: 86400 }),
    readTimeout: fc.integer({ min: 1, max: 86400 }),
    bodySize: fc.oneof(
      fc.constantFrom('0', '10m', '1g'),
      fc.stringMatching(/^([0-9]{1,10}[km]?|[0-9]{1,9}g)$/),
    ),
    hosts: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,20}(\.[a-z0-9]{1,20}){0,3}$/), { maxLength: 3 }),
    path: fc
      .stringMatching(/^\/([a-zA-Z0-9._~-]{1,5}\/){0,3}[a-zA-Z0-9._~-]{0,5}$/)
      .filter((text) => !/\/\.{1,2}(\/|$)/.test(text)),
    redirect: fc.constant('https'),
    hsts: fc.integer({ min: 0, max: 63_072_000 }),
  },
  { requiredKeys: [] },
);

/** Documents as service.json may hold them; the parser accepts every one, which the property tests check too. */
export const arbitraryServiceDocument = fc
  .record(
    {
      ports,
      scale: fc.oneof(
        fc.record({ min: fc.integer({ min: 0, max: 9 }) }),
        fc.record(
          {
            min: fc.integer({ min: 1, max: 3 }),
            max: fc.integer({ min: 3, max: 1000 }),
            cpu: fc.integer({ min: 1, max: 1000 }),
          },
          { requiredKeys: ['min', 'max'] },
        ),
      ),
      resources,
      env,
      secrets: fc.uniqueArray(variable, { maxLength: 3 }),
      volumes: fc.uniqueArray(
        fc.record({
          name: arbitraryLabel.filter((name) => !name.startsWith('writable-')),
          path,
          size: arbitrarySize,
        }),
        { maxLength: 2, selector: (volume) => volume.name },
      ),
      command,
      user: fc.integer({ min: 1, max: 2147483647 }),
      writable: fc.uniqueArray(path, { maxLength: 3 }),
      image: fc.constantFrom(
        'postgres:17.2',
        'localhost:5000/a_b/c.d:V1-x',
        `ghcr.io/a/b@sha256:${'a'.repeat(64)}`,
        `ghcr.io/a/b:1@sha256:${'a'.repeat(64)}`,
      ),
      proxy,
      sidecars: fc.uniqueArray(
        fc.record({ name: arbitraryLabel, command, env, resources }, { requiredKeys: ['name', 'command'] }),
        {
          maxLength: 2,
          selector: (sidecar) => sidecar.name,
        },
      ),
      apiAccess: fc.boolean(),
      health,
    },
    { requiredKeys: [] },
  )
  .map((document) => {
    const folders = new Set((document.volumes ?? []).map((volume) => volume.path));
    const { health: questions, proxy: settings, ports: written = [], ...rest } = document;
    const ports = written.map((port) => (port.appProtocol === 'tcp' ? { ...port, public: false } : port));
    const isPublic = ports.some((port) => port.public);
    return {
      ...rest,
      ...(document.ports && { ports }),
      ...(document.volumes && {
        volumes: document.volumes.filter(
          (one, at, all) => all.findIndex((other) => other.path === one.path) === at,
        ),
      }),
      ...(document.writable && { writable: document.writable.filter((folder) => !folders.has(folder)) }),
      ...(document.secrets && {
        secrets: document.secrets.filter((name) => !Object.hasOwn(document.env ?? {}, name)),
      }),
      ...(questions && ports.length && { health: withPorts(questions, ports) }),
      ...(settings && isPublic ? { proxy: settings } : {}),
    };
  });

/** Puts names in the place of numbers. */
function withPorts(questions: Record<string, unknown>, ports: readonly { name: string }[]): object {
  return Object.fromEntries(
    Object.entries(questions).map(([field, value]) => {
      if (typeof value === 'number' && field !== 'startSeconds')
        return [field, ports[value % ports.length]!.name];
      const inner =
        typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
      return [field, inner ? withPorts(inner, ports) : value];
    }),
  );
}
