// Makes the package that a workspace installs: node tools/berth/build.mjs [folder]. Plain JavaScript, with the parts of
// Berth that it uses inside, so that Nx has nothing to compile when it starts.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Compiles a package of the workspace, as far as it is used, into a folder. Returns the names of what it imports. */
function compile(source, target) {
  const options = {
    absWorkingDir: source,
    outdir: target,
    outbase: source,
    platform: 'node',
    target: 'node20',
  };
  const { metafile } = buildSync({
    ...options,
    entryPoints: entryPoints(source),
    bundle: true,
    packages: 'external',
    metafile: true,
    write: false,
  });
  const modules = Object.keys(metafile.inputs).filter((path) => path.endsWith('.ts'));
  // File by file: each finds what lies beside it, a template or a program, as it does in the workspace.
  buildSync({ ...options, entryPoints: modules, format: 'cjs' });
  copyOthers(source, target);
  const { nx: _, types: __, private: ___, ...description } = readJson(join(source, 'package.json'));
  write(target, { ...description, main: './src/index.js' });
  return Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && !isBuiltin(path))
    .map(({ path }) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'));
}

function entryPoints(source) {
  const named = ['executors', 'generators'].flatMap((kind) => {
    const file = join(source, `${kind}.json`);
    return existsSync(file) ? Object.values(readJson(file)[kind]) : [];
  });
  const modules = named.flatMap(({ implementation, hasher }) => [implementation, hasher ?? implementation]);
  const files = modules.map((module) => `${module.split('#')[0]}.ts`);
  return [...new Set(['./src/index.ts', ...files])];
}

/** What modules read: schemas, templates, programs. */
function copyOthers(source, target) {
  const isLeftOut = /(^|\/)(node_modules|dist|__golden__)\/|^(jest\.config\.cjs|build\.mjs)$|\.ts$/;
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = relative(source, join(entry.parentPath, entry.name));
    if (entry.isFile() && !isLeftOut.test(path)) cpSync(join(source, path), join(target, path));
  }
}

function write(folder, description) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
}

const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
const versions = (names) =>
  Object.fromEntries(
    names.sort().map((name) => {
      const version = dependencies[name] ?? devDependencies[name];
      if (version === undefined) throw new Error(`package.json of the workspace does not have ${name}`);
      return [name, version];
    }),
  );
/** Of Nx's own packages a workspace has one version, which is not ours to choose a second time. */
const isPeer = (name) => name === 'nx' || name.startsWith('@nx/');
const isPart = (name) => name.startsWith('@berth/');

const target = resolve(process.argv[2] ?? join(root, 'tools/berth/dist'));
rmSync(target, { recursive: true, force: true });
const used = new Set(compile(join(root, 'tools/berth'), target));
for (const name of used) {
  if (!isPart(name)) continue;
  const source = join(root, 'libs', name.slice('@berth/'.length));
  // What it uses in turn comes at the end of the set, and so comes by.
  for (const other of compile(source, join(target, 'node_modules', name))) used.add(other);
}
const others = [...used].filter((name) => !isPart(name));
write(target, {
  ...readJson(join(target, 'package.json')),
  dependencies: versions(others.filter((name) => !isPeer(name))),
  peerDependencies: versions(others.filter(isPeer)),
  bundledDependencies: [...used].filter(isPart).sort(),
});
