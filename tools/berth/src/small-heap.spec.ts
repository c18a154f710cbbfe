import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Works as a deploy does: much comes and goes, some of it at the same time, and little stays. */
const WORK = `
  const waiting = [];
  let bytes = 0;
  for (let round = 0; round < 200_000; round++) {
    waiting.push(JSON.parse(JSON.stringify({ round, labels: { app: 'shop-' + round, tier: 'back' }, ports: [80, 443] })));
    if (waiting.length > 20_000) waiting.splice(0, 10_000);
    if (round % 10_000 === 0)
      for (const { space_name, space_size } of require('node:v8').getHeapSpaceStatistics())
        if (space_name === 'new_space') bytes = Math.max(bytes, space_size);
  }
  console.log(bytes);`;

/** The most bytes that new objects have room in. */
function roomOfNewObjects(begin: string): number {
  const module = JSON.stringify(join(__dirname, 'small-heap'));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', require.resolve('@swc-node/register'), '-e', `const heap = require(${module}); ${begin} ${WORK}`],
    {
      encoding: 'utf8',
      env: { ...process.env, TS_NODE_PROJECT: join(__dirname, '../../../tsconfig.base.json') },
    },
  );
  expect(stderr).toBe('');
  return Number(stdout);
}

it('the room of new objects does not grow with what goes on', () => {
  const grown = roomOfNewObjects('');
  const kept = roomOfNewObjects('heap.keepHeapSmall();');
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(grown / 1.5);
});
