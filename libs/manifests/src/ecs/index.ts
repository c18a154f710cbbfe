export {
  ENVIRONMENT_TAG,
  logGroupName,
  parameterPath,
  PROTECTED_TAG,
  secretParameter,
  STACK_API_VERSION,
  STACK_KIND,
  stackName,
  TTL_TAG,
} from './names';
export { objectsOf, templateOf, templateText, type Template, type TemplateResource } from './template';
