import { UserError, type Environment } from '@berth/model';
import { isMap, parseAllDocuments, type Document } from 'yaml';
import { isNamedByContent } from './config-maps';
import type { KubernetesObject } from './object';

/** A file of objects that a person wrote beside a service: `apps/<service>/kubernetes/<name>.yaml`. */
export interface ExtraFile {
  service: string;
  /** File name, for example `rbac.yaml`. */
  name: string;
  /** Whole text: YAML, one or more documents. */
  content: string;
}

/** Kinds of Kubernetes' own that stand in no namespace. */
const CLUSTER_KINDS = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterTrustBundle',
  'CSIDriver',
  'CSINode',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'GatewayClass',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeAttributesClass',
]);

/**
 * The objects of an extra file, each in the environment's namespace where it names none, as are the ServiceAccounts
 * that its role bindings name.
 * @throws UserError when a document is no YAML or no Kubernetes object
 */
export function extraObjects(environment: Environment, file: ExtraFile): KubernetesObject[] {
  return extraDocuments(environment, file).map((document) => document.toJS() as KubernetesObject);
}

/** The same as text, with the person's comments kept, without those that kustomize makes; empty when none is left. */
export function extraText(environment: Environment, file: ExtraFile): string {
  return extraDocuments(environment, file)
    .filter((document) => !isNamedByContent(environment, document.toJS() as KubernetesObject))
    .map((document) => document.toString({ lineWidth: 0 }))
    .join('---\n')
    .replace(/^---\n/, '');
}

function extraDocuments(environment: Environment, file: ExtraFile): Document[] {
  const where = `${file.service}: kubernetes/${file.name}`;
  const documents = parseAllDocuments(file.content) as Document[];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw new UserError(`${where} is no YAML: ${error.message}`);
  }
  return documents
    .filter((document) => document.contents !== null && document.toJS() !== null)
    .map((document) => intoNamespace(environment, document, where));
}

function intoNamespace(environment: Environment, document: Document, where: string): Document {
  const kind = document.getIn(['kind']);
  const named =
    typeof document.getIn(['apiVersion']) === 'string' &&
    typeof document.getIn(['metadata', 'name']) === 'string';
  if (!isMap(document.contents) || typeof kind !== 'string' || !named) {
    throw new UserError(
      `${where} is no Kubernetes object`,
      'each document needs apiVersion, kind and metadata.name',
    );
  }
  if (!CLUSTER_KINDS.has(kind) && document.getIn(['metadata', 'namespace']) === undefined) {
    document.setIn(['metadata', 'namespace'], environment.name);
  }
  const { subjects } = document.toJS() as { subjects?: { kind?: string; namespace?: string }[] };
  subjects?.forEach((subject, index) => {
    if (subject.kind === 'ServiceAccount' && subject.namespace === undefined) {
      document.setIn(['subjects', index, 'namespace'], environment.name);
    }
  });
  return document;
}
