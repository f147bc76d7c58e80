import type {LinkRule} from '../../Links.ts';

const isLinkRule = (value: unknown): value is LinkRule => {
  const {bytesPerSecond, isDown = false, latencyMs, match} = Object(value) as Partial<LinkRule>;
  return (
    typeof match === 'string' &&
    typeof bytesPerSecond === 'number' &&
    bytesPerSecond > 0 &&
    typeof latencyMs === 'number' &&
    latencyMs >= 0 &&
    typeof isDown === 'boolean'
  );
};

/** Parses the rule of a control call. */
export const parseLinkRule = (json: string): LinkRule => {
  const value: unknown = JSON.parse(json);
  if (!isLinkRule(value)) {
    throw new TypeError(
      `A link needs 'match' (a part of a URL), 'bytesPerSecond' (more than 0) and 'latencyMs', but got ${json}.`,
    );
  }
  return value;
};
