import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { SpecInputs } from './spec-inputs';
import { SpecReads } from './spec-reads';

/** Of `npm test`, which lets specs rest by what they read: fails one of them that reads more than is known of it. */
const root = process.cwd();
const spec = relative(root, expect.getState().testPath ?? '');
const inputs = JSON.parse(readFileSync(process.env.BERTH_SPEC_INPUTS ?? '', 'utf8')) as Record<
  string,
  SpecInputs
>;
const known = inputs[spec];
const reads = known && new SpecReads(root, known.folders);

afterAll(() => {
  reads?.end();
  if (reads && reads.outside.size > 0)
    throw new Error(
      `${spec} reads what its project does not depend on: ${[...reads.outside].join(', ')}. ` +
        'It would not be run again when that changes. Add it to `ofEverything` in tools/workbench/src/spec-inputs.ts.',
    );
});
