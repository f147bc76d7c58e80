import {Field} from './Field.ts';
import {ManifestError} from './ManifestError.ts';

const BLANK = /^\s*(?:#.*)?$/;
const FILES = /^files *:/;
/** `- path: model.onnx` starts an entry, and `size: 123` continues it. */
const PAIR = /^( *)(- +)?(\w+): +([^\t]+)$/;
const QUOTED = /^(["'])((?:(?!\1)[^\\])*)\1(?: +#.*)?$/;
/** Starts with a character that has no meaning in YAML, and holds no further pair. */
const PLAIN = /^([^\s"'[\]{}>|*&!%@`,#?:-](?:(?!:(?: |$)| #).)*?)(?: +#.*)?$/;
const INTEGER = /^(?:0|[1-9]\d*)$/;
/** Not a string for every YAML parser: `null`, a boolean, or a number in another notation. */
const AMBIGUOUS =
  /^(?:~|null|true|false|yes|no|on|off|y|n|\.nan|[+.]?\d[\d._:-]*(?:[oxe][+-]?[\da-f_]+)?|\+?\.inf)$/i;

/**
 * Returns an object with the field `files` of the YAML front matter of a Markdown text. Ignores other fields.
 *
 * Supports only a list of flat entries, as Python's `yaml.dump` writes it. Refuses any other YAML in the field: a YAML
 * parser adds 30 kB to a page, ten times this package.
 *
 * @throws ManifestError that names the line.
 */
export function parseFrontMatter(text: string): Field {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    throw new ManifestError('must be JSON, or Markdown with YAML between two --- lines at its start', '', 1);
  }
  const start = lines.findIndex((line, index) => index < end && FILES.test(line));
  if (start < 0) {
    return new Field({}, () => 1);
  }

  const refuse = (index: number): never => {
    throw new ManifestError(
      'must be a list of pairs such as "- path: a.onnx" and "size: 12"; other YAML is not supported',
      'files',
      index + 1,
    );
  };
  if (!BLANK.test(`${lines[start]}`.replace(FILES, ''))) {
    refuse(start);
  }

  const files: Record<string, string | number>[] = [];
  const lineNumbers = new Map([['files', start + 1]]);
  let listIndent: string | undefined;
  let entryColumn = 0;
  for (let index = start + 1; index < end; index++) {
    const line = `${lines[index]}`;
    if (BLANK.test(line)) {
      continue;
    }
    if (/^[^\s-]/.test(line)) {
      break; // The next field of the card.
    }
    const [, indent = '', dash = '', name = '', rest = ''] = PAIR.exec(line) ?? refuse(index);
    if (dash) {
      listIndent ??= indent;
      entryColumn = indent.length + dash.length;
      lineNumbers.set(`files.${files.push({}) - 1}`, index + 1);
    }
    if (dash ? indent !== listIndent : indent.length !== entryColumn) {
      refuse(index);
    }
    const file = files.at(-1) ?? refuse(index);
    if (Object.hasOwn(file, name)) {
      refuse(index);
    }
    file[name] = parseScalar(rest) ?? refuse(index);
    lineNumbers.set(`files.${files.length - 1}.${name}`, index + 1);
  }
  return new Field({files}, (steps) => lineNumbers.get(steps.join('.')));
}

/** Returns a number or a string; `undefined` for text that YAML parsers read in different ways. */
function parseScalar(text: string): string | number | undefined {
  const plain = PLAIN.exec(text)?.[1];
  if (plain === undefined) {
    return QUOTED.exec(text)?.[2];
  }
  return INTEGER.test(plain) ? Number(plain) : AMBIGUOUS.test(plain) ? undefined : plain;
}
