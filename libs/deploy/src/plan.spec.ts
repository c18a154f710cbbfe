import type { ManifestObject } from '@berth/manifests';
import { referenceOf, type ObjectReference } from './change';
import { isEmpty, plan as planOf } from './plan';
import { planLines, planSummary } from './print';
import { setDigest } from './set-digest';
import { worldKinds } from './testing-world';

const plan = (...[desired, live, inventory]: ManifestLists) => planOf(desired, live, inventory, worldKinds);
type ManifestLists = [ManifestObject[], ManifestObject[], ObjectReference[]];

const deployment = (name: string, spec: Record<string, unknown> = {}): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'staging' },
  spec,
});
const claim: ManifestObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'staging' },
};

describe('plan', () => {
  it('creates, changes, leaves alone and prunes', () => {
    const live = [
      deployment('same', { replicas: 1 }),
      deployment('other', { replicas: 1 }),
      deployment('old'),
      deployment('theirs'),
    ];
    const desired = [
      deployment('same', { replicas: 1 }),
      deployment('other', { replicas: 2 }),
      deployment('new'),
    ];
    const changes = plan(desired, live, [deployment('old'), deployment('same')].map(referenceOf));
    expect(changes.map(({ action, object }) => `${action} ${object.name}`)).toEqual([
      'same same',
      'change other',
      'create new',
      'prune old',
    ]);
    expect(isEmpty(changes)).toBe(false);
    expect(planSummary(changes)).toBe('1 to create, 1 to change, 1 to prune, 1 the same');
    expect(planLines(changes)).toEqual([
      '~ change deployment/other',
      '    spec.replicas: 1 → 2',
      '+ create deployment/new',
      '- prune deployment/old',
    ]);
  });

  it('never prunes a volume, a namespace or a CRD, even when they are in the inventory', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'staging' } };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
    };
    const live = [claim, namespace, definition];
    const changes = plan([deployment('new')], live, live.map(referenceOf));
    expect(changes.map(({ action }) => action)).toEqual(['create']);
  });

  it('knows an object again by another version of its kind', () => {
    const old = { ...deployment('web'), apiVersion: 'apps/v1beta2' };
    expect(plan([deployment('web')], [], [referenceOf(old)]).map(({ action }) => action)).toEqual(['create']);
  });

  it('recreates for a field that cannot be changed', () => {
    const selector = (version: string) => ({ selector: { matchLabels: { version } } });
    const [change] = plan([deployment('web', selector('2'))], [deployment('web', selector('1'))], []);
    expect(change).toMatchObject({
      action: 'recreate',
      reason: 'spec.selector.matchLabels.version cannot be changed',
    });
  });

  it('refuses an empty set, which would prune everything, and an object that is there twice', () => {
    expect(() => plan([], [deployment('web')], [referenceOf(deployment('web'))])).toThrow(
      'an empty set is never deployed',
    );
    expect(() => plan([deployment('web'), deployment('web')], [], [])).toThrow('deployment/web is in the');
  });
});

describe('setDigest', () => {
  it('does not depend on the order of fields or objects, and on everything else', () => {
    const one = deployment('web', { replicas: 1, paused: false });
    const other = deployment('web', { paused: false, replicas: 1 });
    expect(setDigest([one, claim])).toBe(setDigest([claim, other]));
    expect(setDigest([one])).not.toBe(setDigest([deployment('web', { replicas: 2, paused: false })]));
    expect(setDigest([one])).not.toBe(setDigest([one, claim]));
  });
});
