import { ProgramError, RecordingRunner, type Answer } from '@berth/exec';
import { askHelper } from './credential-helper';

describe('askHelper', () => {
  const program = 'docker-credential-ecr-login';
  const helper = { program, namedBy: '/home/ana/.docker/config.json' };
  const server = '1.dkr.ecr.eu-west-1.amazonaws.com';
  const answered = (reply: Answer | Error) =>
    askHelper(helper, server, new RecordingRunner({ strict: true }).when([program, 'get'], reply));

  it('gives user and secret, and asks by the standard input', async () => {
    const runner = new RecordingRunner().when([program], {
      stdout: `{"ServerURL":"${server}","Username":"AWS","Secret":"s:e"}\n`,
    });
    expect(await askHelper(helper, server, runner)).toEqual({ user: 'AWS', password: 's:e' });
    expect(runner.runs).toEqual([{ argv: [program, 'get'], input: server }]);
  });

  it('knows the user name that stands for an identity token', async () => {
    expect(await answered({ stdout: '{"Username":"<token>","Secret":"I"}' })).toEqual({ identityToken: 'I' });
  });

  it.each([
    { exitCode: 1, stdout: 'credentials not found in native keychain\n' },
    { stdout: '{"Username":"","Secret":""}' },
  ])('has no login: %j', async (reply) => {
    expect(await answered(reply)).toBeUndefined();
  });

  it.each([
    [{ exitCode: 1, stdout: 'the keychain is locked\n' }, 'it exited with code 1: the keychain is locked.'],
    [{ exitCode: 2, stderr: 'panic\n' }, 'it exited with code 2: panic.'],
    [{ exitCode: 3 }, 'it exited with code 3.'],
  ])('fails: %j', async (reply, why) => {
    await expect(answered(reply)).rejects.toMatchObject({
      name: 'UserError',
      message: `${program}, which ${helper.namedBy} names for ${server}, gave no login: ${why}`,
      hint: `See what it says: echo ${server} | ${program} get`,
    });
  });

  it.each(['', 'null', '[]', '{"Username":"AWS","Token":"secret"}', 'secret'])(
    'answers what is no login, and may be secret: %p',
    async (stdout) => {
      const error = await answered({ stdout }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: expect.stringContaining('no JSON with Username and Secret') });
      expect(String(error)).not.toContain('secret');
    },
  );

  it('is not installed: says what to install, and how to do without', async () => {
    const gone = new ProgramError(
      { argv: [program, 'get'], exitCode: -1, stdout: '', stderr: '' },
      { kind: 'not-found' },
    );
    await expect(answered(gone)).rejects.toMatchObject({
      message: expect.stringContaining('it is not installed, or not in PATH'),
      hint: `apt-get install -y --no-install-recommends amazon-ecr-credential-helper\nOr take its name out of ${helper.namedBy}, and: docker login ${server}`,
    });
  });

  it('hangs: says for how long', async () => {
    const hanging = new ProgramError(
      { argv: [program, 'get'], exitCode: -1, stdout: '{"Secret":"s"', stderr: '' },
      { kind: 'timeout', milliseconds: 60_000 },
    );
    await expect(answered(hanging)).rejects.toMatchObject({
      message: expect.stringMatching(/gave no login: it did not answer within 60 s\.$/),
    });
  });
});
