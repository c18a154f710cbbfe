import { toYaml } from './yaml-text';

it.each(['1e3', '0x1f', '0b1', '0b-1', '-0b1', '0o7', '0o-7', '0o_7', '1_000', '<<', ' a', 'yes', '~'])(
  'quotes %j, which a reader of YAML 1.1 or 1.2 takes for something else',
  (text) => {
    expect(toYaml([{ text }], 'test')).toBe(`# test\ntext: "${text}"\n`);
  },
);

it('leaves text bare that every reader takes for text', () => {
  expect(toYaml([{ text: '0b-1x' }], 'test')).toBe('# test\ntext: 0b-1x\n');
});
