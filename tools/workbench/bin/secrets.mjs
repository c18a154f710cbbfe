#!/usr/bin/env node
// node tools/workbench/bin/secrets.mjs <environment>: generates the secrets that its services ask for and that it does
// not have yet. The pipeline runs it for the environments of pull requests.
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const require = createRequire(join(workspace, 'package.json'));
process.env.TS_NODE_PROJECT = join(workspace, 'tsconfig.base.json');
process.env.SWC_NODE_IGNORE_DYNAMIC = '1';
require('@swc-node/register');
const { localCluster } = require(join(workspace, 'tools/workbench/src/local-cluster.ts'));
const { generateMissingSecrets } = require(join(workspace, 'tools/workbench/src/secrets.ts'));

const { cluster } = localCluster(workspace);
console.log(await generateMissingSecrets(workspace, cluster, process.argv[2], console.log));
