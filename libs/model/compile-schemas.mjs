// Writes what Ajv makes of the schemas: node libs/model/compile-schemas.mjs [file]
// To load Ajv and compile them at each start would cost every command of Nx a fifth of a second, in two processes.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const folder = dirname(fileURLToPath(import.meta.url));
const names = ['service', 'environment', 'cluster', 'options'];

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  // `expected` says in words what a value must be; it is for messages, and editors pass over it.
  keywords: ['expected'],
  code: { source: true, lines: true },
});
for (const name of names)
  ajv.addSchema(JSON.parse(readFileSync(join(folder, `schemas/${name}.schema.json`), 'utf8')), name);

const validators = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
writeFileSync(process.argv[2] ?? join(folder, 'compiled/validators.cjs'), validators);
