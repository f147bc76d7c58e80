import type {Fault, FaultRule} from '../../Faults.ts';

/** The kinds of fault, each with a check of its fields. */
const NEEDS: Readonly<Record<Fault['kind'], (rule: Record<string, unknown>) => boolean>> = {
  slow: ({bytesPerSecond}) => typeof bytesPerSecond === 'number' && bytesPerSecond > 0,
  stall: ({afterBytes}) => typeof afterBytes === 'number',
  cut: ({afterBytes}) => typeof afterBytes === 'number',
  'wrong-length': ({declared}) => ['larger', 'smaller', 'absent'].includes(String(declared)),
  status: ({status}) => typeof status === 'number' && status >= 200 && status <= 599,
  'redirect-loop': () => true,
  'wrong-bytes': ({atByte}) => atByte === undefined || typeof atByte === 'number',
  truncate: ({toBytes}) => typeof toBytes === 'number',
};

const isFaultRule = (value: unknown): value is FaultRule => {
  const rule = Object(value);
  return (
    typeof rule.match === 'string' &&
    Object.hasOwn(NEEDS, rule.kind) &&
    NEEDS[rule.kind as Fault['kind']](rule)
  );
};

/** Parses the rule of a control call. */
export const parseFaultRule = (json: string): FaultRule => {
  const value: unknown = JSON.parse(json);
  if (!isFaultRule(value)) {
    throw new TypeError(
      `A fault needs 'match' (a part of a URL), 'kind' (${Object.keys(NEEDS).join(', ')}) and the fields of its kind, ` +
        `but got ${json}.`,
    );
  }
  return value;
};
