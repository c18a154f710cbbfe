import { posix } from 'node:path';
import {
  formatFiles,
  generateFiles,
  getProjects,
  offsetFromRoot,
  readProjectConfiguration,
  updateProjectConfiguration,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { applicationGenerator } from '@nx/node';
import { parseService, UserError } from '@berth/model';
import { schemaReference } from '../schema-reference';
import { refuseBadName, refuseTakenName } from '../taken-name';
import { withHints } from '../user-errors';

export interface ServiceSchema {
  name: string;
  directory?: string;
  /** Comma-separated. */
  tags?: string;
  /** Project of the base image. */
  base?: string;
  public?: boolean;
  skipFormat?: boolean;
}

/** Where a new service listens. */
const port = 8080;

/** A Node application of @nx/node, bundled into one file, with what makes it a service that can be deployed. */
export default function serviceGenerator(
  tree: Tree,
  options: ServiceSchema,
): Promise<GeneratorCallback | void> {
  return withHints(async () => {
    const { name } = options;
    refuseBadName(name, 'a service');
    const root = posix.normalize(options.directory ?? `apps/${name}`);
    refuseTakenName(tree, name, root);
    if (tree.exists(`${root}/service.json`)) throw new UserError(`${root} is a service already.`);
    const base = options.base ?? 'node';
    refuseMissingBase(tree, base);
    const callback = await composeApplication(tree, name, root, ['type:app', ...tagsOf(options)]);
    generateFiles(tree, posix.join(__dirname.replaceAll('\\', '/'), 'files'), root, {
      name,
      port,
      offset: offsetFromRoot(root),
      template: '',
    });
    if (!tree.exists('jest.preset.cjs')) {
      tree.delete(`${root}/jest.config.cjs`);
      tree.delete(`${root}/src/server.spec.ts`);
    }
    const service = {
      $schema: schemaReference(tree, root, 'service'),
      ports: [{ name: 'http', port, ...(options.public === false ? {} : { public: true }) }],
      health: { path: '/healthz' },
      scale: { min: 2 },
      resources: { cpu: '50m', memory: '96Mi' },
    };
    const text = `${JSON.stringify(service, null, 2)}\n`;
    parseService(text, `${root}/service.json`, name);
    tree.write(`${root}/service.json`, text);
    const image = { bases: { BASE: base }, target: 'build' };
    tree.write(`${root}/image.json`, `${JSON.stringify(image, null, 2)}\n`);
    if (!options.skipFormat) await formatFiles(tree);
    return callback;
  });
}

function tagsOf({ tags = '' }: ServiceSchema): string[] {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '' && tag !== 'type:app');
}

/** A service whose base image is missing would fail only when it is built. */
function refuseMissingBase(tree: Tree, base: string): void {
  const projects = getProjects(tree);
  const root = projects.get(base)?.root ?? `docker/${base}`;
  if (tree.exists(`${root}/Dockerfile`)) return;
  const images = [...projects].filter(([, { tags }]) => tags?.includes('type:image')).map(([name]) => name);
  throw new UserError(
    `There is no base image "${base}" in this workspace.`,
    images.length > 0
      ? `Choose one of its images: --base=${images.sort().join(', --base=')}`
      : `Write docker/${base}/Dockerfile and docker/${base}/image.json first.`,
  );
}

/**
 * Lets @nx/node make the application, then takes back what it does outside of the folder and what a bundle in an
 * image does not need (a package.json and lock file of its own).
 */
async function composeApplication(tree: Tree, name: string, root: string, tags: string[]) {
  const outside = ['nx.json', 'package.json', '.vscode/launch.json', '.prettierignore'].map(
    (path) => [path, tree.read(path)] as const,
  );
  const callback = await applicationGenerator(tree, {
    name,
    directory: root,
    tags: tags.join(','),
    framework: 'none',
    bundler: 'esbuild',
    unitTestRunner: 'none',
    e2eTestRunner: 'none',
    linter: 'none',
    skipPackageJson: true,
    skipFormat: true,
    docker: false,
    useProjectJson: true,
    addPlugin: false,
  });
  for (const [path, content] of outside) {
    if (content === null) tree.delete(path);
    else tree.write(path, content);
  }
  tree.delete(`${root}/tsconfig.app.json`);
  tree.delete(`${root}/src/assets`);
  const project = readProjectConfiguration(tree, name);
  const { build, serve } = project.targets ?? {};
  updateProjectConfiguration(tree, name, {
    ...project,
    tags,
    targets: {
      build: {
        executor: '@nx/esbuild:esbuild',
        outputs: ['{options.outputPath}'],
        cache: true,
        inputs: ['production', '^production'],
        options: {
          ...pick(build?.options ?? {}, ['platform', 'main']),
          target: 'node20',
          format: ['cjs'],
          outputPath: `${root}/dist`,
          tsConfig: `${root}/tsconfig.json`,
          bundle: true,
          thirdParty: true,
          generatePackageJson: false,
          // The whole workspace is type-checked at once.
          skipTypeCheck: true,
          esbuildOptions: { outExtension: { '.js': '.js' }, sourcemap: true },
        },
      },
      ...(serve ? { serve: { ...serve, defaultConfiguration: undefined, configurations: undefined } } : {}),
    },
  });
  return callback;
}

function pick(values: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
