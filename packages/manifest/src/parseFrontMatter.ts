import {Field} from './Field.ts';
import {ManifestError} from './ManifestError.ts';

const BLANK = /^\s*(?:#.*)?$/;
const FILES = /^files *:/;
/** `- path: model.onnx` begins an entry, `size: 123` goes on with it. */
const PAIR = /^ *(- +)?(\w+): +(.+)$/;
const QUOTED = /^(["'])((?:(?!\1)[^\\])*)\1(?: +#.*)?$/;
/** Begins with no sign that means something in YAML, and holds no further pair. */
const PLAIN = /^([^\s"'[\]{}>|*&!%@`,#?:-](?:(?!: | #).)*?)(?: +#.*)?$/;

/**
 * An object with the field `files` of the YAML at the head of a Markdown text. No other field is looked at.
 *
 * A list of flat entries, as `yaml.dump` of Python writes it, is all the YAML that is understood. The rest is refused:
 * a whole parser would weigh more than this package.
 *
 * @throws ManifestError
 */
export function parseFrontMatter(text: string): Field {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    throw new ManifestError('neither JSON, nor YAML between two lines of ---', '', 1);
  }
  const start = lines.findIndex((line, index) => index < end && FILES.test(line));
  if (start < 0) {
    return new Field({}, () => 1);
  }

  const refuse = (index: number): never => {
    throw new ManifestError(
      'not a list of pairs such as "- path: a.onnx" and "size: 12"',
      'files',
      index + 1,
    );
  };
  if (!BLANK.test(`${lines[start]}`.replace(FILES, ''))) {
    refuse(start);
  }

  const files: Record<string, string | number>[] = [];
  const lineNumbers = new Map([['files', start + 1]]);
  for (let index = start + 1; index < end; index++) {
    const line = `${lines[index]}`;
    if (BLANK.test(line)) {
      continue;
    }
    if (/^[^\s-]/.test(line)) {
      break; // The next field of the card.
    }
    const [, dash, name = '', rest = ''] = PAIR.exec(line) ?? refuse(index);
    if (dash) {
      lineNumbers.set(`files.${files.push({}) - 1}`, index + 1);
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

/** A number or a string; `undefined` for what YAML may mean otherwise. */
function parseScalar(text: string): string | number | undefined {
  const plain = PLAIN.exec(text)?.[1];
  return /^(?:0|[1-9]\d*)$/.test(`${plain}`) ? Number(plain) : (plain ?? QUOTED.exec(text)?.[2]);
}
