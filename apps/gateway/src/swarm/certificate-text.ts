import type { LiveObject } from '@berth/kube';

const PEM_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/;

/** What a Secret of type kubernetes.io/tls would be with this text, which has chain and key in any order. */
export function certificateSecret(name: string, text: string): LiveObject {
  const base64 = (part: string): string => Buffer.from(part).toString('base64');
  const metadata = { name, namespace: '', uid: name, resourceVersion: '1', creationTimestamp: '' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(text), 'tls.key': base64(PEM_KEY.exec(text)?.[0] ?? '') },
  };
}
