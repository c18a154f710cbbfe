import { Document, visit, type Tags } from 'yaml';

/** Characters that Kubernetes' YAML reader breaks lines at or refuses; they are written as escapes. */
const ESCAPED = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
/**
 * Text that a reader could take for something else, or of which it would lose a blank. Go's takes a sign after the prefix
 * of a number too (`0b-1`), and leaves out each `_` before it looks.
 */
const DOUBTFUL = /^[-+]?0[bo][-+_0-7]+$|^<<$|^\s|\s$|[^ -~]/;

/**
 * Writes values as YAML documents that a reader of YAML 1.1 (kubectl, Go) and of 1.2 understands alike: what 1.1 would
 * take for a boolean or number is quoted, and no line is folded.
 * @param header comment above the first document, without `#`
 */
export function toYaml(values: readonly unknown[], header: string): string {
  const documents = values.map((value) => {
    const document = new Document(value, {
      version: '1.1',
      customTags: withoutMerge,
      aliasDuplicateObjects: false,
    });
    visit(document, {
      Scalar(_, node) {
        const quoted = typeof node.value === 'string' && DOUBTFUL.test(node.value);
        if (quoted) node.type = 'QUOTE_DOUBLE';
      },
    });
    const text = document.toString({
      lineWidth: 0,
      blockQuote: false,
      doubleQuotedMinMultiLineLength: Infinity,
    });
    return text.replaceAll(
      ESCAPED,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  });
  return yamlComment(header) + documents.join('---\n');
}

/** Text as a comment of as many lines as a reader of YAML 1.1 sees in it: none of them leaves the comment. */
export function yamlComment(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  return lines.map((line) => `# ${line}\n`).join('');
}

/** YAML 1.1's merge key is written bare, whatever is asked of it; as plain text `<<` is quoted. */
function withoutMerge(tags: Tags): Tags {
  return tags.filter((tag) =>
    typeof tag === 'string' ? tag !== 'merge' : tag.tag !== 'tag:yaml.org,2002:merge',
  );
}
