import type { DeployRecord, EnvironmentStatus } from '@berth/deploy';
import { promotedImages } from './promoted-images';

const registry = 'localhost:5000/berth';
const image = (service: string, digit = '1') => `${registry}/${service}@sha256:${digit.repeat(64)}`;
const record: DeployRecord = {
  number: 4,
  author: 'ana@laptop',
  startedAt: '',
  finishedAt: '',
  commit: 'abc',
  images: { web: image('web'), store: image('store'), other: image('other') },
  outcome: 'succeeded',
  changes: [],
  set: '',
};
const runs = (name: string, ...images: string[]) => ({
  name,
  health: {
    object: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    state: 'healthy' as const,
    ready: 1,
    wanted: 1,
    message: '',
  },
  images,
  pods: [],
});
const staging = (changes: Partial<EnvironmentStatus> = {}): EnvironmentStatus => ({
  environment: 'staging',
  exists: true,
  services: [runs('web', image('web'), 'nginx:1'), runs('store', image('store'))],
  lastRecord: record,
  ...changes,
});
const taken = (status: EnvironmentStatus, ...services: string[]) =>
  promotedImages(status, services, registry);

describe('what an environment runs', () => {
  it('is taken by digest, of the services that are wanted, with its commit', () => {
    expect(taken(staging(), 'web', 'store')).toEqual({
      images: { web: image('web'), store: image('store') },
      commit: 'abc',
    });
  });

  it.each<[string, Partial<EnvironmentStatus>, RegExp]>([
    [
      'while somebody deploys it',
      { deploying: { holder: 'ben@laptop', since: 'now' } },
      /ben@laptop deploys it/,
    ],
    [
      'when its last deploy failed',
      { lastRecord: { ...record, outcome: 'failed' } },
      /last deploy, 4, did not succeed/,
    ],
    [
      'when its last deploy was interrupted',
      { lastRecord: { ...record, outcome: 'interrupted' } },
      /was interrupted/,
    ],
    [
      'when somebody has changed an image',
      { services: [runs('web', image('web', '2'))] },
      /deployment\/web runs .*sha256:2+, and record 4 has .*sha256:1+$/,
    ],
  ])('is not taken %s', (_, changes, message) => {
    expect(() => taken(staging(changes), 'web')).toThrow(message);
  });

  it('is not taken when nothing was deployed there', () => {
    const { lastRecord: _, ...nothing } = staging();
    expect(() => taken(nothing, 'web')).toThrow('nothing was deployed there');
  });

  it('lacks services by name, all of them', () => {
    expect(() => taken(staging(), 'web', 'quotes', 'news')).toThrow(
      'What staging runs cannot be taken: \n  - it has no service quotes\n  - it has no service news',
    );
  });
});
