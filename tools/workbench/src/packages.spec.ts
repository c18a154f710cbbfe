import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

it('no package of the workspace runs anything when it is installed', () => {
  const folders = ['libs', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
  );
  const packages = ['package.json', ...folders.filter((file) => existsSync(join(root, file)))];
  const scripts = packages.flatMap((file) => {
    const { scripts: own = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      scripts?: Record<string, string>;
    };
    return Object.keys(own);
  });
  expect(packages.length).toBeGreaterThan(10);
  expect(scripts).toContain('start');
  const installs = /^(pre|post)?(install|prepare|prepublish|dependencies)$/;
  expect(scripts.filter((name) => installs.test(name))).toEqual([]);
});

it('every package that is installed has its hash in the lock file', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; link?: boolean; integrity?: string; inBundle?: boolean }>;
  };
  const unchecked = Object.entries(lock.packages).filter(
    ([path, { link, integrity, inBundle }]) =>
      path.includes('node_modules/') && !link && !inBundle && !integrity,
  );
  expect(unchecked.map(([path]) => path)).toEqual([]);
});
