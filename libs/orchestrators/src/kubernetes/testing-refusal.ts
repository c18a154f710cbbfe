import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ProcessRunner } from '@berth/exec';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';

/** What refuses the objects of one kind in one namespace, until it is removed. */
export interface Refusal {
  objects: KubernetesObject[];
  stop(): Promise<void>;
}

export const refusalText = 'the harbour is closed';

const rules: Record<'pods' | 'deployments', object> = {
  pods: { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] },
  deployments: {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    resources: ['deployments'],
    operations: ['CREATE', 'UPDATE'],
  },
};
const only = (namespace: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': namespace } });

/** A ValidatingAdmissionPolicy, which the API server judges itself. Named after its namespace. */
export function refusingPolicy(namespace: string, resource: keyof typeof rules): Refusal {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return {
    objects: [
      {
        apiVersion,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: namespace },
        spec: {
          failurePolicy: 'Ignore',
          matchConstraints: { resourceRules: [rules[resource]] },
          validations: [{ expression: 'false', message: refusalText }],
        },
      },
      {
        apiVersion,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: namespace },
        spec: {
          policyName: namespace,
          validationActions: ['Deny'],
          matchResources: { namespaceSelector: only(namespace) },
        },
      },
    ],
    stop: async () => undefined,
  };
}

/** A webhook that this process answers; the API server of a cluster on this machine reaches it. */
export async function refusingWebhook(namespace: string, resource: keyof typeof rules): Promise<Refusal> {
  const { stdout: pem } = await new ProcessRunner().run(
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=webhook -addext subjectAltName=IP:127.0.0.1 -keyout - -out -'.split(
      ' ',
    ),
  );
  const server = createServer({ key: pem, cert: pem }, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const { apiVersion, kind, request: asked } = JSON.parse(text) as Record<string, { uid: string }>;
      const answer = { uid: asked?.uid, allowed: false, status: { message: refusalText } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion, kind, response: answer }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const certificate = /-----BEGIN CERT[^]*?-----END CERTIFICATE-----\n/.exec(pem)?.[0] ?? '';
  return {
    objects: [webhook(namespace, resource, `https://127.0.0.1:${port}/`, 'Ignore', certificate)],
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A webhook at an address of nobody: what it should judge is refused. */
export function absentWebhook(namespace: string, resource: keyof typeof rules): Refusal {
  return {
    objects: [webhook(namespace, resource, 'https://127.0.0.1:1/', 'Fail')],
    stop: async () => undefined,
  };
}

function webhook(
  namespace: string,
  resource: keyof typeof rules,
  url: string,
  failurePolicy: 'Ignore' | 'Fail',
  certificate?: string,
): KubernetesObject {
  const caBundle = certificate && Buffer.from(certificate).toString('base64');
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'refuses.berth.dev',
        admissionReviewVersions: ['v1'],
        clientConfig: { url, ...(caBundle ? { caBundle } : {}) },
        failurePolicy,
        namespaceSelector: only(namespace),
        rules: [rules[resource]],
        sideEffects: 'None',
        timeoutSeconds: 2,
      },
    ],
  };
}

/** Runs `work` while the refusal stands. */
export async function whileRefused<Result>(
  client: KubeClient,
  { objects, stop }: Refusal,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    for (const object of objects) await client.apply(object, { fieldManager: 'berth-test' });
    return await work();
  } finally {
    for (const { apiVersion, kind, metadata } of objects)
      await client.delete({ apiVersion, kind, name: metadata.name });
    await stop();
  }
}
