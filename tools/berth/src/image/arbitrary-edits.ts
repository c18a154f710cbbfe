import { digest, imagesOf, lockFile, type Shape, type WorkspaceValue } from './arbitrary-workspace';

/** A change of a workspace, and the images whose content it may change before those that stand on them. */
export interface Edit {
  name: string;
  apply: (workspace: WorkspaceValue) => void;
  changes: readonly string[];
}

/** The images that an edit changes, with all that stand on them. */
export function changedBy({ changes }: Edit, { services }: Shape): string[] {
  const changed = new Set(changes);
  if (changed.has('base')) ['on-base', 'builder'].forEach((name) => changed.add(name));
  services.forEach(({ base, made }, index) => {
    if (changed.has(base) || (made === 'builder' && changed.has('builder'))) changed.add(`a${index}`);
  });
  return [...changed].sort();
}

/** Every kind of edit, on everything of the workspace that it can be made on. */
export function editsOf(shape: Shape): Edit[] {
  const services = shape.services.map((_, index) => `a${index}`);
  return [
    ...services.flatMap((name) => ofService(name, shape)),
    ...shape.libraries.map((_, index) => ofLibrary(index, shape)),
    ...shape.packages.flatMap((_, index) => ofPackage(index, shape)),
    ...ofImages(shape),
    ...ofNothing,
  ];
}

function ofService(name: string, shape: Shape): Edit[] {
  const root = `apps/${name}`;
  const { made, tested } = shape.services[Number(name.slice(1))]!;
  const compiled = made === 'target' ? [name] : [];
  const build = ({ graph }: WorkspaceValue) => graph.nodes[name]!.data.targets!['build']!;
  return [
    { name: `a line of ${name}`, apply: rewrite(`${root}/src/main.ts`), changes: [name] },
    { name: `a new file of ${name}`, apply: rewrite(`${root}/src/new.ts`), changes: [name] },
    {
      name: `a file of ${name} goes`,
      apply: ({ files }) => delete files[`${root}/src/start.sh`],
      changes: [name],
    },
    {
      name: `a file of ${name} becomes a program`,
      apply: ({ files }) => (files[`${root}/src/start.sh`]!.executable = true),
      changes: [name],
    },
    {
      name: `the Dockerfile of ${name}`,
      apply: rewrite(`${root}/Dockerfile`, (text) => `${text}ENV C=1\n`),
      changes: [name],
    },
    {
      name: `an argument of ${name}`,
      apply: editJson(`${root}/image.json`, { args: { A: '2', B: '2' } }),
      changes: [name],
    },
    {
      name: `an option of ${name}'s target`,
      apply: (at) => (build(at).options = { minify: true }),
      changes: compiled,
    },
    {
      name: `the default configuration of ${name}'s target`,
      apply: (at) => (build(at).configurations!['production'] = { sourcemap: true }),
      changes: compiled,
    },
    {
      name: `a target that runs before ${name}'s`,
      apply: ({ graph }) => (graph.nodes[name]!.data.targets!['generate']!.options = { main: 'y' }),
      changes: compiled,
    },
    {
      name: `another configuration of ${name}`,
      apply: (at) => (build(at).configurations!['other'] = { a: 1 }),
      changes: [],
    },
    {
      name: `a target of ${name} that has no part in it`,
      apply: ({ graph }) => (graph.nodes[name]!.data.targets!['lint'] = { executor: 'x:y' }),
      changes: [],
    },
    { name: `the README of ${name}`, apply: rewrite(`${root}/README.md`), changes: [] },
    { name: `a test of ${name}`, apply: rewrite(`${root}/src/main.spec.ts`), changes: [] },
    {
      name: `the service.json of ${name}`,
      apply: rewrite(`${root}/service.json`, () => '{"ports":[],"needs":[]}'),
      changes: [],
    },
    { name: `objects beside ${name}`, apply: rewrite(`${root}/kubernetes/role.yaml`), changes: [] },
    {
      name: `what is tested of ${name}`,
      apply: editJson(`${root}/image.json`, { test: { command: ['true'] } }),
      changes: [],
    },
    {
      name: `the order of fields in ${name}'s image.json`,
      apply: rewrite(`${root}/image.json`, (text) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse()), null, 2),
      ),
      changes: [],
    },
    {
      name: `a build result of ${name} that git ignores`,
      apply: (at) => {
        rewrite(`${root}/dist/main.js`)(at);
        at.git = { ...at.git, ignored: [`${root}/dist/main.js`] };
      },
      changes: [],
    },
    {
      name: `the date of ${name}'s files`,
      apply: ({ files }) => (files[`${root}/src/main.ts`]!.modified = 1_000_000),
      changes: [],
    },
    {
      name: `what only a test of ${name} imports`,
      apply: ({ graph, imports }) => {
        graph.dependencies[name]!.push({ source: name, target: 'npm:unrelated', type: 'static' });
        imports[name]!.find(({ file }) => file.endsWith('.spec.ts'))!.deps = [
          ...tested.map((p) => `npm:p${p}`),
          'npm:unrelated',
        ];
      },
      changes: [],
    },
  ];
}

function ofLibrary(index: number, shape: Shape): Edit {
  return {
    name: `a line of library ${index}`,
    apply: rewrite(`libs/l${index}/src/index.ts`),
    changes: shape.services.flatMap((service, number) =>
      service.made !== 'copied' && librariesOf(service.libraries, shape).has(index) ? [`a${number}`] : [],
    ),
  };
}

