import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const folder = join(__dirname, '../schemas');

it.each(readdirSync(folder))('%s is a JSON schema', (file) => {
  const ajv = new Ajv({ allowUnionTypes: true, keywords: ['expected'], logger: false });
  const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
  expect(ajv.validateSchema(schema) || ajv.errorsText()).toBe(true);
});

it('are what the validators were compiled from: `node libs/model/compile-schemas.mjs` writes them', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'compiled '));
  try {
    const file = join(scratch, 'validators.cjs');
    execFileSync(process.execPath, [join(__dirname, '../compile-schemas.mjs'), file]);
    const written = readFileSync(join(__dirname, '../compiled/validators.cjs'), 'utf8');
    expect(readFileSync(file, 'utf8') === written).toBe(true);
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
