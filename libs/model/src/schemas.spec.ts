import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const folder = join(__dirname, '../schemas');

it.each(readdirSync(folder))('%s is a JSON schema', (file) => {
  const ajv = new Ajv({ allowUnionTypes: true, keywords: ['expected'], logger: false });
  const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
  expect(ajv.validateSchema(schema) || ajv.errorsText()).toBe(true);
});
