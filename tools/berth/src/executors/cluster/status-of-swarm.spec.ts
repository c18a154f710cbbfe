import { reachLines } from './reach-lines';
import { outerAddressOf } from './status-of-swarm';

const ports = [
  { port: 80, inside: 8080 },
  { port: 443, inside: 8443 },
];
const shown = { names: [], cluster: 'swarm', orchestrator: 'swarm' as const, file: '' };

describe('the gateway of a Swarm', () => {
  it('answers at the nodes that run it', () => {
    const gateway = outerAddressOf({ ports, addresses: ['192.0.2.1', '192.0.2.2'] }, 'admin', [
      { name: 'http', port: 8080 },
    ]);
    expect(reachLines({ ...shown, gateway })).toEqual([
      'gateway: 192.0.2.1, 192.0.2.2, port 80 (http), 443 (8443), by nodes that run it',
    ]);
  });

  it.each([
    [undefined, 'there is no service admin_gateway'],
    [{ ports: [], addresses: ['192.0.2.1'] }, 'the service admin_gateway opens no port of its nodes'],
    [{ ports, addresses: [] }, 'no node that says its address runs a task of admin_gateway'],
  ])('that nobody reaches is said to be, with what to type: %j', (opened, why) => {
    const gateway = outerAddressOf(opened, 'admin');
    expect(reachLines({ ...shown, gateway, gatewayEnvironment: 'admin' })).toEqual([
      `gateway: not reachable from outside, ${why}`,
      '    nx deploy admin',
    ]);
    expect(reachLines({ ...shown, gateway }).at(-1)).toContain(
      'nx g env admin-swarm --cluster swarm --orchestrator swarm --projects <selector>',
    );
  });
});
