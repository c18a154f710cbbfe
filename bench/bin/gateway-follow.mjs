#!/usr/bin/env node
// Who asks while `nx bench gateway` is under load: node bench/bin/gateway-follow.mjs <question>.
import { load } from './workspace.mjs';

const { followHere } = load('gateway/follow-apart.ts');
process.stdout.write(JSON.stringify(await followHere(process.argv[2])));
process.exit(0);
