import type { WorkloadHealth } from '@berth/deploy';
import { Reporter } from './reporter';

describe('Reporter', () => {
  let printed: string[];
  let reporter: Reporter;
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'pricing', namespace: 'staging' };
  const health = (state: WorkloadHealth['state'], ready: number, message = ''): WorkloadHealth => ({
    object,
    state,
    ready,
    wanted: 2,
    message,
  });

  beforeEach(() => {
    printed = [];
    reporter = new Reporter((line) => printed.push(line));
  });

  it('says what runs and how long it took', () => {
    reporter.tell({ kind: 'step', step: 'apply', state: 'started' });
    reporter.tell({ kind: 'step', step: 'apply', state: 'finished', milliseconds: 1240 });
    reporter.tell({ kind: 'step', step: 'record', state: 'failed', milliseconds: 30_000 });
    expect(printed).toEqual(['▸ Apply', '✓ Apply  (1.2 s)', '✗ Record  (30.0 s)']);
  });

  it('shows a plan once, and again when it has become another', () => {
    const change = { action: 'create' as const, object, fields: [] };
    reporter.tell({ kind: 'plan', changes: [change], missingImages: ['pricing'] });
    reporter.tell({ kind: 'plan', changes: [change], missingImages: ['pricing'] });
    expect(printed).toEqual([
      '    + build the image of pricing',
      '    + create deployment/pricing',
      '    1 to create, 0 the same',
    ]);
    reporter.tell({ kind: 'plan', changes: [change], missingImages: [] });
    expect(printed).toHaveLength(5);
  });

  it('says why a deploy failed before it says what it goes back to', () => {
    reporter.tell({ kind: 'bringing back', failure: 'web cannot run\n  pod: web-1', record: 3 });
    expect(printed).toEqual(['✗ web cannot run', '▸ Bring everything back to record 3']);
  });

  it('tells of the health of a workload when it changes, and nothing of what was well all along', () => {
    reporter.tell({ kind: 'health', workloads: [health('healthy', 2)] });
    expect(printed).toEqual([]);
    reporter.tell({ kind: 'health', workloads: [health('progressing', 1, 'one pod starts')] });
    reporter.tell({ kind: 'health', workloads: [health('progressing', 1, 'one pod starts')] });
    reporter.tell({ kind: 'health', workloads: [health('progressing', 1, '1 of 2 pods are ready')] });
    reporter.tell({ kind: 'health', workloads: [health('healthy', 2)] });
    expect(printed).toEqual([
      '    deployment/pricing: 1 of 2 ready, one pod starts',
      '    deployment/pricing: 1 of 2 pods are ready',
      '    deployment/pricing: 2 of 2 ready',
    ]);
  });

  it('tells once of a probe that fails, whatever it prints', () => {
    for (const age of [1, 2, 3])
      reporter.tell({
        kind: 'health',
        workloads: [health('progressing', 0, `pod a: Startup probe failed: ${age} s old`)],
      });
    expect(printed).toEqual(['    deployment/pricing: 0 of 2 ready, pod a: Startup probe failed: 1 s old']);
  });
});
