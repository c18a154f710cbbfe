import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { printedLines } from '../testing-printed';
import resize from './resize';

describe('nx resize cluster-local', () => {
  const root = mkdtempSync(join(tmpdir(), 'berth-resize-'));
  const folder = 'deploy/clusters/local';
  const context = {
    root,
    projectName: 'cluster-local',
    projectsConfigurations: { version: 2, projects: { 'cluster-local': { root: folder } } },
  } as unknown as ExecutorContext;
  const printed = printedLines();

  beforeAll(() => {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'cluster.json'), '{ "provider": "bare-metal", "hosts": ["localhost"] }');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('is refused with its reason where the nodes are the machines', async () => {
    expect(await resize({ nodes: 3 }, context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain(
      'A cluster of the provider bare-metal cannot be resized: its nodes are the machines in deploy/clusters/local/cluster.json.',
    );
  });
});
