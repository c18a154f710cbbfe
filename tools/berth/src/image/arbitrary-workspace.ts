import type { FileData, ProjectFileMap, ProjectGraph } from '@nx/devkit';
import fc from 'fast-check';
import type { BerthOptions } from '../options';

/** A workspace as a value: all that a tag may come from, and much that it must not. */
export interface WorkspaceValue {
  files: Record<string, { text: string; executable?: boolean; modified?: number }>;
  graph: ProjectGraph & { externalNodes: NonNullable<ProjectGraph['externalNodes']> };
  /** What each file imports. */
  imports: ProjectFileMap;
  options: BerthOptions;
  /** Paths that git lists in another order than usual, or does not list. */
  git: { reversed: boolean; ignored: readonly string[] };
}

/** Who uses whom, by number; a number stands for `l0` (library), `p0` (npm package) or `a0` (service). */
export interface Shape {
  libraries: { libraries: number[]; packages: number[] }[];
  packages: number[][];
  services: {
    /** How it comes to what is in the image: an Nx target, a builder's container, or its own files alone. */
    made: 'target' | 'builder' | 'copied';
    base: 'base' | 'on-base';
    libraries: number[];
    packages: number[];
    /** Imported by a test only. */
    tested: number[];
  }[];
}

const LIBRARIES = 3;
const PACKAGES = 5;

/** Numbers from `from` on, below `below`: whoever uses only those after itself makes no circle. */
const some = (from: number, below: number): fc.Arbitrary<number[]> =>
  from < below
    ? fc.uniqueArray(fc.integer({ min: from, max: below - 1 }), { maxLength: 2 })
    : fc.constant([]);

export const arbitraryShape: fc.Arbitrary<Shape> = fc.record({
  libraries: fc.tuple(
    ...Array.from({ length: LIBRARIES }, (_, index) =>
      fc.record({ libraries: some(index + 1, LIBRARIES), packages: some(0, PACKAGES) }),
    ),
  ),
  packages: fc.tuple(...Array.from({ length: PACKAGES }, (_, index) => some(index + 1, PACKAGES))),
  services: fc.array(
    fc.record({
      made: fc.constantFrom('target', 'builder', 'copied'),
      base: fc.constantFrom('base', 'on-base'),
      libraries: some(0, LIBRARIES),
      packages: some(0, PACKAGES),
      tested: some(0, PACKAGES),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

/** The images of the workspace: `base` stands on one from outside, `on-base` and `builder` on `base`. */
export function imagesOf({ services }: Shape): string[] {
  return ['base', 'on-base', 'builder', ...services.map((_, index) => `a${index}`)];
}

export const lockFile = 'docker/base-images.lock.json';
export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

export function workspaceValue(shape: Shape): WorkspaceValue {
  const value: WorkspaceValue = {
    files: {
      'tsconfig.base.json': { text: '{}' },
      'nx.json': { text: '{}' },
      [lockFile]: { text: JSON.stringify({ 'debian:13': digest('1'), 'redis:8': digest('2') }) },
      'docker/base/Dockerfile': { text: 'FROM debian:13\n' },
      'docker/base/image.json': { text: '{}' },
      'docker/on-base/Dockerfile': { text: 'ARG BASE\nFROM ${BASE}\n' },
      'docker/on-base/image.json': { text: '{"bases":{"BASE":"base"}}' },
      'docker/builder/Dockerfile': { text: 'ARG BASE\nFROM ${BASE}\nENV A=1\n' },
      'docker/builder/image.json': { text: '{"bases":{"BASE":"base"}}' },
    },
    graph: { nodes: {}, externalNodes: {}, dependencies: {} },
    imports: {},
    options: {
      registry: 'localhost:5000/berth',
      insecureRegistries: [],
      engine: 'docker',
      domain: 'localhost',
      platforms: [],
    },
    git: { reversed: false, ignored: [] },
  };
  const { graph, imports, files } = value;
  const project = (name: string, root: string, uses: Record<string, string[]>, targets = {}) => {
    graph.nodes[name] = { name, type: 'app', data: { root, targets } };
    imports[name] = Object.entries(uses).map(([file, deps]): FileData => ({
      file: `${root}/${file}`,
      hash: '',
      deps,
    }));
    const targetsOfFiles = new Set(Object.values(uses).flat());
    graph.dependencies[name] = [...targetsOfFiles].map((target) => ({
      source: name,
      target,
      type: 'static',
    }));
  };
  const npm = (name: string, uses: string[], version = '1.0.0', node = `npm:${name}`) => {
    graph.externalNodes[node as `npm:${string}`] = {
      type: 'npm',
      name: node as `npm:${string}`,
      data: { version, packageName: name, hash: `sha512-${name}-${version}` },
    };
    graph.dependencies[node] = uses.map((target) => ({ source: node, target, type: 'static' }));
  };
  const names = (kind: string, numbers: readonly number[]) => numbers.map((number) => `${kind}${number}`);

  project('base', 'docker/base', {});
  project('on-base', 'docker/on-base', { 'image.json': ['base'] });
  project('builder', 'docker/builder', { 'image.json': ['base'] });
  shape.packages.forEach((uses, index) => npm(`p${index}`, names('npm:p', uses)));
  npm(`p${PACKAGES - 1}`, [], '0.9.0', 'npm:nested');
  npm('unrelated', []);
  npm('babel', []);
  npm('@nx/js', ['npm:babel']);
  npm('@nx/esbuild', ['npm:@nx/js', 'npm:esbuild']);
  npm('esbuild', []);
  shape.libraries.forEach(({ libraries, packages }, index) => {
    const root = `libs/l${index}`;
    files[`${root}/src/index.ts`] = { text: `library ${index}` };
    project(`l${index}`, root, { 'src/index.ts': [...names('l', libraries), ...names('npm:p', packages)] });
  });
  shape.services.forEach(({ made, base, libraries, packages, tested }, index) => {
    const root = `apps/a${index}`;
    files[`${root}/src/main.ts`] = { text: `service ${index}` };
    files[`${root}/src/start.sh`] = { text: 'exec true' };
    files[`${root}/src/main.spec.ts`] = { text: 'a test' };
    files[`${root}/service.json`] = { text: '{"ports":[]}' };
    files[`${root}/Dockerfile`] = { text: 'ARG BASE\nFROM ${BASE}\nCOPY . .\n' };
    const image = {
      bases: { BASE: base },
      args: { A: '1', B: '2' },
      ...(made === 'target' && { target: 'build' }),
      ...(made === 'builder' && { builder: { image: 'builder', command: ['node', 'build.mjs'] } }),
    };
    files[`${root}/image.json`] = { text: JSON.stringify(image) };
    project(
      `a${index}`,
      root,
      {
        'src/main.ts': [...names('l', libraries), ...names('npm:p', packages)],
        'src/main.spec.ts': names('npm:p', tested),
        'image.json': [base, ...(made === 'builder' ? ['builder'] : [])],
      },
      {
        build: {
          executor: '@nx/esbuild:esbuild',
          options: { minify: false },
          defaultConfiguration: 'production',
          configurations: { production: { sourcemap: false }, other: {} },
          dependsOn: ['generate'],
        },
        generate: { executor: '@nx/esbuild:esbuild', options: { main: 'x' } },
      },
    );
  });
  return value;
}
