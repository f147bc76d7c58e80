import type {Payload} from './MessageListener.ts';

/**
 * Reads the text in a field of a message.
 *
 * @throws TypeError that names the field and the value it got.
 */
export const textIn = (payload: Payload, field: string): string => {
  const value = payload[field];
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`payload.${field} must be a non-empty string, but got ${JSON.stringify(value)}.`);
  }
  return value;
};
