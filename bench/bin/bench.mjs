#!/usr/bin/env node
// What the targets `bench` run: node bench/bin/bench.mjs <benchmark> [options].
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(workspace, 'package.json'));
process.chdir(workspace);
process.env.TS_NODE_PROJECT = join(workspace, 'tsconfig.base.json');
process.env.SWC_NODE_IGNORE_DYNAMIC = '1';
require('@swc-node/register');
const { main } = require(join(workspace, 'bench/src/main.ts'));
// What an interrupted benchmark was waiting for may still hold the process.
process.exit(await main(process.argv.slice(2), workspace));
