#!/usr/bin/env node
// What the targets `bench` run: node bench/bin/bench.mjs <benchmark> [options].
import { load, workspace } from './workspace.mjs';

const { main } = load('main.ts');
// What an interrupted benchmark was waiting for may still hold the process.
process.exit(await main(process.argv.slice(2), workspace));
