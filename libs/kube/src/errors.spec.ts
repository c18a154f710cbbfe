import { connectionError } from './connection-error';
import { answerError, ConflictError, type Attempt } from './errors';

const attempt: Attempt = {
  method: 'PATCH',
  path: '/apis/apps/v1/namespaces/staging/deployments/web',
  server: 'https://10.0.0.1:6443 (context berth-local of kubeconfig)',
  kubectl: 'kubectl --context berth-local',
  now: new Date('2026-01-02T00:00:00Z'),
};

describe('answerError', () => {
  it('lists the fields of a conflict and who owns them', () => {
    const error = answerError(
      409,
      {
        message: 'Apply failed with 1 conflict',
        reason: 'Conflict',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "kubectl-edit" using apps/v1 at 2026-01-01',
              field: '.spec.replicas',
            },
          ],
        },
      },
      attempt,
    );
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as ConflictError).conflicts).toEqual([
      { field: '.spec.replicas', manager: 'kubectl-edit' },
    ]);
    expect(error.message).toContain('.spec.replicas belongs to kubectl-edit');
  });

  it('tells a conflict of versions from one of fields', () => {
    const error = answerError(409, { message: 'the object has been modified', reason: 'Conflict' }, attempt);
    expect(error).not.toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ status: 409, reason: 'Conflict' });
  });

  it('says that the certificate has expired, rather than that it is not accepted', () => {
    const ended = { ...attempt, certificateEnds: new Date('2026-01-01T00:00:00Z') };
    expect(answerError(401, {}, ended).message).toContain('expired on 2026-01-01T00:00:00.000Z');
    expect(answerError(401, {}, attempt).message).toContain('does not accept these credentials');
  });

  it('names request, server and what to type for a refusal', () => {
    const refused = 'deployments.apps "web" is forbidden: User "ana" cannot patch resource "deployments"';
    const error = answerError(403, { message: refused }, attempt);
    expect(error.message).toBe(
      `PATCH ${attempt.path} at https://10.0.0.1:6443 (context berth-local of kubeconfig): forbidden: ${refused}`,
    );
    expect(error.hint).toContain('kubectl --context berth-local auth can-i --list');
    const quota =
      'pods "web-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1';
    expect(answerError(403, { message: quota }, attempt).hint).toBe(
      'See what is used: kubectl --context berth-local -n staging describe resourcequota small',
    );
    const denied = 'admission webhook "images.example.com" denied the request: not signed';
    for (const status of [400, 403])
      expect(answerError(status, { message: denied }, attempt).hint).toContain(
        'kubectl --context berth-local get validatingwebhookconfigurations,',
      );
  });
});

describe('connectionError', () => {
  const failing = (code: string) => connectionError(Object.assign(new Error(code), { code }), attempt);

  it.each([
    ['CERT_HAS_EXPIRED', "the API server's certificate has expired"],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'this kubeconfig is of another cluster'],
    ['ECONNREFUSED', 'the API server does not answer (ECONNREFUSED)'],
  ])('%s', (code, text) => {
    expect(failing(code).message).toContain(text);
    expect(failing(code).hint).toBeTruthy();
  });
});
