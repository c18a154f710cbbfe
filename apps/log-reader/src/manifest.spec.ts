import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const documents = (name: string) =>
  parseAllDocuments(readFileSync(join(__dirname, '../kubernetes', name), 'utf8')).map(
    (document) => document.toJS() as Record<string, unknown>,
  );

it('may get lines, the one Secret that environments have, and namespaces, and do nothing else', () => {
  const roles = documents('rbac.yaml').filter(({ kind }) => /^(Cluster)?Role$/.test(String(kind)));
  expect(roles.flatMap(({ rules }) => rules)).toEqual([
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['berth-secrets'], verbs: ['get'] },
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  ]);
});

it('is to be reached by the page alone, and has no address outside', () => {
  expect(documents('network-policy.yaml')[0]).toMatchObject({
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'log-reader' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'monitoring' } } }] }],
    },
  });
  const { ports } = JSON.parse(readFileSync(join(__dirname, '../service.json'), 'utf8')) as {
    ports: { public?: boolean }[];
  };
  expect(ports.filter((port) => port.public)).toEqual([]);
});
