import { toToml } from './toml';

it('writes values before sections, and quotes keys that need it', () => {
  expect(
    toToml({ version: 2, grpc: { address: '/run/a "b"' }, plugins: { 'io.x/y': { on: true, list: ['a'] } } }),
  ).toBe(
    'version = 2\n\n[grpc]\naddress = "/run/a \\"b\\""\n\n[plugins."io.x/y"]\non = true\nlist = ["a"]\n',
  );
});