function ofPackage(index: number, shape: Shape): Edit[] {
  const node = `npm:p${index}` as const;
  const users = shape.services.flatMap((service, number) => {
    const libraries = librariesOf(service.libraries, shape);
    const direct = [
      ...service.packages,
      ...[...libraries].flatMap((library) => shape.libraries[library]!.packages),
    ];
    return service.made !== 'copied' && reached(direct, (one) => shape.packages[one]!).has(index)
      ? [`a${number}`]
      : [];
  });
  const last = `npm:p${shape.packages.length - 1}`;
  const nests = shape.packages[index]!.includes(shape.packages.length - 1);
  return [
    {
      name: `another version of package ${index}`,
      apply: ({ graph }) =>
        Object.assign(graph.externalNodes[node]!.data, { version: '2.0.0', hash: 'sha512-2' }),
      changes: users,
    },
    {
      name: `other content of package ${index}`,
      apply: ({ graph }) => (graph.externalNodes[node]!.data.hash = 'sha512-other'),
      changes: users,
    },
    {
      name: `the version that package ${index} gets of another`,
      apply: ({ graph }) => {
        for (const edge of graph.dependencies[node]!) if (edge.target === last) edge.target = 'npm:nested';
      },
      changes: nests ? users : [],
    },
  ];
}

function ofImages(shape: Shape): Edit[] {
  const all = imagesOf(shape);
  const madeBy = (...ways: string[]) =>
    shape.services.flatMap(({ made }, index) => (ways.includes(made) ? [`a${index}`] : []));
  const bump =
    (name: `npm:${string}`) =>
    ({ graph }: WorkspaceValue) => {
      graph.externalNodes[name]!.data.version = '9.0.0';
    };
  return [
    { name: 'the base', apply: rewrite('docker/base/file'), changes: ['base'] },
    { name: 'the image on the base', apply: rewrite('docker/on-base/file'), changes: ['on-base'] },
    { name: 'the builder', apply: rewrite('docker/builder/file'), changes: ['builder'] },
    {
      name: 'the base from outside',
      apply: editJson(lockFile, { 'debian:13': digest('3') }),
      changes: ['base'],
    },
    {
      name: 'an image from outside that nobody names',
      apply: editJson(lockFile, { 'redis:8': digest('3') }),
      changes: [],
    },
    { name: 'the engine', apply: ({ options }) => (options.engine = 'podman'), changes: all },
    { name: 'the platforms', apply: ({ options }) => (options.platforms = ['linux/s390x']), changes: all },
    { name: 'the compiler', apply: bump('npm:esbuild'), changes: madeBy('target') },
    { name: "the executor's package", apply: bump('npm:@nx/esbuild'), changes: madeBy('target') },
    { name: 'what the executor calls', apply: bump('npm:@nx/js'), changes: madeBy('target') },
    { name: 'what that brings along', apply: bump('npm:babel'), changes: [] },
    {
      name: "the workspace's TypeScript settings",
      apply: rewrite('tsconfig.base.json'),
      changes: madeBy('target', 'builder'),
    },
  ];
}

const ofNothing: Edit[] = [
  { name: 'the registry', apply: ({ options }) => (options.registry = 'other.example.com'), changes: [] },
  { name: 'nx.json', apply: rewrite('nx.json'), changes: [] },
  { name: 'a file of no project', apply: rewrite('ci/pipeline.yaml'), changes: [] },
  { name: 'a folder whose name begins alike', apply: rewrite('apps/a0-more/src/main.ts'), changes: [] },
  {
    name: 'a package that nobody uses',
    apply: ({ graph }) => (graph.externalNodes['npm:unrelated']!.data.version = '2.0.0'),
    changes: [],
  },
  {
    name: 'the order in which git lists',
    apply: (at) => (at.git = { ...at.git, reversed: true }),
    changes: [],
  },
  {
    name: 'where npm puts a package',
    apply: ({ graph, imports }) => {
      const moved = (target: string) => (target === 'npm:p0' ? 'npm:p0@1.0.0' : target);
      for (const edges of Object.values(graph.dependencies)) {
        for (const edge of edges) edge.target = moved(edge.target);
      }
      for (const file of Object.values(imports).flat()) {
        file.deps = (file.deps ?? []).map((target) => moved(target as string));
      }
      graph.externalNodes['npm:p0@1.0.0'] = { ...graph.externalNodes['npm:p0']!, name: 'npm:p0@1.0.0' };
      graph.dependencies['npm:p0@1.0.0'] = graph.dependencies['npm:p0']!;
      delete graph.externalNodes['npm:p0'];
    },
    changes: [],
  },
];

function librariesOf(direct: readonly number[], { libraries }: Shape): ReadonlySet<number> {
  return reached(direct, (one) => libraries[one]!.libraries);
}

function reached(from: readonly number[], next: (one: number) => readonly number[]): Set<number> {
  const seen = new Set<number>();
  const visit = (one: number) => {
    if (seen.has(one)) return;
    seen.add(one);
    next(one).forEach(visit);
  };
  from.forEach(visit);
  return seen;
}

function rewrite(path: string, change = (text: string) => `${text}\n `) {
  return ({ files }: WorkspaceValue): void => {
    files[path] = { ...files[path], text: change(files[path]?.text ?? '') };
  };
}

function editJson(path: string, fields: object) {
  return rewrite(path, (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...fields }));
}
