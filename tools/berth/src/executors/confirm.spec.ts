import { confirmDestruction } from './confirm';

describe('confirmDestruction', () => {
  it('goes on when forced or when the name was typed', async () => {
    await confirmDestruction('staging', { force: true }, 'nx destroy staging');
    await confirmDestruction('staging', { confirm: 'staging' }, 'nx destroy staging');
  });

  it('refuses another name, and does not go on when there is nobody to ask', async () => {
    const refused = confirmDestruction('staging', { confirm: 'prod' }, 'nx destroy staging');
    await expect(refused).rejects.toThrow('Nothing was destroyed: --confirm says prod, the name is staging.');
    const terminal = Object.getOwnPropertyDescriptor(process.stdin, 'isTTY');
    Object.defineProperty(process.stdin, 'isTTY', { value: false, configurable: true });
    try {
      const asked = confirmDestruction('staging', {}, 'nx destroy staging');
      await expect(asked).rejects.toMatchObject({
        hint: expect.stringContaining('nx destroy staging --force'),
      });
    } finally {
      if (terminal) Object.defineProperty(process.stdin, 'isTTY', terminal);
      else delete (process.stdin as { isTTY?: boolean }).isTTY;
    }
  });
});
