export { renderTemplateFile } from './manifests';
export {
  ENVIRONMENT_TAG,
  FOLDERS_CONTAINER,
  logGroupName,
  parameterPath,
  PROBE_CONTAINER,
  PROTECTED_TAG,
  secretParameter,
  STACK_API_VERSION,
  STACK_KIND,
  stackName,
  TTL_TAG,
} from './names';
export { listenersToAsk, withFreePriorities } from './priorities';
export {
  LONGEST_TEMPLATE,
  needsBucket,
  objectsOf,
  templateOf,
  templateText,
  type Template,
  type TemplateResource,
} from './template';
