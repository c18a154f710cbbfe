import { limitArguments } from './limits';

it('asks for no higher limits than this process has, nor for more than podman would', () => {
  const limits = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             96365                96366                processes ',
    'Max open files            1024                 unlimited            files     ',
  ].join('\n');
  expect(limitArguments(limits, '4194304\n')).toEqual([
    '--ulimit',
    'nofile=1048576:1048576',
    '--ulimit',
    'nproc=96366:96366',
  ]);
  expect(limitArguments(limits, '32768\n')).toContain('nproc=32768:32768');
  expect(limitArguments('', '')).toEqual([]);
});
