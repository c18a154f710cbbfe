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
