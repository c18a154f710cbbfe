import { clusterContract } from '../contract';
import { BareMetal } from './bare-metal';
import { fakeMachine } from './machine/fake-machine';

const machine = fakeMachine();
const onMachine =
  'it needs this whole machine; bare-metal.real.spec.ts and the tests of npm start do it there';

clusterContract(
  'bare-metal, on a machine that is only recorded',
  () => ({
    provider: new BareMetal(machine, machine.root),
    cluster: {
      ...{ name: 'local', root: 'deploy/clusters/local', provider: 'bare-metal' },
      ...{ kubeconfig: 'kubeconfig', context: 'berth-local', hosts: ['localhost'] },
      ...{ exposure: 'node-ports', nodePorts: {} },
    },
    workspace: machine.root,
    where: {},
    billed: () => [...machine.keeper.units.keys()],
    nodes: () => 1,
    made: () => 0,
    breakNetwork: () => () => undefined,
  }),
  {
    create: onMachine,
    credentials: onMachine,
    list: 'this machine has one cluster at most, which observe tells of',
    resize: 'its nodes are the machines that hosts names',
    destroy: onMachine,
    interrupted: 'interruptions.spec.ts cuts its steps in the middle',
  },
);
