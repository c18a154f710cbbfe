import { STACK_API_VERSION, type ManifestObject } from '@berth/manifests';
import { isCurrent, stackObjects, templateChanges, withResources } from './plan';
import { expiryOf } from './expired';
import { hasFailed, isHollow, isInProgress } from './stack';

const object = (kind: string, name: string, Properties: object = {}): ManifestObject => ({
  apiVersion: STACK_API_VERSION,
  kind,
  metadata: { name, labels: { 'app.kubernetes.io/name': 'web' } },
  Properties,
});
const stack: ManifestObject = { ...object('Stack', 'staging'), Tags: { 'berth:environment': 'staging' } };
const task = (image: string, more: object = {}) =>
  object('AWS::ECS::TaskDefinition', 'WebTask', {
    ContainerDefinitions: [{ Name: 'web', Image: image, ...more }],
  });
const service = (DesiredCount: number) => object('AWS::ECS::Service', 'WebService', { DesiredCount });
const seen = (live: ManifestObject[], scales: [string, number][] = []) => ({
  live,
  template: live.filter(({ kind }) => kind !== 'Stack'),
  inventory: live
    .filter(({ kind }) => kind !== 'Stack')
    .map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name })),
  scales: new Map(scales),
});
const changed = (changes: ReturnType<typeof templateChanges>) =>
  changes
    .filter(({ action }) => action !== 'same')
    .map(({ action, object: { name } }) => `${action} ${name}`);

it('sees a field that the template has no longer, which no server would fill in', () => {
  const observation = seen([stack, task('web:1', { User: '1000' })]);
  expect(templateChanges([stack, task('web:1')], observation)).toMatchObject([
    { action: 'same' },
    {
      action: 'change',
      fields: [{ path: 'Properties.ContainerDefinitions[web].User', before: '1000', after: undefined }],
    },
  ]);
});

it('takes away what is no longer desired, but no file system', () => {
  const files = object('AWS::EFS::FileSystem', 'WebFileSystem');
  const observation = seen([stack, task('web:1'), service(1), files]);
  expect(changed(templateChanges([stack, task('web:1')], observation))).toEqual(['prune WebService']);
  expect(stackObjects([stack, task('web:1')], observation).map(({ metadata }) => metadata.name)).toEqual([
    'staging',
    'WebTask',
    'WebFileSystem',
  ]);
});

it('keeps a number of tasks that somebody has set, and sees one that somebody has changed', () => {
  expect(changed(templateChanges([stack, service(1)], seen([stack, service(2)], [['web', 2]])))).toEqual([]);
  expect(changed(templateChanges([stack, service(1)], seen([stack, service(2)])))).toEqual([
    'change WebService',
  ]);
});

it('knows by the whole template whether there is anything to do', () => {
  const observation = seen([stack, task('web:1')]);
  expect(isCurrent([stack, task('web:1')], observation)).toBe(true);
  expect(isCurrent([stack, task('web:2')], observation)).toBe(false);
  expect(isCurrent([stack], observation)).toBe(false);
  expect(isCurrent([{ ...stack, Tags: {} }, task('web:1')], observation)).toBe(false);
});

it('learns from the change set what is made anew, and what changes with it', () => {
  const observation = seen([stack, task('web:1'), service(1)]);
  const changes = templateChanges([stack, task('web:2'), service(1)], observation);
  const resource = (logicalId: string, replacement: string, causes: string[] = []) => ({
    logicalId,
    type: '',
    action: 'Modify' as const,
    replacement,
    causes,
  });
  expect(
    withResources(
      changes,
      [resource('WebTask', 'True'), resource('WebService', 'False', ['WebTask'])],
      observation,
    ).map(({ action, object: { name }, reason = '' }) => `${action} ${name} ${reason}`),
  ).toEqual([
    'same staging ',
    'recreate WebTask Properties.ContainerDefinitions[web].Image makes it anew',
    'change WebService with WebTask',
  ]);
});

it.each([
  ['REVIEW_IN_PROGRESS', false, true, false],
  ['ROLLBACK_COMPLETE', false, true, true],
  ['UPDATE_IN_PROGRESS', true, false, false],
  ['UPDATE_ROLLBACK_IN_PROGRESS', true, false, false],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', true, false, false],
  ['UPDATE_ROLLBACK_COMPLETE', false, false, true],
  ['UPDATE_ROLLBACK_FAILED', false, false, true],
  ['UPDATE_COMPLETE', false, false, false],
])('reads %s', (status, inProgress, hollow, failed) => {
  expect([isInProgress({ status }), isHollow({ status }), hasFailed({ status })]).toEqual([
    inProgress,
    hollow,
    failed,
  ]);
});

it('lets an environment expire by its tags, and a protected one never', () => {
  const createdAt = new Date('2026-01-01T00:00:00Z');
  const now = new Date('2026-01-05T00:00:00Z');
  const tags = { 'berth:environment': 'old', 'berth:ttl': '3d' };
  expect(expiryOf('old', { tags, createdAt }, undefined, now)).toMatchObject({ ttl: '3d' });
  expect(expiryOf('old', { tags, createdAt }, '2026-01-04T00:00:00Z', now)).toBeUndefined();
  expect(
    expiryOf('old', { tags: { ...tags, 'berth:protected': 'true' }, createdAt }, undefined, now),
  ).toBeUndefined();
  // Nothing is removed for a slip of the pen.
  expect(expiryOf('old', { tags, createdAt }, 'yesterday', now)).toBeUndefined();
});
