import { DockerError, isTaken } from './errors';

it.each([
  ['network with name one_default already exists', 409, true],
  ['rpc error: code = AlreadyExists desc = config berth-one already exists', 500, true],
  ['rpc error: code = Unknown desc = name conflicts with an existing object', 500, true],
  ['rpc error: code = Unknown desc = update out of sequence', 500, false],
  ['no such network', 404, false],
])('there is one of that name: %s (%i): %s', (message, status, expected) => {
  expect(isTaken(new DockerError(message, status))).toBe(expected);
});
