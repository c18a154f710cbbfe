import { rememberedFiles } from './files';

it('remembers what was read, and that there was nothing', () => {
  const asked: string[] = [];
  const files = rememberedFiles({
    read: (path) => {
      asked.push(`read ${path}`);
      return path === 'env.json' ? '{}' : undefined;
    },
    list: (folder) => {
      asked.push(`list ${folder}`);
      return ['env.json'];
    },
  });
  for (let time = 0; time < 2; time++) {
    expect(files.read('env.json')).toBe('{}');
    expect(files.read('env.local.json')).toBeUndefined();
    expect(files.list('deploy')).toEqual(['env.json']);
  }
  expect(asked).toEqual(['read env.json', 'read env.local.json', 'list deploy']);
});
