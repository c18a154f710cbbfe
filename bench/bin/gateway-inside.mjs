#!/usr/bin/env node
// The part of `nx bench gateway` that runs in a network of its own: node bench/bin/gateway-inside.mjs <assignment>.
import { load } from './workspace.mjs';

const { measureInside } = load('gateway/inside.ts');
await measureInside(process.argv[2], (line) => process.stdout.write(`${line}\n`));
process.exit(0);
