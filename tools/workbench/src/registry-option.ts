import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '@berth/exec';
import { readJson, UserError } from '@berth/model';

const plugin = '@berth/nx';
const usual = 'localhost:5000/berth';

interface NxJson {
  plugins?: (string | { plugin: string; options?: { registry?: string } })[];
}

/** The registry of the workspace: the plugin's option in nx.json. */
export function registryOf(root: string): string {
  const entry = read(root).json.plugins?.find((each) => typeof each === 'object' && each.plugin === plugin);
  return (typeof entry === 'object' ? entry.options?.registry : undefined) ?? usual;
}

/** Sets it. The rest of nx.json stays as it is written, as far as that goes. @throws UserError when it is not there */
export function setRegistry(root: string, registry: string): void {
  const { text, json, path } = read(root);
  const before = registryOf(root);
  if (before === registry) return;
  const written = JSON.stringify(before);
  const pattern = new RegExp(`("registry"\\s*:\\s*)${written.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}`, 'g');
  if ([...text.matchAll(pattern)].length === 1) {
    const content = text.replace(pattern, (_match, field: string) => `${field}${JSON.stringify(registry)}`);
    return writeWhole({ path, content });
  }
  const plugins = (json.plugins ?? []).map((each) => {
    if (typeof each === 'string') return each === plugin ? { plugin, options: { registry } } : each;
    return each.plugin === plugin ? { ...each, options: { ...each.options, registry } } : each;
  });
  writeWhole({ path, content: `${JSON.stringify({ ...json, plugins }, null, 2)}\n` });
}

function read(root: string): { path: string; text: string; json: NxJson } {
  const path = join(root, 'nx.json');
  if (!existsSync(path)) throw new UserError('There is no nx.json here.', 'Run it in the workspace.');
  const text = readFileSync(path, 'utf8');
  return { path, text, json: readJson(text) as NxJson };
}
