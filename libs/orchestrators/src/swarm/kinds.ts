import type { ObjectKinds } from '@berth/deploy';
import { isSwarmService } from '@berth/manifests';

export const swarmKinds: ObjectKinds = {
  first: ['Environment', 'Network'],
  foundation: new Set(['Volume', 'Secret', 'Config']),
  workloads: new Set(['Service']),
  kept: new Set(['docker.com/Environment', 'docker.com/Network', 'docker.com/Volume']),
  immutable: {
    // "service mode change is not allowed"
    'docker.com/Service': /^spec\.Mode$/,
    'docker.com/Network': /^spec\b/,
  },
  images: (object) => (isSwarmService(object) ? [object.spec.Container.Image] : []),
};
