import { parse } from './usage';

it('takes a port within the range of the cluster', () => {
  expect(parse(['start', '--port', '8080']).options.port).toBe(8080);
});

it('takes --no-cache for checks that are to run anew', () => {
  expect(parse(['test', '--no-cache']).options.noCache).toBe(true);
  expect(parse(['test']).options.noCache).toBe(false);
});

it.each([
  [['start', '--port', '79'], /from 80 to 32767, not "79"/],
  [['start', '--port', '8e3'], /not "8e3"/],
  [['start', 'staging'], /"staging" is one argument too many/],
  [['begin'], /"begin" is none of start, stop, clean, test/],
  [['start', '--prot', '80'], /--prot/],
])('says what is wrong with %j', (argv, message) => {
  expect(() => parse(argv)).toThrow(message);
});

it('takes a cluster that is there already, with what belongs to it', () => {
  expect(parse(['start']).options.adoption).toBeUndefined();
  expect(parse(['start', '--context', 'kind-desk']).options.adoption).toEqual({
    context: 'kind-desk',
    yes: false,
  });
  const typed = ['--context=x', '--kubeconfig', '~/k', '--registry', 'localhost:5001/berth', '--yes'];
  expect(parse(['start', ...typed]).options.adoption).toEqual({
    context: 'x',
    kubeconfig: '~/k',
    registry: 'localhost:5001/berth',
    yes: true,
  });
});

it.each([[['--yes']], [['--registry', 'x']], [['--kubeconfig', 'x']]])(
  'refuses %j without a context: the current one is never taken',
  (argv) => expect(() => parse(['start', ...argv])).toThrow('which --context names'),
);
