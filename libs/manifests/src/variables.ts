import { needVariables, type Service } from '@berth/model';
import { SECRETS_NAME } from './labels';

/** A container's environment variable as Kubernetes has it. */
export type Variable =
  | { name: string; value: string }
  | { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } };

/** Variables of a service's own container. What it sets itself goes before what its needs give, secrets before both. */
export function renderVariables(service: Service, services: readonly Service[]): Variable[] {
  const plain = { ...needVariables(service, services), ...service.env };
  const secret = new Set(service.secrets);
  return [
    ...renderPlain(plain).filter(({ name }) => !secret.has(name)),
    ...service.secrets.map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: SECRETS_NAME, key: name } },
    })),
  ];
}

/** Variables with these very values. */
export function renderPlain(variables: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value: literal(value) }));
}

/**
 * Text that Kubernetes leaves as it is. It replaces `$(NAME)` and `$$` in commands and variables
 * (k8s.io/kubernetes/third_party/forked/golang/expansion); doubling every `$` keeps them.
 */
export function literal(text: string): string {
  return /\$[($]/.test(text) ? text.replaceAll('$', '$$$$') : text;
}
