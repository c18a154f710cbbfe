// Loads the benchmarks' TypeScript as it is.
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(workspace, 'package.json'));
process.chdir(workspace);
process.env.TS_NODE_PROJECT = join(workspace, 'tsconfig.base.json');
process.env.SWC_NODE_IGNORE_DYNAMIC = '1';
require('@swc-node/register');

/** @param path in bench/src */
export const load = (path) => require(join(workspace, 'bench/src', path));
