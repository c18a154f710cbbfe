import { fakeMachine } from '../machine/fake-machine';
import { networkCommands, networkFiles, type PodRoute } from './network-files';

const node = (number: number): PodRoute => ({
  name: `rack-${number}`,
  address: `10.0.0.${number}`,
  podSubnet: `10.244.${number}.0/24`,
});

describe('the network of a node among others', () => {
  const machine = fakeMachine();
  machine.node = { ...machine.node, address: '10.0.0.1', device: 'ens3', alone: false };
  const [pods, routes, rules] = networkFiles(machine, node(1), [node(2), node(3)]);

  it('gives its pods the part of the network that the control plane says, and keeps their addresses', () => {
    expect(pods?.content).toContain('"subnet": "10.244.1.0/24"');
    expect(pods?.content).toContain('"ipMasq": false');
  });

  it('has a route to every other node, and none for services to a stranger', () => {
    expect(routes?.content.trim().split('\n')).toEqual([
      'route replace 10.96.0.0/12 dev ens3',
      'route replace 10.244.2.0/24 via 10.0.0.2 dev ens3',
      'route replace 10.244.3.0/24 via 10.0.0.3 dev ens3',
    ]);
  });

  it('takes each rule away before it adds all of them, so that running it again adds none', () => {
    const commands = networkCommands(machine.paths);
    const added = (rules?.content ?? '').split('\n').filter((line) => line.startsWith('-I '));
    const deleted = commands.flatMap((argv) => {
      const at = argv.indexOf('-D');
      return at === -1 ? [] : [`-I ${argv.slice(at + 1).join(' ')}`];
    });
    expect(added).toHaveLength(3);
    expect(deleted.toSorted()).toEqual(added.toSorted());
    expect(commands.at(-1)).toContain(rules?.path);
  });
});
