import { ModelError, resolveEnvironment } from '@berth/model';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { arbitraryEnvironment } from './arbitrary-environment';
import { renderFiles } from './render-files';
import type { RenderOptions } from './render-objects';
import { REGISTRY, testEnvironment, testService } from './testing-models';

/** What would end a word, a line, a block or a comment in nginx.conf, YAML or a shell, or begin a variable there. */
const HOSTILE = [
  'a; return 200',
  'a } server { listen 81',
  'a\nb',
  'a\n',
  'a b',
  '$host',
  '${IFS}',
  '$(id)',
  '`id`',
  'a"b',
  "a'b",
  'a\\b',
  'a#b',
  'a{b',
  '../a',
  '{{header}}',
  '&a',
  '*a',
  '!!str a',
];
const PORT = { name: 'http', port: 8080, public: true };

/** Every place of the files from which text comes into nginx.conf. */
const places: [string, (text: string) => unknown][] = [
  ['the name of a service', (text) => rendered({ ports: [PORT] }, { service: text })],
  ['the name of an environment', (text) => rendered({ ports: [PORT] }, { environment: text })],
  ['domain', (text) => rendered({ ports: [PORT] }, { domain: text })],
  ['ports[].name', (text) => rendered({ ports: [PORT, { ...PORT, name: text, port: 8081 }] })],
  ['proxy.hosts', (text) => rendered({ ports: [PORT], proxy: { hosts: [text] } })],
  ['proxy.path', (text) => rendered({ ports: [PORT], proxy: { path: `/${text}` } })],
  ['proxy.bodySize', (text) => rendered({ ports: [PORT], proxy: { bodySize: `1${text}` } })],
  ['proxy.readTimeout', (text) => rendered({ ports: [PORT], proxy: { readTimeout: text } })],
  ['proxy.connectTimeout', (text) => rendered({ ports: [PORT], proxy: { connectTimeout: text } })],
  ['proxy.redirect', (text) => rendered({ ports: [PORT], proxy: { redirect: text } })],
  ['proxy.hsts', (text) => rendered({ ports: [PORT], proxy: { hsts: text } })],
];

interface Names {
  service?: string;
  environment?: string;
  domain?: string;
}

function rendered(document: object, names: Names = {}, options: Partial<RenderOptions> = {}) {
  const environment = testEnvironment(
    names.domain === undefined ? {} : { domain: names.domain },
    names.environment,
  );
  const services = resolveEnvironment(environment, [testService(names.service ?? 'web', document)]);
  return renderFiles(environment, services, { registry: REGISTRY, ...options });
}

/** Every line that nginx.conf may have. */
const LINES = [
  /^$/,
  /^# [-\w '`.,()]*$/,
  /^(events|http|server) \{$|^\}$/,
  /^map \$http_upgrade \$connection_upgrade \{$|^default upgrade;$|^'' '';$/,
  /^resolver 10\.96\.0\.10 valid=5s;$|^server_names_hash_bucket_size 512;$|^server_tokens off;$|^return 404;$/,
  /^listen (80|50051 http2)( default_server)?;$/,
  /^server_name [a-z0-9.-]+( [a-z0-9.-]+)*;$/,
  /^location (\/|= \/[\w./~-]*|\^~ \/[\w./~-]*\/) \{$/,
  /^(proxy|grpc)_(connect|read)_timeout [0-9]+s;$|^client_max_body_size [0-9]+[kmg]?;$/,
  /^(proxy|grpc)_set_header (Host \$host|X-Forwarded-For \$remote_addr|X-Forwarded-Proto \$scheme);$/,
  /^proxy_set_header (Upgrade \$http_upgrade|Connection \$connection_upgrade);$|^proxy_http_version 1\.1;$/,
  /^set \$upstream [a-z0-9-]+\.[a-z0-9-]+\.svc\.cluster\.local:[0-9]+;$/,
  /^(proxy_pass http|grpc_pass grpc):\/\/\$upstream;$/,
];

describe('nginx.conf', () => {
  it.each(places)('takes no text from %s that would be more than its value', (_place, render) => {
    for (const text of HOSTILE) expect(() => render(text)).toThrow(ModelError);
  });

  it('has no line but those of its template, whatever the services say', () => {
    fc.assert(
      fc.property(arbitraryEnvironment(), ({ environment, services }) => {
        const files = renderFiles(environment, services, { registry: REGISTRY });
        const { content } = files.find(({ path }) => path === 'proxy/nginx.conf')!;
        const strange = content.split('\n').filter((line) => !LINES.some((known) => known.test(line.trim())));
        expect(strange).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});

describe('the manifests', () => {
  it('keep text that may be anything in its own value', () => {
    const env = Object.fromEntries(HOSTILE.map((text, index) => [`V${index}`, text]));
    const file = rendered({ env, command: HOSTILE }).find(({ path }) => path === 'services/web.yaml')!;
    const documents = parseAllDocuments(file.content).map((one) => one.toJS() as Record<string, unknown>);
    expect(documents.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Deployment']);
    const { spec } = documents[1] as { spec: { template: { spec: { containers: object[] } } } };
    expect(spec.template.spec.containers).toEqual([
      expect.objectContaining({
        // Kubernetes reads `$(id)` as a variable of the container, and `$$` as `$`.
        command: HOSTILE.map((text) => text.replace('$(', '$$$$(')),
        env: Object.entries(env).map(([name, value]) => ({ name, value: value.replace('$(', '$$$$(') })),
      }),
    ]);
  });

  it('keep the names of files in their comments', () => {
    const name = 'a\nkind: Role\n#.yaml';
    const content = 'apiVersion: v1\nkind: Secret\nmetadata: { name: rules }\n';
    const files = rendered({}, {}, { extras: [{ service: 'web', name, content }] });
    const { content: text } = files.find(({ path }) => path.startsWith('kubernetes/'))!;
    expect(parseAllDocuments(text).map((one) => (one.toJS() as { kind: string }).kind)).toEqual(['Secret']);
  });
});
