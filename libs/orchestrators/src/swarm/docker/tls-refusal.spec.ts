import { tlsRefusal } from './tls-refusal';

const refusal = (code: string, fields: object = {}) =>
  tlsRefusal(
    'tcp://10.0.0.5:2376',
    '/certs',
    Object.assign(new Error('as OpenSSL says'), { code, ...fields }),
  );

it.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', /a certificate that \/certs\/ca\.pem has not signed .*another authority/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /has not signed/],
  ['CERT_HAS_EXPIRED', /whose time is over/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /a certificate for other names/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not take \/certs\/cert\.pem/],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /does not take \/certs\/cert\.pem/],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /does not take \/certs\/cert\.pem/],
])('says what is wrong with certificates: %s', (code, message) => {
  const error = refusal(code);
  expect(error?.message).toMatch(/^dockerd at tcp:\/\/10\.0\.0\.5:2376 /);
  expect(error?.message).toMatch(message);
  expect(error?.hint).toMatch(/DOCKER_CERT_PATH|openssl s_client -connect 10\.0\.0\.5:2376|--tlsverify/);
});

it('has nothing to say of a connection that is refused or lost', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT']) expect(refusal(code)).toBeUndefined();
});
