import { namesIn } from './names-in';

it.each([
  [undefined, undefined],
  ['web', ['web']],
  ['web, store,web', ['web', 'store']],
  [7, ['7']],
])('the services in %j', (option, names) => expect(namesIn(option)).toEqual(names));

it.each(['', ' , '])('no service in %j', (option) => {
  expect(() => namesIn(option)).toThrow('--service names nothing.');
});
