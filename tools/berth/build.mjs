// The package that a workspace installs: node tools/berth/build.mjs [folder]; in dist when no folder is given.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePackage } from './make-package.mjs';

await makePackage(resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'dist')));
