import { ModelError, resolveEnvironment, type Environment, type Service } from '@berth/model';
import fc from 'fast-check';
import { arbitraryLabel, arbitraryServiceDocument } from './arbitrary-service';
import { testEnvironment, testService } from './testing-models';

const settings = fc.record(
  {
    domain: fc.stringMatching(/^[a-z0-9]{1,9}(-[a-z0-9]{1,9})?(\.[a-z0-9]{1,9}){0,3}$/),
    protected: fc.boolean(),
    ttl: fc.oneof(fc.constant(null), fc.stringMatching(/^[1-9][0-9]{0,5}[smhdw]$/)),
  },
  { requiredKeys: [] },
);
const serviceName = fc.oneof(
  fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/),
  fc.constantFrom('null', 'true', 'yes', 'no', 'on', 'y', 'n', 'e5', 'x'.repeat(52)),
);

/**
 * Environments as files can say them, with services that need each other.
 * @param names of the environment
 * @param services the fewest and the most
 */
export function arbitraryEnvironment(
  names: fc.Arbitrary<string> = arbitraryLabel.filter((name) => name !== 'default'),
  { minLength, maxLength }: { minLength: number; maxLength: number } = { minLength: 1, maxLength: 3 },
): fc.Arbitrary<{ environment: Environment; services: Service[] }> {
  const services = fc.uniqueArray(
    fc.tuple(serviceName, arbitraryServiceDocument, fc.array(fc.nat(), { maxLength: 3 })),
    { minLength, maxLength, selector: ([name]) => name },
  );
  return fc
    .tuple(names, settings, services)
    .map(([name, document, written]) => {
      const environment = testEnvironment(document, name);
      const callable: string[] = [];
      const parsed = written.map(([service, { ports = [], sidecars = [], ...rest }, needs], index) => {
        const needed = needs.flatMap((at) => callable[at % callable.length] ?? []);
        if (ports.length > 0) callable.push(service);
        return {
          service,
          document: {
            ...rest,
            needs: [...new Set(needed)],
            ports: withNodePorts(ports, index),
            sidecars: sidecars.filter((sidecar) => sidecar.name !== service),
          },
        };
      });
      return accepted(environment, parsed);
    })
    .filter((found) => found !== undefined);
}

/** Numbers that no two ports have, from a part of the range where nobody else's are. */
function withNodePorts<P extends { nodePort?: number }>(ports: readonly P[], service: number): P[] {
  return ports.map((port, index) =>
    port.nodePort === undefined ? port : { ...port, nodePort: 21000 + 10 * service + index },
  );
}

/** What the parser takes; it refuses names and hosts that are too long or there twice. */
function accepted(
  environment: Environment,
  written: readonly { service: string; document: object }[],
): { environment: Environment; services: Service[] } | undefined {
  const parsed = written.map(({ service, document }) => testService(service, document));
  try {
    return { environment, services: resolveEnvironment(environment, parsed) };
  } catch (error) {
    if (error instanceof ModelError && /DNS allows|comes to the host|needs the Service/.test(error.message))
      return undefined;
    throw error;
  }
}
