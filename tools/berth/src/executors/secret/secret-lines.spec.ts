import { secretLines } from './secret-lines';

it('shows names, ages and who uses them', () => {
  const now = new Date('2026-01-02T12:00:00Z');
  expect(
    secretLines(
      [
        { name: 'API_TOKEN', isSet: false, usedBy: ['web'] },
        { name: 'OLD', isSet: true, usedBy: [] },
        {
          name: 'STORE_PASSWORD',
          isSet: true,
          setAt: '2026-01-01T12:00:00Z',
          setBy: 'ana@laptop',
          usedBy: ['blotter', 'store'],
        },
      ],
      now,
    ),
  ).toEqual([
    'API_TOKEN       not set                    web',
    'OLD             set                        used by no service',
    'STORE_PASSWORD  set 1 d ago by ana@laptop  blotter, store',
  ]);
  expect(secretLines([], now)).toEqual(['No service asks for a secret, and none is set.']);
});
