import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const source = join(root, 'tools/berth');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

const isPart = (path) => path.startsWith('@berth/');

/** The name of the file that is made of a module, for example of `./src/index`. */
const nameOf = (module) => module.slice('./src/'.length).replaceAll('/', '-');

/**
 * What Nx reads of executors or generators.
 * @returns their modules, and the same list with the files that are made in place of them
 */
function listOf(kind) {
  const list = readJson(join(source, `${kind}.json`));
  const modules = [];
  for (const entry of Object.values(list[kind]))
    for (const field of ['implementation', 'batchImplementation', 'hasher']) {
      if (!entry[field]) continue;
      const [module, ...name] = entry[field].split('#');
      modules.push(module);
      entry[field] = [`./${nameOf(module)}`, ...name].join('#');
    }
  return { list, modules };
}

/** Of others, what nearly every command reads: hundreds of files, which take longer to open than to run. */
const inlined = ['yaml', 'handlebars', 'dockerfile-ast', 'ajv'];
/** For example `@nx/devkit` of `@nx/devkit/testing`. */
const packageOf = (path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/');

/** What stays outside: packages that are neither of the workspace nor inlined, nor used by one that is. */
const outside = {
  name: 'packages outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const isInside =
        isPart(path) || inlined.includes(packageOf(path)) || importer.includes('/node_modules/');
      return isInside ? undefined : { path, external: true };
    });
  },
};

/** Where a file of the workspace lies in the package. */
const placeOf = (path) => relative(path.startsWith(join(source, '/')) ? source : root, path);

/** Loads a module when it is called: from the source at once, since Nx reads TypeScript only while it loads an executor. */
const loader = /^import \* as module from ('[^']+');\n[^]*\nexport const load = async \(\) => module;\n$/;

/** A file `<module>.later.ts`, in which the module becomes one of its own. */
function later(path) {
  const [, module] = loader.exec(readFileSync(path, 'utf8')) ?? [];
  if (module === undefined) throw new Error(`${path} is not written as make-package.mjs reads it.`);
  return { contents: `export const load = () => import(${module});`, loader: 'ts' };
}

/** What modules read beside themselves, templates and programs, they find in the package's folder of the same name. */
const folders = {
  name: 'folders of modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.endsWith('.later.ts')) return later(path);
      const folder = `require('node:path').join(__dirname, '${placeOf(dirname(path))}')`;
      return { contents: readFileSync(path, 'utf8').replaceAll('__dirname', folder), loader: 'ts' };
    });
  },
};

/**
 * Makes the package that a workspace installs. Plain JavaScript in few files, with the parts of Berth that it uses
 * inside: Nx starts a process for each task, and each reads them anew.
 * @param target absolute path of the folder, which is replaced
 */
export async function makePackage(target) {
  const executors = listOf('executors');
  const generators = listOf('generators');
  const entries = new Set(['./src/index', ...executors.modules, ...generators.modules]);
  // Only modules of this format can share parts.
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...entries].map((module) => ({ in: join(source, `${module}.ts`), out: nameOf(module) })),
    outdir: target,
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [outside, folders],
    metafile: true,
    write: false,
  });

  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const { path, text } of outputFiles) {
    const { code } = transformSync(text, { format: 'cjs', platform: 'node', target: 'node20' });
    writeFileSync(path, code);
  }
  writeJson(join(target, 'executors.json'), executors.list);
  writeJson(join(target, 'generators.json'), generators.list);

  const isLeftOut = /(^|\/)(node_modules|dist|__golden__)\/|\.c?ts$|^[^/]*$/;
  const folderOf = (module) => /^(libs|tools)\/[^/]+/.exec(module)?.[0];
  const modules = Object.keys(metafile.inputs);
  for (const folder of new Set(modules.map(folderOf).filter(Boolean)))
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const isOther =
        !isLeftOut.test(relative(join(root, folder), path)) && !modules.includes(relative(root, path));
      if (entry.isFile() && isOther) cpSync(path, join(target, placeOf(path)));
    }

  const others = [
    ...new Set(modules.map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean)),
  ];
  const licences = others.sort().map((folder) => {
    const { name, version } = readJson(join(root, folder, 'package.json'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence that could go with it.`);
    return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(join(target, 'licences-of-others.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));

  const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
  const versions = (names) =>
    Object.fromEntries(
      names.sort().map((name) => {
        const version = dependencies[name] ?? devDependencies[name];
        if (version === undefined) throw new Error(`package.json of the workspace does not have ${name}`);
        return [name, version];
      }),
    );
  const imported = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && !isBuiltin(path))
    .map(({ path }) => packageOf(path));
  /** Of Nx's own packages a workspace has one version, which is not ours to choose a second time. */
  const isPeer = (name) => name === 'nx' || name.startsWith('@nx/');
  const { nx: _, types: __, private: ___, ...description } = readJson(join(source, 'package.json'));
  const used = [...new Set(imported)];
  writeJson(join(target, 'package.json'), {
    ...description,
    main: './index.js',
    dependencies: versions(used.filter((name) => !isPeer(name))),
    peerDependencies: versions(used.filter(isPeer)),
  });
}
