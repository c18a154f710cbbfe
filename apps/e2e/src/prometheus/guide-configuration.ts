import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A configuration that the guide shows, by a field of it. */
export function guideConfiguration<Configuration extends object>(field: string): Configuration {
  const text = readFileSync(join(__dirname, '../../../../docs/guide/monitoring.md'), 'utf8');
  const shown = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(
    ([, block]) => parse(block!) as Configuration,
  );
  const found = shown.find((configuration) => field in configuration);
  if (!found) throw new Error(`docs/guide/monitoring.md shows no configuration with ${field}`);
  return found;
}
