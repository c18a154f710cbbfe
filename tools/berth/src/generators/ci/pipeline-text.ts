import { stringify } from 'yaml';

/** A pipeline as YAML: no line is folded, nothing is an alias, and readers of YAML 1.1 and 1.2 understand the same. */
export function pipelineText(pipeline: object): string {
  return stringify(pipeline, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false });
}
