import fc from 'fast-check';

/** Any text that a process could take, with what YAML, Kubernetes and nginx read in their own ways well represented. */
export const arbitraryText = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !/\0|\p{Surrogate}/u.test(text)),
  fc.constantFrom(
    ...[
      '',
      ' ',
      'yes',
      'No',
      'on',
      'null',
      '~',
      'true',
      '1e3',
      '0x1F',
      '0o7',
      '012',
      '12:30:45',
      '1_000',
      '2026-11-24',
    ],
    ...[
      '=',
      '<<',
      '- a',
      'a: b',
      '# c',
      '%x',
      '@a',
      '`a`',
      '&a',
      '*a',
      '!a',
      '|',
      '>',
      '---',
      '...',
      '\n',
      'a\n',
      '\ta\n b',
    ],
    ...[
      '$(A)',
      '$$(A)',
      '$',
      '"',
      "'",
      '\\',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\uffff',
      '\u007f',
      '\r\n',
      '{{x}}',
      '\u{1f600}',
    ],
  ),
);

const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
const path = fc
  .stringMatching(/^(\/[a-z0-9._@%+=-]{1,6}){1,3}$/)
  .filter((text) => !/\/\.{1,2}(\/|$)/.test(text));
const variable = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== '__proto__');
const command = fc.array(arbitraryText, { minLength: 1, maxLength: 3 });
const env = fc.dictionary(variable, arbitraryText, { maxKeys: 5 });
const resources = fc.record(
  { cpu: fc.constantFrom('1', '0.5', '20m'), memory: fc.constantFrom('64Mi', '1Gi') },
  { requiredKeys: [] },
);

const ports = fc.uniqueArray(
  fc.record(
    {
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/).filter((name) => name !== 'web80'),
      port: fc.integer({ min: 1024, max: 65535 }),
      appProtocol: fc.constantFrom('http', 'h2c', 'grpc', 'ws'),
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

const proxy = fc.record(
  {
    connectTimeout: fc.integer({ min: 1, max: 86400 }),
    readTimeout: fc.integer({ min: 1, max: 86400 }),
    bodySize: fc.constantFrom('0', '10m', '1g'),
    hosts: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,20}(\.[a-z0-9]{1,20}){0,3}$/), { maxLength: 3 }),
    path: fc.stringMatching(/^\/([a-zA-Z0-9._~-]{1,5}\/){0,3}[a-zA-Z0-9._~-]{0,5}$/),
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
        fc.record({ min: fc.integer({ min: 1, max: 3 }), max: fc.integer({ min: 3, max: 9 }) }),
      ),
      resources,
      env,
      secrets: fc.uniqueArray(variable, { maxLength: 3 }),
      volumes: fc.uniqueArray(
        fc.record({
          name: label.filter((name) => !name.startsWith('writable-')),
          path,
          size: fc.constantFrom('1Gi', '10M'),
        }),
        { maxLength: 2, selector: (volume) => volume.name },
      ),
      command,
      user: fc.integer({ min: 1, max: 2147483647 }),
      writable: fc.uniqueArray(path, { maxLength: 3 }),
      image: fc.constantFrom('postgres:17.2', `ghcr.io/a/b@sha256:${'a'.repeat(64)}`),
      proxy,
      sidecars: fc.uniqueArray(
        fc.record({ name: label, command, env, resources }, { requiredKeys: ['name', 'command'] }),
        {
          maxLength: 2,
          selector: (sidecar) => sidecar.name,
        },
      ),
      apiAccess: fc.boolean(),
      health: fc.oneof(fc.record({ exec: command }), fc.constant({ tcp: true }), fc.constant({ grpc: true })),
    },
    { requiredKeys: [] },
  )
  .map((document) => {
    const folders = new Set((document.volumes ?? []).map((volume) => volume.path));
    const { health, proxy: settings, ...rest } = document;
    const isPublic = document.ports?.some((port) => port.public) ?? false;
    return {
      ...rest,
      ...(document.volumes && {
        volumes: document.volumes.filter(
          (one, at, all) => all.findIndex((other) => other.path === one.path) === at,
        ),
      }),
      ...(document.writable && { writable: document.writable.filter((folder) => !folders.has(folder)) }),
      ...(document.secrets && {
        secrets: document.secrets.filter((name) => !Object.hasOwn(document.env ?? {}, name)),
      }),
      ...(document.sidecars && {
        sidecars: document.sidecars.filter((sidecar) => sidecar.name !== 'pricing'),
      }),
      ...(health && (document.ports?.length || 'exec' in health) ? { health } : {}),
      ...(settings && isPublic ? { proxy: settings } : {}),
    };
  });
