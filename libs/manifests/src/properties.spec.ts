import { resolveEnvironment } from '@berth/model';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { arbitraryEnvironment } from './arbitrary-environment';
import { arbitraryServiceDocument } from './arbitrary-service';
import { arbitraryText } from './arbitrary-text';
import type { KubernetesObject } from './object';
import { renderFiles } from './render-files';
import { renderObjects, renderService } from './render-objects';
import { restrictedViolations, type PodSpec } from './restricted';
import { REGISTRY, testEnvironment, testService } from './testing-models';
import { toYaml } from './yaml-text';

const environment = testEnvironment();

function resolved(document: { sidecars?: { name: string }[] }) {
  return resolveEnvironment(environment, [testService('pricing', document)]);
}

function podSpecs(objects: readonly KubernetesObject[]): PodSpec[] {
  return objects.flatMap(({ spec }) => {
    const { template } = (spec ?? {}) as { template?: { spec: PodSpec } };
    return template ? [template.spec] : [];
  });
}

describe('whatever a service.json says', () => {
  it('its file reads back, as YAML 1.1 and 1.2, as the objects that were written', () => {
    fc.assert(
      fc.property(arbitraryServiceDocument, (document) => {
        const services = resolved(document);
        const file = renderFiles(environment, services, { registry: REGISTRY }).find(
          ({ path }) => path === 'services/pricing.yaml',
        );
        const written = renderService(environment, services[0]!, services, { registry: REGISTRY });
        for (const version of ['1.1', '1.2'] as const) {
          const read = parseAllDocuments(file!.content, { version }).map((one) => {
            if ('errors' in one && one.errors.length) throw one.errors[0];
            return one.toJS() as unknown;
          });
          expect(read).toEqual(written);
        }
      }),
    );
  }, 30_000);

  it('its pods meet the restricted Pod Security Standard and never run :latest', () => {
    fc.assert(
      fc.property(arbitraryServiceDocument, (document) => {
        const pods = podSpecs(renderObjects(environment, resolved(document), { registry: REGISTRY }));
        expect(pods).toHaveLength(1);
        expect(pods.flatMap(restrictedViolations)).toEqual([]);
        const images = pods.flatMap((pod) => pod.containers.map((container) => container.image));
        expect(images.filter((image) => image.endsWith(':latest'))).toEqual([]);
      }),
    );
  });

  it('every name in an object is taken once', () => {
    fc.assert(
      fc.property(arbitraryServiceDocument, (document) => {
        const objects = renderObjects(environment, resolved(document), { registry: REGISTRY });
        const ids = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        expect(new Set(ids).size).toBe(ids.length);
        for (const pod of podSpecs(objects)) {
          for (const container of pod.containers as {
            name: string;
            env?: { name: string }[];
            volumeMounts?: { mountPath: string }[];
          }[]) {
            const variables = (container.env ?? []).map(({ name }) => name);
            const folders = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
            expect(new Set(variables).size).toBe(variables.length);
            expect(new Set(folders).size).toBe(folders.length);
          }
        }
      }),
    );
  });
});

describe('whatever an environment is called and has', () => {
  it('every one of its files reads back, as YAML 1.1 and 1.2, as the objects that were written', () => {
    fc.assert(
      fc.property(arbitraryEnvironment(), ({ environment, services }) => {
        const files = renderFiles(environment, services, { registry: REGISTRY });
        for (const version of ['1.1', '1.2'] as const) {
          const read = files
            .filter(({ path }) => /^(namespace|services\/.*)\.yaml$/.test(path))
            .flatMap(({ content }) =>
              parseAllDocuments(content, { version }).map((one) => one.toJS() as unknown),
            );
          const sorted = (objects: readonly unknown[]) => objects.map((one) => JSON.stringify(one)).sort();
          expect(sorted(read)).toEqual(sorted(renderObjects(environment, services, { registry: REGISTRY })));
        }
      }),
      { numRuns: 40 },
    );
  }, 30_000);
});

describe('toYaml', () => {
  it('writes any text so that it reads back, with no character that a YAML reader may refuse', () => {
    fc.assert(
      fc.property(fc.dictionary(arbitraryText, arbitraryText), (value) => {
        const text = toYaml([value], 'header');
        expect(text).toMatch(
          /^[\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u,
        );
        for (const version of ['1.1', '1.2'] as const) {
          const [document] = parseAllDocuments(text, { version });
          expect(document?.toJS({ mapAsMap: true })).toEqual(new Map(Object.entries(value)));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('restrictedViolations', () => {
  it('finds what is not restricted', () => {
    const open = {
      containers: [{ name: 'a', image: 'a', ports: [{ hostPort: 80 }] }],
      volumes: [{ name: 'x', hostPath: {} }],
    };
    expect(restrictedViolations(open)).toEqual([
      'runAsNonRoot',
      'runAsUser',
      'seccompProfile',
      'volume hostPath',
      'a: hostPort',
      'a: allowPrivilegeEscalation',
      'a: capabilities.drop',
      'a: readOnlyRootFilesystem',
    ]);
  });
});
