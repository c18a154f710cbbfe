import executors from '../../executors.json';
import { clusterTargets, environmentTargets, imageTargets, invalidTargets } from './targets';

const all = { ...imageTargets('production', false), ...environmentTargets(), ...clusterTargets() };

describe('the inferred targets', () => {
  it('build nothing before they are asked to: none depends on another', () => {
    for (const target of Object.values(all)) expect(target.dependsOn).toBeUndefined();
  });

  it('are never answered from a local cache', () => {
    for (const target of Object.values(all)) expect(target.cache).toBe(false);
  });

  it('name executors that the plugin has', () => {
    const known = Object.keys(executors.executors).map((name) => `@berth/nx:${name}`);
    for (const target of Object.values({ ...all, ...invalidTargets(all, 'wrong') })) {
      expect(known).toContain(target.executor);
    }
  });
});
